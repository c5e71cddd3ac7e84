//! Step 9: how long what is kept is kept.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql_for;

/// Log-ins and what was refused or failed: these events alone go, once they are old enough. What was done stays.
const OF_ACCESS: [&str; 6] =
    ["login", "verify_second_factor", "refresh_session", "logout", "revoke_session", "issue_token"];
/// Days for which every event is kept, by the database's own clock, whatever the program says (Cybersecurity Law: six months).
const LEAST_DAYS: i64 = 180;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0009_retention"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = manager.get_database_backend();
        connection.execute_unprepared(&sql_for(backend, include_str!("m0009_retention.sql"))).await?;
        let triggers = if backend == DatabaseBackend::Postgres { postgres() } else { sqlite() };
        connection.execute_unprepared(&triggers).await?;
        Ok(())
    }
}

/// What proves a submission never changes; its personal values may be sealed anew, or go.
const PROOF: &str = "application_id, number, form, content_digest, submitted_at";

/// Whether an event is one of those.
fn of_access(row: &str) -> String {
    format!("({row}operation IN ('{}') OR {row}outcome <> 'done')", OF_ACCESS.join("', '"))
}

fn postgres() -> String {
    let (old, row) = (of_access("OLD."), of_access(""));
    format!(
        "DROP TRIGGER audit_events_insert_only ON audit_events;
        CREATE TRIGGER audit_events_insert_only BEFORE UPDATE OR TRUNCATE ON audit_events
            FOR EACH STATEMENT EXECUTE FUNCTION audit_events_insert_only();
        CREATE FUNCTION audit_events_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {old} AND OLD.at < (SELECT forget_before FROM audit_door) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'audit_events is insert-only';
        END $$;
        CREATE TRIGGER audit_events_kept BEFORE DELETE ON audit_events
            FOR EACH ROW EXECUTE FUNCTION audit_events_kept();

        CREATE FUNCTION audit_door_guarded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'UPDATE' AND (NEW.forget_before IS NULL
                OR NEW.forget_before <= (extract(epoch FROM now()) - {LEAST_DAYS} * 86400) * 1000) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'audit events are kept for {LEAST_DAYS} days';
        END $$;
        CREATE TRIGGER audit_door_guarded BEFORE UPDATE OR DELETE ON audit_door
            FOR EACH ROW EXECUTE FUNCTION audit_door_guarded();
        CREATE FUNCTION forget_audit_events(forget_until bigint) RETURNS bigint LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$ DECLARE gone bigint; BEGIN
            UPDATE audit_door SET forget_before = forget_until;
            DELETE FROM audit_events WHERE {row} AND at < forget_until;
            GET DIAGNOSTICS gone = ROW_COUNT;
            UPDATE audit_door SET forget_before = NULL;
            RETURN gone;
        END $$;
        REVOKE ALL ON FUNCTION forget_audit_events(bigint) FROM PUBLIC;

        DROP TRIGGER application_snapshots_insert_only ON application_snapshots;
        CREATE TRIGGER application_snapshots_insert_only
            BEFORE UPDATE OF {PROOF} OR DELETE OR TRUNCATE ON application_snapshots
            FOR EACH STATEMENT EXECUTE FUNCTION application_snapshots_insert_only();"
    )
}

fn sqlite() -> String {
    let old = of_access("OLD.");
    format!(
        "DROP TRIGGER audit_events_no_delete;
        CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
            WHEN NOT ({old} AND OLD.at < coalesce((SELECT forget_before FROM audit_door), OLD.at))
            BEGIN SELECT RAISE(ABORT, 'audit_events is insert-only'); END;
        CREATE TRIGGER audit_door_guarded BEFORE UPDATE ON audit_door
            WHEN NEW.forget_before > (CAST(strftime('%s', 'now') AS integer) - {LEAST_DAYS} * 86400) * 1000
            BEGIN SELECT RAISE(ABORT, 'audit events are kept for {LEAST_DAYS} days'); END;
        CREATE TRIGGER audit_door_stays BEFORE DELETE ON audit_door
            BEGIN SELECT RAISE(ABORT, 'the door stays'); END;

        DROP TRIGGER application_snapshots_no_update;
        CREATE TRIGGER application_snapshots_no_update BEFORE UPDATE OF {PROOF} ON application_snapshots
            BEGIN SELECT RAISE(ABORT, 'application_snapshots is insert-only'); END;"
    )
}
