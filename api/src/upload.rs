//! A call whose body is read by its handler, as it comes.

use std::fmt;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::Stream;
use futures_util::future::LocalBoxFuture;
use pingxuan_domain::{ErrorCode, Fault};
use serde_json::Value;

use crate::attachment::multipart::Pace;
use crate::call::{Call, IDEMPOTENT_REPLAYED};
use crate::problem::Failure;
use crate::running::server::BODY_LIMIT;

/// A call whose body has not been read yet.
pub struct Upload {
    /// The call, without a body.
    pub call: Call,
    payload: Payload,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("call", &self.call).finish_non_exhaustive()
    }
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Call::without_body(request, payload);
        let payload = payload.take();
        Box::pin(async move { Ok(Self { call: call.await?, payload }) })
    }
}

impl Upload {
    /// Whether the body is of this media type, parameters aside, and not compressed: what swells is not taken here.
    #[must_use]
    pub fn is(&self, media_type: &str) -> bool {
        let sent = self.call.header(header::CONTENT_TYPE).unwrap_or("");
        let essence = sent.split(';').next().unwrap_or_default().trim();
        let coding = self.call.header(header::CONTENT_ENCODING).unwrap_or("identity");
        essence.eq_ignore_ascii_case(media_type) && coding.eq_ignore_ascii_case("identity")
    }

    /// Reads the body into the call, as that of any other.
    ///
    /// # Errors
    /// 408, 413, 415.
    pub async fn read_body(&mut self) -> Result<(), Failure> {
        if self.call.header(header::CONTENT_ENCODING).is_some() {
            let refused = Fault::new(ErrorCode::UnsupportedMediaType).with("wanted", crate::call::JSON);
            return Err(Failure::Plain(refused));
        }
        let pace = Pace::begin(self.call.app.edge.body_deadline);
        let mut bytes = Box::pin(self.bytes());
        let mut body = BytesMut::new();
        while let Some(piece) = pace.next(&mut bytes, 0).await? {
            let piece = piece.map_err(|_| Failure::of(ErrorCode::MalformedRequest))?;
            if body.len() + piece.len() > BODY_LIMIT {
                return Err(Failure::of(ErrorCode::PayloadTooLarge));
            }
            body.extend_from_slice(&piece);
        }
        self.call.with_body(body.freeze());
        Ok(())
    }

    /// The bytes of the body, once.
    pub fn bytes(&mut self) -> impl Stream<Item = Result<Bytes, PayloadError>> + use<> {
        std::mem::replace(&mut self.payload, Payload::None)
    }
}

/// Whether an answer was given before, so that nothing was done for it now.
#[must_use]
pub fn is_replayed(answer: &HttpResponse) -> bool {
    answer.headers().contains_key(IDEMPOTENT_REPLAYED)
}

impl Call {
    /// Says what a body that was read apart amounts to: what an `Idempotency-Key` is bound to.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be written.
    pub fn stands_for(&mut self, what: &Value) -> Result<(), Failure> {
        let text = pingxuan_persistence::canonical(what)?;
        self.with_body(text.into());
        Ok(())
    }
}
