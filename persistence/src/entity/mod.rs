//! The rows, as the schema has them.

pub(crate) mod account;
pub(crate) mod county;
pub(crate) mod event;
pub(crate) mod review;
pub(crate) mod selection;
pub(crate) mod verification;
