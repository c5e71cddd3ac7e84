//! Printed papers: forms, certificates, lists and notices as PDF and DOCX, each with a code by which it is checked (D-503).

use actix_web::HttpResponse;
use actix_web::http::header;
use aws_lc_rs::rand;
use pingxuan_documents::inspection::content_disposition;
use pingxuan_documents::printing::{Check, Language as PaperLanguage, Paper, Part, Sheet};
use pingxuan_domain::Day;
use pingxuan_persistence::Tx;
use pingxuan_persistence::printed::{self, Printed};
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::catalogue::Language;
use crate::problem::Failure;
use crate::routes::Registry;

pub mod applications;
pub mod awards;
pub mod checking;
pub mod notices;
pub mod press;
pub mod settings;

/// The media type of PDF.
pub const PDF: &str = "application/pdf";
/// The media type of Word documents.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(applications::get_application_document)
        .service(awards::get_certificate)
        .service(awards::get_award_list_document)
        .service(notices::get_notice_document)
        .service(checking::check_document);
}

/// What a paper is printed from.
#[derive(Clone, Debug)]
pub struct Source {
    /// What kind of paper it is, of those that [`checking`] knows.
    pub kind: checking::PaperKind,
    /// The application, award or campaign that it is of.
    pub object_id: Uuid,
    /// The digest of what it says.
    pub digest: String,
    /// The day that it bears.
    pub date: Day,
    /// Its name, for people and for files.
    pub title: String,
}

/// A check code: twelve letters and digits that are not mistaken for each other, sixty bits of chance.
fn new_code() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut chance = [0; 12];
    rand::fill(&mut chance)
        .map_err(|_| Failure::Internal("there is no randomness for a check code".into()))?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map(char::from);
    let text: String = chance.iter().filter_map(letter).collect();
    Ok([text.get(..4), text.get(4..8), text.get(8..)].into_iter().flatten().collect::<Vec<_>>().join("-"))
}

/// A paper of a source: the same code each time that the same is printed.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn paper(
    call: &Call,
    tx: &Tx,
    source: &Source,
    (sheet, parts): (Sheet, Vec<Part>),
) -> Result<Paper, Failure> {
    let entered = Printed {
        check_code: new_code()?,
        kind: source.kind.to_string(),
        object_id: source.object_id,
        digest: source.digest.clone(),
        printed_at: call.now,
    };
    let printed = printed::enter(tx, &entered).await?;
    let url = format!("{}/api/v1/public/documents/{}", call.app.press.address(), printed.check_code);
    Ok(Paper {
        title: source.title.clone(),
        language: language(call),
        sheet,
        date: source.date.date(),
        parts,
        check: Some(Check { code: printed.check_code, digest: source.digest.clone(), url }),
    })
}

/// The language of a paper, which is the caller's.
#[must_use]
pub fn language(call: &Call) -> PaperLanguage {
    match call.language {
        Language::Chinese => PaperLanguage::Zh,
        Language::English => PaperLanguage::En,
    }
}

/// Prints a paper in the media type that the caller wants most.
///
/// # Errors
/// 406, 503 where too many wait for the press.
pub async fn printed(call: &Call, paper: Paper, version: &str) -> Answer {
    let wanted = call.offers(&[PDF, DOCX])?;
    let (media_type, extension) = if wanted == PDF { (PDF, "pdf") } else { (DOCX, "docx") };
    let name = format!("{}.{extension}", file_name(&paper.title));
    let check = paper.check.as_ref().map(|check| format!("<{}>; rel=\"describedby\"", check.url));
    let bytes = call.app.press.print(paper, media_type).await?;
    let mut answer: HttpResponse = call.tagged(media_type, bytes.to_vec(), version);
    let named = [
        (header::CONTENT_DISPOSITION, Some(content_disposition(&name))),
        // Where the paper is checked, for whoever shows it.
        (header::LINK, check),
    ];
    for (name, value) in named {
        if let Some(value) = value.and_then(|value| header::HeaderValue::from_str(&value).ok()) {
            answer.headers_mut().insert(name, value);
        }
    }
    Ok(answer)
}

/// A title as the name of a file.
#[must_use]
pub fn file_name(title: &str) -> String {
    let kept = |letter: char| !letter.is_control() && !r#"/\:*?"<>|"#.contains(letter);
    title.chars().filter(|letter| kept(*letter)).take(60).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_codes_are_short_and_differ() {
        let codes: std::collections::BTreeSet<String> = (0..100).map(|_| new_code().unwrap()).collect();
        assert_eq!(codes.len(), 100);
        assert!(codes.iter().all(|code| code.len() == 14 && code.split('-').all(|group| group.len() == 4)));
    }
}
