//! XML parts of a container, read event by event: well-formed, in UTF-8, without a document type, no event beyond measure.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::refusal::read_failure;
use super::{InspectionError, Refusal};

/// The longest tag, text or comment, in bytes.
const LONGEST: usize = 4 << 20;
/// How deep elements may lie within each other.
const DEEPEST: u32 = 512;

/// So many bytes of a dictionary are as much work as one element more.
const BYTES: u64 = 64;

/// How many elements may still come.
#[derive(Debug)]
pub(super) struct Budget {
    pub left: u64,
    pub most: u64,
}

impl Budget {
    /// Takes one element off.
    pub fn spend(&mut self) -> Result<(), Refusal> {
        self.spend_on(0)
    }

    /// Takes off one element that so many bytes are read for.
    pub fn spend_on(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.left = self
            .left
            .checked_sub(1 + bytes as u64 / BYTES)
            .ok_or(Refusal::TooComplex { what: "elements", most: self.most })?;
        Ok(())
    }
}

/// Reads a part to its end and shows every event.
pub(super) fn scan(
    part: impl Read,
    budget: &mut Budget,
    mut see: impl FnMut(&Event<'_>) -> Result<(), Refusal>,
) -> Result<(), InspectionError> {
    let mut reader = Reader::from_reader(Metered { inner: BufReader::new(part), left: LONGEST });
    let mut buffer = Vec::new();
    let mut depth = 0_u32;
    let mut has_root = false;
    loop {
        buffer.clear();
        reader.get_mut().left = LONGEST;
        let event = reader.read_event_into(&mut buffer).map_err(failure)?;
        match &event {
            Event::DocType(_) => return Err(Refusal::active("document type definition").into()),
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().transpose().ok().flatten();
                if encoding.is_some_and(|name| !["utf-8", "us-ascii"].contains(&&*name.to_ascii_lowercase()))
                {
                    return Err(Refusal::unreadable("XML in another encoding than UTF-8").into());
                }
            }
            Event::Start(_) | Event::Empty(_) => {
                budget.spend()?;
                if depth == 0 && has_root {
                    return Err(Refusal::unreadable("XML with two roots").into());
                }
                has_root = true;
                depth += u32::from(matches!(event, Event::Start(_)));
                if depth > DEEPEST {
                    return Err(Refusal::TooComplex { what: "elements", most: DEEPEST.into() }.into());
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::GeneralRef(reference) => {
                let known = ["amp", "lt", "gt", "quot", "apos"].contains(&&**reference);
                if !known && !reference.is_char_ref() {
                    return Err(Refusal::active("entity").into());
                }
            }
            Event::Eof if depth == 0 && has_root => return Ok(()),
            Event::Eof => return Err(Refusal::unreadable("XML that is cut short").into()),
            Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) => {}
        }
        see(&event)?;
    }
}

fn failure(error: quick_xml::Error) -> InspectionError {
    if let quick_xml::Error::Io(error) = error {
        read_failure(io::Error::new(error.kind(), error.to_string()))
    } else {
        Refusal::unreadable(error.to_string()).into()
    }
}

/// Reads until a number of bytes is used up, which is renewed before each event.
struct Metered<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a piece of XML is too long"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.inner.consume(amount);
    }
}
