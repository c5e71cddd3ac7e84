//! ID tokens: whether one was made by the provider, for this service and for this log-in, and whom it names (OpenID Connect Core, 3.1.3.7).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use pingxuan_domain::Instant;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Seconds by which the provider's clock may differ from ours.
const LEEWAY: i64 = 60;
/// The longest username that there is.
const LONGEST: usize = 64;

/// A published key of the provider.
pub struct Key {
    kid: Option<String>,
    /// What it may sign with: its kind says it, never the token.
    algorithms: Vec<Algorithm>,
    reading: DecodingKey,
}

/// What an ID token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom.
    pub client_id: &'a str,
    /// For which log-in.
    pub nonce: &'a str,
    /// The claim that names the account.
    pub claim: &'a str,
    /// When it is looked at.
    pub now: Instant,
}

/// Why an ID token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No key of those that are known is the one that it names.
    UnknownKey,
    /// This is wrong with it.
    Wrong(&'static str),
}

/// The head of an ID token, as far as it counts. The algorithm counts where the key may sign with it.
#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// The keys of a set (RFC 7517) that can be used: those of other kinds, and those that encrypt, are passed over.
#[must_use]
pub fn keys(set: &Value) -> Vec<Key> {
    set.get("keys").and_then(Value::as_array).into_iter().flatten().filter_map(key).collect()
}

fn key(stated: &Value) -> Option<Key> {
    let text = |name: &str| stated.get(name).and_then(Value::as_str);
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let (algorithms, reading) = match (text("kty")?, text("crv")) {
        ("RSA", _) => {
            let key = DecodingKey::from_rsa_components(text("n")?, text("e")?);
            (vec![Algorithm::RS256, Algorithm::PS256], key)
        }
        ("EC", Some("P-256")) => {
            (vec![Algorithm::ES256], DecodingKey::from_ec_components(text("x")?, text("y")?))
        }
        ("OKP", Some("Ed25519")) => (vec![Algorithm::EdDSA], DecodingKey::from_ed_components(text("x")?)),
        _ => return None,
    };
    let named = |algorithm: &Algorithm| text("alg").is_none_or(|alg| named(alg) == Some(*algorithm));
    let algorithms: Vec<Algorithm> = algorithms.into_iter().filter(named).collect();
    let kid = text("kid").map(str::to_owned);
    (!algorithms.is_empty()).then_some(Key { kid, algorithms, reading: reading.ok()? })
}

/// The algorithms that count, by name.
fn named(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "PS256" => Some(Algorithm::PS256),
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// Whom an ID token names, where it is as it must be: the value of the claim that names the account.
///
/// # Errors
/// [`Flaw`], which says what is wrong with it and nothing of whom it names.
pub fn username(token: &str, keys: &[Key], expected: &Expected<'_>) -> Result<String, Flaw> {
    let claims = signed(token, keys)?;
    let several = match claims.aud {
        Audience::One(one) => vec![one],
        Audience::Several(several) => several,
    };
    let now = expected.now.seconds();
    let party = claims.azp.as_deref();
    let rules = [
        (claims.iss == expected.issuer, "another issuer"),
        (several.iter().any(|audience| audience == expected.client_id), "another audience"),
        (several.len() == 1 || party.is_some(), "several audiences, and no authorised party"),
        (party.is_none_or(|party| party == expected.client_id), "another authorised party"),
        (now < claims.exp.saturating_add(LEEWAY), "over"),
        (claims.iat <= now.saturating_add(LEEWAY), "made in the future"),
        (claims.nbf.is_none_or(|from| from <= now.saturating_add(LEEWAY)), "not good yet"),
        (claims.nonce.as_deref() == Some(expected.nonce), "another nonce"),
    ];
    if let Some((_, wrong)) = rules.iter().find(|(holds, _)| !holds) {
        return Err(Flaw::Wrong(wrong));
    }
    let named = claims.others.get(expected.claim).and_then(Value::as_str);
    let named = named.filter(|name| (1..=LONGEST).contains(&name.chars().count()));
    named.map(str::to_owned).ok_or(Flaw::Wrong("no such claim"))
}

/// What a token says, where one of the keys has signed it with an algorithm of its own.
fn signed(token: &str, keys: &[Key]) -> Result<Claims, Flaw> {
    let head = token.split('.').next().and_then(|head| URL_SAFE_NO_PAD.decode(head).ok());
    let head: Head = head
        .and_then(|head| serde_json::from_slice(&head).ok())
        .ok_or(Flaw::Wrong("a head that cannot be read"))?;
    if head.crit.is_some() {
        return Err(Flaw::Wrong("extensions that nobody knows here"));
    }
    let algorithm = named(&head.alg).ok_or(Flaw::Wrong("an algorithm that does not count"))?;
    let mut fitting = keys.iter().filter(|key| key.kid == head.kid || head.kid.is_none());
    let key = fitting.next().ok_or(Flaw::UnknownKey)?;
    if fitting.next().is_some() {
        return Err(Flaw::Wrong("no key of its own named"));
    }
    if !key.algorithms.contains(&algorithm) {
        return Err(Flaw::Wrong("an algorithm of another kind of key"));
    }
    let mut validation = Validation::new(algorithm);
    // All of it is compared above, with the injected clock (D-301).
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let read = jsonwebtoken::decode::<Claims>(token, &key.reading, &validation);
    read.map(|read| read.claims).map_err(|_| Flaw::Wrong("a signature or claims that are none"))
}
