//! The notice definition: the data that define a campaign (D-201, D-202).
//!
//! `campaigns/notice-definition.schema.json` describes the same shape; [`check`](super::check::check) holds what it cannot say.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::application::attachment::{AttachmentRules, is_usual, usual_rules};
use crate::time::{Day, Instant};

/// Where a value of a definition comes from (D-202).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The notice itself gives it.
    Notice,
    /// The office has set it.
    Office,
}

/// A value of a definition with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Who gave it.
    pub source: Source,
}

/// A label for people, in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// 通知定义: all that one year's selection is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The published schema that the writer's editor checks against.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The notice's title.
    pub title: Sourced<String>,
    /// The year that is selected for.
    pub year: Sourced<i32>,
    /// Who issued the notice.
    pub issuer: Sourced<String>,
    /// The notice's document number, where it has one.
    pub document_number: Sourced<Option<String>>,
    /// The day of the notice.
    pub issued_on: Sourced<Day>,
    /// The notice, verbatim.
    pub text: Sourced<String>,
    /// The zone in which days are read.
    pub time_zone: Sourced<String>,
    /// When declarations are accepted.
    pub acceptance: Sourced<Window>,
    /// Sealed paper copies that each application needs.
    pub paper_copies: Sourced<u32>,
    /// The year of the annual assessments that are blended in.
    pub assessment_year: Sourced<i32>,
    /// Whether declarations stay closed until the campaign is opened (D-303).
    pub sealed: Sourced<bool>,
    /// For how many years somebody who has left a unit is recused from its nominees (D-603).
    #[serde(default = "three_years")]
    pub former_unit_years: Sourced<u32>,
    /// 公开抽签: the draw, announced beforehand, whose result gives the seed by which supervisors are assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_draw: Option<Sourced<String>>,
    /// The honours on offer.
    pub categories: Vec<Category>,
}

/// What the office sets where an older definition is silent.
const fn by_office<T: Copy>(value: T) -> Sourced<T> {
    Sourced { value, source: Source::Office }
}

const fn three_years() -> Sourced<u32> {
    by_office(3)
}

const fn five_working_days() -> Sourced<u32> {
    by_office(5)
}

const fn silence_blocks() -> Sourced<Silence> {
    by_office(Silence::Blocks)
}

const fn repeats_allowed() -> Sourced<RepeatAward> {
    by_office(RepeatAward::Allowed)
}

/// The first and the last day on which declarations are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first day, from 00:00.
    pub opens_on: Day,
    /// The last day, until 24:00.
    pub closes_on: Day,
}

impl Window {
    /// The instant at which the window opens.
    #[must_use]
    pub fn opens_at(&self) -> Instant {
        self.opens_on.start()
    }

    /// The instant at which the window has closed.
    #[must_use]
    pub fn closes_at(&self) -> Instant {
        self.closes_on.end()
    }
}

/// 类别: one honour on offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Stable code, snake_case.
    pub code: String,
    /// The honour's name.
    pub title: Sourced<Label>,
    /// What kind of nominee it honours.
    pub nominee: Sourced<NomineeKind>,
    /// 评选范围: who can be a nominee.
    pub scope: Sourced<Vec<ScopeItem>>,
    /// How nominees come in.
    pub route: Sourced<Route>,
    /// 名额: how many may be commended.
    pub quota: Sourced<u32>,
    /// What the honour rests on (D-203).
    pub approval_basis: Option<Sourced<ApprovalBasis>>,
    /// 评选条件, in the notice's order.
    pub criteria: Vec<Criterion>,
    /// The declaration's form; none where the office evaluates.
    pub form: Option<Sourced<Form>>,
    /// Attachments that a declaration must have.
    pub required_attachments: Sourced<Vec<RequiredAttachment>>,
    /// How many attachments of which kinds a declaration may have.
    #[serde(default = "usual_rules", skip_serializing_if = "is_usual")]
    pub attachments: Sourced<AttachmentRules>,
    /// Score sheets that each nominee needs.
    pub visits: Sourced<u32>,
    /// How the sheets of one nominee become one figure.
    pub scoring_policy: Sourced<ScoringPolicy>,
    /// Weights of the verified score and the annual assessment, in percent.
    pub blend: Sourced<Blend>,
    /// What orders equal figures.
    pub tie_break: Sourced<Vec<TieBreak>>,
    /// Applications that one unit may have standing in this category.
    pub per_unit_limit: Sourced<u32>,
    /// Limits on who the list is made of (D-205).
    pub share_rules: Sourced<ShareRules>,
    /// Surplus ratio r in percent (D-206).
    pub surplus_percent: Sourced<Option<u32>>,
    /// Departments whose opinion is asked, by their codes (D-702).
    pub vetting_departments: Sourced<Vec<String>>,
    /// What a department's silence means once its time is over.
    #[serde(default = "silence_blocks")]
    pub vetting_silence: Sourced<Silence>,
    /// Working days that a department has for its answer.
    #[serde(default = "five_working_days")]
    pub vetting_working_days: Sourced<u32>,
    /// What is asked of who was commended last time (D-801).
    #[serde(default = "repeats_allowed")]
    pub repeat_award: Sourced<RepeatAward>,
    /// Whether drafting and submitting, checking and confirming are two persons' work (D-505).
    pub two_step: Sourced<bool>,
    /// What becomes of a vacant place (D-706).
    pub vacancy: Sourced<Vacancy>,
    /// How the list is shown to the public.
    pub notice: Sourced<NoticeRules>,
    /// How the office evaluates, where the route is `office_evaluated`.
    pub evaluation: Option<Sourced<Evaluation>>,
}

macro_rules! code_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[derive(strum::EnumIter, strum::EnumString, strum::IntoStaticStr, strum::Display)]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }
    };
}
pub(crate) use code_enum;

code_enum! {
    /// 推荐对象: a unit, a person whom a unit nominates, or a supervisor.
    NomineeKind {
        /// A unit, for itself.
        Unit,
        /// A person, nominated by a unit.
        Person,
        /// A supervisor, evaluated by the office.
        Supervisor,
    }
}

code_enum! {
    /// 单位类别.
    UnitKind {
        /// 乡镇.
        Township,
        /// 开发区、城市社区管委会.
        ZoneCommittee,
        /// 县政府部门.
        Department,
        /// 县直(驻县)单位.
        CountyDirect,
    }
}

code_enum! {
    /// One item of a scope: a kind of unit, or the supervisors.
    ScopeItem {
        /// Townships.
        Township,
        /// Zone committees.
        ZoneCommittee,
        /// Departments.
        Department,
        /// County-direct units.
        CountyDirect,
        /// Supervisors in office.
        Supervisors,
    }
}

impl From<UnitKind> for ScopeItem {
    fn from(kind: UnitKind) -> Self {
        match kind {
            UnitKind::Township => Self::Township,
            UnitKind::ZoneCommittee => Self::ZoneCommittee,
            UnitKind::Department => Self::Department,
            UnitKind::CountyDirect => Self::CountyDirect,
        }
    }
}

code_enum! {
    /// How nominees come in.
    Route {
        /// Units declare themselves or their people.
        SelfDeclared,
        /// The office evaluates everyone in scope.
        OfficeEvaluated,
    }
}

code_enum! {
    /// How the score sheets of a nominee become one figure (D-607).
    ScoringPolicy {
        /// The plain mean.
        Mean,
        /// The mean without the highest and the lowest.
        TrimmedMean,
        /// Each score less its supervisor's leniency.
        Calibrated,
    }
}

code_enum! {
    /// One stage of the cascade that orders equal figures (D-609).
    TieBreak {
        /// The heaviest criterion first, then the next; equal weights by number.
        CriteriaByWeight,
        /// The unit's annual assessment.
        AnnualAssessment,
    }
}

code_enum! {
    /// What becomes of a vacant place (D-706).
    Vacancy {
        /// The next in rank may take it.
        Substitution,
        /// It stays empty.
        Forfeited,
    }
}

code_enum! {
    /// What a department's silence means once its time is over (D-702).
    Silence {
        /// It holds the notice up.
        Blocks,
        /// It is taken for consent.
        Consents,
    }
}

code_enum! {
    /// What is asked of who was commended in the category last time (D-801).
    RepeatAward {
        /// Nothing.
        Allowed,
        /// New deeds, named in the form.
        NewDeeds,
    }
}

code_enum! {
    /// 履职记录的四类: what a supervisor's duty record tells of.
    DutyKind {
        /// Supervision carried out.
        Supervision,
        /// 联络员: the people's views passed on.
        Liaison,
        /// 参谋员: advice given.
        Advice,
        /// 宣传员: policies explained.
        Publicity,
    }
}

/// What an honour rests on: a document, or the exemption claimed (D-203).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalBasis {
    /// The document.
    pub document: String,
    /// The body that approved it.
    pub approving_body: String,
    /// How often the honour may be given.
    pub cycle: Option<String>,
    /// The most that may be commended.
    pub quota_ceiling: Option<u32>,
    /// Why no approval is needed, where that is claimed.
    pub exemption: Option<String>,
}

/// 评选条件: one numbered condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its number, from 1.
    pub number: u32,
    /// A short title.
    pub title: Sourced<String>,
    /// The text, verbatim.
    pub text: Sourced<String>,
    /// Weight in percent; those of a category sum to 100.
    pub weight: Sourced<u32>,
}

/// A declaration's form (D-501): a JSON Schema 2020-12, and hints for drawing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Stable code.
    pub code: String,
    /// The form's name.
    pub title: Label,
    /// The schema. `x-means` on a property says what the system understands by it, see [`Meaning`].
    pub schema: Value,
    /// Order and widths.
    pub ui: Value,
}

code_enum! {
    /// What a form's property means to the system; a form says it by `x-means` on top-level properties.
    Meaning {
        /// The declaring unit's name.
        UnitName,
        /// The nominated person's name.
        NomineeName,
        /// The nominated person's post, shown in the public notice.
        Post,
        /// Citizen ID: personal, and what persons are unique by.
        CitizenId,
        /// Telephone: personal.
        Phone,
        /// Month of birth: personal.
        BirthMonth,
        /// Whether the person is a leading cadre.
        LeadingCadre,
        /// Whether the person works at the front line.
        FrontLine,
        /// What was achieved since the last commendation (D-801).
        NewDeeds,
    }
}

impl Meaning {
    /// Whether the value is personal data: sealed at rest, masked in every view (D-904).
    #[must_use]
    pub fn is_personal(self) -> bool {
        match self {
            Self::CitizenId | Self::Phone | Self::BirthMonth => true,
            Self::UnitName
            | Self::NomineeName
            | Self::Post
            | Self::LeadingCadre
            | Self::FrontLine
            | Self::NewDeeds => false,
        }
    }
}

impl Form {
    /// The form's properties that mean something to the system, with their names.
    pub fn meanings(&self) -> impl Iterator<Item = (&str, Meaning)> {
        let properties = self.schema.get("properties").and_then(Value::as_object);
        properties.into_iter().flatten().filter_map(|(name, property)| {
            let meaning = property.get("x-means")?.as_str()?.parse().ok()?;
            Some((name.as_str(), meaning))
        })
    }

    /// The name of the property with this meaning.
    #[must_use]
    pub fn property(&self, wanted: Meaning) -> Option<&str> {
        self.meanings().find(|(_, meaning)| *meaning == wanted).map(|(name, _)| name)
    }
}

/// An attachment that a declaration must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredAttachment {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub title: Label,
}

/// How the verified score and the annual assessment are blended, in percent; the two sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blend {
    /// Weight of the verified score.
    pub verified: u32,
    /// Weight of the annual assessment; 0 = not blended in.
    pub assessment: u32,
}

/// Limits on who a list is made of (D-205).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRules {
    /// Leading cadres at most this share of the list, in percent.
    pub leading_cadres_at_most_percent: Option<u32>,
    /// People of the front line at least this share of the list, in percent.
    pub front_line_at_least_percent: Option<u32>,
}

/// How a list is shown to the public (D-704).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeRules {
    /// Working days that it stands.
    pub working_days: u32,
    /// Whether the approver must endorse the list before its names are shown.
    pub needs_consent: bool,
}

/// How the office evaluates supervisors (D-608).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Points for approved duty records, one rule a kind.
    pub duty_points: Vec<DutyPoints>,
    /// Points for each thematic activity attended.
    pub attendance_points_each: Option<u32>,
}

/// What the approved duty records of one kind are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyPoints {
    /// The kind.
    pub kind: DutyKind,
    /// The criterion that it counts for.
    pub criterion: u32,
    /// Points for each record; a criterion has at most 100.
    pub points_each: u32,
    /// Points more where the advice was adopted.
    pub adopted_bonus: u32,
}

impl Definition {
    /// The category with this code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.code == code)
    }
}
