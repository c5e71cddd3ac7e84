//! Machine clients, kept by the system administrator (D-901): other systems that call in their own name, never as people.

use actix_web::{delete, get, post, web};
use pingxuan_domain::client::{Client, Scope};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Fault, Instant, Operation, Refused};
use pingxuan_persistence::{Tx, clients};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::tokens::{client_secret, secret_hash};
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;
use crate::secret::Secret;

/// Hours for which the secret before stays good, where nothing else is said.
const KEPT_HOURS: i64 = 24;

/// How clients are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClientQuery {
    /// 排序 · Order: `name`; `-` before it turns it round.
    #[param(max_length = 60, pattern = "^-?name$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A machine client as it is entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientIn {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<enums::Scope>, min_items = 1, max_items = 20)]
    scopes: Vec<Scope>,
}

/// How one secret takes the place of another.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretRotationIn {
    /// Hours for which the secret before stays good; 0 ends it at once, as is right where somebody else has it.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 168, default = 24)]
    keep_hours: Option<i64>,
}

/// A machine client.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientView {
    /// What it shows as `client_id`.
    id: Uuid,
    /// What it is called.
    #[schema(max_length = 100)]
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<enums::Scope>, max_items = 20)]
    scopes: Vec<Scope>,
    /// Until when the secret before the last is good too.
    #[schema(value_type = Option<String>, format = DateTime)]
    old_secret_until: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// What it shows as `client_secret`, told this once.
    #[schema(value_type = Option<String>, max_length = 60)]
    client_secret: Option<Secret>,
}

fn view(client: Client, old_secret_until: Option<Instant>) -> ClientView {
    ClientView {
        id: client.id,
        name: client.name,
        scopes: client.scopes,
        old_secret_until,
        created_at: client.created_at,
        updated_at: client.updated_at,
        client_secret: None,
    }
}

/// 机器客户端列表 · List machine clients
///
/// Other systems that may call, with what each may do. Their secrets are told by nothing.
#[utoipa::path(tag = "accounts", params(PageQuery, ClientQuery), responses((status = 200, description = "A page of clients", body = PageView<ClientView>)))]
#[get("/clients")]
pub async fn list_clients(call: Call) -> Answer {
    let read = call.app.db.read();
    let page = clients::page(read, &call.visibility, &call.page()?).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|client| client.id).collect();
    let mut old = clients::old_secrets(read, &call.visibility, &ids, call.now).await?.into_iter();
    call.listed(page, |client| view(client, old.next().flatten()))
}

/// 新建机器客户端 · Create a machine client
///
/// The answer holds its secret, told this once. It gets access tokens with it at `/oauth2/token`, for its scopes and nothing else.
#[utoipa::path(tag = "accounts", request_body = ClientIn, responses((status = 201, description = "Created", body = ClientView)))]
#[post("/clients")]
pub async fn create_client(call: Call) -> Answer {
    let sent: ClientIn = call.read()?;
    let mut scopes = sent.scopes;
    let count = scopes.len();
    scopes.sort();
    scopes.dedup();
    if scopes.len() < count {
        return Err(Refused::invalid(Fault::at("/scopes", ErrorCode::Duplicate)).into());
    }
    let client = Client {
        id: call.app.clock.new_id(),
        name: sent.name,
        scopes,
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    };
    let secret = client_secret()?;
    let step = step_of(&call, &client).difference(&Value::Null, &audited(&client));
    let journal = call.journal();
    let answer = call.act(async |tx| {
        clients::insert(tx, &journal, &client, secret_hash(&secret), step.clone()).await?;
        let location = format!("/api/v1/clients/{}", client.id);
        let mut view = view(client.clone(), None);
        view.client_secret = Some(secret.clone().into());
        call.created(&location, &view, &client.version.to_string())
    });
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::ClientNameTaken))
}

/// 更换密钥 · Rotate the secret of a machine client
///
/// The answer holds its new secret, told this once. The one before stays good for a while (`keep_hours`), so that nothing fails while
/// the other system is given the new one; an older one ends now.
#[utoipa::path(
    tag = "accounts",
    params(("client_id" = Uuid, Path, description = "The client"), ("If-Match" = String, Header, description = "The version whose secret is changed")),
    request_body = Option<SecretRotationIn>,
    responses((status = 200, description = "It has a new secret", body = ClientView))
)]
#[post("/clients/{client_id}/rotate-secret")]
pub async fn rotate_client_secret(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let before = locked(&call, tx, *id).await?;
        let sent: SecretRotationIn = call.read_or_empty()?;
        let keep_until = call.now.plus_seconds(sent.keep_hours.unwrap_or(KEPT_HOURS) * 60 * 60);
        let client = Client { version: before.version + 1, updated_at: call.now, ..before };
        let secret = client_secret()?;
        let step = step_of(&call, &client).changing("/old_secret_until", Value::Null, keep_until.to_string());
        clients::rotate(tx, &call.journal(), &client, (secret_hash(&secret), keep_until), step).await?;
        let version = client.version.to_string();
        let mut view = view(client, Some(keep_until).filter(|until| call.now < *until));
        view.client_secret = Some(secret.into());
        call.ok(&view, &version)
    })
    .await
}

/// 删除机器客户端 · Delete a machine client
///
/// Its secrets and its access tokens are good for nothing from then on, on every node within a second.
#[utoipa::path(
    tag = "accounts",
    params(("client_id" = Uuid, Path, description = "The client"), ("If-Match" = String, Header, description = "The version that is deleted")),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/clients/{client_id}")]
pub async fn delete_client(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let client = locked(&call, tx, *id).await?;
        let step = step_of(&call, &client).difference(&audited(&client), &Value::Null);
        clients::delete(tx, &call.journal(), &client, step).await?;
        call.gone()
    })
    .await
}

/// The client that is acted on, locked, in the version that the caller has seen.
async fn locked(call: &Call, tx: &Tx, id: Uuid) -> Result<Client, Failure> {
    let client = clients::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&client.version.to_string())?;
    Ok(client)
}

fn step_of(call: &Call, client: &Client) -> Step {
    let operation: Operation = call.operation();
    Step::of(operation, ObjectKind::Client, client.id, call.now)
}

fn audited(client: &Client) -> Value {
    json!({"name": client.name, "scopes": client.scopes})
}
