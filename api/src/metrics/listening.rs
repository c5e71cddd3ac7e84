//! Where figures are scraped: an address of its own, which no proxy shows to the outside.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};

use super::scrape::scrape;
use crate::app::App;

/// What the text is, as Prometheus asks for it.
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Listens on an address; port 0 takes a free one. The second part of the answer is the work itself: spawn it. It ends with the
/// process, after everything else.
///
/// # Errors
/// The operating system's, where the address cannot be had.
pub fn listen(app: Arc<App>, bind: SocketAddr) -> std::io::Result<(SocketAddr, Server)> {
    let listener = TcpListener::bind(bind)?;
    let address = listener.local_addr()?;
    let shared = web::Data::from(app);
    let server = HttpServer::new(move || {
        ActixApp::new().app_data(shared.clone()).route("/metrics", web::get().to(metrics))
    });
    let server = server.workers(1).disable_signals().shutdown_timeout(1).listen(listener)?;
    Ok((address, server.run()))
}

async fn metrics(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().content_type(MEDIA_TYPE).body(scrape(&app).await)
}
