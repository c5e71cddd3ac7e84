//! Settings: from the command line, the environment and an optional file, in this order, and refused where they are nonsense.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use pingxuan_domain::Role;
use pingxuan_domain::password::PasswordProfile;
use secrecy::{ExposeSecret, SecretString};

use crate::cors::Origins;
use crate::edge::Edge;
use crate::files::settings::FilesSettings;
use crate::identity::security::Security;
use crate::identity::single_sign_on::registration::Registration;
use crate::printing::settings::PrintingSettings;
use crate::running::retention::Retention;
use crate::running::tls::{self, TlsFiles};
use crate::secret::Secret;
use crate::spans::Spans;

mod reading;
mod table;

pub use table::SETTINGS;

/// One setting, as `docs/settings.md` has it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable.
    pub variable: &'static str,
    /// The key in the file.
    pub key: &'static str,
    /// What it is without one.
    pub default: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// It is a secret: never printed, and read from the file that its sibling `…_FILE` names, where that is set.
    pub secret: bool,
}

impl Setting {
    /// The variable that names the file of a secret.
    #[must_use]
    pub fn file_variable(&self) -> String {
        format!("{}_FILE", self.variable)
    }

    fn file_key(&self) -> String {
        format!("{}_file", self.key)
    }

    /// Whether the program reads the file of a secret where one is named. What stands in the table itself is read where it is needed.
    fn is_read_from_file(&self) -> bool {
        self.secret && SETTINGS.iter().all(|other| other.key != self.file_key())
    }
}

/// The settings of this run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on.
    pub bind: SocketAddr,
    /// Address and port where figures are scraped, where they are.
    pub metrics: Option<SocketAddr>,
    /// Where spans of requests go.
    pub spans: Spans,
    /// How long a server that is to stop says so before it takes no more requests.
    pub stop_notice: Duration,
    /// The database, where one is named.
    pub database_url: Option<SecretString>,
    /// The data folder.
    pub data_dir: PathBuf,
    /// The key file.
    pub key_file: Option<PathBuf>,
    /// The key, given directly.
    pub key: Option<SecretString>,
    /// Database connections for each processor.
    pub connections: u32,
    /// Origins whose pages may call the service, where some are named.
    pub allowed_origins: Option<Origins>,
    /// How strict the installation is with those who log in.
    pub security: Security,
    /// What is said of an identity provider, where one is named.
    pub single_sign_on: Option<Registration>,
    /// What holds at the edge.
    pub edge: Edge,
    /// How long what is kept is kept.
    pub retention: Retention,
    /// The database for the role that owns the tables, where there is another.
    pub migration_url: Option<SecretString>,
    /// Where certificate and key are, where the server speaks TLS itself.
    pub tls: Option<TlsFiles>,
    /// Where files are kept.
    pub files: FilesSettings,
    /// Fonts and address of what is printed.
    pub printing: PrintingSettings,
    /// What is logged.
    pub log: String,
    /// Whether logs are JSON.
    pub log_json: bool,
}

/// What the command line says; it goes before the environment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--bind`.
    pub bind: Option<String>,
    /// `--database-url`.
    pub database_url: Option<Secret>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn read(overrides: &Overrides) -> Result<Self, String> {
        let found = reading::all(overrides.database_url.is_some())?;
        let text = |key: &str| found.get_string(key).ok().filter(|text| !text.trim().is_empty());
        let bind = overrides.bind.clone().or_else(|| text("bind")).unwrap_or_else(|| "127.0.0.1:8080".into());
        let bind = bind.parse().map_err(|_| {
            format!(
                "PINGXUAN_BIND is '{bind}': write an address and a port, such as 127.0.0.1:8080 or [::]:8080."
            )
        })?;
        let metrics = text("metrics").map(|metrics| {
            metrics.parse().map_err(|_| {
                format!(
                    "PINGXUAN_METRICS is '{metrics}': write an address and a port, such as 127.0.0.1:9464."
                )
            })
        });
        let metrics = metrics.transpose()?;
        let spans = text("otlp").map(|address| Spans::sent_to(&address)).transpose()?.unwrap_or_default();
        let given = overrides.database_url.as_ref().map(|url| url.expose().to_owned());
        let database_url = given.or_else(|| text("database_url"));
        if let Some(url) = &database_url
            && !["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| url.starts_with(scheme))
        {
            // What has no scheme may be a password that stands in the wrong place: nothing of it is printed.
            return Err(match url.split_once("://") {
                Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                    format!("DATABASE_URL begins with '{scheme}:': write postgres://… or sqlite:PATH.")
                }
                _ => "DATABASE_URL has no scheme: write postgres://… or sqlite:PATH.".into(),
            });
        }
        let number = |key: &str, (least, most): (i64, i64), default: i64| {
            let Some(sent) = text(key) else { return Ok(default) };
            let read = sent.parse().ok().filter(|number| (least..=most).contains(number));
            let variable = format!("PINGXUAN_{}", key.to_uppercase());
            read.ok_or_else(|| format!("{variable} is '{sent}': write a number from {least} to {most}."))
        };
        let stop_seconds = u64::try_from(number("stop_seconds", (0, 15), 0)?).unwrap_or(0);
        let connections = u32::try_from(number("connections", (2, 50), 4)?).unwrap_or(4);
        let passwords = match text("password_profile") {
            None => PasswordProfile::default(),
            Some(name) => name
                .parse()
                .map_err(|_| format!("PINGXUAN_PASSWORD_PROFILE is '{name}': write mlps or nist."))?,
        };
        let second_factor = match text("second_factor_roles") {
            None => Security::default().second_factor,
            Some(list) if list.trim() == "none" => Vec::new(),
            Some(list) => {
                let roles = list.split(',').map(|role| role.trim().parse::<Role>());
                roles.collect::<Result<_, _>>().map_err(|_| {
                    format!("PINGXUAN_SECOND_FACTOR_ROLES is '{list}': write roles such as office,approver, or none.")
                })?
            }
        };
        let security = Security {
            passwords,
            second_factor,
            failures: number("login_failures", (3, 1_000_000), 5)?,
            idle_seconds: number("idle_minutes", (10, 30), 30)? * 60,
            session_seconds: number("session_hours", (1, 12), 12)? * 60 * 60,
            sessions: usize::try_from(number("sessions", (1, 100), 10)?).unwrap_or(10),
        };
        let allowed_origins = text("allowed_origins").map(|list| Origins::read(&list)).transpose();
        let allowed_origins = allowed_origins.map_err(|wrong| {
            format!("PINGXUAN_ALLOWED_ORIGINS names '{wrong}': write origins such as https://pingxuan.example.org.")
        })?;
        let body_seconds = u64::try_from(number("body_seconds", (1, 300), 20)?).unwrap_or(20);
        let requests_a_minute = number("requests_a_minute", (0, 1_000_000), 600)?;
        if (1..10).contains(&requests_a_minute) {
            return Err(
                "PINGXUAN_REQUESTS_A_MINUTE is less than 10: write 10 or more, or 0 for no limit.".into()
            );
        }
        let proxies = text("trusted_proxies").unwrap_or_default();
        let named = proxies.split(',').map(str::trim).filter(|network| !network.is_empty());
        let proxies = named.map(|network| {
            network.parse().map_err(|_| {
                format!("PINGXUAN_TRUSTED_PROXIES names '{network}': write networks such as 10.1.2.0/24 or 127.0.0.1/32.")
            })
        });
        let security_contact = text("security_contact").map(|contact| {
            read_contact(&contact).ok_or_else(|| {
                format!("PINGXUAN_SECURITY_CONTACT is '{contact}': write mailto:…, tel:… or https://….")
            })
        });
        let edge = Edge {
            body_deadline: Duration::from_secs(body_seconds),
            requests_a_minute: u32::try_from(requests_a_minute).unwrap_or(600),
            proxies: proxies.collect::<Result<_, _>>()?,
            security_contact: security_contact.transpose()?,
            certificates: None,
        };
        let tls = match (text("tls_certificate"), text("tls_key")) {
            (None, None) => None,
            (Some(certificate), Some(key)) => {
                Some(TlsFiles { certificate: certificate.into(), key: key.into(), every: tls::EVERY })
            }
            (Some(_), None) => {
                return Err(
                    "PINGXUAN_TLS_CERTIFICATE is set and PINGXUAN_TLS_KEY is not: set both, or neither."
                        .into(),
                );
            }
            (None, Some(_)) => {
                return Err(
                    "PINGXUAN_TLS_KEY is set and PINGXUAN_TLS_CERTIFICATE is not: set both, or neither."
                        .into(),
                );
            }
        };
        let retention = Retention {
            audit_days: number("audit_days", (180, 36_500), 1_095)?,
            personal_days: number("personal_data_days", (30, 36_500), 1_095)?,
        };
        let log_json = match text("log_format").as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(other) => return Err(format!("PINGXUAN_LOG_FORMAT is '{other}': write text or json.")),
        };
        let log = text("log").unwrap_or_else(|| "warn,pingxuan_api=info".into());
        tracing_subscriber::EnvFilter::try_new(&log).map_err(|_| {
            format!(
                "PINGXUAN_LOG is '{log}': write a level such as info, or a filter such as info,sqlx=warn."
            )
        })?;
        let data_dir = overrides.data_dir.clone().or_else(|| text("data_dir").map(PathBuf::from));
        let data_dir = data_dir.unwrap_or_else(|| PathBuf::from("./data"));
        Ok(Self {
            bind,
            metrics,
            spans,
            stop_notice: Duration::from_secs(stop_seconds),
            database_url: database_url.map(SecretString::from),
            files: FilesSettings::read(text, &data_dir.join("files"))?,
            printing: PrintingSettings::read(text)?,
            data_dir,
            key_file: text("key_file").map(PathBuf::from),
            key: text("key").map(SecretString::from),
            connections,
            allowed_origins,
            security,
            single_sign_on: Registration::read(text)?,
            edge,
            retention,
            migration_url: text("migration_url").map(SecretString::from),
            tls,
            log,
            log_json,
        })
    }

    /// What is in force, setting by setting, and whether it was set; of a secret nothing but that it is.
    ///
    /// # Errors
    /// As [`Settings::read`]: what makes no sense is not in force.
    pub fn in_force(overrides: &Overrides) -> Result<Vec<(&'static Setting, bool, String)>, String> {
        Self::read(overrides)?;
        let found = reading::all(overrides.database_url.is_some())?;
        let said = |setting: &Setting| match setting.variable {
            "PINGXUAN_BIND" => overrides.bind.clone(),
            "PINGXUAN_DATA_DIR" => overrides.data_dir.as_ref().map(|folder| folder.display().to_string()),
            "DATABASE_URL" => overrides.database_url.as_ref().map(|_| String::new()),
            "PINGXUAN_CONFIG" => std::env::var(setting.variable).ok(),
            _ => None,
        };
        let shown = SETTINGS.iter().map(|setting| {
            let found = || found.get_string(setting.key).ok().filter(|text| !text.trim().is_empty());
            match said(setting).or_else(found) {
                Some(_) if setting.secret => (setting, true, "(a secret)".to_owned()),
                Some(text) => (setting, true, text),
                None => (setting, false, setting.default.to_owned()),
            }
        });
        Ok(shown.collect())
    }

    /// The URL of the database; a file in the data folder where none is named.
    #[must_use]
    pub fn url(&self, file: &str) -> String {
        match &self.database_url {
            Some(url) => url.expose_secret().to_owned(),
            None => pingxuan_persistence::sqlite_url(&self.data_dir.join(file)),
        }
    }
}

/// A place to report to, if it is one that RFC 9116 knows and that fits in a line.
fn read_contact(contact: &str) -> Option<String> {
    let contact = contact.trim();
    let known = ["mailto:", "tel:", "https://"]
        .iter()
        .any(|scheme| contact.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    (known && contact.bytes().all(|byte| byte.is_ascii_graphic())).then(|| contact.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_stands_in_the_table_once() {
        let mut named: Vec<&str> = SETTINGS.iter().map(|setting| setting.variable).collect();
        named.sort_unstable();
        assert!(named.windows(2).all(|two| two.first() != two.last()), "{named:?}");
    }

    #[test]
    fn c_44_a_contact_is_a_uri_that_fits_in_a_line() {
        for good in ["mailto:security@example.org", "tel:+86-797-0000000", "https://example.org/report"] {
            assert_eq!(read_contact(&format!(" {good}\n")).as_deref(), Some(good));
        }
        for bad in [
            "",
            "security@example.org",
            "mailto:",
            "http://example.org",
            "mailto:a@b\nContact: mailto:c@d",
            "mailto:安全",
        ] {
            assert_eq!(read_contact(bad), None, "{bad}");
        }
    }
}
