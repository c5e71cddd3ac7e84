//! Pictures as SVG: what stands above them, their legends, bars and intervals. Nothing overlaps, however long the names.

use pingxuan_domain::Fact;
use plotters::prelude::RGBColor;

use crate::catalogue::{Language, tell};

mod answering;
mod bars;
mod canvas;
mod intervals;

pub(crate) use answering::varied;
pub(crate) use bars::{Bar, Bars, Row};
pub(crate) use canvas::{BODY, Canvas, FAINT, GRID, INK, SMALL, Side, TITLE, paint, width, wrap};
pub(crate) use intervals::{Interval, Intervals};

/// The media type of a picture.
pub(crate) const SVG: &str = "image/svg+xml";

pub(crate) const WIDTH: i32 = 960;
pub(crate) const MARGIN: i32 = 24;
/// The widest that a name beside its bar is.
pub(crate) const NAMES: i32 = 250;
pub(crate) const BAR: i32 = 16;
pub(crate) const GAP: i32 = 6;
/// The height of a line of text.
pub(crate) const LEADING: i32 = 18;
pub(crate) const TICKS: usize = 6;
pub(crate) const BLUE: RGBColor = RGBColor(46, 134, 193);
pub(crate) const GREEN: RGBColor = RGBColor(23, 165, 137);
pub(crate) const PALE: RGBColor = RGBColor(174, 214, 241);

/// A text of the catalogue with numbers in it.
pub(crate) fn said(language: Language, key: &str, facts: &[(&'static str, u32)]) -> String {
    let facts: Vec<_> =
        facts.iter().map(|(name, number)| (*name, Fact::Number(i64::from(*number)))).collect();
    tell(language, key, &facts)
}

/// What stands above every picture.
pub(crate) struct Head {
    pub(crate) title: String,
    pub(crate) lines: Vec<String>,
}

impl Head {
    /// Writes it; answers where the picture begins.
    pub(crate) fn write(&self, canvas: &Canvas<'_>) -> Result<(), String> {
        canvas.text(&self.title, (MARGIN, MARGIN + TITLE / 2), (TITLE, Side::Start, INK))?;
        let mut y = MARGIN + TITLE + LEADING;
        for line in &self.lines {
            canvas.text(line, (MARGIN, y), (BODY, Side::Start, FAINT))?;
            y += LEADING;
        }
        Ok(())
    }

    pub(crate) fn bottom(&self) -> i32 {
        MARGIN + TITLE + LEADING + span(self.lines.len()) * LEADING + GAP
    }
}

pub(crate) fn span(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// What the colours mean, in as many lines as it takes: each entry with its place.
pub(crate) struct Legend<'a> {
    entries: Vec<(&'a str, RGBColor, i32, i32)>,
    lines: i32,
}

impl<'a> Legend<'a> {
    pub(crate) fn of(entries: &'a [(String, RGBColor)]) -> Self {
        let (mut x, mut line) = (MARGIN, 0);
        let mut placed = Vec::with_capacity(entries.len());
        for (name, colour) in entries {
            let wide = BAR + GAP + width(name, SMALL) + 3 * GAP;
            if x > MARGIN && x + wide > WIDTH - MARGIN {
                (x, line) = (MARGIN, line + 1);
            }
            placed.push((name.as_str(), *colour, x, line));
            x += wide;
        }
        Self { lines: if placed.is_empty() { 0 } else { line + 1 }, entries: placed }
    }

    pub(crate) fn height(&self) -> i32 {
        self.lines * (BAR + GAP) + GAP
    }

    pub(crate) fn write(&self, canvas: &Canvas<'_>, top: i32) -> Result<(), String> {
        for (name, colour, x, line) in &self.entries {
            let y = top + line * (BAR + GAP);
            canvas.rect([(*x, y + 2), (x + BAR - 4, y + BAR - 2)], *colour)?;
            canvas.text(name, (x + BAR + GAP / 2, y + BAR / 2), (SMALL, Side::Start, INK))?;
        }
        Ok(())
    }
}

/// Where there is nothing to show.
pub(crate) fn nothing(language: Language, head: &Head) -> Result<String, String> {
    let middle = head.bottom() + 60;
    paint((WIDTH, head.bottom() + 120), |canvas| {
        head.write(canvas)?;
        canvas.text(&said(language, "chart-none", &[]), (WIDTH / 2, middle), (BODY, Side::Middle, FAINT))
    })
}
