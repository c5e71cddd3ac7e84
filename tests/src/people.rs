//! People: who you are is which object you call; each carries its token, and logs in again when that is over.

use std::fmt;
use std::future::IntoFuture;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use pingxuan_domain::account::User;
use pingxuan_domain::{Actor, Instant, Role};
use reqwest::Method;
use reqwest::header::{self, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::reply::Reply;
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
        let bytes = answer.bytes().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let reply = Reply { what, status, headers, body, text, bytes: bytes.to_vec() };
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
