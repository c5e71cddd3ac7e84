//! The verifier of archives: everything that a package says is held against everything that it holds.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::Value;
use strum::IntoStaticStr;
use thiserror::Error;

use super::{FORMAT, Listed, MANIFEST, Manifest, SUMS, VERSION, digest_of, expected_seal};
use crate::container::{Bounds, Damage, Entry, Layout};

/// A package that is as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Its entries, without those of its own.
    pub entries: Vec<Listed>,
    /// Their bytes.
    pub bytes: u64,
    /// What it is of.
    pub about: Value,
    /// Its seal.
    pub seal: String,
}

/// What is wrong with a package.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ArchiveFault {
    /// It could not be read.
    #[error("it cannot be read: {why}")]
    Unreadable {
        /// What the system says.
        why: String,
    },
    /// The container is damaged: at an entry, or at its own records.
    #[error("{}{why}", path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default())]
    Container {
        /// The entry.
        path: Option<String>,
        /// What is wrong there.
        why: String,
    },
    /// A byte of the file is not what it was when it was sealed.
    #[error("the seal is broken")]
    Seal,
    /// The manifest is none, or not what its digest says.
    #[error("manifest: {why}")]
    Manifest {
        /// What is wrong with it.
        why: String,
    },
    /// The list of digests does not say what the manifest says.
    #[error("{SUMS} does not say what the manifest says")]
    Sums,
    /// An entry that the manifest names is not there.
    #[error("{path} is missing")]
    Missing {
        /// Which.
        path: String,
    },
    /// An entry is there, and the manifest does not name it, or not at this place.
    #[error("{path} is not named at its place")]
    Unnamed {
        /// Which.
        path: String,
    },
    /// The content of an entry is not what the manifest says.
    #[error("{path} was changed")]
    Changed {
        /// Which.
        path: String,
    },
}

impl ArchiveFault {
    /// The stable code, in snake case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The path of the entry that it is about.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Container { path, .. } => path.as_deref(),
            Self::Missing { path } | Self::Unnamed { path } | Self::Changed { path } => Some(path),
            Self::Manifest { .. } => Some(MANIFEST),
            Self::Sums => Some(SUMS),
            Self::Unreadable { .. } | Self::Seal => None,
        }
    }
}

impl From<io::Error> for ArchiveFault {
    fn from(error: io::Error) -> Self {
        Self::Unreadable { why: error.to_string() }
    }
}

impl From<Damage> for ArchiveFault {
    fn from(damage: Damage) -> Self {
        let why = damage.to_string();
        match damage {
            Damage::Encrypted { path } | Damage::Unsafe { path, .. } => {
                Self::Container { path: Some(path), why }
            }
            Damage::Broken { path, .. } => Self::Container { path, why },
            Damage::NotAContainer | Damage::Foreign { .. } | Damage::Bomb { .. } => {
                Self::Container { path: None, why }
            }
            Damage::Io(error) => error.into(),
        }
    }
}

/// More than any archive of a campaign has. The container holds the content as it is, so that its size is the file's.
pub(super) const BOUNDS: Bounds = Bounds { entries: 1_000_000, unpacked: u64::MAX, ratio: u64::MAX };
/// The longest manifest that is read.
const LONGEST_MANIFEST: u64 = 256 << 20;

/// Checks a package: what its manifest names is there, unchanged and in order, nothing else is, and no byte of the file was changed.
///
/// # Errors
/// Everything that is wrong with it, which names the entry wherever the change is within one.
pub fn verify(path: &Path) -> Result<Verified, Vec<ArchiveFault>> {
    let mut file = File::open(path).map_err(alone)?;
    let layout = Layout::read(&mut file, &BOUNDS).map_err(alone)?;
    let mut faults = Vec::new();
    let length = file.metadata().map_err(alone)?.len();
    let seal = expected_seal(&mut file, length).map_err(alone)?;
    if seal.as_bytes() != layout.comment {
        faults.push(ArchiveFault::Seal);
    }
    let checked = check(&mut file, &layout, &mut faults);
    match checked {
        Ok(manifest) if faults.is_empty() => {
            let bytes = manifest.entries.iter().map(|entry| entry.size).sum();
            Ok(Verified { bytes, entries: manifest.entries, about: manifest.about, seal })
        }
        Ok(_) => Err(faults),
        Err(fault) => {
            faults.push(fault);
            Err(faults)
        }
    }
}

fn alone(fault: impl Into<ArchiveFault>) -> Vec<ArchiveFault> {
    vec![fault.into()]
}

fn check(file: &mut File, layout: &Layout, faults: &mut Vec<ArchiveFault>) -> Result<Manifest, ArchiveFault> {
    for entry in layout.entries.iter().filter(|entry| !entry.is_stored()) {
        faults
            .push(ArchiveFault::Container { path: Some(entry.path.clone()), why: "it is packed".to_owned() });
    }
    let text = own(file, layout, MANIFEST)?;
    let manifest = read_manifest(&text)?;
    let own_digest = digest_of(text.as_slice(), |_| Ok(()))?.1;
    match own(file, layout, SUMS) {
        Ok(sums) if sums == manifest.sums(&own_digest).as_bytes() => {}
        Ok(_) => faults.push(ArchiveFault::Sums),
        Err(fault) => faults.push(fault),
    }
    let named = manifest.entries.iter().map(|entry| entry.path.as_str());
    let named: Vec<&str> = named.chain([MANIFEST, SUMS]).collect();
    let there: HashSet<&str> = layout.entries.iter().map(|entry| entry.path.as_str()).collect();
    let (expected, missing): (Vec<&str>, Vec<&str>) =
        named.into_iter().partition(|path| there.contains(path));
    for path in missing {
        faults.push(ArchiveFault::Missing { path: path.to_owned() });
    }
    for (at, entry) in layout.entries.iter().enumerate() {
        if expected.get(at) != Some(&entry.path.as_str()) {
            faults.push(ArchiveFault::Unnamed { path: entry.path.clone() });
        }
    }
    for (entry, listed) in layout.entries.iter().zip(&manifest.entries) {
        if entry.path == listed.path && !is_unchanged(file, entry, listed)? {
            faults.push(ArchiveFault::Changed { path: entry.path.clone() });
        }
    }
    Ok(manifest)
}

/// The content of an entry that is the archive's own.
fn own(file: &mut File, layout: &Layout, path: &str) -> Result<Vec<u8>, ArchiveFault> {
    let entry = layout.find(path).ok_or_else(|| ArchiveFault::Missing { path: path.to_owned() })?;
    if entry.unpacked > LONGEST_MANIFEST {
        let why = format!("longer than {LONGEST_MANIFEST} bytes");
        return Err(ArchiveFault::Container { path: Some(path.to_owned()), why });
    }
    let mut text = Vec::new();
    match entry.content(file)?.read_to_end(&mut text) {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(ArchiveFault::Changed { path: path.to_owned() })
        }
        Err(error) => Err(error.into()),
    }
}

fn read_manifest(text: &[u8]) -> Result<Manifest, ArchiveFault> {
    let wrong = |why: String| ArchiveFault::Manifest { why };
    let manifest: Manifest = serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))?;
    if manifest.format != FORMAT || manifest.version != VERSION {
        return Err(wrong("of another format".to_owned()));
    }
    let digest = manifest.expected_digest().map_err(|error| wrong(error.to_string()))?;
    if manifest.digest == digest { Ok(manifest) } else { Err(wrong("its digest is another".to_owned())) }
}

fn is_unchanged(file: &mut File, entry: &Entry, listed: &Listed) -> io::Result<bool> {
    match digest_of(entry.content(file)?, |_| Ok(())) {
        Ok((size, sha256)) => Ok(size == listed.size && sha256 == listed.sha256),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(false),
        Err(error) => Err(error),
    }
}
