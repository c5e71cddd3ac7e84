//! Objections: filed and followed by anyone, investigated and answered by the office (D-705, D-706).

use crate::routes::Registry;

pub mod filing;
pub mod handling;
pub mod receipt;
pub mod views;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(filing::file_objection)
        .service(filing::follow_objection)
        .service(handling::list_objections)
        .service(handling::get_objection)
        .service(handling::assign_objection)
        .service(handling::resolve_objection)
        .service(handling::reveal_objector);
}
