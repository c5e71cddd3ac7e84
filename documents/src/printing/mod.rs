//! Printing: a [`Paper`] as PDF and as DOCX, the same each time that the same is printed.
//!
//! Texts are data: nothing in them is read as markup. What no font has is named by [`missing`] and replaced visibly in print.

mod breaking;
mod docx;
mod fonts;
mod form;
mod glyphs;
mod paper;
mod pdf;
mod qr;
mod words;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use docx::docx;
pub use fonts::Fonts;
pub use form::form;
pub use glyphs::{Missing, missing};
pub use paper::{Cell, Check, Language, Paper, Part, RASTER, Role, Seal, Sheet, Style, Table};
pub use pdf::pdf;

/// Why something could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintingError {
    /// The address of the check does not fit into a QR code.
    #[error("the address for the check is too long for a QR code")]
    AddressTooLong,
    /// A folder of fonts cannot be read.
    #[error("the fonts in {0} cannot be read: {1}")]
    Folder(PathBuf, std::io::Error),
    /// A file in the folder of fonts is none.
    #[error("{0} is no font that can be read")]
    NoFont(PathBuf),
    /// A family is named that no loaded font belongs to.
    #[error("no font of the family {0} is loaded")]
    NoFamily(String),
    /// A renderer has failed; a fault of the program.
    #[error("the paper could not be rendered: {0}")]
    Failed(String),
}

impl PrintingError {
    fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}
