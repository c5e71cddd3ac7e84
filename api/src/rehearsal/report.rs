//! The report: the minutes phase by phase, the four lists, what calibrating came to, how long it took, and what differs from the rules.

use std::time::Duration;

use pingxuan_domain::campaign::definition::Label;

use super::measures::{Latency, millis};
use super::minutes::{Chapter, Entry, Refusal, Said};
use super::phases::calibration::Compared;
use super::play::Play;
use super::progress::PhaseTaken;

/// What came of a rehearsal.
#[derive(Clone, Debug)]
pub struct Report {
    /// The kind of database.
    pub database: &'static str,
    /// How many units the county had.
    pub units: usize,
    /// The minutes, by phase.
    pub minutes: Vec<Chapter>,
    /// The honours with their quota and who is commended, in order.
    pub lists: Vec<(String, u32, Vec<String>)>,
    /// What calibrating came to, by category.
    pub compared: Vec<Compared>,
    /// The phases.
    pub phases: Vec<PhaseTaken>,
    /// Latencies by group of operations.
    pub groups: Vec<Latency>,
    /// Latencies by operation.
    pub operations: Vec<Latency>,
    /// Latencies of all requests.
    pub together: Latency,
    /// What differs from the rules.
    pub differences: Vec<String>,
}

impl Report {
    /// The report of a play that has come to its end.
    #[must_use]
    pub fn of(play: &Play, database: &'static str) -> Self {
        let measures = &play.stage.measures;
        let categories = play.definition.categories.iter();
        let lists = categories.filter_map(|category| play.lists.get(&category.code)).map(|list| {
            let names = list.entries.iter().map(|(_, name)| name.clone()).collect();
            (list.title.clone(), list.quota, names)
        });
        Self {
            database,
            units: play.units.len(),
            minutes: play.stage.minutes.chapters(),
            lists: lists.collect(),
            compared: play.compared.clone(),
            phases: play.progress.taken().to_vec(),
            groups: measures.by_group(),
            operations: measures.by_operation(),
            together: measures.together(),
            differences: play.stage.differences(),
        }
    }

    /// Whether nothing differs from the rules.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.differences.is_empty()
    }

    fn total(&self) -> Duration {
        self.phases.iter().map(|phase| phase.took).sum()
    }

    fn refused(&self) -> usize {
        self.minutes.iter().flat_map(Chapter::refusals).map(|refusal| refusal.times).sum()
    }

    fn result(&self) -> String {
        let time = format!(
            "{} units, {} requests, {} of them refused as they should be, {:.1} s on {}",
            self.units,
            self.together.requests,
            self.refused(),
            self.total().as_secs_f64(),
            self.database
        );
        match self.differences.len() {
            0 => format!("The rehearsal went by the rules: {time}."),
            1 => format!("One thing differs from the rules; {time}."),
            count => format!("{count} things differ from the rules; {time}."),
        }
    }

    /// The report as a terminal shows it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        for chapter in self.minutes.iter().filter(|chapter| !chapter.entries.is_empty()) {
            lines.push(format!("\n{}", chapter.name));
            lines.extend(chapter.entries.iter().map(|entry| format!("  {}  {}", entry.on, said(entry))));
        }
        for (title, quota, names) in &self.lists {
            lines.push(format!("\n{title} ({} of {quota})", names.len()));
            lines.extend(names.iter().zip(1..).map(|(name, rank)| format!("  {rank:>2}  {name}")));
        }
        lines.push(format!(
            "\n{:<14} {:>8} {:>9} {:>9} {:>9}",
            "milliseconds", "requests", "p50", "p95", "max"
        ));
        for row in self.groups.iter().chain(std::iter::once(&self.together)) {
            let (median, p95, most) = (millis(row.median), millis(row.p95), millis(row.most));
            lines.push(format!("{:<14} {:>8} {median:>9} {p95:>9} {most:>9}", row.name, row.requests));
        }
        lines.push(String::new());
        for compared in &self.compared {
            lines.push(format!("校准 · Calibration: {}", both(&compared.title)));
            lines.extend(compared.sentences().iter().map(|said| format!("  {}", both(said))));
        }
        lines.extend(self.differences.iter().map(|difference| format!("DIFFERS  {difference}")));
        lines.push(self.result());
        lines.join("\n")
    }

    /// The report as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut lines =
            vec!["# 演练 · Rehearsal of a selection".to_owned(), String::new(), self.result(), String::new()];
        lines.push("The county's units are real, everything else is invented.".to_owned());
        for chapter in self.minutes.iter().filter(|chapter| !chapter.entries.is_empty()) {
            lines.push(format!("\n## {}\n\n| day | |\n| --- | --- |", chapter.name));
            lines.extend(chapter.entries.iter().map(|entry| format!("| {} | {} |", entry.on, said(entry))));
        }
        for (title, quota, names) in &self.lists {
            lines.push(format!("\n## {title} ({} of {quota})\n", names.len()));
            lines.extend(names.iter().zip(1..).map(|(name, rank)| format!("{rank}. {name}")));
        }
        for compared in &self.compared {
            lines.push(format!("\n## 校准 · Calibration: {}\n", both(&compared.title)));
            lines.extend(compared.sentences().iter().map(|said| format!("- {}", both(said))));
        }
        lines.push("\n## Phases\n\n| phase | requests | seconds |\n| --- | ---: | ---: |".to_owned());
        let phase =
            |of: &PhaseTaken| format!("| {} | {} | {:.1} |", of.name, of.requests, of.took.as_secs_f64());
        lines.extend(self.phases.iter().map(phase));
        for (title, rows) in [("Groups of operations", &self.groups), ("Operations", &self.operations)] {
            lines.push(format!("\n## {title}\n\n| milliseconds | requests | p50 | p95 | max |\n| --- | ---: | ---: | ---: | ---: |"));
            lines.extend(rows.iter().chain(std::iter::once(&self.together)).map(row));
        }
        if !self.differences.is_empty() {
            lines.push("\n## What differs from the rules\n".to_owned());
            lines.extend(self.differences.iter().map(|difference| format!("- {difference}")));
        }
        lines.join("\n") + "\n"
    }
}

fn both(Label { zh, en }: &Label) -> String {
    format!("{zh} · {en}")
}

fn said(entry: &Entry) -> String {
    match &entry.said {
        Said::Done(what) if what.ends_with('。') => what.clone(),
        Said::Done(what) => format!("{what}."),
        Said::Refused(refusal) => refused(refusal),
    }
}

fn refused(refusal: &Refusal) -> String {
    let Refusal { who, operation, status, code, sentence, times } = refusal;
    let asked = operation.map_or("(no operation)", |operation| operation.code());
    let more = if *times > 1 { format!(" (×{times})") } else { String::new() };
    format!("✗ {who}: {asked} → {status} {code}{more}. {sentence}")
}

fn row(latency: &Latency) -> String {
    let [median, p95, most] = [latency.median, latency.p95, latency.most].map(millis);
    format!("| {} | {} | {median} | {p95} | {most} |", latency.name, latency.requests)
}
