//! Archives: packages of files that anyone can open and check, and that betray a change of any byte.
//!
//! A package is a ZIP file of entries that are stored as they are, so that a damaged byte harms one file and no more. `manifest.json` names
//! each entry with its size and digest, in order, `SHA256SUMS` says the same to `sha256sum --check`, and the comment at the end of the
//! container is the digest of every byte before it: the seal, which holds what the manifest cannot see.

use std::fs::File;
use std::io::{self, Read};

use aws_lc_rs::digest::{Context, Digest, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod reading;
#[cfg(test)]
mod tests;
mod verifying;
mod writing;

pub use reading::ArchiveReader;
pub use verifying::{ArchiveFault, Verified, verify};
pub use writing::{ArchiveError, ArchiveWriter, Sealed};

const MANIFEST: &str = "manifest.json";
const SUMS: &str = "SHA256SUMS";
const FORMAT: &str = "pingxuan-archive";
const VERSION: u32 = 1;
/// What stands before the digest in the comment of the container.
const SEAL: &str = "sha256:";
const SEAL_LENGTH: usize = SEAL.len() + 64;

/// What a package says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: String,
    version: u32,
    about: Value,
    entries: Vec<Listed>,
    /// The digest of all members but this, in canonical form (RFC 8785).
    #[serde(skip_serializing_if = "String::is_empty")]
    digest: String,
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its path in the package.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// The SHA-256 digest of them, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// What the digest of a manifest has to be.
    fn expected_digest(&self) -> Result<String, serde_json::Error> {
        let open = Self { digest: String::new(), ..self.clone() };
        Ok(hex(&aws_lc_rs::digest::digest(&SHA256, &serde_json_canonicalizer::to_vec(&open)?)))
    }

    /// The same in the form of `sha256sum`, with the manifest itself as the last line.
    fn sums(&self, own_digest: &str) -> String {
        let lines = self.entries.iter().map(|entry| format!("{}  {}\n", entry.sha256, entry.path));
        lines.chain([format!("{own_digest}  {MANIFEST}\n")]).collect()
    }
}

fn hex(digest: &Digest) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads to the end, shows each piece, and tells the size and the digest.
fn digest_of(
    mut reader: impl Read,
    mut see: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<(u64, String)> {
    let mut context = Context::new(&SHA256);
    let mut size = 0;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = match reader.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            return Ok((size, hex(&context.finish())));
        }
        let piece = buffer.get(..read).unwrap_or_default();
        context.update(piece);
        see(piece)?;
        size += read as u64;
    }
}

/// The seal that a container has to carry: the digest of all bytes before it.
fn expected_seal(file: &mut File, length: u64) -> io::Result<String> {
    let before = length.saturating_sub(SEAL_LENGTH as u64);
    io::Seek::rewind(file)?;
    let (_, digest) = digest_of(file.take(before), |_| Ok(()))?;
    Ok(format!("{SEAL}{digest}"))
}
