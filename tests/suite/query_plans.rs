//! Pages of tables that grow without end are found by an index: no database reads one of those whole.

use pingxuan_tests::statements::{Statements, plan};
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::{Person, World, both};

/// The tables that grow from year to year with what is declared and done.
const GROW: [&str; 9] = [
    "applications",
    "application_snapshots",
    "assignments",
    "attachments",
    "audit_events",
    "awards",
    "jobs",
    "objections",
    "score_sheets",
];

/// Whether a step of a plan reads a table that grows from its beginning to its end, in no order.
fn reads_all(step: &str) -> bool {
    let whole = |table: &str| {
        let on = |before: &str| {
            step.find(&format!("{before}{table}")).is_some_and(|at| {
                !step[at..].contains("USING") && ends(&step[at + before.len() + table.len()..])
            })
        };
        on("Seq Scan on ") || on("SCAN ")
    };
    GROW.iter().any(|table| whole(table))
}

fn ends(rest: &str) -> bool {
    rest.chars().next().is_none_or(|next| next == ' ')
}

/// Whether a step of a plan puts rows in order.
fn sorts(step: &str) -> bool {
    step.contains("TEMP B-TREE FOR ORDER BY") || step.trim_start_matches([' ', '-', '>']).ends_with("Sort")
}

/// A list with the filters and the orders that it is asked for by.
type List<'a> = (&'a Person, String, Vec<String>, &'a [&'a str]);

/// The steps by which what is asked for a place is found, of the statements that have a text in them.
async fn steps(heard: &Statements, url: &str, (who, place): (&Person, &str), with: &str) -> Vec<String> {
    drop(heard.taken());
    who.get(place).await.expect(200);
    let asked: Vec<_> = heard.taken().into_iter().filter(|sent| sent.sql.contains(with)).collect();
    assert!(!asked.is_empty(), "{place} asks for nothing");
    let mut found = Vec::new();
    for asked in &asked {
        found.extend(plan(url, asked).await);
    }
    found
}

/// The steps of those by which a table that grows is read whole.
async fn found_whole(
    heard: &Statements,
    url: &str,
    (who, place): (&Person, &str),
    with: &str,
) -> Vec<String> {
    let whole = steps(heard, url, (who, place), with).await.into_iter().filter(|step| reads_all(step));
    whole.map(|step| format!("{place}: {step}")).collect()
}

both! {
    async fn no_page_reads_a_table_that_grows_from_end_to_end(world: World) {
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP)]).await;
        let supervisor = world.supervisor("钟甲").await;
        world.confirmed(campaign, applications[0], &supervisor).await;
        let (unit, application) = (world.unit_id("江背镇").await, applications[0]);
        let heard = Statements::default();
        let url = world.database_url().to_owned();
        let (office, auditor) = (world.office().await, world.auditor().await);
        let found = world.beside_as(|app| heard.hear(app), async |server: World| {
            let office = server.bearer(&office.token().await.unwrap());
            let auditor = server.bearer(&auditor.token().await.unwrap());
            let of_campaign = || format!("campaign_id={campaign}");
            let of_category = || format!("campaign_id={campaign}&category_code={TOWNSHIP}");
            let alone = String::new;
            let lists: Vec<List<'_>> = vec![
                (
                    &office, "/applications".into(),
                    vec![
                        alone(), of_campaign(), of_category(), format!("{}&state=accepted", of_category()),
                        format!("{}&state=accepted", of_campaign()), "state=accepted".into(), format!("unit_id={unit}"),
                    ],
                    &["", "nominee_name", "-nominee_name", "created_at", "-created_at"],
                ),
                (
                    &auditor, "/audit-events".into(),
                    vec![
                        alone(), of_campaign(), format!("object_id={unit}"), format!("actor_id={unit}"),
                        "operation=login".into(), "outcome=denied".into(), "from=2022-11-07T00:00:00Z".into(),
                    ],
                    &[""],
                ),
                (
                    &office, format!("/campaigns/{campaign}/assignments"),
                    vec![
                        alone(), format!("category_code={TOWNSHIP}"), format!("supervisor_id={unit}"),
                        format!("application_id={application}"), "state=confirmed".into(),
                    ],
                    &["", "created_at", "updated_at"],
                ),
                (
                    &office, "/awards".into(), vec![alone(), of_campaign(), of_category(), "year=2022".into(), "name=甲".into()],
                    &["", "certificate_number"],
                ),
                (
                    &office, "/objections".into(), vec![alone(), of_campaign(), format!("application_id={application}"), "state=filed".into()],
                    &["", "filed_at"],
                ),
                (&office, "/jobs".into(), vec![alone(), "state=running".into()], &["", "created_at"]),
                (&office, format!("/applications/{application}/attachments"), vec![alone()], &["", "name", "created_at"]),
                (&office, format!("/applications/{application}/history"), vec![alone()], &[""]),
            ];
            let mut found = Vec::new();
            for (who, list, filters, orders) in &lists {
                for (filter, order) in filters.iter().flat_map(|filter| orders.iter().map(move |order| (filter, order))) {
                    let order = if order.is_empty() { String::new() } else { format!("&sort={order}") };
                    let filter = if filter.is_empty() { String::new() } else { format!("&{filter}") };
                    let place = format!("{list}?limit=2{filter}{order}");
                    found.extend(found_whole(&heard, &url, (who, &place), "ORDER BY").await);
                }
            }
            found
        });
        let found = found.await;
        assert!(found.is_empty(), "{found:#?}");
    }

    async fn nothing_that_is_read_beside_an_application_reads_a_table_that_grows_from_end_to_end(world: World) {
        let campaign = world.accepting_campaign().await;
        let application = world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let heard = Statements::default();
        let url = world.database_url().to_owned();
        let (office, unit) = (world.office().await, world.unit("江背镇").await);
        let found = world.beside_as(|app| heard.hear(app), async |server: World| {
            let mut found = Vec::new();
            for who in [office, unit] {
                let who = server.bearer(&who.token().await.unwrap());
                for place in [format!("/applications/{application}"), "/applications?include=allowed_actions".into()] {
                    found.extend(found_whole(&heard, &url, (&who, &place), "\"applications\"").await);
                }
            }
            found
        });
        let found = found.await;
        assert!(found.is_empty(), "{found:#?}");
    }

    async fn what_stands_of_a_unit_is_counted_without_what_it_withdrew(world: World) {
        let campaign = world.accepting_campaign().await;
        let application = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let heard = Statements::default();
        let url = world.database_url().to_owned();
        let unit = world.unit("江背镇").await;
        let found = world.beside_as(|app| heard.hear(app), async |server: World| {
            let unit = server.bearer(&unit.token().await.unwrap());
            steps(&heard, &url, (&unit, &format!("/applications/{application}")), "count(*) FILTER").await
        });
        let found = found.await;
        assert!(found.iter().any(|step| step.contains("applications_standing_of_unit")), "{found:#?}");
    }

    async fn pages_in_the_order_of_ids_sort_nothing_but_themselves(world: World) {
        let campaign = world.accepting_campaign().await;
        world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let heard = Statements::default();
        let url = world.database_url().to_owned();
        let office = world.office().await;
        let found = world.beside_as(|app| heard.hear(app), async |server: World| {
            let office = server.bearer(&office.token().await.unwrap());
            let mut found = Vec::new();
            for filter in ["", "&state=submitted", &format!("&category_code={TOWNSHIP}"), &format!("&category_code={TOWNSHIP}&state=submitted")] {
                let place = format!("/applications?limit=2&campaign_id={campaign}{filter}");
                found.push((filter.to_owned(), steps(&heard, &url, (&office, &place), "ORDER BY").await));
            }
            found
        });
        for (filter, steps) in found.await {
            let sorts = steps.iter().filter(|step| sorts(step));
            assert!(sorts.count() <= 1, "{filter}: {steps:#?}");
        }
    }
}
