//! The identity provider: what it publishes of itself, kept for a while, and the codes that it redeems.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pingxuan_domain::Instant;
use reqwest::header::ACCEPT;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use secrecy::ExposeSecret;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::id_token::{self, Expected, Flaw, Key};
use super::registration::{Registration, is_safe};
use crate::outgoing;
use crate::secret::Secret;

/// Seconds that all of a log-in's questions to the provider may take together.
const DEADLINE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;
/// Seconds for which what the provider publishes is kept.
const KEPT: i64 = 10 * 60;
/// Seconds for which its keys are not asked for anew, whatever key a token names.
const PATIENCE: i64 = 60;

/// Why the provider lets nobody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer, or not as it must.
    Away(String),
    /// It answers, and what it says lets nobody in.
    Refused(&'static str),
}

/// The identity provider that the settings name.
pub struct Provider {
    /// What the settings say of it.
    pub registration: Registration,
    client: Client,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    metadata: Option<(Instant, Arc<Metadata>)>,
    keys: Option<(Instant, Arc<Vec<Key>>)>,
}

/// What the provider publishes of itself (OpenID Connect Discovery, section 3), as far as it is used.
#[derive(Debug, Deserialize)]
struct Metadata {
    issuer: String,
    #[serde(deserialize_with = "place")]
    authorization_endpoint: Url,
    #[serde(deserialize_with = "place")]
    token_endpoint: Url,
    #[serde(deserialize_with = "place")]
    jwks_uri: Url,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Secret,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

/// What a browser comes back with, and what was kept for it.
#[derive(Clone, Copy, Debug)]
pub struct Return<'a> {
    /// The provider's code.
    pub code: &'a str,
    /// Who the provider says it is (RFC 9207).
    pub issuer: Option<&'a str>,
    /// The verifier of the code (RFC 7636).
    pub verifier: &'a str,
    /// What the ID token must name.
    pub nonce: &'a str,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.registration.issuer)
    }
}

impl Provider {
    /// The provider of a registration. Nothing is asked of it yet.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn new(registration: Registration) -> Result<Self, String> {
        let issuer = Url::parse(&registration.issuer).map_err(|error| error.to_string())?;
        let client = outgoing::client(&issuer, DEADLINE).map_err(|error| {
            format!("The identity provider cannot be asked by TLS ({error}): are the certificates of the system there (ca-certificates)?")
        })?;
        Ok(Self { registration, client, kept: Mutex::default() })
    }

    /// Where a browser is sent to log in.
    ///
    /// # Errors
    /// [`Trouble::Away`] where the provider cannot be asked where that is.
    pub async fn log_in_at(
        &self,
        (state, nonce, challenge): (&str, &str, &str),
        now: Instant,
    ) -> Result<Url, Trouble> {
        let metadata = within(self.metadata(now)).await?;
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.registration.client_id)
            .append_pair("redirect_uri", &self.registration.redirect_uri)
            .append_pair("scope", "openid profile")
            .append_pair("state", state)
            .append_pair("nonce", nonce)
            .append_pair("code_challenge", challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// The username of whoever has logged in at the provider.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn username(&self, back: &Return<'_>, now: Instant) -> Result<String, Trouble> {
        within(async {
            let metadata = self.metadata(now).await?;
            let here = match back.issuer {
                Some(issuer) => issuer == metadata.issuer,
                None => !metadata.authorization_response_iss_parameter_supported,
            };
            if !here {
                return Err(Trouble::Refused("the answer of another provider"));
            }
            let token = self.redeem(&metadata, back).await?;
            let expected = Expected {
                issuer: &self.registration.issuer,
                client_id: &self.registration.client_id,
                nonce: back.nonce,
                claim: &self.registration.claim,
                now,
            };
            let keys = self.keys(&metadata, KEPT, now).await?;
            match id_token::username(token.expose(), &keys, &expected) {
                Err(Flaw::UnknownKey) => {
                    let keys = self.keys(&metadata, PATIENCE, now).await?;
                    id_token::username(token.expose(), &keys, &expected)
                }
                read => read,
            }
            .map_err(|flaw| match flaw {
                Flaw::UnknownKey => Trouble::Refused("signed with a key that is not published"),
                Flaw::Wrong(wrong) => Trouble::Refused(wrong),
            })
        })
        .await
    }

    /// What the provider publishes of itself: kept, or asked for.
    async fn metadata(&self, now: Instant) -> Result<Arc<Metadata>, Trouble> {
        let kept = self.kept().metadata.clone();
        if let Some((_, metadata)) = kept.filter(|(since, _)| now < since.plus_seconds(KEPT)) {
            return Ok(metadata);
        }
        let issuer = &self.registration.issuer;
        let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: Metadata = self.get("the discovery document", &place).await?;
        if metadata.issuer != *issuer {
            return Err(away("the discovery document", "it names another issuer"));
        }
        let endpoints = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        if !endpoints.into_iter().all(is_safe) {
            return Err(away("the discovery document", "it names a place without TLS"));
        }
        let metadata = Arc::new(metadata);
        self.kept().metadata = Some((now, Arc::clone(&metadata)));
        Ok(metadata)
    }

    /// The provider's keys: kept, where they were asked for within so many seconds, or asked for.
    async fn keys(&self, metadata: &Metadata, age: i64, now: Instant) -> Result<Arc<Vec<Key>>, Trouble> {
        let kept = self.kept().keys.clone();
        if let Some((_, keys)) = kept.filter(|(since, _)| now < since.plus_seconds(age)) {
            return Ok(keys);
        }
        let set: Value = self.get("the keys", metadata.jwks_uri.as_str()).await?;
        let keys = Arc::new(id_token::keys(&set));
        self.kept().keys = Some((now, Arc::clone(&keys)));
        Ok(keys)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ID token that the provider gives for a code.
    async fn redeem(&self, metadata: &Metadata, back: &Return<'_>) -> Result<Secret, Trouble> {
        const WHAT: &str = "the token endpoint";
        let Registration { client_id, client_secret, redirect_uri, .. } = &self.registration;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", back.code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", back.verifier),
        ];
        let mut request = self.client.post(metadata.token_endpoint.clone());
        match client_secret {
            // RFC 6749, section 2.3.1: both are written as a form writes them first.
            Some(secret) => {
                let written =
                    |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                request = request.basic_auth(written(client_id), Some(written(secret.expose_secret())));
            }
            None => form.push(("client_id", client_id)),
        }
        let (status, body) = answered(WHAT, request.form(&form)).await?;
        if status.is_success() {
            return read::<TokenAnswer>(WHAT, &body).map(|answer| answer.id_token);
        }
        match serde_json::from_slice::<TokenError>(&body) {
            Ok(TokenError { error }) if error == "invalid_grant" => {
                Err(Trouble::Refused("a code that the provider does not redeem"))
            }
            Ok(_) | Err(_) => Err(away(WHAT, &format!("it answers {status}"))),
        }
    }

    async fn get<T: DeserializeOwned>(&self, what: &str, place: &str) -> Result<T, Trouble> {
        let (status, body) = answered(what, self.client.get(place)).await?;
        if status == StatusCode::OK {
            read(what, &body)
        } else {
            Err(away(what, &format!("it answers {status}")))
        }
    }
}

fn place<'de, D: Deserializer<'de>>(reader: D) -> Result<Url, D::Error> {
    Url::parse(&String::deserialize(reader)?).map_err(D::Error::custom)
}

/// Status and body of an answer, which is neither too late nor too long.
async fn answered(what: &str, request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), Trouble> {
    let told = |error: reqwest::Error| away(what, &whole(&error.without_url()));
    let mut answer = request.header(ACCEPT, "application/json").send().await.map_err(told)?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(told)? {
        body.extend_from_slice(&part);
        if body.len() > LONGEST {
            return Err(away(what, "its answer is too long"));
        }
    }
    Ok((answer.status(), body))
}

/// An error with all that brought it about.
fn whole(error: &dyn std::error::Error) -> String {
    let beneath = std::iter::successors(error.source(), |error| error.source());
    beneath.fold(error.to_string(), |said, error| format!("{said}: {error}"))
}

/// What stands in a body. What is wrong with one is not told in its own words: there may be a token in it.
fn read<T: DeserializeOwned>(what: &str, body: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body).map_err(|_| away(what, "its answer is not what the standard says"))
}

fn away(what: &str, why: &str) -> Trouble {
    Trouble::Away(format!("{what}: {why}"))
}

/// All of a log-in's questions together.
async fn within<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let late = |_| Trouble::Away("the provider takes too long".to_owned());
    tokio::time::timeout(DEADLINE, work).await.map_err(late)?
}
