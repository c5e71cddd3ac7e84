//! Errors as clients see them: problem documents (RFC 9457) with stable codes, in the caller's language.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use pingxuan_domain::identifiers::control_character;
use pingxuan_domain::policy::{Denied, Duty};
use pingxuan_domain::workflow::Workflow;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{ErrorCode, Fact, Fault, Operation, Refused};
use pingxuan_persistence::{StoreError, Transient};
use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::{Language, remedy, say, title};
use crate::conflict::{BodyPointer, Conflict, StandingView};

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not carried out.
#[derive(Debug)]
pub enum Failure {
    /// The rules refuse it.
    Refused(Refused),
    /// One code says it all, with its facts.
    Plain(Fault),
    /// Something else stands than was said.
    Conflict(Box<Conflict>),
    /// The database refuses, or is away.
    Store(StoreError),
    /// Something that must not happen; the log says what.
    Internal(String),
}

impl Failure {
    /// A failure that one code says.
    #[must_use]
    pub fn of(code: ErrorCode) -> Self {
        Self::Plain(Fault::new(code))
    }

    /// Out of the caller's reach or not there: the same answer.
    #[must_use]
    pub fn not_found() -> Self {
        Self::of(ErrorCode::NotFound)
    }

    /// The state of an application does not know it.
    #[must_use]
    pub fn illegal(operation: Operation, state: ApplicationState) -> Self {
        let workflow = Workflow::Application;
        Self::Refused(Refused::Illegal { workflow, operation, state: state.into() })
    }

    /// A guard against it.
    #[must_use]
    pub fn guard(code: ErrorCode) -> Self {
        Self::Refused(Refused::guard(Fault::new(code)))
    }

    /// The same failure, with a UNIQUE constraint that was hit said as a guard.
    #[must_use]
    pub fn taken_is(self, code: ErrorCode) -> Self {
        if matches!(self, Self::Store(StoreError::Taken(_))) { Self::guard(code) } else { self }
    }

    /// The same failure, with a UNIQUE constraint that was hit said as what it means to a `PUT` that creates: it is there.
    #[must_use]
    pub fn taken_is_there(self) -> Self {
        if matches!(self, Self::Store(StoreError::Taken(_))) {
            Self::of(ErrorCode::AlreadyExists)
        } else {
            self
        }
    }

    /// The code of the whole, and the faults beneath it.
    fn read(&self) -> (Fault, &[Fault]) {
        match self {
            Self::Refused(Refused::Invalid(faults)) => (Fault::new(ErrorCode::ValidationFailed), faults),
            Self::Refused(Refused::Guards(faults)) => (Fault::new(ErrorCode::GuardFailed), faults),
            Self::Refused(Refused::Illegal { workflow, operation, state }) => {
                (illegal_transition(*workflow, *operation, state), &[])
            }
            Self::Plain(fault) => (fault.clone(), &[]),
            Self::Conflict(conflict) => (Fault::new(conflict.code), &[]),
            Self::Store(StoreError::Stale) => (Fault::new(ErrorCode::PreconditionFailed), &[]),
            Self::Store(StoreError::Taken(_)) => (Fault::new(ErrorCode::Conflict), &[]),
            Self::Store(error) if error.is_transient() || error.is_away() => {
                (Fault::new(ErrorCode::ServiceUnavailable), &[])
            }
            Self::Store(_) | Self::Internal(_) => (Fault::new(ErrorCode::InternalError), &[]),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "{error}"),
            Self::Internal(what) => f.write_str(what),
            Self::Refused(_) | Self::Plain(_) | Self::Conflict(_) => f.write_str(self.read().0.code.code()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Self::of(match denied {
            Denied::Unauthenticated => ErrorCode::Unauthenticated,
            Denied::Forbidden => ErrorCode::RoleNotPermitted,
            Denied::Due(Duty::ChangePassword) => ErrorCode::PasswordChangeRequired,
            Denied::Due(Duty::EnrolSecondFactor) => ErrorCode::SecondFactorRequired,
        })
    }
}

impl Transient for Failure {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// The enumeration of a workflow's states.
#[must_use]
pub fn states_of(workflow: Workflow) -> &'static str {
    match workflow {
        Workflow::Campaign => "campaign_state",
        Workflow::Application => "application_state",
        Workflow::Assignment => "assignment_state",
        Workflow::ScoreSheet => "score_sheet_state",
        Workflow::Shortlist => "shortlist_state",
        Workflow::PublicNotice => "public_notice_state",
        Workflow::DutyRecord => "duty_record_state",
        Workflow::Recusal => "recusal_state",
        Workflow::VettingRequest => "vetting_state",
        Workflow::Veto => "veto_state",
        Workflow::Objection => "objection_state",
        Workflow::Account => "account_state",
    }
}

/// The fault of an operation that a state does not know.
#[must_use]
pub fn illegal_transition(workflow: Workflow, operation: Operation, state: &'static str) -> Fault {
    let mut fault = Fault::new(ErrorCode::IllegalTransition);
    fault.facts.push(("operation", Fact::Choice("operation", operation.code())));
    fault.facts.push(("workflow", Fact::Choice("workflow", workflow.into())));
    fault.facts.push(("state", Fact::Choice(states_of(workflow), state)));
    fault
}

/// What an error response carries until its words are written in the caller's language.
#[derive(Clone, Debug)]
pub struct Seed {
    /// The code of the whole, with its facts.
    pub whole: Fault,
    /// The faults beneath it.
    pub faults: Vec<Fault>,
    /// What stands, where that is another version than was said.
    pub conflict: Option<Conflict>,
}

impl Seed {
    /// What an error is, in words of the contract.
    #[must_use]
    pub fn of(failure: &Failure) -> Self {
        let (whole, faults) = failure.read();
        let conflict =
            if let Failure::Conflict(conflict) = failure { Some((**conflict).clone()) } else { None };
        Self { whole, faults: faults.to_vec(), conflict }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        status(self.read().0.code)
    }

    fn error_response(&self) -> HttpResponse {
        let seed = Seed::of(self);
        let whole = &seed.whole;
        match self {
            Self::Store(StoreError::Stale | StoreError::Taken(_))
            | Self::Refused(_)
            | Self::Plain(_)
            | Self::Conflict(_) => {}
            Self::Store(error) => tracing::error!(%error, "the database failed"),
            Self::Internal(what) => tracing::error!(what, "an error that must not happen"),
        }
        let mut response = HttpResponse::build(status(whole.code));
        if matches!(
            whole.code,
            ErrorCode::ServiceUnavailable
                | ErrorCode::NotReady
                | ErrorCode::SingleSignOnAway
                | ErrorCode::IdempotencyInFlight
        ) {
            response.insert_header((header::RETRY_AFTER, "2"));
        }
        if let Some(Fact::Number(seconds)) = whole.fact("seconds") {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(seed);
        response
    }
}

/// An error as clients see it (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URL that names the kind of problem.
    #[schema(max_length = 300)]
    pub r#type: String,
    /// The kind of problem, in the caller's language.
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong here, in the caller's language.
    #[schema(max_length = 2000)]
    pub detail: String,
    /// The path that was asked.
    #[schema(max_length = 2000)]
    pub instance: String,
    /// The stable code.
    #[schema(max_length = 80, pattern = "^[a-z][a-z0-9_]*$")]
    pub code: String,
    /// The request's id, to be named when asking for help.
    #[schema(max_length = 64)]
    pub request_id: String,
    /// All faults at once, for 409 and 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<ProblemItem>,
    /// For 412: what stands, where the operation may be written offline (D-606).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub current: Option<StandingView>,
    /// For 412: where what was sent differs from what stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<BodyPointer>, max_items = 1000)]
    pub conflicts: Vec<String>,
}

/// One fault of a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemItem {
    /// JSON pointer into the request's body, where the fault is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub pointer: Option<String>,
    /// The stable code.
    #[schema(max_length = 80, pattern = "^[a-z][a-z0-9_]*$")]
    pub code: String,
    /// What is wrong, in the caller's language.
    #[schema(max_length = 2000)]
    pub detail: String,
    /// What would satisfy it, in the caller's language, where it stands in the way of an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    pub remedy: Option<String>,
}

impl ProblemItem {
    /// A fault that stands in the way of an operation, with what would satisfy it: what `blocked_by` and a 409 say alike.
    #[must_use]
    pub fn blocking(language: Language, fault: &Fault) -> Self {
        Self { remedy: remedy(language, fault), ..Self::of(language, fault) }
    }

    /// A fault in the caller's language.
    #[must_use]
    pub fn of(language: Language, fault: &Fault) -> Self {
        Self {
            pointer: fault.pointer.as_deref().map(|pointer| cut(pointer, 500)),
            code: fault.code.code().to_owned(),
            detail: cut(&say(language, fault), 2000),
            remedy: None,
        }
    }
}

/// So many characters at most of a text, and none that no text may hold (D-905), since some of it may be what the client sent.
fn cut(text: &str, most: usize) -> String {
    let shown = |character: char| {
        if control_character(&character.to_string(), true) { '\u{FFFD}' } else { character }
    };
    text.chars().take(most).map(shown).collect()
}

impl Problem {
    /// The problem document of a seed.
    #[must_use]
    pub fn of(language: Language, seed: &Seed, instance: &str, request_id: &str) -> Self {
        let code = seed.whole.code;
        let item = if code == ErrorCode::GuardFailed { ProblemItem::blocking } else { ProblemItem::of };
        Self {
            r#type: format!("/problems/{}", code.code()),
            title: title(language, code),
            status: status(code).as_u16(),
            detail: cut(&say(language, &seed.whole), 2000),
            instance: cut(instance, 2000),
            code: code.code().to_owned(),
            request_id: request_id.to_owned(),
            errors: seed.faults.iter().take(1000).map(|fault| item(language, fault)).collect(),
            current: seed.conflict.as_ref().map(|conflict| conflict.standing.clone()),
            conflicts: seed
                .conflict
                .iter()
                .flat_map(|conflict| &conflict.pointers)
                .take(1000)
                .cloned()
                .collect(),
        }
    }
}

/// The seed of a response that some part of the framework refused by itself.
#[must_use]
pub fn seed_of_status(status: StatusCode) -> Seed {
    let code = match status.as_u16() {
        401 => ErrorCode::Unauthenticated,
        403 => ErrorCode::RoleNotPermitted,
        404 => ErrorCode::NotFound,
        405 => ErrorCode::MethodNotAllowed,
        406 => ErrorCode::NotAcceptable,
        408 => ErrorCode::RequestTimeout,
        413 => ErrorCode::PayloadTooLarge,
        414 => ErrorCode::UriTooLong,
        416 => ErrorCode::RangeNotSatisfiable,
        507 => ErrorCode::StorageFull,
        415 => ErrorCode::UnsupportedMediaType,
        503 => ErrorCode::ServiceUnavailable,
        code if code >= 500 => ErrorCode::InternalError,
        _ => ErrorCode::MalformedRequest,
    };
    Seed { whole: Fault::new(code), faults: Vec::new(), conflict: None }
}

/// The HTTP status of a code that stands for the whole of an error. Codes that only stand beneath another have that one's.
#[must_use]
pub fn status(code: ErrorCode) -> StatusCode {
    use ErrorCode as C;
    if matches!(
        code,
        C::MalformedRequest
            | C::MalformedJson
            | C::MalformedCursor
            | C::UnknownParameter
            | C::InvalidParameter
            | C::InvalidTokenRequest
            | C::InvalidScope
            | C::UnsupportedGrantType
    ) {
        StatusCode::BAD_REQUEST
    } else if matches!(
        code,
        C::Unauthenticated
            | C::InvalidCredentials
            | C::InvalidRefreshToken
            | C::RefreshTokenReused
            | C::InvalidSecondFactor
            | C::PendingLoginOver
            | C::InvalidClient
            | C::SingleSignOnFailed
    ) {
        StatusCode::UNAUTHORIZED
    } else if matches!(code, C::TooManyAttempts | C::TooManyRequests) {
        StatusCode::TOO_MANY_REQUESTS
    } else if matches!(
        code,
        C::RoleNotPermitted | C::PasswordChangeRequired | C::SecondFactorRequired | C::RecentLoginRequired
    ) {
        StatusCode::FORBIDDEN
    } else if matches!(code, C::NotFound | C::SingleSignOnOff) {
        StatusCode::NOT_FOUND
    } else if code == C::MethodNotAllowed {
        StatusCode::METHOD_NOT_ALLOWED
    } else if code == C::NotAcceptable {
        StatusCode::NOT_ACCEPTABLE
    } else if code == C::RequestTimeout {
        StatusCode::REQUEST_TIMEOUT
    } else if code == C::PayloadTooLarge {
        StatusCode::PAYLOAD_TOO_LARGE
    } else if code == C::UriTooLong {
        StatusCode::URI_TOO_LONG
    } else if code == C::UnsupportedMediaType {
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    } else if matches!(code, C::PreconditionRequired | C::WildcardRefused) {
        StatusCode::PRECONDITION_REQUIRED
    } else if matches!(code, C::PreconditionFailed | C::AlreadyExists) {
        StatusCode::PRECONDITION_FAILED
    } else if matches!(code, C::Conflict | C::GuardFailed | C::IllegalTransition | C::IdempotencyInFlight) {
        StatusCode::CONFLICT
    } else if code == C::RangeNotSatisfiable {
        StatusCode::RANGE_NOT_SATISFIABLE
    } else if code == C::StorageFull {
        StatusCode::INSUFFICIENT_STORAGE
    } else if code == C::InternalError {
        StatusCode::INTERNAL_SERVER_ERROR
    } else if matches!(code, C::ServiceUnavailable | C::NotReady | C::SingleSignOnAway) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}
