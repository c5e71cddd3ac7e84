//! The application: one nominee's declaration in one category.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::application::attachment::Attached;
use crate::application::handling::{Handling, Verdict};
use crate::campaign::definition::{
    Category, NomineeKind, Route, ScopeItem, UnitKind, Vacancy, Window, code_enum,
};
use crate::error::{ErrorCode, Fact, Fault, Refused};
use crate::operation::Operation;
use crate::policy::{Reach, Stake, Visibility};
use crate::review::shares::share_faults;
use crate::step::Audience;
use crate::time::{Day, Instant};
use crate::workflow::application::{ApplicationFlow, ApplicationGuard, ApplicationState};
use crate::workflow::campaign::CampaignState;
use crate::workflow::{self};

pub mod attachment;
pub mod form;
pub mod handling;
pub mod moving;
mod sealing;

/// 申报/推荐.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The category.
    pub category_code: String,
    /// What is nominated.
    pub nominee: NomineeKind,
    /// The unit that declares; none where the office evaluates.
    pub unit_id: Option<Uuid>,
    /// The supervisor who is evaluated.
    pub supervisor_id: Option<Uuid>,
    /// Who is to be commended.
    pub nominee_name: String,
    /// The nominated person's post.
    pub nominee_post: Option<String>,
    /// Whether the nominated person is a leading cadre.
    pub is_leading_cadre: bool,
    /// Whether the nominated person works at the front line.
    pub front_line: bool,
    /// The form, with personal values masked.
    pub form: Value,
    /// The personal values of the form, sealed.
    pub personal: Option<Vec<u8>>,
    /// Blind index of the nominated person's citizen ID.
    pub person_index: Option<Vec<u8>>,
    /// Digest of the content, which the paper copies must carry (D-503).
    pub content_digest: String,
    /// What is attached to it (D-504).
    pub attached: Vec<Attached>,
    /// Where it stands.
    pub state: ApplicationState,
    /// Grows with every change.
    pub version: i64,
    /// Where it stands for those outside the house (D-403).
    pub shown_state: ApplicationState,
    /// The version that those outside the house see.
    pub shown_version: i64,
    /// When it last changed, for those outside the house.
    pub shown_updated_at: Instant,
    /// The office entered it on behalf of the unit.
    pub entered_by_office: bool,
    /// Why it was returned, rejected or withdrawn.
    pub reason: Option<String>,
    /// What it does not meet, where it was rejected.
    pub rejection: Option<Rejection>,
    /// Until when it is to be corrected.
    pub correct_by: Option<Day>,
    /// The paper copies received.
    pub paper: Option<PaperReceipt>,
    /// How it has been handled beside its content.
    pub handling: Handling,
    /// When it was last submitted.
    pub submitted_at: Option<Instant>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

code_enum! {
    /// What a rejected application does not meet.
    RejectionGround {
        /// The category's scope.
        Scope,
        /// One of its criteria.
        Criterion,
    }
}

/// What a rejected application does not meet: the scope, or a criterion of the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Scope or criterion.
    pub ground: RejectionGround,
    /// The criterion's number.
    pub criterion: Option<u32>,
}

/// The receipt of sealed paper copies (D-503).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperReceipt {
    /// Sealed copies received.
    pub copies: u32,
    /// The content digest printed on them.
    pub digest: String,
    /// The day of receipt.
    pub received_on: Day,
    /// Why the office waives copies that are missing, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived_reason: Option<String>,
    /// Who recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Instant,
}

/// What an application said when it was submitted: kept as it was (D-402).
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The application.
    pub application_id: Uuid,
    /// Which submission it was, from 1.
    pub number: u32,
    /// The form, with personal values masked.
    pub form: Value,
    /// The personal values of the form, sealed.
    pub personal: Option<Vec<u8>>,
    /// Digest of the content.
    pub content_digest: String,
    /// What was attached to it.
    pub attached: Vec<Attached>,
    /// When it was submitted.
    pub submitted_at: Instant,
}

/// Where the list stands that decides on an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ListStanding {
    /// There is none, it has no notice yet, or one runs.
    #[default]
    Open,
    /// All its notices have closed, or what was decided without a list is announced.
    NoticeClosed,
    /// It is approved.
    Approved,
}

/// What must be known to say what may be done with an application.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// Now.
    pub now: Instant,
    /// The campaign's phase.
    pub phase: CampaignState,
    /// The category, as the definition has it.
    pub category: &'a Category,
    /// When declarations are accepted.
    pub acceptance: Window,
    /// Sealed paper copies that are needed.
    pub paper_copies: u32,
    /// The declaring unit's kind and whether it is active; none where the office evaluates.
    pub unit: Option<(UnitKind, bool)>,
    /// The application; none before there is one.
    pub application: Option<&'a Application>,
    /// What is wrong with the form, each pointing below `/form`.
    pub form_faults: Vec<Fault>,
    /// Categories in which the nominee stands elsewhere in the campaign (D-204).
    pub elsewhere: Vec<String>,
    /// Other applications of the unit that stand in the category (D-206).
    pub standing_of_unit: u32,
    /// Where the list stands that decides.
    pub list: ListStanding,
    /// The last day of the unit's extension, where it has one (D-302).
    pub extended_until: Option<Day>,
    /// What is declared still lies sealed (D-303).
    pub sealed: bool,
    /// The last day of a veto recorded against the nominee, the latest of them (D-703).
    pub veto_until: Option<Day>,
    /// The nominee was commended in the category last time, and new deeds are asked for and not named (D-801).
    pub new_deeds_missing: bool,
    /// Who asks.
    pub asking: Option<Uuid>,
    /// What stakes whoever asks has in the nominee (D-902).
    pub stakes: Vec<Stake>,
    /// What stakes whoever asks has in the candidates of its category, while it waits for a place on their list (D-902).
    pub stakes_in_category: Vec<Stake>,
    /// Submitted sheets that count.
    pub counting_sheets: u32,
    /// The list on which a place may be vacant; none where nothing is proposed.
    pub standing_list: Option<StandingList>,
}

/// Who stands on the list that decides, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StandingList {
    /// Places from which somebody fell out and that nobody has taken.
    pub vacant: u32,
    /// Entries standing.
    pub entries: u32,
    /// Leading cadres among them.
    pub leading_cadres: u32,
    /// People of the front line among them.
    pub front_line: u32,
}

impl Situation<'_> {
    /// The instant at which the window closes for the unit, with its extension (D-302).
    #[must_use]
    pub fn closes_at(&self) -> Instant {
        let window = self.acceptance.closes_at();
        self.extended_until.map_or(window, |day| window.max(day.end()))
    }

    /// The instant until which the application may be written and submitted (D-301).
    #[must_use]
    pub fn deadline(&self) -> Instant {
        let window = self.closes_at();
        match self.application {
            Some(Application { state: ApplicationState::Returned, correct_by: Some(day), .. }) => {
                day.end().max(window)
            }
            Some(_) | None => window,
        }
    }

    /// What this guard has against it.
    pub(crate) fn check(&self, guard: ApplicationGuard) -> Vec<Fault> {
        use ApplicationGuard as G;
        use CampaignState as P;
        match guard {
            G::CampaignAlive => self.against(self.phase == P::Cancelled, ErrorCode::CampaignCancelled),
            G::DraftsOpen => self.against(
                !matches!(self.phase, P::Published | P::Accepting | P::Cancelled),
                ErrorCode::CampaignNotAccepting,
            ),
            G::Accepting => self
                .against(!matches!(self.phase, P::Accepting | P::Cancelled), ErrorCode::CampaignNotAccepting),
            G::Verifying => self
                .against(!matches!(self.phase, P::Verifying | P::Cancelled), ErrorCode::CampaignNotVerifying),
            G::RouteDeclared => {
                self.against(self.category.route.value != Route::SelfDeclared, ErrorCode::RouteNotDeclared)
            }
            G::NomineeInScope => self.scope_faults(),
            G::DeadlineOpen if self.now >= self.deadline() => vec![self.deadline_fault()],
            G::DeadlineOpen => vec![],
            G::FormValid => self.form_faults.clone(),
            G::StandsNowhereElse if self.elsewhere.is_empty() => vec![],
            G::StandsNowhereElse => vec![
                Fault::new(ErrorCode::StandsInAnotherCategory).with("categories", self.elsewhere.join(", ")),
            ],
            G::UnderUnitLimit => {
                let limit = self.category.per_unit_limit.value;
                if self.standing_of_unit < limit {
                    vec![]
                } else {
                    vec![Fault::new(ErrorCode::PerUnitLimitReached).with("limit", limit)]
                }
            }
            G::PaperReceived => self.paper_faults(),
            G::NoticeOpen => self.against(self.list != ListStanding::Open, ErrorCode::NoticeClosed),
            G::ListNotApproved => self.against(self.list == ListStanding::Approved, ErrorCode::ListApproved),
            G::SealOpened => self.against(self.sealed, ErrorCode::CampaignSealed),
            G::NoStake => Stake::faults(&self.stakes),
            G::NoStakeInCategory => Stake::faults(&self.stakes_in_category),
            G::NoVeto => match self.veto_until {
                Some(until) if self.now < until.end() => {
                    vec![Fault::new(ErrorCode::VetoInForce).with("until", until)]
                }
                Some(_) | None => vec![],
            },
            G::NewDeedsGiven => self.against(self.new_deeds_missing, ErrorCode::NewDeedsMissing),
            G::NotWriter => {
                let wrote = |asking: Uuid| self.handling().is_some_and(|it| it.writers.contains(&asking));
                let both = self.category.two_step.value && self.asking.is_some_and(wrote);
                self.against(both, ErrorCode::OwnDraft)
            }
            G::AcceptedByAnother => self.own_check(Verdict::Accept),
            G::RejectedByAnother => self.own_check(Verdict::Reject),
            G::SheetCounts => self.against(self.counting_sheets == 0, ErrorCode::NoSheetCounts),
            G::SubstitutionAllowed => {
                self.against(self.category.vacancy.value == Vacancy::Forfeited, ErrorCode::PlaceForfeited)
            }
            G::PlaceVacant => {
                let vacant = self.standing_list.map_or(0, |list| list.vacant);
                self.against(vacant == 0, ErrorCode::NoPlaceVacant)
            }
            G::SharesKept => self.share_faults(),
        }
    }

    fn handling(&self) -> Option<&Handling> {
        self.application.map(|application| &application.handling)
    }

    /// D-505: who has checked does not confirm the same.
    fn own_check(&self, verdict: Verdict) -> Vec<Fault> {
        let check = self.handling().and_then(|handling| handling.check.as_ref());
        let own = check.is_some_and(|check| check.verdict == verdict && Some(check.by) == self.asking);
        self.against(own && self.category.two_step.value, ErrorCode::OwnCheck)
    }

    /// Whether this accept or reject is the first of two steps: nobody, or nobody with the same verdict, has checked before.
    #[must_use]
    pub fn is_first_step(&self, verdict: Verdict) -> bool {
        let checked = self.handling().and_then(|handling| handling.check.as_ref());
        self.category.two_step.value && checked.is_none_or(|check| check.verdict != verdict)
    }

    /// The shares that the list would miss with this nominee on it as well (D-205).
    fn share_faults(&self) -> Vec<Fault> {
        let (Some(list), Some(newcomer)) = (self.standing_list, self.application) else { return vec![] };
        share_faults(
            self.category,
            list.entries + 1,
            list.leading_cadres + u32::from(newcomer.is_leading_cadre),
            list.front_line + u32::from(newcomer.front_line),
        )
    }

    fn against(&self, fails: bool, code: ErrorCode) -> Vec<Fault> {
        if !fails {
            return vec![];
        }
        let mut fault = Fault::new(code);
        fault.facts.push(("phase", Fact::Choice("campaign_state", self.phase.into())));
        vec![fault]
    }

    fn scope_faults(&self) -> Vec<Fault> {
        let scope = &self.category.scope.value;
        match self.unit {
            Some((_, false)) => vec![Fault::new(ErrorCode::UnitInactive)],
            Some((kind, true)) if !scope.contains(&ScopeItem::from(kind)) => {
                let mut fault = Fault::new(ErrorCode::NomineeOutOfScope);
                fault.facts.push(("kind", Fact::Choice("unit_kind", kind.into())));
                vec![fault]
            }
            Some(_) | None => vec![],
        }
    }

    fn deadline_fault(&self) -> Fault {
        let code = match self.application {
            Some(application) if application.state == ApplicationState::Returned => {
                ErrorCode::CorrectionDatePassed
            }
            Some(_) | None => ErrorCode::DeadlinePassed,
        };
        Fault::new(code).with("deadline", self.deadline())
    }

    /// D-503: two sealed copies, or a reason to do without, with the digest of the content as it is now.
    fn paper_faults(&self) -> Vec<Fault> {
        let needed = self.paper_copies;
        let Some(application) = self.application else { return vec![] };
        let received = application.paper.as_ref().map_or(0, |paper| paper.copies);
        let mut faults = Vec::new();
        let waived = application.paper.as_ref().is_some_and(|paper| paper.waived_reason.is_some());
        if received < needed && !waived {
            faults.push(
                Fault::new(ErrorCode::PaperCopiesMissing).with("needed", needed).with("received", received),
            );
        }
        if application.paper.as_ref().is_some_and(|paper| paper.digest != application.content_digest) {
            faults.push(Fault::new(ErrorCode::PaperStale));
        }
        faults
    }
}

impl Application {
    /// The state and version that a caller sees (D-403).
    #[must_use]
    pub fn seen_by(&self, visibility: &Visibility) -> (ApplicationState, i64) {
        if visibility.is_insider() {
            (self.state, self.version)
        } else {
            (self.shown_state, self.shown_version)
        }
    }

    /// All that stands in the way of an operation for this caller; none where the state that they see does not know it.
    #[must_use]
    pub fn blockers(
        &self,
        seen: ApplicationState,
        operation: Operation,
        situation: &Situation<'_>,
    ) -> Option<Vec<Fault>> {
        workflow::blockers::<ApplicationFlow>(Some(seen), operation, situation)
    }

    /// Whether an operation may be carried out on what this caller sees, and where it leads from where it really stands.
    ///
    /// # Errors
    /// [`Refused::Illegal`] or [`Refused::Guards`], both on the state that the caller sees.
    pub fn permit(&self, visibility: &Visibility, situation: &Situation<'_>) -> Result<(), Refused> {
        let (seen, _) = self.seen_by(visibility);
        workflow::permit::<ApplicationFlow>(Some(seen), visibility.operation(), situation)
    }

    /// This application moved along a row of the table; `audience` says who sees it at once.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where the table has no such row.
    pub fn moved(
        mut self,
        operation: Operation,
        outcome: &str,
        audience: Audience,
        now: Instant,
    ) -> Result<Self, Refused> {
        let to = workflow::target::<ApplicationFlow>(Some(self.state), operation, outcome)?;
        if let Some(to) = to {
            self.state = to;
        }
        self.touch(audience, now);
        Ok(self)
    }

    /// Counts a change that leaves the state as it is.
    pub fn touch(&mut self, audience: Audience, now: Instant) {
        self.version += 1;
        self.updated_at = now;
        if audience != Audience::Insiders {
            self.shown_state = self.state;
            self.shown_version += 1;
            self.shown_updated_at = now;
        }
    }

    /// Makes known to everyone where it stands (D-403).
    pub fn reveal(&mut self, now: Instant) {
        self.touch(Audience::Everyone, now);
    }

    /// Whether this application is within one of the caller's reaches. `assigned` says whether one of the supervisor's
    /// assignments is on it. The repository's condition for pages says the same in SQL.
    #[must_use]
    pub fn within(&self, visibility: &Visibility, assigned: bool) -> bool {
        let actor = visibility.actor();
        let own_unit = self.unit_id.is_some() && self.unit_id == actor.and_then(|actor| actor.unit_id);
        let on_oneself =
            self.supervisor_id.is_some() && self.supervisor_id == actor.and_then(|actor| actor.supervisor_id);
        visibility.reaches().any(|reach| match reach {
            Reach::All => true,
            Reach::Own => own_unit || on_oneself,
            Reach::Assigned => assigned || on_oneself,
            // What was never submitted is its unit's alone, also once it has lapsed (D-903).
            Reach::Declared => {
                self.submitted_at.is_some() || self.supervisor_id.is_some() || self.entered_by_office
            }
            Reach::Entered => self.entered_by_office,
            Reach::Published | Reach::Names => false,
        })
    }
}

#[cfg(test)]
mod tests;
