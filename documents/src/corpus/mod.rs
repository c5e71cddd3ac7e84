//! The corpus of uploads: hostile and harmless files, built by code, each with what has to come of it. For tests, here and over HTTP.

use crate::inspection::{Kind, Limits};

mod documents;
mod harmless;
mod hostile;
mod hostile_containers;
mod hostile_names;
mod pdfs;
mod pictures;
mod videos;
mod zips;

/// A file to be uploaded, and what has to come of it.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// What is peculiar about it.
    pub about: String,
    /// The name under which it is sent.
    pub name: String,
    /// The type that is declared with it.
    pub media_type: Option<&'static str>,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What it is, or the code of the refusal.
    pub verdict: Result<Kind, &'static str>,
}

/// The limits under which the verdicts hold: those of the house, with every kind accepted.
#[must_use]
pub fn limits() -> Limits {
    use strum::IntoEnumIterator as _;
    Limits { kinds: Kind::iter().collect(), ..Limits::default() }
}

/// Every file of the corpus, about 280 of them and 15 MB.
#[must_use]
pub fn corpus() -> Vec<Specimen> {
    [hostile_names::all(), hostile::all(), hostile_containers::all(), harmless::all()].concat()
}

fn hostile(about: &str, name: &str, bytes: impl Into<Vec<u8>>, code: &'static str) -> Specimen {
    Specimen {
        about: about.to_owned(),
        name: name.to_owned(),
        media_type: None,
        bytes: bytes.into(),
        verdict: Err(code),
    }
}
