//! Papers, workbooks and files. Knows no award, no database and no HTTP: it gets plain values and gives bytes, so that the heavy crates it is
//! built on are compiled once and the rest of the house without them.

pub mod archive;
mod container;
#[cfg(any(test, feature = "corpus"))]
pub mod corpus;
pub mod inspection;
pub mod printing;
pub mod sheets;
