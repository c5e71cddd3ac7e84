//! Spans for a collector (OpenTelemetry, OTLP over HTTP as JSON): one for each request that is answered, by numbers alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pingxuan_domain::Instant;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::call::JSON;
use crate::outgoing;
use crate::trace::Trace;

/// How often spans are sent.
const PACE: Duration = Duration::from_secs(1);
/// How long a collector may take.
const DEADLINE: Duration = Duration::from_secs(3);
/// How many spans wait for a collector that is away; what comes beyond that is lost.
const MOST: usize = 4096;

/// Where spans go; without a collector nowhere. A copy sends with it.
#[derive(Clone, Debug, Default)]
pub struct Spans(Option<Arc<Collector>>);

#[derive(Debug)]
struct Collector {
    place: Url,
    client: Client,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    spans: Vec<Value>,
    lost: u64,
}

/// A request that is answered.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// The trace that it belongs to, where somebody else began that; of it the span is a part.
    pub within: Option<Trace>,
    /// Its own id: the whole of it is the trace's where nobody began one, its second half the span's.
    pub id: Uuid,
    /// The operation.
    pub operation: &'a str,
    /// The method of HTTP.
    pub method: &'a str,
    /// The place, without what stands in it.
    pub route: Option<&'a str>,
    /// The id that the caller has too.
    pub request_id: &'a str,
    /// Whose account or client it is.
    pub actor: Option<Uuid>,
    /// The status of the answer.
    pub status: u16,
    /// When it was answered.
    pub ended: Instant,
    /// How long that took.
    pub took: Duration,
}

impl Spans {
    /// Spans for a collector at an address, such as `http://127.0.0.1:4318`.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn sent_to(address: &str) -> Result<Self, String> {
        let wrong =
            || format!("PINGXUAN_OTLP is '{address}': write an address such as http://127.0.0.1:4318.");
        let mut place = Url::parse(address).map_err(|_| wrong())?;
        place.set_path(&format!("{}/v1/traces", place.path().trim_end_matches('/')));
        let named = !place.username().is_empty() || place.password().is_some();
        if named || !["http", "https"].contains(&place.scheme()) {
            // What stands before an `@` may be a secret.
            return Err(if address.contains('@') {
                "PINGXUAN_OTLP: write an address such as http://127.0.0.1:4318, without a name or a password."
                    .into()
            } else {
                wrong()
            });
        }
        let client = outgoing::client(&place, DEADLINE).map_err(|error| {
            format!("PINGXUAN_OTLP: the collector cannot be reached by TLS ({error}): are the certificates of the system there (ca-certificates)?")
        })?;
        Ok(Self(Some(Arc::new(Collector { place, client, waiting: Mutex::default() }))))
    }

    /// Whether there is a collector.
    #[must_use]
    pub fn are_sent(&self) -> bool {
        self.0.is_some()
    }

    /// Notes a request, for the next time that spans are sent. Where whoever began the trace does not record it, neither does this
    /// service.
    pub fn note(&self, span: Span) {
        let Some(collector) = &self.0 else { return };
        if span.within.is_some_and(|trace| trace.flags & 1 == 0) {
            return;
        }
        let mut waiting = collector.waiting();
        if waiting.spans.len() < MOST {
            waiting.spans.push(span.told());
        } else {
            waiting.lost += 1;
        }
    }

    /// Sends what waits. What a collector that is away does not take waits on; what one refuses is dropped.
    pub async fn send(&self) {
        let Some(collector) = &self.0 else { return };
        let (spans, lost) = {
            let mut waiting = collector.waiting();
            (waiting.spans.clone(), std::mem::take(&mut waiting.lost))
        };
        if lost > 0 {
            tracing::warn!(lost, "spans are lost: the collector was away for too long");
        }
        if spans.is_empty() {
            return;
        }
        let count = spans.len();
        let request = collector.client.post(collector.place.clone()).header(CONTENT_TYPE, JSON);
        match request.body(document(spans).to_string()).send().await {
            Ok(answer) if answer.status().is_server_error() => {
                tracing::warn!(status = answer.status().as_u16(), "the collector of spans fails");
                return;
            }
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => tracing::warn!(status = answer.status().as_u16(), "the collector refuses spans"),
            Err(error) => {
                tracing::warn!(error = %error.without_url(), "the collector of spans is away");
                return;
            }
        }
        collector.waiting().spans.drain(..count);
    }
}

impl Collector {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends spans until the server stops.
pub async fn keep_sending(app: Arc<App>) {
    loop {
        tokio::time::sleep(PACE).await;
        app.spans.send().await;
    }
}

/// The number of a span in its trace.
#[must_use]
pub fn number_of(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

impl Span<'_> {
    /// The span as the standard writes it: ids in hexadecimal digits, large numbers as texts.
    fn told(&self) -> Value {
        let ended = i128::from(self.ended.millis()) * 1_000_000;
        let began = ended - i128::try_from(self.took.as_nanos()).unwrap_or_default();
        let trace = self.within.map_or(self.id.as_u128(), |trace| trace.id);
        let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
        let mut attributes = vec![
            text("http.request.method", self.method),
            json!({"key": "http.response.status_code", "value": {"intValue": self.status.to_string()}}),
            text("pingxuan.request_id", self.request_id),
        ];
        attributes.extend(self.route.map(|route| text("http.route", route)));
        attributes.extend(self.actor.map(|actor| text("user.id", &actor.to_string())));
        let mut told = json!({
            "traceId": format!("{trace:032x}"),
            "spanId": format!("{:016x}", number_of(self.id)),
            "name": self.operation,
            "kind": 2,
            "startTimeUnixNano": began.to_string(),
            "endTimeUnixNano": ended.to_string(),
            "attributes": attributes,
            "status": {"code": if self.status >= 500 { 2 } else { 0 }},
        });
        if let (Some(trace), Some(members)) = (self.within, told.as_object_mut()) {
            members.insert("parentSpanId".into(), format!("{:016x}", trace.parent).into());
        }
        told
    }
}

fn document(spans: Vec<Value>) -> Value {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let service = [text("service.name", "pingxuan"), text("service.version", env!("CARGO_PKG_VERSION"))];
    let scope = json!({"name": "pingxuan"});
    json!({"resourceSpans": [{
        "resource": {"attributes": service},
        "scopeSpans": [{"scope": scope, "spans": spans}],
    }]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_named_by_an_address_without_a_secret() {
        assert!(Spans::sent_to("http://127.0.0.1:4318").unwrap().are_sent());
        for wrong in ["127.0.0.1:4318", "ftp://collector", "http://"] {
            assert!(Spans::sent_to(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
        for named in ["http://who:hidden@collector", "http://hidden@collector"] {
            assert!(!Spans::sent_to(named).unwrap_err().contains("hidden"));
        }
    }
}
