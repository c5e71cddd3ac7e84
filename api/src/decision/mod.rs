//! Decision: consent, notice, approval, announcement, awards.

use utoipa_actix_web::service_config::ServiceConfig;

pub mod announce;
pub mod approving;
pub mod awards;
pub mod notices;
pub mod returning;

/// Registers the operations of this area.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(approving::endorse_shortlist)
        .service(notices::publish_notice)
        .service(notices::close_notice)
        .service(approving::approve_shortlist)
        .service(returning::return_shortlist)
        .service(awards::list_awards)
        .service(awards::get_award);
}
