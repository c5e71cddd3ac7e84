//! The gate: before a body is read, it is known who asks, what they ask for, and that the policy gives it.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant as Moment;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use futures_util::FutureExt;
use pingxuan_domain::policy::{Caller, Denied, authorize};
use pingxuan_domain::step::{ObjectKind, Outcome, Step};
use pingxuan_domain::{Day, ErrorCode, Fault, Instant, Operation, Visibility};
use pingxuan_persistence::journal::Journal;
use pingxuan_persistence::{clients, installation, sealing, sessions};
use uuid::Uuid;

use crate::app::App;
use crate::call::{Access, JSON};
use crate::catalogue::Language;
use crate::contract::answers::cache_control;
use crate::demo::sandbox;
use crate::identity::client_tokens::OauthErrorView;
use crate::identity::remembered::Known;
use crate::identity::tokens::Bearer;
use crate::limits::{Allowance, Counted};
use crate::metrics::{name_of, sort_of};
use crate::problem::{Failure, PROBLEM_JSON, Problem, Seed, seed_of_status};
use crate::spans::{Span, number_of};
use crate::trace::Trace;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");
/// Headers that every response carries.
const SECURITY: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];
const API_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
/// For pages: what they load is ours. Their scripts write styles into the page; nothing else stands in it.
const PAGE_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Path and query, in bytes: what every proxy lets through, and many times what the longest filter needs.
const LONGEST_ADDRESS: usize = 8192;
/// The page that is no operation of the contract.
const REFERENCE: &str = "/reference/";
/// Where pages are.
const PAGES: [&str; 3] = ["/docs/", "/problems/", REFERENCE];

/// Lets a request through to its handler, or refuses it; what comes back is written in the caller's language.
///
/// # Errors
/// What a service below fails with; handlers and extractors fail with problem documents instead.
pub async fn gate(
    app: web::Data<App>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let _under_way = app.metrics.comes();
    let mut asked = Asked::of(&app, &request);
    if request.method() == Method::OPTIONS && !methods(&app, request.path()).is_empty() {
        let response = asked.finish(&app, asked.offered(&app));
        return Ok(request.into_response(response));
    }
    // The router may know a broader path that takes the method; the contract says what this one takes.
    let taken = methods(&app, request.path());
    if !taken.is_empty() && !taken.contains(&asked.method.as_str()) {
        let response = asked.finish(&app, Failure::of(ErrorCode::MethodNotAllowed).error_response());
        return Ok(request.into_response(response));
    }
    if request.uri().path_and_query().is_some_and(|asked| asked.as_str().len() > LONGEST_ADDRESS) {
        let refused = Fault::new(ErrorCode::UriTooLong).with("limit", LONGEST_ADDRESS.to_string());
        let response = asked.finish(&app, Failure::Plain(refused).error_response());
        return Ok(request.into_response(response));
    }
    if request.method() == Method::HEAD {
        // The answer to `HEAD` is the answer to `GET`; the connection leaves its body out.
        request.head_mut().method = Method::GET;
    }
    match admit(&app, request.request(), &mut asked).await {
        Ok(access) => {
            if let Some(access) = access {
                request.extensions_mut().insert(access);
            }
            // The router wants the request for itself alone: nothing of it is kept here.
            let called = AssertUnwindSafe(next.call(request)).catch_unwind().await;
            // Whatever came of it: who lost access may have lost it before something else went wrong.
            if asked.operation.is_some_and(Operation::touches_access) {
                app.remembered.forget();
            }
            match called.unwrap_or_else(|panic| Err(asked.panicked(&app, &*panic).into())) {
                Ok(response) => {
                    let (request, response) = response.map_into_boxed_body().into_parts();
                    Ok(ServiceResponse::new(request, asked.finish(&app, response)))
                }
                Err(error) => {
                    let response = asked.finish(&app, error.error_response());
                    Err(InternalError::from_response(error, response).into())
                }
            }
        }
        Err(failure) => {
            let response = asked.finish(&app, failure.error_response());
            Ok(request.into_response(response))
        }
    }
}

/// What was asked, for the words of an answer.
struct Asked {
    method: Method,
    path: String,
    language: Language,
    request_id: String,
    origin: Option<HeaderValue>,
    preflight: bool,
    /// The trace that somebody else began.
    trace: Option<Trace>,
    /// The id of its own span.
    span: Uuid,
    operation: Option<Operation>,
    began: Moment,
    /// What sort of caller it is, once that is known.
    caller: &'static str,
    /// The id of their account or client, once that is known.
    principal: Option<Uuid>,
    /// How the caller stands, once their request is counted.
    allowance: Option<Allowance>,
}

/// The methods that a path takes: those of the contract, of the reference, and of the sandbox where there is one.
fn methods<'a>(app: &'a App, path: &str) -> Vec<&'a str> {
    if app.sandbox.is_some() && sandbox::PATHS.contains(&path) {
        return vec!["OPTIONS", "POST"];
    }
    if path.starts_with(REFERENCE) {
        return vec!["GET", "HEAD", "OPTIONS"];
    }
    app.contract.methods(path)
}

/// Whether a client's request id may stand in logs and headers.
fn is_request_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Asks who it is, what they want, and whether the policy gives it. Paths that are no operation's pass by.
async fn admit(app: &App, request: &HttpRequest, asked: &mut Asked) -> Result<Option<Access>, Failure> {
    let Some(operation) = asked.operation else { return Ok(None) };
    let now = app.clock.now();
    let source = request.peer_addr().map(|peer| app.edge.source(peer.ip(), request.headers()));
    let caller = caller(app, request, operation, now).await;
    asked.caller = caller.as_ref().map_or(asked.caller, sort_of);
    asked.principal = caller.as_ref().ok().and_then(Caller::principal);
    let counted = asked.principal.map(Counted::Principal).or(source.map(Counted::source));
    asked.count(app, counted)?;
    let caller = caller?;
    let address = source.map(|source| source.to_string());
    let visibility = match authorize(&caller, operation) {
        Ok(visibility) => visibility,
        Err(denied) => {
            if denied == Denied::Forbidden {
                write_down(app, caller, operation, (asked, address, now)).await?;
            }
            return Err(denied.into());
        }
    };
    app.contract.check_path(operation, request.path())?;
    app.contract.check_query(operation, request.query_string())?;
    app.contract.check_headers(operation, request.headers())?;
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    app.contract.check_accept(operation, accept)?;
    Ok(Some(Access {
        visibility,
        now,
        language: asked.language,
        request_id: asked.request_id.clone(),
        address,
    }))
}

/// Writes down that somebody asked for what their roles do not have (S-69).
async fn write_down(
    app: &App,
    caller: Caller,
    operation: Operation,
    (asked, address, now): (&Asked, Option<String>, Instant),
) -> Result<(), Failure> {
    let Some(id) = caller.principal() else { return Ok(()) };
    let kind = if caller.actor().is_some() { ObjectKind::User } else { ObjectKind::Client };
    let step = Step::of(operation, kind, id, now).ending(Outcome::Denied);
    let clock = app.clock.clone();
    let system = Visibility::system(operation);
    let journal = Journal::new(&system, asked.request_id.clone(), address, Arc::new(move || clock.new_id()));
    let journal = journal.as_caller(caller);
    app.db.in_tx(async |tx| Ok(journal.write(tx, std::slice::from_ref(&step)).await?)).await
}

/// Who asks. What anyone may call is called by anyone, whatever token they hold.
async fn caller(
    app: &App,
    request: &HttpRequest,
    operation: Operation,
    now: Instant,
) -> Result<Caller, Failure> {
    let open = authorize(&Caller::Public, operation).is_ok();
    let Some(token) = bearer(request) else {
        return if open { Ok(Caller::Public) } else { Err(Denied::Unauthenticated.into()) };
    };
    match holder(app, &token, now).await? {
        Some(known) => Ok(known.caller),
        None if open => Ok(Caller::Public),
        None => Err(Failure::of(ErrorCode::Unauthenticated)),
    }
}

/// Who holds a token, if it is good now: remembered, or asked of the database.
async fn holder(app: &App, token: &str, now: Instant) -> Result<Option<Known>, Failure> {
    if let Some(known) = app.remembered.find(token, now) {
        return Ok(Some(known));
    }
    let mark = app.remembered.mark();
    if mark.is_none() {
        // Whether the keys are still the same is not known either, those that seal them included.
        app.db.vault().take(&sealing::keys(app.db.read()).await?)?;
        app.tokens.replace(app.db.vault(), &installation::signing_keys(app.db.read()).await?)?;
    }
    let Some(subject) = app.tokens.subject(token, now) else { return Ok(None) };
    let known = match subject.bearer {
        Bearer::Session(id) => logged_in(app, id, subject.expires_at, now).await?,
        Bearer::Client(id, scopes) => {
            let client = clients::holding(app.db.read(), id).await?;
            let caller = client.map(|client| Caller::Client(Box::new(client.within(&scopes))));
            caller.map(|caller| Known { caller, until: subject.expires_at })
        }
    };
    if let Some(known) = &known {
        app.remembered.keep(token, mark, known);
    }
    Ok(known)
}

/// Whose session it is, if it lives and its account is open; at the latest until the token is over.
async fn logged_in(
    app: &App,
    session_id: Uuid,
    expires_at: Instant,
    now: Instant,
) -> Result<Option<Known>, Failure> {
    let found = sessions::with_owner(app.db.read(), session_id, now).await?;
    let Some((session, user)) = found.filter(|(_, user)| user.is_open(now)) else { return Ok(None) };
    let actor = app.security.actor(&user, session.id, now);
    let ends = [Some(expires_at), Some(session.expires_at), user.valid_until.map(Day::end)];
    let until = ends.into_iter().flatten().min().unwrap_or(now);
    Ok(Some(Known { caller: Caller::User(Box::new(actor)), until }))
}

/// The bearer token of a request; the scheme's name is read in any case. Of two headers neither counts.
fn bearer(request: &HttpRequest) -> Option<String> {
    let mut sent = request.headers().get_all(header::AUTHORIZATION);
    let (scheme, token) = sent.next()?.to_str().ok()?.split_once(' ')?;
    (sent.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| token.trim_start().to_owned())
}

impl Asked {
    fn of(app: &App, request: &ServiceRequest) -> Self {
        let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let request_id = text(REQUEST_ID).filter(|id| is_request_id(id));
        let trace = text(TRACE_PARENT).and_then(Trace::read);
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        Self {
            operation: app.contract.operation(method, request.path()),
            method: method.clone(),
            path: request.path().to_owned(),
            language: Language::negotiate(text(header::ACCEPT_LANGUAGE)),
            request_id: request_id.map_or_else(|| app.clock.new_id().to_string(), str::to_owned),
            origin: request.headers().get(header::ORIGIN).cloned(),
            preflight: request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD),
            trace,
            span: app.clock.new_id(),
            began: Moment::now(),
            caller: "public",
            principal: None,
            allowance: None,
        }
    }

    /// Counts the request.
    fn count(&mut self, app: &App, whose: Option<Counted>) -> Result<(), Failure> {
        if self.is_probe() {
            return Ok(());
        }
        self.allowance = whose.and_then(|whose| app.limits.count(whose));
        match self.allowance.and_then(|allowance| allowance.wait) {
            Some(seconds) => {
                let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
                Err(Failure::Plain(Fault::new(ErrorCode::TooManyRequests).with("seconds", seconds)))
            }
            None => Ok(()),
        }
    }

    /// The methods that a path takes: the answer to `OPTIONS`.
    fn offered(&self, app: &App) -> HttpResponse {
        let methods = methods(app, &self.path).join(", ");
        HttpResponse::NoContent().insert_header((header::ALLOW, methods)).finish()
    }

    /// Writes the words of an error, and the headers that every response carries.
    fn finish(&self, app: &App, mut response: HttpResponse) -> HttpResponse {
        let failed = response.status().is_client_error() || response.status().is_server_error();
        if failed {
            response = self.worded(app, &response);
        }
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            headers.insert(REQUEST_ID, id);
        }
        for (name, value) in SECURITY {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let page = PAGES.iter().any(|pages| self.path.starts_with(pages));
        let policy = if page { PAGE_POLICY } else { API_POLICY };
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        headers.append(header::VARY, HeaderValue::from_static("Accept-Language, Authorization, Origin"));
        let methods =
            (self.preflight && self.method == Method::OPTIONS).then(|| methods(app, &self.path).join(", "));
        app.origins.answer(self.origin.as_ref(), methods.as_deref(), headers);
        let trace = self.trace.map(|trace| trace.continued_by(number_of(self.span)).to_string());
        if let Some(trace) = trace.and_then(|trace| HeaderValue::from_str(&trace).ok()) {
            headers.insert(TRACE_RESPONSE, trace);
        }
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(if failed { "no-store" } else { self.caching() }),
        );
        self.deprecation(app, headers);
        self.allowed(headers);
        if app.ready.stops() {
            // Whoever keeps the connection finds a node that stays.
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        self.told(app, response.status().as_u16());
        response
    }

    /// Counts the answer, logs it and notes its span, by numbers alone: paths, in which a receipt code may stand, and names are left out.
    fn told(&self, app: &App, status: u16) {
        let (operation, after) = (name_of(self.operation), self.began.elapsed());
        app.metrics.answered(operation, self.caller, status, after);
        if self.is_probe() {
            return;
        }
        let actor = self.principal.map(tracing::field::display);
        let microseconds = u64::try_from(after.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(request_id = self.request_id, operation, actor, status, microseconds, "answered");
        app.spans.note(Span {
            within: self.trace,
            id: self.span,
            operation,
            method: self.method.as_str(),
            route: self.route(app),
            request_id: &self.request_id,
            actor: self.principal,
            status,
            ended: app.clock.now(),
            took: after,
        });
    }

    /// The place that was asked, without what stands in it.
    fn route<'a>(&self, app: &'a App) -> Option<&'a str> {
        Some(app.contract.route(self.operation?)?.template.as_str())
    }

    /// Whether somebody looks whether the server lives: they are neither held back nor logged.
    fn is_probe(&self) -> bool {
        matches!(self.operation, Some(Operation::Liveness | Operation::Readiness))
    }

    /// How the caller stands (RFC draft ietf-httpapi-ratelimit-headers).
    fn allowed(&self, headers: &mut HeaderMap) {
        let Some(allowance) = self.allowance else { return };
        let told = [
            (RATE_LIMIT_POLICY, format!("\"minute\";q={};w=60", allowance.limit)),
            (RATE_LIMIT, format!("\"minute\";r={};t={}", allowance.left, allowance.whole_in)),
        ];
        for (name, text) in told {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
    }

    /// What a handler answers that has come to a place where it must not be: its words are the log's alone.
    fn panicked(&self, app: &App, panic: &(dyn Any + Send)) -> Failure {
        app.metrics.panicked();
        let said = panic.downcast_ref::<&str>().copied();
        let said =
            said.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words");
        tracing::error!(request_id = self.request_id, panic = said, "a handler panicked");
        Failure::of(ErrorCode::InternalError)
    }

    fn caching(&self) -> &'static str {
        let unnamed = if self.path.starts_with(REFERENCE) { "public, max-age=300" } else { "no-store" };
        self.operation.map_or(unnamed, cache_control)
    }

    /// What the document says of an operation that is on its way out (RFC 9745, RFC 8594).
    fn deprecation(&self, app: &App, headers: &mut HeaderMap) {
        let route = self.operation.and_then(|operation| app.contract.route(operation));
        let Some(said) = route.and_then(|route| route.deprecation.as_ref()) else { return };
        let successor = said.successor.as_ref().map(|place| format!("<{place}>; rel=\"successor-version\""));
        let told = [
            (HeaderName::from_static("deprecation"), Some(&said.since)),
            (HeaderName::from_static("sunset"), said.sunset.as_ref()),
            (header::LINK, successor.as_ref()),
        ];
        for (name, text) in told {
            if let Some(value) = text.and_then(|text| HeaderValue::from_str(text).ok()) {
                headers.append(name, value);
            }
        }
    }

    /// An error as a problem document, whoever raised it.
    fn worded(&self, app: &App, refused: &HttpResponse) -> HttpResponse {
        let seed = refused.extensions().get::<Seed>().cloned();
        let seed = seed.unwrap_or_else(|| seed_of_status(refused.status()));
        let allow =
            (seed.whole.code == ErrorCode::MethodNotAllowed).then(|| methods(app, &self.path).join(", "));
        let standard = self.operation == Some(Operation::IssueToken);
        // The standard of tokens for machines takes English alone.
        let language = if standard { Language::English } else { self.language };
        let problem = Problem::of(language, &seed, &self.path, &self.request_id);
        if problem.status >= 500 && !self.is_probe() {
            // The place and not the path, in which a receipt code may stand.
            let place = self.route(app).unwrap_or("no operation");
            tracing::error!(request_id = self.request_id, place, code = problem.code, "a request failed");
        }
        let mut worded = HttpResponse::build(crate::problem::status(seed.whole.code));
        if let Some(wait) = refused.headers().get(header::RETRY_AFTER) {
            worded.insert_header((header::RETRY_AFTER, wait.clone()));
        }
        if let Some(allow) = allow {
            worded.insert_header((header::ALLOW, allow));
        }
        if problem.status == 401 {
            let scheme = if standard { "Basic" } else { "Bearer" };
            worded.insert_header((header::WWW_AUTHENTICATE, format!("{scheme} realm=\"pingxuan\"")));
        }
        let (media_type, body) = if standard {
            (JSON, serde_json::to_vec(&OauthErrorView::of(seed.whole.code, &problem)))
        } else {
            (PROBLEM_JSON, serde_json::to_vec(&problem))
        };
        worded.content_type(media_type).body(body.unwrap_or_default())
    }
}
