//! Containers of documents (DOCX, XLSX, OFD): the map is read strictly, then every part is unpacked once, by pieces, and looked at.

use std::fs::File;
use std::io::{self, Read};

use super::parts::{Family, Watch};
use super::refusal::read_failure;
use super::signatures::{self, forbidden_part};
use super::xml::{self, Budget};
use super::{Facts, InspectionError, Kind, Limits, Refusal};
use crate::container::{Bounds, Entry, Layout};

/// What a container may hold at most.
const fn bounds(limits: &Limits) -> Bounds {
    Bounds { entries: limits.entries, unpacked: limits.unpacked, ratio: limits.ratio }
}

/// Looks at a container that its name says to be of a kind.
pub(super) fn inspect(file: &mut File, kind: Kind, limits: &Limits) -> Result<Facts, InspectionError> {
    let layout = Layout::read(file, &bounds(limits))?;
    if !layout.comment.is_empty() {
        return Err(Refusal::Polyglot { with: "unknown" }.into());
    }
    let family = if kind == Kind::Ofd { Family::Ofd } else { Family::OfficeOpenXml };
    let mut watch = Watch::new(family, limits);
    let mut budget = Budget { left: limits.elements, most: limits.elements };
    for entry in layout.entries.iter().filter(|entry| !entry.is_folder()) {
        watch.admit(&entry.path)?;
        part(file, entry, &mut watch, &mut budget)?;
    }
    let found = watch.kind(&layout);
    if found != Some(kind) {
        let found = found.map_or("zip", <&str>::from).to_owned();
        return Err(Refusal::TypeMismatch { expected: kind, found }.into());
    }
    let unpacked = layout.entries.iter().map(|entry| entry.unpacked).sum();
    Ok(Facts::Container { entries: layout.entries.len() as u64, unpacked })
}

fn part(
    file: &mut File,
    entry: &Entry,
    watch: &mut Watch<'_>,
    budget: &mut Budget,
) -> Result<(), InspectionError> {
    let mut head = Vec::new();
    entry.content(file)?.take(4096).read_to_end(&mut head).map_err(read_failure)?;
    if signatures::is_malware(&head) {
        return Err(Refusal::Malware.into());
    }
    match forbidden_part(&head) {
        Some("zip" | "rar" | "7z" | "gzip") => {
            return Err(
                Refusal::UnsafeArchive { path: entry.path.clone(), why: "it is an archive itself" }.into()
            );
        }
        Some(what) => return Err(Refusal::active(what).into()),
        None => {}
    }
    let mut content = entry.content(file)?;
    if watch.is_xml(&entry.path) {
        let part = watch.part(&entry.path);
        xml::scan(&mut content, budget, |event| watch.see(part, event))?;
        watch.leave(part)?;
    }
    io::copy(&mut content, &mut io::sink()).map_err(read_failure)?;
    Ok(())
}
