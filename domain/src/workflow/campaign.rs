//! The phases of a campaign (docs/rules.md, section 3).

use super::{Flow, Row, Workflow, birth, end, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;
use crate::time::{Day, Instant};

code_enum! {
    /// A phase of a campaign.
    CampaignState {
        /// The definition is being written.
        Draft,
        /// The notice is out; the window has not opened.
        Published,
        /// Declarations are accepted.
        Accepting,
        /// Supervisors verify and score.
        Verifying,
        /// Lists are made, shown and decided.
        Selecting,
        /// The awards are public.
        Announced,
        /// Closed, with its archive package.
        Archived,
        /// Stopped before any list was approved.
        Cancelled,
    }
}

code_enum! {
    /// What may stand in the way of a campaign's next phase.
    CampaignGuard {
        /// The definition is complete and its windows are in order.
        DefinitionComplete,
        /// The acceptance window has opened.
        WindowOpened,
        /// The last deadline has passed.
        DeadlinePassed,
        /// Nothing is `submitted`.
        NoneUndecided,
        /// No `returned` application has an open correction date.
        NoCorrectionOpen,
        /// Every `accepted` application is `verified`.
        AllVerified,
        /// Each category has an approved list.
        AllDecided,
        /// The archive package is made.
        PackageMade,
        /// No list has been approved.
        NoListApproved,
        /// No extension runs.
        NoExtensionRunning,
        /// Declarations do not wait sealed for the end of the last deadline (D-303).
        SealOpened,
        /// Declarations are sealed.
        Sealed,
        /// The seal has not been opened: once it is, no extension is granted.
        SealUnbroken,
    }
}

/// What the guards of a campaign ask.
#[derive(Clone, Debug, Default)]
pub struct CampaignFacts {
    /// Now.
    pub now: Instant,
    /// What is wrong with the definition.
    pub definition_faults: Vec<Fault>,
    /// The first instant of the window.
    pub opens_at: Instant,
    /// The last deadline.
    pub closes_at: Instant,
    /// Applications that are `submitted`.
    pub undecided: u32,
    /// The latest correction date of a `returned` application.
    pub last_correction: Option<Day>,
    /// Applications that are `accepted`, not yet `verified`.
    pub unverified: u32,
    /// Categories without an approved list.
    pub undecided_categories: Vec<String>,
    /// Lists that are approved.
    pub approved_lists: u32,
    /// The last day of the longest extension.
    pub last_extension: Option<Day>,
    /// Declarations wait sealed until the last deadline has passed.
    pub sealed: bool,
    /// The seal has been opened.
    pub seal_opened: bool,
    /// The archive package has been made, and is there.
    pub package_made: bool,
}

/// The campaign's workflow.
#[derive(Debug)]
pub struct CampaignFlow;

use CampaignGuard as G;
use CampaignState as S;

impl Flow for CampaignFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = CampaignFacts;
    const WORKFLOW: Workflow = Workflow::Campaign;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::CreateCampaign, S::Draft, &[]),
        birth(O::CopyCampaign, S::Draft, &[]),
        row(S::Draft, O::UpdateCampaign, S::Draft, &[]),
        end(S::Draft, O::DeleteCampaign, &[]),
        row(S::Draft, O::AdvanceCampaign, S::Published, &[G::DefinitionComplete]),
        row(S::Published, O::OpenAcceptance, S::Accepting, &[G::WindowOpened]),
        row(
            S::Accepting,
            O::AdvanceCampaign,
            S::Verifying,
            &[G::DeadlinePassed, G::NoExtensionRunning, G::SealOpened, G::NoneUndecided, G::NoCorrectionOpen],
        ),
        row(S::Published, O::GrantExtension, S::Published, &[G::SealUnbroken]),
        row(S::Accepting, O::GrantExtension, S::Accepting, &[G::SealUnbroken]),
        row(
            S::Accepting,
            O::OpenCampaignSeal,
            S::Accepting,
            &[G::Sealed, G::SealUnbroken, G::DeadlinePassed, G::NoExtensionRunning],
        ),
        row(S::Verifying, O::AdvanceCampaign, S::Selecting, &[G::AllVerified]),
        row(S::Selecting, O::AdvanceCampaign, S::Announced, &[G::AllDecided]),
        row(S::Announced, O::AdvanceCampaign, S::Archived, &[G::PackageMade]),
        row(S::Draft, O::CancelCampaign, S::Cancelled, &[]),
        row(S::Published, O::CancelCampaign, S::Cancelled, &[]),
        row(S::Accepting, O::CancelCampaign, S::Cancelled, &[]),
        row(S::Verifying, O::CancelCampaign, S::Cancelled, &[]),
        row(S::Selecting, O::CancelCampaign, S::Cancelled, &[G::NoListApproved]),
    ];

    fn check(guard: G, facts: &CampaignFacts) -> Vec<Fault> {
        let fault = |fails: bool, fault: Fault| if fails { vec![fault] } else { vec![] };
        match guard {
            G::DefinitionComplete => facts.definition_faults.clone(),
            G::WindowOpened => fault(
                facts.now < facts.opens_at,
                Fault::new(ErrorCode::WindowNotOpen).with("opens_at", facts.opens_at),
            ),
            G::DeadlinePassed => fault(
                facts.now < facts.closes_at,
                Fault::new(ErrorCode::DeadlineNotPassed).with("deadline", facts.closes_at),
            ),
            G::NoneUndecided => fault(
                facts.undecided > 0,
                Fault::new(ErrorCode::ApplicationsUndecided).with("count", facts.undecided),
            ),
            G::NoCorrectionOpen => match facts.last_correction {
                Some(day) if facts.now < day.end() => {
                    vec![Fault::new(ErrorCode::CorrectionsOpen).with("until", day)]
                }
                Some(_) | None => vec![],
            },
            G::AllVerified => fault(
                facts.unverified > 0,
                Fault::new(ErrorCode::ApplicationsUnverified).with("count", facts.unverified),
            ),
            G::AllDecided => fault(
                !facts.undecided_categories.is_empty(),
                Fault::new(ErrorCode::CategoriesUndecided)
                    .with("categories", facts.undecided_categories.join(", ")),
            ),
            G::PackageMade => fault(!facts.package_made, Fault::new(ErrorCode::ArchivePackageMissing)),
            G::NoListApproved => fault(facts.approved_lists > 0, Fault::new(ErrorCode::ListApproved)),
            G::NoExtensionRunning => match facts.last_extension {
                Some(day) if facts.now < day.end() => {
                    vec![Fault::new(ErrorCode::ExtensionsRunning).with("until", day)]
                }
                Some(_) | None => vec![],
            },
            G::SealOpened => fault(facts.sealed && !facts.seal_opened, Fault::new(ErrorCode::CampaignSealed)),
            G::Sealed => fault(!facts.sealed, Fault::new(ErrorCode::NotSealed)),
            G::SealUnbroken => fault(facts.seal_opened, Fault::new(ErrorCode::SealOpened)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::operations;

    #[test]
    fn d_306_an_archived_campaign_is_read_only() {
        assert_eq!(operations::<CampaignFlow>(Some(S::Archived)), []);
    }

    #[test]
    fn d_302_a_correction_and_an_extension_run_until_the_end_of_their_day_and_no_longer() {
        let day = Instant::default().day();
        for (guard, code) in [
            (G::NoCorrectionOpen, ErrorCode::CorrectionsOpen),
            (G::NoExtensionRunning, ErrorCode::ExtensionsRunning),
        ] {
            let found = |now: Instant| {
                let facts = CampaignFacts {
                    now,
                    last_correction: Some(day),
                    last_extension: Some(day),
                    ..CampaignFacts::default()
                };
                CampaignFlow::check(guard, &facts).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
            };
            assert_eq!(found(Instant::from_millis(day.end().millis() - 1)), [code]);
            assert_eq!(found(day.end()), []);
        }
    }

    #[test]
    fn d_304_a_cancelled_campaign_knows_nothing() {
        assert_eq!(operations::<CampaignFlow>(Some(S::Cancelled)), []);
    }
}
