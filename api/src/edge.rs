//! The edge: how long a body may take, how often somebody may call, and whose word counts for where a request comes from.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::running::tls::Certificates;

/// What a proxy writes down of those for whom it asks.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What holds at the edge.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Within which time the whole of a body must have come.
    pub body_deadline: Duration,
    /// Requests a minute of one account or machine client; 0 is no limit.
    pub requests_a_minute: u32,
    /// Proxies whose word counts for where a request comes from.
    pub proxies: Vec<IpNet>,
    /// Where to report a weakness, as a URI; without it there is no `security.txt`.
    pub security_contact: Option<String>,
    /// What the server shows to those who connect, where it speaks TLS itself.
    pub certificates: Option<Arc<Certificates>>,
}

impl Default for Edge {
    fn default() -> Self {
        Self {
            body_deadline: Duration::from_secs(20),
            requests_a_minute: 600,
            proxies: Vec::new(),
            security_contact: None,
            certificates: None,
        }
    }
}

impl Edge {
    /// For those who call as fast as they can, and are ours: rehearsals and tests.
    #[must_use]
    pub fn unhurried() -> Self {
        Self { requests_a_minute: 0, ..Self::default() }
    }

    /// Where a request comes from: its peer, or, where that is a proxy of ours, the last one that the proxies name and that is
    /// none of them. What others write into the header counts for nothing.
    #[must_use]
    pub fn source(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all(FORWARDED_FOR).filter_map(|line| line.to_str().ok());
        let named: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        let mut source = peer.to_canonical();
        for name in named.iter().rev() {
            if !self.is_proxy(source) {
                break;
            }
            match name.trim().parse::<IpAddr>() {
                Ok(before) => source = before.to_canonical(),
                Err(_) => break,
            }
        }
        source
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn source(proxies: &[&str], peer: &str, lines: &[&str]) -> String {
        let edge =
            Edge { proxies: proxies.iter().map(|net| net.parse().unwrap()).collect(), ..Edge::default() };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        edge.source(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn s_68_the_word_of_our_proxies_counts_and_nobody_elses() {
        let ours = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(source(&[], "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        assert_eq!(source(&ours, "192.0.2.1", &["1.2.3.4"]), "192.0.2.1");
        assert_eq!(source(&ours, "10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(
            source(&ours, "10.0.0.1", &["6.6.6.6, 1.2.3.4"]),
            "1.2.3.4",
            "what the client wrote itself"
        );
        assert_eq!(source(&ours, "10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.0.0.2"]), "1.2.3.4");
        assert_eq!(source(&ours, "10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
        assert_eq!(source(&ours, "10.0.0.1", &["1.2.3.4, nonsense"]), "10.0.0.1");
        assert_eq!(source(&ours, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(source(&ours, "::ffff:10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    }
}
