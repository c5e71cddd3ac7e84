//! Pictures of the corpus: PNG and JPEG from nothing.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// A chunk of PNG with its check sum.
pub(super) fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&length[..], name, data, &crc.sum().to_be_bytes()].concat()
}

pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The header of a grey picture.
pub(super) fn header(width: u32, height: u32) -> Vec<u8> {
    let data = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    chunk(b"IHDR", &data)
}

/// A grey picture, with further chunks between header and pixels.
pub(super) fn png_with(width: u32, height: u32, further: &[Vec<u8>]) -> Vec<u8> {
    let line = vec![0; width as usize + 1];
    let pixels = zlib(&line.repeat(height as usize));
    let parts = [&[PNG.to_vec(), header(width, height)], further].concat().concat();
    [parts, chunk(b"IDAT", &pixels), chunk(b"IEND", b"")].concat()
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    png_with(width, height, &[])
}

pub(super) fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).and_then(|()| encoder.finish()).unwrap_or_default()
}

/// A segment of JPEG with its length.
pub(super) fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    [&[0xff, marker], &length[..], data].concat()
}

/// A grey picture, with further segments after its start.
pub(super) fn jpeg_with(width: u16, height: u16, further: &[Vec<u8>]) -> Vec<u8> {
    let table = [&[0][..], &[1; 64]].concat();
    let [h, w] = [height, width].map(u16::to_be_bytes);
    let frame = [&[8][..], &h, &w, &[1, 1, 0x11, 0]].concat();
    // One code of one bit for "no difference", and one for "no more": two bits a block.
    let code = |class: u8| [&[class, 1][..], &[0; 15], &[0]].concat();
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    let mut bits = vec![0; blocks / 4];
    if !blocks.is_multiple_of(4) {
        bits.push(0xff >> (2 * (blocks % 4)));
    }
    let mut out = vec![0xff, 0xd8];
    out.extend(segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
    out.extend(further.concat());
    out.extend(segment(0xdb, &table));
    out.extend(segment(0xc0, &frame));
    out.extend(segment(0xc4, &code(0)));
    out.extend(segment(0xc4, &code(0x10)));
    out.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    out.extend(bits);
    out.extend([0xff, 0xd9]);
    out
}

pub(super) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    jpeg_with(width, height, &[])
}
