//! Every route of the API, in the order in which the award's story is told.

use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::identity::client_tokens;
use crate::running::{health, pages, problems};
use crate::{
    application, attachment, campaign, county, decision, identity, jobs, objection, openness, printing,
    review, statistics, verification, vetting,
};

/// Registers every operation.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(health::liveness)
        .service(health::readiness)
        .service(health::get_jwks)
        .service(client_tokens::issue_token)
        .service(health::security_txt)
        .service(pages::openapi_document)
        .service(pages::swagger_ui)
        .service(problems::problem_page)
        .service(
            scope("/api/v1")
                .configure(identity::configure)
                .configure(county::configure)
                .configure(campaign::configure)
                .configure(statistics::configure)
                .configure(application::configure)
                .configure(attachment::configure)
                .configure(verification::configure)
                .configure(review::configure)
                .configure(vetting::configure)
                .configure(decision::configure)
                .configure(objection::configure)
                .configure(openness::configure)
                .configure(printing::configure)
                .configure(jobs::configure),
        );
}
