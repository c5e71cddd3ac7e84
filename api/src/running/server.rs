//! The server: what every worker runs, and how it is started and stopped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::demo::sandbox;
use crate::gate::gate;
use crate::jobs::running::{give_back, keep_working};
use crate::problem::Failure;
use crate::routes;
use crate::running::door::Door;
use crate::running::pages;
use crate::running::sweeper::{keep_looking, keep_sweeping};
use crate::running::tls::keep_renewing;
use crate::spans::keep_sending;

/// The largest body that is read, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;
/// How long what is under way is waited for when the server stops, in seconds.
const STOP_SECONDS: u64 = 10;

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it runs.
    pub app: Arc<App>,
    handle: ServerHandle,
    door: Door,
    background: Vec<tokio::task::JoinHandle<()>>,
}

impl Running {
    /// Stops it, after the requests that are under way; nobody else is to come.
    pub async fn stop(mut self) {
        self.handle.stop(true).await;
        self.rest().await;
    }

    /// Waits until nothing is under way, for as long as a stop may take.
    async fn answered(&self) {
        for _ in 0..STOP_SECONDS * 20 {
            if !self.app.metrics.are_under_way() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends what goes on beside the requests; what it has begun others take over.
    async fn rest(&mut self) {
        for task in std::mem::take(&mut self.background) {
            task.abort();
            // Nothing of it goes on once it has ended, however it has.
            let _ = task.await;
        }
        if let Err(error) = give_back(&self.app).await {
            tracing::warn!(%error, "the next node waits until the lease of a job is over");
        }
        self.app.spans.send().await;
    }

    /// Waits until it is stopped by a signal: it says first that it is not ready, so that a proxy sends nobody any more, and goes on
    /// for `notice`; then it lets nobody new in, and answers those who are.
    ///
    /// # Errors
    /// The operating system's, where signals cannot be waited for; the runtime's own.
    pub async fn wait(
        mut self,
        server: impl Future<Output = std::io::Result<()>>,
        notice: Duration,
    ) -> std::io::Result<()> {
        let (mut told, mut interrupted) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut server = std::pin::pin!(server);
        let stopping = tokio::select! {
            // It ends by itself where it fails.
            done = &mut server => Err(done),
            _ = told.recv() => Ok(notice),
            _ = interrupted.recv() => Ok(Duration::ZERO),
        };
        match stopping {
            Err(done) => {
                self.rest().await;
                done
            }
            Ok(notice) => {
                tracing::info!(seconds = notice.as_secs(), "the server stops");
                self.app.ready.stop();
                let stopping = async {
                    tokio::time::sleep(notice).await;
                    self.door.close(&self.handle).await;
                    // A worker that stops drops whom it has not begun to answer.
                    self.answered().await;
                    self.handle.stop(true).await;
                    self.rest().await;
                };
                tokio::join!(server, stopping).0
            }
        }
    }
}

/// Starts a server on an address; port 0 takes a free one. The second part of the answer is the server's own work: await it,
/// or spawn it.
///
/// # Errors
/// The operating system's, where the address cannot be had.
pub fn start(
    app: Arc<App>,
    bind: SocketAddr,
    workers: usize,
) -> std::io::Result<(Running, actix_web::dev::Server)> {
    let (door, listener, taken) = Door::open(bind)?;
    let address = listener.local_addr()?;
    let scheme = if app.edge.certificates.is_some() { "https" } else { "http" };
    app.press.listens_at(&format!("{scheme}://{address}"));
    let shared = web::Data::from(Arc::clone(&app));
    let server = HttpServer::new(move || {
        let sandbox = shared.clone();
        ActixApp::new()
            .configure(routes::served)
            .app_data(shared.clone())
            .configure(move |config| sandbox::configure(&sandbox, config))
            .app_data(web::PayloadConfig::new(BODY_LIMIT))
            .app_data(web::PathConfig::default().error_handler(|_, _| Failure::not_found().into()))
            // Without words: the gate knows whether the path is there with other methods.
            .default_service(web::to(HttpResponse::NotFound))
            .service(pages::reference)
            .service(web::redirect("/docs", "/docs/"))
            .service(web::redirect("/reference", "/reference/"))
            .wrap(Compress::default())
            .wrap(from_fn(gate))
    })
    .workers(workers)
    .on_connect(move |_, _| taken.count())
    .client_request_timeout(Duration::from_secs(10))
    .tls_handshake_timeout(Duration::from_secs(10))
    .disable_signals()
    .shutdown_timeout(STOP_SECONDS);
    let certificates = app.edge.certificates.as_ref();
    let server = match certificates {
        None => server.listen(listener)?,
        Some(certificates) => {
            server.listen_rustls_0_23(listener, certificates.config().map_err(std::io::Error::other)?)?
        }
    };
    let server = server.run();
    let handle = server.handle();
    let mut background = vec![
        tokio::task::spawn_local(keep_sweeping(Arc::clone(&app))),
        tokio::task::spawn_local(keep_looking(Arc::clone(&app))),
        tokio::task::spawn_local(keep_working(Arc::clone(&app))),
    ];
    if app.spans.are_sent() {
        background.push(tokio::task::spawn_local(keep_sending(Arc::clone(&app))));
    }
    background.extend(certificates.map(|shown| tokio::task::spawn_local(keep_renewing(Arc::clone(shown)))));
    Ok((Running { address, app, handle, door, background }, server))
}
