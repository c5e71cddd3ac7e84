//! Things of the domain as tests begin with them.

use serde_json::Value;
use uuid::Uuid;

use crate::application::handling::Handling;
use crate::application::{Application, PaperReceipt};
use crate::campaign::definition::{Category, Definition, NomineeKind};
use crate::policy::{Actor, Caller, Role, Visibility, authorize};
use crate::workflow::application::ApplicationState;
use crate::{Instant, Operation};

/// A category of the notice.
pub fn category(code: &str) -> Category {
    let text = include_str!("../../campaigns/xingguo-2022.json");
    serde_json::from_str::<Definition>(text).unwrap().category(code).unwrap().clone()
}

/// When they are.
pub const NOW: &str = "2022-12-01T09:00:00+08:00";
/// The unit, and the supervisor.
pub const UNIT: Uuid = Uuid::from_u128(3);
pub const SUPERVISOR: Uuid = Uuid::from_u128(4);
/// The account.
pub const ACCOUNT: Uuid = Uuid::from_u128(9);

/// A township's application, submitted, with its papers.
pub fn application() -> Application {
    let now: Instant = NOW.parse().unwrap();
    Application {
        id: Uuid::from_u128(1),
        campaign_id: Uuid::from_u128(2),
        category_code: "demonstration_township".into(),
        nominee: NomineeKind::Unit,
        unit_id: Some(UNIT),
        supervisor_id: None,
        nominee_name: "江背镇".into(),
        nominee_post: None,
        is_leading_cadre: false,
        front_line: false,
        form: Value::Null,
        personal: None,
        person_index: None,
        content_digest: "digest".into(),
        attached: vec![],
        state: ApplicationState::Submitted,
        version: 1,
        shown_state: ApplicationState::Submitted,
        shown_version: 1,
        shown_updated_at: now,
        entered_by_office: false,
        reason: None,
        rejection: None,
        correct_by: None,
        paper: Some(PaperReceipt {
            copies: 2,
            digest: "digest".into(),
            received_on: now.day(),
            waived_reason: None,
            recorded_by: Uuid::nil(),
            recorded_at: now,
        }),
        handling: Handling::default(),
        submitted_at: Some(now),
        created_at: now,
        updated_at: now,
    }
}

/// Somebody with these roles, who acts for no unit and is no supervisor.
pub fn actor(roles: &[Role]) -> Actor {
    Actor {
        user_id: ACCOUNT,
        session_id: Uuid::nil(),
        name: String::new(),
        roles: roles.to_vec(),
        unit_id: None,
        supervisor_id: None,
        duty: None,
    }
}

/// What an operation lets somebody reach.
pub fn visibility(actor: Actor, operation: Operation) -> Visibility {
    authorize(&Caller::User(Box::new(actor)), operation).unwrap()
}
