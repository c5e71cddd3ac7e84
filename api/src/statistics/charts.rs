//! The pictures of a campaign: bars beside their names, and submissions day by day. Nothing overlaps, however long the names.

use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Day, Fact};
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordu32;
use plotters::prelude::RGBColor;

use super::Chart;
use super::canvas::{BODY, Canvas, FAINT, GRID, INK, SMALL, Side, TITLE, paint, width, wrap};
use super::views::{StateCountView, StatisticsView};
use crate::catalogue::{Language, label, tell};

const WIDTH: i32 = 960;
const MARGIN: i32 = 24;
/// The widest that a name beside its bar is.
const NAMES: i32 = 250;
const BAR: i32 = 16;
const GAP: i32 = 6;
/// The height of a line of text.
const LEADING: i32 = 18;
const TICKS: usize = 6;
/// The height of the columns of submissions.
const COLUMNS: i32 = 300;

const BLUE: RGBColor = RGBColor(46, 134, 193);
const GREEN: RGBColor = RGBColor(23, 165, 137);
const PALE: RGBColor = RGBColor(174, 214, 241);

/// A bar: its parts one behind the other, and what is said behind it.
struct Bar {
    parts: Vec<(u32, RGBColor)>,
    note: String,
}

/// Bars with the name that they have in common.
struct Row {
    name: String,
    bars: Vec<Bar>,
}

/// A picture of bars.
struct Bars {
    legend: Vec<(String, RGBColor)>,
    axis: String,
    rows: Vec<Row>,
    /// Where the scale ends; where it is the longest bar, none.
    whole: Option<u32>,
}

/// A picture of a campaign, as SVG.
///
/// # Errors
/// A sentence where it cannot be drawn.
pub(super) fn draw(language: Language, chart: Chart, view: &StatisticsView) -> Result<String, String> {
    let title = label(language, "statistics_chart", chart.into());
    let head = Head { title, lines: wrap(&view.title, BODY, WIDTH - 2 * MARGIN, 2) };
    match chart {
        Chart::States => states(language, view).draw(language, &head),
        Chart::Submissions => submissions(language, view, &head),
        Chart::Visits => visits(language, view).draw(language, &head),
        Chart::Durations => durations(language, view).draw(language, &head),
    }
}

fn said(language: Language, key: &str, facts: &[(&'static str, u32)]) -> String {
    let facts: Vec<_> =
        facts.iter().map(|(name, number)| (*name, Fact::Number(i64::from(*number)))).collect();
    tell(language, key, &facts)
}

fn state(language: Language, state: ApplicationState) -> String {
    label(language, "application_state", state.into())
}

/// Applications by category and state; all together where nothing is told by category.
fn states(language: Language, view: &StatisticsView) -> Bars {
    let applications = &view.applications;
    let bar = |counts: &[StateCountView]| Bar {
        parts: counts.iter().map(|found| (found.count, colour(found.state))).collect(),
        note: counts.iter().map(|found| found.count).sum::<u32>().to_string(),
    };
    let row = |name: String, counts: &[StateCountView]| Row { name, bars: vec![bar(counts)] };
    let mut rows: Vec<Row> = applications
        .by_category
        .iter()
        .map(|category| row(category.title.in_language(language).to_owned(), &category.by_state))
        .collect();
    if rows.is_empty() {
        rows.push(row(said(language, "chart-all", &[]), &applications.by_state));
    }
    Bars {
        legend: applications
            .by_state
            .iter()
            .map(|found| (state(language, found.state), colour(found.state)))
            .collect(),
        axis: said(language, "chart-applications", &[]),
        rows,
        whole: None,
    }
}

/// How far verification has come in each category, in percent.
fn visits(language: Language, view: &StatisticsView) -> Bars {
    let share = |done: u32, all: u32| (done.saturating_mul(100)).checked_div(all).unwrap_or(0).min(100);
    let rows = view.verification.iter().map(|progress| {
        let verified = [("done", progress.verified), ("all", progress.accepted)];
        let sheets =
            [("done", progress.sheets_counting), ("all", progress.sheets_due), ("trips", progress.trips)];
        Row {
            name: progress.title.in_language(language).to_owned(),
            bars: vec![
                Bar {
                    parts: vec![(share(progress.verified, progress.accepted), GREEN)],
                    note: said(language, "chart-verified-of", &verified),
                },
                Bar {
                    parts: vec![(share(progress.sheets_counting, progress.sheets_due), BLUE)],
                    note: said(language, "chart-sheets-of", &sheets),
                },
            ],
        }
    });
    Bars {
        legend: vec![
            (said(language, "chart-verified", &[]), GREEN),
            (said(language, "chart-sheets", &[]), BLUE),
        ],
        axis: said(language, "chart-progress", &[]),
        rows: rows.collect(),
        whole: Some(100),
    }
}

/// How long applications stay in each state.
fn durations(language: Language, view: &StatisticsView) -> Bars {
    let rows = view.durations.iter().map(|stays| {
        let facts =
            [("count", stays.count), ("median", stays.median_hours), ("longest", stays.longest_hours)];
        Row {
            name: state(language, stays.state),
            bars: vec![Bar {
                parts: vec![
                    (stays.median_hours, BLUE),
                    (stays.longest_hours.saturating_sub(stays.median_hours), PALE),
                ],
                note: said(language, "chart-stays", &facts),
            }],
        }
    });
    Bars {
        legend: vec![
            (said(language, "chart-median", &[]), BLUE),
            (said(language, "chart-longest", &[]), PALE),
        ],
        axis: said(language, "chart-hours", &[]),
        rows: rows.collect(),
        whole: None,
    }
}

/// What stands above every picture.
struct Head {
    title: String,
    lines: Vec<String>,
}

impl Head {
    /// Writes it; answers where the picture begins.
    fn write(&self, canvas: &Canvas<'_>) -> Result<(), String> {
        canvas.text(&self.title, (MARGIN, MARGIN + TITLE / 2), (TITLE, Side::Start, INK))?;
        let mut y = MARGIN + TITLE + LEADING;
        for line in &self.lines {
            canvas.text(line, (MARGIN, y), (BODY, Side::Start, FAINT))?;
            y += LEADING;
        }
        Ok(())
    }

    fn bottom(&self) -> i32 {
        MARGIN + TITLE + LEADING + span(self.lines.len()) * LEADING + GAP
    }
}

fn span(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl Bars {
    fn draw(&self, language: Language, head: &Head) -> Result<String, String> {
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

/// What the colours mean, in as many lines as it takes: each entry with its place.
struct Legend<'a> {
    entries: Vec<(&'a str, RGBColor, i32, i32)>,
    lines: i32,
}

impl<'a> Legend<'a> {
    fn of(entries: &'a [(String, RGBColor)]) -> Self {
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

    fn height(&self) -> i32 {
        self.lines * (BAR + GAP) + GAP
    }

    fn write(&self, canvas: &Canvas<'_>, top: i32) -> Result<(), String> {
        for (name, colour, x, line) in &self.entries {
            let y = top + line * (BAR + GAP);
            canvas.rect([(*x, y + 2), (x + BAR - 4, y + BAR - 2)], *colour)?;
            canvas.text(name, (x + BAR + GAP / 2, y + BAR / 2), (SMALL, Side::Start, INK))?;
        }
        Ok(())
    }
}

/// Submissions day by day, without a gap.
fn submissions(language: Language, view: &StatisticsView, head: &Head) -> Result<String, String> {
    let found = &view.applications.by_day;
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return nothing(language, head) };
    let days: Vec<(Day, u32)> = std::iter::successors(Some(first.day), |day| Some(day.next()))
        .take_while(|day| *day <= last.day)
        .map(|day| (day, found.iter().find(|found| found.day == day).map_or(0, |found| found.count)))
        .collect();
    let most = days.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let counts = RangedCoordu32::from(0..most.max(1));
    let ticks = counts.key_points(TICKS);
    let numbers = ticks.iter().map(|tick| width(&tick.to_string(), SMALL)).max().unwrap_or(0);
    let (left, right) = (MARGIN + LEADING + numbers + GAP, WIDTH - MARGIN);
    let (top, bottom) = (head.bottom() + 2 * LEADING, head.bottom() + 2 * LEADING + COLUMNS);
    let place = |index: usize| left + (right - left) * span(index) / span(days.len());
    let column = (right - left) / span(days.len());
    // A day is named where there is room for its name, and its year where that has changed.
    let every =
        days.len().div_ceil(usize::try_from((right - left) / (width("12-31", SMALL) + 2 * GAP)).unwrap_or(1));
    paint((WIDTH, bottom + 2 * LEADING + MARGIN), |canvas| {
        head.write(canvas)?;
        canvas.text(
            &said(language, "chart-applications", &[]),
            (MARGIN, head.bottom() + LEADING / 2),
            (SMALL, Side::Start, FAINT),
        )?;
        for tick in &ticks {
            let y = counts.map(tick, (bottom, top));
            canvas.line([(left, y), (right, y)], GRID)?;
            canvas.text(&tick.to_string(), (left - GAP, y), (SMALL, Side::End, FAINT))?;
        }
        let mut year = None;
        for (index, (day, count)) in days.iter().enumerate() {
            let (from, to) = (place(index), place(index + 1));
            let gap = (column / 6).min((to - from - 1).max(0) / 2).max((to - from - 60) / 2);
            let y = counts.map(count, (bottom, top));
            if *count > 0 {
                canvas.rect([(from + gap, y), ((to - gap).max(from + gap + 1), bottom)], BLUE)?;
                if column >= width(&count.to_string(), SMALL) {
                    let middle = i32::midpoint(from, to);
                    canvas.text(&count.to_string(), (middle, y - LEADING / 2), (SMALL, Side::Middle, INK))?;
                }
            }
            if index % every.max(1) == 0 {
                let text = day.to_string();
                let (of_year, of_day) = text.split_once('-').unwrap_or((&text, ""));
                let middle = i32::midpoint(from, to);
                canvas.text(of_day, (middle, bottom + LEADING), (SMALL, Side::Middle, FAINT))?;
                if year != Some(day.year()) {
                    canvas.text(of_year, (middle, bottom + 2 * LEADING), (SMALL, Side::Middle, FAINT))?;
                    year = Some(day.year());
                }
            }
        }
        canvas.line([(left, bottom), (right, bottom)], FAINT)
    })
}

/// Where there is nothing to show.
fn nothing(language: Language, head: &Head) -> Result<String, String> {
    let middle = head.bottom() + 60;
    paint((WIDTH, head.bottom() + 120), |canvas| {
        head.write(canvas)?;
        canvas.text(&said(language, "chart-none", &[]), (WIDTH / 2, middle), (BODY, Side::Middle, FAINT))
    })
}

fn colour(state: ApplicationState) -> RGBColor {
    use ApplicationState as S;
    match state {
        S::Draft => RGBColor(206, 212, 218),
        S::Submitted => RGBColor(133, 193, 233),
        S::Returned => RGBColor(240, 178, 122),
        S::Accepted => BLUE,
        S::Rejected => RGBColor(135, 54, 0),
        S::Verified => GREEN,
        S::Shortlisted => RGBColor(244, 208, 63),
        S::NotShortlisted => RGBColor(166, 172, 175),
        S::Awarded => RGBColor(192, 57, 43),
        S::NotAwarded => RGBColor(112, 123, 124),
        S::Disqualified => RGBColor(142, 68, 173),
        S::Withdrawn => RGBColor(235, 237, 239),
        S::Revoked => RGBColor(74, 35, 90),
    }
}

#[cfg(test)]
mod tests;
