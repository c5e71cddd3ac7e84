//! Videos of the corpus: MPEG-4 boxes without a picture worth looking at.

/// A box.
pub(super) fn atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap_or(u32::MAX).to_be_bytes();
    [&size[..], name, content].concat()
}

/// A box whose size has eight bytes.
pub(super) fn large_atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = (content.len() as u64 + 16).to_be_bytes();
    [&1_u32.to_be_bytes()[..], name, &size, content].concat()
}

pub(super) fn brands(names: &[u8]) -> Vec<u8> {
    let major = names.get(..4).unwrap_or(b"isom");
    atom(b"ftyp", &[major, &512_u32.to_be_bytes(), names].concat())
}

/// The description of a video of some seconds, with the kinds of its tracks.
pub(super) fn movie(seconds: u32, tracks: &[&[u8; 4]]) -> Vec<u8> {
    let clock = [0, 0, 0, 1000, seconds * 1000].map(u32::to_be_bytes).concat();
    let header = atom(b"mvhd", &[clock, vec![0; 80]].concat());
    let tracks = tracks.iter().map(|kind| {
        let handler = atom(b"hdlr", &[&[0; 8][..], *kind, &[0; 13]].concat());
        atom(b"trak", &atom(b"mdia", &handler))
    });
    atom(b"moov", &[vec![header], tracks.collect()].concat().concat())
}

/// A video of some seconds.
pub(super) fn mp4(seconds: u32) -> Vec<u8> {
    [brands(b"isommp42"), movie(seconds, &[b"vide"]), atom(b"mdat", &[0x55; 64])].concat()
}
