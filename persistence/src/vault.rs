//! Personal data and keys at rest: sealed with AES-256-GCM, found again by a blind index (D-904, D-204).
//!
//! What seals is a key of the database's own, which the installation's secret wraps: it can be changed while everything goes on. What
//! is sealed begins with the number of its key; what has none was sealed with a key drawn from the secret itself.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac, rand};

use crate::error::StoreError;

/// Seals, opens and indexes with keys drawn from one secret of 32 bytes, and with those that it wraps.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<Keys>,
    ring: Arc<RwLock<Arc<Ring>>>,
}

/// What a sealed value begins with, before the number of its key.
const NUMBERED: &[u8; 3] = b"px1";

/// The keys that seal.
#[derive(Default)]
struct Ring {
    /// The one that seals; the others open.
    sealing: Option<u32>,
    keys: BTreeMap<u32, LessSafeKey>,
}

/// A key of the database's own.
#[derive(Clone, Debug)]
pub struct WrappedKey {
    /// Its number.
    pub number: u32,
    /// The key, wrapped.
    pub wrapped: Vec<u8>,
    /// Whether it may seal: every node has it by now.
    pub active: bool,
}

struct Keys {
    sealing: LessSafeKey,
    index: hmac::Key,
    cursor: hmac::Key,
    check: [u8; 16],
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// A vault from the installation's secret.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] where the keys cannot be drawn.
    pub fn new(secret: &[u8; 32]) -> Result<Self, StoreError> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"pingxuan vault 1");
        let pseudo_random = salt.extract(secret);
        let draw = |purpose: &[u8]| -> Result<[u8; 32], StoreError> {
            let mut key = [0; 32];
            let parts = [purpose];
            let expanded =
                pseudo_random.expand(&parts, hkdf::HKDF_SHA256).map_err(|_| StoreError::Sealed("no key"))?;
            expanded.fill(&mut key).map_err(|_| StoreError::Sealed("no key"))?;
            Ok(key)
        };
        let sealing = UnboundKey::new(&AES_256_GCM, &draw(b"seal personal data")?)
            .map_err(|_| StoreError::Sealed("no key"))?;
        let mut check = [0; 16];
        check.copy_from_slice(draw(b"check value")?.first_chunk::<16>().ok_or(StoreError::Sealed("no key"))?);
        Ok(Self {
            keys: Arc::new(Keys {
                sealing: LessSafeKey::new(sealing),
                index: hmac::Key::new(hmac::HMAC_SHA256, &draw(b"blind index")?),
                cursor: hmac::Key::new(hmac::HMAC_SHA256, &draw(b"page cursors")?),
                check,
            }),
            ring: Arc::default(),
        })
    }

    /// A new key that seals, wrapped.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] where there is no randomness.
    pub fn new_key(&self, number: u32) -> Result<WrappedKey, StoreError> {
        let mut key = [0; 32];
        rand::fill(&mut key).map_err(|_| StoreError::Sealed("no randomness"))?;
        let wrapped = seal_with(&self.keys.sealing, &wrapping(number), &key)?;
        Ok(WrappedKey { number, wrapped, active: false })
    }

    /// Takes keys; the newest that is active seals from now on, and all of them open.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] where one was wrapped by another secret; then all stays as it is.
    pub fn take(&self, wrapped: &[WrappedKey]) -> Result<(), StoreError> {
        let mut ring = Ring::default();
        for key in wrapped {
            let plain = open_with(&self.keys.sealing, &wrapping(key.number), &key.wrapped)?;
            let unbound = UnboundKey::new(&AES_256_GCM, &plain).map_err(|_| StoreError::Sealed("no key"))?;
            ring.keys.insert(key.number, LessSafeKey::new(unbound));
            ring.sealing = ring.sealing.max(Some(key.number).filter(|_| key.active));
        }
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a value begins with that was sealed with a key.
    #[must_use]
    pub fn mark(number: u32) -> Vec<u8> {
        [&NUMBERED[..], &number.to_be_bytes()].concat()
    }

    /// What tells whether a database was sealed with this vault; it tells nothing of the secret.
    #[must_use]
    pub fn check_value(&self) -> String {
        hex(&self.keys.check)
    }

    /// Seals bytes, bound to what they belong to: they open nowhere else.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] where there is no randomness.
    pub fn seal(&self, belongs_to: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let ring = self.ring();
        match ring.sealing.and_then(|number| Some((number, ring.keys.get(&number)?))) {
            Some((number, key)) => Ok([Self::mark(number), seal_with(key, belongs_to, plain)?].concat()),
            None => seal_with(&self.keys.sealing, belongs_to, plain),
        }
    }

    /// Opens what was sealed for this owner.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] where it was sealed with another key or for another owner, or is damaged.
    pub fn open(&self, belongs_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let numbered = sealed.strip_prefix(NUMBERED).and_then(|rest| rest.split_first_chunk::<4>());
        if let Some((number, rest)) = numbered
            && let Some(key) = self.ring().keys.get(&u32::from_be_bytes(*number))
            && let Ok(plain) = open_with(key, belongs_to, rest)
        {
            return Ok(plain);
        }
        open_with(&self.keys.sealing, belongs_to, sealed)
    }

    /// The blind index of a value: equal values have equal indexes, and nothing else can be told from one.
    #[must_use]
    pub fn index(&self, kind: &str, value: &str) -> Vec<u8> {
        hmac::sign(&self.keys.index, format!("{kind}\u{0}{value}").as_bytes()).as_ref().to_vec()
    }

    /// Signs the text of a page cursor.
    #[must_use]
    pub fn sign_cursor(&self, text: &[u8]) -> Vec<u8> {
        hmac::sign(&self.keys.cursor, text).as_ref().iter().take(12).copied().collect()
    }

    /// A salted digest of a personal value, for the audit.
    #[must_use]
    pub fn salted_digest(&self, salt: &str, value: &str) -> String {
        hex(&self.index(salt, value))
    }
}

/// What a wrapped key is bound to.
fn wrapping(number: u32) -> Vec<u8> {
    format!("sealing key {number}").into_bytes()
}

fn seal_with(key: &LessSafeKey, belongs_to: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut nonce = [0; NONCE_LEN];
    rand::fill(&mut nonce).map_err(|_| StoreError::Sealed("no randomness"))?;
    let mut sealed = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(belongs_to), &mut sealed)
        .map_err(|_| StoreError::Sealed("cannot seal"))?;
    Ok([&nonce[..], &sealed].concat())
}

fn open_with(key: &LessSafeKey, belongs_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let (nonce, rest) =
        sealed.split_first_chunk::<NONCE_LEN>().ok_or(StoreError::Sealed("too short to be sealed data"))?;
    let mut buffer = rest.to_vec();
    let plain = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(belongs_to), &mut buffer)
        .map_err(|_| StoreError::Sealed("sealed with another key, or damaged"))?;
    Ok(plain.to_vec())
}

/// SHA-256 as 64 hexadecimal digits.
#[must_use]
pub fn digest_hex(bytes: &[u8]) -> String {
    hex(&digest(bytes))
}

/// The SHA-256 of bytes.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut made = [0; 32];
    made.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    made
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_904_what_is_sealed_opens_for_its_owner_and_key_alone() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let sealed = vault.seal(b"application 1", "360732198501011234".as_bytes()).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"360732"));
        assert_eq!(vault.open(b"application 1", &sealed).unwrap(), b"360732198501011234");
        assert!(vault.open(b"application 2", &sealed).is_err());
        assert!(Vault::new(&[8; 32]).unwrap().open(b"application 1", &sealed).is_err());
        let mut damaged = sealed.clone();
        if let Some(last) = damaged.last_mut() {
            *last ^= 1;
        }
        assert!(vault.open(b"application 1", &damaged).is_err());
        assert!(vault.open(b"application 1", b"short").is_err());
    }

    #[test]
    fn d_204_a_blind_index_tells_equal_from_unequal_and_nothing_more() {
        let vault = Vault::new(&[7; 32]).unwrap();
        assert_eq!(vault.index("citizen_id", "1"), vault.index("citizen_id", "1"));
        assert_ne!(vault.index("citizen_id", "1"), vault.index("citizen_id", "2"));
        assert_ne!(vault.index("citizen_id", "1"), Vault::new(&[8; 32]).unwrap().index("citizen_id", "1"));
    }

    #[test]
    fn s_64_a_new_key_seals_and_the_old_ones_open() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let unnumbered = vault.seal(b"a", b"first").unwrap();
        let (mut one, mut two) = (vault.new_key(1).unwrap(), vault.new_key(2).unwrap());
        one.active = true;
        vault.take(&[one.clone(), two.clone()]).unwrap();
        let first = vault.seal(b"a", b"second").unwrap();
        assert!(first.starts_with(&Vault::mark(1)), "the second is not active yet");
        two.active = true;
        vault.take(&[one.clone(), two.clone()]).unwrap();
        let second = vault.clone().seal(b"a", b"third").unwrap();
        assert!(second.starts_with(&Vault::mark(2)));
        let open = |sealed: &[u8]| vault.open(b"a", sealed).ok();
        let opened = [&unnumbered, &first, &second].map(|sealed| open(sealed).unwrap());
        assert_eq!(opened, [b"first".to_vec(), b"second".to_vec(), b"third".to_vec()]);
        assert!(vault.open(b"b", &second).is_err());
        vault.take(std::slice::from_ref(&two)).unwrap();
        assert_eq!((open(&first), open(&second).is_some()), (None, true), "the first is gone");
        let renamed = WrappedKey { number: 3, ..two };
        assert!(vault.take(&[renamed]).is_err(), "a key is bound to its number");
        assert!(Vault::new(&[8; 32]).unwrap().take(&[one]).is_err(), "and to the secret");
    }
}
