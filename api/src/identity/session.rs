//! The caller's own sessions: where they are logged in, and how they end it.

use actix_web::{delete, get, post, web};
use pingxuan_domain::policy::Actor;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Instant, Operation, Visibility};
use pingxuan_persistence::sessions::{self, Session};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// A session of the caller.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    id: Uuid,
    /// The session that this request came with.
    current: bool,
    /// Where it was opened from.
    #[schema(max_length = 60)]
    address: Option<String>,
    /// What the program called itself that opened it.
    #[schema(max_length = 200)]
    device: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    renewed_at: Instant,
    /// When it ends at the latest, however often it is renewed.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
}

fn view(session: Session, current: Uuid) -> SessionView {
    SessionView {
        current: session.id == current,
        id: session.id,
        address: session.address,
        device: session.device,
        created_at: session.created_at,
        renewed_at: session.renewed_at,
        expires_at: session.expires_at,
    }
}

/// 退出 · Log out
///
/// Ends the session: its tokens are good for nothing from now on.
#[utoipa::path(tag = "auth", responses((status = 204, description = "The session has ended")))]
#[post("/auth/logout")]
pub async fn logout(call: Call) -> Answer {
    let session_id = actor(&call.visibility)?.session_id;
    let step = Step::of(Operation::Logout, ObjectKind::Session, session_id, call.now);
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| {
            sessions::end(tx, session_id, "logged out", call.now).await?;
            Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?)
        })
        .await?;
    call.gone()
}

/// 我的会话 · List the own sessions
///
/// Where the caller is logged in: what lives, the session of this request among them.
#[utoipa::path(tag = "auth", params(PageQuery), responses((status = 200, description = "A page of sessions", body = PageView<SessionView>)))]
#[get("/me/sessions")]
pub async fn list_sessions(call: Call) -> Answer {
    let actor = actor(&call.visibility)?;
    let since = (call.app.security.renewed_since(call.now), call.now);
    let page = call.page()?;
    let page = sessions::page(call.app.db.read(), &call.visibility, actor.user_id, since, &page).await?;
    call.listed(page, |session| view(session, actor.session_id))
}

/// 结束会话 · End one of the own sessions
///
/// Its tokens are good for nothing from now on, on every node within a second.
#[utoipa::path(
    tag = "auth",
    params(("session_id" = Uuid, Path, description = "The session")),
    responses((status = 204, description = "It has ended"))
)]
#[delete("/me/sessions/{session_id}")]
pub async fn revoke_session(call: Call, id: web::Path<Uuid>) -> Answer {
    let user_id = actor(&call.visibility)?.user_id;
    let since = (call.app.security.renewed_since(call.now), call.now);
    call.act(async |tx| {
        let found = sessions::find(tx, &call.visibility, user_id, since, *id).await?;
        let session = found.ok_or_else(Failure::not_found)?;
        sessions::end(tx, session.id, "ended by its owner", call.now).await?;
        let step = Step::of(Operation::RevokeSession, ObjectKind::Session, session.id, call.now);
        call.journal().write(tx, &[step]).await?;
        call.gone()
    })
    .await
}

/// Who asks, where the policy lets in only those who are logged in.
///
/// # Errors
/// 401, should the policy ever let in somebody else.
pub fn actor(visibility: &Visibility) -> Result<&Actor, Failure> {
    visibility.actor().ok_or_else(|| Failure::of(ErrorCode::Unauthenticated))
}
