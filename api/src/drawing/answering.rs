//! Pictures as answers: drawn beside the threads that answer, and told apart from JSON by `Accept`.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};

use super::SVG;
use crate::call::{Answer, Call};
use crate::problem::Failure;

impl Call {
    /// 200 with a picture.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be drawn.
    pub async fn drawn(
        &self,
        version: &str,
        draw: impl FnOnce() -> Result<String, String> + Send + 'static,
    ) -> Answer {
        let drawn = web::block(draw).await.map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(varied(self.tagged(SVG, drawn.map_err(Failure::Internal)?.into_bytes(), version)))
    }
}

/// An answer of which there is another kind for another `Accept`.
#[must_use]
pub(crate) fn varied(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    answer
}
