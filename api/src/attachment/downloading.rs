//! The bytes of attachments, whole or in part (RFC 9110, section 14).

use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use pingxuan_documents::inspection::content_disposition;
use pingxuan_domain::ErrorCode;
use pingxuan_domain::application::attachment::AttachmentState;
use uuid::Uuid;

use super::found;
use crate::call::{Answer, Call};
use crate::files::Kept;
use crate::problem::Failure;

/// A file that can be handed out.
#[derive(Clone, Copy, Debug)]
pub struct HandedOut<'a> {
    /// Where it is.
    pub place: (Kept, Uuid),
    /// Its name.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// Its bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub digest: &'a str,
}

/// 下载附件 · Download an attachment
///
/// The file as it was uploaded, under its name; a part of it by `Range`. Its tag is its SHA-256.
#[utoipa::path(
    tag = "attachments",
    params(("attachment_id" = Uuid, Path, description = "The attachment")),
    responses(
        (status = 200, description = "The whole file", content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/ofd"), (Vec<u8> = "video/mp4"))),
        (status = 206, description = "The part that was asked for", content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/ofd"), (Vec<u8> = "video/mp4")))
    )
)]
#[get("/attachments/{attachment_id}/content")]
pub async fn download_attachment(call: Call, id: web::Path<Uuid>) -> Answer {
    let (attachment, _) = found(&call, *id).await?;
    let (Some(kind), Some(digest)) = (attachment.kind, &attachment.digest) else {
        return Err(Failure::guard(ErrorCode::UploadUnfinished));
    };
    if attachment.state == AttachmentState::Quarantined {
        return Err(Failure::guard(ErrorCode::FileQuarantined));
    }
    let place = (Kept::Attachment, attachment.id);
    let (name, media_type) = (attachment.name.as_str(), kind.media_type());
    handed_out(&call, HandedOut { place, name, media_type, size: attachment.size, digest }).await
}

/// Hands out a file, whole or the part that is asked for; nothing where the caller has it already.
///
/// # Errors
/// 416 for a part that is not there, 503 where the store is away.
pub async fn handed_out(call: &Call, file: HandedOut<'_>) -> Answer {
    let tag = format!("\"{}\"", file.digest);
    let known = call.header(header::IF_NONE_MATCH).unwrap_or_default();
    let same = |one: &str| one == "*" || one.trim_start_matches("W/") == tag;
    if known.split(',').any(|one| same(one.trim())) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    // A part of another version is of no use: then the whole is sent.
    let current = call.header(header::IF_RANGE).is_none_or(|stated| stated.trim() == tag);
    let asked = call.header(header::RANGE).filter(|_| current);
    let part = match asked.map(|asked| part(asked, file.size)) {
        None | Some(Part::Whole) => None,
        Some(Part::Of(range)) => Some(range),
        Some(Part::Nowhere) => return Err(Failure::of(ErrorCode::RangeNotSatisfiable)),
    };
    let (kept, id) = file.place;
    let pieces = call.app.files.open(kept, id, part.clone()).await?;
    let mut answer = if part.is_some() { HttpResponse::PartialContent() } else { HttpResponse::Ok() };
    let length = part.as_ref().map_or(file.size, |part| part.end - part.start);
    if let Some(part) = part {
        let range = format!("bytes {}-{}/{}", part.start, part.end.saturating_sub(1), file.size);
        answer.insert_header((header::CONTENT_RANGE, range));
    }
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(file.name)))
        // It is what it is: compressed, its parts would be of something else.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .content_type(file.media_type);
    Ok(answer.body(SizedStream::new(length, pieces)))
}

/// What a header `Range` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Nothing that is understood, or several parts: the whole.
    Whole,
    /// These bytes.
    Of(Range<u64>),
    /// Bytes that are not there.
    Nowhere,
}

fn part(asked: &str, size: u64) -> Part {
    let Some((first, last)) = asked.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |text: &str| {
        (!text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()))
            .then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    match (first.trim(), last.trim()) {
        ("", last) => match number(last) {
            Some(0) => Part::Nowhere,
            Some(count) => Part::Of(size.saturating_sub(count)..size),
            None => Part::Whole,
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), _) if first >= size => Part::Nowhere,
            (Some(first), None) if last.is_empty() => Part::Of(first..size),
            (Some(first), Some(last)) if first <= last => Part::Of(first..size.min(last.saturating_add(1))),
            (_, _) => Part::Whole,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_20_a_range_is_a_part_of_the_file_or_passed_over() {
        for (asked, wanted) in [
            ("bytes=0-0", Part::Of(0..1)),
            ("bytes=0-9", Part::Of(0..10)),
            ("bytes=5-", Part::Of(5..10)),
            ("bytes=-3", Part::Of(7..10)),
            ("bytes=-30", Part::Of(0..10)),
            ("bytes=8-99999999999999999999", Part::Of(8..10)),
            ("bytes=10-", Part::Nowhere),
            ("bytes=-0", Part::Nowhere),
            ("bytes=5-4", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(part(asked, 10), wanted, "{asked}");
        }
    }
}
