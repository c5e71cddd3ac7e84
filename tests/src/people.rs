//! People: who you are is which object you call; each carries its token, and logs in again when that is over.

use std::fmt;
use std::future::IntoFuture;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use pingxuan_domain::account::User;
use pingxuan_domain::{Actor, Instant, Role};
use reqwest::Method;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::world::{PASSWORD, World};
use crate::{contract, recording};

/// Somebody who calls the server.
#[derive(Clone)]
pub struct Person {
    world: World,
    who: Who,
}

#[derive(Clone)]
enum Who {
    Public,
    Bearer(String),
    Account(Rc<Account>),
}

struct Account {
    id: Uuid,
    username: String,
    roles: Vec<Role>,
    unit_id: Option<Uuid>,
    supervisor_id: Option<Uuid>,
    session: Mutex<Option<Session>>,
}

#[derive(Clone)]
struct Session {
    token: String,
    ends: Instant,
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.who {
            Who::Public => f.write_str("the public"),
            Who::Bearer(_) => f.write_str("a bearer"),
            Who::Account(account) => f.write_str(&account.username),
        }
    }
}

impl Person {
    pub(crate) fn public(world: &World) -> Self {
        Self { world: world.clone(), who: Who::Public }
    }

    pub(crate) fn bearer(world: &World, token: &str) -> Self {
        Self { world: world.clone(), who: Who::Bearer(token.to_owned()) }
    }

    pub(crate) fn account(world: &World, user: &User) -> Self {
        let account = Account {
            id: user.id,
            username: user.username.clone(),
            roles: user.roles.clone(),
            unit_id: user.unit_id,
            supervisor_id: user.supervisor_id,
            session: Mutex::new(None),
        };
        Self { world: world.clone(), who: Who::Account(Rc::new(account)) }
    }

    fn of_account(&self) -> &Account {
        match &self.who {
            Who::Account(account) => account,
            Who::Public | Who::Bearer(_) => panic!("{self} has no account"),
        }
    }

    /// The world in which they are.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The id of their account.
    #[must_use]
    pub fn user_id(&self) -> Uuid {
        self.of_account().id
    }

    /// What they log in with.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.of_account().username
    }

    /// Their roles.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        match &self.who {
            Who::Account(account) => &account.roles,
            Who::Public | Who::Bearer(_) => &[],
        }
    }

    /// The unit that they act for.
    #[must_use]
    pub fn unit_id(&self) -> Uuid {
        self.of_account().unit_id.unwrap_or_else(|| panic!("{self} acts for no unit"))
    }

    /// The supervisor that they are.
    #[must_use]
    pub fn supervisor_id(&self) -> Uuid {
        self.of_account().supervisor_id.unwrap_or_else(|| panic!("{self} is no supervisor"))
    }

    /// Their access token: of the last log-in, or of a new one where that is over by the world's clock.
    pub async fn token(&self) -> Option<String> {
        let account = match &self.who {
            Who::Public => return None,
            Who::Bearer(token) => return Some(token.clone()),
            Who::Account(account) => account,
        };
        // One log-in at a time: many at once look like guesses.
        let mut held = account.session.lock().await;
        let now = self.world.now();
        if let Some(session) = held.as_ref().filter(|session| now < session.ends) {
            return Some(session.token.clone());
        }
        let let_in = self.world.log_in(&account.username, PASSWORD).await.expect(200);
        let token = let_in.text_at("/access_token");
        let seconds = let_in.at("/expires_in").as_i64().unwrap_or(0);
        *held = Some(Session { token: token.clone(), ends: now.plus_seconds(seconds) });
        Some(token)
    }

    /// The unit where the person works; none where the account names none.
    #[must_use]
    pub fn home(&self) -> Option<Uuid> {
        let Who::Account(account) = &self.who else { return None };
        account.unit_id
    }

    /// How the policy sees them; none without an account.
    #[must_use]
    pub fn as_actor(&self) -> Option<Actor> {
        let Who::Account(account) = &self.who else { return None };
        Some(Actor {
            user_id: account.id,
            session_id: Uuid::nil(),
            name: account.username.clone(),
            roles: account.roles.clone(),
            unit_id: account.unit_id.filter(|_| account.roles.contains(&Role::Unit)),
            supervisor_id: account.supervisor_id,
            duty: None,
        })
    }

    /// Forgets the token, so that the next request logs in.
    pub fn forget(&self) {
        if let Who::Account(account) = &self.who {
            account.session.try_lock().expect("nobody logs in").take();
        }
    }

    /// A request that is to be sent.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request { person: self.clone(), method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// `POST`.
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// `PUT`.
    pub fn put(&self, path: &str) -> Request {
        self.request(Method::PUT, path)
    }

    /// `PATCH`, whose JSON is a merge patch.
    pub fn patch(&self, path: &str) -> Request {
        self.request(Method::PATCH, path)
    }

    /// `DELETE`.
    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    /// The tag that a resource has now.
    pub async fn etag_of(&self, resource: &str) -> String {
        self.get(resource).await.expect(200).etag()
    }

    /// Looks at a resource and does something with it: `act("/users/…/disable", json!(null))`. Null is sent as no body.
    pub async fn act(&self, path: &str, body: Value) -> Reply {
        let (resource, _) = path.rsplit_once('/').unwrap_or_else(|| panic!("{path} is no action"));
        self.act_on(resource, path, body).await
    }

    /// The same, where the resource is read elsewhere than above the action.
    pub async fn act_on(&self, resource: &str, path: &str, body: Value) -> Reply {
        let etag = self.etag_of(resource).await;
        let request = self.post(path).if_match(&etag);
        if body.is_null() { request.await } else { request.json(body).await }
    }

    /// Looks at a resource and lays a merge patch over it.
    pub async fn change(&self, resource: &str, patch: Value) -> Reply {
        let etag = self.etag_of(resource).await;
        self.patch(resource).if_match(&etag).json(patch).await
    }
}

/// A request, sent when it is awaited.
#[derive(Clone)]
#[must_use]
pub struct Request {
    person: Person,
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// With a JSON body; that of a `PATCH` is a merge patch.
    pub fn json(self, body: impl Serialize) -> Self {
        let media_type =
            if self.method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
        let body = serde_json::to_vec(&body).expect("JSON");
        self.body(media_type, body)
    }

    /// With any body.
    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", media_type)
    }

    /// With `If-Match`.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// With a header; an earlier one of this name stays.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap_or_else(|_| panic!("{name} is no header"));
        self.headers.push((name, value.parse().unwrap_or_else(|_| panic!("{value:?} is no value"))));
        self
    }

    /// Who sends it, and the thing that it acts on, where that can be looked at: what stands above an action's path.
    #[must_use]
    pub fn acts_on(&self) -> Option<(Person, String)> {
        const SHOWN: [&str; 3] = ["/applications/", "/shortlists/", "/campaigns/"];
        // What is entered below a campaign is no action on it.
        const ENTERED: [&str; 5] =
            ["assignments", "extensions", "recusals", "shortlists", "vetting-requests"];
        let (thing, action) = self.path.rsplit_once('/').filter(|_| self.method == Method::POST)?;
        if ENTERED.contains(&action) {
            return None;
        }
        let shown = SHOWN.iter().any(|shown| thing.strip_prefix(shown).is_some_and(|id| !id.contains('/')));
        shown.then(|| (self.person.clone(), thing.to_owned()))
    }

    /// Sends it, and holds the answer against the contract.
    pub async fn send(self) -> Reply {
        let Self { person, method, path, headers, body } = self;
        let url = person.world.url(&path);
        let authorised = headers.iter().any(|(name, _)| name == header::AUTHORIZATION);
        let mut request = person.world.client().request(method.clone(), &url);
        if let Some(token) = if authorised { None } else { Box::pin(person.token()).await } {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let sent = body.clone();
        if let Some(body) = body {
            request = request.body(body);
        }
        let what = format!("{method} {path} by {person}");
        let answer = request.send().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let text = String::from_utf8_lossy(&body).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let reply = Reply { what, status, headers, body, text };
        let place = url.strip_prefix(&format!("http://{}", person.world.address())).unwrap_or(&url);
        contract::check(method.as_str(), place, &reply);
        if let Some(operation) = contract::operation_at(method.as_str(), place) {
            recording::keep(operation, sent.as_deref(), &reply);
        }
        reply
    }
}

impl IntoFuture for Request {
    type Output = Reply;
    type IntoFuture = LocalBoxFuture<'static, Reply>;

    fn into_future(self) -> Self::IntoFuture {
        self.send().boxed_local()
    }
}

/// An answer, which has been held against the contract.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What it answers, for messages.
    pub what: String,
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, where that is JSON; else null.
    pub body: Value,
    /// Its body as it came.
    pub text: String,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pretty = serde_json::to_string_pretty(&self.body).unwrap_or_default();
        let shown = if self.body.is_null() { &self.text } else { &pretty };
        write!(f, "{} answers {}\n{shown}", self.what, self.status)
    }
}

impl Reply {
    /// The same, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "{self}\nand {status} was expected");
        self
    }

    /// The same, if it is an error of this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert!(self.status == status && self.code() == code, "{self}\nand {status} {code} was expected");
        self
    }

    /// The same, if guards are against it and these are their codes.
    #[track_caller]
    pub fn blocked_by(self, codes: &[&str]) -> Self {
        let reply = self.refused(409, "guard_failed");
        assert!(reply.error_codes() == codes, "{reply}\nand {codes:?} were expected");
        reply
    }

    /// The same, if the body is refused for these faults: pointer and code of each, in any order.
    #[track_caller]
    pub fn invalid(self, faults: &[(&str, &str)]) -> Self {
        let reply = self.refused(422, "validation_failed");
        let mut found = reply.faults();
        let mut wanted: Vec<_> =
            faults.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
        found.sort();
        wanted.sort();
        assert!(found == wanted, "{reply}\nand {wanted:?} were expected");
        reply
    }

    /// What is at a JSON pointer of the body; null where a member that the contract knows is left out.
    #[track_caller]
    #[must_use]
    pub fn at(&self, pointer: &str) -> &Value {
        let found = self.body.pointer(pointer).or_else(|| contract::left_out(&self.body, pointer));
        found.unwrap_or_else(|| panic!("{self}\nand has nothing at {pointer}"))
    }

    /// The text at a JSON pointer of the body.
    #[track_caller]
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> String {
        let found = self.at(pointer).as_str();
        found.unwrap_or_else(|| panic!("{self}\nand has no text at {pointer}")).to_owned()
    }

    /// The list at a JSON pointer of the body.
    #[track_caller]
    #[must_use]
    pub fn list_at(&self, pointer: &str) -> &[Value] {
        let found = self.at(pointer).as_array();
        found.unwrap_or_else(|| panic!("{self}\nand has no list at {pointer}"))
    }

    /// The rows of a list.
    #[track_caller]
    #[must_use]
    pub fn items(&self) -> &[Value] {
        self.list_at("/items")
    }

    /// One member of each row of a list, as text.
    #[track_caller]
    #[must_use]
    pub fn column(&self, member: &str) -> Vec<String> {
        let text = |row: &Value| match row.get(member) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("{self}\nand has a row without {member}"),
        };
        self.items().iter().map(text).collect()
    }

    /// The cursor of the next page, where there is one.
    #[must_use]
    pub fn next_cursor(&self) -> Option<String> {
        self.body.get("next_cursor").and_then(Value::as_str).map(str::to_owned)
    }

    /// The id of the resource.
    #[track_caller]
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.text_at("/id").parse().unwrap_or_else(|_| panic!("{self}\nand has no id"))
    }

    /// The state of the resource.
    #[track_caller]
    #[must_use]
    pub fn state(&self) -> String {
        self.text_at("/state")
    }

    /// Its `ETag`.
    #[track_caller]
    #[must_use]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{self}\nand has no ETag")).to_owned()
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The code of an error.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or("")
    }

    /// The codes of all faults of an error.
    #[must_use]
    pub fn error_codes(&self) -> Vec<String> {
        self.faults().into_iter().map(|(_, code)| code).collect()
    }

    /// Pointer and code of all faults of an error.
    #[must_use]
    pub fn faults(&self) -> Vec<(String, String)> {
        let faults = self.body.get("errors").and_then(Value::as_array).into_iter().flatten();
        let text =
            |fault: &Value, name: &str| fault.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        faults.map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
    }

    /// What stands in the way of an action that the resource lists; none where it does not list it.
    #[track_caller]
    #[must_use]
    pub fn blockers(&self, operation_id: &str) -> Option<Vec<String>> {
        let actions = self.list_at("/allowed_actions");
        let action =
            actions.iter().find(|action| action.get("operation_id") == Some(&json!(operation_id)))?;
        let blocked_by = action.get("blocked_by").and_then(Value::as_array).into_iter().flatten();
        Some(blocked_by.filter_map(|fault| fault.get("code")?.as_str().map(str::to_owned)).collect())
    }

    /// The ids of all operations that the resource lists.
    #[track_caller]
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        let actions = self.list_at("/allowed_actions").iter();
        actions.filter_map(|action| action.get("operation_id")?.as_str().map(str::to_owned)).collect()
    }
}
