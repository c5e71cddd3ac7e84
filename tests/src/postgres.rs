//! The throw-away PostgreSQL of the suite: found or started once a run, thrown away when the run is over.
//!
//! `TEST_DATABASE_URL` names a server to use. Without it one is started in a directory of the temp folder that is
//! named after the *parent* process: nextest runs each test as a process of its own, cargo test many in one, and in
//! both the parent is the run. A file lock lets one process start the server, the others find the file `ready`.
//! It listens on a socket in that directory alone, so that it meets no other server. A watchdog stops it and removes
//! the directory when the parent is gone, however the run ended.

use std::fmt::Display;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use std::{env, thread};

use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement,
};

/// Names the lock that is held on the server while a template is made.
const TEMPLATE_LOCK: &str = "SELECT pg_advisory_lock(2022110101)";
/// How often, and how long apart, a busy template is asked for again.
const ATTEMPTS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// What a server for tests does without: nothing that it holds must outlive the run.
const HASTY: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off";
/// What a server has on which something is measured: each commit reaches the disk, as where the program is at home.
const MEASURED: &str = "-c shared_buffers=1GB -c max_wal_size=4GB -c jit=off";

/// A PostgreSQL server whose databases come and go with the tests.
#[derive(Debug)]
pub struct Server {
    /// The URL up to the database's name, without the slash.
    before: String,
    /// What follows the name: nothing, or the query of `TEST_DATABASE_URL`.
    after: String,
    /// The URL of the database from which others are created and dropped.
    admin: String,
}

/// Where the throw-away server is; none is said loudly once, and refused when `PINGXUAN_REQUIRE_POSTGRES=1`.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| {
        let found = find("pg", HASTY);
        if let Err(reason) = &found {
            // Not eprintln!, which libtest keeps to itself.
            writeln!(io::stderr(), "PostgreSQL: NOT RUN ({reason})").unwrap_or_default();
        }
        found
    });
    match found {
        Ok(server) => Some(server),
        Err(reason) if env::var("PINGXUAN_REQUIRE_POSTGRES").is_ok_and(|wanted| wanted == "1") => {
            panic!("PostgreSQL is required (PINGXUAN_REQUIRE_POSTGRES=1) and cannot run: {reason}")
        }
        Err(_) => None,
    }
}

/// The same, with every commit on the disk of the temp folder: a server on which something is measured.
///
/// # Errors
/// Why there is none.
pub fn measured() -> Result<Server, String> {
    find("pg-measured", MEASURED)
}

fn find(name: &str, settings: &str) -> Result<Server, String> {
    match env::var("TEST_DATABASE_URL") {
        Ok(url) if !url.is_empty() => Server::given(&url),
        Ok(_) | Err(_) => start(name, settings).map(|dir| Server::at(&dir)),
    }
}

impl Server {
    /// The server of `TEST_DATABASE_URL`: its database is the one that others are created from.
    fn given(url: &str) -> Result<Self, String> {
        let (address, after) = match url.find('?') {
            Some(at) => url.split_at(at),
            None => (url, ""),
        };
        let parts =
            address.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?)));
        match parts {
            Some((scheme @ ("postgres" | "postgresql"), (host, database))) if !database.is_empty() => {
                Ok(Self {
                    before: format!("{scheme}://{host}"),
                    after: after.to_owned(),
                    admin: url.to_owned(),
                })
            }
            Some(_) | None => {
                Err("TEST_DATABASE_URL is not of the form postgres://user@host/database".to_owned())
            }
        }
    }

    /// The server that listens on a socket in `dir`.
    fn at(dir: &Path) -> Self {
        let before = format!("postgres://postgres@{}", percent_encoded(&dir.to_string_lossy()));
        Self { admin: format!("{before}/postgres"), before, after: String::new() }
    }

    /// The URL of one of its databases, as sqlx reads it.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.before, self.after)
    }

    /// Creates a database, as a copy of `template` where one is named.
    pub async fn create(&self, name: &str, template: Option<&str>) {
        let admin = self.connect().await;
        create_on(&admin, name, template).await;
        must("closing a connection", admin.close().await);
    }

    /// Drops a database, whoever is still connected to it.
    pub async fn drop(&self, name: &str) {
        let admin = self.connect().await;
        drop_on(&admin, name).await;
        must("closing a connection", admin.close().await);
    }

    /// The name of the template `name`, which `make` fills (it is handed the URL) if it is not there yet.
    ///
    /// Once per server: a lock on the server makes the others wait, and the database gets its name when it is
    /// complete. As the server may outlive a run, `name` has to change with what `make` does. `make` runs on a thread
    /// without a runtime, so it may start one; its connections must be closed when it returns.
    pub fn template(&self, name: &str, make: impl FnOnce(String) + Send) -> String {
        let work = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = must("starting a runtime", runtime);
            let admin = runtime.block_on(self.connect());
            runtime.block_on(run(&admin, TEMPLATE_LOCK));
            if !runtime.block_on(exists(&admin, name)) {
                let unfinished = format!("{name}_unfinished");
                runtime.block_on(async {
                    drop_on(&admin, &unfinished).await;
                    create_on(&admin, &unfinished, None).await;
                });
                make(self.url(&unfinished));
                runtime.block_on(patiently(
                    &admin,
                    &format!("ALTER DATABASE {} RENAME TO {}", quoted(&unfinished), quoted(name)),
                ));
            }
            must("closing a connection", runtime.block_on(admin.close()));
        };
        let done = thread::scope(|scope| scope.spawn(work).join());
        if let Err(panicked) = done {
            std::panic::resume_unwind(panicked);
        }
        name.to_owned()
    }

    async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.admin);
        options.max_connections(1).sqlx_logging(false);
        must("connecting to PostgreSQL", Database::connect(options).await)
    }
}

async fn create_on(admin: &DatabaseConnection, name: &str, template: Option<&str>) {
    let template = template.map(|template| format!(" TEMPLATE {}", quoted(template))).unwrap_or_default();
    patiently(admin, &format!("CREATE DATABASE {}{template}", quoted(name))).await;
}

async fn drop_on(admin: &DatabaseConnection, name: &str) {
    run(admin, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name))).await;
}

async fn exists(admin: &DatabaseConnection, name: &str) -> bool {
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()]);
    must(sql, admin.query_one_raw(statement).await).is_some()
}

async fn run(admin: &DatabaseConnection, sql: &str) {
    must(sql, admin.execute_unprepared(sql).await);
}

/// Runs `sql`, again while the database that it reads is still being left by others.
async fn patiently(admin: &DatabaseConnection, sql: &str) {
    for _ in 1..ATTEMPTS {
        let answer = admin.execute_unprepared(sql).await;
        if !answer.as_ref().is_err_and(in_use) {
            must(sql, answer);
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
    run(admin, sql).await;
}

/// SQLSTATE `object_in_use`, or the same in words.
fn in_use(error: &DbErr) -> bool {
    use sea_orm_migration::sea_orm::RuntimeErr::SqlxError;
    if let DbErr::Exec(SqlxError(error)) | DbErr::Query(SqlxError(error)) = error {
        return error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "55006");
    }
    error.to_string().contains("being accessed by other users")
}

/// An SQL identifier. PostgreSQL cuts longer names silently, so they are refused here.
fn quoted(name: &str) -> String {
    assert!(name.len() <= 63, "the name of a database has at most 63 bytes: {name}");
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A folder as the host of a URL: all but the plainest bytes as %XX.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

fn must<T, E: Display>(what: &str, answer: Result<T, E>) -> T {
    answer.unwrap_or_else(|error| panic!("{what}: {error}"))
}

// Starting one of our own.

/// Starts the run's server, or finds the one that another process of this run has started, and says where it is.
fn start(name: &str, settings: &str) -> Result<PathBuf, String> {
    let bin = newest_programs().ok_or("no initdb and pg_ctl in PATH or where packages put them")?;
    let account = account()?;
    let dir = env::temp_dir().join(format!("pingxuan-{name}-{}", parent_id()));
    match DirBuilder::new().mode(0o700).create(&dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(format!("{} cannot be made: {error}", dir.display()));
        }
        Ok(()) | Err(_) => {}
    }
    let said = |error: io::Error| format!("{}: {error}", dir.display());
    let lock = File::create(dir.join("lock")).map_err(said)?;
    lock.lock().map_err(said)?;
    let ready = dir.join("ready");
    if !ready.exists() || UnixStream::connect(dir.join(".s.PGSQL.5432")).is_err() {
        // A directory without a server that answers: new, or left by a run whose parent had the same number.
        for rest in [ready.as_path(), &dir.join("data")] {
            if rest.is_dir() { fs::remove_dir_all(rest) } else { fs::remove_file(rest) }.unwrap_or_default();
        }
        if let Some(account) = &account {
            chown(&dir, Some(account.uid), Some(account.gid)).map_err(said)?;
        }
        watch(&bin, &dir, account.as_ref()).map_err(said)?;
        initialise(&bin, &dir, account.as_ref())?;
        launch(&bin, &dir, account.as_ref(), settings)?;
        File::create(&ready).map_err(said)?;
    }
    Ok(dir)
}

fn initialise(bin: &Path, dir: &Path, account: Option<&Account>) -> Result<(), String> {
    let with = |locale: &str| {
        let mut initdb = command(&bin.join("initdb"), dir, account);
        initdb
            .args(["-A", "trust", "-N", "-E", "UTF8", "-U", "postgres", locale, "-D"])
            .arg(dir.join("data"));
        finished(initdb)
    };
    with("--locale=C.UTF-8").or_else(|_| with("--locale=C"))
}

fn launch(bin: &Path, dir: &Path, account: Option<&Account>, settings: &str) -> Result<(), String> {
    let settings = format!(
        "-c listen_addresses= -c unix_socket_directories='{}' -c max_connections=400 {settings}",
        dir.display()
    );
    let mut pg_ctl = command(&bin.join("pg_ctl"), dir, account);
    pg_ctl.args(["start", "-w", "-t", "60", "-o", &settings]);
    pg_ctl.arg("-D").arg(dir.join("data")).arg("-l").arg(dir.join("log"));
    finished(pg_ctl).map_err(|said| {
        let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
        format!("{said}; {}", log.lines().last().unwrap_or_default())
    })
}

/// Leaves a process that outlives this one and clears away when the parent is gone. It belongs to no group and holds
/// no stream of the test's, so that no runner waits for it. `kill -0` is denied to another user, so /proc is asked too.
fn watch(bin: &Path, dir: &Path, account: Option<&Account>) -> io::Result<()> {
    const SCRIPT: &str = r#"(
        while kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; do sleep 1; done
        "$2" -D "$3/data" -m immediate stop
        rm -rf "$3"
    ) &"#;
    let mut sh = command(Path::new("/bin/sh"), Path::new("/"), account);
    sh.args(["-c", SCRIPT, "pingxuan-pg-watchdog", &parent_id().to_string()])
        .arg(bin.join("pg_ctl"))
        .arg(dir);
    sh.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().map(drop)
}

/// A command in the folder `dir`, with the rights of `account`.
fn command(program: &Path, dir: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir).stdin(Stdio::null()).env("LC_MESSAGES", "C");
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

fn finished(mut command: Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program}: {}; {}", output.status, said.lines().collect::<Vec<_>>().join(" ")))
}

/// Whose rights the server has.
#[derive(Debug, PartialEq)]
struct Account {
    uid: u32,
    gid: u32,
}

/// PostgreSQL refuses to run as root, so root hands it to `postgres`, or to `nobody`. Anyone else keeps it.
fn account() -> Result<Option<Account>, String> {
    let own = tempfile::tempfile().and_then(|file| file.metadata());
    let own = own.map_err(|error| format!("no file can be made in the temp folder: {error}"))?;
    if own.uid() != 0 {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
    let account = entry(&passwd, "postgres").or_else(|| entry(&passwd, "nobody"));
    account
        .map(Some)
        .ok_or_else(|| "root has neither `postgres` nor `nobody` to hand the server to".to_owned())
}

fn entry(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        Some(Account { uid: fields.nth(1)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    })
}

/// The folder with the server's programs: in PATH, else the newest of where packages put them.
fn newest_programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let packaged = [("/usr/lib/postgresql", ""), ("/usr", "pgsql-"), ("/opt/homebrew/opt", "postgresql")];
    let packaged = packaged.iter().flat_map(|(folder, prefix)| newest_first(Path::new(folder), prefix));
    env::split_paths(&path).chain(packaged.map(|folder| folder.join("bin"))).find(|bin| {
        bin.is_absolute() && ["initdb", "pg_ctl"].iter().all(|program| bin.join(program).is_file())
    })
}

/// The folders in `folder` whose names begin with `prefix`, the highest version first.
fn newest_first(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?.trim_start_matches('@');
            Some((version.parse().unwrap_or(0), entry.path()))
        })
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn tables(url: String) -> Result<i64, DbErr> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await?;
        let sql = "SELECT count(*) FROM pg_tables WHERE tablename = 'made'";
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let count = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        db.close().await.map(|()| count)
    }

    #[tokio::test]
    async fn a_database_is_created_and_dropped() {
        let Some(server) = server() else { return };
        let name = format!("t_{}_plain", std::process::id());
        server.create(&name, None).await;
        assert_eq!(tables(server.url(&name)).await.unwrap(), 0);
        server.drop(&name).await;
        assert!(tables(server.url(&name)).await.is_err(), "it is gone");
        server.drop(&name).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_template_is_made_once_and_copied() {
        let Some(server) = server() else { return };
        let made = AtomicU32::new(0);
        let name = format!("t_{}_template", std::process::id());
        let make = |url: String| {
            made.fetch_add(1, Ordering::SeqCst);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let db = Database::connect(url).await.unwrap();
                db.execute_unprepared("CREATE TABLE made (id int)").await.unwrap();
                db.close().await.unwrap();
            });
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert_eq!(server.template(&name, make), name));
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);

        let copies: Vec<_> = (0..4).map(|copy| format!("t_{}_copy_{copy}", std::process::id())).collect();
        futures_util::future::join_all(copies.iter().map(|copy| server.create(copy, Some(&name)))).await;
        for copy in &copies {
            assert_eq!(tables(server.url(copy)).await.unwrap(), 1);
            server.drop(copy).await;
        }
        server.drop(&name).await;
    }

    #[tokio::test]
    async fn a_template_that_failed_is_made_again() {
        let Some(server) = server() else { return };
        let name = format!("t_{}_failing", std::process::id());
        let failing =
            std::panic::AssertUnwindSafe(|| server.template(&name, |_| panic!("as the test wants it")));
        assert!(std::panic::catch_unwind(failing).is_err());
        let made = AtomicU32::new(0);
        server.template(&name, |_| made.store(1, Ordering::SeqCst));
        assert_eq!(made.load(Ordering::SeqCst), 1);
        server.drop(&name).await;
    }

    #[test]
    fn a_given_server_keeps_its_parameters() {
        let given = Server::given("postgres://me:secret@db:5433/main?sslmode=require").unwrap();
        assert_eq!(given.url("other"), "postgres://me:secret@db:5433/other?sslmode=require");
        assert!(Server::given("postgres://me@db").is_err(), "no database");
        assert!(Server::given("mysql://me@db/main").is_err(), "not PostgreSQL");
    }

    #[test]
    fn a_socket_folder_is_a_host() {
        assert_eq!(Server::at(Path::new("/tmp/a b")).url("x"), "postgres://postgres@%2Ftmp%2Fa%20b/x");
    }

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        let passwd =
            "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:7:::\npostgres:x:101:104:,,,:/var:/bin/bash\n";
        assert_eq!(entry(passwd, "postgres"), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(entry(passwd, "nobody"), None);
    }

    #[test]
    fn the_newest_version_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["pgsql-9", "pgsql-17", "pgsql-15", "other"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let names: Vec<_> = newest_first(folder.path(), "pgsql-");
        let names: Vec<_> = names.iter().map(|path| path.file_name().unwrap().to_string_lossy()).collect();
        assert_eq!(names, ["pgsql-17", "pgsql-15", "pgsql-9"]);
    }
}
