//! What is looked for in the database after every story is found where it is planted.

use pingxuan_tests::truths::{break_by, broken};
use pingxuan_tests::{World, both};
use serde_json::json;

/// What is planted, what is then found, and how it is undone.
const PLANTED: [(&str, &str, &str); 5] = [
    (
        "UPDATE campaigns SET definition = REPLACE(definition, '\"quota\":{\"value\":2,\"source\":\"notice\"}', '\"quota\":{\"value\":1,\"source\":\"notice\"}')",
        "has 2 of 1",
        "UPDATE campaigns SET definition = REPLACE(definition, '\"quota\":{\"value\":1,\"source\":\"notice\"}', '\"quota\":{\"value\":2,\"source\":\"notice\"}')",
    ),
    (
        "UPDATE applications SET is_leading_cadre = TRUE",
        "2 leading",
        "UPDATE applications SET is_leading_cadre = FALSE",
    ),
    (
        "UPDATE public_notices SET state = 'withdrawn' WHERE state = 'closed'",
        "without a closed notice",
        "UPDATE public_notices SET state = 'closed' WHERE ended_at = closes_at OR state = 'withdrawn'",
    ),
    (
        "UPDATE applications SET state = 'revoked' WHERE state = 'awarded'",
        "is `revoked` (state), and its events lead elsewhere",
        "UPDATE applications SET state = 'awarded' WHERE state = 'revoked'",
    ),
    (
        "UPDATE applications SET shown_state = 'awarded' WHERE state = 'awarded'",
        "is `awarded` (shown_state), and its events lead elsewhere",
        "UPDATE applications SET shown_state = 'shortlisted' WHERE state = 'awarded'",
    ),
];

both! {
    async fn what_is_planted_is_found(world: World) {
        let campaign = world.selecting(&[("赵一", 2), ("钱二", 1), ("孙三", 0)]).await;
        world.approved(campaign).await;
        let url = world.database_url();
        assert_eq!(broken(url).await, [""; 0]);
        for (plant, expected, undo) in PLANTED {
            break_by(url, plant).await;
            let found = broken(url).await;
            assert!(found.iter().any(|found| found.contains(expected)), "{plant}: {found:#?}");
            break_by(url, undo).await;
            assert_eq!(broken(url).await, [""; 0], "{undo}");
        }
    }

    async fn two_lists_alive_are_found(world: World) {
        let campaign = world.selecting(&[("赵一", 2), ("钱二", 1)]).await;
        let first = world.proposed(campaign).await;
        let body = json!({"reason": "请重新提出。"});
        world.approver().await.act(&format!("/shortlists/{first}/return"), body).await.expect(200);
        world.proposed(campaign).await;
        let url = world.database_url();
        break_by(url, "DROP INDEX shortlists_one_alive").await;
        break_by(url, "UPDATE shortlists SET state = 'draft' WHERE state = 'returned'").await;
        let found = broken(url).await;
        assert!(found.iter().any(|found| found.contains("2 lists")), "{found:#?}");
        break_by(url, "UPDATE shortlists SET state = 'returned' WHERE state = 'draft'").await;
    }

    async fn an_event_that_is_written_twice_is_found(world: World) {
        world.selecting(&[("赵一", 1)]).await;
        let url = world.database_url();
        let (id, triggers) = if url.starts_with("postgres") {
            ("gen_random_uuid()", &["audit_events_kept ON audit_events"][..])
        } else {
            ("randomblob(16)", &["audit_events_no_delete", "audit_events_no_update"][..])
        };
        break_by(url, "CREATE TABLE kept AS SELECT * FROM audit_events WHERE operation = 'advance_campaign'").await;
        break_by(url, &format!("UPDATE kept SET id = {id}")).await;
        break_by(url, "INSERT INTO audit_events SELECT * FROM kept").await;
        let found = broken(url).await;
        assert!(found.iter().any(|found| found.contains("written down twice")), "{found:#?}");
        for trigger in triggers {
            break_by(url, &format!("DROP TRIGGER {trigger}")).await;
        }
        break_by(url, "DELETE FROM audit_events WHERE id IN (SELECT id FROM kept)").await;
    }
}
