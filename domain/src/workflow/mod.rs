//! The workflows: for each, one table of what leads from where to where, and what stands in the way.
//!
//! Transition checks, `allowed_actions`, `docs/workflow.md`, the diagrams and the exhaustive tests read these tables.

use std::fmt::Debug;

use serde::Serialize;
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use crate::error::{ErrorCode, Fault, Refused};
use crate::operation::Operation;

pub mod account;
pub mod application;
pub mod assignment;
pub mod campaign;
pub mod duty_record;
pub mod objection;
pub mod public_notice;
pub mod recusal;
pub mod score_sheet;
pub mod shortlist;
pub mod veto;
pub mod vetting_request;

/// The workflows there are.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Workflow {
    /// 评选活动.
    Campaign,
    /// 申报/推荐.
    Application,
    /// 核查任务.
    Assignment,
    /// 评分表.
    ScoreSheet,
    /// 候选名单.
    Shortlist,
    /// 公示.
    PublicNotice,
    /// 履职记录.
    DutyRecord,
    /// 回避.
    Recusal,
    /// 征求意见/联审.
    VettingRequest,
    /// 一票否决.
    Veto,
    /// 异议.
    Objection,
    /// An account.
    Account,
}

/// One row of a table: from a state, by an operation with an outcome, to a state, unless a guard is against it.
#[derive(Clone, Copy, Debug)]
pub struct Row<S: 'static, G: 'static> {
    /// The state before; none = it comes into being.
    pub from: Option<S>,
    /// What leads on.
    pub operation: Operation,
    /// Which of several ends the operation has here; empty where there is one.
    pub outcome: &'static str,
    /// The state after; none = it is gone.
    pub to: Option<S>,
    /// What may stand in the way; all that do are named together.
    pub guards: &'static [G],
}

/// The ordinary row.
pub(crate) const fn row<S, G>(from: S, operation: Operation, to: S, guards: &'static [G]) -> Row<S, G> {
    Row { from: Some(from), operation, outcome: "", to: Some(to), guards }
}
/// A row with one of several outcomes.
pub(crate) const fn outcome<S, G>(
    from: S,
    operation: Operation,
    outcome: &'static str,
    to: S,
    guards: &'static [G],
) -> Row<S, G> {
    Row { from: Some(from), operation, outcome, to: Some(to), guards }
}
/// A row by which something comes into being.
pub(crate) const fn birth<S, G>(operation: Operation, to: S, guards: &'static [G]) -> Row<S, G> {
    Row { from: None, operation, outcome: "", to: Some(to), guards }
}
/// A row by which something is gone.
pub(crate) const fn end<S, G>(from: S, operation: Operation, guards: &'static [G]) -> Row<S, G> {
    Row { from: Some(from), operation, outcome: "", to: None, guards }
}

/// A workflow: its states, its guards, its table.
pub trait Flow: 'static {
    /// Its states.
    type State: Copy + Eq + Debug + Into<&'static str> + IntoEnumIterator + 'static;
    /// What may stand in the way.
    type Guard: Copy + Eq + Debug + Into<&'static str> + 'static;
    /// What must be known to ask the guards.
    type Facts<'a>;
    /// Its name.
    const WORKFLOW: Workflow;
    /// Its table.
    const ROWS: &'static [Row<Self::State, Self::Guard>];

    /// What this guard has against it; nothing if all is well.
    fn check(guard: Self::Guard, facts: &Self::Facts<'_>) -> Vec<Fault>;

    /// The phase of the campaign that the thing belongs to; none where it belongs to none, or is the campaign.
    fn phase(_: &Self::Facts<'_>) -> Option<campaign::CampaignState> {
        None
    }
}

/// The rows that an operation has in a state.
pub fn rows<F: Flow>(
    from: Option<F::State>,
    operation: Operation,
) -> impl Iterator<Item = &'static Row<F::State, F::Guard>> {
    F::ROWS.iter().filter(move |row| row.from == from && row.operation == operation)
}

/// The operations that a state knows, each once, in the table's order.
#[must_use]
pub fn operations<F: Flow>(from: Option<F::State>) -> Vec<Operation> {
    let mut found = Vec::new();
    for row in F::ROWS.iter().filter(|row| row.from == from) {
        if !found.contains(&row.operation) {
            found.push(row.operation);
        }
    }
    found
}

/// All that stands in the way of an operation; none where the state does not know it.
///
/// `blocked_by` of an allowed action and the 409 of a call both come from here.
#[must_use]
pub fn blockers<F: Flow>(
    from: Option<F::State>,
    operation: Operation,
    facts: &F::Facts<'_>,
) -> Option<Vec<Fault>> {
    let mut guards: Vec<F::Guard> = Vec::new();
    let mut known = false;
    for row in rows::<F>(from, operation) {
        known = true;
        for guard in row.guards {
            if !guards.contains(guard) {
                guards.push(*guard);
            }
        }
    }
    known.then(|| guards.into_iter().flat_map(|guard| F::check(guard, facts)).collect())
}

/// Asks the table and the guards whether an operation may be carried out.
///
/// # Errors
/// [`Refused::Illegal`] where the state does not know it, [`Refused::Guards`] with every reason against it.
pub fn permit<F: Flow>(
    from: Option<F::State>,
    operation: Operation,
    facts: &F::Facts<'_>,
) -> Result<(), Refused> {
    match blockers::<F>(from, operation, facts) {
        // D-304: every action in a cancelled campaign is answered alike.
        None if F::phase(facts) == Some(campaign::CampaignState::Cancelled) => {
            Err(Refused::guard(Fault::new(ErrorCode::CampaignCancelled)))
        }
        None => Err(illegal::<F>(from, operation)),
        Some(faults) if faults.is_empty() => Ok(()),
        Some(faults) => Err(Refused::Guards(faults)),
    }
}

/// Where an operation with this outcome leads from a state; none = it is gone.
///
/// # Errors
/// [`Refused::Illegal`] where the table has no such row.
pub fn target<F: Flow>(
    from: Option<F::State>,
    operation: Operation,
    outcome: &str,
) -> Result<Option<F::State>, Refused> {
    rows::<F>(from, operation)
        .find(|row| row.outcome == outcome)
        .map(|row| row.to)
        .ok_or_else(|| illegal::<F>(from, operation))
}

/// Where an operation with one outcome leads from a state that stays.
///
/// # Errors
/// [`Refused::Illegal`] where the table has no such row.
pub fn next<F: Flow>(from: F::State, operation: Operation) -> Result<F::State, Refused> {
    target::<F>(Some(from), operation, "")?.ok_or_else(|| illegal::<F>(Some(from), operation))
}

fn illegal<F: Flow>(from: Option<F::State>, operation: Operation) -> Refused {
    let state = from.map_or("", Into::into);
    if F::WORKFLOW == Workflow::Campaign && state == <&str>::from(campaign::CampaignState::Cancelled) {
        // D-304: every action in a cancelled campaign is answered alike.
        return Refused::guard(Fault::new(ErrorCode::CampaignCancelled));
    }
    Refused::Illegal { workflow: F::WORKFLOW, operation, state }
}

/// The fault of a campaign that is in another phase than the one it takes.
pub(crate) fn phase_fault(phase: campaign::CampaignState, wanted: campaign::CampaignState) -> Vec<Fault> {
    use crate::error::Fact;
    use campaign::CampaignState as S;
    if phase == wanted {
        return vec![];
    }
    let code = match wanted {
        _ if phase == S::Cancelled => ErrorCode::CampaignCancelled,
        S::Verifying => ErrorCode::CampaignNotVerifying,
        S::Selecting => ErrorCode::CampaignNotSelecting,
        S::Draft | S::Published | S::Accepting | S::Announced | S::Archived | S::Cancelled => {
            ErrorCode::CampaignNotAccepting
        }
    };
    let mut fault = Fault::new(code);
    fault.facts.push(("phase", Fact::Choice("campaign_state", phase.into())));
    vec![fault]
}

/// The fault of a campaign that is cancelled: nothing more is done in it (D-304).
pub(crate) fn cancelled_fault(phase: campaign::CampaignState) -> Vec<Fault> {
    if phase == campaign::CampaignState::Cancelled {
        vec![Fault::new(ErrorCode::CampaignCancelled)]
    } else {
        vec![]
    }
}

/// A table as documentation reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Whose.
    pub workflow: Workflow,
    /// Its states, in order.
    pub states: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// A row as documentation reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableRow {
    /// The state before; none = it comes into being.
    pub from: Option<&'static str>,
    /// What leads on.
    pub operation: Operation,
    /// Which of several ends; empty where there is one.
    pub outcome: &'static str,
    /// The state after; none = it is gone.
    pub to: Option<&'static str>,
    /// The guards' names.
    pub guards: Vec<&'static str>,
}

fn table_of<F: Flow>() -> Table {
    Table {
        workflow: F::WORKFLOW,
        states: F::State::iter().map(Into::into).collect(),
        rows: F::ROWS
            .iter()
            .map(|row| TableRow {
                from: row.from.map(Into::into),
                operation: row.operation,
                outcome: row.outcome,
                to: row.to.map(Into::into),
                guards: row.guards.iter().map(|guard| (*guard).into()).collect(),
            })
            .collect(),
    }
}

impl Workflow {
    /// Its table.
    #[must_use]
    pub fn table(self) -> Table {
        match self {
            Self::Campaign => table_of::<campaign::CampaignFlow>(),
            Self::Application => table_of::<application::ApplicationFlow>(),
            Self::Assignment => table_of::<assignment::AssignmentFlow>(),
            Self::ScoreSheet => table_of::<score_sheet::ScoreSheetFlow>(),
            Self::Shortlist => table_of::<shortlist::ShortlistFlow>(),
            Self::PublicNotice => table_of::<public_notice::NoticeFlow>(),
            Self::DutyRecord => table_of::<duty_record::DutyRecordFlow>(),
            Self::Recusal => table_of::<recusal::RecusalFlow>(),
            Self::VettingRequest => table_of::<vetting_request::VettingFlow>(),
            Self::Veto => table_of::<veto::VetoFlow>(),
            Self::Objection => table_of::<objection::ObjectionFlow>(),
            Self::Account => table_of::<account::AccountFlow>(),
        }
    }
}

impl Table {
    /// The table as a Mermaid state diagram.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut lines = vec!["stateDiagram-v2".to_owned()];
        for row in self.rows.iter().filter(|row| row.from != row.to) {
            let outcome = if row.outcome.is_empty() { String::new() } else { format!(" ({})", row.outcome) };
            let from = row.from.unwrap_or("[*]");
            let to = row.to.unwrap_or("[*]");
            lines.push(format!("    {from} --> {to}: {}{outcome}", row.operation));
        }
        lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod shapes {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_table_has_two_rows_for_one_outcome_and_every_state_is_reached() {
        for workflow in Workflow::iter() {
            let table = workflow.table();
            let mut keys = HashSet::new();
            for row in &table.rows {
                assert!(keys.insert((row.from, row.operation, row.outcome)), "{workflow}: {row:?} twice");
            }
            for state in &table.states {
                assert!(
                    table.rows.iter().any(|row| row.to == Some(state)),
                    "{workflow}: nothing leads to {state}"
                );
            }
            assert!(table.rows.iter().any(|row| row.from.is_none()), "{workflow}: nothing begins");
        }
    }

    #[test]
    fn a_diagram_shows_every_transition_once() {
        let diagram = Workflow::PublicNotice.table().mermaid();
        assert!(diagram.contains("published --> closed: close_notice"));
        assert!(diagram.contains("[*] --> published: publish_notice"));
    }
}
