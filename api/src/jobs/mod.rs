//! 后台任务: exports, imports, archives and large plans, asked for with one request and fetched with another (API rule 9).

use crate::routes::Registry;

use std::sync::Arc;
use std::time::Duration;

use pingxuan_persistence::jobs::Holder;
use tokio::sync::Notify;
use uuid::Uuid;

pub mod archives;
pub mod asking;
pub mod columns;
pub mod exports;
pub mod handling;
pub mod importing;
pub mod imports;
pub mod packer;
pub mod pen;
pub mod planning;
pub mod running;
pub mod views;
pub mod work;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(importing::get_import_template)
        .service(asking::create_export)
        .service(importing::create_import)
        .service(handling::list_jobs)
        .service(handling::get_job)
        .service(handling::download_job_result)
        .service(handling::cancel_job);
}

/// How this node carries jobs out.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// What it is known by while it has one.
    pub node: Uuid,
    /// For how long it is taken to be alive when it says nothing more.
    pub lease: Duration,
    /// Rows that are read at once.
    pub rows: u64,
    /// Tells it that there is something to do.
    pub wake: Arc<Notify>,
}

impl Jobs {
    /// For a node that is known by an id of its own.
    #[must_use]
    pub fn of(node: Uuid) -> Self {
        Self { node, lease: Duration::from_secs(30), rows: 200, wake: Arc::default() }
    }

    /// The node as the database knows it.
    #[must_use]
    pub fn holder(&self) -> Holder {
        Holder { node: self.node, lease: u32::try_from(self.lease.as_millis()).unwrap_or(u32::MAX) }
    }
}
