//! Uploads in pieces: each begins where the one before ended, and what has come over a bad line stays.

use actix_web::{HttpResponse, get, patch, web};
use pingxuan_domain::application::attachment::{Attachment, AttachmentState};
use pingxuan_domain::{ErrorCode, Fault, Refused};
use pingxuan_persistence::attachments;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::looking::look;
use super::multipart::{Pace, take};
use super::receiving::{place_of, whole};
use super::views::AttachmentView;
use super::{adds, declared, found, lock, permitted};
use crate::call::{Answer, Call};
use crate::files::Kept;
use crate::files::spool::{Spool, Spooled};
use crate::problem::Failure;
use crate::upload::Upload;

/// Where the next piece begins, and what a piece says of itself.
const UPLOAD_OFFSET: &str = "Upload-Offset";
/// The media type of a piece.
const PIECE: &str = "application/offset+octet-stream";

/// How far an upload has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadView {
    /// The bytes that have come: where the next piece begins.
    #[schema(minimum = 0, maximum = 2147483648_i64)]
    offset: u64,
    /// The bytes of the whole.
    #[schema(minimum = 1, maximum = 2147483648_i64)]
    size: u64,
}

/// 查询上传进度 · Get how far an upload has come
///
/// Where the next piece begins; also in the header `Upload-Offset`.
#[utoipa::path(
    tag = "attachments",
    params(("attachment_id" = Uuid, Path, description = "The attachment")),
    responses((status = 200, description = "How far it has come", body = UploadView))
)]
#[get("/attachments/{attachment_id}/upload")]
pub async fn get_upload_offset(call: Call, id: web::Path<Uuid>) -> Answer {
    let (attachment, case) = found(&call, *id).await?;
    if !adds(&call, &case) {
        return Err(Failure::not_found());
    }
    let view = UploadView { offset: attachment.received, size: attachment.size };
    let mut answer = call.plain(&view)?;
    put_offset(&mut answer, &attachment)?;
    Ok(answer)
}

/// 续传附件 · Go on with an upload
///
/// The next piece of a file that was announced, from where the one before ended: `Upload-Offset` says where that is. What has come of a
/// piece when a line breaks stays. With the last piece the file is looked at, as `upload_attachment` says; one that is refused is gone.
#[utoipa::path(
    tag = "attachments",
    params(
        ("attachment_id" = Uuid, Path, description = "The attachment"),
        ("Upload-Offset" = u64, Header, description = "Where the piece begins, in bytes", minimum = 0, maximum = 2147483648_i64)
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream", description = "The next bytes"),
    responses((status = 200, description = "Taken; the attachment as it is now", body = AttachmentView))
)]
#[patch("/attachments/{attachment_id}/upload")]
pub async fn resume_upload(mut upload: Upload, id: web::Path<Uuid>) -> Answer {
    let (attachment, case) = found(&upload.call, *id).await?;
    if !adds(&upload.call, &case) {
        return Err(Failure::not_found());
    }
    if !upload.is(PIECE) {
        return Err(Failure::Plain(Fault::new(ErrorCode::UnsupportedMediaType).with("wanted", PIECE)));
    }
    let stated = upload.call.header(UPLOAD_OFFSET).and_then(|offset| offset.parse().ok());
    let missing = || Failure::Plain(Fault::new(ErrorCode::InvalidParameter).with("parameter", UPLOAD_OFFSET));
    let offset: u64 = stated.ok_or_else(missing)?;
    permitted(&upload.call, &case)?;
    goes_on(&attachment, offset)?;
    let piece = received(&mut upload, attachment.size - offset).await?;
    let call = upload.call;
    if piece.size > 0 {
        call.app.files.keep(Kept::Piece(offset), *id, &piece.path).await?;
        grown(&call, *id, offset, piece.size).await?;
    }
    let attachment = if offset + piece.size == attachment.size {
        completed(&call, *id).await?
    } else {
        found(&call, *id).await?.0
    };
    let mut answer = call.ok(&AttachmentView::from(&attachment), &attachment.version.to_string())?;
    put_offset(&mut answer, &attachment)?;
    Ok(answer)
}

/// What has come of a piece, which is never more than what is missing; a line that breaks ends it.
async fn received(upload: &mut Upload, missing: u64) -> Result<Spooled, Failure> {
    let pace = Pace::begin(upload.call.app.edge.body_deadline);
    let mut spool: Spool = upload.call.app.files.spool()?;
    let mut bytes = Box::pin(upload.bytes());
    loop {
        match pace.next(&mut bytes, spool.size()).await {
            Ok(Some(Ok(piece))) => take(&mut spool, &piece, missing).await?,
            Ok(None | Some(Err(_))) | Err(_) => return spool.close().await,
        }
    }
}

/// Whether an upload goes on at this place.
fn goes_on(attachment: &Attachment, offset: u64) -> Result<(), Failure> {
    if attachment.state != AttachmentState::Uploading {
        return Err(Failure::guard(ErrorCode::UploadOver));
    }
    if attachment.received != offset {
        let fault = Fault::new(ErrorCode::UploadOffsetWrong).with("offset", attachment.received.to_string());
        return Err(Refused::Guards(vec![fault]).into());
    }
    Ok(())
}

/// Writes down that a piece has come.
async fn grown(call: &Call, id: Uuid, offset: u64, size: u64) -> Result<(), Failure> {
    call.app
        .db
        .in_tx(async |tx| {
            let (attachment, case) = lock(call, tx, id).await?;
            permitted(call, &case)?;
            goes_on(&attachment, offset)?;
            let version = attachment.version + 1;
            let grown = Attachment { received: offset + size, updated_at: call.now, version, ..attachment };
            Ok(attachments::record(tx, &grown).await?)
        })
        .await
}

/// Puts the pieces together and looks at the whole: it is attached, or gone.
async fn completed(call: &Call, id: Uuid) -> Result<Attachment, Failure> {
    let files = &call.app.files;
    let (attachment, case) = found(call, id).await?;
    let rules = &case.category()?.attachments.value;
    let mut spool = files.spool()?;
    files.join(id, &mut spool).await?;
    let file = spool.close().await?;
    let stated = attachment.digest.as_ref().is_none_or(|stated| *stated == file.digest);
    let looked = if stated {
        look(files, &file, (&attachment.name, None), rules).await
    } else {
        Err(Refused::invalid(Fault::at("/sha256", ErrorCode::DigestMismatch)).into())
    };
    let looked = match looked {
        Ok(looked) => looked,
        Err(Failure::Refused(refused)) => {
            // Nobody goes on with what is refused.
            call.app
                .db
                .in_tx(async |tx| {
                    Ok::<_, Failure>(attachments::delete(tx, &call.journal(), &attachment, &[]).await?)
                })
                .await?;
            files.let_go(&[id]).await;
            return Err(refused.into());
        }
        Err(failure) => return Err(failure),
    };
    files.keep(place_of(&looked), id, &file.path).await?;
    let done = call
        .app
        .db
        .in_tx(async |tx| {
            let (attachment, mut case) = lock(call, tx, id).await?;
            permitted(call, &case)?;
            if attachment.state != AttachmentState::Uploading {
                return Err(Failure::guard(ErrorCode::UploadOver));
            }
            let (digest, version) = (Some(file.digest.clone()), attachment.version + 1);
            let done = whole(Attachment { digest, version, updated_at: call.now, ..attachment }, &looked);
            attachments::record(tx, &done).await?;
            if let Some(kept) = done.attached() {
                declared(call, tx, &mut case, |case| case.application.attached.push(kept)).await?;
            }
            Ok(done)
        })
        .await?;
    if let Err(error) = files.delete_pieces(id).await {
        tracing::warn!(%error, %id, "the pieces of an upload stay for the sweeper");
    }
    Ok(done)
}

fn put_offset(answer: &mut HttpResponse, attachment: &Attachment) -> Result<(), Failure> {
    use actix_web::http::header::{HeaderName, HeaderValue};
    let unwritable = |error: &dyn std::fmt::Display| Failure::Internal(error.to_string());
    let name = HeaderName::from_bytes(UPLOAD_OFFSET.as_bytes()).map_err(|error| unwritable(&error))?;
    let value =
        HeaderValue::from_str(&attachment.received.to_string()).map_err(|error| unwritable(&error))?;
    answer.headers_mut().insert(name, value);
    Ok(())
}
