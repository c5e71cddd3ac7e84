//! The servers that are measured, each with the tokens that it has given and what has been declared there.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::env;
use std::path::Path;
use std::process::Command;

use pingxuan_tests::truths;
use pingxuan_tests::world::{PASSWORD, SECRET};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::driving::{Ask, client};
use crate::limit::CONNECTIONS;
use crate::operations::list;
use crate::processes::{Server, memory};
use crate::seeding::{Scene, on_sqlite};

/// What is declared: its id, and the unit by number.
pub type Declared = (String, usize);

/// A server that does all that is measured.
#[derive(Debug)]
pub struct Target {
    /// What the tables call it.
    pub name: &'static str,
    /// The process.
    pub server: Server,
    /// The office's token.
    pub office: String,
    /// The units' tokens.
    pub units: Vec<String>,
    /// The supervisors' tokens.
    pub supervisors: Vec<String>,
    /// Campaigns in which drafts are created here: no unit stands twice in one.
    pub campaigns: Vec<Uuid>,
    /// Score sheets that are saved here.
    pub sheets: Vec<(Uuid, usize)>,
    /// The cursor in the middle of the list.
    pub deep: String,
    /// How often something was asked.
    pub asked: Cell<usize>,
    /// How many drafts were created.
    pub created: Cell<usize>,
    /// What can be submitted.
    pub drafts: RefCell<VecDeque<Declared>>,
    /// What can be returned.
    pub submitted: RefCell<VecDeque<Declared>>,
}

/// All of them.
#[derive(Debug)]
pub struct Targets {
    /// `pingxuan serve`.
    pub pingxuan: Target,
    /// The same SQL, written by hand for PostgreSQL.
    pub limit: Option<Target>,
    /// What does nothing.
    pub still: Server,
    /// The number of PostgreSQL's first process. SQLite works within the server's.
    pub postgres: Option<u32>,
    // What `pingxuan serve` keeps beside its database.
    _folder: TempDir,
}

/// Starts them on a database.
pub async fn start(url: &str, scene: &Scene) -> Targets {
    let folder = tempfile::tempdir().expect("a folder");
    let pingxuan = Target::of("pingxuan", Server::start(pingxuan(url, folder.path())), scene, 0).await;
    let (mut limit, mut postgres) = (None, None);
    if !on_sqlite(url) {
        let first = "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1) AS pid";
        let number: String = truths::get(&truths::look(url, first).await.remove(0), "pid");
        postgres = Some(number.parse().expect("PostgreSQL runs on this machine"));
        limit = Some(Target::of("limit", Server::start(own("limit", url)), scene, 1).await);
    }
    Targets { pingxuan, limit, still: Server::start(own("still", url)), postgres, _folder: folder }
}

impl Targets {
    /// Those that do all that is measured.
    pub fn able(&self) -> impl Iterator<Item = &Target> {
        [Some(&self.pingxuan), self.limit.as_ref()].into_iter().flatten()
    }

    /// Everybody logs in everywhere.
    pub async fn let_in(&mut self, scene: &Scene) {
        for target in [Some(&mut self.pingxuan), self.limit.as_mut()].into_iter().flatten() {
            target.let_in(scene).await;
        }
    }
}

/// Starts `pingxuan serve` alone, with the folder that it keeps beside its database.
pub fn start_alone(url: &str) -> (Server, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (Server::start(pingxuan(url, folder.path())), folder)
}

/// The memory that each holds now.
pub fn held(targets: &Targets) -> String {
    let row = |name: &str, server: &Server| format!("| {name} | {} |\n", memory(server.pid()));
    let able: String = targets.able().map(|target| row(target.name, &target.server)).collect();
    format!("| server | MiB after all that |\n| --- | ---: |\n{able}{}", row("static", &targets.still))
}

/// The server itself, built as this program is.
fn pingxuan(url: &str, folder: &Path) -> Command {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--package", "pingxuan-api", "--bin", "pingxuan"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.expect("cargo runs").success(), "pingxuan is built");
    let key: String = SECRET.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut command = Command::new(env::current_exe().expect("this program").with_file_name("pingxuan"));
    command.args(["serve", "--bind", "127.0.0.1:0", "--data-dir"]).arg(folder);
    command.env("DATABASE_URL", url).env("PINGXUAN_KEY", key).env("PINGXUAN_LOG", "warn");
    command.env("PINGXUAN_CONNECTIONS", CONNECTIONS.to_string()).env("PINGXUAN_REQUESTS_A_MINUTE", "0");
    // The accounts are those of the suite: without a second factor, and with a password of years ago.
    command.env("PINGXUAN_SECOND_FACTOR_ROLES", "none").env("PINGXUAN_PASSWORD_PROFILE", "nist");
    // Nobody is locked out or loses a session for logging in so often.
    command.env("PINGXUAN_LOGIN_FAILURES", "1000000").env("PINGXUAN_SESSIONS", "100");
    command
}

/// This program in another role.
fn own(role: &str, url: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.arg(role).env("DATABASE_URL", url);
    command
}

impl Target {
    /// Every other campaign and sheet is this one's: the first, or the second.
    async fn of(name: &'static str, server: Server, scene: &Scene, place: usize) -> Self {
        let office = token(&client(), &server.url, &scene.office).await;
        let deep = middle(&client(), &server.url, &office, scene).await;
        Self {
            campaigns: scene.accepting.iter().skip(place).step_by(2).copied().collect(),
            sheets: scene.sheets.iter().skip(place).step_by(2).copied().collect(),
            asked: Cell::default(),
            created: Cell::default(),
            drafts: RefCell::default(),
            submitted: RefCell::default(),
            name,
            server,
            office,
            units: Vec::new(),
            supervisors: Vec::new(),
            deep,
        }
    }

    /// Everybody logs in: a token is good for ten minutes.
    async fn let_in(&mut self, scene: &Scene) {
        let (client, url) = (client(), self.server.url.as_str());
        self.office = token(&client, url, &scene.office).await;
        self.units = tokens(&client, url, &scene.units).await;
        self.supervisors = tokens(&client, url, &scene.supervisors).await;
    }
}

/// Somebody logs in.
pub fn log_in(username: &str) -> Ask {
    let body = json!({"username": username, "password": PASSWORD});
    Ask::change(Method::POST, "/auth/login", None, body)
}

/// The token that somebody is given.
pub async fn token(client: &Client, url: &str, username: &str) -> String {
    let answer = told(log_in(username), client, url).await;
    answer.get("access_token").and_then(Value::as_str).expect("a token").to_owned()
}

async fn tokens(client: &Client, url: &str, usernames: &[String]) -> Vec<String> {
    let mut given = Vec::with_capacity(usernames.len());
    for username in usernames {
        given.push(token(client, url, username).await);
    }
    given
}

/// What is answered, as JSON.
pub async fn told(ask: Ask, client: &Client, url: &str) -> Value {
    ask.send(client, url).await.json().await.expect("JSON")
}

/// Turns pages until half of the list has been seen.
async fn middle(client: &Client, url: &str, office: &str, scene: &Scene) -> String {
    let mut cursor = String::new();
    for _ in 0..scene.listed.div_ceil(200) {
        let page = told(Ask::get(list(scene, 100, &cursor), Some(office)), client, url).await;
        cursor = page.get("next_cursor").and_then(Value::as_str).expect("a next page").to_owned();
    }
    cursor
}
