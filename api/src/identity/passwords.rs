//! Hashing of passwords: argon2id, off the async threads, so many at once and no more.

use std::fmt;
use std::sync::Arc;

use actix_web::web;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;

use crate::problem::Failure;
use crate::queue::Queue;

/// How many passwords are hashed at once: each takes its memory for the time.
const AT_ONCE: usize = 2;
/// Letters and digits that are not taken for one another.
pub const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// 19 MiB, two passes: the least that OWASP advises.
    Full,
    /// As little as can be, for tests whose subject is something else.
    Least,
}

/// Hashes passwords and checks them.
#[derive(Clone)]
pub struct Passwords {
    hasher: Arc<Argon2<'static>>,
    queue: Queue,
    nobodys: Option<Arc<str>>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords(argon2id)")
    }
}

impl Passwords {
    /// Hashing at this cost.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the parameters are refused.
    pub fn new(cost: Cost) -> Result<Self, Failure> {
        let internal = |error: &dyn fmt::Display| Failure::Internal(format!("argon2: {error}"));
        let params = match cost {
            Cost::Full => Params::new(19_456, 2, 1, None),
            Cost::Least => Params::new(8, 1, 1, None),
        };
        let hasher =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(|error| internal(&error))?);
        let nobodys = nobodys(hasher.params());
        Ok(Self { hasher: Arc::new(hasher), queue: Queue::of(AT_ONCE), nobodys: Some(nobodys.into()) })
    }

    /// What waits to be hashed or checked.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Without the hash that is nobody's, so that an unknown name is answered sooner: for the test that must notice it.
    #[doc(hidden)]
    #[must_use]
    pub fn hasty(self) -> Self {
        Self { nobodys: None, ..self }
    }

    /// The hash of a password, as a PHC string with its own salt.
    ///
    /// # Errors
    /// [`Failure::Internal`] where hashing fails.
    pub async fn hash(&self, password: String) -> Result<String, Failure> {
        let hasher = Arc::clone(&self.hasher);
        self.apart(move || {
            let hash = hasher.hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|error| Failure::Internal(format!("argon2: {error}")))
        })
        .await?
    }

    /// Whether a password is the one of this hash. Without a hash the work is done all the same, so that nobody can tell
    /// by the time whether an account is there.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the work cannot be done.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Failure> {
        let known = hash.is_some();
        let Some(hash) = hash.or_else(|| self.nobodys.as_deref().map(str::to_owned)) else {
            return Ok(false);
        };
        let hasher = Arc::clone(&self.hasher);
        let right = self
            .apart(move || {
                PasswordHash::new(&hash)
                    .is_ok_and(|hash| hasher.verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(right && known)
    }

    /// The hash of a password at today's cost, where this one was made at a lower.
    ///
    /// # Errors
    /// [`Failure::Internal`] where hashing fails.
    pub async fn dearer(&self, hash: &str, password: String) -> Result<Option<String>, Failure> {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        let made_at = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        let cheap = made_at.is_none_or(|params| cost(&params) < cost(self.hasher.params()));
        if cheap { self.hash(password).await.map(Some) } else { Ok(None) }
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let _one = self.queue.turn().await.map_err(|error| Failure::Internal(error.to_string()))?;
        web::block(work).await.map_err(|error| Failure::Internal(error.to_string()))
    }
}

/// A hash that is no password's: to compare with it costs what comparing with somebody's does.
fn nobodys(params: &Params) -> String {
    let (memory, passes, threads) = (params.m_cost(), params.t_cost(), params.p_cost());
    format!("$argon2id$v=19$m={memory},t={passes},p={threads}${}${}", "A".repeat(22), "A".repeat(43))
}

/// Words that whoever guesses at a county's accounts tries first, with the names of the account itself.
const COUNTY_WORDS: [&str; 24] = [
    "pingxuan",
    "评选",
    "xingguo",
    "兴国",
    "兴国县",
    "ganzhou",
    "赣州",
    "jiangxi",
    "江西",
    "wuxing",
    "五型",
    "zhengfu",
    "政府",
    "bangongshi",
    "办公室",
    "jiandu",
    "监督",
    "xianjin",
    "先进",
    "shifan",
    "示范",
    "xiangzhen",
    "乡镇",
    "mima",
];

/// Guesses within which a password must not be found, as a power of ten: a thousand million.
const EASY: f64 = 9.0;

/// Whether a password is easy to guess: one of the many that everyone uses, the county's words, the account's names, rows of keys,
/// days, or a few of them together. The words and the estimate are zxcvbn's (Wheeler, USENIX Security 2016) beside our own.
#[must_use]
pub fn is_common(password: &str, names: &[&str]) -> bool {
    let words: Vec<&str> = COUNTY_WORDS.iter().copied().chain(names.iter().copied()).collect();
    zxcvbn::zxcvbn(password, &words).guesses_log10() < EASY
}

/// A password to be given to somebody once: twenty characters of a hundred bits.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn one_time_password() -> Result<String, Failure> {
    drawn(ALPHABET, 4)
}

/// So many groups of five letters drawn by chance, with hyphens between them: 25 bits a group.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn drawn(alphabet: &[u8; 32], groups: usize) -> Result<String, Failure> {
    let mut bytes = vec![0; groups * 5];
    rand::fill(&mut bytes).map_err(|_| Failure::Internal("no randomness".into()))?;
    let letter = |byte: &u8| alphabet.get(usize::from(byte % 32)).copied().map_or('a', char::from);
    let letters: Vec<char> = bytes.iter().map(letter).collect();
    Ok(letters.chunks(5).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_compare_with_nobodys_hash_costs_what_comparing_with_somebodys_does() {
        for params in [Params::new(19_456, 2, 1, None).unwrap(), Params::new(8, 1, 1, None).unwrap()] {
            let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
            let [nobodys, somebodys] =
                [nobodys(&params), hasher.hash_password(b"somebody's").unwrap().to_string()].map(|text| {
                    let hash = PasswordHash::new(&text).unwrap();
                    let length = hash.hash.map(|hash| hash.as_bytes().len());
                    (hash.algorithm, hash.version, Params::try_from(&hash).unwrap(), length)
                });
            assert_eq!(nobodys, somebodys);
        }
        let text = nobodys(&Params::new(8, 1, 1, None).unwrap());
        let hash = PasswordHash::new(&text).unwrap();
        let hasher = Argon2::default();
        assert!(hasher.verify_password(b"nobody's", &hash).is_err());
    }
}
