//! JPEG: every segment up to the end of the picture, and after it nothing but further pictures, as cameras add them (CIPA DC-007).

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use super::png::picture;
use super::refusal::read_failure;
use super::{Facts, InspectionError, Limits, Refusal};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// Looks at a JPEG picture.
pub(super) fn inspect(file: &mut File, limits: &Limits) -> Result<Facts, InspectionError> {
    let mut reader = BufReader::new(file);
    let facts = one(&mut reader, limits)?;
    while further(&mut reader)? {
        one(&mut reader, limits)?;
    }
    Ok(facts)
}

/// Whether another picture follows; zeros between them are room that was left.
fn further(reader: &mut impl BufRead) -> Result<bool, InspectionError> {
    loop {
        let buffer = reader.fill_buf()?;
        match buffer.iter().position(|byte| *byte != 0) {
            None if buffer.is_empty() => return Ok(false),
            None => {
                let all = buffer.len();
                reader.consume(all);
            }
            Some(zeros) => {
                let next = buffer.get(zeros).copied();
                reader.consume(zeros);
                return match next {
                    Some(0xff) => Ok(true),
                    _ => Err(Refusal::Polyglot { with: "unknown" }.into()),
                };
            }
        }
    }
}

/// Reads one picture from its start to its end.
fn one(reader: &mut impl BufRead, limits: &Limits) -> Result<Facts, InspectionError> {
    if marker(reader)? != START {
        return Err(Refusal::Polyglot { with: "unknown" }.into());
    }
    let mut facts = None;
    let mut scans = 0;
    let mut next = marker(reader)?;
    loop {
        match next {
            END => {
                let complete = facts.filter(|_| scans > 0);
                return Ok(complete.ok_or_else(|| Refusal::unreadable("it holds no picture"))?);
            }
            // Start of frame, in all the ways of coding; the three others in between are tables.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&next) => {
                let segment = segment(reader)?;
                let [_, h0, h1, w0, w1, ..] = segment.as_slice() else {
                    return Err(Refusal::unreadable("a frame without size").into());
                };
                let (width, height) = (u16::from_be_bytes([*w0, *w1]), u16::from_be_bytes([*h0, *h1]));
                facts = Some(picture(width.into(), height.into(), limits)?);
            }
            SCAN => {
                segment(reader)?;
                scans += 1;
                next = after_scan(reader)?;
                continue;
            }
            0x01 | 0xd0..=START => return Err(Refusal::unreadable("a marker where none belongs").into()),
            _ => {
                segment(reader)?;
            }
        }
        next = marker(reader)?;
    }
}

fn byte(reader: &mut impl Read) -> Result<u8, InspectionError> {
    let mut byte = [0; 1];
    reader.read_exact(&mut byte).map_err(read_failure)?;
    let [byte] = byte;
    Ok(byte)
}

/// A marker, which may have bytes of filling before it.
fn marker(reader: &mut impl Read) -> Result<u8, InspectionError> {
    if byte(reader)? != 0xff {
        return Err(Refusal::unreadable("a segment without a marker").into());
    }
    loop {
        match byte(reader)? {
            0xff => {}
            0 => return Err(Refusal::unreadable("a segment without a marker").into()),
            marker => return Ok(marker),
        }
    }
}

fn segment(reader: &mut impl Read) -> Result<Vec<u8>, InspectionError> {
    let length = u16::from_be_bytes([byte(reader)?, byte(reader)?]);
    let length = length.checked_sub(2).ok_or_else(|| Refusal::unreadable("a segment without length"))?;
    let mut segment = vec![0; usize::from(length)];
    reader.read_exact(&mut segment).map_err(read_failure)?;
    Ok(segment)
}

/// Passes over the coded pixels, up to the next marker that is more than a restart.
fn after_scan(reader: &mut impl BufRead) -> Result<u8, InspectionError> {
    loop {
        let buffer = reader.fill_buf()?;
        let found = buffer.iter().position(|byte| *byte == 0xff);
        let passed = found.map_or(buffer.len(), |at| at + 1);
        if passed == 0 {
            return Err(Refusal::unreadable("it is cut short").into());
        }
        reader.consume(passed);
        if found.is_none() {
            continue;
        }
        let mut next = byte(reader)?;
        while next == 0xff {
            next = byte(reader)?;
        }
        if !matches!(next, 0 | 0xd0..=0xd7) {
            return Ok(next);
        }
    }
}
