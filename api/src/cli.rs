//! The command line.

use std::fs;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pingxuan_api::app::App;
use pingxuan_api::clock::Clock;
use pingxuan_api::contract::document::contract;
use pingxuan_api::cors::Origins;
use pingxuan_api::demo;
use pingxuan_api::identity::passwords::{Cost, one_time_password};
use pingxuan_api::identity::security::Security;
use pingxuan_api::identity::single_sign_on::provider::Provider;
use pingxuan_api::metrics::listening::listen;
use pingxuan_api::problem::Failure;
use pingxuan_api::rehearsal;
use pingxuan_api::running::bootstrap::{
    Making, enter_user, first_account, make, migrate_as_owner, new_user, rotate_sealing_key,
    rotate_signing_key, secret, take_sqlite,
};
use pingxuan_api::running::server;
use pingxuan_api::running::settings::{Overrides, Settings};
use pingxuan_api::running::tls::Certificates;
use pingxuan_api::secret::Secret;
use pingxuan_api::verification::repeating::{Repeated, repeat};
use pingxuan_documents::archive::verify;
use pingxuan_domain::{Instant, Role};
use pingxuan_persistence::{Database, Options, StoreError, Vault};
use secrecy::ExposeSecret;
use tracing_subscriber::EnvFilter;

mod keeping;

/// 评选 Pingxuan: how a county selects and commends the units and people that serve it best.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (the default).
    Serve(Serve),
    /// Rehearse a whole selection on a throw-away database, through HTTP.
    Rehearse(Rehearse),
    /// Bring the database's schema up to date, and stop.
    Migrate(Place),
    /// Print the settings that are in force, without secrets, or say what is wrong with them; nothing is begun.
    Settings(Place),
    /// Print the OpenAPI document.
    Openapi,
    /// Make an account from the command line; its one-time password is shown once.
    User(User),
    /// Make a new key that signs access tokens; running nodes take it by themselves, tokens of the key before stay good.
    RotateSigningKey(Place),
    /// Seal personal data and secrets with a new key, while the nodes go on; the key before still opens until the next change.
    RotateSealingKey(Place),
    /// Write a backup of database and files into a new file, while the nodes go on. The key is not in it.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The file.
        file: PathBuf,
    },
    /// Restore a backup into an empty database and an empty place of files; the key must be in its place.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The backup.
        file: PathBuf,
    },
    /// Look through the installation for what is not as it must be; it changes nothing.
    Doctor(Place),
    /// Verify an archive package: everything in it is as it was when it was made. It needs no database.
    VerifyArchive {
        /// The package.
        file: PathBuf,
    },
    /// Make a plan of assignments once more, from what `get_assignment_plan` answered. It needs no database.
    VerifyPlan {
        /// The answer, as JSON.
        file: PathBuf,
    },
}

/// Where the database is.
#[derive(Clone, Debug, Default, Args)]
struct Place {
    /// The database: postgres://… or sqlite:PATH [env: DATABASE_URL]
    #[arg(long)]
    database_url: Option<Secret>,
    /// The folder of the SQLite database and of the key file [env: PINGXUAN_DATA_DIR] [default: ./data]
    #[arg(long)]
    data_dir: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
struct Serve {
    /// Address and port to listen on; port 0 takes a free one [env: PINGXUAN_BIND] [default: 127.0.0.1:8080]
    #[arg(long)]
    bind: Option<String>,
    #[command(flatten)]
    place: Place,
    /// Serve a county to play with, on a clock that starts on 2022-11-07 and goes on.
    #[arg(long)]
    demo: bool,
    /// With --demo: also write the accounts to this file, as JSON.
    #[arg(long, requires = "demo")]
    accounts: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Rehearse {
    /// A PostgreSQL server: the rehearsal makes a database of its own there, and drops it. Without it: SQLite.
    #[arg(long)]
    database_url: Option<Secret>,
    /// Keep the report in this file, as Markdown.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Make the archive package too, which takes a while, and keep it in this file.
    #[arg(long)]
    archive: Option<PathBuf>,
    /// How many units the county has: its own 61, and invented ones besides.
    #[arg(long, default_value_t = 61, value_parser = clap::value_parser!(u16).range(61..=2000))]
    units: u16,
    /// Say nothing but the result.
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
struct User {
    #[command(flatten)]
    place: Place,
    /// What one logs in with.
    username: String,
    /// The account's role.
    #[arg(long, value_enum)]
    role: CliRole,
    /// The name shown to others.
    #[arg(long)]
    display_name: Option<String>,
}

/// Roles that need neither a unit nor a supervisor.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum CliRole {
    Office,
    Approver,
    Auditor,
    Admin,
    SecurityAdmin,
}

impl From<CliRole> for Role {
    fn from(role: CliRole) -> Self {
        match role {
            CliRole::Office => Self::Office,
            CliRole::Approver => Self::Approver,
            CliRole::Auditor => Self::Auditor,
            CliRole::Admin => Self::Admin,
            CliRole::SecurityAdmin => Self::SecurityAdmin,
        }
    }
}

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Serve(cli.serve));
    let done = actix_web::rt::System::new().block_on(async {
        match command {
            Command::Serve(serve) if serve.demo => serve_demo(serve).await,
            Command::Serve(serve) => serve_for_real(serve).await,
            Command::Rehearse(wanted) => rehearse(wanted).await,
            Command::Migrate(place) => migrate_only(place).await,
            Command::Settings(place) => print_settings(place),
            Command::Openapi => print_document(),
            Command::User(user) => make_user(user).await,
            Command::RotateSigningKey(place) => rotate(place).await,
            Command::RotateSealingKey(place) => seal_anew(place).await,
            Command::Backup { place, file } => keeping::back_up(place, &file).await,
            Command::Restore { place, file } => keeping::restore(place, &file).await,
            Command::Doctor(place) => keeping::examine(place).await,
            Command::VerifyArchive { file } => Ok(verify_archive(&file)),
            Command::VerifyPlan { file } => verify_plan(&file),
        }
    });
    match done {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("pingxuan: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Holds everything that a package says against everything that it holds, and names what was changed.
fn verify_archive(file: &Path) -> ExitCode {
    match verify(file) {
        Ok(verified) => {
            let (entries, bytes) = (verified.entries.len(), verified.bytes);
            println!("{}: unchanged, {entries} entries, {bytes} bytes, {}", file.display(), verified.seal);
            println!("{}", verified.about);
            ExitCode::SUCCESS
        }
        Err(faults) => {
            for fault in faults {
                eprintln!("{}: {fault} ({})", file.display(), fault.code());
            }
            ExitCode::FAILURE
        }
    }
}

/// Makes a plan once more and says that it is the same.
fn verify_plan(file: &Path) -> Result<ExitCode, String> {
    let said = |sentence: String| format!("{}: {sentence}", file.display());
    let answer = fs::read_to_string(file).map_err(|error| said(error.to_string()))?;
    let Repeated { inputs, result } = repeat(&answer).map_err(said)?;
    println!("{}: the same plan, inputs {inputs}, result {result}", file.display());
    Ok(ExitCode::SUCCESS)
}

fn overrides(bind: Option<String>, place: Place) -> Overrides {
    Overrides { bind, database_url: place.database_url, data_dir: place.data_dir }
}

fn print_settings(place: Place) -> Result<ExitCode, String> {
    for (setting, set, shown) in Settings::in_force(&overrides(None, place))? {
        let whence = if set { "set" } else { "default" };
        println!("{whence:<7}  {:<28}  {shown}", setting.variable);
    }
    Ok(ExitCode::SUCCESS)
}

fn settings(bind: Option<String>, place: Place) -> Result<Settings, String> {
    let settings = Settings::read(&overrides(bind, place))?;
    let filter = EnvFilter::try_new(&settings.log).map_err(|error| error.to_string())?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let logs = logs.with_ansi(std::io::stderr().is_terminal());
    // A second start in one process keeps the first one's logs.
    let _kept = if settings.log_json { logs.json().try_init() } else { logs.try_init() };
    Ok(settings)
}

fn said(failure: &Failure) -> String {
    failure.to_string()
}

fn making(settings: &Settings, file: &str, clock: Clock) -> Result<Making, String> {
    Ok(Making {
        url: settings.url(file),
        connections: settings.connections,
        secret: secret(settings)?,
        clock,
        cost: Cost::Full,
        origins: settings.allowed_origins.clone().unwrap_or_default(),
        security: settings.security.clone(),
        edge: settings.edge.clone(),
        retention: settings.retention,
        files: settings.files.clone(),
        printing: settings.printing.clone(),
        migration_url: settings.migration_url.as_ref().map(|url| url.expose_secret().to_owned()),
    })
}

/// What the server shows where it speaks TLS itself; asked for by those commands alone that serve.
fn certificates(settings: &Settings) -> Result<Option<Arc<Certificates>>, String> {
    settings.tls.clone().map(|files| Certificates::read(files).map(Arc::new)).transpose()
}

async fn serve_for_real(serve: Serve) -> Result<ExitCode, String> {
    let settings = settings(serve.bind, serve.place)?;
    let mut making = making(&settings, "pingxuan.sqlite", Clock::machine())?;
    making.edge.certificates = certificates(&settings)?;
    let _taken = take_sqlite(&making.url)?;
    let mut app = make(&making).await.map_err(|failure| said(&failure))?;
    app.single_sign_on = settings.single_sign_on.clone().map(Provider::new).transpose()?.map(Arc::new);
    if let Some((username, password)) = first_account(&app).await.map_err(|failure| said(&failure))? {
        println!(
            "The first account, a security administrator; its password is shown this once and must be changed:"
        );
        println!("  username  {username}");
        println!("  password  {password}");
    }
    keep_serving(app, &settings).await
}

async fn serve_demo(serve: Serve) -> Result<ExitCode, String> {
    let settings = settings(serve.bind, serve.place)?;
    let start: Instant =
        demo::START.parse().map_err(|_| "the demonstration's start is no instant".to_owned())?;
    let mut making = making(&settings, "demo.sqlite", Clock::movable(start))?;
    making.edge.certificates = certificates(&settings)?;
    let lasting = Security::lasting();
    (making.security.passwords, making.security.second_factor) = (lasting.passwords, lasting.second_factor);
    if settings.allowed_origins.is_none() {
        making.origins = Origins::read(demo::ORIGINS)?;
    }
    let _taken = take_sqlite(&making.url)?;
    let (app, accounts) = demo::open(&making).await.map_err(|failure| said(&failure))?;
    println!(
        "A county to play with, on a clock that starts at {}. Its people and figures are invented.",
        demo::START
    );
    println!("Accounts (all with the password {}):", demo::PASSWORD);
    for account in &accounts {
        println!(
            "  {:<24} {:<16} {}",
            account.username,
            account.roles.join("+"),
            account.unit.as_deref().unwrap_or("")
        );
    }
    if let Some(file) = serve.accounts {
        let text = serde_json::to_string_pretty(&accounts).map_err(|error| error.to_string())?;
        fs::write(&file, text + "\n")
            .map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
    }
    keep_serving(app, &settings).await
}

async fn keep_serving(mut app: App, settings: &Settings) -> Result<ExitCode, String> {
    app.spans = settings.spans.clone();
    let bind = settings.bind;
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let started = server::start(Arc::new(app), bind, workers);
    let (running, server) = started.map_err(|error| format!("{bind} cannot be listened on: {error}."))?;
    let scheme = if running.app.edge.certificates.is_some() { "https" } else { "http" };
    let place = format!("{scheme}://{}", running.address);
    println!("API         {place}/api/v1");
    println!("Swagger UI  {place}/docs/");
    println!("Reference   {place}/reference/");
    if let Some(bind) = settings.metrics {
        let listening = listen(Arc::clone(&running.app), bind);
        let (address, scraped) =
            listening.map_err(|error| format!("{bind} cannot be listened on: {error}."))?;
        actix_web::rt::spawn(scraped);
        println!("Metrics     http://{address}/metrics");
    }
    let db = running.app.db.clone();
    running.wait(server, settings.stop_notice).await.map_err(|error| error.to_string())?;
    // What SQLite wrote beside its file is folded into it, so that the file alone is whole.
    db.close().await.map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

async fn rehearse(wanted: Rehearse) -> Result<ExitCode, String> {
    let Rehearse { database_url, report, archive, units, quiet } = wanted;
    let options = rehearsal::Options { database_url, report, archive, units: units.into(), quiet };
    let report = rehearsal::rehearse(options).await.map_err(|error| error.to_string())?;
    Ok(if report.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn migrate_only(place: Place) -> Result<ExitCode, String> {
    let settings = settings(None, place)?;
    let url = settings.url("pingxuan.sqlite");
    let _taken = take_sqlite(&url)?;
    let vault = Vault::new(&secret(&settings)?).map_err(|error| error.to_string())?;
    let options = Options { url, connections: settings.connections };
    let db = Database::connect(&options, vault).await.map_err(|error| error.to_string())?;
    let owner = settings.migration_url.as_ref().map(|url| url.expose_secret());
    let turn = db.turn().await.map_err(|error| error.to_string())?;
    migrate_as_owner(&db, owner).await.map_err(|failure| said(&failure))?;
    turn.end().await.map_err(|error| error.to_string())?;
    println!("The schema is up to date.");
    Ok(ExitCode::SUCCESS)
}

fn print_document() -> Result<ExitCode, String> {
    std::io::stdout().write_all(&contract()?.text).map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

async fn rotate(place: Place) -> Result<ExitCode, String> {
    let db = connected(place).await?;
    let kid = rotate_signing_key(&db, Clock::machine().now()).await.map_err(|failure| said(&failure))?;
    println!(
        "The new key is {kid}. It signs from five seconds on; tokens of the key before stay good until they are over."
    );
    db.close().await.map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

async fn seal_anew(place: Place) -> Result<ExitCode, String> {
    let db = connected(place).await?;
    let rotated = rotate_sealing_key(&db, Duration::from_secs(3)).await;
    let (number, sealed) = rotated.map_err(|failure| said(&failure))?;
    println!(
        "The new key is number {number}; {sealed} values are sealed with it. The key before still opens, until the next change."
    );
    db.close().await.map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// The database, for what is done beside the nodes.
async fn connected(place: Place) -> Result<Database, String> {
    let settings = settings(None, place)?;
    let url = settings.url("pingxuan.sqlite");
    let vault = Vault::new(&secret(&settings)?).map_err(|error| error.to_string())?;
    let options = Options { url, connections: 2 };
    Database::connect(&options, vault).await.map_err(|error| error.to_string())
}

async fn make_user(wanted: User) -> Result<ExitCode, String> {
    let settings = settings(None, wanted.place)?;
    let making = making(&settings, "pingxuan.sqlite", Clock::machine())?;
    let _taken = take_sqlite(&making.url)?;
    let app = make(&making).await.map_err(|failure| said(&failure))?;
    let password = one_time_password().map_err(|failure| said(&failure))?;
    let name = wanted.display_name.as_deref().unwrap_or(&wanted.username);
    let user = new_user(&app, &wanted.username, name, vec![wanted.role.into()], &password).await;
    let user = user.map_err(|failure| said(&failure))?;
    enter_user(&app, &user).await.map_err(|failure| {
        if matches!(failure, Failure::Store(StoreError::Taken(_))) {
            format!("There is an account '{}' already.", wanted.username)
        } else {
            said(&failure)
        }
    })?;
    println!("username  {}\npassword  {password}", wanted.username);
    println!("The password is shown this once and must be changed at the first log-in.");
    Ok(ExitCode::SUCCESS)
}
