//! PostgreSQL's own tools: what dumps a database and reads a dump, with the password where no list of processes shows it.

use std::path::Path;
use std::process::{Command, Stdio};

use reqwest::Url;

/// Dumps a database as it is at this moment, in the tool's own format.
///
/// # Errors
/// A sentence that says what to mend.
pub async fn dump(url: &str, file: &Path) -> Result<(), String> {
    let tool = tool("pg_dump", url, |command, database| {
        command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(file);
        command.arg("--dbname").arg(database);
    });
    run("pg_dump", tool?).await
}

/// Reads a dump into an empty database: all of it, or nothing.
///
/// # Errors
/// A sentence that says what to mend.
pub async fn read(url: &str, file: &Path) -> Result<(), String> {
    let tool = tool("pg_restore", url, |command, database| {
        command.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]);
        command.arg("--dbname").arg(database).arg(file);
    });
    run("pg_restore", tool?).await
}

fn tool(name: &str, url: &str, arguments: impl FnOnce(&mut Command, &str)) -> Result<Command, String> {
    let wrong = || format!("DATABASE_URL is no address that {name} could be given.");
    let mut url = Url::parse(url).map_err(|_| wrong())?;
    let mut command = Command::new(name);
    if let Some(password) = url.password() {
        let password = percent_encoding::percent_decode_str(password).decode_utf8().map_err(|_| wrong())?;
        command.env("PGPASSWORD", password.as_ref());
        url.set_password(None).map_err(|()| wrong())?;
    }
    arguments(&mut command, url.as_str());
    command.stdin(Stdio::null());
    Ok(command)
}

async fn run(name: &str, mut command: Command) -> Result<(), String> {
    let ran =
        tokio::task::spawn_blocking(move || command.output()).await.map_err(|error| error.to_string())?;
    let ran = ran
        .map_err(|error| format!("{name} cannot be run ({error}): install PostgreSQL's client programs."))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    Err(format!("{name} failed: {}", said.lines().next().unwrap_or("it does not say why")))
}
