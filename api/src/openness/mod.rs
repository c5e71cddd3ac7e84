//! Openness: the workflows, the audit, and what the public sees.

use crate::routes::Registry;

pub mod audit;
pub mod awards;
pub mod notices;
pub mod reference;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(reference::get_workflow)
        .service(reference::list_enumerations)
        .service(audit::list_audit_events)
        .service(notices::list_public_notices)
        .service(notices::get_public_notice)
        .service(awards::list_public_awards)
        .service(awards::verify_certificate);
}
