//! The servers as processes of their own: where they listen, what processor time and memory they take.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};

/// What Linux counts processor time in: a hundredth of a second.
const TICK: Duration = Duration::from_millis(10);
/// How a server says where it listens, as `pingxuan serve` does.
const LISTENS: &str = "API ";

/// A server that is stopped when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where its API is.
    pub url: String,
    // Closed, the server could say nothing more.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts it, and waits until it says where it listens.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a server starts");
        let mut said = BufReader::new(child.stdout.take().expect("it can be heard")).lines();
        let url = said.find_map(|line| Some(line.ok()?.strip_prefix(LISTENS)?.trim().to_owned()));
        Self { url: url.expect("it says where it listens"), child, _said: said }
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves what is configured on a free port, with as many workers as the machine has cores, and says where.
pub async fn announce(configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    println!("{LISTENS}http://{}/api/v1", listener.local_addr().expect("its address"));
    let server = HttpServer::new(move || App::new().configure(configure.clone())).listen(listener);
    server.expect("it is listened to").run().await.expect("it serves");
}

/// The processor time that a process has had, and those that it has started, and those of them that have ended.
pub fn processor_time(pid: u32) -> Duration {
    let others = fs::read_dir("/proc").into_iter().flatten().flatten();
    let others = others.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let started = others.filter(|other| parent(*other) == Some(pid));
    let ticks: u64 = started.chain([pid]).filter_map(ticks).sum();
    TICK * u32::try_from(ticks).unwrap_or(u32::MAX)
}

/// What stands behind the name of a process in its `stat`: its state, its parent, and so on.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// Which process has started this one.
pub fn parent(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

/// Of the process in its own code and the kernel's, and of those it has waited for.
fn ticks(pid: u32) -> Option<u64> {
    stat(pid)?.get(11..15)?.iter().map(|figure| figure.parse::<u64>().ok()).sum()
}

/// The memory that a process holds, in MiB.
pub fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let held = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok());
    held.unwrap_or_default() >> 10
}
