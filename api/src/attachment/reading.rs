//! Attachments read: what there is, and what is known of one.

use actix_web::{get, web};
use pingxuan_persistence::{Page, attachments};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::views::AttachmentView;
use super::{adds, found};
use crate::application::reading::found as found_application;
use crate::application::sealing::opened;
use crate::call::{Answer, Call};
use crate::pages::{PageQuery, PageView};

/// In which order attachments are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AttachmentQuery {
    /// 排序 · Order: `name`, `created_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(name|created_at)(,-?(name|created_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// 附件列表 · List attachments
///
/// What is attached to an application. Those who may add some see what is still on its way, and what the virus scanner has put aside.
#[utoipa::path(tag = "attachments", params(("application_id" = Uuid, Path, description = "The application"), PageQuery, AttachmentQuery), responses((status = 200, description = "A page of attachments", body = PageView<AttachmentView>)))]
#[get("/applications/{application_id}/attachments")]
pub async fn list_attachments(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = found_application(&call, *id).await?;
    opened(&call, &case)?;
    let whole = !adds(&call, &case);
    let page = attachments::page(call.app.db.read(), &call.visibility, (*id, whole), &call.page()?).await?;
    let items: Vec<_> = page.items.iter().map(AttachmentView::from).collect();
    call.listed(Page { items, next: page.next, total: page.total }, |view| view)
}

/// 查看附件信息 · Get an attachment
///
/// What is known of it; its bytes are at `download_attachment`.
#[utoipa::path(tag = "attachments", params(("attachment_id" = Uuid, Path, description = "The attachment")), responses((status = 200, description = "The attachment", body = AttachmentView)))]
#[get("/attachments/{attachment_id}")]
pub async fn get_attachment(call: Call, id: web::Path<Uuid>) -> Answer {
    let (attachment, _) = found(&call, *id).await?;
    call.ok(&AttachmentView::from(&attachment), &attachment.version.to_string())
}
