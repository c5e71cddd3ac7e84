//! Campaigns: their definitions, phases and calendars (docs/rules.md, sections 2 and 3).

use pingxuan_tests::story::{COLLECTIVE, TOWNSHIP, definition};
use pingxuan_tests::{World, both};
use serde_json::{Value, json};

/// A part of the definition.
fn at<'a>(definition: &'a mut Value, pointer: &str) -> &'a mut Value {
    definition.pointer_mut(pointer).unwrap()
}

/// The notice, copied in.
const NOTICE: &str = include_str!("../../campaigns/xingguo-2022.notice.zh.txt");

#[test]
fn d_202_every_criterion_is_a_line_of_the_notice_and_every_quota_is_the_notices() {
    let definition = definition();
    let categories = definition["categories"].as_array().unwrap();
    let heads = [
        "(一)“五型”政府建设示范乡镇评选条件",
        "(二)“五型”政府建设先进集体评选条件",
        "(三)“五型”政府建设先进个人评选条件",
        "(四)“五型”政府建设优秀监督员评选条件",
    ];
    let counts: Vec<_> =
        categories.iter().map(|category| category["criteria"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [5, 4, 4, 4]);
    for (category, head) in categories.iter().zip(heads) {
        let mut lines =
            NOTICE.lines().skip_while(|line| *line != head).skip(1).filter(|line| !line.is_empty());
        for criterion in category["criteria"].as_array().unwrap() {
            let (number, text) = (&criterion["number"], criterion["text"]["value"].as_str().unwrap());
            assert_eq!(lines.next().unwrap(), format!("{number}.{text}"));
            assert_eq!(criterion["text"]["source"], "notice");
        }
    }
    let quotas: Vec<_> =
        categories.iter().map(|category| category["quota"]["value"].as_u64().unwrap()).collect();
    assert_eq!(quotas, [5, 10, 10, 2]);
    assert!(NOTICE.contains("示范乡镇5个、先进集体10个、先进个人10名、优秀监督员2名"));
    assert_eq!(definition["text"]["value"].as_str().unwrap().trim(), NOTICE.trim());
}

both! {
    async fn d_207_a_definition_is_checked_whole_with_pointers(world: World) {
        let office = world.office().await;
        let mut spoilt = definition();
        *at(&mut spoilt, "/categories/0/quota/value") = json!("five");
        *at(&mut spoilt, "/categories/1/criteria/0/weight/source") = json!("rumour");
        spoilt["surprise"] = json!(1);
        office.post("/campaigns").json(json!({"definition": spoilt})).await.invalid(&[
            ("/definition/categories/0/quota/value", "wrong_type"),
            ("/definition/categories/1/criteria/0/weight/source", "not_a_choice"),
            ("/definition/surprise", "unknown_member"),
        ]);
        let mut draft = definition();
        *at(&mut draft, "/categories/0/criteria/0/weight/value") = json!(30);
        *at(&mut draft, "/categories/2/blend/value/verified") = json!(70);
        *at(&mut draft, "/categories/3/approval_basis") = Value::Null;
        let draft = office.post("/campaigns").json(json!({"definition": draft})).await.expect(201);
        let wanted = ["weights_not_hundred", "blend_not_hundred", "approval_basis_missing"];
        assert_eq!(draft.blockers("advance_campaign").unwrap(), wanted);
        world.advanced(draft.id()).await.blocked_by(&wanted);
    }

    async fn d_607_a_policy_without_the_sheets_that_it_needs_cannot_be_published(world: World) {
        let mut definition = definition();
        *at(&mut definition, "/categories/0/scoring_policy/value") = json!("trimmed_mean");
        *at(&mut definition, "/categories/3/scoring_policy/value") = json!("calibrated");
        let campaign = world.campaign_of(definition.clone()).await;
        world.advanced(campaign).await.blocked_by(&["visits_too_few", "policy_needs_sheets"]);
        *at(&mut definition, "/categories/0/visits/value") = json!(5);
        *at(&mut definition, "/categories/3/scoring_policy/value") = json!("mean");
        let campaign = world.campaign_of(definition).await;
        world.advanced(campaign).await.expect(200);
    }

    async fn d_203_a_quota_above_its_ceiling_cannot_be_published(world: World) {
        let mut definition = definition();
        *at(&mut definition, "/categories/0/approval_basis/value/quota_ceiling") = json!(4);
        let campaign = world.campaign_of(definition).await;
        world.advanced(campaign).await.blocked_by(&["quota_above_ceiling"]);
    }

    async fn d_203_an_honour_without_a_document_claims_an_exemption(world: World) {
        let mut definition = definition();
        let basis = at(&mut definition, "/categories/0/approval_basis/value");
        basis["document"] = json!("");
        basis["approving_body"] = json!("");
        let campaign = world.campaign_of(definition.clone()).await;
        world.advanced(campaign).await.blocked_by(&["approval_basis_missing"]);
        at(&mut definition, "/categories/0/approval_basis/value")["exemption"] = json!("县级部门内部评选，无须报批。");
        let campaign = world.campaign_of(definition).await;
        world.advanced(campaign).await.expect(200);
    }

    async fn only_a_draft_is_changed_or_deleted(world: World) {
        let office = world.office().await;
        let campaign = world.draft_campaign().await;
        let place = format!("/campaigns/{campaign}");
        let patch = json!({"definition": {"paper_copies": {"value": 3, "source": "office"}}});
        let changed = office.change(&place, patch.clone()).await.expect(200);
        assert_eq!(changed.at("/definition/paper_copies/value"), 3);
        assert_eq!(changed.at("/definition/year/value"), 2022, "what the patch leaves out stays");
        world.unit("江背镇").await.get(&place).await.expect(404);
        world.advanced(campaign).await.expect(200);
        world.unit("江背镇").await.get(&place).await.expect(200);
        office.change(&place, patch).await.refused(409, "illegal_transition");
        let etag = office.etag_of(&place).await;
        office.delete(&place).if_match(&etag).await.refused(409, "illegal_transition");
        let other = world.draft_campaign().await;
        let etag = office.etag_of(&format!("/campaigns/{other}")).await;
        office.delete(&format!("/campaigns/{other}")).if_match(&etag).await.expect(204);
        office.get(&format!("/campaigns/{other}")).await.expect(404);
    }

    async fn acceptance_ends_when_all_is_decided_and_evaluations_open(world: World) {
        let first = world.supervisor("钟一").await;
        world.supervisor("钟二").await;
        let campaign = world.accepting_campaign().await;
        world.accepted(campaign, "江背镇", TOWNSHIP).await;
        world.submitted(campaign, "县财政局", COLLECTIVE).await;
        let draft = world.drafted(campaign, "高兴镇", TOWNSHIP).await;
        world.advanced(campaign).await.blocked_by(&["deadline_not_passed", "applications_undecided"]);
        world.move_clock("2023-01-01T00:00:00+08:00").await;
        world.advanced(campaign).await.blocked_by(&["applications_undecided"]);
        let listed = world.office().await.get("/applications?category_code=advanced_collective").await.expect(200);
        let reject = format!("/applications/{}/reject", listed.column("id")[0]);
        let body = json!({"ground": "scope", "reason": "不在范围。"});
        world.office().await.act(&reject, body).await.expect(200);
        world.advanced(campaign).await.expect(200);
        let seen = world.unit("高兴镇").await.get(&format!("/applications/{draft}")).await.expect(200);
        assert_eq!(seen.state(), "withdrawn");
        let evaluated = world.office().await.get("/applications?category_code=excellent_supervisor&sort=nominee_name").await.expect(200);
        assert_eq!(evaluated.column("state"), ["verified", "verified"]);
        assert_eq!(first.get("/applications").await.expect(200).items().len(), 1, "a supervisor sees the one on themselves");
        world.advanced(campaign).await.blocked_by(&["applications_unverified"]);
    }

    async fn categories_and_forms_are_the_notices(world: World) {
        let campaign = world.accepting_campaign().await;
        let unit = world.unit("江背镇").await;
        let categories = unit.get(&format!("/campaigns/{campaign}/categories")).await.expect(200);
        assert_eq!(
            categories.column("code"),
            ["demonstration_township", "advanced_collective", "advanced_individual", "excellent_supervisor"]
        );
        let first = unit.get(&format!("/campaigns/{campaign}/categories?limit=3")).await.expect(200);
        let cursor = first.next_cursor().unwrap();
        let rest = unit.get(&format!("/campaigns/{campaign}/categories?limit=3&cursor={cursor}")).await.expect(200);
        assert_eq!((rest.column("code"), rest.next_cursor()), (vec!["excellent_supervisor".to_owned()], None));
        let form = unit.get(&format!("/campaigns/{campaign}/categories/{TOWNSHIP}/form")).await.expect(200);
        assert_eq!(form.at("/schema/type"), "object");
        unit.get(&format!("/campaigns/{campaign}/categories/excellent_supervisor/form")).await.expect(404);
        unit.get(&format!("/campaigns/{campaign}/categories/nothing")).await.expect(404);
    }
}
