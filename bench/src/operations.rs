//! The main operations: how each is asked for, what a right answer has, and the table of what came of it.

use std::time::Duration;

use pingxuan_tests::story::{INDIVIDUAL, TOWNSHIP};
use pingxuan_tests::verification::sheet;
use reqwest::Method;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use crate::driving::{Ask, Load, Run, drive};
use crate::processes::{Server, processor_time};
use crate::seeding::Scene;
use crate::targets::{Target, Targets, log_in};

/// Who hashes passwords at once at most; more only wait.
const LOG_INS: usize = 8;

/// What is measured. What is created is submitted next, and what is submitted is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumIter)]
enum Operation {
    GetById,
    FirstPage,
    DeepPage,
    CreateDraft,
    Submit,
    Return,
    SaveScoreSheet,
    Ranking,
    LogIn,
    PublicAwards,
}

/// The list that is read page by page.
pub fn list(scene: &Scene, limit: u32, cursor: &str) -> String {
    let cursor = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
    let of = format!("campaign_id={}&category_code={INDIVIDUAL}&state=submitted", scene.full);
    format!("/applications?{of}&limit={limit}{cursor}")
}

impl Operation {
    fn title(self) -> &'static str {
        match self {
            Self::GetById => "get by id",
            Self::FirstPage => "page of 20, the first",
            Self::DeepPage => "page of 20, in the middle",
            Self::CreateDraft => "create a draft",
            Self::Submit => "submit",
            Self::Return => "transition (return)",
            Self::SaveScoreSheet => "save a score sheet",
            Self::Ranking => "ranking",
            Self::LogIn => "log in, 8 clients",
            Self::PublicAwards => "public awards",
        }
    }

    /// The status of a right answer, and a member that it has.
    fn answer(self) -> (u16, &'static str) {
        match self {
            Self::GetById => (200, "\"form\""),
            Self::FirstPage | Self::DeepPage | Self::PublicAwards => (200, "\"items\""),
            Self::CreateDraft => (201, "\"id\""),
            Self::Submit => (200, "\"submitted\""),
            Self::Return => (200, "\"returned\""),
            Self::SaveScoreSheet => (200, "\"scores\""),
            Self::Ranking => (200, "\"entries\""),
            Self::LogIn => (200, "\"access_token\""),
        }
    }

    fn clients(self, most: usize) -> usize {
        if self == Self::LogIn { most.min(LOG_INS) } else { most }
    }

    /// The next request, and the unit whose draft it begins where that can be submitted: in each campaign a unit stands
    /// once. None where there is nothing left to do it to.
    fn ask(self, target: &Target, scene: &Scene) -> Option<(Ask, Option<usize>)> {
        let counter = if self == Self::CreateDraft { &target.created } else { &target.asked };
        let turn = counter.replace(counter.get() + 1);
        let unit = turn % target.units.len();
        let begins = self == Self::CreateDraft && turn < target.units.len() * target.campaigns.len();
        let (office, own) = (Some(target.office.as_str()), target.units.get(unit).map(String::as_str));
        let ask = match self {
            Self::GetById => {
                let id = scene.read.get(turn % scene.read.len())?;
                Ask::get(format!("/applications/{id}"), office)
            }
            Self::FirstPage => Ask::get(list(scene, 20, ""), office),
            Self::DeepPage => Ask::get(list(scene, 20, &target.deep), office),
            Self::Ranking => {
                Ask::get(format!("/campaigns/{}/categories/{TOWNSHIP}/ranking", scene.ranked), office)
            }
            Self::PublicAwards => Ask::get("/public/awards", None),
            Self::LogIn => log_in(scene.units.get(unit)?),
            Self::CreateDraft => {
                let campaign = target.campaigns.get(turn / target.units.len() % target.campaigns.len())?;
                let body = json!({"campaign_id": campaign, "category_code": TOWNSHIP, "form": scene.form});
                Ask::change(Method::POST, "/applications", own, body)
            }
            Self::Submit => {
                let (id, unit) = target.drafts.borrow_mut().pop_front()?;
                let token = target.units.get(unit).map(String::as_str);
                let place = format!("/applications/{id}/submit");
                target.submitted.borrow_mut().push_back((id, unit));
                Ask::change(Method::POST, place, token, "")
            }
            Self::Return => {
                let (id, unit) = target.submitted.borrow_mut().pop_front()?;
                let body = json!({"reason": "请补充事迹。", "correct_by": scene.correct_by});
                let place = format!("/applications/{id}/return");
                target.drafts.borrow_mut().push_back((id, unit));
                Ask::change(Method::POST, place, office, body)
            }
            Self::SaveScoreSheet => {
                let (assignment, supervisor) = target.sheets.get(turn % target.sheets.len())?;
                let place = format!("/assignments/{assignment}/score-sheet");
                let token = target.supervisors.get(*supervisor).map(String::as_str);
                Ask::change(Method::PUT, place, token, sheet(5, &(60 + turn % 40).to_string()))
            }
        };
        Some((ask, begins.then_some(unit)))
    }

    /// Looks at an answer; what was begun can be submitted next.
    fn answered(self, target: &Target, begun: Option<usize>, (status, text): (u16, &str)) {
        let (wanted, member) = self.answer();
        assert!(
            status == wanted && text.contains(member),
            "{} {}: {status} {text}",
            target.name,
            self.title()
        );
        if let Some(unit) = begun {
            let body: Value = serde_json::from_str(text).expect("JSON");
            let id = body.get("id").and_then(Value::as_str).expect("an id").to_owned();
            target.drafts.borrow_mut().push_back((id, unit));
        }
    }
}

/// What a server did for a while, with the processor time for each answer.
#[derive(Clone, Debug)]
pub struct Measured {
    operation: &'static str,
    server: &'static str,
    paced: bool,
    run: Run,
    own_time: Duration,
    database_time: Duration,
}

/// The part of what the slower of two servers answered at full speed that both are asked for, to compare how long answers take.
const EQUAL_LOAD: f64 = 0.5;

/// Lets each server have its turn at each operation, again and again: at full speed, and then at a pace that is the same for both.
pub async fn measure(
    targets: &mut Targets,
    scene: &Scene,
    (clients, time, turns): (usize, Duration, u16),
) -> Vec<Measured> {
    let full = Load { clients, time, pace: None };
    let mut measured = Vec::new();
    for _ in 0..turns {
        targets.let_in(scene).await;
        let mut slower = Vec::new();
        for operation in Operation::iter() {
            let load = Load { clients: operation.clients(clients), ..full };
            let mut rate = f64::INFINITY;
            for target in targets.able() {
                let done = operation.measured(targets, target, scene, load).await;
                rate = rate.min(done.run.rate());
                measured.push(done);
            }
            slower.push((operation, load, rate));
        }
        // Apart, since at full speed all that there is may be submitted; it has been returned by now.
        for (operation, load, rate) in slower {
            let load = Load { pace: Some(rate * EQUAL_LOAD), ..load };
            for target in targets.able() {
                measured.push(operation.measured(targets, target, scene, load).await);
            }
        }
        let still = drive(
            &targets.still.url,
            full,
            || Some((Ask::get("", None), ())),
            |(), status, _| assert!(status == 200, "{status}"),
        );
        measured.push(weighed(targets, &targets.still, ("answer at all", "static", false), still).await);
    }
    measured
}

impl Operation {
    async fn measured(self, targets: &Targets, target: &Target, scene: &Scene, load: Load) -> Measured {
        let asked = drive(
            &target.server.url,
            load,
            || self.ask(target, scene),
            |begun, status, text| self.answered(target, begun, (status, text)),
        );
        weighed(targets, &target.server, (self.title(), target.name, load.pace.is_some()), asked).await
    }
}

/// Notes the processor time that went by meanwhile.
async fn weighed(
    targets: &Targets,
    server: &Server,
    (operation, name, paced): (&'static str, &'static str, bool),
    asked: impl Future<Output = Run>,
) -> Measured {
    let spent = || (processor_time(server.pid()), targets.postgres.map(processor_time).unwrap_or_default());
    let (own, database) = spent();
    let run = asked.await;
    let (own_after, database_after) = spent();
    let answers = u32::try_from(run.answers.len()).unwrap_or(u32::MAX);
    assert!(answers > 0, "{name} {operation}: nothing was answered");
    Measured {
        operation,
        server: name,
        paced,
        run,
        own_time: own_after.saturating_sub(own) / answers,
        database_time: database_after.saturating_sub(database) / answers,
    }
}

/// The table: of the turns of each operation the middle one.
pub fn table(measured: &[Measured]) -> String {
    let mut table = "| operation | server | a second | p50 ms | p99 ms | p99 ms at equal load | CPU ms, server | CPU ms, PostgreSQL | rate over the limit's | CPU over the limit's | p99 over the limit's at equal load |\n\
                     | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    let operations = Operation::iter().map(Operation::title).chain(["answer at all"]);
    for (operation, server) in
        operations.flat_map(|operation| ["pingxuan", "limit", "static"].map(|server| (operation, server)))
    {
        let Some(of) = middle(measured, (operation, server, false), |one| one.run.rate()) else { continue };
        let paced =
            |server| middle(measured, (operation, server, true), |one| millis(one.run.percentile(99)));
        let late = |server| paced(server).map(|one| millis(one.run.percentile(99)));
        let limit = middle(measured, (operation, "limit", false), |one| one.run.rate());
        let over = limit.zip(late(server).zip(late("limit"))).map_or_else(
            || " | | ".to_owned(),
            |(limit, (own, limits))| {
                let (rate, time) = (of.run.rate() / limit.run.rate(), ratio(of.time(), limit.time()));
                format!("{rate:.2} | {time:.2} | {:.2}", own / limits)
            },
        );
        table += &format!(
            "| {operation} | {server} | {:.0} | {:.1} | {:.1} | {} | {:.3} | {:.3} | {over} |\n",
            of.run.rate(),
            millis(of.run.percentile(50)),
            millis(of.run.percentile(99)),
            late(server).map(|late| format!("{late:.1}")).unwrap_or_default(),
            millis(of.own_time),
            millis(of.database_time),
        );
    }
    table
}

impl Measured {
    fn time(&self) -> Duration {
        self.own_time + self.database_time
    }
}

fn middle<'a>(
    measured: &'a [Measured],
    (operation, server, paced): (&str, &str, bool),
    by: impl Fn(&Measured) -> f64,
) -> Option<&'a Measured> {
    let of = |one: &&Measured| one.operation == operation && one.server == server && one.paced == paced;
    let mut turns: Vec<&Measured> = measured.iter().filter(of).collect();
    turns.sort_by(|one, other| by(one).total_cmp(&by(other)));
    turns.get(turns.len() / 2).copied()
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
