//! The pictures of a ranking: places with their intervals, and supervisors' scales (D-610).

use pingxuan_domain::Fact;
use pingxuan_domain::review::calibration::{Calibration, Zone};
use pingxuan_domain::review::measure::Measure;
use pingxuan_domain::review::ranking::RankedEntry;
use plotters::prelude::RGBColor;
use strum::IntoEnumIterator;

use super::ranking::Ranked;
use crate::catalogue::{Language, label, tell};
use crate::drawing::{BLUE, BODY, GREEN, Head, Interval, Intervals, MARGIN, WIDTH, said, wrap};

const AMBER: RGBColor = RGBColor(230, 145, 56);
const GREY: RGBColor = RGBColor(134, 142, 150);
/// How many standard errors to each side hold nineteen of twenty.
const NINETEEN_OF_TWENTY: f64 = 1.96;

/// The places of a ranking: with their rank intervals where it is calibrated, else with their scores.
///
/// # Errors
/// A sentence where it cannot be drawn.
pub fn places(language: Language, ranked: &Ranked) -> Result<String, String> {
    let drawn = ranked.ranking.entries.iter().any(|entry| interval(entry).is_some());
    let picture = if drawn { by_rank(language, ranked) } else { by_score(language, ranked) };
    picture.draw(language, &head(language, "chart-ranking", ranked))
}

/// The scales of the supervisors with the intervals that hold them nineteen times of twenty.
///
/// # Errors
/// A sentence where it cannot be drawn.
pub fn scales(language: Language, ranked: &Ranked, calibration: &Calibration) -> Result<String, String> {
    let row = |scale: &pingxuan_domain::review::calibration::SupervisorScale| {
        let (at, error) = (float(scale.leniency), float(scale.standard_error) * NINETEEN_OF_TWENTY);
        let facts =
            [("leniency", Fact::from(scale.leniency.rounded(2))), ("sheets", Fact::from(scale.sheets))];
        Interval {
            name: ranked.supervisors.get(&scale.supervisor_id).cloned().unwrap_or_default(),
            at,
            from: at - error,
            to: at + error,
            colour: BLUE,
            note: tell(language, "chart-scale", &facts),
        }
    };
    let rows: Vec<Interval> = calibration.scales().into_iter().map(row).collect();
    let picture = Intervals {
        legend: vec![(said(language, "chart-scale-interval", &[]), BLUE)],
        axis: said(language, "chart-leniency", &[]),
        rows,
        scale: (-1.0, 1.0),
        line: Some(0.0),
    };
    picture.draw(language, &head(language, "chart-scales", ranked))
}

fn head(language: Language, title: &str, ranked: &Ranked) -> Head {
    let category = language.of(&ranked.category.title.value);
    Head {
        title: said(language, title, &[]),
        lines: wrap(&format!("{} · {category}", ranked.campaign.title), BODY, WIDTH - 2 * MARGIN, 2),
    }
}

fn interval(entry: &RankedEntry) -> Option<(u32, u32)> {
    entry.calibrated.as_ref().and_then(|calibrated| calibrated.rank_interval)
}

fn by_rank(language: Language, ranked: &Ranked) -> Intervals {
    let row = |entry: &RankedEntry| {
        let zone = entry.calibrated.as_ref().and_then(|calibrated| calibrated.zone);
        let (from, to) = interval(entry).unwrap_or((entry.rank, entry.rank));
        Interval {
            name: format!("{} {}", entry.rank, entry.nominee_name),
            at: f64::from(entry.rank),
            from: f64::from(from),
            to: f64::from(to),
            colour: zone.map_or(GREY, colour),
            note: note(language, entry),
        }
    };
    let last = u32::try_from(ranked.ranking.entries.len()).unwrap_or(u32::MAX);
    Intervals {
        legend: Zone::iter().map(|zone| (label(language, "zone", zone.into()), colour(zone))).collect(),
        axis: said(language, "chart-rank", &[("places", ranked.places())]),
        rows: ranked.ranking.entries.iter().map(row).collect(),
        scale: (1.0, f64::from(last)),
        line: Some(f64::from(ranked.places()) + 0.5).filter(|_| ranked.places() < last),
    }
}

fn by_score(language: Language, ranked: &Ranked) -> Intervals {
    let places = ranked.places();
    let row = |entry: &RankedEntry| {
        let score = entry.score?;
        let at = score.hundredths() as f64 / 100.0;
        Some(Interval {
            name: format!("{} {}", entry.rank, entry.nominee_name),
            at,
            from: at,
            to: at,
            colour: if entry.rank <= places { GREEN } else { GREY },
            note: score.to_string(),
        })
    };
    let rows: Vec<Interval> = ranked.ranking.entries.iter().filter_map(row).collect();
    let least = rows.iter().map(|row| row.at).fold(100.0, f64::min);
    Intervals {
        legend: vec![
            (said(language, "chart-with_place", &[("places", places)]), GREEN),
            (said(language, "chart-without_place", &[]), GREY),
        ],
        axis: said(language, "chart-score", &[]),
        rows,
        scale: ((least - 1.0).floor(), 100.0),
        line: None,
    }
}

/// The figure that is ranked by, and how sure the place is.
fn note(language: Language, entry: &RankedEntry) -> String {
    let score = entry.score.map_or_else(|| "–".to_owned(), |score| score.to_string());
    match entry.calibrated.as_ref().and_then(|calibrated| calibrated.probability) {
        Some(share) => {
            let facts = [("score", Fact::from(score)), ("share", Fact::from(share.percent()))];
            tell(language, "chart-place", &facts)
        }
        None => score,
    }
}

fn colour(zone: Zone) -> RGBColor {
    match zone {
        Zone::Secure => GREEN,
        Zone::Borderline => AMBER,
        Zone::Outside => GREY,
    }
}

fn float(measure: Measure) -> f64 {
    measure.millionths() as f64 / 1e6
}
