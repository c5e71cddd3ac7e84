//! 荣誉证书 and the list of the commended (D-708): on paper what the register says.

use actix_web::{get, web};
use pingxuan_documents::printing::{Part, Sheet, Style, Table};
use pingxuan_domain::ErrorCode;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::decision::AwardState;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_persistence::awards::{self, Case, Filter};
use pingxuan_persistence::{PageRequest, campaigns, canonical, digest_hex};
use serde_json::json;
use uuid::Uuid;

use super::checking::PaperKind;
use super::{Source, paper, printed};
use crate::call::{Answer, Call};
use crate::catalogue::{tell, text};
use crate::problem::Failure;

/// Rows that are read at once.
const ROWS: u64 = 100;

/// The digest of what a certificate says.
///
/// # Errors
/// [`Failure::Internal`] where it cannot be written.
pub fn digest_of(case: &Case) -> Result<String, Failure> {
    let award = &case.award;
    let said = json!({
        "campaign_id": award.campaign_id,
        "category": award.category_code,
        "certificate_number": award.certificate_number,
        "decided_on": award.decided_on,
        "document_number": award.document_number,
        "honouree": award.honouree,
        "state": award.state,
        "unit_name": award.unit_name,
    });
    Ok(digest_hex(canonical(&said)?.as_bytes()))
}

/// 打印荣誉证书 · Print a certificate
///
/// The certificate of an award that stands, as PDF or DOCX, with its number and a code by which anyone can check it.
#[utoipa::path(
    tag = "awards",
    params(("award_id" = Uuid, Path, description = "The award")),
    responses((status = 200, description = "The certificate", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))))
)]
#[get("/awards/{award_id}/certificate")]
pub async fn get_certificate(call: Call, id: web::Path<Uuid>) -> Answer {
    let (paper, version) = call
        .app
        .db
        .in_tx(async |tx| {
            let case = awards::find(tx, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
            if case.award.state == AwardState::Revoked {
                return Err(Failure::guard(ErrorCode::AwardRevoked));
            }
            let campaign = campaigns::find(tx, &call.visibility, case.award.campaign_id).await?;
            let issuer =
                campaign.map(|campaign| campaign.definition.issuer.value.clone()).unwrap_or_default();
            let award = &case.award;
            let source = Source {
                kind: PaperKind::Certificate,
                object_id: award.id,
                digest: digest_of(&case)?,
                date: award.decided_on,
                title: text(call.language, "paper-certificate").unwrap_or_default(),
            };
            let honour = call.language.of(&case.category_title).to_owned();
            let facts = [("year", case.year.to_string().into()), ("honour", honour.into())];
            let parts = vec![
                Part::Text(Style::Title, source.title.clone()),
                Part::Text(Style::Plain, format!("{}：", honouree(&case))),
                Part::Text(Style::Body, tell(call.language, "paper-certificate-text", &facts)),
                Part::Text(
                    Style::Plain,
                    tell(
                        call.language,
                        "paper-certificate-number",
                        &[
                            ("number", award.certificate_number.clone().into()),
                            ("document", award.document_number.clone().into()),
                        ],
                    ),
                ),
                Part::Text(Style::Closing, format!("{issuer}\n{}", day(&call, award.decided_on))),
            ];
            let paper = paper(&call, tx, &source, (Sheet::Certificate, parts)).await?;
            Ok::<_, Failure>((paper, award.version.to_string()))
        })
        .await?;
    printed(&call, paper, &version).await
}

/// Who is commended, with their unit where it is a person.
fn honouree(case: &Case) -> String {
    let award = &case.award;
    match &award.unit_name {
        Some(unit) if *unit != award.honouree => format!("{unit} {}", award.honouree),
        Some(_) | None => award.honouree.clone(),
    }
}

/// A day as a document says it.
#[must_use]
pub fn day(call: &Call, day: pingxuan_domain::Day) -> String {
    let date = day.date();
    let facts = [
        ("year", date.year().to_string().into()),
        ("month", u32::from(u8::from(date.month())).to_string().into()),
        ("day", u32::from(date.day()).to_string().into()),
    ];
    tell(call.language, "paper-date", &facts)
}

/// 打印表彰名单 · Print the list of the commended
///
/// Everyone who is commended in a campaign, by category, as the annex of the decision: PDF or DOCX. Awards that were revoked are left
/// out.
#[utoipa::path(
    tag = "awards",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    responses((status = 200, description = "The list", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))))
)]
#[get("/campaigns/{campaign_id}/award-list")]
pub async fn get_award_list_document(call: Call, id: web::Path<Uuid>) -> Answer {
    let (paper, version) = call
        .app
        .db
        .in_tx(async |tx| {
            let campaign =
                campaigns::find(tx, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
            let standing = standing(&call, tx, &campaign).await?;
            let digest = list_digest(&standing)?;
            let date = standing.iter().map(|case| case.award.decided_on).max();
            let date = date.ok_or_else(|| Failure::guard(ErrorCode::NothingAwarded))?;
            let word = |key: &str| text(call.language, key).unwrap_or_default();
            let source = Source {
                kind: PaperKind::AwardList,
                object_id: campaign.id,
                digest,
                date,
                title: word("paper-award-list"),
            };
            let mut parts = vec![
                Part::Text(Style::Plain, word("paper-annex")),
                Part::Text(Style::Title, source.title.clone()),
            ];
            parts.push(Part::Text(Style::Subtitle, campaign.title.clone()));
            for category in &campaign.definition.categories {
                let of_it: Vec<&Case> =
                    standing.iter().filter(|case| case.award.category_code == category.code).collect();
                if of_it.is_empty() {
                    continue;
                }
                let facts = [
                    ("honour", call.language.of(&category.title.value).to_owned().into()),
                    ("count", of_it.len().into()),
                ];
                parts.push(Part::Text(
                    Style::Heading,
                    tell(call.language, "paper-award-list-category", &facts),
                ));
                let columns = [
                    (word("paper-number"), 2),
                    (word("paper-honouree"), 6),
                    (word("paper-unit"), 7),
                    (word("paper-post"), 4),
                    (word("paper-certificate-no"), 5),
                ];
                let row = |(place, case): (usize, &&Case)| {
                    let award = &case.award;
                    vec![
                        (place + 1).to_string(),
                        award.honouree.clone(),
                        award.unit_name.clone().unwrap_or_default(),
                        award.post.clone().unwrap_or_default(),
                        award.certificate_number.clone(),
                    ]
                };
                parts.push(Part::Table(Table::list(&columns, of_it.iter().enumerate().map(row))));
            }
            let step = Step::of(call.operation(), ObjectKind::Campaign, campaign.id, call.now)
                .in_campaign(campaign.id);
            call.journal().write(tx, &[step]).await?;
            let paper = paper(&call, tx, &source, (Sheet::Document, parts)).await?;
            Ok::<_, Failure>((paper, campaign.version.to_string()))
        })
        .await?;
    printed(&call, paper, &version).await
}

/// The awards of a campaign that stand, by category and place.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn standing(
    call: &Call,
    connection: &impl pingxuan_persistence::Connection,
    campaign: &Campaign,
) -> Result<Vec<Case>, Failure> {
    let filter = Filter { campaign_id: Some(campaign.id), ..Filter::default() };
    let mut request = PageRequest { limit: ROWS, ..PageRequest::default() };
    let mut found = Vec::new();
    loop {
        let page = awards::page(connection, &call.visibility, &filter, &request).await?;
        found.extend(page.items.into_iter().filter(|case| case.award.state != AwardState::Revoked));
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    found.sort_by(|one, other| {
        let of = |case: &Case| (case.award.category_code.clone(), case.award.position);
        of(one).cmp(&of(other))
    });
    Ok(found)
}

/// The digest of a list of the commended.
///
/// # Errors
/// [`Failure::Internal`] where it cannot be written.
pub fn list_digest(standing: &[Case]) -> Result<String, Failure> {
    let digests: Vec<String> = standing.iter().map(digest_of).collect::<Result<_, _>>()?;
    Ok(digest_hex(canonical(&digests)?.as_bytes()))
}
