//! The applications of a package: what each says now and said with every submission, its paper, and what is attached to it.

use std::time::Duration;

use pingxuan_documents::printing::{Paper, Sheet, form};
use pingxuan_domain::{ErrorCode, Operation};
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{PageRequest, snapshots};
use serde_json::json;

use super::{Package, ROWS, shown};
use crate::application::views::ApplicationView;
use crate::printing::{PDF, language};
use crate::problem::Failure;

/// How often the press is asked anew while others have it.
const PATIENCE: u32 = 20;

pub(super) async fn pack(package: &mut Package<'_>) -> Result<(), Failure> {
    let visibility = package.reading(Operation::ListApplications)?;
    let filter =
        applications::Filter { campaign_id: Some(package.campaign.id), ..applications::Filter::default() };
    let mut request = Some(PageRequest { limit: ROWS, total: true, ..PageRequest::default() });
    let (mut all, mut done) = (0, 0);
    while let Some(asked) = request {
        let page = applications::page(
            package.call.app.db.read(),
            &visibility,
            (&filter, applications::Asked::Here),
            &asked,
        )
        .await?;
        all = page.total.unwrap_or(all);
        for case in &page.items {
            one(package, case).await?;
            done += 1;
            package.work.tell((done, all), (0, 80));
        }
        request = page.next.map(|after| PageRequest { after: Some(after), total: false, ..asked });
    }
    Ok(())
}

async fn one(package: &mut Package<'_>, case: &Case) -> Result<(), Failure> {
    let application = &case.application;
    let folder = format!("applications/{}", application.id);
    let view = shown(ApplicationView::full(&package.call, case)?)?;
    package.packer.json(&format!("{folder}/application.json"), &view).await?;
    let (read, visibility) = (package.call.app.db.read(), &package.call.visibility);
    for submission in snapshots::submissions(read, visibility, application.id).await? {
        let number = submission.number;
        for snapshot in snapshots::numbered(read, visibility, application.id, &[number]).await? {
            let said = json!({
                "number": number, "submitted_at": snapshot.submitted_at, "form": snapshot.form,
                "content_digest": snapshot.content_digest, "attachments": snapshot.attached,
            });
            package.packer.json(&format!("{folder}/submissions/{number}.json"), &said).await?;
        }
    }
    if let Some(paper) = paper(package, case)? {
        let printed = printed(package, paper).await?;
        package.packer.bytes(&format!("{folder}/form.pdf"), printed).await?;
    }
    for attached in &application.attached {
        let file = package.attached(attached.id, &attached.digest).await?;
        let path = format!("{folder}/attachments/{}-{}", attached.id, attached.name);
        package.packer.file(&path, file.path).await?;
    }
    Ok(())
}

/// The form as it is filled in, with its masks; it is no paper that could be handed in.
fn paper(package: &Package<'_>, case: &Case) -> Result<Option<Paper>, Failure> {
    let Some(of) = case.category()?.form.as_ref().map(|form| &form.value) else { return Ok(None) };
    let call = &package.call;
    let parts = form(&of.schema, &of.ui, &case.application.form, language(call));
    Ok(Some(Paper {
        title: call.language.of(&of.title).to_owned(),
        language: language(call),
        sheet: Sheet::Document,
        date: case.application.updated_at.day().date(),
        parts,
        check: None,
    }))
}

/// A paper from the press, which others may have for a while.
async fn printed(package: &Package<'_>, paper: Paper) -> Result<Vec<u8>, Failure> {
    let mut tried = 0;
    loop {
        tried += 1;
        match package.call.app.press.print(paper.clone(), PDF).await {
            Err(Failure::Plain(fault)) if fault.code == ErrorCode::ServiceUnavailable && tried < PATIENCE => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            printed => return printed.map(|bytes| bytes.to_vec()),
        }
    }
}
