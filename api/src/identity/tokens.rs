//! Access tokens: JWTs signed with Ed25519, whose key is published; and refresh tokens, of which only digests are kept.

use std::collections::HashMap;
use std::fmt;

use aws_lc_rs::rand;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use pingxuan_domain::Instant;
use pingxuan_persistence::installation::SigningKey;
use pingxuan_persistence::sessions::NewToken;
use pingxuan_persistence::{Vault, digest_hex};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::problem::Failure;

/// Seconds that an access token lives.
pub const ACCESS_SECONDS: i64 = 10 * 60;
/// Seconds that a refresh token may stay unused.
const REFRESH_SECONDS: i64 = 30 * 60;
/// Seconds that a session lives at most, however often it is refreshed.
pub const SESSION_SECONDS: i64 = 12 * 60 * 60;
const ISSUER: &str = "pingxuan";
const AUDIENCE: &str = "pingxuan-api";

/// What an access token says: whose session it is, and for how long. Who that is stands in the database, so that a role
/// taken away is gone at once.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

/// Signs access tokens and reads them.
#[derive(Clone)]
pub struct Tokens {
    kid: String,
    signing: EncodingKey,
    reading: HashMap<String, DecodingKey>,
    published: Value,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens(kid {})", self.kid)
    }
}

/// Makes a new key that signs access tokens.
///
/// # Errors
/// [`Failure`] where there is no randomness.
pub fn new_key(vault: &Vault, now: Instant) -> Result<SigningKey, Failure> {
    let internal = |_| Failure::Internal("no signing key".into());
    let document = Ed25519KeyPair::generate().map_err(internal)?;
    let private = document.to_pkcs8v1().map_err(internal)?;
    let public = document.public_key().as_ref().to_vec();
    let kid: String = digest_hex(&public).chars().take(16).collect();
    let sealed = vault.seal(kid.as_bytes(), private.as_ref())?;
    Ok(SigningKey { kid, sealed, public, created_at: now })
}

impl Tokens {
    /// From the kept keys, newest first: that one signs, all of them are read.
    ///
    /// # Errors
    /// [`Failure`] where the newest cannot be opened.
    pub fn new(vault: &Vault, keys: &[SigningKey]) -> Result<Self, Failure> {
        let newest = keys.first().ok_or_else(|| Failure::Internal("no signing key".into()))?;
        let private = vault.open(newest.kid.as_bytes(), &newest.sealed)?;
        let published = keys.iter().map(|key| {
            let x = URL_SAFE_NO_PAD.encode(&key.public);
            json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": x})
        });
        Ok(Self {
            kid: newest.kid.clone(),
            signing: EncodingKey::from_ed_der(&private),
            reading: keys
                .iter()
                .map(|key| (key.kid.clone(), DecodingKey::from_ed_der(&key.public)))
                .collect(),
            published: json!({"keys": published.collect::<Vec<_>>()}),
        })
    }

    /// The published keys (RFC 7517).
    #[must_use]
    pub fn published(&self) -> &Value {
        &self.published
    }

    /// An access token of a session.
    ///
    /// # Errors
    /// [`Failure::Internal`] where signing fails.
    pub fn access_token(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        id: Uuid,
        now: Instant,
    ) -> Result<String, Failure> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user_id,
            sid: session_id,
            jti: id,
            iat: now.seconds(),
            exp: now.seconds() + ACCESS_SECONDS,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        header.typ = Some("at+jwt".to_owned());
        jsonwebtoken::encode(&header, &claims, &self.signing)
            .map_err(|error| Failure::Internal(error.to_string()))
    }

    /// The session that an access token is of, if it is one of ours and its time is not over by the injected clock.
    #[must_use]
    pub fn session_of(&self, token: &str, now: Instant) -> Option<Uuid> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some("at+jwt") {
            return None;
        }
        let key = self.reading.get(&header.kid?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would ask the machine's clock; ours is injected (D-301).
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation).ok()?.claims;
        (claims.exp > now.seconds() && claims.iat <= now.seconds()).then_some(claims.sid)
    }
}

/// A new refresh token: what is given, and what is kept of it.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn refresh_token(now: Instant, session_ends: Instant) -> Result<(String, NewToken), Failure> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| Failure::Internal("no randomness".into()))?;
    let given = format!("rt_{}", URL_SAFE_NO_PAD.encode(bytes));
    let expires_at = now.plus_seconds(REFRESH_SECONDS).min(session_ends);
    let kept = NewToken { hash: refresh_hash(&given), issued_at: now, expires_at };
    Ok((given, kept))
}

/// What is kept of a refresh token.
#[must_use]
pub fn refresh_hash(given: &str) -> Vec<u8> {
    digest_hex(given.as_bytes()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> (Tokens, Tokens) {
        let vault = Vault::new(&[1; 32]).unwrap();
        let now = Instant::from_millis(1_667_782_800_000);
        let make = || Tokens::new(&vault, &[new_key(&vault, now).unwrap()]).unwrap();
        (make(), make())
    }

    #[test]
    fn d_301_a_token_lives_by_the_injected_clock() {
        let (ours, _) = tokens();
        let now = Instant::from_millis(1_667_782_800_000);
        let session = Uuid::from_u128(2);
        let token = ours.access_token(Uuid::from_u128(1), session, Uuid::from_u128(3), now).unwrap();
        assert_eq!(ours.session_of(&token, now), Some(session));
        assert_eq!(ours.session_of(&token, now.plus_seconds(ACCESS_SECONDS - 1)), Some(session));
        assert_eq!(ours.session_of(&token, now.plus_seconds(ACCESS_SECONDS)), None);
        assert_eq!(ours.session_of(&token, now.plus_seconds(-1)), None);
    }

    #[test]
    fn tokens_of_others_and_spoilt_ones_are_nobodys() {
        let (ours, theirs) = tokens();
        let now = Instant::from_millis(1_667_782_800_000);
        let token = ours.access_token(Uuid::nil(), Uuid::nil(), Uuid::nil(), now).unwrap();
        assert_eq!(theirs.session_of(&token, now), None);
        let (head, rest) = token.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#);
        for spoilt in [format!("{none}.{rest}"), format!("{head}.{rest}x"), head.to_owned(), String::new()] {
            assert_eq!(ours.session_of(&spoilt, now), None, "{spoilt}");
        }
    }
}
