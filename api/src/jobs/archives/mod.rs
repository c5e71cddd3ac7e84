//! 档案包: everything of a campaign whose awards are announced, in one package that can be verified alone (D-804).
//!
//! It holds what the operations that read it show the house: personal values stay masked, and who objects is left out.

use futures_util::TryStreamExt;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::job::{Asked, ExportKind};
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::{ErrorCode, Operation, Visibility};
use pingxuan_persistence::{Page, PageRequest, campaigns};
use serde_json::{Value, json};
use uuid::Uuid;

use super::asking::read_by;
use super::columns::moment;
use super::packer::Packer;
use super::work::{Made, Work};
use crate::call::Call;
use crate::campaign::views::written;
use crate::catalogue::label;
use crate::files::Kept;
use crate::files::spool::Spooled;
use crate::problem::Failure;

mod applications;
mod lists;

const ZIP: &str = "application/zip";
/// Rows that are read at once: with their forms and rankings they are large.
const ROWS: u64 = 100;

/// A package at work.
struct Package<'a> {
    work: &'a Work,
    call: Call,
    campaign: Campaign,
    packer: Packer,
}

/// Whether there is enough to be packed: the awards are announced.
#[must_use]
pub fn is_packable(campaign: &Campaign) -> bool {
    matches!(campaign.state, CampaignState::Announced | CampaignState::Archived)
}

/// Makes the package of a campaign.
///
/// # Errors
/// 403 where whoever asked for it may not any more, 409 where the awards are not announced, and what the database refuses.
pub async fn make(work: &Work) -> Result<Made, Failure> {
    let Asked::Export { campaign_id, .. } = &work.job.asked else {
        return Err(Failure::Internal("no archive".into()));
    };
    let call = work.call(read_by(ExportKind::Archive)).await?;
    let campaign = campaigns::find(call.app.db.read(), &call.visibility, *campaign_id).await?;
    let campaign = campaign.ok_or_else(Failure::not_found)?;
    if !is_packable(&campaign) {
        return Err(Failure::guard(ErrorCode::NotAnnounced));
    }
    let path = work.app.files.scratch()?;
    let about = json!({
        "campaign_id": campaign.id, "title": campaign.title, "year": campaign.year, "state": campaign.state,
        "definition_digest": campaign.definition_digest, "made_at": call.now, "language": work.job.language,
    });
    let packer = Packer::begin(path, about, moment(call.now));
    let name = format!("{}-{}.zip", campaign.year, label(work.language(), "export_kind", "archive"));
    let mut package = Package { work, call, campaign, packer };
    let definition = written(&package.campaign.definition)?;
    package.packer.json("definition.json", &definition).await?;
    let text = package.campaign.definition.text.value.clone();
    package.packer.bytes("notice.txt", text.into_bytes()).await?;
    applications::pack(&mut package).await?;
    lists::pack(&mut package).await?;
    let (path, rows) = package.packer.close().await?;
    Ok(Made { path, name, media_type: ZIP, rows, faulty: 0, entered: 0 })
}

impl Package<'_> {
    /// What whoever asked for it may reach with an operation that reads.
    fn reading(&self, operation: Operation) -> Result<Visibility, Failure> {
        self.call.visibility_of(operation).ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))
    }

    /// Puts in a list, a line of JSON for each row, page by page.
    async fn lines(
        &mut self,
        path: &str,
        read: impl AsyncFn(&Call, &PageRequest) -> Result<Page<Value>, Failure>,
    ) -> Result<(), Failure> {
        let mut spool = self.work.app.files.spool()?;
        let mut request = Some(PageRequest { limit: ROWS, ..PageRequest::default() });
        while let Some(asked) = request {
            let page = read(&self.call, &asked).await?;
            for row in &page.items {
                spool.write(row.to_string().as_bytes()).await?;
                spool.write(b"\n").await?;
            }
            request = page.next.map(|after| PageRequest { after: Some(after), ..asked });
        }
        self.packer.file(path, spool.close().await?.path).await
    }

    /// The bytes of an attachment, which are what was declared.
    async fn attached(&self, id: Uuid, digest: &str) -> Result<Spooled, Failure> {
        let files = &self.work.app.files;
        let mut spool = files.spool()?;
        let mut pieces = files.open(Kept::Attachment, id, None).await?;
        while let Some(piece) = pieces.try_next().await? {
            spool.write(&piece).await?;
        }
        let file = spool.close().await?;
        if file.digest == digest {
            Ok(file)
        } else {
            Err(Failure::Internal(format!("attachment {id} is not what was declared")))
        }
    }
}

/// What is shown, as JSON; what may be done with it is nothing of a package.
fn shown(view: impl serde::Serialize) -> Result<Value, Failure> {
    let mut shown = serde_json::to_value(view).map_err(|error| Failure::Internal(error.to_string()))?;
    if let Some(members) = shown.as_object_mut() {
        members.shift_remove("allowed_actions");
    }
    Ok(shown)
}

/// A page of what is shown.
fn page_of<T>(page: Page<T>, view: impl FnMut(T) -> Result<Value, Failure>) -> Result<Page<Value>, Failure> {
    let items = page.items.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next, total: page.total })
}
