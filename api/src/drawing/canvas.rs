//! A white sheet of which only text, boxes and lines are known; as SVG, with real text in whatever font the reader has.

use plotters::coord::Shift;
use plotters::prelude::{
    Color, DrawingArea, IntoDrawingArea, IntoFont, PathElement, RGBColor, Rectangle, SVGBackend, TextStyle,
    WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle};

/// Fonts with Chinese on the systems that there are.
const FONTS: &str = "\"Noto Sans SC\", \"Noto Sans CJK SC\", \"Source Han Sans SC\", \"Microsoft YaHei\", \"PingFang SC\", sans-serif";
/// The backend writes a font by the height of its line.
const LINE: f64 = 1.24;

pub(crate) const INK: RGBColor = RGBColor(33, 37, 41);
pub(crate) const FAINT: RGBColor = RGBColor(108, 117, 125);
pub(crate) const GRID: RGBColor = RGBColor(222, 226, 230);

/// On which side of its point a text stands.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

/// The sheet.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// What is drawn, as SVG.
///
/// # Errors
/// A sentence where it cannot be drawn.
pub(crate) fn paint(
    (width, height): (i32, i32),
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), String>,
) -> Result<String, String> {
    let mut svg = String::new();
    let size = (width.unsigned_abs(), height.unsigned_abs());
    let canvas = Canvas { area: SVGBackend::with_string(&mut svg, size).into_drawing_area() };
    canvas.area.fill(&WHITE).map_err(|error| error.to_string())?;
    draw(&canvas)?;
    canvas.area.present().map_err(|error| error.to_string())?;
    drop(canvas);
    Ok(svg)
}

impl Canvas<'_> {
    /// A text beside a point, in its middle.
    pub(crate) fn text(
        &self,
        text: &str,
        (x, y): (i32, i32),
        (size, side, colour): (i32, Side, RGBColor),
    ) -> Result<(), String> {
        let horizontal = match side {
            Side::Start => HPos::Left,
            Side::Middle => HPos::Center,
            Side::End => HPos::Right,
        };
        let style = if size >= TITLE { FontStyle::Bold } else { FontStyle::Normal };
        let font = (FontFamily::Name(FONTS), f64::from(size) * LINE, style).into_font();
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(horizontal, VPos::Center));
        self.area.draw_text(text, &style, (x, y)).map_err(|error| error.to_string())
    }

    /// A box between two corners.
    pub(crate) fn rect(&self, corners: [(i32, i32); 2], colour: RGBColor) -> Result<(), String> {
        self.area.draw(&Rectangle::new(corners, colour.filled())).map_err(|error| error.to_string())
    }

    /// A line between two points.
    pub(crate) fn line(&self, ends: [(i32, i32); 2], colour: RGBColor) -> Result<(), String> {
        self.area.draw(&PathElement::new(ends.to_vec(), colour)).map_err(|error| error.to_string())
    }
}

/// Sizes of text.
pub(crate) const TITLE: i32 = 20;
pub(crate) const BODY: i32 = 13;
pub(crate) const SMALL: i32 = 12;

/// How wide a text is at most, whatever the font.
pub(crate) fn width(text: &str, size: i32) -> i32 {
    let hundredths: i32 = text.chars().map(|character| if is_wide(character) { 100 } else { 62 }).sum();
    hundredths * size / 100 + 1
}

/// Whether a character is as wide as it is high, as Chinese ones are; with such a font, all that is not ASCII may be.
fn is_wide(character: char) -> bool {
    !character.is_ascii()
}

/// A text in lines that are no wider than this, so many at most; what does not fit ends in `…`.
pub(crate) fn wrap(text: &str, size: i32, widest: i32, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let last = lines.last().cloned().unwrap_or_default();
        if !last.is_empty() && width(&(last + word.trim_end()), size) > widest {
            lines.push(String::new());
        }
        // A word that is wider than a line is broken anywhere.
        for character in word.chars() {
            let last = lines.last().cloned().unwrap_or_default();
            if !last.is_empty()
                && !character.is_whitespace()
                && width(&format!("{last}{character}"), size) > widest
            {
                lines.push(String::new());
            }
            if let Some(last) = lines.last_mut() {
                last.push(character);
            }
        }
    }
    let cut = lines.len() > most;
    lines.truncate(most);
    if let Some(last) = lines.last_mut().filter(|_| cut) {
        while !last.is_empty() && width(&format!("{last}…"), size) > widest {
            last.pop();
        }
        last.push('…');
    }
    lines.into_iter().map(|line| line.trim().to_owned()).collect()
}

/// The parts between which a line may break: words with the space behind them, and wide characters one by one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for character in text.chars() {
        let wide = is_wide(character);
        match words.last_mut().filter(|_| open && !wide) {
            Some(word) => word.push(character),
            None => words.push(character.to_string()),
        }
        open = !wide && !character.is_whitespace();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{paint, width, wrap};

    #[test]
    fn lines_are_no_wider_than_they_may_be() {
        assert_eq!(wrap("示范乡镇", 10, 100, 2), ["示范乡镇"]);
        assert_eq!(wrap("五型政府建设示范乡镇", 10, 65, 2), ["五型政府建设", "示范乡镇"]);
        assert_eq!(wrap("五型政府建设示范乡镇和先进集体", 10, 65, 2), ["五型政府建设", "示范乡镇和…"]);
        assert_eq!(wrap("Demonstration townships", 10, 100, 3), ["Demonstration", "townships"]);
        for line in wrap("Donaudampfschifffahrtsgesellschaft 汽船", 10, 60, 9) {
            assert!(width(&line, 10) <= 60, "{line}");
        }
        assert_eq!(wrap("", 10, 10, 2), [""]);
    }

    #[test]
    fn text_stays_text_and_is_escaped() {
        let svg =
            paint((100, 50), |canvas| canvas.text("<甲>&乙", (1, 1), (12, super::Side::Start, super::INK)));
        let svg = svg.unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("&lt;甲&gt;&amp;乙"), "{svg}");
        assert!(svg.contains("Noto Sans SC") && svg.contains("<text"), "{svg}");
    }
}
