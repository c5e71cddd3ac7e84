//! Streams that a PDF parser unpacks before it can be asked anything: object streams and cross references. They are measured beforehand.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, FromBytes, Stream};

use super::Refusal;

/// Bytes of one such stream, unpacked, and of all together.
const ONE: u64 = 16 << 20;
const ALL: u64 = 64 << 20;
/// Bytes of a cross reference, unpacked: each entry takes far more in memory.
const CROSS_REFERENCE: u64 = 8 << 20;
/// The longest line of a predictor.
const COLUMNS: u32 = 1 << 16;

/// Measures the streams of objects and cross references, and shows every dictionary outside of streams, whether anything refers to it or
/// not.
pub(super) fn check(
    data: &[u8],
    mut see: impl FnMut(&Dict<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    check_ends(data)?;
    let mut unpacked = 0;
    // Dictionaries may lie within each other, and be read as often as the word before them stands there.
    let mut work = 4 * data.len() + (1 << 20);
    for rest in after(data, b"obj").chain(after(data, b"trailer")) {
        let Some(dict) = dictionary(rest) else { continue };
        work = work
            .checked_sub(dict.data().len())
            .ok_or(Refusal::TooComplex { what: "dictionaries", most: data.len() as u64 })?;
        see(&dict)?;
        let cross_reference = dict.contains_key(b"W");
        if cross_reference || dict.contains_key(b"First") {
            let most = if cross_reference { CROSS_REFERENCE } else { ONE };
            unpacked += measure(data, rest, most)?;
        }
        if unpacked > ALL {
            return Err(Refusal::ArchiveBomb { what: "unpacked bytes", most: ALL });
        }
    }
    Ok(())
}

/// Every stream ends soon after its beginning: a parser looks for the end of each one that does not say its length.
fn check_ends(data: &[u8]) -> Result<(), Refusal> {
    const STREAM: &[u8] = b"stream";
    let mut end = data.len();
    let mut left = 8 * data.len();
    let places = data.windows(STREAM.len()).enumerate().rev();
    for (at, _) in places.filter(|(_, window)| *window == STREAM) {
        if data.get(..at).is_some_and(|before| before.ends_with(b"end")) {
            end = at;
        } else {
            let most = data.len() as u64;
            left = left.checked_sub(end - at).ok_or(Refusal::TooComplex { what: "streams", most })?;
        }
    }
    Ok(())
}

/// What follows each place where a word stands.
fn after<'a>(data: &'a [u8], word: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    let places = data.windows(word.len()).enumerate().filter(move |(_, window)| *window == word);
    places.filter_map(move |(at, _)| data.get(at + word.len()..))
}

/// The dictionary that begins here, behind white space and comments.
fn dictionary(data: &[u8]) -> Option<Dict<'_>> {
    let data = skip(data);
    data.starts_with(b"<<").then(|| Dict::from_bytes(data)).flatten()
}

fn skip(mut data: &[u8]) -> &[u8] {
    loop {
        let blanks = data.iter().take_while(|byte| matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)).count();
        data = data.get(blanks..).unwrap_or_default();
        if data.first() != Some(&b'%') {
            return data;
        }
        let comment = data.iter().take_while(|byte| !matches!(byte, 10 | 13)).count();
        data = data.get(comment..).unwrap_or_default();
    }
}

/// How many bytes the stream that begins here unpacks to. Where it ends is left to its packing, which is never less than the parser reads.
fn measure(data: &[u8], rest: &[u8], most: u64) -> Result<u64, Refusal> {
    let Some(stream) = Stream::from_bytes(skip(rest)) else { return Ok(0) };
    let dict = stream.dict();
    if !dict.contains_key(b"Filter") && !dict.contains_key(b"F") {
        return Ok(0);
    }
    let predictor: Option<Dict<'_>> = dict.get(b"DecodeParms");
    let columns = predictor.and_then(|predictor| predictor.get::<u32>(b"Columns")).unwrap_or_default();
    if stream.filters().as_slice() != [Filter::FlateDecode] || columns > COLUMNS {
        return Err(Refusal::TooComplex { what: "filters", most: 1 });
    }
    let raw = stream.raw_data();
    let start = (raw.as_ptr() as usize).saturating_sub(data.as_ptr() as usize);
    let packed = data.get(start..).unwrap_or(&raw);
    let unpacked = count(ZlibDecoder::new(packed), most)
        .max(count(DeflateDecoder::new(packed), most))
        .max(count(DeflateDecoder::new(packed.get(2..).unwrap_or_default()), most));
    if unpacked > most {
        return Err(Refusal::ArchiveBomb { what: "unpacked bytes", most });
    }
    Ok(unpacked)
}

/// How much can be read before it ends, fails or is too much.
fn count(source: impl Read, most: u64) -> u64 {
    let mut counted = Counted(0);
    // A failure ends the stream for a lenient parser too.
    let _ = io::copy(&mut source.take(most + 1), &mut counted);
    counted.0
}

struct Counted(u64);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
