//! The pictures of a campaign: bars beside their names, and submissions day by day. Nothing overlaps, however long the names.

use pingxuan_domain::Day;
use pingxuan_domain::workflow::application::ApplicationState;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordu32;
use plotters::prelude::RGBColor;

use super::Chart;
use super::views::{StateCountView, StatisticsView};
use crate::catalogue::{Language, label};
use crate::drawing::{
    BLUE, BODY, Bar, Bars, FAINT, GAP, GREEN, GRID, Head, INK, LEADING, MARGIN, PALE, Row, SMALL, Side,
    TICKS, WIDTH, nothing, paint, said, span, width, wrap,
};

/// The height of the columns of submissions.
const COLUMNS: i32 = 300;

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
