//! A body for each operation that takes one: enough to come as far as the state and the guards.

use pingxuan_domain::Operation;
use serde_json::{Value, json};

use crate::campaign::extension;
use crate::objections::finding;
use crate::people::Person;
use crate::story::{TOWNSHIP, decision_record, filled_form};
use crate::verification::sheet;

/// A body that an operation takes from somebody.
#[must_use]
pub fn body(operation: Operation, actor: &Person) -> Value {
    let unit = "江背镇";
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the others take nothing, or an object without members"
    )]
    match operation {
        Operation::UpdateUser => json!({"display_name": "改名"}),
        Operation::UpdateCampaign => {
            json!({"definition": {"document_number": {"value": null, "source": "office"}}})
        }
        Operation::CancelCampaign => json!({"reason": "不再评选。"}),
        Operation::GrantExtension => extension(None, "2099-12-31"),
        Operation::UpdateApplication => json!({"form": filled_form(TOWNSHIP, unit, 1)}),
        Operation::ReturnApplication => json!({"reason": "请补正。", "correct_by": "2023-12-31"}),
        Operation::RejectApplication => json!({"ground": "scope", "reason": "不在范围内。"}),
        Operation::RecordPaperReceipt => {
            json!({"copies": 2, "digest": "0".repeat(64), "received_on": "2022-11-07"})
        }
        Operation::WaiveVisits => json!({"reason": "另有安排。"}),
        Operation::UpdateAssignment => json!({"locked": true}),
        Operation::SaveScoreSheet => sheet(5, "80"),
        Operation::ReopenScoreSheet | Operation::LiftRecusal => json!({"reason": "请核对。"}),
        Operation::ReviewDutyRecord => json!({"outcome": "approved"}),
        Operation::UpdateShortlist => json!({"departures": []}),
        Operation::ApproveShortlist | Operation::RevokeAward => json!({"decision": decision_record()}),
        Operation::DisqualifyApplication => {
            json!({"ground": "veto", "reference_id": actor.user_id(), "reason": "一票否决。"})
        }
        Operation::SubstituteApplication => json!({"reason": "依次递补。"}),
        Operation::AssignObjection => json!({"investigator_id": actor.user_id()}),
        Operation::ResolveObjection => finding("rejected"),
        Operation::RevealObjector | Operation::RevealPersonalData => json!({"reason": "核实情况"}),
        Operation::ReturnShortlist => json!({"reason": "请重新提出。"}),
        Operation::RecordVettingOpinion => json!({"opinion": "no_objection"}),
        Operation::ResolveVettingConcern => json!({"resolution": "已核实。"}),
        Operation::LiftVeto => json!({"reason": "已整改。"}),
        _ => json!({}),
    }
}
