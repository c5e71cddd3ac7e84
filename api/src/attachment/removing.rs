//! Attachments taken away again.

use actix_web::{delete, web};
use pingxuan_domain::application::attachment::{AttachmentState, is_open};
use pingxuan_domain::{ErrorCode, Fault, Refused};
use pingxuan_persistence::attachments;
use uuid::Uuid;

use super::{declared, lock, permitted, unlocked};
use crate::call::{Answer, Call};

/// 删除附件 · Delete an attachment
///
/// While the application may be written. In a correction that was limited to some members of the form, only what bears out those, or
/// any where `/attachments` is open.
#[utoipa::path(
    tag = "attachments",
    params(("attachment_id" = Uuid, Path, description = "The attachment"), ("If-Match" = String, Header, description = "The version that is deleted")),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/attachments/{attachment_id}")]
pub async fn delete_attachment(call: Call, id: web::Path<Uuid>) -> Answer {
    let gone = call
        .act(async |tx| {
            let (attachment, mut case) = lock(&call, tx, *id).await?;
            call.expects(&attachment.version.to_string())?;
            permitted(&call, &case)?;
            let open = unlocked(&case.application.handling);
            if open.is_some_and(|open| !is_open(open, &attachment.pointers)) {
                return Err(Refused::invalid(Fault::at("", ErrorCode::FieldLocked)).into());
            }
            attachments::delete(tx, &call.journal(), &attachment, &[]).await?;
            if attachment.state == AttachmentState::Stored {
                declared(&call, tx, &mut case, |case| {
                    case.application.attached.retain(|attached| attached.id != attachment.id);
                })
                .await?;
            }
            call.gone()
        })
        .await?;
    // It belongs to nobody from now on; what cannot be deleted at once the sweeper finds.
    call.app.files.let_go(&[*id]).await;
    Ok(gone)
}
