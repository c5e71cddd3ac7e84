//! Vetting: what departments say of candidates before the notice, and the bars that they put on units and persons.

use crate::routes::Registry;

pub mod answering;
pub mod requests;
pub mod vetoes;
pub mod views;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(requests::list_vetting_requests)
        .service(requests::request_vetting)
        .service(answering::record_vetting_opinion)
        .service(answering::resolve_vetting_concern)
        .service(vetoes::list_vetoes)
        .service(vetoes::record_veto)
        .service(vetoes::lift_veto);
}
