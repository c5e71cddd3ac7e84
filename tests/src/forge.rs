//! Tokens that no server gave: signed with the server's own key or another, with any head and any claims.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::world::PASSWORD;
use crate::{World, truths};

/// What a good token says, and the key that signs it.
#[derive(Debug)]
pub struct Forge {
    /// The key's name.
    pub kid: String,
    /// What the token says.
    pub claims: Map<String, Value>,
    /// The token that the server gave.
    pub token: String,
    key: Ed25519KeyPair,
}

impl Forge {
    /// From a log-in of an account, with the key that the server's database keeps.
    pub async fn of(world: &World, username: &str) -> Self {
        let token = world.log_in(username, PASSWORD).await.expect(200).text_at("/access_token");
        let payload = token.split('.').nth(1).expect("three parts");
        let claims = URL_SAFE_NO_PAD.decode(payload).expect("base64");
        let newest = "SELECT kid, sealed FROM signing_keys ORDER BY created_at DESC";
        let kept = truths::look(world.database_url(), newest).await.remove(0);
        let kid: String = truths::get(&kept, "kid");
        let sealed: Vec<u8> = truths::get(&kept, "sealed");
        let private = world.app().db.vault().open(kid.as_bytes(), &sealed).expect("the key");
        Self {
            kid,
            claims: serde_json::from_slice(&claims).expect("claims"),
            key: Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).expect("a key"),
            token,
        }
    }

    /// The head of a good token.
    #[must_use]
    pub fn head(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": self.kid})
    }

    /// The head of a good token with other members.
    #[must_use]
    pub fn head_with(&self, other: Value) -> Value {
        let mut head = self.head();
        json_patch::merge(&mut head, &other);
        head
    }

    /// A token with other claims; null takes one away.
    #[must_use]
    pub fn saying(&self, other: Value) -> String {
        let mut claims = Value::Object(self.claims.clone());
        json_patch::merge(&mut claims, &other);
        self.signed(&self.head().to_string(), &claims.to_string())
    }

    /// A token with another head.
    #[must_use]
    pub fn headed(&self, head: &Value) -> String {
        self.signed(&head.to_string(), &Value::Object(self.claims.clone()).to_string())
    }

    /// Any head and any claims, signed with the server's key.
    #[must_use]
    pub fn signed(&self, head: &str, claims: &str) -> String {
        let message = message(head, claims);
        let signature = self.key.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims under a head, signed with another key; the head may hold that key.
    #[must_use]
    pub fn signed_by_another(&self, head: impl FnOnce(&str) -> Value) -> String {
        let other = Ed25519KeyPair::generate().expect("a key");
        let public = URL_SAFE_NO_PAD.encode(other.public_key().as_ref());
        let message = message(&head(&public).to_string(), &Value::Object(self.claims.clone()).to_string());
        let signature = other.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims under a head of HS256, "signed" with the published key in several writings.
    #[must_use]
    pub fn signed_as_secret(&self) -> Vec<String> {
        let raw = self.key.public_key().as_ref().to_vec();
        let der =
            [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..], &raw].concat();
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----",
            base64::engine::general_purpose::STANDARD.encode(&der)
        );
        let head = self.head_with(json!({"alg": "HS256"})).to_string();
        let message = message(&head, &Value::Object(self.claims.clone()).to_string());
        [raw, der, pem.clone().into_bytes(), format!("{pem}\n").into_bytes()]
            .iter()
            .map(|secret| {
                let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
                let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
                format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
            })
            .collect()
    }
}

fn message(head: &str, claims: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(claims))
}
