//! Where settings are found: the environment, the settings file, and files that hold one secret each.

use std::fs;

use config::{Config, ConfigError, Environment, File, FileFormat, FileSourceFile, Source};

use super::{SETTINGS, Setting};

/// A key of the settings file that is no setting: a slip of the pen must not be passed over.
fn unknown_key(source: &File<FileSourceFile, FileFormat>) -> Result<Option<String>, String> {
    let known = |key: &String| {
        SETTINGS.iter().any(|setting| setting.key == key || (setting.secret && setting.file_key() == *key))
    };
    let keys = source.collect().map_err(|error| format!("The settings cannot be read: {error}."))?;
    Ok(keys.into_keys().find(|key| !known(key)))
}

/// What is set, by key; secrets that stand in files of their own are read from there.
pub(super) fn all(database_is_given: bool) -> Result<Config, String> {
    let unreadable = |error: ConfigError| format!("The settings cannot be read: {error}.");
    let mut builder = Config::builder();
    if let Ok(file) = std::env::var("PINGXUAN_CONFIG") {
        let source = File::new(&file, FileFormat::Toml);
        if let Some(key) = unknown_key(&source)? {
            return Err(format!(
                "PINGXUAN_CONFIG, {file}: there is no setting '{key}'; docs/settings.md has them all."
            ));
        }
        builder = builder.add_source(source);
    }
    let found = builder
        .add_source(Environment::with_prefix("PINGXUAN"))
        .set_override_option("database_url", std::env::var("DATABASE_URL").ok())
        .and_then(|builder| {
            builder.set_override_option("database_url_file", std::env::var("DATABASE_URL_FILE").ok())
        })
        .and_then(|builder| builder.build())
        .map_err(unreadable)?;
    let mut whole = Config::builder();
    for setting in SETTINGS.iter().filter(|setting| setting.secret) {
        // The command line goes before the environment and the file.
        if database_is_given && setting.key == "database_url" {
            continue;
        }
        if let Some(text) = from_file(&found, setting)? {
            whole = whole.set_override(setting.key, text).map_err(unreadable)?;
        }
    }
    whole.add_source(found).build().map_err(unreadable)
}

/// A secret that stands in a file of its own; in two places it is refused, as one of them would be passed over.
fn from_file(found: &Config, setting: &Setting) -> Result<Option<String>, String> {
    let text = |key: &str| found.get_string(key).ok().filter(|text| !text.trim().is_empty());
    let Some(file) = text(&setting.file_key()) else { return Ok(None) };
    let (variable, named_by) = (setting.variable, setting.file_variable());
    if text(setting.key).is_some() {
        return Err(format!("{variable} and {named_by} are both set: set one of them."));
    }
    if !setting.is_read_from_file() {
        return Ok(None);
    }
    let secret = fs::read_to_string(&file)
        .map_err(|error| format!("{named_by}, {file}: it cannot be read: {error}."))?;
    let secret = secret.strip_suffix('\n').unwrap_or(&secret);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    if secret.trim().is_empty() {
        return Err(format!("{named_by}, {file}: there is nothing in it."));
    }
    Ok(Some(secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(variable: &str) -> &'static Setting {
        SETTINGS.iter().find(|setting| setting.variable == variable).unwrap()
    }

    fn found(pairs: &[(&str, &str)]) -> Config {
        let set = |builder: config::ConfigBuilder<_>, (key, text): &(&str, &str)| {
            builder.set_override(*key, *text).unwrap()
        };
        pairs.iter().fold(Config::builder(), set).build().unwrap()
    }

    #[test]
    fn s_62_a_secret_is_read_from_the_file_that_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("database_url");
        let named = file.to_str().unwrap();
        let read = |text: &str| {
            fs::write(&file, text).unwrap();
            from_file(&found(&[("database_url_file", named)]), setting("DATABASE_URL"))
        };
        for text in ["postgres://u:p@h/d", "postgres://u:p@h/d\n", "postgres://u:p@h/d\r\n"] {
            assert_eq!(read(text).unwrap().as_deref(), Some("postgres://u:p@h/d"));
        }
        assert_eq!(read("a \n\n").unwrap().as_deref(), Some("a \n"), "one end of line is cut and no more");
        assert!(read("\n").unwrap_err().contains("there is nothing in it"));
        fs::remove_file(&file).unwrap();
        let away = from_file(&found(&[("database_url_file", named)]), setting("DATABASE_URL"));
        let sentence = away.unwrap_err();
        assert!(
            sentence.starts_with("DATABASE_URL_FILE, ") && sentence.contains("cannot be read"),
            "{sentence}"
        );
        assert_eq!(from_file(&found(&[]), setting("DATABASE_URL")), Ok(None));
    }

    #[test]
    fn s_62_a_secret_in_two_places_is_refused() {
        for setting in SETTINGS.iter().filter(|setting| setting.secret) {
            let both = found(&[(setting.key, "hidden"), (&setting.file_key(), "/file")]);
            let sentence = from_file(&both, setting).unwrap_err();
            assert!(
                sentence.contains("are both set") && sentence.contains(&setting.file_variable()),
                "{sentence}"
            );
            assert!(!sentence.contains("hidden"), "{sentence}");
        }
    }

    #[test]
    fn s_62_the_key_that_is_made_at_the_first_start_is_read_where_it_is_made() {
        // Its file may not be there yet, so it is none of those that are read here.
        let key = from_file(&found(&[("key_file", "/nowhere/pingxuan.key")]), setting("PINGXUAN_KEY"));
        assert_eq!(key, Ok(None));
    }
}
