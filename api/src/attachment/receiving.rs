//! Attachments taken in: a form with the whole file, or its announcement alone, after which the bytes come in pieces.

use actix_multipart::Multipart;
use actix_web::{post, web};
use pingxuan_domain::application::attachment::{
    Announced, Attachment, AttachmentRules, AttachmentState, faults,
};
use pingxuan_domain::{ErrorCode, Fault, Refused};
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{Tx, attachments};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::looking::{Looked, look, named};
use super::multipart::{Form, receive};
use super::views::AttachmentView;
use super::{declared, permitted, unlocked};
use crate::application::held_case;
use crate::application::sealing::opened;
use crate::call::{Answer, Call, decode};
use crate::files::Kept;
use crate::identity::session::actor;
use crate::problem::Failure;
use crate::upload::{Upload, is_replayed};

/// A file that comes in pieces, announced.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentIn {
    /// Its name, with the ending of its kind.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Its bytes.
    #[schema(minimum = 1, maximum = 2147483648_i64)]
    size: u64,
    /// Its SHA-256 in hexadecimal digits, which is checked once it is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9a-f]{64}$", min_length = 64, max_length = 64)]
    sha256: Option<String>,
    /// The required attachment that it is, by the category's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// The members of the form that it bears out, as JSON pointers below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::application::office::FormPointer>, max_items = 20)]
    pointers: Vec<String>,
}

/// A file with what is said of it, as a form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes a form that is read part by part")]
pub struct AttachmentForm {
    /// The file, with its name.
    #[schema(value_type = String, format = Binary, max_length = 2147483648)]
    file: String,
    /// Its SHA-256 in hexadecimal digits, which is checked.
    #[schema(pattern = "^[0-9a-f]{64}$", min_length = 64, max_length = 64)]
    sha256: Option<String>,
    /// The required attachment that it is, by the category's code.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// The members of the form that it bears out, as JSON pointers below it, a part for each.
    #[schema(value_type = Option<Vec<crate::application::office::FormPointer>>, max_items = 20)]
    pointers: Option<Vec<String>>,
}

/// 上传附件 · Attach a file
///
/// As a form with the whole file; or as JSON that announces it, and then in pieces by `resume_upload`, which a bad line may interrupt.
/// The category says how many, how large and which kinds (`attachments`). The content decides what a file is: it must agree with the
/// name, and with the type and SHA-256 that are stated. While the application may be written; the attachments are part of
/// what is declared, and of its digest. What the virus scanner finds something in is put aside (`quarantined`) and not attached.
#[utoipa::path(
    tag = "attachments",
    params(("application_id" = Uuid, Path, description = "The application")),
    request_body(content((AttachmentIn = "application/json"), (AttachmentForm = "multipart/form-data"))),
    responses((status = 201, description = "Attached, or announced", body = AttachmentView))
)]
#[post("/applications/{application_id}/attachments")]
pub async fn upload_attachment(mut upload: Upload, id: web::Path<Uuid>) -> Answer {
    let rules = admitted(&upload.call, *id).await?;
    if !upload.is("multipart/form-data") {
        upload.read_body().await?;
        return announced(&upload.call, *id).await;
    }
    let deadline = upload.call.app.edge.body_deadline;
    let coming = upload.bytes();
    let form = Multipart::new(upload.call.headers(), coming);
    let form = receive(&upload.call.app.files, form, (rules.max_bytes, deadline)).await?;
    let mut call = upload.call;
    // The same file with the same words is the same request, whatever the boundary between them was.
    call.stands_for(&json!({"file": form.file.digest, "name": form.name, "members": form.members}))?;
    attached(&call, *id, form, &rules).await
}

/// What the category takes; asked before a byte of the file is read, so that nobody sends what is refused in the end.
async fn admitted(call: &Call, id: Uuid) -> Result<AttachmentRules, Failure> {
    let case = applications::find(call.app.db.read(), &call.visibility, id).await?;
    let case = case.ok_or_else(Failure::not_found)?;
    opened(call, &case)?;
    permitted(call, &case)?;
    Ok(case.category()?.attachments.value.clone())
}

async fn announced(call: &Call, id: Uuid) -> Answer {
    call.act(async |tx| {
        let case = held_case(call, tx, id).await?;
        permitted(call, &case)?;
        let sent: AttachmentIn = call.read()?;
        let name = named(&sent.name, "/name")?;
        let attachment = Attachment { name, ..begun(call, tx, &case, &sent).await? };
        attachments::insert(tx, &attachment).await?;
        answered(call, &attachment)
    })
    .await
}

async fn attached(call: &Call, id: Uuid, form: Form, rules: &AttachmentRules) -> Answer {
    let described = described(&form);
    call.app.contract.check_body(call.operation(), &described)?;
    let sent: AttachmentIn = decode(described)?;
    if sent.sha256.as_ref().is_some_and(|stated| *stated != form.file.digest) {
        return Err(Refused::invalid(Fault::at("/sha256", ErrorCode::DigestMismatch)).into());
    }
    let files = &call.app.files;
    let looked = look(files, &form.file, (&form.name, form.declared.as_deref()), rules).await?;
    let new_id = call.app.clock.new_id();
    files.keep(place_of(&looked), new_id, &form.file.path).await?;
    let entered = call.act(async |tx| {
        let mut case = held_case(call, tx, id).await?;
        permitted(call, &case)?;
        let begun = begun(call, tx, &case, &sent).await?;
        let (digest, received) = (Some(form.file.digest.clone()), form.file.size);
        let attachment = Attachment { id: new_id, name: form.name.clone(), digest, received, ..begun };
        let attachment = whole(attachment, &looked);
        attachments::insert(tx, &attachment).await?;
        if let Some(kept) = attachment.attached() {
            declared(call, tx, &mut case, |case| case.application.attached.push(kept)).await?;
        }
        answered(call, &attachment)
    });
    let answer = entered.await;
    let kept = answer.as_ref().is_ok_and(|answer| !is_replayed(answer));
    if !kept {
        files.let_go(&[new_id]).await;
    }
    answer
}

/// The members of a form as its announcement would have them: one schema checks both.
fn described(form: &Form) -> serde_json::Value {
    let mut members = form.members.clone();
    if let Some(members) = members.as_object_mut() {
        members.insert("name".into(), form.name.clone().into());
        members.insert("size".into(), form.file.size.into());
    }
    members
}

/// An attachment as it is announced, of which nothing has come yet, if the category takes one more like it.
async fn begun(call: &Call, tx: &Tx, case: &Case, sent: &AttachmentIn) -> Result<Attachment, Failure> {
    let there = attachments::count(tx, &call.visibility, case.application.id).await?;
    let announced = Announced { code: sent.code.as_deref(), pointers: &sent.pointers, size: sent.size };
    let open = unlocked(&case.application.handling);
    Refused::unless_valid(faults(case.category()?, announced, there, open))?;
    Ok(Attachment {
        id: call.app.clock.new_id(),
        application_id: case.application.id,
        code: sent.code.clone(),
        pointers: sent.pointers.clone(),
        name: sent.name.clone(),
        kind: None,
        size: sent.size,
        digest: sent.sha256.clone(),
        received: 0,
        state: AttachmentState::Uploading,
        created_by: actor(&call.visibility)?.user_id,
        created_at: call.now,
        updated_at: call.now,
        version: 1,
    })
}

/// An attachment that has come whole, by what was found when it was looked at.
#[must_use]
pub fn whole(attachment: Attachment, looked: &Looked) -> Attachment {
    match looked {
        Looked::Good(kind) => Attachment { kind: Some(*kind), state: AttachmentState::Stored, ..attachment },
        Looked::Infected(kind, what) => {
            tracing::warn!(attachment = %attachment.id, what, "the virus scanner found something: it is put aside");
            Attachment { kind: Some(*kind), state: AttachmentState::Quarantined, ..attachment }
        }
    }
}

/// Where it is kept.
#[must_use]
pub fn place_of(looked: &Looked) -> Kept {
    match looked {
        Looked::Good(_) => Kept::Attachment,
        Looked::Infected(..) => Kept::Quarantined,
    }
}

fn answered(call: &Call, attachment: &Attachment) -> Answer {
    let location = format!("/api/v1/attachments/{}", attachment.id);
    call.created(&location, &AttachmentView::from(attachment), &attachment.version.to_string())
}
