//! 核查报告: the verification of a category on paper: places, scales, agreement, and what is worth a second look (D-610).

use pingxuan_documents::printing::{Paper, Part, Sheet, Style, Table};
use pingxuan_domain::Fact;
use pingxuan_domain::review::calibration::{Calibration, SupervisorScale};
use pingxuan_domain::review::measure::Measure;
use pingxuan_domain::review::ranking::RankedEntry;
use pingxuan_domain::review::scoring::Figure;

use super::charts;
use super::diagnostics::{DiagnosticsView, FindingView};
use super::ranking::Ranked;
use super::sentences::{
    agreement_sentence, boundary_sentence, design_sentence, obstacle_sentence, official_sentence,
};
use crate::call::Call;
use crate::catalogue::{Language, label, tell};
use crate::printing::language;

/// The report of a category; drawing its pictures takes a while.
///
/// # Errors
/// A sentence where a picture cannot be drawn.
pub fn report(call: &Call, ranked: &Ranked, view: &DiagnosticsView) -> Result<Paper, String> {
    let of = call.language;
    let word = |key: &str| tell(of, key, &[]);
    let mut parts = vec![
        Part::Text(Style::Title, word("report-title")),
        Part::Text(
            Style::Subtitle,
            format!(
                "{} · {}",
                ranked.campaign.title,
                call.language.of(&ranked.category.title.value).to_owned()
            ),
        ),
    ];
    if let Some(calibration) = &ranked.ranking.calibration {
        parts.extend(standing(of, ranked, calibration).into_iter().map(|text| Part::Text(Style::Body, text)));
    }
    parts.push(Part::Text(Style::Heading, word("report-places")));
    parts.push(Part::Picture { svg: charts::places(of, ranked)?, said: word("chart-ranking") });
    parts.push(Part::Table(places(of, ranked)));
    if let Some(calibration) = ranked.ranking.calibration.as_ref().filter(|one| one.fit.is_some()) {
        parts.push(Part::Text(Style::Heading, word("report-scales")));
        let svg = charts::scales(of, ranked, calibration)?;
        parts.push(Part::Picture { svg, said: word("chart-scales") });
        parts.push(Part::Table(scales(of, ranked, calibration)));
        parts.push(Part::Text(Style::Heading, word("report-findings")));
        parts.extend(findings(of, view.findings()));
        let simulation = calibration.simulation;
        let facts =
            [("seed", Fact::from(simulation.seed.to_string())), ("draws", Fact::from(simulation.draws))];
        parts.push(Part::Text(Style::Note, tell(of, "report-simulation", &facts)));
    }
    parts.push(Part::Text(
        Style::Note,
        tell(of, "report-digest", &[("digest", Fact::from(ranked.digest.as_str()))]),
    ));
    Ok(Paper {
        title: format!(
            "{} · {}",
            word("report-title"),
            call.language.of(&ranked.category.title.value).to_owned()
        ),
        language: language(call),
        sheet: Sheet::Document,
        date: call.now.day().date(),
        parts,
        check: None,
    })
}

/// Whether the calibration is official, and why; design, boundary and agreement, a sentence each.
fn standing(language: Language, ranked: &Ranked, calibration: &Calibration) -> Vec<String> {
    let mut said = vec![official_sentence(language, calibration)];
    said.extend(calibration.obstacles.iter().map(|obstacle| {
        let name = obstacle.supervisor_id.and_then(|id| ranked.supervisors.get(&id));
        obstacle_sentence(language, obstacle, name.map(String::as_str))
    }));
    said.extend(calibration.design.as_ref().map(|design| design_sentence(language, design)));
    let fit = calibration.fit.as_ref();
    said.extend(fit.and_then(|fit| fit.boundary.as_ref()).map(|one| boundary_sentence(language, one)));
    said.extend(fit.and_then(|fit| agreement_sentence(language, &fit.agreement)));
    said
}

fn columns(language: Language, columns: &[(&str, u8)]) -> Vec<(String, u8)> {
    columns
        .iter()
        .map(|(key, share)| (tell(language, &format!("report-column-{key}"), &[]), *share))
        .collect()
}

fn places(language: Language, ranked: &Ranked) -> Table {
    let head = columns(
        language,
        &[
            ("rank", 2),
            ("nominee", 6),
            ("score", 3),
            ("raw_mean", 3),
            ("calibrated", 3),
            ("error", 3),
            ("probability", 3),
            ("interval", 3),
            ("zone", 3),
        ],
    );
    let row = |entry: &RankedEntry| {
        let calibrated = entry.calibrated.as_ref();
        let of = |figure: Option<Figure>| figure.map(|figure| figure.to_string()).unwrap_or_default();
        let measure = |measure: Option<Measure>| measure.map(|one| one.rounded(2)).unwrap_or_default();
        let interval = calibrated.and_then(|one| one.rank_interval);
        let zone = calibrated.and_then(|one| one.zone);
        vec![
            entry.rank.to_string(),
            entry.nominee_name.clone(),
            of(entry.score),
            of(entry.raw_mean),
            measure(calibrated.map(|one| one.figure)),
            measure(calibrated.map(|one| one.standard_error)),
            calibrated
                .and_then(|one| one.probability)
                .map(|share| format!("{}%", share.percent()))
                .unwrap_or_default(),
            interval.map(|(first, last)| format!("{first}–{last}")).unwrap_or_default(),
            zone.map(|zone| label(language, "zone", zone.into())).unwrap_or_default(),
        ]
    };
    Table::list(&head, ranked.ranking.entries.iter().map(row))
}

fn scales(language: Language, ranked: &Ranked, calibration: &Calibration) -> Table {
    let head = columns(language, &[("supervisor", 8), ("sheets", 4), ("leniency", 6), ("error", 6)]);
    let row = |scale: &SupervisorScale| {
        vec![
            ranked.supervisors.get(&scale.supervisor_id).cloned().unwrap_or_default(),
            scale.sheets.to_string(),
            scale.leniency.rounded(2),
            scale.standard_error.rounded(2),
        ]
    };
    Table::list(&head, calibration.scales().into_iter().map(row))
}

fn findings(language: Language, found: &[FindingView]) -> Vec<Part> {
    let mut parts = vec![Part::Text(Style::Plain, tell(language, "report-findings-said", &[]))];
    if found.is_empty() {
        parts.push(Part::Text(Style::Body, tell(language, "report-nothing_found", &[])));
    }
    parts.extend(found.iter().map(|one| Part::Text(Style::Body, one.explanation().to_owned())));
    parts
}
