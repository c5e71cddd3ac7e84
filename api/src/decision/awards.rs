//! 表彰: the register of awards, for those who are logged in (D-708).

use actix_web::{get, web};
use pingxuan_domain::decision::AwardState;
use pingxuan_domain::{Day, Instant};
use pingxuan_persistence::awards::{self, Case};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::catalogue::Language;
use crate::decision::record::DocumentView;
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which awards are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AwardQuery {
    /// 评选活动 · Of this campaign.
    campaign_id: Option<Uuid>,
    /// 类别 · In this category.
    #[param(min_length = 1, max_length = 60)]
    category_code: Option<String>,
    /// 年度 · Of the campaigns of this year.
    #[param(minimum = 1900, maximum = 9999)]
    year: Option<i32>,
    /// 名称包含 · With this in the name of who is commended.
    #[param(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// 排序 · Order: `certificate_number`; `-` before it turns it round.
    #[param(max_length = 60, pattern = "^-?certificate_number$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

impl From<AwardQuery> for awards::Filter {
    fn from(asked: AwardQuery) -> Self {
        let AwardQuery { campaign_id, category_code, year, name, .. } = asked;
        Self { campaign_id, category_code, year, name }
    }
}

/// An award.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AwardView {
    id: Uuid,
    application_id: Uuid,
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
    /// The decision's document number.
    #[schema(max_length = 100)]
    document_number: String,
    /// The day of the decision.
    #[schema(value_type = String, format = Date)]
    decided_on: Day,
    /// The place on the list.
    #[schema(minimum = 1, maximum = 100000)]
    position: u32,
    /// Whether it stands.
    #[schema(value_type = enums::AwardState)]
    state: AwardState,
    /// By which decision it was revoked.
    revocation: Option<DocumentView>,
    #[schema(value_type = String, format = DateTime)]
    announced_at: Instant,
}

impl AwardView {
    /// An award in a language.
    #[must_use]
    pub fn of(language: Language, case: Case) -> Self {
        let category_title = language.of(&case.category_title).to_owned();
        let award = case.award;
        Self {
            id: award.id,
            application_id: award.application_id,
            campaign_id: award.campaign_id,
            campaign_title: case.campaign_title,
            year: case.year,
            category_code: award.category_code,
            category_title,
            certificate_number: award.certificate_number,
            honouree: award.honouree,
            unit_name: award.unit_name,
            post: award.post,
            document_number: award.document_number,
            decided_on: award.decided_on,
            position: award.position,
            state: award.state,
            revocation: award.revocation.as_ref().map(DocumentView::from),
            announced_at: award.announced_at,
        }
    }
}

/// 表彰列表 · List awards
///
/// Announced awards by campaign, category, year or name; revoked ones say so.
#[utoipa::path(tag = "awards", params(PageQuery, AwardQuery), responses((status = 200, description = "A page of awards", body = PageView<AwardView>)))]
#[get("/awards")]
pub async fn list_awards(call: Call) -> Answer {
    let filter = call.filters::<AwardQuery>()?.into();
    let page = awards::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, |case| AwardView::of(call.language, case))
}

/// 查看表彰 · Get an award
///
/// One award.
#[utoipa::path(tag = "awards", params(("award_id" = Uuid, Path, description = "The award")), responses((status = 200, description = "The award", body = AwardView)))]
#[get("/awards/{award_id}")]
pub async fn get_award(call: Call, id: web::Path<Uuid>) -> Answer {
    let case =
        awards::find(call.app.db.read(), &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    let version = case.award.version.to_string();
    call.ok(&AwardView::of(call.language, case), &version)
}
