//! The enumerations of the contract: their values in the document, and their labels for people.

use pingxuan_domain::campaign::definition as def;
use pingxuan_domain::decision::AwardState as DomainAwardState;
use pingxuan_domain::verification::plan;
use pingxuan_domain::verification::site_visit::Verdict as DomainVerdict;
use pingxuan_domain::workflow as flow;
use strum::IntoEnumIterator;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! enumerations {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal : $type:ty),* $(,)?) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug)]
            pub struct $name;

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    let values = <$type>::iter().map(<&'static str>::from);
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .description(Some(concat!($($doc),+).trim()))
                        .enum_values(Some(values))
                        .into()
                }
            }

            impl ToSchema for $name {}
        )*

        /// Every enumeration with its values, in order.
        #[must_use]
        pub fn all() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$(($code, <$type>::iter().map(<&'static str>::from).collect())),*]
        }
    };
}

enumerations! {
    /// Kinds of units.
    UnitKind = "unit_kind": def::UnitKind,
    /// What is nominated.
    NomineeKind = "nominee_kind": def::NomineeKind,
    /// Who can be a nominee.
    ScopeItem = "scope_item": def::ScopeItem,
    /// How nominees come in.
    Route = "route": def::Route,
    /// How sheets become one figure.
    ScoringPolicy = "scoring_policy": def::ScoringPolicy,
    /// Why a calibration is not official.
    ObstacleKind = "obstacle_kind": pingxuan_domain::review::calibration::ObstacleKind,
    /// How well supervisors cross.
    DesignGrade = "design_grade": pingxuan_domain::review::calibration::Grade,
    /// How sure it is that a nominee has a place.
    Zone = "zone": pingxuan_domain::review::calibration::Zone,
    /// What is asked of a sheet that stands out.
    SheetFlag = "sheet_flag": pingxuan_domain::review::calibration::SheetFlag,
    /// How the ratio of noise and strictness came about.
    LambdaStatus = "lambda_status": pingxuan_domain::review::calibration::LambdaStatus,
    /// Why something is worth a second look.
    FindingKind = "finding_kind": pingxuan_domain::review::calibration::screening::FindingKind,
    /// Kinds of duty records.
    DutyKind = "duty_kind": def::DutyKind,
    /// What kind of file an attachment is.
    FileKind = "file_kind": pingxuan_domain::application::attachment::FileKind,
    /// Where an attachment stands.
    AttachmentState = "attachment_state": pingxuan_domain::application::attachment::AttachmentState,
    /// What is printed.
    PaperKind = "paper_kind": crate::printing::checking::PaperKind,
    /// Roles.
    Role = "role": pingxuan_domain::Role,
    /// What machine clients may do.
    Scope = "scope": pingxuan_domain::client::Scope,
    /// Workflows.
    Workflow = "workflow": flow::Workflow,
    /// Phases of a campaign.
    CampaignState = "campaign_state": flow::campaign::CampaignState,
    /// States of an application.
    ApplicationState = "application_state": flow::application::ApplicationState,
    /// What a rejected application does not meet.
    RejectionGround = "rejection_ground": pingxuan_domain::application::RejectionGround,
    /// States of an assignment.
    AssignmentState = "assignment_state": flow::assignment::AssignmentState,
    /// States of a score sheet.
    ScoreSheetState = "score_sheet_state": flow::score_sheet::ScoreSheetState,
    /// States of a shortlist.
    ShortlistState = "shortlist_state": flow::shortlist::ShortlistState,
    /// States of a public notice.
    NoticeState = "public_notice_state": flow::public_notice::NoticeState,
    /// States of a duty record.
    DutyRecordState = "duty_record_state": flow::duty_record::DutyRecordState,
    /// States of a recusal.
    RecusalState = "recusal_state": flow::recusal::RecusalState,
    /// Why a person is recused.
    RecusalKind = "recusal_kind": pingxuan_domain::verification::recusal::RecusalKind,
    /// States of a vetting request.
    VettingState = "vetting_state": flow::vetting_request::VettingState,
    /// What a department's silence means.
    Silence = "silence": def::Silence,
    /// What is asked of who was commended last time.
    RepeatAward = "repeat_award": def::RepeatAward,
    /// States of a veto.
    VetoState = "veto_state": flow::veto::VetoState,
    /// What a veto is about.
    VetoField = "veto_field": pingxuan_domain::decision::veto::VetoField,
    /// States of an objection.
    ObjectionState = "objection_state": flow::objection::ObjectionState,
    /// What follows from an objection upheld in part.
    Consequence = "consequence": pingxuan_domain::decision::objection::Consequence,
    /// What an application is disqualified for.
    DisqualificationGround = "disqualification_ground": pingxuan_domain::application::handling::DisqualificationGround,
    /// What a check says of a declaration.
    CheckVerdict = "check_verdict": pingxuan_domain::application::handling::Verdict,
    /// States of an account.
    AccountState = "account_state": flow::account::AccountState,
    /// Whether an award stands.
    AwardState = "award_state": DomainAwardState,
    /// What a site visit says of a stated deed.
    FindingVerdict = "finding_verdict": pingxuan_domain::verification::finding::FindingVerdict,
    /// A visited unit's word.
    Verdict = "verdict": DomainVerdict,
    /// What is known of an annual assessment.
    AssessmentStatus = "assessment_status": crate::review::ranking_view::AssessmentStatus,
    /// What sets equal figures apart.
    TieStage = "tie_stage": crate::review::ranking_view::TieStage,
    /// How a list departs from the ranking.
    DepartureKind = "departure_kind": crate::review::shortlist_view::DepartureKind,
    /// What kind of work a job is.
    JobKind = "job_kind": pingxuan_domain::job::JobKind,
    /// Where a job stands.
    JobState = "job_state": pingxuan_domain::job::JobState,
    /// What can be written out.
    ExportKind = "export_kind": pingxuan_domain::job::ExportKind,
    /// How it is written.
    ExportFormat = "export_format": pingxuan_domain::job::ExportFormat,
    /// What can be read in.
    ImportKind = "import_kind": pingxuan_domain::job::ImportKind,
    /// How a table is read in.
    ImportMode = "import_mode": pingxuan_domain::job::ImportMode,
    /// Pictures of a campaign's statistics.
    Chart = "statistics_chart": crate::statistics::Chart,
    /// How assignments are planned.
    PlanMethod = "plan_method": plan::Method,
    /// What becomes of pairs that met last year.
    RepeatPairs = "repeat_pairs": plan::Repeats,
    /// Why a supervisor may not score a nominee.
    ConflictReason = "conflict_reason": plan::ConflictReason,
}
