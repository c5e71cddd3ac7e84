//! The names of all families of figures, once: what is scraped, and what dashboard and alert rules may name.

use strum::Display;

/// Figures of one name.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The name.
    pub name: &'static str,
    /// Of which kind.
    pub kind: Kind,
    /// What they tell.
    pub help: &'static str,
}

/// What sort of figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    /// It only grows, until the process ends.
    Counter,
    /// It goes up and down.
    Gauge,
    /// A count in buckets.
    Histogram,
}

const fn family(name: &'static str, kind: Kind, help: &'static str) -> Family {
    Family { name, kind, help }
}

pub(super) const BUILD: Family =
    family("pingxuan_build_info", Kind::Gauge, "The version that runs; always 1.");
pub(super) const REQUESTS: Family = family(
    "pingxuan_http_requests_total",
    Kind::Counter,
    "Requests that were answered, by operation, sort of caller and class of the status.",
);
pub(super) const REQUEST_SECONDS: Family = family(
    "pingxuan_http_request_duration_seconds",
    Kind::Histogram,
    "From the request to the first byte of its answer, by operation.",
);
pub(super) const IN_FLIGHT: Family =
    family("pingxuan_http_requests_in_flight", Kind::Gauge, "Requests that are under way.");
pub(super) const PANICS: Family = family(
    "pingxuan_http_panics_total",
    Kind::Counter,
    "Handlers that panicked; each is a fault of the program.",
);
pub(super) const CONNECTIONS: Family = family(
    "pingxuan_database_connections",
    Kind::Gauge,
    "Open connections, by pool and whether somebody uses them.",
);
pub(super) const CONNECTIONS_MOST: Family =
    family("pingxuan_database_connections_max", Kind::Gauge, "How many connections a pool may open.");
pub(super) const STATEMENTS: Family = family(
    "pingxuan_database_statements_total",
    Kind::Counter,
    "SQL statements, by whether the database carried them out.",
);
pub(super) const STATEMENT_SECONDS: Family = family(
    "pingxuan_database_statement_seconds_total",
    Kind::Counter,
    "How long SQL statements took together.",
);
pub(super) const TRANSACTIONS: Family = family(
    "pingxuan_database_transactions_total",
    Kind::Counter,
    "Transactions that asked for a connection.",
);
pub(super) const TRANSACTIONS_AGAIN: Family = family(
    "pingxuan_database_transactions_retried_total",
    Kind::Counter,
    "Transactions that were tried again for a passing reason.",
);
pub(super) const TRANSACTIONS_WAITING: Family =
    family("pingxuan_database_transactions_waiting", Kind::Gauge, "Transactions that wait for a connection.");
pub(super) const TRANSACTION_WAIT_SECONDS: Family = family(
    "pingxuan_database_transaction_wait_seconds_total",
    Kind::Counter,
    "How long transactions waited for a connection together.",
);
pub(super) const QUEUE_RUNNING: Family = family(
    "pingxuan_queue_running",
    Kind::Gauge,
    "What is carried out now, by queue: printing of papers, hashing of passwords.",
);
pub(super) const QUEUE_WAITING: Family =
    family("pingxuan_queue_waiting", Kind::Gauge, "What waits for its turn, by queue.");
pub(super) const REMEMBERED: Family =
    family("pingxuan_remembered_tokens", Kind::Gauge, "Access tokens whose holder is remembered.");
pub(super) const SWEEPS: Family =
    family("pingxuan_sweeps_total", Kind::Counter, "Rounds of the sweeper, by whether all went well.");
pub(super) const STANDING_UP: Family = family(
    "pingxuan_database_up",
    Kind::Gauge,
    "Whether the database answered when it was counted; without that, what follows is missing.",
);
pub(super) const CAMPAIGNS: Family = family("pingxuan_campaigns", Kind::Gauge, "Campaigns, by state.");
pub(super) const APPLICATIONS: Family =
    family("pingxuan_applications", Kind::Gauge, "Applications of all campaigns, by state.");
pub(super) const JOBS: Family = family("pingxuan_jobs", Kind::Gauge, "Jobs, by kind and state.");
pub(super) const JOB_OLDEST: Family = family(
    "pingxuan_job_oldest_queued_seconds",
    Kind::Gauge,
    "For how long the oldest queued job has waited; 0 where none waits.",
);
pub(super) const AUDIT_EVENTS: Family =
    family("pingxuan_audit_events", Kind::Gauge, "Audit events, by how what they tell of ended.");

/// All of them, in the order in which they are told.
pub const FAMILIES: [Family; 23] = [
    BUILD,
    REQUESTS,
    REQUEST_SECONDS,
    IN_FLIGHT,
    PANICS,
    CONNECTIONS,
    CONNECTIONS_MOST,
    STATEMENTS,
    STATEMENT_SECONDS,
    TRANSACTIONS,
    TRANSACTIONS_AGAIN,
    TRANSACTIONS_WAITING,
    TRANSACTION_WAIT_SECONDS,
    QUEUE_RUNNING,
    QUEUE_WAITING,
    REMEMBERED,
    SWEEPS,
    STANDING_UP,
    CAMPAIGNS,
    APPLICATIONS,
    JOBS,
    JOB_OLDEST,
    AUDIT_EVENTS,
];
