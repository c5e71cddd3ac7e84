//! Calibrated rankings over HTTP: official and not, each figure with its sentence, trials, diagnostics and pictures.

use std::collections::BTreeSet;

use pingxuan_domain::policy::{Reach, Who, rule};
use pingxuan_domain::{Operation, Role};
use pingxuan_tests::contract::{DOCUMENT, operations};
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::jobs::{exported, lines};
use pingxuan_tests::selection::{members, only, ranking_of};
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use uuid::Uuid;

const SVG: &str = "image/svg+xml";
const SUPERVISORS: [&str; 7] = ["甲督导", "乙督导", "丙督导", "丁督导", "戊督导", "己督导", "庚督导"];
/// Any two of seven townships have one supervisor in common: the best design that there is.
const PLANE: [&[usize]; 7] =
    [&[0, 1, 3], &[1, 2, 4], &[2, 3, 5], &[3, 4, 6], &[4, 5, 0], &[5, 6, 1], &[6, 0, 2]];
/// Two teams that no supervisor links.
const TEAMS: [&[usize]; 4] = [&[0, 1], &[0, 1], &[2, 3], &[2, 3]];
/// How good the townships are, how generous the supervisors, and what neither explains, in half points.
const QUALITY: [u16; 7] = [160, 163, 166, 158, 170, 161, 165];
const GENEROUS: [u16; 7] = [0, 14, 3, 9, 1, 12, 6];

/// What the seven townships score, the best first.
const CALIBRATED: [&str; 7] = ["88.65", "86.90", "85.97", "85.41", "84.27", "84.03", "82.76"];

fn halves(township: usize, supervisor: usize) -> u16 {
    let noise = (township * 5 + supervisor * 3) % 4;
    QUALITY[township] + GENEROUS[supervisor] + u16::try_from(noise).unwrap()
}

fn points(halves: u16) -> String {
    format!("{}{}", halves / 2, if halves % 2 == 1 { ".5" } else { "" })
}

/// The townships of 2022 alone, two of them to be commended by what their sheets say.
fn townships(policy: &str, visits: usize) -> Value {
    let mut definition = only(TOWNSHIP);
    let decided = [
        ("scoring_policy", json!(policy)),
        ("visits", json!(visits)),
        ("quota", json!(2)),
        ("blend", json!({"verified": 100, "assessment": 0})),
    ];
    for (member, value) in decided {
        definition["categories"][0][member]["value"] = value;
    }
    definition
}

/// Townships that supervisors have scored, each those of its row: the campaign, and the applications in order.
async fn scored(world: &World, policy: &str, design: &[&[usize]]) -> (Uuid, Vec<Uuid>) {
    let declared: Vec<_> =
        COUNTY.of_kind("township").take(design.len()).map(|unit| (unit, TOWNSHIP)).collect();
    let (campaign, applications) = world.verifying_by(townships(policy, design[0].len()), &declared).await;
    // Nothing is confirmed that falls apart: somebody who visits all townships holds them together, and is taken off again.
    let link = world.supervisor("辛督导").await;
    let mut links = Vec::new();
    for application in &applications {
        links.push(world.confirmed(campaign, *application, &link).await);
    }
    for (township, supervisors) in design.iter().enumerate() {
        for number in *supervisors {
            let supervisor = world.supervisor(SUPERVISORS[*number]).await;
            let given = points(halves(township, *number));
            world.scored((campaign, applications[township]), &supervisor, (5, &given)).await;
        }
    }
    let office = world.office().await;
    for link in links {
        office.delete(&format!("/assignments/{link}")).if_match("*").await.expect(204);
    }
    world.advanced(campaign).await.expect(200);
    (campaign, applications)
}

async fn ranking(world: &World, campaign: Uuid) -> Reply {
    world.office().await.get(&ranking_of(campaign, TOWNSHIP)).await.expect(200)
}

/// The mean of what was given, in hundredths, by township.
fn raw_mean(township: usize) -> String {
    let given: u32 = PLANE[township].iter().map(|number| u32::from(halves(township, *number))).sum();
    let hundredths = (given * 100 + 3) / 6;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

async fn follow(who: &Person, href: &str, language: &str) -> Reply {
    let place = href.strip_prefix("/api/v1").unwrap();
    who.get(place).header("accept-language", language).await.expect(200)
}

/// Every `explanation` and `…_explanation` of a body: where it stands, and what it says.
fn sentences(body: &Value) -> Vec<(String, String)> {
    fn collect(at: &str, value: &Value, into: &mut Vec<(String, String)>) {
        match value {
            Value::Object(object) => {
                for (name, member) in object {
                    let place = format!("{at}/{name}");
                    match member.as_str().filter(|_| name.ends_with("explanation")) {
                        Some(said) => into.push((place, said.to_owned())),
                        None => collect(&place, member, into),
                    }
                }
            }
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    collect(&format!("{at}/{place}"), item, into);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    collect("", body, &mut found);
    found
}

/// The same figures say something in both languages, and nothing is left of a key or a fact.
fn told_in_both(chinese: &Reply, english: &Reply) {
    let (one, other) = (sentences(&chinese.body), sentences(&english.body));
    assert!(!one.is_empty(), "{chinese}");
    let places = |of: &[(String, String)]| of.iter().map(|(place, _)| place.clone()).collect::<Vec<_>>();
    assert_eq!(places(&one), places(&other));
    for ((place, zh), (_, en)) in one.iter().zip(&other) {
        assert_ne!(zh, en, "{place}");
        for said in [zh, en] {
            assert!(
                !said.is_empty() && !said.contains(['{', '}']) && !said.starts_with("explain-"),
                "{place}: {said}"
            );
        }
        assert!(!en.contains(['。', '，', '：']), "{place}: {en}");
    }
}

both! {
    async fn d_607_a_calibration_that_the_visits_carry_is_official(world: World) {
        let (campaign, applications) = scored(&world, "calibrated", &PLANE).await;
        let found = ranking(&world, campaign).await;
        assert_eq!((found.at("/calibration/official"), found.at("/calibration/obstacles")), (&json!(true), &json!([])));
        assert_eq!((found.at("/calibration/design/components"), found.at("/calibration/design/grade")), (&json!(1), &json!("good")));
        assert_eq!(found.at("/calibration/design/share_of_bound"), "1");
        assert_eq!(found.at("/calibration/simulation/draws"), 10_000);
        // The same on every database; the raw means put others first.
        assert_eq!(members(found.list_at("/entries"), "score"), CALIBRATED);
        let mut likely = 0.0;
        for entry in found.list_at("/entries") {
            let township = applications.iter().position(|id| entry["application_id"] == id.to_string()).unwrap();
            assert_eq!((&entry["applied_policy"], &entry["raw_mean"]), (&json!("calibrated"), &json!(raw_mean(township))));
            assert_eq!((&entry["score"], &entry["verified"]), (&entry["calibrated"]["score"], &entry["score"]));
            let interval = &entry["calibrated"]["rank_interval"];
            assert!(interval["first"].as_u64() <= interval["last"].as_u64(), "{entry}");
            likely += entry["calibrated"]["probability"].as_str().unwrap().parse::<f64>().unwrap();
        }
        assert!((likely - 2.0).abs() < 1e-4, "the probabilities of all are the places: {likely}");
        let best = [4, 2].map(|township: usize| applications[township].to_string());
        assert_eq!(members(&found.list_at("/entries")[..2], "application_id"), best);
        assert_eq!(found.etag(), ranking(&world, campaign).await.etag());
    }

    async fn d_610_a_calibrated_ranking_is_written_out_with_what_it_says(world: World) {
        let (campaign, _) = scored(&world, "calibrated", &PLANE).await;
        let office = world.office().await;
        let job = exported(&office, json!({"what": "ranking", "format": "csv", "campaign_id": campaign})).await;
        let written = lines(&office, &job).await;
        let of = |line: &[String], title: &str| {
            let place = written[0].iter().position(|found| found == title);
            line[place.unwrap_or_else(|| panic!("no {title} in {:?}", written[0]))].clone()
        };
        let shown = ranking(&world, campaign).await;
        let entries = shown.list_at("/entries");
        assert_eq!(written.len(), entries.len() + 1);
        for (line, entry) in written.iter().skip(1).zip(entries) {
            let text = |pointer: &str| entry.pointer(pointer).unwrap().to_string().trim_matches('"').to_owned();
            for (title, pointer) in [
                ("原始均分", "/raw_mean"),
                ("校准分", "/calibrated/figure"),
                ("误差", "/calibrated/standard_error"),
                ("入选把握", "/calibrated/probability"),
                ("名次区间(起)", "/calibrated/rank_interval/first"),
                ("名次区间(止)", "/calibrated/rank_interval/last"),
            ] {
                let figure = |text: String| text.parse::<f64>().unwrap();
                assert_eq!(figure(of(line, title)), figure(text(pointer)), "{title} of {entry}");
            }
            let zone = entry["calibrated"]["zone"].as_str().unwrap();
            let said = [("secure", "稳入"), ("borderline", "临界"), ("outside", "未入")];
            let said = said.into_iter().find(|(code, _)| *code == zone).map(|(_, said)| said);
            assert_eq!(of(line, "判断"), said.unwrap_or_else(|| panic!("{zone}")));
        }
    }

    async fn d_607_where_teams_do_not_meet_the_raw_means_are_official_and_it_is_said_why(world: World) {
        let (campaign, _) = scored(&world, "calibrated", &TEAMS).await;
        let found = ranking(&world, campaign).await;
        assert_eq!(found.at("/calibration/official"), false);
        let kinds: BTreeSet<String> = members(found.list_at("/calibration/obstacles"), "kind").into_iter().collect();
        let expected = ["disconnected", "few_degrees_of_freedom", "few_visits", "poor_design"];
        assert_eq!(kinds, expected.map(str::to_owned).into());
        let few = found.list_at("/calibration/obstacles").iter().filter(|one| one["kind"] == "few_visits");
        assert_eq!(few.filter(|one| !one["supervisor_id"].is_null()).count(), 4);
        for entry in found.list_at("/entries") {
            assert_eq!((&entry["applied_policy"], &entry["score"]), (&json!("mean"), &entry["raw_mean"]), "{entry}");
            assert!(entry["calibrated"]["figure"].is_string(), "the calibrated figure is information: {entry}");
            assert!(entry["calibrated"].get("probability").is_none(), "teams cannot be compared: {entry}");
        }
        let office = world.office().await;
        let english = office.get(&ranking_of(campaign, TOWNSHIP)).header("accept-language", "en").await.expect(200);
        told_in_both(&found, &english);
        for name in &SUPERVISORS[..4] {
            assert!(english.text.contains(name), "who has too few sheets is named: {english}");
        }
        let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201);
        assert_eq!(list.at("/entries/0/score"), &found.list_at("/entries")[0]["raw_mean"]);
    }

    async fn d_610_links_lead_from_a_place_to_its_sheets_and_each_figure_has_its_sentence(world: World) {
        let (campaign, _) = scored(&world, "calibrated", &PLANE).await;
        for who in [world.office().await, world.approver().await, world.auditor().await] {
            let place = format!("/api/v1{}", ranking_of(campaign, TOWNSHIP));
            let (chinese, english) = (follow(&who, &place, "zh-CN").await, follow(&who, &place, "en").await);
            told_in_both(&chinese, &english);
            let href = chinese.text_at("/entries/0/explanation_href");
            let (opened, english) = (follow(&who, &href, "zh-CN").await, follow(&who, &href, "en").await);
            told_in_both(&opened, &english);
            let figures = [
                ("/entry/score", "/entry/explanation"),
                ("/entry/verified", "/verified_explanation"),
                ("/entry/raw_mean", "/raw_mean_explanation"),
                ("/entry/calibrated/figure", "/entry/calibrated/figure_explanation"),
                ("/entry/calibrated/standard_error", "/entry/calibrated/standard_error_explanation"),
                ("/entry/calibrated/probability", "/entry/calibrated/probability_explanation"),
                ("/entry/calibrated/rank_interval", "/entry/calibrated/rank_interval_explanation"),
                ("/entry/calibrated/zone", "/entry/calibrated/zone_explanation"),
            ];
            for (figure, sentence) in figures {
                assert!(!opened.at(figure).is_null(), "{opened}\nwithout {figure}");
                assert!(!opened.text_at(sentence).is_empty(), "{opened}\nwithout {sentence}");
            }
            assert!(opened.text_at("/raw_mean_explanation").contains(&opened.text_at("/entry/raw_mean")));
            assert!(opened.text_at("/entry/explanation").contains(&opened.text_at("/entry/score")));
            assert!(opened.text_at("/verified_explanation").contains(&opened.text_at("/entry/verified")));
            let sheets = opened.list_at("/sheets");
            assert_eq!(sheets.len(), 3);
            let mut sum = 0.0;
            for sheet in sheets {
                let text = |pointer: &str| sheet.pointer(pointer).unwrap().as_str().unwrap().to_owned();
                let number = |pointer: &str| text(pointer).parse::<f64>().unwrap();
                let left = number("/composite") - number("/calibrated/leniency");
                assert!((left - number("/calibrated/adjusted")).abs() < 2e-6, "{sheet}");
                sum += number("/calibrated/adjusted");
                let read = follow(&who, &text("/href"), "zh-CN").await;
                assert_eq!(read.text_at("/assignment_id"), text("/assignment_id"));
                assert_eq!(read.text_at("/composite"), text("/composite"));
            }
            let figure: f64 = opened.text_at("/entry/calibrated/figure").parse().unwrap();
            assert!((sum / 3.0 - figure).abs() < 2e-6, "{opened}");
        }
    }

    async fn d_607_a_trial_under_the_mean_is_the_raw_means_and_leaves_nothing_behind(world: World) {
        let (campaign, applications) = scored(&world, "calibrated", &PLANE).await;
        let place = ranking_of(campaign, TOWNSHIP);
        let what_if = format!("{place}/what-if");
        let (office, auditor) = (world.office().await, world.auditor().await);
        let events = || async {
            let asked = format!("/audit-events?campaign_id={campaign}&limit=1");
            auditor.get(&asked).await.expect(200).column("id")
        };
        let (before, last) = (ranking(&world, campaign).await, events().await);
        let tried = office.post(&what_if).json(json!({"scoring_policy": "mean"})).await.expect(200);
        assert_eq!(tried.at("/official"), false);
        assert_eq!((tried.at("/ranking/scoring_policy"), tried.at("/ranking/calibration")), (&json!("mean"), &Value::Null));
        assert_eq!(tried.at("/ranking/allowed_actions"), &json!([]), "nothing can be done with a trial");
        for (township, id) in applications.iter().enumerate() {
            let of = |list: &str| {
                tried.list_at(list).iter().find(|row| row["application_id"] == id.to_string()).unwrap().clone()
            };
            let (entry, moved) = (of("/ranking/entries"), of("/moves"));
            assert_eq!(entry["score"], raw_mean(township));
            assert_eq!((&moved["supposed_score"], &moved["supposed_rank"]), (&entry["score"], &entry["rank"]));
            let there = before.list_at("/entries").iter().find(|row| row["application_id"] == id.to_string()).unwrap();
            assert_eq!((&moved["score"], &moved["rank"]), (&there["score"], &there["rank"]));
            assert_eq!(moved["within"], there["rank"].as_u64().unwrap() <= 2);
        }
        assert_ne!(members(tried.list_at("/ranking/entries"), "application_id"), members(before.list_at("/entries"), "application_id"));
        let more = office.post(&what_if).json(json!({"quota": 3})).await.expect(200);
        assert_eq!(more.list_at("/moves").iter().filter(|row| row["supposed_within"] == true).count(), 3);
        let same = office.post(&what_if).json(json!({})).await.expect(200);
        assert_eq!(same.at("/ranking/digest"), before.at("/digest"));
        for who in [world.approver().await, auditor.clone()] {
            who.post(&what_if).json(json!({"quota": 1})).await.expect(200);
        }
        let after = ranking(&world, campaign).await;
        assert_eq!((after.etag(), &after.body), (before.etag(), &before.body));
        assert_eq!(events().await, last, "nothing is recorded");
    }

    async fn d_607_what_no_definition_may_say_is_refused_where_it_is_said(world: World) {
        let (campaign, _) = scored(&world, "calibrated", &TEAMS).await;
        let what_if = format!("{}/what-if", ranking_of(campaign, TOWNSHIP));
        let office = world.office().await;
        let weight = |criterion: u32, weight: u32| json!({"criterion": criterion, "weight": weight});
        let cases = [
            (json!({"scoring_policy": "trimmed_mean"}), "/scoring_policy", "visits_too_few"),
            (json!({"blend": {"verified": 70, "assessment": 20}}), "/blend", "blend_not_hundred"),
            (json!({"weights": [weight(1, 100)]}), "/weights", "too_few"),
            (json!({"weights": [weight(9, 100)]}), "/weights/0/criterion", "unknown_criterion"),
            (json!({"weights": [weight(1, 50), weight(1, 50)]}), "/weights/1/criterion", "duplicate"),
            (json!({"weights": (1..=5).map(|number| weight(number, 10)).collect::<Vec<_>>()}), "/weights", "weights_not_hundred"),
            (json!({"stored": true}), "/stored", "unknown_member"),
        ];
        for (body, pointer, code) in cases {
            office.post(&what_if).json(body).await.invalid(&[(pointer, code)]);
        }
        let elsewhere = format!("{}/what-if", ranking_of(campaign, "no_such_category"));
        office.post(&elsewhere).json(json!({})).await.refused(404, "not_found");
    }

    async fn d_610_the_diagnostics_show_scales_findings_and_pictures(world: World) {
        let (campaign, _) = scored(&world, "calibrated", &PLANE).await;
        let office = world.office().await;
        let href = ranking(&world, campaign).await.text_at("/diagnostics_href");
        let (chinese, english) = (follow(&office, &href, "zh-CN").await, follow(&office, &href, "en").await);
        told_in_both(&chinese, &english);
        assert_eq!(chinese.at("/calibration/official"), true);
        let scales = members(chinese.list_at("/supervisors"), "leniency");
        let numbers: Vec<f64> = scales.iter().map(|scale| scale.parse().unwrap()).collect();
        assert!(numbers.len() == 7 && numbers.is_sorted_by(|one, next| one >= next), "{scales:?}");
        assert!(numbers.iter().sum::<f64>().abs() < 1e-5, "{scales:?}");
        let names = members(chinese.list_at("/supervisors"), "supervisor_name");
        assert_eq!((names[0].as_str(), names[6].as_str()), (SUPERVISORS[1], SUPERVISORS[0]));
        // No visit has a photo, and the clock stands: sheets are submitted at once.
        let kinds: BTreeSet<String> = members(chinese.list_at("/findings"), "kind").into_iter().collect();
        assert!(kinds.contains("no_proof") && kinds.contains("close_in_time"), "{kinds:?}");
        let found = chinese.list_at("/findings").iter().filter_map(|finding| finding.pointer("/sheets/0/href"));
        let sheet = follow(&office, found.clone().next().unwrap().as_str().unwrap(), "zh-CN").await;
        assert_eq!(sheet.at("/state"), "submitted");

        let places = [chinese.text_at("/ranking_href"), href];
        for place in places.iter().map(|href| href.strip_prefix("/api/v1").unwrap()) {
            let chinese = office.get(place).header("accept", SVG).await.expect(200);
            assert_eq!(chinese.header("content-type"), Some(SVG));
            assert!(chinese.text.starts_with("<svg") && chinese.text.ends_with("</svg>\n"), "{chinese}");
            let english = office.get(place).header("accept", SVG).header("accept-language", "en").await.expect(200);
            assert_ne!(chinese.text, english.text);
            assert!(english.text.contains("Demonstration township"), "{english}");
            assert!(chinese.headers.get_all("vary").iter().any(|names| names == "Accept"));
            office.get(place).header("accept", "text/html").await.refused(406, "not_acceptable");
            office.get(place).header("accept", SVG).header("if-none-match", &chinese.etag()).await.expect(304);
        }
    }

    async fn d_610_what_a_mean_would_be_calibrated_is_information(world: World) {
        let (campaign, _) = scored(&world, "mean", &TEAMS).await;
        let found = ranking(&world, campaign).await;
        assert_eq!(found.at("/calibration"), &Value::Null);
        assert!(found.list_at("/entries").iter().all(|entry| entry.get("raw_mean").is_none() && entry.get("calibrated").is_none()));
        let office = world.office().await;
        let diagnosed = follow(&office, &found.text_at("/diagnostics_href"), "zh-CN").await;
        assert_eq!((diagnosed.at("/scoring_policy"), diagnosed.at("/calibration/official")), (&json!("mean"), &json!(false)));
        assert_eq!(diagnosed.list_at("/supervisors").len(), 4);
        let place = ranking_of(campaign, TOWNSHIP);
        let drawn = office.get(&place).header("accept", SVG).await.expect(200);
        assert!(drawn.text.starts_with("<svg"), "{drawn}");
    }

    async fn d_605_a_supervisor_is_not_shown_anothers_scale(world: World) {
        let (campaign, applications) = scored(&world, "calibrated", &TEAMS).await;
        let place = ranking_of(campaign, TOWNSHIP);
        let supervisor = world.supervisor(SUPERVISORS[0]).await;
        for who in [supervisor.clone(), world.unit(COUNTY.of_kind("township").next().unwrap()).await] {
            for below in ["", "/diagnostics", &format!("/{}", applications[0])] {
                for accepted in ["application/json", SVG] {
                    who.get(&format!("{place}{below}")).header("accept", accepted).await.refused(403, "role_not_permitted");
                }
            }
            who.post(&format!("{place}/what-if")).json(json!({"scoring_policy": "mean"})).await.refused(403, "role_not_permitted");
        }
        world.public().get(&format!("{place}/diagnostics")).await.refused(401, "unauthenticated");
        let own = supervisor.get(&format!("/campaigns/{campaign}/assignments")).await.expect(200);
        assert_eq!(own.items().len(), 2);
        for id in own.column("id") {
            let sheet = supervisor.get(&format!("/assignments/{id}/score-sheet")).await.expect(200);
            assert!(!sheet.text.contains("leniency") && !sheet.text.contains("calibrated"), "{sheet}");
        }
    }
}

/// What a supervisor may call for more than what is their own tells nothing of how generous anybody is.
#[test]
fn d_605_no_operation_of_a_supervisor_shows_anothers_scale() {
    let calls = |operation: &Operation| {
        rule(*operation).iter().any(|grant| {
            [Who::Public, Who::LoggedIn, Who::Role(Role::Supervisor)].contains(&grant.who)
                && grant.reach != Reach::Own
        })
    };
    let called: BTreeSet<String> =
        Operation::iter().filter(calls).map(|operation| operation.code().to_owned()).collect();
    assert!(called.contains("get_site_visit") && !called.contains("get_scoring_diagnostics"), "{called:?}");
    for stated in operations().iter().filter(|stated| called.contains(&stated.id)) {
        let told = properties(&stated.stated["responses"]);
        assert!(
            told.is_disjoint(&["leniency".into(), "calibrated".into()].into()),
            "{}: {told:?}",
            stated.id
        );
    }
}

/// The names of all members below a part of the document, what it refers to included.
fn properties(part: &Value) -> BTreeSet<String> {
    let (mut names, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![part]);
    while let Some(next) = open.pop() {
        if let Some(there) = next.get("$ref").and_then(Value::as_str).filter(|there| seen.insert(*there)) {
            open.extend(DOCUMENT.pointer(there.trim_start_matches('#')));
        }
        names.extend(
            next.get("properties").and_then(Value::as_object).into_iter().flat_map(|of| of.keys().cloned()),
        );
        match next {
            Value::Object(of) => open.extend(of.values()),
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    names
}
