//! A world: a real server on a fresh database, with a clock that stands until it is moved.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::UNIX_EPOCH;

use actix_web::rt::System;
use futures_util::FutureExt;
use pingxuan_api::app::App;
use pingxuan_api::clock::Clock;
use pingxuan_api::cors::Origins;
use pingxuan_api::edge::Edge;
use pingxuan_api::files::settings::FilesSettings;
use pingxuan_api::identity::passwords::Cost;
use pingxuan_api::identity::security::Security;
use pingxuan_api::printing::settings::PrintingSettings;
use pingxuan_api::running::bootstrap::{Making, enter_user, make, new_user};
use pingxuan_api::running::retention::Retention;
use pingxuan_api::running::server::{Running, start};
use pingxuan_domain::client::Scope;
use pingxuan_domain::{Instant, Role};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::county::{self, COUNTY};
use crate::dump::dump;
use crate::files::folder_of;
use crate::people::Person;
use crate::postgres::{self, Server};
use crate::reply::Reply;
use crate::{canaries, truths};

/// When every world begins: the acceptance window of the 2022 selection opens on this day.
pub const START: &str = "2022-11-07T09:00:00+08:00";
/// What everyone logs in with.
pub const PASSWORD: &str = "a password of many words";
/// An origin whose pages may call the service of every world.
pub const ORIGIN: &str = "https://pages.example.org";
/// What seals personal data in every world.
pub const SECRET: [u8; 32] = [7; 32];

/// What a world stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file of its own.
    Sqlite,
    /// A database of its own on the run's server.
    Postgres,
}

/// Makes of one story two tests, one on each database: `name::sqlite` and `name::postgres`.
///
/// On PostgreSQL it passes without running where there is no server; the harness says so loudly, once.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: $type:ident) $story:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($world: $type) $story

            #[test]
            fn sqlite() {
                $crate::world::run($crate::Database::Sqlite, story);
            }

            #[test]
            fn postgres() {
                $crate::world::run($crate::Database::Postgres, story);
            }
        }
    )*};
}

/// Runs a story in a world of its own, looks whether all that must hold of a database does so then, and clears the world away
/// however the story ends.
pub fn run<F: Future<Output = ()>>(database: Database, story: impl FnOnce(World) -> F) {
    let Some(place) = Place::of(database) else { return };
    canaries::listen();
    let told = System::new().block_on(async {
        let url = place.prepare().await;
        let (world, running) = World::start(&url).await;
        let told = AssertUnwindSafe(async {
            story(world).await;
            let broken = truths::broken(&url).await;
            assert!(broken.is_empty(), "{broken:#?}");
            let clear = canaries::in_clear(&dump(&url).await);
            assert!(clear.is_empty(), "the database holds in clear: {clear:?}");
            let logged = canaries::logged();
            assert!(logged.is_empty(), "was logged in clear: {logged:#?}");
        });
        let told = told.catch_unwind().await;
        let app = Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.expect("the database is left");
        place.clear().await;
        told
    });
    if let Err(panicked) = told {
        resume_unwind(panicked);
    }
}

/// Where a world's database is.
enum Place {
    File(TempDir),
    Server(&'static Server, String),
}

impl Place {
    fn of(database: Database) -> Option<Self> {
        match database {
            Database::Sqlite => {
                Some(Self::File(tempfile::Builder::new().prefix("pingxuan-").tempdir().expect("a folder")))
            }
            Database::Postgres => {
                let name = format!("t_{}", Uuid::new_v4().simple());
                postgres::server().map(|server| Self::Server(server, name))
            }
        }
    }

    /// Copies the template, and answers the copy's URL.
    async fn prepare(&self) -> String {
        match self {
            Self::File(folder) => {
                let file = folder.path().join("world.sqlite");
                fs::write(&file, sqlite_template()).expect("a copy of the template");
                sqlite_url(&file)
            }
            Self::Server(server, name) => {
                server.create(name, Some(postgres_template(server))).await;
                server.url(name)
            }
        }
    }

    async fn clear(self) {
        match self {
            Self::File(folder) => folder.close().expect("the folder goes"),
            Self::Server(server, name) => {
                // A world that kept no file has no folder.
                let _ = fs::remove_dir_all(folder_of(&server.url(&name)));
                server.drop(&name).await;
            }
        }
    }
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// A migrated SQLite database with keys and calendars, as bytes: made once a process.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("template.sqlite");
        let url = sqlite_url(&file);
        thread::scope(|scope| scope.spawn(|| make_template(url)).join()).expect("the template is made");
        fs::read(&file).expect("the template is there")
    })
}

/// The same on PostgreSQL, as a database to copy.
fn postgres_template(server: &Server) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| server.template(&template_name(), make_template))
}

/// A server may outlive the run, so the template is named after the build that made it.
fn template_name() -> String {
    let build = std::env::current_exe().and_then(fs::metadata).expect("the running program is a file");
    let built = build.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("pingxuan_template_{:x}_{:x}", build.len(), built.as_nanos())
}

/// Migrates a database and enters what every installation has.
fn make_template(url: String) {
    System::new().block_on(async {
        let app = make(&making(&url)).await.expect("an application");
        app.db.close().await.expect("the template is left");
    });
}

fn making(url: &str) -> Making {
    Making {
        url: url.to_owned(),
        connections: 4,
        secret: SECRET,
        clock: Clock::standing(instant(START)),
        cost: Cost::Least,
        origins: Origins::read(ORIGIN).expect("an origin"),
        security: Security::lasting(),
        edge: Edge::unhurried(),
        retention: Retention::default(),
        files: FilesSettings::in_folder(&folder_of(url)),
        printing: PrintingSettings::default(),
        migration_url: None,
    }
}

/// An instant, as RFC 3339 writes it.
#[must_use]
pub fn instant(text: &str) -> Instant {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A server on a database of its own, and the people who use it.
#[derive(Clone)]
pub struct World(Rc<Inner>);

struct Inner {
    app: Arc<App>,
    database_url: String,
    address: SocketAddr,
    client: reqwest::Client,
    people: RefCell<HashMap<String, Person>>,
    units: RefCell<HashMap<String, Uuid>>,
}

impl World {
    /// Starts a server on a database. Within a `System`, as the server is partly its own task of this thread.
    pub async fn start(url: &str) -> (Self, Running) {
        Self::start_with(url, |_| ()).await
    }

    /// The same, with an application that is changed before it is served.
    pub async fn start_with(url: &str, change: impl FnOnce(&mut App)) -> (Self, Running) {
        Self::start_for(url, None, change).await
    }

    /// The same, where another role than the program's owns the tables: the URL for it.
    pub async fn start_for(url: &str, owner: Option<&str>, change: impl FnOnce(&mut App)) -> (Self, Running) {
        let making = Making { migration_url: owner.map(str::to_owned), ..making(url) };
        let mut app = make(&making).await.expect("an application");
        change(&mut app);
        let app = Arc::new(app);
        let (running, server) =
            start(Arc::clone(&app), SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), 1).expect("a server");
        actix_web::rt::spawn(server);
        // A connection for each request: one that is kept may be closed by the server in the moment in which it is used again.
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none());
        let world = Self(Rc::new(Inner {
            app,
            database_url: url.to_owned(),
            address: running.address,
            client: client.build().expect("a client"),
            people: RefCell::default(),
            units: RefCell::default(),
        }));
        (world, running)
    }

    /// Tells a story to another server on the same database and the same clock, which is as strict as is said.
    pub async fn beside<T>(
        &self,
        change: impl FnOnce(&mut Security),
        story: impl AsyncFnOnce(World) -> T,
    ) -> T {
        self.beside_as(|app| change(&mut app.security), story).await
    }

    /// The same, with anything of its application changed.
    pub async fn beside_as<T>(
        &self,
        change: impl FnOnce(&mut App),
        story: impl AsyncFnOnce(World) -> T,
    ) -> T {
        let clock = self.0.app.clock.clone();
        let changed = |app: &mut App| {
            app.clock = clock;
            change(app);
        };
        let (other, running) = Self::start_with(self.database_url(), changed).await;
        let told = story(other).await;
        let app = Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.expect("the database is left");
        told
    }

    /// What this server shares among its requests.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// The address of a path. Paths that are not of the server itself are below `/api/v1`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        const OWN: [&str; 8] = [
            "/api/",
            "/oauth2/",
            "/health",
            "/docs",
            "/openapi.json",
            "/.well-known/",
            "/problems/",
            "/reference",
        ];
        let below = if OWN.iter().any(|own| path.starts_with(own)) { "" } else { "/api/v1" };
        format!("http://{}{below}{path}", self.0.address)
    }

    /// The URL of the database, for what looks behind the server's back.
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.0.database_url
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.0.client
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.0.app.clock.now()
    }

    /// Moves the clock forward, to an instant such as `2023-01-01T00:00:00+08:00`; what has become due is carried out.
    pub async fn move_clock(&self, to: &str) {
        self.0.app.move_clock(instant(to)).await.expect("the sweeper has swept");
    }

    /// Carries out what is due, so that no story depends on when the sweeper comes by.
    pub async fn sweep(&self) {
        self.0.app.move_clock(self.now()).await.expect("the sweeper has swept");
    }

    /// Somebody without a log-in.
    #[must_use]
    pub fn public(&self) -> Person {
        Person::public(self)
    }

    /// Somebody with this token, whatever it is.
    #[must_use]
    pub fn bearer(&self, token: &str) -> Person {
        Person::bearer(self, token)
    }

    /// 县"五型"办.
    pub async fn office(&self) -> Person {
        self.person("office", &[Role::Office]).await
    }

    /// 县政府(审定).
    pub async fn approver(&self) -> Person {
        self.person("approver", &[Role::Approver]).await
    }

    /// 审计管理员.
    pub async fn auditor(&self) -> Person {
        self.person("auditor", &[Role::Auditor]).await
    }

    /// 系统管理员.
    pub async fn admin(&self) -> Person {
        self.person("admin", &[Role::Admin]).await
    }

    /// 安全管理员.
    pub async fn security_admin(&self) -> Person {
        self.person("security-admin", &[Role::SecurityAdmin]).await
    }

    /// A machine client with some scopes; its token is good for ten minutes of the world.
    pub async fn machine(&self, name: &str, scopes: &[Scope]) -> Person {
        let client = self.admin().await.post("/clients").json(json!({"name": name, "scopes": scopes}));
        let client = client.await.expect(201);
        let token = self.token_of(&client.text_at("/id"), &client.text_at("/client_secret"), None).await;
        self.bearer(&token.expect(200).text_at("/access_token"))
    }

    /// What a machine client is answered that asks for a token.
    pub async fn token_of(&self, id: &str, secret: &str, scope: Option<&str>) -> Reply {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        form.append_pair("client_id", id).append_pair("client_secret", secret);
        if let Some(scope) = scope {
            form.append_pair("scope", scope);
        }
        self.public().post("/oauth2/token").body("application/x-www-form-urlencoded", form.finish()).await
    }

    /// Whoever has these roles under this username; the account is entered when it is first asked for.
    pub async fn person(&self, username: &str, roles: &[Role]) -> Person {
        self.account(username, roles, None, None).await
    }

    /// Somebody of a unit of the county, by its short name.
    pub async fn unit(&self, short_name: &str) -> Person {
        let unit = self.unit_id(short_name).await;
        let username = format!("unit-{:03}", county::number(short_name));
        self.account(&username, &[Role::Unit], Some(unit), None).await
    }

    /// The id of a unit of the county, by its short name; the office enters it when it is first asked for.
    pub async fn unit_id(&self, short_name: &str) -> Uuid {
        if let Some(known) = self.0.units.borrow().get(short_name) {
            return *known;
        }
        let id = self.office().await.post("/units").json(COUNTY.unit(short_name)).await.expect(201).id();
        self.0.units.borrow_mut().insert(short_name.to_owned(), id);
        id
    }

    /// A supervisor, by name; the office enters the record when it is first asked for. They work at no unit.
    pub async fn supervisor(&self, name: &str) -> Person {
        self.supervisor_at(name, None).await
    }

    /// A supervisor who works at a unit.
    pub async fn supervisor_at(&self, name: &str, unit_id: Option<Uuid>) -> Person {
        let username = format!("supervisor-{}", county::ascii(name));
        if let Some(known) = self.0.people.borrow().get(&username) {
            return known.clone();
        }
        let record = COUNTY.supervisor(name, self.0.people.borrow().len(), unit_id);
        let id = self.office().await.post("/supervisors").json(record).await.expect(201).id();
        self.account(&username, &[Role::Supervisor], None, Some(id)).await
    }

    /// An account that can log in at once.
    pub async fn account(
        &self,
        username: &str,
        roles: &[Role],
        unit_id: Option<Uuid>,
        supervisor_id: Option<Uuid>,
    ) -> Person {
        self.enter(username, roles, (unit_id, supervisor_id), false).await
    }

    /// Somebody who still has the password that was given.
    pub async fn newcomer(&self, username: &str, roles: &[Role]) -> Person {
        self.enter(username, roles, (None, None), true).await
    }

    async fn enter(
        &self,
        username: &str,
        roles: &[Role],
        (unit_id, supervisor_id): (Option<Uuid>, Option<Uuid>),
        must_change_password: bool,
    ) -> Person {
        if let Some(known) = self.0.people.borrow().get(username) {
            return known.clone();
        }
        let app = &self.0.app;
        let mut user = new_user(app, username, username, roles.to_vec(), PASSWORD).await.expect("a hash");
        user.must_change_password = must_change_password;
        (user.unit_id, user.supervisor_id) = (unit_id, supervisor_id);
        enter_user(app, &user).await.expect("an account");
        let person = Person::account(self, &user);
        self.0.people.borrow_mut().insert(username.to_owned(), person.clone());
        person
    }

    /// A log-in, as it is answered.
    pub async fn log_in(&self, username: &str, password: &str) -> Reply {
        self.public().post("/auth/login").json(json!({"username": username, "password": password})).await
    }
}
