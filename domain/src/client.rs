//! Machine clients: other systems of the county, which call in their own name with scopes, and never as people (D-901).

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::time::Instant;

/// What a machine client may do. The policy says which operations each opens.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
pub enum Scope {
    /// Reads units and working days.
    #[serde(rename = "county:read")]
    #[strum(serialize = "county:read")]
    CountyRead,
    /// Reads campaigns and their categories, once published.
    #[serde(rename = "campaigns:read")]
    #[strum(serialize = "campaigns:read")]
    CampaignsRead,
    /// Reads awards, once announced.
    #[serde(rename = "awards:read")]
    #[strum(serialize = "awards:read")]
    AwardsRead,
}

impl Scope {
    /// Scopes as a request or a token names them: in one text, with spaces between (RFC 6749, section 3.3).
    ///
    /// # Errors
    /// The name that is no scope.
    pub fn read_list(text: &str) -> Result<Vec<Self>, String> {
        let names = text.split(' ').filter(|name| !name.is_empty());
        let read: Result<Vec<Self>, String> =
            names.map(|name| name.parse().map_err(|_| name.to_owned())).collect();
        let mut scopes = read?;
        scopes.sort();
        scopes.dedup();
        Ok(scopes)
    }

    /// The same, the other way round.
    #[must_use]
    pub fn list(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| <&str>::from(*scope)).collect::<Vec<_>>().join(" ")
    }
}

/// A machine client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id, which it shows with its secret.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What it may do; of one that calls, what its token says and it still has.
    pub scopes: Vec<Scope>,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl Client {
    /// The client with those of its scopes that are among others.
    #[must_use]
    pub fn within(mut self, scopes: &[Scope]) -> Self {
        self.scopes.retain(|scope| scopes.contains(scope));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_20_scopes_are_read_as_they_are_written() {
        let both = [Scope::CountyRead, Scope::AwardsRead];
        assert_eq!(Scope::read_list("awards:read county:read awards:read").unwrap(), both);
        assert_eq!(Scope::read_list(&Scope::list(&both)).unwrap(), both);
        assert_eq!(Scope::read_list(" ").unwrap(), []);
        assert_eq!(Scope::read_list("county:read office").unwrap_err(), "office");
        assert_eq!(Scope::read_list("County:read").unwrap_err(), "County:read");
    }
}
