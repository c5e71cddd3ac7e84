//! A server that does nothing but answer: what HTTP alone costs.

use actix_web::{HttpResponse, web};

use crate::processes::announce;

/// Two kilobytes of JSON, as long as an application.
fn answer() -> String {
    format!("{{\"id\":\"{}\"}}", "0".repeat(2_000))
}

/// Serves until it is killed.
pub async fn serve() {
    let body = web::Bytes::from(answer());
    announce(move |config| {
        let body = body.clone();
        config.default_service(web::to(move || {
            let body = body.clone();
            async move { HttpResponse::Ok().content_type("application/json").body(body) }
        }));
    })
    .await;
}
