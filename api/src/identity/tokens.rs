//! Access tokens: JWTs signed with Ed25519, whose key is published; and refresh tokens, of which only digests are kept.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::rand;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use pingxuan_domain::client::{Client, Scope};
use pingxuan_domain::policy::Actor;
use pingxuan_domain::{Instant, Role};
use pingxuan_persistence::installation::SigningKey;
use pingxuan_persistence::sessions::NewToken;
use pingxuan_persistence::{Vault, digest_hex};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::problem::Failure;

/// Seconds that an access token lives.
pub const ACCESS_SECONDS: i64 = 10 * 60;
/// Seconds after its making from which on a key signs: by then every node has it.
const PUBLISHED_BEFORE: i64 = 5;
/// How many keys are read: the one that signs, and the one before it, whose tokens still live.
pub const KEYS: usize = 2;
const ISSUER: &str = "pingxuan";
const AUDIENCE: &str = "pingxuan-api";
/// The type of an access token (RFC 9068).
const TYPE: &str = "at+jwt";
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 4096;

/// What an access token says: whose session it is, and for how long. Its roles are for those who read it elsewhere: what the caller
/// may do here is asked of the database, so that a role taken away is gone at once.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
    roles: Vec<Role>,
}

/// What an access token of a machine client says (RFC 9068).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientClaims {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
    scope: String,
}

/// What either says.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Said {
    Session(Claims),
    Client(ClientClaims),
}

/// The head of an access token: this and nothing else. The algorithm is the key's, whatever stands here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: String,
}

/// Whose an access token was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// A log-in session's.
    Session(Uuid),
    /// A machine client's, with the scopes that it was given for.
    Client(Uuid, Vec<Scope>),
}

/// What an access token was found to be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Whose it is.
    pub bearer: Bearer,
    /// When the token is over.
    pub expires_at: Instant,
}

/// Signs access tokens and reads them.
#[derive(Clone)]
pub struct Tokens {
    keys: Arc<RwLock<Arc<Keys>>>,
}

struct Keys {
    /// Those that sign, newest first, with the instant from which on they do.
    signing: Vec<(String, Instant, EncodingKey)>,
    reading: HashMap<String, DecodingKey>,
    published: Value,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.keys();
        write!(f, "Tokens({:?})", keys.reading.keys().collect::<Vec<_>>())
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

impl Keys {
    fn new(vault: &Vault, kept: &[SigningKey]) -> Result<Self, Failure> {
        let kept = kept.get(..KEYS).unwrap_or(kept);
        if kept.is_empty() {
            return Err(Failure::Internal("no signing key".into()));
        }
        let signing = kept.iter().map(|key| {
            let private = vault.open(key.kid.as_bytes(), &key.sealed)?;
            let from = key.created_at.plus_seconds(PUBLISHED_BEFORE);
            Ok((key.kid.clone(), from, EncodingKey::from_ed_der(&private)))
        });
        let published = kept.iter().map(|key| {
            let x = URL_SAFE_NO_PAD.encode(&key.public);
            json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": x})
        });
        Ok(Self {
            signing: signing.collect::<Result<_, Failure>>()?,
            reading: kept
                .iter()
                .map(|key| (key.kid.clone(), DecodingKey::from_ed_der(&key.public)))
                .collect(),
            published: json!({"keys": published.collect::<Vec<_>>()}),
        })
    }

    /// The newest key that every node has by now; of one alone, that one.
    fn signing_at(&self, now: Instant) -> Option<&(String, Instant, EncodingKey)> {
        self.signing.iter().find(|(_, from, _)| *from <= now).or_else(|| self.signing.last())
    }
}

impl Tokens {
    /// From the kept keys, newest first.
    ///
    /// # Errors
    /// [`Failure`] where there is none, or one cannot be opened.
    pub fn new(vault: &Vault, kept: &[SigningKey]) -> Result<Self, Failure> {
        Ok(Self { keys: Arc::new(RwLock::new(Arc::new(Keys::new(vault, kept)?))) })
    }

    /// Takes other keys from now on.
    ///
    /// # Errors
    /// As [`Tokens::new`]; the keys stay as they are.
    pub fn replace(&self, vault: &Vault, kept: &[SigningKey]) -> Result<(), Failure> {
        let keys = Arc::new(Keys::new(vault, kept)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The published keys (RFC 7517).
    #[must_use]
    pub fn published(&self) -> Value {
        self.keys().published.clone()
    }

    /// An access token of a session.
    ///
    /// # Errors
    /// [`Failure::Internal`] where signing fails.
    pub fn access_token(&self, actor: &Actor, id: Uuid, now: Instant) -> Result<String, Failure> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: actor.user_id,
            sid: actor.session_id,
            jti: id,
            iat: now.seconds(),
            exp: now.seconds() + ACCESS_SECONDS,
            roles: actor.roles.clone(),
        };
        self.signed(&claims, now)
    }

    /// An access token of a machine client, for some of its scopes.
    ///
    /// # Errors
    /// [`Failure::Internal`] where signing fails.
    pub fn client_token(&self, client: &Client, id: Uuid, now: Instant) -> Result<String, Failure> {
        let claims = ClientClaims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: client.id,
            client_id: client.id,
            jti: id,
            iat: now.seconds(),
            exp: now.seconds() + ACCESS_SECONDS,
            scope: Scope::list(&client.scopes),
        };
        self.signed(&claims, now)
    }

    fn signed(&self, claims: &impl Serialize, now: Instant) -> Result<String, Failure> {
        let keys = self.keys();
        let (kid, _, key) = keys.signing_at(now).ok_or_else(|| Failure::Internal("no signing key".into()))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(kid.clone());
        header.typ = Some(TYPE.to_owned());
        jsonwebtoken::encode(&header, claims, key).map_err(|error| Failure::Internal(error.to_string()))
    }

    /// What an access token is of, if it is one of ours and its time is not over by the injected clock.
    #[must_use]
    pub fn subject(&self, token: &str, now: Instant) -> Option<Subject> {
        let (head, _) = token.split_once('.').filter(|_| token.len() <= LONGEST)?;
        let head: Head = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
        if head.alg != "EdDSA" || head.typ != TYPE {
            return None;
        }
        let keys = self.keys();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would ask the machine's clock; ours is injected (D-301).
        validation.validate_exp = false;
        let key = keys.reading.get(&head.kid)?;
        let (bearer, from, until) = match jsonwebtoken::decode(token, key, &validation).ok()?.claims {
            Said::Session(claims) => (Bearer::Session(claims.sid), claims.iat, claims.exp),
            Said::Client(claims) => {
                let scopes = Scope::read_list(&claims.scope).ok()?;
                (Bearer::Client(claims.client_id, scopes), claims.iat, claims.exp)
            }
        };
        let expires_at = Instant::from_millis(until.checked_mul(1000)?);
        (now < expires_at && from <= now.seconds()).then_some(Subject { bearer, expires_at })
    }
}

/// A new refresh token: what is given, and what is kept of it.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn refresh_token(now: Instant, ends: Instant) -> Result<(String, NewToken), Failure> {
    let given = secret("rt")?;
    let kept = NewToken { hash: secret_hash(&given), issued_at: now, expires_at: ends };
    Ok((given, kept))
}

/// A new token that stands for a password that was right.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn pending_token() -> Result<String, Failure> {
    secret("pl")
}

/// A new secret of a machine client.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn client_secret() -> Result<String, Failure> {
    secret("cs")
}

/// A secret of 256 bits, with what it is for before it.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn secret(kind: &str) -> Result<String, Failure> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| Failure::Internal("no randomness".into()))?;
    Ok(format!("{kind}_{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// What is kept of such a secret.
#[must_use]
pub fn secret_hash(given: &str) -> Vec<u8> {
    digest_hex(given.as_bytes()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        Instant::from_millis(1_667_782_800_000)
    }

    fn key(vault: &Vault, at: Instant) -> SigningKey {
        new_key(vault, at).unwrap()
    }

    fn vault() -> Vault {
        Vault::new(&[1; 32]).unwrap()
    }

    fn actor() -> Actor {
        Actor {
            user_id: Uuid::from_u128(1),
            session_id: Uuid::from_u128(2),
            name: String::new(),
            roles: vec![Role::Office],
            unit_id: None,
            supervisor_id: None,
            duty: None,
        }
    }

    #[test]
    fn d_301_a_token_lives_by_the_injected_clock() {
        let ours = Tokens::new(&vault(), &[key(&vault(), now())]).unwrap();
        let token = ours.access_token(&actor(), Uuid::from_u128(3), now()).unwrap();
        let found = |at| ours.subject(&token, at).map(|subject| subject.bearer);
        let session = Some(Bearer::Session(Uuid::from_u128(2)));
        assert_eq!(found(now()), session);
        assert_eq!(found(now().plus_seconds(ACCESS_SECONDS - 1)), session);
        assert_eq!(found(now().plus_seconds(ACCESS_SECONDS)), None);
        assert_eq!(found(now().plus_seconds(-1)), None);
    }

    #[test]
    fn s_20_a_token_of_a_client_tells_its_scopes() {
        let ours = Tokens::new(&vault(), &[key(&vault(), now())]).unwrap();
        let client = Client {
            id: Uuid::from_u128(4),
            name: "人事系统".to_owned(),
            scopes: vec![Scope::CountyRead, Scope::AwardsRead],
            version: 1,
            created_at: now(),
            updated_at: now(),
        };
        let token = ours.client_token(&client, Uuid::from_u128(3), now()).unwrap();
        let subject = ours.subject(&token, now()).unwrap();
        assert_eq!(subject.bearer, Bearer::Client(client.id, client.scopes));
        assert_eq!(subject.expires_at, now().plus_seconds(ACCESS_SECONDS));
    }

    #[test]
    fn s_20_a_new_key_signs_once_every_node_has_it() {
        let (old, new) = (key(&vault(), now()), key(&vault(), now().plus_seconds(60)));
        let kid = |tokens: &Tokens, seconds| {
            let token = tokens.access_token(&actor(), Uuid::nil(), now().plus_seconds(seconds)).unwrap();
            jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
        };
        let alone = Tokens::new(&vault(), std::slice::from_ref(&old)).unwrap();
        assert_eq!(kid(&alone, 0), old.kid);
        let both = Tokens::new(&vault(), &[new.clone(), old.clone()]).unwrap();
        assert_eq!((kid(&both, 64), kid(&both, 65)), (old.kid.clone(), new.kid.clone()));
        let token = alone.access_token(&actor(), Uuid::nil(), now()).unwrap();
        assert!(both.subject(&token, now()).is_some());
        let third = key(&vault(), now().plus_seconds(120));
        both.replace(&vault(), &[third, new, old]).unwrap();
        assert!(both.subject(&token, now()).is_none(), "the third but one is read no more");
    }
}
