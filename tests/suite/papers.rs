//! Printed papers: what stands on them, who may print them, and what the check says of them (D-503).

use pingxuan_tests::files::{DOCX, check_code};
use pingxuan_tests::selection::{NOTICE_OVER, approve, close};
use pingxuan_tests::story::{INDIVIDUAL, TOWNSHIP, decision_record};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const UNIT: &str = "江背镇";

async fn printed(person: &Person, path: &str, media_type: &str) -> Reply {
    let paper = person.get(path).header("accept", media_type).await.expect(200);
    assert_eq!(paper.header("content-type"), Some(media_type));
    assert!(paper.header("content-disposition").unwrap().starts_with("attachment; "), "{paper}");
    let begins: &[u8] = if media_type == DOCX { b"PK" } else { b"%PDF-" };
    assert!(paper.bytes.starts_with(begins), "{path}");
    paper
}

/// What the check of a paper says.
async fn checked(world: &World, code: &str) -> Reply {
    world.public().get(&format!("/public/documents/{code}")).await.expect(200)
}

/// The supervisors that a selection has commended.
async fn awarded(world: &World) -> (Uuid, Uuid) {
    let campaign = world.selecting(&[("赵一", 3), ("钱二", 2), ("孙三", 1)]).await;
    let (list, notice) = world.noticed(campaign).await;
    world.move_clock(NOTICE_OVER).await;
    close(&world.office().await, notice).await.expect(200);
    approve(&world.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
    world.advanced(campaign).await.expect(200);
    let award = world.office().await.get("/awards").await.expect(200).items()[0]["id"].clone();
    (campaign, award.as_str().unwrap().parse().unwrap())
}

both! {
    async fn d_503_a_form_is_printed_as_it_is_and_a_later_change_makes_the_paper_stale(world: World) {
        let campaign = world.accepting_campaign().await;
        let id = world.drafted(campaign, UNIT, INDIVIDUAL).await;
        let unit = world.unit(UNIT).await;
        let place = format!("/applications/{id}/document");
        let paper = printed(&unit, &place, "application/pdf").await;
        let code = check_code(&paper);
        let again = printed(&unit, &place, DOCX).await;
        assert_eq!(check_code(&again), code, "of the same content it is the same paper");
        let check = checked(&world, &code).await;
        assert_eq!((check.text_at("/kind").as_str(), check.at("/current")), ("application", &json!(true)));
        let application = format!("/applications/{id}");
        assert_eq!(check.at("/digest"), unit.get(&application).await.expect(200).at("/content_digest"));
        assert!(!check.text.contains("张"), "it tells nothing of a person");
        unit.change(&application, json!({"form": {"post": "办公室副主任"}})).await.expect(200);
        assert_eq!(checked(&world, &code).await.at("/current"), &json!(false));
        let new = check_code(&printed(&unit, &place, "application/pdf").await);
        assert_ne!(new, code);
        assert_eq!(checked(&world, &new).await.at("/current"), &json!(true));
        let page = world.public().get(&format!("/public/documents/{code}")).header("accept", "text/html").await.expect(200);
        assert!(page.text.contains("已失效"), "{page}");
        world.public().get("/public/documents/0000-0000-0000").await.refused(404, "not_found");
        unit.get(&place).header("accept", "image/png").await.refused(406, "not_acceptable");
        // Personal values stand on it in clear: the audit says who printed it.
        let events = world.auditor().await.get(&format!("/audit-events?object_id={id}&operation=get_application_document")).await.expect(200);
        assert_eq!(events.items().len(), 3);
        assert_eq!(events.at("/items/0/changed/0/to").as_array().unwrap().len(), 3);
    }

    async fn d_503_nobody_else_prints_a_form(world: World) {
        let campaign = world.accepting_campaign().await;
        let id = world.drafted(campaign, UNIT, TOWNSHIP).await;
        let place = format!("/applications/{id}/document");
        world.unit("高兴镇").await.get(&place).await.refused(404, "not_found");
        world.office().await.get(&place).await.refused(404, "not_found");
        world.supervisor("赵一").await.get(&place).await.refused(403, "role_not_permitted");
        world.unit(UNIT).await.act(&format!("/applications/{id}/submit"), Value::Null).await.expect(200);
        printed(&world.office().await, &place, "application/pdf").await;
        let (campaign, _) = awarded(&world).await;
        let evaluation = world.ranked(campaign).await[0];
        world.office().await.get(&format!("/applications/{evaluation}/document")).await.blocked_by(&["route_not_declared"]);
    }

    async fn d_708_certificates_and_lists_are_printed_from_the_register(world: World) {
        let (campaign, award) = awarded(&world).await;
        let office = world.office().await;
        let certificate = printed(&world.unit(UNIT).await, &format!("/awards/{award}/certificate"), "application/pdf").await;
        let list = printed(&office, &format!("/campaigns/{campaign}/award-list"), DOCX).await;
        let notice = printed(&world.unit(UNIT).await, &format!("/campaigns/{campaign}/notice-document"), "application/pdf").await;
        let kinds = [(&certificate, "certificate"), (&list, "award_list"), (&notice, "notice")];
        for (paper, kind) in kinds {
            let check = checked(&world, &check_code(paper)).await;
            assert_eq!((check.text_at("/kind").as_str(), check.at("/current")), (kind, &json!(true)), "{check}");
        }
        world.unit(UNIT).await.get(&format!("/campaigns/{campaign}/award-list")).await.refused(403, "role_not_permitted");
        // An award that is revoked has no certificate, and those that were printed say so.
        let application = office.get(&format!("/awards/{award}")).await.expect(200).text_at("/application_id");
        let body = json!({"decision": decision_record()});
        world.approver().await.act(&format!("/applications/{application}/revoke"), body).await.expect(200);
        office.get(&format!("/awards/{award}/certificate")).await.blocked_by(&["award_revoked"]);
        assert_eq!(checked(&world, &check_code(&certificate)).await.at("/current"), &json!(false));
        assert_eq!(checked(&world, &check_code(&list)).await.at("/current"), &json!(false));
        assert_eq!(checked(&world, &check_code(&notice)).await.at("/current"), &json!(true));
    }

    async fn d_708_without_awards_there_is_no_list(world: World) {
        let campaign = world.accepting_campaign().await;
        world.office().await.get(&format!("/campaigns/{campaign}/award-list")).await.blocked_by(&["nothing_awarded"]);
    }
}
