//! The text that Prometheus reads (exposition format 0.0.4).

use std::fmt::Write;
use std::time::Duration;

use super::names::Family;

/// The bounds of the buckets, in seconds: what people notice lies in the middle, what a proxy gives up at the end.
pub(super) const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// How long something took, counted in buckets.
#[derive(Clone, Debug, Default)]
pub(super) struct Histogram {
    buckets: [u64; BOUNDS.len()],
    count: u64,
    sum: Duration,
}

impl Histogram {
    /// Counts one more.
    pub(super) fn observe(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        for (bucket, _) in self.buckets.iter_mut().zip(BOUNDS).filter(|(_, bound)| seconds <= *bound) {
            *bucket += 1;
        }
        self.count += 1;
        self.sum += took;
    }
}

/// The text, as it grows.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// Begins a family: what stands below is of it.
    pub(super) fn family(&mut self, family: Family) -> Rows<'_> {
        let Family { name, kind, help } = family;
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
        Rows { text: self, name }
    }

    /// The whole text.
    pub(super) fn into_string(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A text in memory takes everything.
        let _ = writeln!(self.0, "{line}");
    }
}

/// The rows of a family.
pub(super) struct Rows<'a> {
    text: &'a mut Text,
    name: &'static str,
}

impl Rows<'_> {
    /// A figure with its labels.
    pub(super) fn row(&mut self, labels: &[(&str, &str)], figure: f64) {
        self.text.line(format_args!("{}{} {figure}", self.name, written(labels)));
    }

    /// A count with its labels. Beyond 2⁵³ the last digits go, as in Prometheus itself.
    pub(super) fn count(&mut self, labels: &[(&str, &str)], count: u64) {
        self.row(labels, count as f64);
    }

    /// A histogram with its labels.
    pub(super) fn histogram(&mut self, labels: &[(&str, &str)], histogram: &Histogram) {
        let Histogram { buckets, count, sum } = histogram;
        let bounds = BOUNDS.iter().map(f64::to_string).zip(buckets);
        for (bound, bucket) in bounds.chain([("+Inf".to_owned(), count)]) {
            let labels = written(&[labels, &[("le", bound.as_str())]].concat());
            self.text.line(format_args!("{}_bucket{labels} {bucket}", self.name));
        }
        let labels = written(labels);
        self.text.line(format_args!("{}_sum{labels} {}", self.name, sum.as_secs_f64()));
        self.text.line(format_args!("{}_count{labels} {count}", self.name));
    }
}

/// Labels in braces, of which none is written where there is none.
fn written(labels: &[(&str, &str)]) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let labels: Vec<String> =
        labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;

    #[test]
    fn buckets_hold_all_that_is_not_longer() {
        let mut histogram = Histogram::default();
        for millis in [5, 6, 60_000] {
            histogram.observe(Duration::from_millis(millis));
        }
        let mut text = Text::default();
        text.family(names::REQUEST_SECONDS).histogram(&[("operation", "a\"b")], &histogram);
        let text = text.into_string();
        for line in [
            "# TYPE pingxuan_http_request_duration_seconds histogram",
            "pingxuan_http_request_duration_seconds_bucket{operation=\"a\\\"b\",le=\"0.005\"} 1",
            "pingxuan_http_request_duration_seconds_bucket{operation=\"a\\\"b\",le=\"30\"} 2",
            "pingxuan_http_request_duration_seconds_bucket{operation=\"a\\\"b\",le=\"+Inf\"} 3",
            "pingxuan_http_request_duration_seconds_sum{operation=\"a\\\"b\"} 60.011",
            "pingxuan_http_request_duration_seconds_count{operation=\"a\\\"b\"} 3",
        ] {
            assert!(text.lines().any(|written| written == line), "{line}\n{text}");
        }
    }
}
