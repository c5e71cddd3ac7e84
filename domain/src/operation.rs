//! The list of what one can do: one variant for each use case.
//!
//! Its code is the OpenAPI `operationId`, the name in the audit and in `allowed_actions`, and the row of the policy.

use serde::Serialize;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// What one can do.
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
#[expect(missing_docs, reason = "each is a use case of the HTTP contract, where its summary stands")]
pub enum Operation {
    // Log-in and the own account.
    Login,
    OidcStart,
    OidcCallback,
    VerifySecondFactor,
    RefreshSession,
    Logout,
    GetMe,
    ChangePassword,
    ListSessions,
    RevokeSession,
    EnrolTotp,
    ConfirmTotp,
    RemoveTotp,
    GetJwks,
    // Machine clients.
    ListClients,
    CreateClient,
    RotateClientSecret,
    DeleteClient,
    IssueToken,
    // Accounts.
    ListUsers,
    CreateUser,
    GetUser,
    UpdateUser,
    DisableUser,
    EnableUser,
    ResetUserPassword,
    UnlockUser,
    // The county: its units and supervisors.
    ListUnits,
    CreateUnit,
    GetUnit,
    UpdateUnit,
    ListSupervisors,
    CreateSupervisor,
    GetSupervisor,
    UpdateSupervisor,
    // Openness.
    ListAuditEvents,
    ForgetAuditEvents,
    GetWorkflow,
    ListEnumerations,
    // Campaigns.
    ListCampaigns,
    CreateCampaign,
    GetCampaign,
    UpdateCampaign,
    DeleteCampaign,
    AdvanceCampaign,
    CancelCampaign,
    CopyCampaign,
    DryRunCampaign,
    OpenCampaignSeal,
    ListExtensions,
    GrantExtension,
    GetCampaignStatistics,
    ListCategories,
    GetCategory,
    GetCategoryForm,
    GetWorkdayCalendar,
    PutWorkdayCalendar,
    OpenAcceptance,
    OpenEvaluations,
    LapseApplication,
    ProposeRecusals,
    ErasePersonalData,
    // Applications.
    ListApplications,
    CreateApplication,
    GetApplication,
    UpdateApplication,
    DeleteApplication,
    SubmitApplication,
    WithdrawApplication,
    ReturnApplication,
    AcceptApplication,
    RejectApplication,
    CheckApplication,
    GetApplicationHistory,
    GetApplicationChanges,
    GetApplicationEvidence,
    RevealPersonalData,
    GetApplicationDocument,
    ListAttachments,
    UploadAttachment,
    GetAttachment,
    DownloadAttachment,
    DeleteAttachment,
    GetUploadOffset,
    ResumeUpload,
    RecordPaperReceipt,
    WaiveVisits,
    DisqualifyApplication,
    SubstituteApplication,
    RevokeAward,
    // Verification.
    PlanAssignments,
    GetAssignmentPlan,
    ConfirmAssignments,
    ListAssignments,
    CreateAssignment,
    UpdateAssignment,
    DeleteAssignment,
    DeclareNoConflict,
    ListRecusals,
    DeclareRecusal,
    LiftRecusal,
    RecordSiteVisit,
    GetSiteVisit,
    ListSiteVisits,
    GetScoreSheet,
    SaveScoreSheet,
    SubmitScoreSheet,
    ReopenScoreSheet,
    ListAnnualAssessments,
    PutAnnualAssessment,
    ListDutyRecords,
    CreateDutyRecord,
    ReviewDutyRecord,
    ListThematicActivities,
    CreateThematicActivity,
    RecordAttendance,
    // Review and decision.
    GetRanking,
    ExplainRankingEntry,
    WhatIfRanking,
    GetScoringDiagnostics,
    ResolveTie,
    AdjustPoints,
    ListShortlists,
    GetShortlist,
    CreateShortlist,
    UpdateShortlist,
    ProposeShortlist,
    EndorseShortlist,
    ApproveShortlist,
    ReturnShortlist,
    DecideNoAward,
    PublishNotice,
    CloseNotice,
    ListVettingRequests,
    RequestVetting,
    RecordVettingOpinion,
    ResolveVettingConcern,
    ListVetoes,
    RecordVeto,
    LiftVeto,
    ListObjections,
    GetObjection,
    AssignObjection,
    ResolveObjection,
    RevealObjector,
    // After the decision, and what the public sees.
    ListAwards,
    GetAward,
    GetCertificate,
    GetAwardListDocument,
    GetNoticeDocument,
    ListPublicNotices,
    GetPublicNotice,
    ListPublicAwards,
    VerifyCertificate,
    /// Whether what somebody holds in their hands is still what it was printed from.
    CheckDocument,
    FileObjection,
    FollowObjection,
    // Long work: exports and imports.
    GetImportTemplate,
    CreateExport,
    CreateImport,
    ListJobs,
    GetJob,
    DownloadJobResult,
    CancelJob,
    FinishJob,
    // The server itself.
    Liveness,
    Readiness,
    /// Where to report a weakness (RFC 9116).
    SecurityTxt,
    OpenapiDocument,
    SwaggerUi,
    /// What an error code means.
    ProblemPage,
}

/// How an operation comes to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// By a request: it has a route and stands in the OpenAPI document.
    Served,
    /// By itself, when its time has come (D-301): in the tables and the audit, without a route.
    System,
    /// In the workflow tables, not yet served: it has no route until it is whole.
    Planned,
}

impl Operation {
    /// The code: `operationId`, name in the audit and in `allowed_actions`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// How it comes to be carried out.
    #[must_use]
    pub fn standing(self) -> Standing {
        if matches!(
            self,
            Self::OpenAcceptance
                | Self::OpenEvaluations
                | Self::LapseApplication
                | Self::ProposeRecusals
                | Self::ErasePersonalData
                | Self::ForgetAuditEvents
                | Self::FinishJob
        ) {
            Standing::System
        } else {
            Standing::Served
        }
    }

    /// Whether it may take access away from somebody: what a node remembers of who is who is forgotten with it.
    #[must_use]
    pub fn touches_access(self) -> bool {
        matches!(
            self,
            Self::RefreshSession
                | Self::Logout
                | Self::ChangePassword
                | Self::RevokeSession
                | Self::ConfirmTotp
                | Self::RemoveTotp
                | Self::UpdateUser
                | Self::DisableUser
                | Self::EnableUser
                | Self::ResetUserPassword
                | Self::DeleteClient
        )
    }

    /// Whether it is a decision, for which `If-Match: *` is refused: who decides has seen what is decided.
    #[must_use]
    pub fn is_decision(self) -> bool {
        matches!(
            self,
            Self::ProposeShortlist
                | Self::EndorseShortlist
                | Self::ApproveShortlist
                | Self::ReturnShortlist
                | Self::DecideNoAward
                | Self::RevokeAward
                | Self::DisqualifyApplication
        )
    }
}
