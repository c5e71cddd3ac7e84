//! One call of an operation: who asks for what, when, in which language, and what they send.

use std::fmt;
use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::future::LocalBoxFuture;
use pingxuan_domain::policy::{Caller, authorize};
use pingxuan_domain::{ErrorCode, Fault, Instant, Operation, Refused, Visibility};
use pingxuan_persistence::idempotency::{self, Asked, KeptAnswer, Known};
use pingxuan_persistence::journal::Journal;
use pingxuan_persistence::{Tx, Vault, digest_hex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::accept::wanted;
use crate::app::App;
use crate::catalogue::Language;
use crate::contract::answers::{IDEMPOTENCY_KEY, SECRET_MEMBERS, days_kept, honours_key};
use crate::problem::Failure;
use crate::strict::Strict;

/// The media type of nearly everything.
pub const JSON: &str = "application/json";

/// How a body may be compressed; what is read here was opened before.
const CODINGS: [&str; 5] = ["identity", "gzip", "deflate", "br", "zstd"];

/// Marks an answer that was given before.
pub const IDEMPOTENT_REPLAYED: &str = "Idempotent-Replayed";

/// What a handler answers.
pub type Answer = Result<HttpResponse, Failure>;

/// Who asks for what, when, and in which language: what the gate found out.
#[derive(Clone, Debug)]
pub struct Access {
    /// What the policy gave.
    pub visibility: Visibility,
    /// The instant of the request: the clock is asked once.
    pub now: Instant,
    /// The caller's language.
    pub language: Language,
    /// The request's id.
    pub request_id: String,
    /// Where it came from.
    pub address: Option<String>,
}

/// One call of an operation.
pub struct Call {
    /// What every request shares.
    pub app: web::Data<App>,
    pub(crate) access: Access,
    pub(crate) headers: HeaderMap,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Bytes,
    pub(crate) reading: bool,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.visibility.operation()).finish_non_exhaustive()
    }
}

impl Deref for Call {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl FromRequest for Access {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let access = request.extensions().get::<Access>().cloned();
        ready(access.ok_or_else(|| Failure::Internal(format!("{} went past the gate", request.path()))))
    }
}

impl FromRequest for Call {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Self::without_body(request, payload);
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            let mut call = call.await?;
            let slow = |_| Failure::of(ErrorCode::RequestTimeout);
            call.body = tokio::time::timeout(call.app.edge.body_deadline, body).await.map_err(slow)??;
            Ok(call)
        })
    }
}

impl Call {
    /// The call before its body is read.
    pub(crate) fn without_body(
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> impl Future<Output = Result<Self, actix_web::Error>> + use<> {
        let access = Access::from_request(request, payload);
        let app = web::Data::<App>::from_request(request, payload);
        let (headers, path) = (request.headers().clone(), request.path().to_owned());
        let (query, reading) = (request.query_string().to_owned(), request.method().is_safe());
        async move {
            let (access, app) = (access.await?, app.await?);
            Ok(Self { app, access, headers, path, query, body: Bytes::new(), reading })
        }
    }

    /// Gives it a body, for a call whose body was read apart.
    pub(crate) fn with_body(&mut self, body: Bytes) {
        self.body = body;
    }

    /// The headers that were sent.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The operation that is called.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.visibility.operation()
    }

    /// What the policy gives this caller for another operation, if anything.
    #[must_use]
    pub fn visibility_of(&self, operation: Operation) -> Option<Visibility> {
        authorize(self.visibility.caller(), operation).ok()
    }

    /// What seals and opens personal data.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        self.app.db.vault()
    }

    /// What writes down the steps of this call.
    #[must_use]
    pub fn journal(&self) -> Journal {
        let clock = self.app.clock.clone();
        Journal::new(
            &self.visibility,
            self.request_id.clone(),
            self.address.clone(),
            Arc::new(move || clock.new_id()),
        )
    }

    /// The same, for somebody who has just logged in.
    #[must_use]
    pub fn journal_of(&self, caller: Caller) -> Journal {
        self.journal().as_caller(caller)
    }

    /// Does what the operation does and draws its answer, in one transaction: all of it, or none. Where the request names an
    /// `Idempotency-Key`, the answer is kept in that transaction, and given again to whoever sends the same once more.
    ///
    /// # Errors
    /// Whatever the work answers; 409 while a twin is carried out, 422 where the key was used with another request.
    pub async fn act(&self, work: impl AsyncFn(&Tx) -> Answer) -> Answer {
        let Some(asked) = self.asked_once() else { return self.app.db.in_tx(work).await };
        let once = async |tx: &Tx| match idempotency::begin(tx, self.vault(), &asked, self.now).await? {
            Known::New => {
                let answer = work(tx).await?;
                let (answer, kept) = kept(self.operation(), answer)?;
                let until = self.now.plus_seconds(days_kept(self.operation()) * 24 * 60 * 60);
                idempotency::keep(tx, self.vault(), asked.clone(), &kept, (self.now, until)).await?;
                Ok(answer)
            }
            Known::Answered(kept) => replayed(kept),
            Known::Other => Err(Failure::of(ErrorCode::IdempotencyKeyReused)),
            Known::InFlight => Err(Failure::of(ErrorCode::IdempotencyInFlight)),
        };
        self.app.db.in_tx(once).await
    }

    /// What is asked, where the operation honours a key and the request names one (docs/api-design.md, rule 6).
    fn asked_once(&self) -> Option<Asked> {
        let key = self.header(IDEMPOTENCY_KEY)?;
        let route = self.app.contract.route(self.operation())?;
        if !honours_key(route.method.as_str(), self.operation()) {
            return None;
        }
        let principal = self.visibility.caller().principal().map(|id| id.to_string());
        let scope = [principal.as_deref().unwrap_or("public"), self.operation().code(), key];
        Some(Asked::new(self.vault(), scope, (&self.path, &self.query, &self.body)))
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body, checked against its schema in the contract: every fault at once.
    ///
    /// # Errors
    /// 415 for another media type, 400 for what is not JSON, 422 with every fault.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let sent = self.json(JSON)?;
        self.app.contract.check_body(self.operation(), &sent)?;
        decode(sent)
    }

    /// The body of an operation that can do without: nothing is what an empty object is.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub fn read_or_empty<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if self.body.is_empty() { decode(Value::Object(Map::new())) } else { self.read() }
    }

    /// What a resource becomes when the body's merge patch (RFC 7396) is laid over it, checked as a whole.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub fn patched<T: Serialize + DeserializeOwned>(&self, current: &T) -> Result<T, Failure> {
        let patch = self.json("application/merge-patch+json")?;
        self.app.contract.check_body(self.operation(), &patch)?;
        let mut whole =
            serde_json::to_value(current).map_err(|error| Failure::Internal(error.to_string()))?;
        json_patch::merge(&mut whole, &patch);
        self.app.contract.check_patched(self.operation(), &whole)?;
        decode(whole)
    }

    /// The body as it was sent, checked against its schema.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub fn patch(&self) -> Result<Value, Failure> {
        let patch = self.json("application/merge-patch+json")?;
        self.app.contract.check_body(self.operation(), &patch)?;
        Ok(patch)
    }

    fn json(&self, wanted: &str) -> Result<Value, Failure> {
        serde_json::from_slice(self.body_of(wanted)?).map(|Strict(value)| value).map_err(|error| {
            let fault = Fault::new(ErrorCode::MalformedJson);
            Failure::Plain(fault.with("line", error.line()).with("column", error.column()))
        })
    }

    /// The body, which is of a media type and no other.
    ///
    /// # Errors
    /// 415.
    pub fn body_of(&self, wanted: &str) -> Result<&[u8], Failure> {
        let sent = self.header(header::CONTENT_TYPE).unwrap_or("");
        let (media_type, parameters) = sent.split_once(';').unwrap_or((sent, ""));
        let charset = parameters.split(';').filter_map(|one| one.trim().split_once('='));
        let mut charset = charset.filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
        let unicode = charset.all(|(_, set)| set.trim_matches('"').eq_ignore_ascii_case("utf-8"));
        let coding = self.header(header::CONTENT_ENCODING).unwrap_or("identity");
        let readable = CODINGS.iter().any(|known| coding.eq_ignore_ascii_case(known));
        if !media_type.trim().eq_ignore_ascii_case(wanted) || !unicode || !readable {
            return Err(Failure::Plain(Fault::new(ErrorCode::UnsupportedMediaType).with("wanted", wanted)));
        }
        Ok(&self.body)
    }

    /// The named filters of a list. The gate has refused unknown ones and values that their schemas refuse.
    ///
    /// # Errors
    /// 400 `invalid_parameter` where one cannot be read.
    pub fn filters<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let reader = serde_urlencoded::Deserializer::new(self.pairs());
        serde_path_to_error::deserialize(reader).map_err(|error| {
            let fault = Fault::new(ErrorCode::InvalidParameter);
            Failure::Plain(fault.with("parameter", error.path().to_string()))
        })
    }

    /// The path that was asked.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query that was asked.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    fn pairs(&self) -> form_urlencoded::Parse<'_> {
        form_urlencoded::parse(self.query.as_bytes())
    }

    /// A query parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The query's parameters but for those that only turn the page, in order: what a cursor is bound to.
    #[must_use]
    pub fn binding(&self) -> String {
        let kept = self.pairs().filter(|(name, _)| !matches!(name.as_ref(), "cursor" | "limit" | "include"));
        let mut kept: Vec<String> = kept.map(|(name, value)| format!("{name}={value}")).collect();
        kept.sort();
        format!("{}?{}", self.operation(), kept.join("&"))
    }

    /// Sees to it that `If-Match` names the version that is there (docs/api-design.md, rule 4).
    ///
    /// # Errors
    /// 428 without the header, or with `*` for a decision; 412 where it names another version.
    pub fn expects(&self, version: &str) -> Result<(), Failure> {
        let Some(sent) = self.header(header::IF_MATCH) else {
            return Err(Failure::of(ErrorCode::PreconditionRequired));
        };
        if sent.trim() == "*" {
            return if self.operation().is_decision() {
                Err(Failure::of(ErrorCode::WildcardRefused))
            } else {
                Ok(())
            };
        }
        let named = sent.split(',').filter_map(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"'));
        if named.map(|tag| tag.split('.').next().unwrap_or("")).any(|named| named == version) {
            Ok(())
        } else {
            Err(Failure::of(ErrorCode::PreconditionFailed))
        }
    }

    /// Sees to it that a `PUT` says whether it creates (`If-None-Match: *`) or replaces (`If-Match`).
    ///
    /// # Errors
    /// 428 without either, 412 where what is there is not what was said.
    pub fn puts(&self, existing: Option<&str>) -> Result<(), Failure> {
        let creates = self.header(header::IF_NONE_MATCH).is_some_and(|sent| sent.trim() == "*");
        match existing {
            Some(_) if creates => Err(Failure::of(ErrorCode::AlreadyExists)),
            Some(version) => self.expects(version),
            None if creates => Ok(()),
            None if self.header(header::IF_MATCH).is_some() => {
                Err(Failure::of(ErrorCode::PreconditionFailed))
            }
            None => Err(Failure::of(ErrorCode::PreconditionRequired)),
        }
    }

    /// 200 with a versioned resource; 304 where the caller has it already.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be written.
    pub fn ok(&self, view: &impl Serialize, version: &str) -> Answer {
        Ok(self.tagged(JSON, written(view)?, version))
    }

    /// The same, in any media type.
    #[must_use]
    pub fn tagged(&self, media_type: &'static str, body: Vec<u8>, version: &str) -> HttpResponse {
        let tag = tag(&body, version);
        // RFC 9110, section 13.1.2: `*` is any version, and tags are compared weakly, since proxies that compress weaken them.
        let same = |known: &str| known == "*" || known.trim_start_matches("W/") == tag;
        let known = self.header(header::IF_NONE_MATCH).filter(|_| self.reading);
        if known.is_some_and(|sent| sent.split(',').any(|known| same(known.trim()))) {
            return HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish();
        }
        HttpResponse::Ok().insert_header((header::ETAG, tag)).content_type(media_type).body(body)
    }

    /// The media type that the caller wants of those that there are.
    ///
    /// # Errors
    /// 406 where they take none of them.
    pub fn offers<'a>(&self, media_types: &[&'a str]) -> Result<&'a str, Failure> {
        let wanted = wanted(self.header(header::ACCEPT), media_types);
        wanted.ok_or_else(|| Failure::of(ErrorCode::NotAcceptable))
    }

    /// 201 with a versioned resource and where it is.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be written.
    pub fn created(&self, location: &str, view: &impl Serialize, version: &str) -> Answer {
        let body = written(view)?;
        let mut response = HttpResponse::Created();
        response
            .insert_header((header::ETAG, tag(&body, version)))
            .insert_header((header::LOCATION, location));
        Ok(json(&mut response, body))
    }

    /// 201 with something that has no version, and where it is.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be written.
    pub fn entered(&self, location: &str, view: &impl Serialize) -> Answer {
        let mut response = HttpResponse::Created();
        response.insert_header((header::LOCATION, location));
        Ok(json(&mut response, written(view)?))
    }

    /// 200 with something that has no version.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be written.
    pub fn plain(&self, view: &impl Serialize) -> Answer {
        Ok(json(&mut HttpResponse::Ok(), written(view)?))
    }

    /// 202 with what the caller goes on with.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be written.
    pub fn accepted(&self, view: &impl Serialize) -> Answer {
        Ok(json(&mut HttpResponse::Accepted(), written(view)?))
    }

    /// 204.
    ///
    /// # Errors
    /// None; it answers as its siblings do.
    pub fn gone(&self) -> Answer {
        Ok(HttpResponse::NoContent().finish())
    }
}

/// An answer with what is kept of it: all but what is told once.
fn kept(operation: Operation, answer: HttpResponse) -> Result<(HttpResponse, KeptAnswer), Failure> {
    let unwritable = |what: &str| Failure::Internal(format!("an answer cannot be kept: {what}"));
    let (head, body) = answer.into_parts();
    let body = body.try_into_bytes().map_err(|_| unwritable("its body is a stream"))?;
    let names = [header::CONTENT_TYPE, header::ETAG, header::LOCATION, header::RETRY_AFTER];
    let text = |name: &header::HeaderName| Some(head.headers().get(name)?.to_str().ok()?.to_owned());
    let headers = names.iter().filter_map(|name| Some((name.to_string(), text(name)?))).collect();
    let mut told = String::from_utf8(body.to_vec()).map_err(|_| unwritable("its body is no text"))?;
    for (_, member) in SECRET_MEMBERS.iter().filter(|(of, _)| *of == operation) {
        let mut members: Map<String, Value> =
            serde_json::from_str(&told).map_err(|_| unwritable("its body is no object"))?;
        members.shift_remove(*member);
        told = Value::Object(members).to_string();
    }
    let kept = KeptAnswer { status: head.status().as_u16(), headers, body: told };
    Ok((head.set_body(BoxBody::new(body)), kept))
}

/// An answer that was given before.
fn replayed(kept: KeptAnswer) -> Answer {
    let status = StatusCode::from_u16(kept.status).map_err(|error| Failure::Internal(error.to_string()))?;
    let mut response = HttpResponse::build(status);
    for (name, value) in kept.headers {
        response.insert_header((name, value));
    }
    response.insert_header((IDEMPOTENT_REPLAYED, "true"));
    Ok(if kept.body.is_empty() { response.finish() } else { response.body(kept.body) })
}

fn json(response: &mut HttpResponseBuilder, body: Vec<u8>) -> HttpResponse {
    response.content_type(JSON).body(body)
}

/// A view as JSON.
fn written(view: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(view).map_err(|error| Failure::Internal(error.to_string()))
}

/// The strong tag of a body: the version, which `If-Match` compares, and the digest of what is shown.
fn tag(body: &[u8], version: &str) -> String {
    let digest: String = digest_hex(body).chars().take(16).collect();
    format!("\"{version}.{digest}\"")
}

/// What was checked against its schema, as what the handler works with.
///
/// # Errors
/// 422 where it does not fit.
pub fn decode<T: DeserializeOwned>(checked: Value) -> Result<T, Failure> {
    serde_path_to_error::deserialize(checked).map_err(|error| {
        let path = error.path().to_string();
        let pointer = if path == "." {
            String::new()
        } else {
            format!("/{}", path.replace(['.', '['], "/").replace(']', ""))
        };
        Failure::Refused(Refused::invalid(Fault::at(pointer, ErrorCode::Invalid)))
    })
}
