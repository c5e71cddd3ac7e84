//! The door: where the server listens, closed so that nobody who has come in by then is turned away.
//!
//! The operating system accepts connections before the server takes them, and breaks those off that still wait when the server stops
//! listening; a worker that stops drops those that it was handed and has not begun. A proxy that had sent a `POST` on one of them cannot
//! send it again. So the door lets nobody new in first, and is shut when those within have been taken.

use std::net::{Shutdown, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use socket2::SockRef;

/// Whoever is within has been taken when nobody was for so long.
const QUIET: Duration = Duration::from_millis(100);
/// How many times it is waited for that at most. Who comes meanwhile has to try again: their first packet is dropped, and sent again
/// a second later, when it is refused.
const PATIENCE: u32 = 8;

/// Where the server listens.
#[derive(Debug)]
pub struct Door {
    /// Another handle of what the server listens on, which would stay open with it.
    listener: Option<TcpListener>,
    taken: Taken,
}

/// How many connections the server has taken.
#[derive(Clone, Debug, Default)]
pub struct Taken(Arc<AtomicUsize>);

impl Taken {
    /// Counts one more.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Door {
    /// Listens on an address; port 0 takes a free one. The other parts of the answer are the server's.
    ///
    /// # Errors
    /// The operating system's, where the address cannot be had.
    pub fn open(bind: SocketAddr) -> std::io::Result<(Self, TcpListener, Taken)> {
        let listener = TcpListener::bind(bind)?;
        let taken = Taken::default();
        Ok((Self { listener: Some(listener.try_clone()?), taken: taken.clone() }, listener, taken))
    }

    /// Lets nobody new in, and shuts when those within have been taken: whoever comes from then on is refused.
    pub async fn close(&mut self, server: &ServerHandle) {
        let Some(listener) = self.listener.take() else { return };
        if let Err(error) = let_nobody_in(&listener) {
            tracing::debug!(%error, "whoever comes at this moment may be turned away");
        }
        for _ in 0..PATIENCE {
            let before = self.taken.0.load(Ordering::Relaxed);
            tokio::time::sleep(QUIET).await;
            if self.taken.0.load(Ordering::Relaxed) == before {
                break;
            }
        }
        server.pause().await;
        if let Err(error) = SockRef::from(&listener).shutdown(Shutdown::Read) {
            tracing::debug!(%error, "whoever comes waits until the server has stopped");
        }
    }
}

/// Drops the packets that begin a connection. What else belongs to one goes through, so that those that are being made are made.
#[cfg(target_os = "linux")]
fn let_nobody_in(listener: &TcpListener) -> std::io::Result<()> {
    use socket2::SockFilter;

    /// Where the flags of a segment of TCP are (RFC 9293, section 3.1), and two of them.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    /// The instructions of the classic packet filter (Linux, `bpf_common.h`): load a byte, keep some of its bits, compare, end.
    const LOAD_BYTE: u16 = 0x30;
    const AND: u16 = 0x54;
    const IS: u16 = 0x15;
    const KEEP: u16 = 0x06;

    SockRef::from(listener).attach_filter(&[
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS),
        SockFilter::new(AND, 0, 0, SYN | ACK),
        SockFilter::new(IS, 0, 1, SYN),
        SockFilter::new(KEEP, 0, 0, 0),
        SockFilter::new(KEEP, 0, 0, u32::MAX),
    ])
}

/// Elsewhere the moment between the last connection that is taken and the end of the listening stays.
#[cfg(not(target_os = "linux"))]
fn let_nobody_in(_: &TcpListener) -> std::io::Result<()> {
    Ok(())
}
