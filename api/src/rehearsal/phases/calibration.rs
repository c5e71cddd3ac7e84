//! 校准: a calibrated ranking, read as an official reads it: how well the supervisors cross, whom the raw means would choose, and
//! one place followed by its links down to the sheets. How many of the truly best were chosen, only the rehearsal can tell.

use pingxuan_domain::campaign::definition::{Category, Label};
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE};
use serde_json::{Value, json};
use uuid::Uuid;

use super::selection::{ranking_place, reckon};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::{Reply, id_of, text_of};
use crate::rehearsal::play::Play;

/// Figures of an explained place, and where the sentence of each stands.
const OF_PLACE: [(&str, &str); 10] = [
    ("/entry/rank", "/rank_explanation"),
    ("/entry/score", "/entry/explanation"),
    ("/entry/verified", "/verified_explanation"),
    ("/entry/raw_mean", "/raw_mean_explanation"),
    ("/entry/assessment/status", "/assessment_explanation"),
    ("/entry/calibrated/figure", "/entry/calibrated/figure_explanation"),
    ("/entry/calibrated/standard_error", "/entry/calibrated/standard_error_explanation"),
    ("/entry/calibrated/probability", "/entry/calibrated/probability_explanation"),
    ("/entry/calibrated/rank_interval", "/entry/calibrated/rank_interval_explanation"),
    ("/entry/calibrated/zone", "/entry/calibrated/zone_explanation"),
];
/// The same of a criterion, and of a sheet.
const OF_CRITERION: [(&str, &str); 1] = [("/mean", "/explanation")];
const OF_SHEET: [(&str, &str); 4] = [
    ("/composite", "/explanation"),
    ("/calibrated/leniency", "/calibrated/explanation"),
    ("/calibrated/adjusted", "/calibrated/explanation"),
    ("/calibrated/flag", "/calibrated/flag_explanation"),
];
/// The same of a calibration, of each supervisor's scale, and of what else is told one by one.
const OF_CALIBRATION: [(&str, &str); 3] = [
    ("/official", "/explanation"),
    ("/design/share_of_bound", "/design/explanation"),
    ("/boundary/gap", "/boundary/explanation"),
];
const OF_SCALE: [(&str, &str); 1] = [("/leniency", "/explanation")];
const OF_FINDING: [(&str, &str); 1] = [("/kind", "/explanation")];
const OF_VISIT: [(&str, &str); 1] = [("/gain", "/explanation")];

/// What calibrating came to in a category.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The honour's name.
    pub title: Label,
    /// How well the supervisors cross.
    pub design: Label,
    /// Whether the calibrated figures are official.
    pub official: Label,
    /// How many places there are.
    pub places: usize,
    /// How many of the truly best the raw means choose.
    pub by_raw: usize,
    /// How many of them the ranking chooses.
    pub by_ranking: usize,
}

impl Compared {
    /// It in three sentences.
    #[must_use]
    pub fn sentences(&self) -> [Label; 3] {
        let Self { places, by_raw, by_ranking, .. } = self;
        let chosen = Label {
            zh: format!("真正最好的 {places} 个中，按原始均分选中 {by_raw} 个，按排名选中 {by_ranking} 个。"),
            en: format!(
                "Of the truly best {places} the raw means choose {by_raw}, and the ranking chooses {by_ranking}."
            ),
        };
        [self.design.clone(), self.official.clone(), chosen]
    }
}

/// Reads the calibrated ranking of a category.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &Play, category: &Category) -> Result<Compared, RehearsalError> {
    let place = ranking_place(play, category);
    let (ranking, chinese) = (play.office.get(&place).await?, in_chinese(play, &place).await?);
    let entries = ranking.list("/entries")?;
    for reply in [&ranking, &chinese] {
        calibration(play, reply);
    }
    play.stage.expect(ranking.body.pointer("/calibration/official") == Some(&json!(true)), || {
        format!(
            "{}: the calibration is not official: {:?}",
            category.code,
            ranking.list("/calibration/obstacles").ok()
        )
    });
    let raw = raw_means(play, category, entries).await?;
    diagnosed(play, &ranking).await?;
    let places = usize::try_from(category.quota.value).unwrap_or(usize::MAX);
    if let Some(last) = entries.iter().take(places).next_back() {
        follow(play, last).await?;
    }
    let best = play.truth.best(category, |id| {
        let declared = play.declared.iter().find(|declared| declared.id == id)?;
        play.assessed.get(&declared.by.unit.id).copied().flatten()
    });
    let chosen = |entries: &[Value]| {
        let first = entries.iter().take(places).map(|entry| id_of(entry, "application_id"));
        first.filter(|id: &Uuid| best.contains(id)).count()
    };
    let said = |pointer: &str| -> Result<Label, RehearsalError> {
        Ok(Label { zh: chinese.text(pointer)?, en: ranking.text(pointer)? })
    };
    let compared = Compared {
        title: category.title.value.clone(),
        design: said("/calibration/design/explanation")?,
        official: said("/calibration/explanation")?,
        places,
        by_raw: chosen(raw.list("/ranking/entries")?),
        by_ranking: chosen(entries),
    };
    for sentence in compared.sentences() {
        play.note(format!("{}: {}", compared.title.zh, sentence.en.trim_end_matches('.')));
    }
    Ok(compared)
}

async fn in_chinese(play: &Play, place: &str) -> Result<Reply, RehearsalError> {
    play.office.look(place).with(ACCEPT_LANGUAGE, "zh-CN").expect(200).await
}

/// What would be under the mean: it is reckoned again, is the raw mean that stands beside each figure, and is not official. What a
/// definition may not say cannot be tried, and supervisors try nothing (D-605).
async fn raw_means(play: &Play, category: &Category, entries: &[Value]) -> Result<Reply, RehearsalError> {
    let place = format!("{}/what-if", ranking_place(play, category));
    let weights: Vec<Value> = category
        .criteria
        .iter()
        .map(|criterion| json!({"criterion": criterion.number, "weight": 1}))
        .collect();
    play.office.post(&place).json(json!({"weights": weights})).refused(422, "weights_not_hundred").await?;
    let mean = json!({"scoring_policy": "mean"});
    if let Some(watcher) = play.watchers.first() {
        watcher.person.post(&place).json(mean.clone()).refused(403, "role_not_permitted").await?;
    }
    let raw = play.office.post(&place).json(mean).expect(200).await?;
    let supposed = raw.list("/ranking/entries")?;
    reckon(play, category, supposed);
    play.stage.expect(raw.body.get("official") == Some(&json!(false)), || {
        format!("{}: a trial is not official", raw.what)
    });
    for entry in entries {
        let of =
            supposed.iter().find(|other| id_of(other, "application_id") == id_of(entry, "application_id"));
        let verified = of.map_or("", |other| text_of(other, "verified"));
        play.stage.expect(text_of(entry, "raw_mean") == verified, || {
            format!(
                "{}: the raw mean is {} beside the figure, and {verified} under the mean",
                text_of(entry, "nominee_name"),
                text_of(entry, "raw_mean")
            )
        });
    }
    Ok(raw)
}

/// The calibration that a reply has: every figure has its sentence.
fn calibration(play: &Play, reply: &Reply) {
    let Some(calibration) = reply.body.get("calibration") else {
        play.stage.expect(false, || format!("{}: nothing is calibrated", reply.what));
        return;
    };
    said(play, &reply.what, calibration, &OF_CALIBRATION);
    each(play, reply, "/calibration/extra_visits", &OF_VISIT);
}

/// The diagnostics where the ranking says they are: every supervisor's scale with its sentence, for the house alone (D-605). Both are
/// drawn, too.
async fn diagnosed(play: &Play, ranking: &Reply) -> Result<(), RehearsalError> {
    let href = ranking.text("/diagnostics_href")?;
    if let Some(watcher) = play.watchers.first() {
        watcher.person.follow(&href).refused(403, "role_not_permitted").await?;
    }
    let found = play.office.follow(&href).expect(200).await?;
    calibration(play, &found);
    let scales = found.list("/supervisors")?.len();
    play.stage.expect(scales == play.watchers.len(), || {
        format!("{} supervisors scored, and {scales} have a scale", play.watchers.len())
    });
    each(play, &found, "/supervisors", &OF_SCALE);
    each(play, &found, "/findings", &OF_FINDING);
    for href in [href, found.text("/ranking_href")?] {
        let drawn = play.office.follow(&href).with(ACCEPT, "image/svg+xml").expect(200).await?;
        play.stage.expect(
            drawn.bytes.starts_with(b"<svg") && drawn.bytes.trim_ascii_end().ends_with(b"</svg>"),
            || format!("{} is no picture", drawn.what),
        );
    }
    Ok(())
}

/// From a place of the ranking to each of its sheets, by links alone, in both languages.
async fn follow(play: &Play, entry: &Value) -> Result<(), RehearsalError> {
    let href = text_of(entry, "explanation_href");
    let opened = play.office.follow(href).expect(200).await?;
    for reply in [&opened, &play.office.follow(href).with(ACCEPT_LANGUAGE, "zh-CN").expect(200).await?] {
        said(play, &reply.what, &reply.body, &OF_PLACE);
        for (_, sentence) in OF_PLACE {
            reply.text(sentence)?;
        }
        each(play, reply, "/criteria", &OF_CRITERION);
        each(play, reply, "/sheets", &OF_SHEET);
    }
    let sheets = opened.list("/sheets")?;
    let adjusted: Vec<i64> =
        sheets.iter().filter_map(|sheet| millionths(sheet, "/calibrated/adjusted")).collect();
    let figure = millionths(&opened.body, "/entry/calibrated/figure").unwrap_or_default();
    let count = i64::try_from(adjusted.len()).unwrap_or(i64::MAX);
    // Each of them is rounded to millionths.
    play.stage.expect(count > 0 && (adjusted.iter().sum::<i64>() - figure * count).abs() <= count, || {
        format!("{}: {figure} millionths are not the mean of {adjusted:?}", opened.what)
    });
    for sheet in sheets {
        let read = play.office.follow(text_of(sheet, "href")).expect(200).await?;
        let given = read.list("/scores")?.len();
        let judged = sheet.get("judgements").and_then(Value::as_array).map_or(0, Vec::len);
        let same = ["assignment_id", "supervisor_name", "composite"]
            .into_iter()
            .all(|member| text_of(sheet, member) == text_of(&read.body, member));
        play.stage.expect(same && given > 0 && given == judged, || {
            format!("{} is not the sheet that led there", read.what)
        });
    }
    play.note(format!(
        "Links lead from the rank of {} to its {} sheets, and each figure has its sentence",
        text_of(entry, "nominee_name"),
        sheets.len()
    ));
    Ok(())
}

/// A figure in millionths.
fn millionths(of: &Value, pointer: &str) -> Option<i64> {
    let text = of.pointer(pointer)?.as_str()?;
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<6}").parse().ok()
}

/// Every row of a list: its figures have their sentences.
fn each(play: &Play, reply: &Reply, list: &str, figures: &[(&str, &str)]) {
    for row in reply.body.pointer(list).and_then(Value::as_array).into_iter().flatten() {
        said(play, &format!("{} {list}", reply.what), row, figures);
    }
}

/// Every figure that there is has a sentence, which stands in no need of facts.
fn said(play: &Play, what: &str, of: &Value, figures: &[(&str, &str)]) {
    for (figure, sentence) in figures {
        let there = of.pointer(figure).is_some_and(|figure| !figure.is_null());
        let sentence = of.pointer(sentence).and_then(Value::as_str).unwrap_or("");
        play.stage.expect(!there || !(sentence.is_empty() || sentence.contains(['{', '}'])), || {
            format!("{what}: {figure} has no sentence but '{sentence}' (D-610)")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_to_the_millionth() {
        let of = |text: &str| millionths(&json!({"figure": text}), "/figure");
        assert_eq!(of("82"), Some(82_000_000));
        assert_eq!(of("82.5"), Some(82_500_000));
        assert_eq!(of("-0.000001"), Some(-1));
        assert_eq!(of("none"), None);
    }
}
