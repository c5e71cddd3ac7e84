//! PNG: every chunk with its check sum, and nothing after the last. The pixels are counted by the header and not unpacked.

use std::fs::File;
use std::io::{self, BufReader, Read};

use flate2::Crc;

use super::refusal::read_failure;
use super::{Facts, InspectionError, Limits, Refusal};

/// Looks at a PNG picture.
pub(super) fn inspect(file: &mut File, limits: &Limits) -> Result<Facts, InspectionError> {
    let mut reader = BufReader::new(file);
    let facts = chunks(&mut reader, limits)?;
    let mut rest = [0; 1];
    if reader.read(&mut rest)? > 0 {
        return Err(Refusal::Polyglot { with: "unknown" }.into());
    }
    Ok(facts)
}

fn chunks(reader: &mut impl Read, limits: &Limits) -> Result<Facts, InspectionError> {
    let mut signature = [0; 8];
    reader.read_exact(&mut signature).map_err(read_failure)?;
    let mut facts = None;
    let mut has_data = false;
    loop {
        let mut length = [0; 4];
        reader.read_exact(&mut length).map_err(read_failure)?;
        let length = u64::from(u32::from_be_bytes(length));
        let mut check = Check { reader: &mut *reader, crc: Crc::new() };
        let mut name = [0; 4];
        check.read_exact(&mut name).map_err(read_failure)?;
        match (&name, facts) {
            (b"IHDR", None) if length == 13 => {
                let mut header = [0; 13];
                check.read_exact(&mut header).map_err(read_failure)?;
                let [w0, w1, w2, w3, h0, h1, h2, h3, ..] = header;
                let (width, height) =
                    (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
                facts = Some(picture(width, height, limits)?);
            }
            (b"IHDR", _) | (_, None) => {
                return Err(Refusal::unreadable("the header is not where it belongs").into());
            }
            _ => {
                has_data |= name == *b"IDAT";
                let skipped = io::copy(&mut check.by_ref().take(length), &mut io::sink());
                if skipped.map_err(read_failure)? != length {
                    return Err(Refusal::unreadable("it is cut short").into());
                }
            }
        }
        let sum = check.crc.sum();
        let mut expected = [0; 4];
        reader.read_exact(&mut expected).map_err(read_failure)?;
        if sum != u32::from_be_bytes(expected) {
            return Err(Refusal::unreadable("a check sum is wrong").into());
        }
        match (name == *b"IEND", facts) {
            (true, Some(facts)) if has_data => return Ok(facts),
            (true, _) => return Err(Refusal::unreadable("it holds no picture").into()),
            (false, _) => {}
        }
    }
}

/// A picture of this size, where it is not too large.
pub(super) fn picture(width: u32, height: u32, limits: &Limits) -> Result<Facts, Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::unreadable("it has no size"));
    }
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(Refusal::TooManyPixels { width, height, most: limits.pixels });
    }
    Ok(Facts::Picture { width, height })
}

/// Sums up what is read through it.
struct Check<'a, R> {
    reader: &'a mut R,
    crc: Crc,
}

impl<R: Read> Read for Check<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.crc.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
