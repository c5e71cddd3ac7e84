//! The stage, with its server and its clock, and the people on it: who one is is which object one calls. Each carries their
//! token, and logs in again when that is over by the stage's clock.

use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant as Moment;

use actix_web::web::Bytes;
use pingxuan_domain::{Instant, Operation};
use reqwest::Method;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use uuid::Uuid;

use super::RehearsalError;
use super::measures::Measures;
use super::minutes::{Minutes, Refusal};
use crate::app::App;
use crate::demo::PASSWORD;
use crate::problem::Failure;
use crate::running::server::{Running, start};

/// Seconds before its end from which a token is not used any more.
const MARGIN: i64 = 30;

/// A server on a free port of this machine, and what is noted of what happens there.
#[derive(Debug)]
pub struct Stage {
    /// The application, whose clock is moved in process.
    pub app: Arc<App>,
    /// How long requests took.
    pub measures: Measures,
    /// What happened.
    pub minutes: Minutes,
    base: String,
    client: reqwest::Client,
    running: RefCell<Option<Running>>,
    differences: RefCell<Vec<String>>,
}

impl Stage {
    /// Starts a server for an application. Within an actix `System`, as the server is partly its own task of this thread.
    ///
    /// # Errors
    /// [`RehearsalError`] where no port can be had.
    pub fn open(app: Arc<App>) -> Result<Rc<Self>, RehearsalError> {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (running, server) = start(Arc::clone(&app), free, 2)?;
        actix_web::rt::spawn(server);
        // Everyone is on this machine: no proxy is asked, and no certificates of the system are wanted.
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Rc::new(Self {
            measures: Measures::of(Arc::clone(&app.contract)),
            minutes: Minutes::default(),
            base: format!("http://{}/api/v1", running.address),
            app,
            client,
            running: RefCell::new(Some(running)),
            differences: RefCell::default(),
        }))
    }

    /// Stops the server.
    pub async fn close(&self) {
        let running = self.running.borrow_mut().take();
        if let Some(running) = running {
            running.stop().await;
        }
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.app.clock.now()
    }

    /// Moves the clock forward; what has become due is carried out.
    ///
    /// # Errors
    /// [`RehearsalError`] where the text is no instant or the database is away.
    pub async fn move_to(&self, at: &str) -> Result<(), RehearsalError> {
        let at = at.parse().map_err(|_| Failure::Internal(format!("'{at}' is no instant")))?;
        Ok(self.app.move_clock(at).await?)
    }

    /// Writes into the minutes what has been done.
    pub fn note(&self, what: impl Into<String>) {
        self.minutes.done(self.now().day(), what.into());
    }

    /// Notes what differs from the rules, and goes on.
    pub fn expect(&self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.differences.borrow_mut().push(otherwise());
        }
    }

    /// What differs from the rules, in the order in which it was seen.
    #[must_use]
    pub fn differences(&self) -> Vec<String> {
        self.differences.borrow().clone()
    }

    async fn send(
        &self,
        who: &str,
        (method, path): (Method, &str),
        mut headers: HeaderMap,
        body: Option<&Value>,
    ) -> Result<Reply, RehearsalError> {
        // The minutes are in English, where nothing else is said.
        headers.entry(header::ACCEPT_LANGUAGE).or_insert(HeaderValue::from_static("en"));
        let operation = self.measures.operation(method.as_str(), path);
        let mut request =
            self.client.request(method.clone(), format!("{}{path}", self.base)).headers(headers);
        if let Some(body) = body {
            let merge = method == Method::PATCH;
            let media_type = if merge { "application/merge-patch+json" } else { "application/json" };
            request = request.header(header::CONTENT_TYPE, media_type).body(body.to_string());
        }
        let begun = Moment::now();
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await?;
        self.measures.take(operation, begun.elapsed());
        let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into());
        Ok(Reply { what: format!("{method} {path} by {who}"), operation, status, tag, body, bytes })
    }
}

/// Somebody who calls the server.
#[derive(Clone, Debug)]
pub struct Person(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    stage: Rc<Stage>,
    username: Option<String>,
    session: RefCell<Option<Session>>,
}

#[derive(Clone, Debug)]
struct Session {
    token: String,
    ends: Instant,
}

impl Person {
    /// Whoever has this account.
    #[must_use]
    pub fn of(stage: &Rc<Stage>, username: &str) -> Self {
        Self::made(stage, Some(username.to_owned()))
    }

    /// Anyone, without a log-in.
    #[must_use]
    pub fn public(stage: &Rc<Stage>) -> Self {
        Self::made(stage, None)
    }

    fn made(stage: &Rc<Stage>, username: Option<String>) -> Self {
        Self(Rc::new(Inner { stage: Rc::clone(stage), username, session: RefCell::default() }))
    }

    /// What they log in with.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.username.as_deref().unwrap_or("the public")
    }

    /// The stage on which they are.
    #[must_use]
    pub fn stage(&self) -> &Rc<Stage> {
        &self.0.stage
    }

    async fn token(&self) -> Result<Option<String>, RehearsalError> {
        let Some(username) = &self.0.username else { return Ok(None) };
        let now = self.0.stage.now();
        let held = self.0.session.borrow().clone().filter(|session| now < session.ends);
        if let Some(session) = held {
            return Ok(Some(session.token));
        }
        let body = json!({"username": username, "password": PASSWORD});
        let asked = (Method::POST, "/auth/login");
        let let_in = self.0.stage.send(username, asked, HeaderMap::new(), Some(&body)).await?.having(200)?;
        let token = let_in.text("/access_token")?;
        let seconds = let_in.body.pointer("/expires_in").and_then(Value::as_i64).unwrap_or(0);
        let ends = now.plus_seconds(seconds - MARGIN);
        *self.0.session.borrow_mut() = Some(Session { token: token.clone(), ends });
        Ok(Some(token))
    }

    /// A request that is to be sent; paths are below `/api/v1`.
    fn request(&self, method: Method, path: &str) -> Request<'_> {
        Request { person: self, method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// `GET`, with 200 expected.
    ///
    /// # Errors
    /// [`RehearsalError`] for any other answer.
    pub async fn get(&self, path: &str) -> Result<Reply, RehearsalError> {
        self.request(Method::GET, path).expect(200).await
    }

    /// `GET`, with something else expected.
    pub fn look(&self, path: &str) -> Request<'_> {
        self.request(Method::GET, path)
    }

    /// `GET` where a link of an answer leads, with something expected.
    pub fn follow(&self, href: &str) -> Request<'_> {
        self.look(href.strip_prefix("/api/v1").unwrap_or(href))
    }

    /// `POST`.
    pub fn post(&self, path: &str) -> Request<'_> {
        self.request(Method::POST, path)
    }

    /// `PUT` that creates.
    pub fn create(&self, path: &str) -> Request<'_> {
        self.request(Method::PUT, path).with(header::IF_NONE_MATCH, "*")
    }

    /// `PUT` that replaces what has this tag.
    pub fn put(&self, path: &str, tag: &str) -> Request<'_> {
        self.request(Method::PUT, path).with(header::IF_MATCH, tag)
    }

    /// `PATCH` of what has this tag, with a merge patch.
    pub fn patch(&self, path: &str, tag: &str) -> Request<'_> {
        self.request(Method::PATCH, path).with(header::IF_MATCH, tag)
    }

    /// `DELETE` of what has this tag.
    pub fn delete(&self, path: &str, tag: &str) -> Request<'_> {
        self.request(Method::DELETE, path).with(header::IF_MATCH, tag)
    }

    /// `POST {resource}/{action}` on what has this tag.
    pub fn act(&self, resource: &str, tag: &str, action: &str) -> Request<'_> {
        self.post(&format!("{resource}/{action}")).with(header::IF_MATCH, tag)
    }

    /// Reads a resource, and takes an action on what was read; 200 is expected.
    ///
    /// # Errors
    /// [`RehearsalError`] for any other answer.
    pub async fn take(&self, resource: &str, action: &str, body: Value) -> Result<Reply, RehearsalError> {
        let found = self.get(resource).await?;
        self.act(resource, found.tag()?, action).json(body).expect(200).await
    }

    /// The same, to be refused with 409 for this.
    ///
    /// # Errors
    /// [`RehearsalError`] for any other status.
    pub async fn barred(
        &self,
        resource: &str,
        action: &str,
        body: Value,
        code: &str,
    ) -> Result<Reply, RehearsalError> {
        let found = self.get(resource).await?;
        self.act(resource, found.tag()?, action).json(body).refused(409, code).await
    }

    /// All rows of a list, page by page.
    ///
    /// # Errors
    /// [`RehearsalError`] for any answer but 200.
    pub async fn all(&self, path: &str) -> Result<Vec<Value>, RehearsalError> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{joint}limit=100");
        let mut page = self.get(&first).await?;
        let mut rows = Vec::new();
        loop {
            rows.extend(page.list("/items")?.iter().cloned());
            let Some(cursor) = page.body.pointer("/next_cursor").and_then(Value::as_str) else {
                return Ok(rows);
            };
            page = self.get(&format!("{first}&cursor={cursor}")).await?;
        }
    }
}

/// A request, sent when it is said what is expected of it.
#[derive(Debug)]
#[must_use]
pub struct Request<'a> {
    person: &'a Person,
    method: Method,
    path: String,
    headers: Vec<(HeaderName, String)>,
    body: Option<Value>,
}

impl Request<'_> {
    /// With a JSON body; null stands for none.
    pub fn json(mut self, body: Value) -> Self {
        self.body = Some(body).filter(|body| !body.is_null());
        self
    }

    /// With a header.
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    async fn send(self) -> Result<Reply, RehearsalError> {
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| Failure::Internal(format!("'{text}' is no header's value")))
        };
        let mut headers = HeaderMap::new();
        if let Some(token) = self.person.token().await? {
            headers.insert(header::AUTHORIZATION, value(&format!("Bearer {token}"))?);
        }
        for (name, text) in &self.headers {
            headers.insert(name.clone(), value(text)?);
        }
        let stage = &self.person.0.stage;
        stage.send(self.person.name(), (self.method, &self.path), headers, self.body.as_ref()).await
    }

    /// Sends it; any other status ends the rehearsal.
    ///
    /// # Errors
    /// [`RehearsalError::Unexpected`] with the problem document.
    pub async fn expect(self, status: u16) -> Result<Reply, RehearsalError> {
        self.send().await?.having(status)
    }

    /// Sends it where it is to be refused, which the minutes tell; another reason than this is noted as a difference.
    ///
    /// # Errors
    /// [`RehearsalError::Unexpected`] for any other status.
    pub async fn refused(self, status: u16, code: &str) -> Result<Reply, RehearsalError> {
        let person = self.person.clone();
        let stage = person.stage();
        let reply = self.send().await?.having(status)?;
        let faults = reply.faults();
        let Some((_, sentence)) = faults.iter().find(|(found, _)| *found == code) else {
            let codes: Vec<&str> = faults.iter().map(|(code, _)| *code).collect();
            stage.expect(false, || {
                format!(
                    "{} should have been refused for `{code}` and was for {}",
                    reply.what,
                    codes.join(", ")
                )
            });
            return Ok(reply);
        };
        let (code, sentence) = (code.to_owned(), (*sentence).to_owned());
        let (who, operation) = (person.name().to_owned(), reply.operation);
        stage
            .minutes
            .refused(stage.now().day(), Refusal { who, operation, status, code, sentence, times: 1 });
        Ok(reply)
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What it answers, for messages.
    pub what: String,
    /// The operation that was asked for.
    pub operation: Option<Operation>,
    /// The HTTP status.
    pub status: u16,
    /// The body; a text where it is no JSON.
    pub body: Value,
    /// The same as it came.
    pub bytes: Bytes,
    tag: Option<String>,
}

impl Reply {
    fn having(self, status: u16) -> Result<Self, RehearsalError> {
        if self.status == status {
            return Ok(self);
        }
        let shown = serde_json::to_string_pretty(&self.body).unwrap_or_default();
        Err(RehearsalError::Unexpected { what: self.what, expected: status, status: self.status, shown })
    }

    fn lacks(&self, what: &str) -> RehearsalError {
        RehearsalError::Lacks { what: self.what.clone(), lacks: what.to_owned() }
    }

    /// The `ETag`.
    ///
    /// # Errors
    /// [`RehearsalError::Lacks`] where there is none.
    pub fn tag(&self) -> Result<&str, RehearsalError> {
        self.tag.as_deref().ok_or_else(|| self.lacks("ETag"))
    }

    /// The text at a JSON pointer.
    ///
    /// # Errors
    /// [`RehearsalError::Lacks`] where there is none.
    pub fn text(&self, pointer: &str) -> Result<String, RehearsalError> {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.map(str::to_owned).ok_or_else(|| self.lacks(pointer))
    }

    /// The list at a JSON pointer.
    ///
    /// # Errors
    /// [`RehearsalError::Lacks`] where there is none.
    pub fn list(&self, pointer: &str) -> Result<&[Value], RehearsalError> {
        let found = self.body.pointer(pointer).and_then(Value::as_array);
        found.map(Vec::as_slice).ok_or_else(|| self.lacks(pointer))
    }

    /// The id of the resource.
    ///
    /// # Errors
    /// [`RehearsalError::Lacks`] where there is none.
    pub fn id(&self) -> Result<Uuid, RehearsalError> {
        self.text("/id")?.parse().map_err(|_| self.lacks("/id"))
    }

    /// The state of the resource.
    ///
    /// # Errors
    /// [`RehearsalError::Lacks`] where there is none.
    pub fn state(&self) -> Result<String, RehearsalError> {
        self.text("/state")
    }

    /// Code and sentence of a problem and of each of its faults.
    #[must_use]
    pub fn faults(&self) -> Vec<(&str, &str)> {
        let faults = self.body.get("errors").and_then(Value::as_array).into_iter().flatten();
        let all = std::iter::once(&self.body).chain(faults);
        all.map(|of| (text_of(of, "code"), text_of(of, "detail"))).collect()
    }

    /// What stands in the way of an action; none where it is not among the allowed ones.
    #[must_use]
    pub fn blockers(&self, operation: &str) -> Option<Vec<String>> {
        let actions = self.body.get("allowed_actions")?.as_array()?;
        let action = actions.iter().find(|action| text_of(action, "operation_id") == operation)?;
        let faults = action.get("blocked_by")?.as_array()?;
        Some(faults.iter().map(|fault| text_of(fault, "code").to_owned()).collect())
    }
}

/// A member of a row, as text; empty where it has none.
#[must_use]
pub fn text_of<'a>(row: &'a Value, member: &str) -> &'a str {
    row.get(member).and_then(Value::as_str).unwrap_or("")
}

/// The `ETag` of a row, as its version gives it.
#[must_use]
pub fn tag_of(row: &Value) -> String {
    format!("\"{}\"", row.get("version").map(Value::to_string).unwrap_or_default())
}

/// A member of a row, as an id; the nil id where it has none.
#[must_use]
pub fn id_of(row: &Value, member: &str) -> Uuid {
    text_of(row, member).parse().unwrap_or_default()
}
