//! Who may do what (D-901 to D-903): one exhaustive table, and the proof of having asked it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::client::{Client, Scope};
use crate::error::{ErrorCode, Fault};
use crate::operation::{Operation, Standing};

mod visibility;

pub use visibility::Visibility;

/// What an account may be (D-901).
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
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// 申报单位: acts for its own unit.
    Unit,
    /// 监督员: verifies and scores.
    Supervisor,
    /// 县"五型"办: runs the selection.
    Office,
    /// 县政府(审定): consents and decides.
    Approver,
    /// 审计管理员: reads all of the selection, changes nothing.
    Auditor,
    /// 系统管理员: settings, clients, webhooks.
    Admin,
    /// 安全管理员: accounts and roles.
    SecurityAdmin,
}

impl Role {
    /// The three administrators of D-901: none holds two of them, and they have no part in the selection.
    #[must_use]
    pub fn is_administrator(self) -> bool {
        match self {
            Self::Auditor | Self::Admin | Self::SecurityAdmin => true,
            Self::Unit | Self::Supervisor | Self::Office | Self::Approver => false,
        }
    }

    /// Whether an account may hold these roles together.
    #[must_use]
    pub fn compatible(roles: &[Role]) -> bool {
        roles.len() == 1 || !(roles.is_empty() || roles.iter().any(|role| role.is_administrator()))
    }
}

/// What an account must do before anything else is open to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Change the password: it was given, or is past its time.
    ChangePassword,
    /// Enrol a second factor, which a role of it needs.
    EnrolSecondFactor,
}

/// Someone who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub user_id: Uuid,
    /// The session that the request came with.
    pub session_id: Uuid,
    /// The name shown to others.
    pub name: String,
    /// Its roles.
    pub roles: Vec<Role>,
    /// The unit that it acts for, in the role of one.
    pub unit_id: Option<Uuid>,
    /// The supervisor that it is.
    pub supervisor_id: Option<Uuid>,
    /// What it must do before anything else is open to it.
    pub duty: Option<Duty>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Anyone, without a log-in.
    Public,
    /// Someone logged in.
    User(Box<Actor>),
    /// A machine client.
    Client(Box<Client>),
    /// The system itself, at its time (D-301).
    System,
}

impl Caller {
    /// The actor, if someone is logged in.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        match self {
            Self::Public | Self::Client(_) | Self::System => None,
            Self::User(actor) => Some(actor),
        }
    }

    /// Whose account or client it is, if any.
    #[must_use]
    pub fn principal(&self) -> Option<Uuid> {
        match self {
            Self::Public | Self::System => None,
            Self::User(actor) => Some(actor.user_id),
            Self::Client(client) => Some(client.id),
        }
    }
}

/// Why somebody has a hand in a case and none in its decision (D-902).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stake {
    /// The nominee is of the own unit, or is it.
    OwnUnit,
    /// The nominee is the person itself.
    OwnNomination,
    /// The person is recused.
    Recused,
}

impl Stake {
    /// The faults by which stakes stand in the way, each kind once.
    #[must_use]
    pub fn faults(stakes: &[Stake]) -> Vec<Fault> {
        let kinds: BTreeSet<&Stake> = stakes.iter().collect();
        let fault = |stake: &Stake| match stake {
            Self::OwnUnit => ErrorCode::OwnUnitStake,
            Self::OwnNomination => ErrorCode::OwnNomination,
            Self::Recused => ErrorCode::Recused,
        };
        kinds.into_iter().map(|stake| Fault::new(fault(stake))).collect()
    }
}

/// To whom a row of the policy gives an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone.
    Public,
    /// Anyone who is logged in.
    LoggedIn,
    /// Holders of a role.
    Role(Role),
    /// Machine clients with a scope.
    Scope(Scope),
}

/// How far an operation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reach {
    /// Everything there is.
    All,
    /// What is the caller's own: its account, its unit's, its supervisor record's.
    Own,
    /// What is assigned to the supervisor, and the application on themselves.
    Assigned,
    /// All applications but drafts that others are writing.
    Declared,
    /// Applications that the office itself entered for a unit.
    Entered,
    /// What has been published or announced.
    Published,
    /// Names and ids only.
    Names,
}

/// One grant of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// To whom.
    pub who: Who,
    /// How far.
    pub reach: Reach,
}

const fn public() -> Grant {
    Grant { who: Who::Public, reach: Reach::All }
}
const fn logged_in(reach: Reach) -> Grant {
    Grant { who: Who::LoggedIn, reach }
}
const fn role(role: Role, reach: Reach) -> Grant {
    Grant { who: Who::Role(role), reach }
}
const fn scope(scope: Scope, reach: Reach) -> Grant {
    Grant { who: Who::Scope(scope), reach }
}

/// The rows that the whole house reads: office, approver, auditor (D-903).
const fn house(reach: Reach) -> [Grant; 3] {
    [role(Role::Office, reach), role(Role::Approver, reach), role(Role::Auditor, reach)]
}

/// The policy: the grants of each operation. No grant, nobody.
#[must_use]
pub fn rule(operation: Operation) -> Vec<Grant> {
    use Operation as O;
    use Reach::{All, Assigned, Declared, Entered, Names, Own, Published};
    use Role::{Admin, Approver, Auditor, Office, SecurityAdmin, Supervisor, Unit};
    use Scope::{AwardsRead, CampaignsRead, CountyRead};
    let with_house = |first: &[Grant], reach| [first, &house(reach)].concat();
    match operation {
        O::Login
        | O::OidcStart
        | O::OidcCallback
        | O::VerifySecondFactor
        | O::RefreshSession
        | O::IssueToken
        | O::GetJwks
        | O::GetWorkflow
        | O::ListEnumerations => vec![public()],
        O::ListPublicNotices | O::GetPublicNotice | O::ListPublicAwards | O::VerifyCertificate => {
            vec![Grant { who: Who::Public, reach: Published }]
        }
        O::Liveness | O::Readiness | O::SecurityTxt | O::OpenapiDocument | O::SwaggerUi | O::ProblemPage => {
            vec![public()]
        }
        O::Logout
        | O::GetMe
        | O::ChangePassword
        | O::ListSessions
        | O::RevokeSession
        | O::EnrolTotp
        | O::ConfirmTotp
        | O::RemoveTotp => vec![logged_in(Own)],

        O::ListUsers
        | O::CreateUser
        | O::GetUser
        | O::UpdateUser
        | O::DisableUser
        | O::EnableUser
        | O::ResetUserPassword
        | O::UnlockUser => vec![role(SecurityAdmin, All)],
        O::ListClients | O::CreateClient | O::RotateClientSecret | O::DeleteClient => vec![role(Admin, All)],
        O::ListUnits | O::GetUnit | O::GetWorkdayCalendar => vec![logged_in(All), scope(CountyRead, All)],
        O::CreateUnit | O::UpdateUnit | O::CreateSupervisor | O::UpdateSupervisor | O::PutWorkdayCalendar => {
            vec![role(Office, All)]
        }
        O::ListSupervisors | O::GetSupervisor => {
            with_house(&[role(Supervisor, Own), role(SecurityAdmin, Names)], All)
        }
        O::ListAuditEvents => vec![role(Auditor, All)],

        O::ListCampaigns | O::GetCampaign | O::ListCategories | O::GetCategory | O::GetCategoryForm => {
            with_house(&[logged_in(Published), scope(CampaignsRead, Published)], All)
        }
        O::CreateCampaign
        | O::UpdateCampaign
        | O::DeleteCampaign
        | O::AdvanceCampaign
        | O::CancelCampaign
        | O::CopyCampaign
        | O::DryRunCampaign
        | O::OpenCampaignSeal
        | O::GrantExtension => {
            vec![role(Office, All)]
        }
        O::ListExtensions | O::GetCampaignStatistics => house(All).to_vec(),
        O::OpenAcceptance
        | O::OpenEvaluations
        | O::LapseApplication
        | O::ProposeRecusals
        | O::ErasePersonalData
        | O::ForgetAuditEvents
        | O::FinishJob => vec![],

        O::ListApplications | O::GetApplication | O::GetApplicationEvidence => {
            with_house(&[role(Unit, Own), role(Supervisor, Assigned)], Declared)
        }
        O::CreateApplication | O::RecordVeto | O::LiftVeto => vec![role(Unit, Own), role(Office, All)],
        O::UpdateApplication | O::DeleteApplication | O::SubmitApplication => {
            vec![role(Unit, Own), role(Office, Entered)]
        }
        O::WithdrawApplication => vec![role(Unit, Own), role(Supervisor, Own), role(Office, Entered)],
        O::CheckApplication | O::GetApplicationHistory | O::GetApplicationChanges => {
            with_house(&[role(Unit, Own)], Declared)
        }
        O::RevealPersonalData | O::GetApplicationDocument => vec![role(Unit, Own), role(Office, Declared)],
        O::ListAttachments | O::GetAttachment | O::DownloadAttachment => {
            with_house(&[role(Unit, Own), role(Supervisor, Assigned)], Declared)
        }
        O::UploadAttachment | O::DeleteAttachment | O::GetUploadOffset | O::ResumeUpload => {
            vec![role(Unit, Own), role(Office, Entered)]
        }
        O::ReturnApplication
        | O::AcceptApplication
        | O::RejectApplication
        | O::RecordPaperReceipt
        | O::WaiveVisits
        | O::DisqualifyApplication
        | O::SubstituteApplication => vec![role(Office, Declared)],
        O::RevokeAward => vec![role(Approver, Declared)],

        O::PlanAssignments | O::ConfirmAssignments | O::CreateAssignment => vec![role(Office, All)],
        O::UpdateAssignment | O::DeleteAssignment => vec![role(Office, All)],
        O::ListAssignments | O::GetScoreSheet | O::ListDutyRecords | O::ListRecusals => {
            with_house(&[role(Supervisor, Own)], All)
        }
        O::DeclareNoConflict | O::SaveScoreSheet | O::SubmitScoreSheet | O::CreateDutyRecord => {
            vec![role(Supervisor, Own)]
        }
        O::DeclareRecusal | O::LiftRecusal => {
            vec![role(Supervisor, Own), role(Office, All), role(Approver, Own)]
        }
        O::RecordSiteVisit => vec![role(Supervisor, Assigned), role(Office, All)],
        O::GetSiteVisit | O::ListSiteVisits => with_house(&[role(Supervisor, Assigned)], All),
        O::ReopenScoreSheet | O::ReviewDutyRecord | O::CreateThematicActivity | O::RecordAttendance => {
            vec![role(Office, All)]
        }
        O::ListThematicActivities | O::ListAnnualAssessments | O::GetAssignmentPlan => house(All).to_vec(),

        O::GetRanking
        | O::ExplainRankingEntry
        | O::WhatIfRanking
        | O::GetScoringDiagnostics
        | O::ListShortlists
        | O::GetShortlist => house(All).to_vec(),
        O::ResolveTie
        | O::AdjustPoints
        | O::CreateShortlist
        | O::UpdateShortlist
        | O::ProposeShortlist
        | O::PublishNotice
        | O::CloseNotice => {
            vec![role(Office, All)]
        }
        O::EndorseShortlist | O::ApproveShortlist | O::ReturnShortlist | O::DecideNoAward => {
            vec![role(Approver, All)]
        }
        O::ListVettingRequests | O::ListVetoes => with_house(&[role(Unit, Own)], All),
        O::PutAnnualAssessment | O::RequestVetting | O::ResolveVettingConcern => vec![role(Office, All)],
        O::RecordVettingOpinion => vec![role(Unit, Own)],
        O::ListObjections | O::GetObjection => house(All).to_vec(),
        O::AssignObjection | O::ResolveObjection | O::RevealObjector => vec![role(Office, All)],
        O::FileObjection => vec![Grant { who: Who::Public, reach: Published }],
        O::FollowObjection | O::CheckDocument => vec![public()],
        O::ListAwards | O::GetAward => vec![logged_in(Published), scope(AwardsRead, Published)],
        O::GetCertificate => vec![logged_in(Published)],
        O::GetAwardListDocument => vec![role(Office, All)],
        O::GetNoticeDocument => with_house(&[logged_in(Published)], All),
        O::CreateExport => vec![role(Office, Own), role(Admin, Own)],
        O::GetImportTemplate => vec![role(Office, All), role(Admin, All), role(SecurityAdmin, All)],
        O::CreateImport | O::ListJobs | O::GetJob | O::DownloadJobResult | O::CancelJob => {
            vec![role(Office, Own), role(Admin, Own), role(SecurityAdmin, Own)]
        }
    }
    .into_iter()
    .filter(|grant| grant.who != Who::Role(Auditor) || !changes(operation))
    .collect()
}

/// Whether an operation changes anything; an auditor changes nothing (D-901).
fn changes(operation: Operation) -> bool {
    let code = operation.code();
    operation.standing() != Standing::Served
        || !["list_", "get_", "explain_", "check_", "follow_", "download_", "what_if_"]
            .iter()
            .any(|reading| code.starts_with(reading))
}

/// Why an operation is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// It needs a log-in.
    Unauthenticated,
    /// The caller's roles have no such operation.
    Forbidden,
    /// The caller must do something else first.
    Due(Duty),
}

/// Asks the policy.
///
/// # Errors
/// [`Denied`] where no grant of the operation is the caller's.
pub fn authorize(caller: &Caller, operation: Operation) -> Result<Visibility, Denied> {
    let grants = rule(operation);
    let reaches: Vec<_> = grants
        .iter()
        .filter_map(|grant| match (grant.who, caller) {
            (Who::Public, _) | (Who::LoggedIn, Caller::User(_)) => Some((None, grant.reach)),
            (Who::Role(role), Caller::User(actor)) if actor.roles.contains(&role) => {
                Some((Some(role), grant.reach))
            }
            (Who::Scope(scope), Caller::Client(client)) if client.scopes.contains(&scope) => {
                Some((None, grant.reach))
            }
            (Who::LoggedIn | Who::Role(_) | Who::Scope(_), _) => None,
        })
        .collect();
    match caller {
        Caller::Public | Caller::System if reaches.is_empty() => return Err(Denied::Unauthenticated),
        Caller::User(_) | Caller::Client(_) if reaches.is_empty() => return Err(Denied::Forbidden),
        Caller::User(actor) => {
            if let Some(duty) = actor.duty.filter(|_| !open_before_duties(operation)) {
                return Err(Denied::Due(duty));
            }
        }
        Caller::Public | Caller::Client(_) | Caller::System => {}
    }
    Ok(Visibility { operation, caller: caller.clone(), reaches })
}

/// What an account may do that must do something else first: that, look at itself, go, and what anyone may.
#[must_use]
pub fn open_before_duties(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::GetMe
            | Operation::ChangePassword
            | Operation::EnrolTotp
            | Operation::ConfirmTotp
            | Operation::Logout
    ) || rule(operation).iter().any(|grant| grant.who == Who::Public)
}

#[cfg(test)]
mod tests;
