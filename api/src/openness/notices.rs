//! 公示: public notices, for anyone (D-704). No personal data and no scores: the view has no place for them.

use actix_web::{get, web};
use pingxuan_domain::Day;
use pingxuan_domain::Instant;
use pingxuan_domain::decision::{NoticeContent, NoticeEntry};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::public_notice::{NoticeFacts, NoticeFlow, NoticeState};
use pingxuan_domain::workflow::{self};
use pingxuan_persistence::notices::{self, Shown};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::actions::AllowedAction;
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which notices are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// 评选活动 · Of this campaign.
    campaign_id: Option<Uuid>,
    /// 类别 · Of this category.
    #[param(min_length = 1, max_length = 60)]
    category_code: Option<String>,
    /// 状态 · In this state.
    #[param(value_type = Option<enums::NoticeState>)]
    state: Option<NoticeState>,
    /// 排序 · Order: `published_at`, `closes_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(published_at|closes_at)(,-?(published_at|closes_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A public notice.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicNoticeView {
    id: Uuid,
    campaign_id: Uuid,
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// Where it stands.
    #[schema(value_type = enums::NoticeState)]
    state: NoticeState,
    /// What it shows, frozen.
    content: NoticeContentView,
    /// SHA-256 of `content` in canonical JSON (RFC 8785).
    #[schema(min_length = 64, max_length = 64)]
    digest: String,
    /// Who of its names has fallen out since.
    #[schema(max_items = 1000)]
    fallen_out: Vec<FallenOutView>,
    #[schema(value_type = String, format = DateTime)]
    published_at: Instant,
    /// When its period is over: 24:00 of its last day.
    #[schema(value_type = String, format = DateTime)]
    closes_at: Instant,
    /// When it was closed or withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Instant>,
    /// What may be done with it, for those who are logged in.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

/// What a notice shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeContentView {
    /// The campaign's title.
    #[schema(max_length = 200)]
    campaign_title: String,
    /// The honour.
    #[schema(max_length = 200)]
    category_title: String,
    /// Who is proposed, in the list's order.
    #[schema(max_items = 1000)]
    entries: Vec<NoticeEntryView>,
    /// Working days that it stands.
    #[schema(minimum = 1, maximum = 1000)]
    working_days: u32,
    /// The first day of the period.
    #[schema(value_type = String, format = Date)]
    first_day: Day,
    /// The last day of the period, until 24:00.
    #[schema(value_type = String, format = Date)]
    last_day: Day,
}

/// One name of a notice.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeEntryView {
    /// The place on the list.
    #[schema(minimum = 1, maximum = 100000)]
    position: u32,
    application_id: Uuid,
    /// Who is proposed.
    #[schema(max_length = 200)]
    name: String,
    /// Their unit.
    #[schema(max_length = 100)]
    unit: Option<String>,
    /// Their post.
    #[schema(max_length = 200)]
    post: Option<String>,
}

/// Who has fallen out of a notice; the name stays in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FallenOutView {
    application_id: Uuid,
    /// The place on the list.
    #[schema(minimum = 1, maximum = 100000)]
    position: u32,
    /// What became of the application.
    #[schema(value_type = enums::ApplicationState)]
    state: ApplicationState,
}

impl PublicNoticeView {
    /// A notice on its own; those who are logged in see what they may do with it.
    #[must_use]
    pub fn whole(call: &Call, shown: &Shown) -> Self {
        let notice = &shown.notice;
        let facts = NoticeFacts { phase: shown.phase, now: call.now, closes_at: notice.closes_at };
        let operations = workflow::operations::<NoticeFlow>(Some(notice.state));
        let place = ("/public-notices/{notice_id}", notice.id.to_string());
        let allowed = call.allowed_actions((place.0, &place.1), &operations, |operation| {
            workflow::blockers::<NoticeFlow>(Some(notice.state), operation, &facts)
        });
        Self { allowed_actions: call.visibility.actor().map(|_| allowed), ..Self::row(shown) }
    }

    fn row(shown: &Shown) -> Self {
        let notice = &shown.notice;
        let fallen_out = notice.content.entries.iter().filter_map(|entry| {
            let state = *shown.fallen_out.get(&entry.application_id)?;
            Some(FallenOutView { application_id: entry.application_id, position: entry.position, state })
        });
        Self {
            id: notice.id,
            campaign_id: notice.campaign_id,
            category_code: notice.category_code.clone(),
            state: notice.state,
            content: NoticeContentView::from(&notice.content),
            digest: notice.digest.clone(),
            fallen_out: fallen_out.collect(),
            published_at: notice.published_at,
            closes_at: notice.closes_at,
            ended_at: notice.ended_at,
            allowed_actions: None,
        }
    }
}

impl From<&NoticeEntry> for NoticeEntryView {
    fn from(entry: &NoticeEntry) -> Self {
        Self {
            position: entry.position,
            application_id: entry.application_id,
            name: entry.name.clone(),
            unit: entry.unit.clone(),
            post: entry.post.clone(),
        }
    }
}

impl From<&NoticeContent> for NoticeContentView {
    fn from(content: &NoticeContent) -> Self {
        Self {
            campaign_title: content.campaign_title.clone(),
            category_title: content.category_title.clone(),
            entries: content.entries.iter().map(NoticeEntryView::from).collect(),
            working_days: content.working_days,
            first_day: content.first_day,
            last_day: content.last_day,
        }
    }
}

/// 公示列表 · List public notices
///
/// All notices, running, closed or withdrawn, by campaign, category or state.
#[utoipa::path(tag = "public", params(PageQuery, NoticeQuery), responses((status = 200, description = "A page of notices", body = PageView<PublicNoticeView>)))]
#[get("/public/notices")]
pub async fn list_public_notices(call: Call) -> Answer {
    let NoticeQuery { campaign_id, category_code, state, .. } = call.filters()?;
    let filter = notices::Filter { campaign_id, category_code, state };
    let page = notices::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, |shown| PublicNoticeView::row(&shown))
}

/// 查看公示 · Get a public notice
///
/// One notice, with the digest of what it shows. Its `ETag` is the one that `close_notice` takes; with a token of the office,
/// `allowed_actions` says whether it can be closed.
#[utoipa::path(tag = "public", params(("notice_id" = Uuid, Path, description = "The notice")), responses((status = 200, description = "The notice", body = PublicNoticeView)))]
#[get("/public/notices/{notice_id}")]
pub async fn get_public_notice(call: Call, id: web::Path<Uuid>) -> Answer {
    let shown =
        notices::find(call.app.db.read(), &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    call.ok(&PublicNoticeView::whole(&call, &shown), &shown.notice.version.to_string())
}
