//! How many SQL statements the main operations send, as `docs/queries.md` has it.

use pingxuan_domain::Operation;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::selection::{NOTICE_OVER, approve, close, only, ranking_of, shown};
use pingxuan_tests::statements::Counted;
use pingxuan_tests::story::{TOWNSHIP, decision_record, filled_form, receive_paper};
use pingxuan_tests::verification::{sheet, submit_sheet};
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{World, both, pages};
use serde_json::{Value, json};

/// What a unit declares and the office takes, in the campaign that accepts.
async fn declared(world: &World, server: &World, counted: &mut Counted) {
    let campaign = world.accepting_campaign().await;
    let units: Vec<&str> = COUNTY.of_kind("township").take(6).collect();
    for unit in &units[1..] {
        world.submitted(campaign, unit, TOWNSHIP).await;
    }
    let office = counted.known(server, &world.office().await).await;
    let unit = counted.known(server, &world.unit(units[0]).await).await;

    let body = json!({"campaign_id": campaign, "category_code": TOWNSHIP, "form": filled_form(TOWNSHIP, units[0], 1)});
    let draft = unit.post("/applications").json(body);
    let draft = counted.count(Operation::CreateApplication, "a draft with its form", draft).await.expect(201);
    let place = format!("/applications/{}", draft.id());
    let seen = counted.count(Operation::GetApplication, "one's own", unit.get(&place)).await.expect(200);
    let submit = unit.post(&format!("{place}/submit")).if_match(&seen.etag());
    counted.count(Operation::SubmitApplication, "", submit).await.expect(200);

    counted.count(Operation::GetApplication, "by the office", office.get(&place)).await.expect(200);
    let list = format!("/applications?campaign_id={campaign}&sort=nominee_name");
    let mut place_of_page = format!("{list}&limit=2");
    for what in ["a first page", "a page after it", "a last page"] {
        let page =
            counted.count(Operation::ListApplications, what, office.get(&place_of_page)).await.expect(200);
        assert_eq!(page.items().len(), 2, "{page}");
        place_of_page = format!("{list}&limit=2&cursor={}", page.next_cursor().unwrap_or_default());
    }
    let page = office.get(&format!("{list}&limit=100"));
    counted.count(Operation::ListApplications, "all on one page", page).await.expect(200);

    receive_paper(&world.office().await, draft.id()).await.expect(200);
    let etag = world.office().await.etag_of(&place).await;
    let accept = office.post(&format!("{place}/accept")).if_match(&etag).json(json!({}));
    counted.count(Operation::AcceptApplication, "a transition", accept).await.expect(200);
}

/// What is scored, ranked, decided and read by everyone.
async fn selected(world: &World, server: &World, counted: &mut Counted) {
    let townships: Vec<&str> = COUNTY.of_kind("township").take(2).collect();
    let nominated: Vec<_> = townships.iter().map(|unit| (*unit, TOWNSHIP)).collect();
    let (campaign, applications) = world.verifying_by(only(TOWNSHIP), &nominated).await;
    let scorers = [world.supervisor("钟甲").await, world.supervisor("钟乙").await];
    for application in &applications {
        for scorer in &scorers {
            let assignment = world.drafted_sheet((campaign, *application), scorer, (5, "80")).await;
            if (application, scorer.username()) == (&applications[0], scorers[0].username()) {
                let place = format!("/assignments/{assignment}/score-sheet");
                let etag = scorer.etag_of(&place).await;
                let save =
                    counted.known(server, scorer).await.put(&place).if_match(&etag).json(sheet(5, "90"));
                counted.count(Operation::SaveScoreSheet, "a sheet of five scores", save).await.expect(200);
            }
            submit_sheet(scorer, assignment).await.expect(200);
        }
    }
    for unit in &townships {
        world.assessed(unit, json!({"score": "90.00"})).await.expect(201);
    }
    world.advanced(campaign).await.expect(200);

    let office = counted.known(server, &world.office().await).await;
    let ranking = ranking_of(campaign, TOWNSHIP);
    counted.count(Operation::GetRanking, "", office.get(&ranking)).await.expect(200);

    let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201).id();
    world.office().await.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
    let notices = shown(world, list).await;
    world.move_clock(NOTICE_OVER).await;
    for notice in notices {
        close(&world.office().await, notice).await.expect(200);
    }
    approve(&world.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
    world.advanced(campaign).await.expect(200);
    let awards = server.public().get("/public/awards");
    let awards = counted.count(Operation::ListPublicAwards, "without a log-in", awards).await.expect(200);
    assert_eq!(awards.items().len(), townships.len());
}

both! {
    async fn the_main_operations_send_as_many_statements_as_are_written_down(world: World) {
        let mut counted = Counted::default();
        let heard = counted.statements();
        let page = world.beside_as(|app| heard.hear(app), async |server: World| {
            declared(&world, &server, &mut counted).await;
            selected(&world, &server, &mut counted).await;
            let office = world.office().await;
            let body = json!({"username": office.username(), "password": PASSWORD});
            let log_in = server.public().post("/auth/login").json(body);
            counted.count(Operation::Login, "without a second factor", log_in).await.expect(200);
            counted.page()
        });
        pages::compare("docs/queries.md", &page.await);
    }
}
