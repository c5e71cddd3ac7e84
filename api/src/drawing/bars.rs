//! Bars beside their names.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordu32;
use plotters::prelude::RGBColor;

use super::{
    BAR, BODY, FAINT, GAP, GRID, Head, INK, LEADING, Legend, MARGIN, NAMES, SMALL, Side, TICKS, WIDTH,
    nothing, paint, span, width, wrap,
};
use crate::catalogue::Language;

/// A bar: its parts one behind the other, and what is said behind it.
pub(crate) struct Bar {
    pub(crate) parts: Vec<(u32, RGBColor)>,
    pub(crate) note: String,
}

/// Bars with the name that they have in common.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) bars: Vec<Bar>,
}

/// A picture of bars.
pub(crate) struct Bars {
    pub(crate) legend: Vec<(String, RGBColor)>,
    pub(crate) axis: String,
    pub(crate) rows: Vec<Row>,
    /// Where the scale ends; where it is the longest bar, none.
    pub(crate) whole: Option<u32>,
}

impl Bars {
    pub(crate) fn draw(&self, language: Language, head: &Head) -> Result<String, String> {
        let total = |bar: &Bar| bar.parts.iter().map(|(value, _)| value).sum::<u32>();
        let bars = || self.rows.iter().flat_map(|row| &row.bars);
        let longest = self.whole.unwrap_or_else(|| bars().map(total).max().unwrap_or(0));
        if self.rows.is_empty() || longest == 0 {
            return nothing(language, head);
        }
        let names: Vec<Vec<String>> = self.rows.iter().map(|row| wrap(&row.name, BODY, NAMES, 2)).collect();
        let widest = names.iter().flatten().map(|line| width(line, BODY)).max().unwrap_or(0);
        let notes = bars().map(|bar| width(&bar.note, SMALL)).max().unwrap_or(0);
        let (left, right) = (MARGIN + widest + 2 * GAP, WIDTH - MARGIN - notes - 2 * GAP);
        let legend = Legend::of(&self.legend);
        let top = head.bottom() + legend.height() + GAP;
        let heights: Vec<i32> = self
            .rows
            .iter()
            .zip(&names)
            .map(|(row, lines)| {
                (span(row.bars.len()) * (BAR + GAP)).max(span(lines.len()) * LEADING) + 2 * GAP
            })
            .collect();
        let bottom = top + heights.iter().sum::<i32>();
        paint((WIDTH, bottom + 3 * LEADING + MARGIN), |canvas| {
            head.write(canvas)?;
            legend.write(canvas, head.bottom())?;
            let scale = RangedCoordu32::from(0..longest);
            for tick in scale.key_points(TICKS) {
                let x = scale.map(&tick, (left, right));
                canvas.line([(x, top), (x, bottom)], GRID)?;
                canvas.text(&tick.to_string(), (x, bottom + LEADING), (SMALL, Side::Middle, FAINT))?;
            }
            canvas.line([(left, top), (left, bottom)], FAINT)?;
            canvas.text(
                &self.axis,
                (i32::midpoint(left, right), bottom + 2 * LEADING + GAP),
                (SMALL, Side::Middle, FAINT),
            )?;
            let mut y = top;
            for ((row, lines), height) in self.rows.iter().zip(&names).zip(&heights) {
                let mut line_y = y + (height - (span(lines.len()) - 1) * LEADING) / 2;
                for line in lines {
                    canvas.text(line, (left - 2 * GAP, line_y), (BODY, Side::End, INK))?;
                    line_y += LEADING;
                }
                let mut bar_y = y + (height - span(row.bars.len()) * (BAR + GAP) + GAP) / 2;
                for bar in &row.bars {
                    let mut from = 0;
                    for (value, colour) in &bar.parts {
                        let (start, end) =
                            (scale.map(&from, (left, right)), scale.map(&(from + value), (left, right)));
                        if end > start {
                            canvas.rect([(start, bar_y), (end, bar_y + BAR)], *colour)?;
                        }
                        from += value;
                    }
                    canvas.text(&bar.note, (right + 2 * GAP, bar_y + BAR / 2), (SMALL, Side::Start, INK))?;
                    bar_y += BAR + GAP;
                }
                y += height;
            }
            Ok(())
        })
    }
}
