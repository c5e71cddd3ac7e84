//! What can be refused, and how a refusal names its reasons: one stable code each, with the facts behind it.

use serde::Serialize;
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::Operation;
use crate::campaign::definition::Label;
use crate::time::{Day, Instant};
use crate::workflow::Workflow;

/// The stable codes of every refusal. Texts for people stand in the catalogue, HTTP statuses in the api's table.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the catalogue says each in two languages; docs/errors.md is made from it")]
pub enum ErrorCode {
    // The request itself.
    MalformedRequest,
    MalformedJson,
    MalformedCursor,
    UnknownParameter,
    InvalidParameter,
    UnsupportedMediaType,
    PayloadTooLarge,
    /// The address is longer than any that the system gives.
    UriTooLong,
    /// The body did not come in time.
    RequestTimeout,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    InternalError,
    ServiceUnavailable,
    /// This server cannot work now, and says what it lacks.
    NotReady,
    // Who is asking.
    Unauthenticated,
    InvalidCredentials,
    InvalidRefreshToken,
    RefreshTokenReused,
    RoleNotPermitted,
    PasswordChangeRequired,
    SecondFactorRequired,
    /// What is asked needs a log-in of the last minutes.
    RecentLoginRequired,
    InvalidSecondFactor,
    PendingLoginOver,
    /// Nobody has set up an identity provider.
    SingleSignOnOff,
    /// The identity provider lets nobody in, or nobody who has an account here.
    SingleSignOnFailed,
    /// The identity provider does not answer, or not as it must.
    SingleSignOnAway,
    /// So many wrong passwords that the next is not looked at for a while.
    TooManyAttempts,
    /// So many requests that the next is not looked at for a moment.
    TooManyRequests,
    // A machine client that asks for a token (RFC 6749).
    InvalidTokenRequest,
    InvalidClient,
    InvalidScope,
    UnsupportedGrantType,
    // Concurrency.
    PreconditionRequired,
    PreconditionFailed,
    WildcardRefused,
    AlreadyExists,
    Conflict,
    /// A request with the same idempotency key is being carried out at this moment.
    IdempotencyInFlight,
    /// The idempotency key was used with another request.
    IdempotencyKeyReused,
    // The whole of a 409 or a 422.
    ValidationFailed,
    GuardFailed,
    IllegalTransition,
    // Members of a body, each with a pointer.
    Required,
    UnknownMember,
    WrongType,
    TooShort,
    TooLong,
    TooSmall,
    TooLarge,
    TooFew,
    TooMany,
    NotAChoice,
    WrongFormat,
    Duplicate,
    ControlCharacter,
    InvalidCheckDigit,
    MaskedValue,
    Invalid,
    UnknownReference,
    NotInThePast,
    NotInTheFuture,
    // Files.
    FileMissing,
    FileEmpty,
    FileTypeNotAllowed,
    FileTypeMismatch,
    FileUnreadable,
    FilePolyglot,
    FileActiveContent,
    FileEncrypted,
    FileTooManyPixels,
    FileArchiveBomb,
    FileUnsafeArchive,
    FileTooComplex,
    FileMalware,
    FileNameBad,
    DigestMismatch,
    AttachmentMissing,
    /// A piece of an upload begins elsewhere than where the piece before ended.
    UploadOffsetWrong,
    /// There is nothing to go on with: it is whole.
    UploadOver,
    /// It is not whole yet.
    UploadUnfinished,
    FileQuarantined,
    RangeNotSatisfiable,
    /// There is no certificate of an award that was revoked.
    AwardRevoked,
    /// Nobody is commended yet.
    NothingAwarded,
    /// There is no room left to keep it.
    StorageFull,
    // Jobs.
    /// Whoever carried it out went away, too often.
    JobAbandoned,
    /// It is over.
    JobOver,
    /// It is not done, or what came of it is gone.
    JobWithoutResult,
    /// CSV holds one table, and this is several.
    OneTableOnly,
    /// A package is made once the awards are announced.
    NotAnnounced,
    /// A table is none, or its headings are not those of the template.
    TableUnreadable,
    HeadingsWrong,
    TableEmpty,
    TooManyRows,
    /// A cell is not what its column wants.
    NotANumber,
    NotAWholeNumber,
    TooManyPlaces,
    PrecisionLost,
    NotADay,
    NotAnInstant,
    NotABoolean,
    FormulaError,
    // Accounts.
    UsernameTaken,
    ClientNameTaken,
    RolesIncompatible,
    RoleNeedsUnit,
    RoleNeedsSupervisor,
    PasswordTooWeak,
    PasswordCommon,
    PasswordUsedBefore,
    WrongPassword,
    OwnAccount,
    LastSecurityAdmin,
    NotLocked,
    SecondFactorNeeded,
    TotpNotOffered,
    WrongCode,
    UnitCodeTaken,
    CitizenIdTaken,
    // The definition of a campaign (D-201 to D-207).
    WeightsNotHundred,
    BlendNotHundred,
    CriterionOutOfOrder,
    CategoryCodeRepeated,
    WindowOutOfOrder,
    TimeZoneNotSupported,
    ApprovalBasisMissing,
    QuotaAboveCeiling,
    ScopeDoesNotFit,
    FormMissing,
    FormNotAllowed,
    FormNotASchema,
    FormMeaningMissing,
    EvaluationMissing,
    EvaluationNotAllowed,
    UnknownCriterion,
    VisitsMissing,
    VisitsNotAllowed,
    VisitsTooFew,
    PolicyNeedsSheets,
    ShareRulesForUnits,
    AssessmentWithoutUnit,
    NotYetSupported,
    // Campaign.
    CampaignCancelled,
    WindowNotOpen,
    DeadlineNotPassed,
    ApplicationsUndecided,
    CorrectionsOpen,
    ApplicationsUnverified,
    CategoriesUndecided,
    ArchivePackageMissing,
    CampaignHasApplications,
    ListApproved,
    CampaignNotAccepting,
    CampaignNotVerifying,
    CampaignNotSelecting,
    CampaignNotOpen,
    ExtensionsRunning,
    ExtensionNotLater,
    CampaignSealed,
    NotSealed,
    SealOpened,
    // Application.
    NomineeOutOfScope,
    RouteNotDeclared,
    DeadlinePassed,
    CorrectionDatePassed,
    StandsInAnotherCategory,
    PerUnitLimitReached,
    FormIncomplete,
    PaperCopiesMissing,
    PaperStale,
    NoticeClosed,
    UnknownCategory,
    UnitInactive,
    OwnUnitOnly,
    VetoInForce,
    NewDeedsMissing,
    FieldLocked,
    OwnDraft,
    OwnCheck,
    OwnUnitStake,
    OwnNomination,
    Recused,
    NoSheetCounts,
    ReferenceUnsupported,
    NoPlaceVacant,
    PlaceForfeited,
    // Verification.
    OwnUnit,
    SupervisorIsCandidate,
    AlreadyAssigned,
    SupervisorInactive,
    ApplicationNotAccepted,
    SheetSubmitted,
    NotConfirmed,
    NotDeclared,
    SiteVisitMissing,
    SheetIncomplete,
    ParticipantsMissing,
    NotAParticipant,
    VisitRecordInUse,
    /// A sheet refers to a finding that would go.
    FindingInUse,
    /// The application says nothing at that place of its form.
    DeedNotStated,
    /// It says that it was written later than now.
    ClockAhead,
    DissentNeedsReason,
    RankingInUse,
    NothingPlanned,
    /// There is more to plan than can be reckoned.
    PlanTooLarge,
    /// What a plan was made from has changed while it was made.
    PlanInputsChanged,
    /// A seed was sent beside a draw, from which it follows.
    SeedFromDraw,
    /// The definition says which draw decides, and none was named.
    DrawMissing,
    /// The assignments of a calibrated category fall apart.
    DesignDisconnected,
    OutOfTerm,
    SupervisorsEvaluated,
    AlreadyRecused,
    OwnRecusal,
    // Review and decision.
    ListAlive,
    AssessmentMissing,
    TieUnresolved,
    NoTie,
    TieOrderIncomplete,
    QuotaExceeded,
    SurplusMissing,
    LeadingCadreShare,
    FrontLineShare,
    DepartureReasonMissing,
    DepartureWithoutCause,
    EntryNotStanding,
    RankingChanged,
    ListEmpty,
    EntryUnknown,
    ConsentMissing,
    CalendarMissing,
    NoticeRunning,
    NotNoticed,
    OwnProposal,
    NoticeNotClosed,
    MeetingIncomplete,
    DeclinedAll,
    CategoryDecided,
    ListNotProposed,
    EntryVetoed,
    VettingMissing,
    VettingOpen,
    VettingConcernOpen,
    VettingVeto,
    VettingOver,
    /// A department would have less time for its answer than the definition gives it.
    DueTooEarly,
    NobodyToAsk,
    NotADepartment,
    NotTheSupplier,
    NoticeWithdrawn,
    ObjectionsClosed,
    ObjectionsOpen,
    ObjectionNotCarriedOut,
    NotTheInvestigator,
    InvestigatorHasStake,
    ObjectorAnonymous,
    ObjectionNamesAnother,
    ConsequenceNotAsked,
}

impl ErrorCode {
    /// The code as clients read it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// One fact of a refusal, for its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A name or a code.
    Text(String),
    /// A count.
    Number(i64),
    /// A moment.
    Instant(Instant),
    /// A day.
    Day(Day),
    /// A value of an enumeration, to be said by its label: the enumeration's name and the value.
    Choice(&'static str, &'static str),
    /// What somebody named in both languages.
    Label(Label),
}

macro_rules! fact_from {
    ($($type:ty => $make:expr),* $(,)?) => {$(
        impl From<$type> for Fact {
            fn from(value: $type) -> Self {
                let make: fn($type) -> Fact = $make;
                make(value)
            }
        }
    )*};
}
fact_from! {
    &str => |text| Fact::Text(text.to_owned()),
    String => Fact::Text,
    u32 => |number| Fact::Number(i64::from(number)),
    i32 => |number| Fact::Number(i64::from(number)),
    i64 => Fact::Number,
    usize => |number| Fact::Number(i64::try_from(number).unwrap_or(i64::MAX)),
    Instant => Fact::Instant,
    Day => Fact::Day,
    &Label => |label| Fact::Label(label.clone()),
}

/// One reason against a request: its code, what it points at in the body, and the facts behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The stable code.
    pub code: ErrorCode,
    /// JSON pointer into the body, where the fault is in it.
    pub pointer: Option<String>,
    /// Facts by the names that the catalogue's sentence uses.
    pub facts: Vec<(&'static str, Fact)>,
}

impl Fault {
    /// A fault of the case.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self { code, pointer: None, facts: Vec::new() }
    }

    /// A fault of a member of the body.
    #[must_use]
    pub fn at(pointer: impl Into<String>, code: ErrorCode) -> Self {
        Self { code, pointer: Some(pointer.into()), facts: Vec::new() }
    }

    /// The same with one more fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.facts.push((name, fact.into()));
        self
    }

    /// A fact by its name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts.iter().find(|(known, _)| *known == name).map(|(_, fact)| fact)
    }

    /// The same, of one of several things that are handled together.
    #[must_use]
    pub fn about(self, name: impl Into<String>) -> Self {
        self.with("about", name.into())
    }

    /// The same, pointing below `base`.
    #[must_use]
    pub fn below(mut self, base: &str) -> Self {
        self.pointer = Some(format!("{base}{}", self.pointer.unwrap_or_default()));
        self
    }
}

/// A decision against a request, with all its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The body says something that cannot be: 422.
    Invalid(Vec<Fault>),
    /// The state does not know the operation: 409 `illegal_transition`.
    Illegal {
        /// Whose table was asked.
        workflow: Workflow,
        /// The operation.
        operation: Operation,
        /// The state it is in.
        state: &'static str,
    },
    /// Guards are against it: 409 `guard_failed`.
    Guards(Vec<Fault>),
}

impl Refused {
    /// A single guard against it.
    #[must_use]
    pub fn guard(fault: Fault) -> Self {
        Self::Guards(vec![fault])
    }

    /// A single fault in the body.
    #[must_use]
    pub fn invalid(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }

    /// `Ok` without faults, a refused body with them.
    ///
    /// # Errors
    /// [`Refused::Invalid`] with all the faults.
    pub fn unless_valid(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self::Invalid(faults)) }
    }

    /// Goes on unless something stands in the way.
    ///
    /// # Errors
    /// [`Refused::Guards`] with all of it.
    pub fn unless_guarded(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self::Guards(faults)) }
    }
}
