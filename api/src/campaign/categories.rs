//! The categories of a campaign and their forms, as the notice definition has them.

use actix_web::{get, web};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_persistence::{campaigns, no_awards};
use uuid::Uuid;

use super::views::{CategoryView, FormView, LabelView};
use crate::call::{Answer, Call};
use crate::decision::no_award::{CategoryCase, tells};
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// 类别列表 · List the categories of a campaign
///
/// In the notice's order.
#[utoipa::path(tag = "campaigns", params(("campaign_id" = Uuid, Path, description = "The campaign"), PageQuery), responses((status = 200, description = "The categories", body = PageView<CategoryView>)))]
#[get("/campaigns/{campaign_id}/categories")]
pub async fn list_categories(call: Call, id: web::Path<Uuid>) -> Answer {
    let campaign = campaign(&call, *id).await?;
    let read = call.app.db.read();
    let decided = if tells(&call, &campaign) {
        no_awards::of_campaign(read, &call.visibility, campaign.id).await?
    } else {
        vec![]
    };
    let view = |category: &Category| {
        let decided = decided.iter().find(|decided| decided.category_code == category.code);
        CategoryView::of(campaign.id, category, decided, &call)
    };
    let page = call.sliced(campaign.definition.categories.iter().map(view).collect())?;
    call.listed(page, |view| view)
}

/// 查看类别 · Get a category
///
/// Scope, quota, criteria verbatim, what each nominee needs, and whether it was decided without an award: to the house at once, to
/// all others once the campaign is announced.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("category_code" = String, Path, description = "The category", max_length = 64)),
    responses((status = 200, description = "The category", body = CategoryView))
)]
#[get("/campaigns/{campaign_id}/categories/{category_code}")]
pub async fn get_category(call: Call, path: web::Path<(Uuid, String)>) -> Answer {
    let (id, code) = path.into_inner();
    let campaign = campaign(&call, id).await?;
    let read = call.app.db.read();
    let case = CategoryCase::read(read, &call, campaign, &code).await?;
    call.ok(&case.view(read, &call).await?, &case.version())
}

/// 类别的表单 · Get the form of a category
///
/// A JSON Schema 2020-12, by which the server checks too, and hints for drawing it.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("category_code" = String, Path, description = "The category", max_length = 64)),
    responses((status = 200, description = "The form", body = FormView))
)]
#[get("/campaigns/{campaign_id}/categories/{category_code}/form")]
pub async fn get_category_form(call: Call, path: web::Path<(Uuid, String)>) -> Answer {
    let (id, code) = path.into_inner();
    let campaign = campaign(&call, id).await?;
    let category = campaign.definition.category(&code).ok_or_else(Failure::not_found)?;
    let form = category.form.as_ref().ok_or_else(Failure::not_found)?;
    let form = &form.value;
    let view = FormView {
        code: form.code.clone(),
        title: LabelView::of(&form.title),
        schema: form.schema.clone(),
        ui: form.ui.clone(),
    };
    call.ok(&view, &campaign.definition_digest)
}

async fn campaign(call: &Call, id: Uuid) -> Result<Campaign, Failure> {
    campaigns::find(call.app.db.read(), &call.visibility, id).await?.ok_or_else(Failure::not_found)
}
