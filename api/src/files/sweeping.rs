//! Files that belong to nobody: uploads that nobody goes on with, and what was left when something broke off.

use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt;
use object_store::ObjectStore;
use object_store::path::Path;
use pingxuan_domain::{Instant, Operation, Visibility};
use pingxuan_persistence::{attachments, jobs};
use uuid::Uuid;

use crate::app::App;
use crate::problem::Failure;

/// Seconds after which an upload that nobody goes on with is given up.
const UPLOAD_SECONDS: i64 = 24 * 60 * 60;
/// How old a file must be before it is taken to belong to nobody: longer than anything takes that has begun.
pub const ORPHANED: Duration = Duration::from_secs(48 * 60 * 60);
/// How many files are asked about at once.
const ASKED: usize = 500;

/// Gives up uploads that nobody goes on with.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn give_up(app: &App, now: Instant) -> Result<(), Failure> {
    let before = now.plus_seconds(-UPLOAD_SECONDS);
    let given_up = app.db.in_tx(async |tx| Ok::<_, Failure>(attachments::give_up(tx, before).await?)).await?;
    app.files.let_go(&given_up).await;
    Ok(())
}

/// Deletes files that are older than so long and belong to no attachment and no job; answers how many.
///
/// # Errors
/// [`Failure`] where the store or the database is away.
pub async fn sweep(app: &App, older: Duration) -> Result<u32, Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how old a file is says the clock of the machine that keeps it"
    )]
    let now = SystemTime::now();
    let before = now.checked_sub(older).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut swept = 0;
    for (folder, of) in [
        ("attachments", Owner::Attachment),
        ("quarantine", Owner::Attachment),
        ("uploads", Owner::Attachment),
        ("given", Owner::Job),
        ("results", Owner::Job),
    ] {
        let mut listed = app.files.store.list(Some(&Path::from(folder)));
        let mut old = Vec::new();
        loop {
            let next = listed.try_next().await?;
            let over = next.is_none();
            if let Some(file) = next
                && SystemTime::from(file.last_modified) <= before
            {
                old.push(file.location);
            }
            if old.len() >= ASKED || (over && !old.is_empty()) {
                swept += delete_orphans(app, of, &std::mem::take(&mut old)).await?;
            }
            if over {
                break;
            }
        }
    }
    Ok(swept)
}

/// What a file belongs to.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Attachment,
    Job,
}

async fn delete_orphans(app: &App, of: Owner, places: &[Path]) -> Result<u32, Failure> {
    let id = |place: &Path| place.parts().nth(1).and_then(|part| Uuid::parse_str(part.as_ref()).ok());
    let ids: Vec<Uuid> = places.iter().filter_map(id).collect();
    let visibility = Visibility::system(Operation::DownloadAttachment);
    let known = match of {
        Owner::Attachment => attachments::known(app.db.read(), &visibility, &ids).await?,
        Owner::Job => jobs::known(app.db.read(), &visibility, &ids).await?,
    };
    let mut swept = 0;
    for place in places.iter().filter(|place| id(place).is_none_or(|id| !known.contains(&id))) {
        app.files.gone(place).await?;
        swept += 1;
    }
    Ok(swept)
}
