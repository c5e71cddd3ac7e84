//! The notice of a campaign on paper (通知), with its text as the definition has it.

use actix_web::{get, web};
use pingxuan_documents::printing::{Part, Sheet, Style};
use pingxuan_domain::campaign::Campaign;
use pingxuan_persistence::{campaigns, canonical, digest_hex};
use serde_json::json;
use uuid::Uuid;

use super::awards::day;
use super::checking::PaperKind;
use super::{Source, paper, printed};
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// What a heading of a notice begins with.
const NUMERALS: &str = "一二三四五六七八九十";

/// 打印评选通知 · Print the notice of a campaign
///
/// The notice as the definition has it, as PDF or DOCX: title, document number, text, issuer and day.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    responses((status = 200, description = "The notice", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))))
)]
#[get("/campaigns/{campaign_id}/notice-document")]
pub async fn get_notice_document(call: Call, id: web::Path<Uuid>) -> Answer {
    let (paper, version) = call
        .app
        .db
        .in_tx(async |tx| {
            let campaign =
                campaigns::find(tx, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
            let definition = &campaign.definition;
            let source = Source {
                kind: PaperKind::Notice,
                object_id: campaign.id,
                digest: digest_of(&campaign)?,
                date: definition.issued_on.value,
                title: definition.title.value.clone(),
            };
            let mut parts = vec![Part::Text(Style::Title, source.title.clone())];
            parts.extend(
                definition.document_number.value.clone().map(|number| Part::Text(Style::Subtitle, number)),
            );
            let lines = definition.text.value.lines().map(str::trim);
            let lines = lines.filter(|line| !line.is_empty() && *line != source.title);
            parts.extend(lines.map(|line| Part::Text(style(line), line.to_owned())));
            let closing = format!("{}\n{}", definition.issuer.value, day(&call, definition.issued_on.value));
            parts.push(Part::Text(Style::Closing, closing));
            let paper = paper(&call, tx, &source, (Sheet::Document, parts)).await?;
            Ok::<_, Failure>((paper, campaign.version.to_string()))
        })
        .await?;
    printed(&call, paper, &version).await
}

/// What a line of a notice is: `一、…` heads a section, and whom it is addressed to ends in a colon.
fn style(line: &str) -> Style {
    let numeral = line.split_once('、').map(|(numeral, _)| numeral).unwrap_or_default();
    if !numeral.is_empty() && numeral.chars().all(|letter| NUMERALS.contains(letter)) {
        Style::Heading
    } else if line.ends_with(['：', ':']) && line.chars().count() < 100 {
        Style::Plain
    } else {
        Style::Body
    }
}

/// The digest of what the notice says.
///
/// # Errors
/// [`Failure::Internal`] where it cannot be written.
pub fn digest_of(campaign: &Campaign) -> Result<String, Failure> {
    let definition = &campaign.definition;
    let said = json!({
        "document_number": definition.document_number.value,
        "issued_on": definition.issued_on.value,
        "issuer": definition.issuer.value,
        "text": definition.text.value,
        "title": definition.title.value,
    });
    Ok(digest_hex(canonical(&said)?.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_notice_are_headings_addresses_or_text() {
        for (line, wanted) in [
            ("一、总体要求", Style::Heading),
            ("十二、其他", Style::Heading),
            ("（一）评选范围", Style::Body),
            ("各乡镇人民政府，县政府各部门：", Style::Plain),
            ("1、推进乡村振兴。", Style::Body),
            ("现将有关事项通知如下，如有疑问、请来电。", Style::Body),
        ] {
            assert_eq!(style(line), wanted, "{line}");
        }
    }
}
