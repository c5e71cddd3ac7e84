//! Attachments: files that bear out a declaration (D-504), taken in whole or in pieces, looked at, and handed out again.

use pingxuan_domain::application::attachment::{Attachment, AttachmentState};
use pingxuan_domain::application::handling::Handling;
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::{Operation, Refused};
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{Tx, attachments};
use uuid::Uuid;

use crate::application::sealing::opened;
use crate::application::{forms, held_case};
use crate::call::Call;
use crate::identity::session::actor;
use crate::problem::Failure;
use crate::routes::Registry;

pub mod downloading;
pub mod looking;
pub mod multipart;
pub mod reading;
pub mod receiving;
pub mod removing;
pub mod resuming;
pub mod views;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(reading::list_attachments)
        .service(receiving::upload_attachment)
        .service(reading::get_attachment)
        .service(downloading::download_attachment)
        .service(removing::delete_attachment)
        .service(resuming::get_upload_offset)
        .service(resuming::resume_upload);
}

/// An attachment with its application, if the caller may reach that. What is not whole is there for those alone who may add some.
///
/// # Errors
/// 404 out of reach, 409 while it lies sealed.
pub async fn found(call: &Call, id: Uuid) -> Result<(Attachment, Case), Failure> {
    let read = call.app.db.read();
    let attachment = attachments::find(read, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    let case = applications::find(read, &call.visibility, attachment.application_id).await?;
    let case = case.ok_or_else(Failure::not_found)?;
    if attachment.state != AttachmentState::Stored && !adds(call, &case) {
        return Err(Failure::not_found());
    }
    opened(call, &case)?;
    Ok((attachment, case))
}

/// The same, locked, its application before it.
///
/// # Errors
/// As [`found`].
pub async fn lock(call: &Call, tx: &Tx, id: Uuid) -> Result<(Attachment, Case), Failure> {
    let found = attachments::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    let case = held_case(call, tx, found.application_id).await?;
    let attachment = attachments::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    Ok((attachment, case))
}

/// Whether the caller may add attachments to an application, as far as their reach goes.
#[must_use]
pub fn adds(call: &Call, case: &Case) -> bool {
    let visibility = call.visibility_of(Operation::UploadAttachment);
    visibility.is_some_and(|visibility| case.application.within(&visibility, false))
}

/// Sees to it that attachments may come and go now: whoever may add one may take one away.
///
/// # Errors
/// 409 where the state does not know it, or guards are against it.
pub fn permitted(call: &Call, case: &Case) -> Result<(), Failure> {
    let situation = case.situation(&call.visibility, call.now, vec![])?;
    let (seen, _) = case.application.seen_by(&call.visibility);
    match case.application.blockers(seen, Operation::UploadAttachment, &situation) {
        Some(faults) => Ok(Refused::unless_guarded(faults)?),
        None => Err(Failure::illegal(call.operation(), seen)),
    }
}

/// What is open for a correction; everything where that is not limited.
#[must_use]
pub fn unlocked(handling: &Handling) -> Option<&[String]> {
    handling.unlocked.as_deref()
}

/// Records that what is attached to an application has changed: it is declared with the form, and the digest says so.
///
/// # Errors
/// [`Failure`] where someone else changed it meanwhile.
pub async fn declared(
    call: &Call,
    tx: &Tx,
    case: &mut Case,
    change: impl FnOnce(&mut Case),
) -> Result<(), Failure> {
    let before = forms::audited(call.vault(), case)?;
    change(case);
    forms::digest(call.vault(), &mut case.application)?;
    case.application.handling.written_by(actor(&call.visibility)?.user_id);
    case.application.touch(Audience::Everyone, call.now);
    let (id, campaign_id, state) =
        (case.application.id, case.application.campaign_id, case.application.state);
    let step = Step::of(call.operation(), ObjectKind::Application, id, call.now)
        .in_campaign(campaign_id)
        .states(Some(state), Some(state))
        .difference(&before, &forms::audited(call.vault(), case)?);
    Ok(applications::record_content(tx, &call.journal(), &case.application, &[step]).await?)
}
