//! Requests that the service itself sends to others.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};

/// A client for one place: no proxy of the environment, no redirect, and a connection for each request, as each worker has a runtime of
/// its own.
///
/// # Errors
/// [`reqwest::Error`] where the certificates of the system are not to be had.
pub fn client(to: &Url, deadline: Duration) -> Result<Client, reqwest::Error> {
    let client =
        Client::builder().no_proxy().pool_max_idle_per_host(0).redirect(Policy::none()).timeout(deadline);
    // Without TLS nobody asks for certificates, and there may be none.
    let client = if to.scheme() == "http" { client.tls_certs_only([]) } else { client };
    client.build()
}
