//! The QR code of a paper, as the picture that both renderers put in.

use qrcode::{Color, EcLevel, QrCode};

use super::PrintingError;

/// Pixels of a module, and modules of the quiet zone around them.
const SCALE: usize = 8;
const QUIET: usize = 4;

/// A picture in PNG, as high as wide.
pub(crate) struct Picture {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Pixels of a side.
    pub side: u32,
}

/// The QR code (error correction M) of an address, black on white, one bit a pixel.
pub(crate) fn picture(url: &str) -> Result<Picture, PrintingError> {
    let code =
        QrCode::with_error_correction_level(url, EcLevel::M).map_err(|_| PrintingError::AddressTooLong)?;
    let blank = (code.width() + 2 * QUIET) * SCALE;
    let side = u32::try_from(blank).map_err(|_| PrintingError::AddressTooLong)?;
    let mut rows = Vec::new();
    let white = vec![0xff; blank / 8];
    rows.extend(std::iter::repeat_n(white.as_slice(), QUIET * SCALE).flatten());
    for modules in code.to_colors().chunks(code.width()) {
        // A module is eight pixels wide, which is one byte.
        let quiet = std::iter::repeat_n(Color::Light, QUIET);
        let line = quiet.clone().chain(modules.iter().copied()).chain(quiet);
        let line: Vec<u8> = line.map(|module| module.select(0x00, 0xff)).collect();
        rows.extend(std::iter::repeat_n(line.as_slice(), SCALE).flatten());
    }
    rows.extend(std::iter::repeat_n(white.as_slice(), QUIET * SCALE).flatten());
    Ok(Picture { bytes: encode(side, &rows)?, side })
}

fn encode(side: u32, rows: &[u8]) -> Result<Vec<u8>, PrintingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().map_err(PrintingError::failed)?;
    writer.write_image_data(rows).map_err(PrintingError::failed)?;
    writer.finish().map_err(PrintingError::failed)?;
    Ok(bytes)
}
