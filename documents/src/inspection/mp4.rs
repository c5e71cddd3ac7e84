//! MP4: the boxes of ISO/IEC 14496-12 from the first to the last byte. Only their headers are read, so that the size does not matter.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::refusal::read_failure;
use super::{Facts, InspectionError, Limits, Refusal};

/// The boxes that may stand outermost.
const OUTERMOST: [&[u8; 4]; 16] = [
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"udta", b"meta", b"moof", b"mfra",
    b"sidx", b"ssix", b"styp", b"pdin", b"prft",
];
/// The brands of MPEG-4; that of a picture or of QuickTime alone does not do.
const BRANDS: [&[u8; 4]; 10] =
    [b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"];

struct Atom {
    name: [u8; 4],
    /// Where its content begins.
    from: u64,
    /// Where it ends.
    until: u64,
}

/// Walks through boxes, and counts them.
struct Walk<'a> {
    file: &'a mut File,
    left: u64,
    most: u64,
}

/// Looks at a video.
pub(super) fn inspect(file: &mut File, length: u64, limits: &Limits) -> Result<Facts, InspectionError> {
    let mut walk = Walk { file, left: limits.elements, most: limits.elements };
    let mut at = 0;
    let mut movie = None;
    let mut has_data = false;
    while at < length {
        let found = walk.at(at, length)?;
        if !OUTERMOST.contains(&&found.name) {
            let foreign = if movie.is_some() && has_data {
                Refusal::Polyglot { with: "unknown" }
            } else {
                Refusal::unreadable("a box of an unknown kind")
            };
            return Err(foreign.into());
        }
        match &found.name {
            b"ftyp" => walk.brands(&found)?,
            b"moov" => movie = Some(walk.movie(&found)?),
            b"mdat" => has_data = true,
            _ => {}
        }
        at = found.until;
    }
    match movie {
        Some(Movie { milliseconds: Some(milliseconds), has_picture: true }) if has_data => {
            Ok(Facts::Video { milliseconds })
        }
        _ => Err(Refusal::unreadable("it holds no moving picture").into()),
    }
}

#[derive(Default)]
struct Movie {
    milliseconds: Option<u64>,
    has_picture: bool,
}

impl Walk<'_> {
    fn at(&mut self, at: u64, end: u64) -> Result<Atom, InspectionError> {
        self.left = self.left.checked_sub(1).ok_or(Refusal::TooComplex { what: "boxes", most: self.most })?;
        self.file.seek(SeekFrom::Start(at))?;
        let size = self.number::<4>()?;
        let name = self.bytes()?;
        let (header, size) = match size {
            0 => (8, end - at),
            1 => (16, self.number::<8>()?),
            size => (8, size),
        };
        match at.checked_add(size) {
            Some(until) if size >= header && until <= end => Ok(Atom { name, from: at + header, until }),
            _ => Err(Refusal::unreadable("a box reaches beyond its end").into()),
        }
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], InspectionError> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).map_err(read_failure)?;
        Ok(bytes)
    }

    fn number<const N: usize>(&mut self) -> Result<u64, InspectionError> {
        Ok(self.bytes::<N>()?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn brands(&mut self, found: &Atom) -> Result<(), InspectionError> {
        let mut brands = Vec::new();
        let length = (found.until - found.from).min(1024);
        self.file.by_ref().take(length).read_to_end(&mut brands)?;
        let known = brands.chunks_exact(4).any(|brand| BRANDS.iter().any(|known| brand == *known));
        if known { Ok(()) } else { Err(Refusal::unreadable("a container of another kind than MP4").into()) }
    }

    fn movie(&mut self, found: &Atom) -> Result<Movie, InspectionError> {
        let mut movie = Movie::default();
        self.inside(found, &mut movie, 0)?;
        Ok(movie)
    }

    fn inside(&mut self, outer: &Atom, movie: &mut Movie, depth: u8) -> Result<(), InspectionError> {
        let mut at = outer.from;
        while at < outer.until {
            let found = self.at(at, outer.until)?;
            match &found.name {
                b"trak" | b"mdia" if depth < 2 => self.inside(&found, movie, depth + 1)?,
                b"mvhd" => movie.milliseconds = Some(self.duration()?),
                b"hdlr" => {
                    let [_, _, _, _, _, _, _, _, handler @ ..] = self.bytes::<12>()?;
                    movie.has_picture |= handler == *b"vide";
                }
                _ => {}
            }
            at = found.until;
        }
        Ok(())
    }

    fn duration(&mut self) -> Result<u64, InspectionError> {
        let [version, ..] = self.bytes::<4>()?;
        let (scale, length) = if version == 1 {
            self.bytes::<16>()?;
            (self.number::<4>()?, self.number::<8>()?)
        } else {
            self.bytes::<8>()?;
            (self.number::<4>()?, self.number::<4>()?)
        };
        let milliseconds = length.saturating_mul(1000).checked_div(scale);
        Ok(milliseconds.ok_or_else(|| Refusal::unreadable("a clock that stands still"))?)
    }
}
