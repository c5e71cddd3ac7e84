//! Every route of the API, in the order in which the award's story is told.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use actix_web::dev::HttpServiceFactory;
use actix_web::{guard, web};
use utoipa::Path;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::identity::client_tokens;
use crate::running::{health, pages, problems};
use crate::{
    application, attachment, campaign, county, decision, identity, jobs, objection, openness, printing,
    review, statistics, verification, vetting,
};

/// Where operations are registered: at a server, which answers them, or in the document, which says what they are.
pub trait Registry {
    /// Registers an operation.
    fn service<F: HttpServiceFactory + OpenApiFactory + Path + 'static>(&mut self, operation: F)
    -> &mut Self;

    /// Registers those of an area.
    fn configure(&mut self, area: impl FnOnce(&mut Self)) -> &mut Self {
        area(self);
        self
    }
}

impl Registry for web::ServiceConfig {
    fn service<F: HttpServiceFactory + OpenApiFactory + Path + 'static>(
        &mut self,
        operation: F,
    ) -> &mut Self {
        Self::service(self, operation)
    }
}

impl Registry for ServiceConfig<'_> {
    fn service<F: HttpServiceFactory + OpenApiFactory + Path + 'static>(
        &mut self,
        operation: F,
    ) -> &mut Self {
        Self::service(self, operation)
    }
}

/// Operations by what their paths begin with: a router tries its patterns one after the other, and there are hundreds of them.
#[derive(Default)]
struct ByBeginning(BTreeMap<Beginning, Vec<Registration>>);

/// The first segment of a path, and the third where it is a name: below `/campaigns/{campaign_id}` alone there are dozens.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    first: String,
    /// None stands behind all names, as it takes in what they do not.
    third: Reverse<Option<String>>,
}

type Registration = Box<dyn FnOnce(&mut web::ServiceConfig)>;

impl Registry for ByBeginning {
    fn service<F: HttpServiceFactory + OpenApiFactory + Path + 'static>(
        &mut self,
        operation: F,
    ) -> &mut Self {
        let registration = Box::new(|config: &mut web::ServiceConfig| {
            config.service(operation);
        });
        self.0.entry(Beginning::of(&F::path())).or_default().push(registration);
        self
    }
}

impl Beginning {
    fn of(pattern: &str) -> Self {
        let (first, third) = segments(pattern);
        let third = third.filter(|segment| !segment.contains('{')).map(str::to_owned);
        Self { first: first.to_owned(), third: Reverse(third) }
    }

    fn begins(&self, path: &str) -> bool {
        let (first, third) = segments(path);
        first == self.first && self.third.0.as_deref().is_none_or(|name| third == Some(name))
    }
}

/// The first and the third segment of a path.
fn segments(path: &str) -> (&str, Option<&str>) {
    let mut segments = path.trim_start_matches('/').split('/');
    (segments.next().unwrap_or(""), segments.nth(1))
}

impl ByBeginning {
    /// Registers them, with a router for each beginning.
    fn served(self, config: &mut web::ServiceConfig) {
        for (beginning, registrations) in self.0 {
            let ours = guard::fn_guard(move |request| {
                let within = request.head().uri.path().strip_prefix(WITHIN);
                within.is_some_and(|path| beginning.begins(path))
            });
            config.service(web::scope("").guard(ours).configure(|config| {
                registrations.into_iter().for_each(|register| register(config));
            }));
        }
    }
}

/// Registers every operation at a server.
pub fn served(config: &mut web::ServiceConfig) {
    outside(config);
    let mut operations = ByBeginning::default();
    within(&mut operations);
    config.service(web::scope(WITHIN).configure(|config| operations.served(config)));
}

/// Registers every operation in the document.
pub fn documented(config: &mut ServiceConfig<'_>) {
    outside(config);
    config.service(scope(WITHIN).configure(|config| within(config)));
}

/// Before the path of nearly every operation.
const WITHIN: &str = "/api/v1";

fn outside(config: &mut impl Registry) {
    config
        .service(health::liveness)
        .service(health::readiness)
        .service(health::get_jwks)
        .service(client_tokens::issue_token)
        .service(health::security_txt)
        .service(pages::openapi_document)
        .service(pages::swagger_ui)
        .service(problems::problem_page);
}

fn within(config: &mut impl Registry) {
    config
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
        .configure(jobs::configure);
}
