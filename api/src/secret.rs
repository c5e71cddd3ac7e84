//! Passwords, tokens and codes on their way: in bodies, in answers, on the command line.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is a secret. Its `Debug` does not show it, and it is wiped when dropped; in JSON it is a text as others are.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The text, for what must have it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use pingxuan_persistence::Options;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;
    use crate::clock::Clock;
    use crate::cors::Origins;
    use crate::edge::Edge;
    use crate::files::settings::FilesSettings;
    use crate::identity::login::{LoginIn, RefreshIn};
    use crate::identity::own_account::PasswordIn;
    use crate::identity::passwords::Cost;
    use crate::identity::second_factor::{SecondFactorIn, TotpCodeIn};
    use crate::identity::security::Security;
    use crate::printing::settings::PrintingSettings;
    use crate::running::bootstrap::Making;
    use crate::running::retention::Retention;
    use crate::running::settings::Overrides;

    const HIDDEN: &str = "wo-bu-gao-su-ni";

    fn hides(what: &impl Debug) {
        let printed = format!("{what:?}");
        assert!(!printed.contains(HIDDEN), "{printed}");
    }

    fn body_hides<T: Debug + DeserializeOwned>(body: Value) {
        hides(&serde_json::from_value::<T>(body).unwrap());
    }

    #[test]
    fn s_62_no_secret_is_printed() {
        body_hides::<LoginIn>(json!({"username": "office", "password": HIDDEN}));
        body_hides::<RefreshIn>(json!({"refresh_token": HIDDEN}));
        body_hides::<PasswordIn>(json!({"current_password": HIDDEN, "new_password": HIDDEN}));
        body_hides::<SecondFactorIn>(json!({"pending_token": HIDDEN, "code": HIDDEN}));
        body_hides::<TotpCodeIn>(json!({"code": HIDDEN}));
        let url = format!("postgres://pingxuan:{HIDDEN}@localhost/pingxuan");
        hides(&Options { url: url.clone(), connections: 2 });
        hides(&Overrides { database_url: Some(url.clone().into()), ..Overrides::default() });
        let making = Making {
            migration_url: Some(url.clone()),
            url,
            connections: 2,
            secret: [213; 32],
            clock: Clock::machine(),
            cost: Cost::Least,
            origins: Origins::default(),
            security: Security::default(),
            edge: Edge::default(),
            retention: Retention::default(),
            files: FilesSettings::in_folder(std::path::Path::new("files")),
            printing: PrintingSettings::default(),
        };
        hides(&making);
        assert!(!format!("{making:?}").contains("213"), "the key");
    }

    #[test]
    fn a_secret_is_a_text_in_json() {
        let secret: Secret = serde_json::from_value(json!(HIDDEN)).unwrap();
        assert_eq!(secret.expose(), HIDDEN);
        assert_eq!(serde_json::to_value(&secret).unwrap(), json!(HIDDEN));
        assert_eq!(format!("{secret:?}"), "[secret]");
    }
}
