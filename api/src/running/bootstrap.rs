//! The start: the key, the migrations, the signing key, the calendars, the first account.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand;
use pingxuan_domain::account::User;
use pingxuan_domain::calendar::CalendarYear;
use pingxuan_domain::step::{ObjectKind, Step, id_of_year};
use pingxuan_domain::workflow::account::AccountState;
use pingxuan_domain::{Instant, Operation, Role, Visibility};
use pingxuan_migration::{Migrator, MigratorTrait, Standing, standing};
use pingxuan_persistence::journal::Journal;
use pingxuan_persistence::{
    Database, Options, StoreError, Vault, accounts, calendars, grants, installation, sealing,
};
use secrecy::ExposeSecret;

use crate::app::App;
use crate::clock::Clock;
use crate::contract::document::contract;
use crate::cors::Origins;
use crate::demo::{DEMO, PURPOSE};
use crate::edge::Edge;
use crate::files::settings::FilesSettings;
use crate::identity::passwords::{Cost, Passwords, one_time_password};
use crate::identity::remembered::Remembered;
use crate::identity::security::Security;
use crate::identity::tokens::{KEYS, Tokens, new_key};
use crate::identity::users::audited;
use crate::jobs::Jobs;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::printing::press::Press;
use crate::printing::settings::PrintingSettings;
use crate::problem::Failure;
use crate::review::reckoning::Rankings;
use crate::running::ready::Ready;
use crate::running::retention::Retention;
use crate::running::settings::Settings;
use crate::spans::Spans;

/// Working-day calendars that come with the program (D-305).
pub const CALENDARS: [&str; 5] = [
    include_str!("../../../campaigns/calendars/2022.json"),
    include_str!("../../../campaigns/calendars/2023.json"),
    include_str!("../../../campaigns/calendars/2024.json"),
    include_str!("../../../campaigns/calendars/2025.json"),
    include_str!("../../../campaigns/calendars/2026.json"),
];

/// What an application is made from.
#[derive(Clone)]
pub struct Making {
    /// The database's URL.
    pub url: String,
    /// Its connections.
    pub connections: u32,
    /// The secret that seals personal data.
    pub secret: [u8; 32],
    /// The clock.
    pub clock: Clock,
    /// What hashing a password costs.
    pub cost: Cost,
    /// Origins whose pages may call the service.
    pub origins: Origins,
    /// How strict the installation is with those who log in.
    pub security: Security,
    /// What holds at the edge.
    pub edge: Edge,
    /// How long what is kept is kept.
    pub retention: Retention,
    /// Where files are kept.
    pub files: FilesSettings,
    /// Fonts and address of what is printed.
    pub printing: PrintingSettings,
    /// The database's URL for the role that owns the tables, where the program works as another.
    pub migration_url: Option<String>,
}

impl fmt::Debug for Making {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Making").field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// Makes the application: connects, migrates, and sees to it that keys and calendars are there.
///
/// # Errors
/// [`Failure`] where the database refuses, or was sealed with another key.
pub async fn make(making: &Making) -> Result<App, Failure> {
    let vault = Vault::new(&making.secret)?;
    let options = Options { url: making.url.clone(), connections: making.connections };
    let db = Database::connect(&options, vault.clone()).await.map_err(|error| {
        Failure::Internal(format!(
            "The database cannot be reached ({error}): see that it runs and that DATABASE_URL is right."
        ))
    })?;
    // Of nodes that start at once one makes what is not there yet.
    let turn = db.turn().await?;
    migrate_as_owner(&db, making.migration_url.as_deref()).await?;
    refuse_demo(&db).await?;
    check_key(&db, &vault).await?;
    let now = making.clock.now();
    open_sealing_keys(&db).await?;
    let mut keys = installation::signing_keys(db.read()).await?;
    if keys.is_empty() {
        let key = new_key(&vault, now)?;
        db.in_tx(async |tx| Ok::<_, Failure>(installation::insert_signing_key(tx, &key).await?)).await?;
        keys = installation::signing_keys(db.read()).await?;
    }
    let app = App {
        tokens: Tokens::new(&vault, &keys)?,
        passwords: Passwords::new(making.cost)?,
        remembered: Remembered::default(),
        rankings: Rankings::default(),
        security: making.security.clone(),
        single_sign_on: None,
        sandbox: None,
        origins: making.origins.clone(),
        edge: making.edge.clone(),
        retention: making.retention,
        limits: Limits::a_minute(making.edge.requests_a_minute),
        metrics: Metrics::default(),
        spans: Spans::default(),
        ready: Ready::default(),
        files: making.files.open().map_err(|error| {
            Failure::Internal(format!("PINGXUAN_FILES: the place of files cannot be used: {error}"))
        })?,
        jobs: Jobs::of(making.clock.new_id()),
        press: Press::open(&making.printing).map_err(Failure::Internal)?,
        contract: contract().map_err(Failure::Internal)?,
        clock: making.clock.clone(),
        db,
    };
    enter_calendars(&app).await?;
    turn.end().await?;
    Ok(app)
}

/// Takes the keys that seal, of which the first is made with the database.
async fn open_sealing_keys(db: &Database) -> Result<(), Failure> {
    let mut keys = sealing::keys(db.read()).await?;
    if keys.is_empty() {
        let mut first = db.vault().new_key(1)?;
        first.active = true;
        let made = db.in_tx(async |tx| sealing::insert(tx, &first).await).await;
        // Of two nodes that start at once one makes it.
        if let Err(error) = made
            && !matches!(error, StoreError::Taken(_))
        {
            return Err(error.into());
        }
        keys = sealing::keys(db.read()).await?;
    }
    Ok(db.vault().take(&keys)?)
}

/// Seals all that is sealed with a new key, while the nodes go on; answers its number and how many values that were. The key is shown
/// to every node before it seals; the one before still opens until the next change, and older ones are forgotten.
///
/// # Errors
/// [`Failure`] where the database refuses, or there is no randomness.
pub async fn rotate_sealing_key(db: &Database, notice: Duration) -> Result<(u32, u64), Failure> {
    open_sealing_keys(db).await?;
    let newest = sealing::keys(db.read()).await?.last().map_or(0, |key| key.number);
    let number = newest + 1;
    let key = db.vault().new_key(number)?;
    db.in_tx(async |tx| sealing::insert(tx, &key).await).await?;
    tokio::time::sleep(notice).await;
    db.in_tx(async |tx| sealing::activate(tx, number).await).await?;
    db.vault().take(&sealing::keys(db.read()).await?)?;
    // What a node sealed with the key before in its last moment is found too.
    tokio::time::sleep(notice).await;
    let sealed = sealing::seal_anew(db, number).await?;
    // The key before stays until the next change: what a slow transaction sealed with it is found then.
    db.in_tx(async |tx| sealing::forget_before(tx, newest).await).await?;
    Ok((number, sealed))
}

/// Makes a new key that signs access tokens, and forgets all but it and the one before; answers its name. Running nodes take it when
/// they next look.
///
/// # Errors
/// [`Failure`] where the database refuses, or there is no randomness.
pub async fn rotate_signing_key(db: &Database, now: Instant) -> Result<String, Failure> {
    let key = new_key(db.vault(), now)?;
    db.in_tx(async |tx| Ok::<_, Failure>(installation::rotate_signing_key(tx, &key, KEYS).await?)).await?;
    Ok(key.kid)
}

/// Brings the schema up to date. One that a newer program has only added to stays as it is.
///
/// # Errors
/// [`Failure`] where the database refuses, or its schema is none that this program can work on.
pub async fn migrate(db: &Database) -> Result<(), Failure> {
    let failed = |error| Failure::Internal(format!("migration: {error}"));
    let connection = db.for_migrations();
    let Standing { pending, added, unknown } = standing(&connection).await.map_err(failed)?;
    // Of a newer program's schema nothing of this one's can be lacking.
    let strange = unknown.first().or_else(|| added.first().filter(|_| !pending.is_empty()));
    if let Some(step) = strange {
        return Err(Failure::Internal(format!(
            "The database's schema is none that this program knows ({step}): start the newer program, or restore a backup."
        )));
    }
    if !added.is_empty() {
        tracing::info!(?added, "a newer program has added to the schema");
        return Ok(());
    }
    Migrator::up(&connection, None).await.map_err(failed)
}

/// Brings the schema up to date as the role that owns it, and gives the program's own role what it needs and no more; where there is
/// one role alone, as that.
///
/// # Errors
/// [`Failure`] where the database refuses, or both roles are one.
pub async fn migrate_as_owner(db: &Database, owner: Option<&str>) -> Result<(), Failure> {
    let Some(url) = owner.filter(|_| db.is_postgres()) else { return migrate(db).await };
    let options = Options { url: url.to_owned(), connections: 2 };
    let owner = Database::connect(&options, db.vault().clone()).await?;
    let role = grants::role(db).await?;
    if grants::role(&owner).await? == role {
        return Err(Failure::Internal(format!(
            "PINGXUAN_MIGRATION_URL and DATABASE_URL name the same role, {role}: the first owns the tables, the second works on them."
        )));
    }
    migrate(&owner).await?;
    grants::give(&owner, &role).await?;
    Ok(owner.close().await?)
}

/// A demonstration, whose passwords everyone knows, is opened by `serve --demo` alone, which empties it first.
async fn refuse_demo(db: &Database) -> Result<(), Failure> {
    match installation::find(db.read(), PURPOSE).await? {
        Some(purpose) if purpose == DEMO => Err(Failure::Internal(
            "This database holds a demonstration, whose passwords everyone knows. Name another by DATABASE_URL or \
             --data-dir, or serve it with --demo."
                .into(),
        )),
        Some(_) | None => Ok(()),
    }
}

/// A database is opened with the key that sealed it, or not at all.
pub(super) async fn check_key(db: &Database, vault: &Vault) -> Result<(), Failure> {
    const NAME: &str = "key_check";
    match installation::find(db.read(), NAME).await? {
        Some(kept) if kept == vault.check_value() => Ok(()),
        Some(_) => Err(Failure::Internal(
            "This database was sealed with another key. Name the right one by PINGXUAN_KEY_FILE or PINGXUAN_KEY.".into(),
        )),
        None => {
            let value = vault.check_value();
            db.in_tx(async |tx| Ok(installation::insert(tx, NAME, &value).await?)).await
        }
    }
}

/// The journal of what the system does when it starts.
#[must_use]
pub fn journal_of_start(clock: &Clock, operation: Operation) -> Journal {
    let clock = clock.clone();
    Journal::new(&Visibility::system(operation), "start".into(), None, Arc::new(move || clock.new_id()))
}

/// Enters the calendars that come with the program and are not there yet.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn enter_calendars(app: &App) -> Result<(), Failure> {
    let visibility = Visibility::system(Operation::PutWorkdayCalendar);
    let journal = journal_of_start(&app.clock, Operation::PutWorkdayCalendar);
    let now = app.clock.now();
    for text in CALENDARS {
        let year: CalendarYear =
            serde_json::from_str(text).map_err(|error| Failure::Internal(format!("calendar: {error}")))?;
        if calendars::find(app.db.read(), &visibility, year.year).await?.is_some() {
            continue;
        }
        let id = id_of_year(year.year);
        let step = Step::of(Operation::PutWorkdayCalendar, ObjectKind::WorkdayCalendar, id, now);
        let step = step.changing("/source", serde_json::Value::Null, year.source.clone());
        app.db
            .in_tx(async |tx| Ok::<_, Failure>(calendars::insert(tx, &journal, &year, step.clone()).await?))
            .await?;
    }
    Ok(())
}

/// Makes the first account of a new installation, a security administrator, and answers its one-time password.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn first_account(app: &App) -> Result<Option<(String, String)>, Failure> {
    let turn = app.db.turn().await?;
    if accounts::any(app.db.read()).await? {
        turn.end().await?;
        return Ok(None);
    }
    let password = one_time_password()?;
    let user = new_user(app, "security-admin", "安全管理员", vec![Role::SecurityAdmin], &password).await?;
    enter_user(app, &user).await?;
    turn.end().await?;
    Ok(Some((user.username, password)))
}

/// An account with a one-time password, which it must change.
///
/// # Errors
/// [`Failure`] where hashing fails.
pub async fn new_user(
    app: &App,
    username: &str,
    display_name: &str,
    roles: Vec<Role>,
    password: &str,
) -> Result<User, Failure> {
    let now = app.clock.now();
    Ok(User {
        id: app.clock.new_id(),
        username: username.to_owned(),
        display_name: display_name.to_owned(),
        password_hash: app.passwords.hash(password.to_owned()).await?,
        must_change_password: true,
        password_set_at: now,
        second_factor: false,
        roles,
        unit_id: None,
        supervisor_id: None,
        state: AccountState::Active,
        valid_until: None,
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

/// Enters an account on the program's own behalf.
///
/// # Errors
/// [`Failure`] where the database refuses, or the username is taken.
pub async fn enter_user(app: &App, user: &User) -> Result<(), Failure> {
    let journal = journal_of_start(&app.clock, Operation::CreateUser);
    let step = Step::of(Operation::CreateUser, ObjectKind::User, user.id, user.created_at)
        .states(None, Some(user.state))
        .difference(&serde_json::Value::Null, &audited(user));
    app.db.in_tx(async |tx| Ok(accounts::insert(tx, &journal, user, step.clone()).await?)).await
}

/// The secret that seals personal data: given directly, or kept in a file, which is made at the first start.
///
/// # Errors
/// A sentence that says what to mend.
pub fn secret(settings: &Settings) -> Result<[u8; 32], String> {
    let file = key_file(settings);
    if settings.key.is_some() || file.exists() {
        return kept_secret(settings);
    }
    let text = random_digits::<32>()?;
    let draft = file.with_extension(random_digits::<8>()?);
    write_secret(&draft, &file, &text)
        .map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
    kept_secret(settings)
}

/// So many random bytes, in hexadecimal digits.
fn random_digits<const BYTES: usize>() -> Result<String, String> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(|_| "There is no randomness to make a key from.".to_owned())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The same where it must be there already: for what is done to a database that has been used.
///
/// # Errors
/// A sentence that says what to mend.
pub fn kept_secret(settings: &Settings) -> Result<[u8; 32], String> {
    if let Some(key) = &settings.key {
        return read_secret(key.expose_secret())
            .ok_or_else(|| "PINGXUAN_KEY is not 64 hexadecimal digits.".into());
    }
    let file = key_file(settings);
    let text =
        fs::read_to_string(&file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
    read_secret(text.trim()).ok_or_else(|| format!("{} does not hold 64 hexadecimal digits.", file.display()))
}

fn key_file(settings: &Settings) -> PathBuf {
    settings.key_file.clone().unwrap_or_else(|| settings.data_dir.join("pingxuan.key"))
}

/// Writes a file whole or not at all; one that another node has written meanwhile stays.
fn write_secret(draft: &Path, file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        make_folder(folder)?;
    }
    let mut written = private().create_new(true).open(draft)?;
    writeln!(written, "{text}")?;
    written.sync_all()?;
    let linked = fs::hard_link(draft, file);
    fs::remove_file(draft)?;
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

/// Opens files for writing; those that it makes are the owner's alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that is the owner's alone; one that is there stays as it is.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn read_secret(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut secret = [0; 32];
    for (byte, pair) in secret.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(secret)
}

/// The file of a SQLite database, if it is one.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    Some(path.split('?').next().unwrap_or(path).into())
}

/// Takes a SQLite file for this process alone; it is free again when the answer is dropped.
///
/// # Errors
/// A sentence that says that another process has it.
pub fn take_sqlite(url: &str) -> Result<Option<File>, String> {
    let Some(database) = sqlite_file(url) else { return Ok(None) };
    if let Some(folder) = database.parent() {
        make_folder(folder).map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
    }
    let mut lock = database.clone().into_os_string();
    lock.push(".lock");
    let open = private().create(true).truncate(false).open(&lock);
    let file =
        open.map_err(|error| format!("{} cannot be opened: {error}.", PathBuf::from(&lock).display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(format!(
            "Another process uses {}. Stop it first, or use PostgreSQL, which several processes can share.",
            database.display()
        )),
        Err(TryLockError::Error(error)) => Err(format!("{} cannot be locked: {error}.", database.display())),
    }
}
