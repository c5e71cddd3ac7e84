//! The public register of awards, and the page that checks a certificate (D-708).

use actix_web::{get, web};
use pingxuan_domain::decision::AwardState;
use pingxuan_domain::{Day, Fact, Instant};
use pingxuan_persistence::awards::{self, Case};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::catalogue::{Language, tell};
use crate::decision::awards::AwardQuery;
use crate::decision::record::DocumentView;
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// An award as anyone sees it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicAwardView {
    /// Whether it stands.
    #[schema(value_type = enums::AwardState)]
    state: AwardState,
    /// The same in one sentence.
    #[schema(max_length = 1000)]
    statement: String,
    /// Its certificate's number.
    #[schema(max_length = 40)]
    certificate_number: String,
    /// Who is commended.
    #[schema(max_length = 200)]
    honouree: String,
    /// Their unit.
    #[schema(max_length = 100)]
    unit_name: Option<String>,
    /// Their post.
    #[schema(max_length = 200)]
    post: Option<String>,
    campaign_id: Uuid,
    /// The campaign's title.
    #[schema(max_length = 200)]
    campaign_title: String,
    /// The year that was selected for.
    #[schema(minimum = 1900, maximum = 9999)]
    year: i32,
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// The honour's name, in the caller's language.
    #[schema(max_length = 200)]
    category_title: String,
    /// The decision's document number.
    #[schema(max_length = 100)]
    document_number: String,
    /// The day of the decision.
    #[schema(value_type = String, format = Date)]
    decided_on: Day,
    /// By which decision it was revoked.
    revocation: Option<DocumentView>,
    #[schema(value_type = String, format = DateTime)]
    announced_at: Instant,
}

impl PublicAwardView {
    fn of(language: Language, case: Case) -> Self {
        let category_title = language.of(&case.category_title).to_owned();
        let award = case.award;
        let key = match award.state {
            AwardState::Awarded => "certificate-awarded",
            AwardState::Revoked => "certificate-revoked",
        };
        // Of an award that stands its own decision is said.
        let (document, day) = match &award.revocation {
            Some(revocation) => (&revocation.document_number, revocation.decided_on),
            None => (&award.document_number, award.decided_on),
        };
        let facts = [
            ("document", Fact::from(document.as_str())),
            ("day", Fact::from(day)),
            ("number", Fact::from(award.certificate_number.as_str())),
            ("honouree", Fact::from(award.honouree.as_str())),
            ("title", Fact::from(category_title.as_str())),
        ];
        Self {
            state: award.state,
            statement: tell(language, key, &facts),
            certificate_number: award.certificate_number,
            honouree: award.honouree,
            unit_name: award.unit_name,
            post: award.post,
            campaign_id: award.campaign_id,
            campaign_title: case.campaign_title,
            year: case.year,
            category_code: award.category_code,
            category_title,
            document_number: award.document_number,
            decided_on: award.decided_on,
            revocation: award.revocation.as_ref().map(DocumentView::from),
            announced_at: award.announced_at,
        }
    }
}

/// 表彰公开名录 · List announced awards
///
/// The public register, by campaign, category, year or name; revoked awards say so.
#[utoipa::path(tag = "public", params(PageQuery, AwardQuery), responses((status = 200, description = "A page of awards", body = PageView<PublicAwardView>)))]
#[get("/public/awards")]
pub async fn list_public_awards(call: Call) -> Answer {
    let filter = call.filters::<AwardQuery>()?.into();
    let page = awards::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, |case| PublicAwardView::of(call.language, case))
}

/// 核验证书 · Check a certificate
///
/// Says at once whether the award of a certificate's number stands.
#[utoipa::path(
    tag = "public",
    params(("certificate_number" = String, Path, description = "The number on the certificate", max_length = 40)),
    responses((status = 200, description = "The award", body = PublicAwardView))
)]
#[get("/public/awards/{certificate_number}")]
pub async fn verify_certificate(call: Call, number: web::Path<String>) -> Answer {
    let found = awards::find_by_certificate(call.app.db.read(), &call.visibility, &number).await?;
    let case = found.ok_or_else(Failure::not_found)?;
    let version = case.award.version.to_string();
    call.ok(&PublicAwardView::of(call.language, case), &version)
}
