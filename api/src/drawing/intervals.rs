//! Points beside their names, each with the interval that it may lie in.

use pingxuan_domain::review::measure::Measure;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::RGBColor;

use super::{
    BODY, FAINT, GAP, GRID, Head, INK, LEADING, Legend, MARGIN, NAMES, SMALL, Side, TICKS, WIDTH, nothing,
    paint, span, width, wrap,
};
use crate::catalogue::Language;

/// Half the height of a point, and of the line that an interval is.
const POINT: i32 = 5;
const LINE: i32 = 2;

/// One point.
pub(crate) struct Interval {
    /// Whose.
    pub(crate) name: String,
    /// Where it lies, and from where to where it may.
    pub(crate) at: f64,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) colour: RGBColor,
    /// What is said behind it.
    pub(crate) note: String,
}

/// A picture of points.
pub(crate) struct Intervals {
    pub(crate) legend: Vec<(String, RGBColor)>,
    pub(crate) axis: String,
    pub(crate) rows: Vec<Interval>,
    /// Where the scale begins and ends, where the points do not say it; it grows with them.
    pub(crate) scale: (f64, f64),
    /// Where a line stands: the last place, or the middle of a scale.
    pub(crate) line: Option<f64>,
}

impl Intervals {
    /// The picture, as SVG.
    ///
    /// # Errors
    /// A sentence where it cannot be drawn.
    pub(crate) fn draw(&self, language: Language, head: &Head) -> Result<String, String> {
        if self.rows.is_empty() {
            return nothing(language, head);
        }
        let ends = self.rows.iter().flat_map(|row| [row.from, row.to, row.at]);
        // Ranks are whole: between two of them there is nothing.
        let whole = ends.clone().all(|end| end.fract() == 0.0);
        let (least, most) = ends.fold(self.scale, |(least, most), end| (least.min(end), most.max(end)));
        let most = if most > least { most } else { least + 1.0 };
        let names: Vec<Vec<String>> = self.rows.iter().map(|row| wrap(&row.name, BODY, NAMES, 2)).collect();
        let widest = names.iter().flatten().map(|line| width(line, BODY)).max().unwrap_or(0);
        let notes = self.rows.iter().map(|row| width(&row.note, SMALL)).max().unwrap_or(0);
        let (left, right) = (MARGIN + widest + 3 * GAP, WIDTH - MARGIN - notes - 3 * GAP);
        let legend = Legend::of(&self.legend);
        let top = head.bottom() + legend.height() + GAP;
        let heights: Vec<i32> = names.iter().map(|lines| span(lines.len()) * LEADING + GAP).collect();
        let bottom = top + heights.iter().sum::<i32>();
        paint((WIDTH, bottom + 3 * LEADING + MARGIN), |canvas| {
            head.write(canvas)?;
            legend.write(canvas, head.bottom())?;
            let scale = RangedCoordf64::from(least..most);
            let place = |value: f64| scale.map(&value, (left, right));
            let ticks = scale.key_points(TICKS).into_iter();
            for tick in ticks.filter(|tick| !whole || tick.fract() == 0.0) {
                canvas.line([(place(tick), top), (place(tick), bottom)], GRID)?;
                let text = Measure::from_f64(tick).to_string();
                canvas.text(&text, (place(tick), bottom + LEADING), (SMALL, Side::Middle, FAINT))?;
            }
            if let Some(line) = self.line {
                canvas.line([(place(line), top), (place(line), bottom)], INK)?;
            }
            canvas.text(
                &self.axis,
                (i32::midpoint(left, right), bottom + 2 * LEADING + GAP),
                (SMALL, Side::Middle, FAINT),
            )?;
            let mut y = top;
            for ((row, lines), height) in self.rows.iter().zip(&names).zip(&heights) {
                let middle = y + height / 2;
                let mut line_y = middle - (span(lines.len()) - 1) * LEADING / 2;
                for line in lines {
                    canvas.text(line, (left - 3 * GAP, line_y), (BODY, Side::End, INK))?;
                    line_y += LEADING;
                }
                let (from, to, at) = (place(row.from), place(row.to), place(row.at));
                if to > from {
                    canvas.rect([(from, middle - LINE), (to, middle + LINE)], row.colour)?;
                }
                canvas.rect([(at - POINT, middle - POINT), (at + POINT, middle + POINT)], row.colour)?;
                canvas.text(&row.note, (right + 3 * GAP, middle), (SMALL, Side::Start, INK))?;
                y += height;
            }
            Ok(())
        })
    }
}
