//! An identity provider of the suite's own (OpenID Connect): a real server on this machine, which says whatever a story wants it to say.

use std::collections::{HashMap, HashSet};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use actix_web::dev::ServerHandle;
use actix_web::http::header::{AUTHORIZATION, LOCATION};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Its name for this service.
pub const CLIENT: &str = "pingxuan";

/// How the provider speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// As it must.
    #[default]
    Well,
    /// It names another issuer than it is.
    AsAnother,
    /// It answers what is no JSON.
    Nonsense,
    /// It sends those who ask elsewhere.
    Elsewhere,
    /// Its answers have no end.
    Endless,
    /// It knows no code.
    Forgetful,
    /// It does not know this service.
    Strange,
}

/// An identity provider.
#[derive(Debug)]
pub struct Provider {
    /// Its name for itself, and its address.
    pub issuer: String,
    said: Arc<Mutex<Said>>,
    handle: ServerHandle,
}

#[derive(Debug, Default)]
struct Said {
    issuer: String,
    manner: Manner,
    secret: Option<String>,
    /// Names of keys that it signs with and does not publish.
    hidden: HashSet<&'static str>,
    /// By code: the challenge of the log-in, and the ID token.
    codes: HashMap<String, (String, String)>,
    /// How often each of its places was asked.
    asked: HashMap<&'static str, usize>,
}

type Shared = web::Data<Mutex<Said>>;

fn lock(said: &Mutex<Said>) -> MutexGuard<'_, Said> {
    said.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Provider {
    /// Starts one. Within a `System`.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let said = Arc::new(Mutex::new(Said { issuer: issuer.clone(), ..Said::default() }));
        let shared = web::Data::from(Arc::clone(&said));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/keys", web::get().to(published))
                .route("/token", web::post().to(token))
        });
        let server = server.workers(1).listen(listener).expect("a server").run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { issuer, said, handle }
    }

    /// Stops it.
    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }

    /// Speaks in another manner from now on.
    pub fn speaks(&self, manner: Manner) {
        lock(&self.said).manner = manner;
    }

    /// Redeems codes for those alone who show this secret.
    pub fn wants(&self, secret: &str) {
        lock(&self.said).secret = Some(secret.to_owned());
    }

    /// No longer publishes a key, or does so again.
    pub fn hides(&self, kid: &'static str, hidden: bool) {
        let mut said = lock(&self.said);
        if hidden {
            said.hidden.insert(kid)
        } else {
            said.hidden.remove(kid)
        };
    }

    /// Gives an ID token for a code, to whoever has the verifier of a challenge.
    pub fn gives(&self, code: &str, challenge: &str, id_token: String) {
        lock(&self.said).codes.insert(code.to_owned(), (challenge.to_owned(), id_token));
    }

    /// How often one of its places was asked: `discovery`, `keys`, `token`.
    #[must_use]
    pub fn asked(&self, place: &'static str) -> usize {
        lock(&self.said).asked.get(place).copied().unwrap_or(0)
    }
}

/// Notes that a place was asked; answers what the manner says, where it says something of every place.
fn noted(said: &mut Said, place: &'static str) -> Option<HttpResponse> {
    *said.asked.entry(place).or_default() += 1;
    match said.manner {
        Manner::Nonsense => Some(HttpResponse::Ok().body("<p>Log in")),
        Manner::Elsewhere => {
            let there = format!("{}/.well-known/openid-configuration", said.issuer);
            Some(HttpResponse::Found().insert_header((LOCATION, there)).finish())
        }
        Manner::Endless => Some(HttpResponse::Ok().body(vec![b' '; 1 << 20])),
        Manner::Well | Manner::AsAnother | Manner::Forgetful | Manner::Strange => None,
    }
}

async fn discovery(said: Shared) -> HttpResponse {
    let mut said = lock(&said);
    if let Some(answer) = noted(&mut said, "discovery") {
        return answer;
    }
    let issuer = &said.issuer;
    HttpResponse::Ok().json(json!({
        "issuer": if said.manner == Manner::AsAnother { "https://sso.example.org" } else { issuer },
        "authorization_endpoint": format!("{issuer}/authorize?realm=county"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
    }))
}

async fn published(said: Shared) -> HttpResponse {
    let mut said = lock(&said);
    if let Some(answer) = noted(&mut said, "keys") {
        return answer;
    }
    // Of another kind, for another use: both are passed over.
    let mut keys = vec![
        json!({"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}),
        json!({"kty": "RSA", "kid": "sealing", "use": "enc", "n": "AQAB", "e": "AQAB"}),
    ];
    keys.extend(KIDS.iter().filter(|kid| !said.hidden.contains(*kid)).map(|kid| public(kid)));
    HttpResponse::Ok().json(json!({"keys": keys}))
}

async fn token(said: Shared, request: HttpRequest, form: web::Form<HashMap<String, String>>) -> HttpResponse {
    let mut said = lock(&said);
    if let Some(answer) = noted(&mut said, "token") {
        return answer;
    }
    let sent = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let refused = |error: &str| HttpResponse::BadRequest().json(json!({"error": error}));
    let shown = request.headers().get(AUTHORIZATION).and_then(|shown| shown.to_str().ok());
    let known = match &said.secret {
        Some(secret) => shown == Some(&format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{secret}")))),
        None => shown.is_none() && sent("client_id") == CLIENT,
    };
    if !known || said.manner == Manner::Strange {
        return HttpResponse::Unauthorized().json(json!({"error": "invalid_client"}));
    }
    let here = sent("redirect_uri").ends_with("/api/v1/auth/oidc/callback");
    if said.manner == Manner::Forgetful || sent("grant_type") != "authorization_code" || !here {
        return refused("invalid_grant");
    }
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, sent("code_verifier").as_bytes()));
    match said.codes.remove(sent("code")) {
        Some((wanted, id_token)) if wanted == challenge => HttpResponse::Ok().json(json!({
            "access_token": "none of ours", "token_type": "Bearer", "expires_in": 60, "id_token": id_token,
        })),
        Some(_) | None => refused("invalid_grant"),
    }
}

/// The names of the keys that it publishes, each of an algorithm.
pub const KIDS: [&str; 4] = ["EdDSA", "ES256", "RS256", "PS256"];

struct Keys {
    ed: Ed25519KeyPair,
    ec: EcdsaKeyPair,
    rsa: RsaKeyPair,
}

/// Made once a process.
fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        ed: Ed25519KeyPair::generate().expect("a key"),
        ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"),
        rsa: RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"),
    })
}

/// A key as it is published.
#[must_use]
pub fn public(kid: &str) -> Value {
    let text = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.expect("a key"));
    let keys = keys();
    let mut key = match kid {
        "EdDSA" => json!({"kty": "OKP", "crv": "Ed25519", "x": text(Some(keys.ed.public_key().as_ref()))}),
        "ES256" => {
            // 4, and the two coordinates behind it.
            let point = keys.ec.public_key().as_ref();
            json!({"kty": "EC", "crv": "P-256", "x": text(point.get(1..33)), "y": text(point.get(33..65))})
        }
        _ => {
            // DER of 2048 bits: nine bytes of heads, and the modulus behind them.
            let modulus = keys.rsa.public_key().as_ref().get(9..265);
            json!({"kty": "RSA", "n": text(modulus), "e": "AQAB"})
        }
    };
    json_patch::merge(&mut key, &json!({"kid": kid, "use": "sig"}));
    key
}

/// A token with any head and any claims, signed with the key of an algorithm; `none` signs nothing, and `HS256` takes the published
/// key of `EdDSA` for a secret.
#[must_use]
pub fn signed(algorithm: &str, head: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(head), encode(claims));
    let keys = keys();
    let rsa = |encoding: &'static dyn RsaEncoding| {
        let mut signature = vec![0; keys.rsa.public_modulus_len()];
        keys.rsa
            .sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .expect("a signature");
        signature
    };
    let signature = match algorithm {
        "EdDSA" => keys.ed.sign(message.as_bytes()).as_ref().to_vec(),
        "ES256" => {
            let signature = keys.ec.sign(&SystemRandom::new(), message.as_bytes()).expect("a signature");
            signature.as_ref().to_vec()
        }
        "RS256" => rsa(&RSA_PKCS1_SHA256),
        "PS256" => rsa(&RSA_PSS_SHA256),
        "HS256" => {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, keys.ed.public_key().as_ref());
            hmac::sign(&secret, message.as_bytes()).as_ref().to_vec()
        }
        _ => Vec::new(),
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}
