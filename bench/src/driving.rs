//! A closed loop over HTTP: so many connections, each of which asks again as soon as it is answered.

use std::cell::Cell;
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep_until;
use futures_util::future::join_all;
use reqwest::{Client, Method, Response};

/// What is asked.
#[derive(Debug)]
pub struct Ask {
    /// The method.
    pub method: Method,
    /// The path below the API's.
    pub path: String,
    /// Whose token is shown.
    pub token: Option<String>,
    /// What is sent, as JSON, where something is changed; an action without a body sends nothing.
    pub body: Option<String>,
}

impl Ask {
    /// A `GET`.
    pub fn get(path: impl Into<String>, token: Option<&str>) -> Self {
        Self { method: Method::GET, path: path.into(), token: token.map(str::to_owned), body: None }
    }

    /// Something that is changed, whatever its version.
    pub fn change(method: Method, path: impl Into<String>, token: Option<&str>, body: impl ToString) -> Self {
        Self { method, body: Some(body.to_string()), ..Self::get(path, token) }
    }

    /// Sends it.
    pub async fn send(self, client: &Client, url: &str) -> Response {
        let mut request = client.request(self.method, format!("{url}{}", self.path));
        if let Some(token) = self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = self.body {
            request = request.header("if-match", "*");
            if !body.is_empty() {
                request = request.header("content-type", "application/json").body(body);
            }
        }
        request.send().await.expect("it is answered")
    }
}

/// A client whose connections are kept.
pub fn client() -> Client {
    Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}

/// How a server answered for a while.
#[derive(Clone, Debug)]
pub struct Run {
    /// How long it was asked.
    pub took: Duration,
    /// How long each answer took, the fastest first.
    pub answers: Vec<Duration>,
}

impl Run {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        float(self.answers.len()) / self.took.as_secs_f64()
    }

    /// What so many of a hundred answers took at most.
    pub fn percentile(&self, percent: usize) -> Duration {
        let last = self.answers.len().saturating_sub(1);
        self.answers.get(last * percent / 100).copied().unwrap_or_default()
    }
}

/// A number of things, to reckon with.
pub fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// How hard a server is driven.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Connections that ask at once at most.
    pub clients: usize,
    /// How long.
    pub time: Duration,
    /// Requests a second; none where whoever is answered asks again at once.
    pub pace: Option<f64>,
}

/// Asks until the time is over or there is nothing more to ask; `right` looks at every answer, with what
/// `next` said of its request. At a pace an answer takes from when it was due to be asked for.
pub async fn drive<T>(
    url: &str,
    load: Load,
    next: impl Fn() -> Option<(Ask, T)>,
    right: impl Fn(T, u16, &str),
) -> Run {
    let client = client();
    let began = Instant::now();
    let turns = Cell::new(0);
    let due = |pace: f64| began + Duration::from_secs_f64(float(turns.replace(turns.get() + 1)) / pace);
    let one = async || {
        let mut answers = Vec::new();
        while began.elapsed() < load.time {
            let due = load.pace.map(due);
            if let Some(due) = due {
                sleep_until(due.into()).await;
            }
            let Some((ask, of)) = next() else { break };
            let asked = due.unwrap_or_else(Instant::now);
            let answer = ask.send(&client, url).await;
            let status = answer.status().as_u16();
            let text = answer.text().await.expect("the answer is whole");
            answers.push(asked.elapsed());
            right(of, status, &text);
        }
        answers
    };
    let mut answers = join_all((0..load.clients).map(|_| one())).await.concat();
    answers.sort_unstable();
    Run { took: began.elapsed(), answers }
}
