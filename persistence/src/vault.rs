//! Personal data and keys at rest: sealed with AES-256-GCM, found again by a blind index (D-904, D-204).

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac, rand};

use crate::error::StoreError;

/// Seals, opens and indexes with keys drawn from one secret of 32 bytes.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<Keys>,
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
        })
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
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| StoreError::Sealed("no randomness"))?;
        let mut sealed = plain.to_vec();
        self.keys
            .sealing
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(belongs_to), &mut sealed)
            .map_err(|_| StoreError::Sealed("cannot seal"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for this owner.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] where it was sealed with another key or for another owner, or is damaged.
    pub fn open(&self, belongs_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (nonce, rest) = sealed
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(StoreError::Sealed("too short to be sealed data"))?;
        let mut buffer = rest.to_vec();
        let plain = self
            .keys
            .sealing
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(belongs_to), &mut buffer)
            .map_err(|_| StoreError::Sealed("sealed with another key, or damaged"))?;
        Ok(plain.to_vec())
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

/// SHA-256 as 64 hexadecimal digits.
#[must_use]
pub fn digest_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
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
}
