//! A form with a file in it (RFC 7578), read as it comes: never more of it in memory than a piece.

use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use pingxuan_domain::{ErrorCode, Fault, Refused};
use serde_json::{Map, Value, json};

use super::looking::named;
use crate::files::Files;
use crate::files::spool::{Spool, Spooled};
use crate::problem::Failure;

/// Parts that a form may have.
const PARTS: usize = 40;
/// Bytes of a part that is no file.
const TEXT: usize = 1000;
/// The slowest that a file may come, in bytes a second, once the deadline of other bodies is over.
const SLOWEST: u64 = 8 * 1024;

/// A form that has come whole.
#[derive(Debug)]
pub struct Form {
    /// The members that are no file, as the JSON of a body would have them: those named `…s` are lists.
    pub members: Value,
    /// The file's name.
    pub name: String,
    /// What the sender says that it is.
    pub declared: Option<String>,
    /// The file.
    pub file: Spooled,
}

/// Reads a form whose file may have so many bytes.
///
/// # Errors
/// 400 for what is no such form, 408 for one that does not come, 413 for a file that is too large, 422 for members that cannot be.
pub async fn receive(
    files: &Files,
    mut form: Multipart,
    (most, deadline): (u64, Duration),
) -> Result<Form, Failure> {
    let pace = Pace::begin(deadline);
    let mut members = Map::new();
    let mut file = None;
    let mut parts = 0;
    while let Some(field) = pace.next(&mut form, 0).await? {
        parts += 1;
        if parts > PARTS {
            return Err(Failure::of(ErrorCode::MalformedRequest));
        }
        let field = field.map_err(unreadable)?;
        let name = field.name().map(str::to_owned);
        match name.as_deref() {
            Some("file") if file.is_some() => {
                return Err(Refused::invalid(Fault::at("/file", ErrorCode::Duplicate)).into());
            }
            Some("file") => file = Some(received(files, field, most, &pace).await?),
            Some(name) => enter(&mut members, name, text(field, &pace).await?)?,
            None => return Err(Failure::of(ErrorCode::MalformedRequest)),
        }
    }
    let missing = || Refused::invalid(Fault::at("/file", ErrorCode::FileMissing));
    let (name, declared, file) = file.ok_or_else(missing)?;
    Ok(Form { members: Value::Object(members), name, declared, file })
}

async fn received(
    files: &Files,
    mut field: Field,
    most: u64,
    pace: &Pace,
) -> Result<(String, Option<String>, Spooled), Failure> {
    let stated = field.content_disposition().cloned();
    let stated = stated.as_ref();
    let plain = stated.and_then(|stated| stated.get_filename());
    let extended = stated.and_then(|stated| stated.get_filename_ext());
    let extended = extended.map(|extended| String::from_utf8_lossy(&extended.value).into_owned());
    // Two names that differ: whoever reads the other one is deceived.
    if let (Some(plain), Some(extended)) = (plain, &extended)
        && plain != extended
    {
        return Err(Refused::invalid(Fault::at("/file", ErrorCode::FileNameBad)).into());
    }
    let name = extended.or_else(|| plain.map(str::to_owned)).unwrap_or_default();
    if name.is_empty() {
        return Err(Refused::invalid(Fault::at("/file", ErrorCode::FileNameBad)).into());
    }
    let name = named(&name, "/file")?;
    let declared = field.content_type().map(|declared| declared.essence_str().to_owned());
    let mut spool = files.spool()?;
    while let Some(piece) = pace.next(&mut field, spool.size()).await? {
        take(&mut spool, &piece.map_err(unreadable)?, most).await?;
    }
    Ok((name, declared, spool.close().await?))
}

/// Takes a piece of a file, unless it would become too large.
///
/// # Errors
/// 413, 507.
pub async fn take(spool: &mut Spool, piece: &Bytes, most: u64) -> Result<(), Failure> {
    if spool.size() + piece.len() as u64 > most {
        return Err(Failure::of(ErrorCode::PayloadTooLarge));
    }
    spool.write(piece).await
}

async fn text(mut field: Field, pace: &Pace) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = pace.next(&mut field, 0).await? {
        let piece = piece.map_err(unreadable)?;
        if bytes.len() + piece.len() > TEXT {
            return Err(Failure::of(ErrorCode::PayloadTooLarge));
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Failure::of(ErrorCode::MalformedRequest))
}

/// A member of a form is named once, or, where it is a list, once for each of its items.
fn enter(members: &mut Map<String, Value>, name: &str, text: String) -> Result<(), Failure> {
    match members.get_mut(name) {
        Some(Value::Array(items)) => items.push(text.into()),
        Some(_) => return Err(Refused::invalid(Fault::at(format!("/{name}"), ErrorCode::Duplicate)).into()),
        None => {
            let first = if name.ends_with('s') { json!([text]) } else { text.into() };
            members.insert(name.to_owned(), first);
        }
    }
    Ok(())
}

fn unreadable(error: actix_multipart::MultipartError) -> Failure {
    tracing::debug!(%error, "a form cannot be read");
    Failure::of(ErrorCode::MalformedRequest)
}

/// How fast what comes must come: a body that drips is cut, a large one on a bad line is not.
#[derive(Debug)]
pub struct Pace {
    began: tokio::time::Instant,
    deadline: Duration,
}

impl Pace {
    /// From now on, with the deadline of bodies that are small.
    #[must_use]
    pub fn begin(deadline: Duration) -> Self {
        Self { began: tokio::time::Instant::now(), deadline }
    }

    /// The next of what comes, after so many bytes.
    ///
    /// # Errors
    /// 408 where it comes too slowly.
    pub async fn next<S: Stream + Unpin>(
        &self,
        coming: &mut S,
        bytes: u64,
    ) -> Result<Option<S::Item>, Failure> {
        let until = self.began + self.deadline + Duration::from_secs(bytes / SLOWEST);
        tokio::time::timeout_at(until, coming.next())
            .await
            .map_err(|_| Failure::of(ErrorCode::RequestTimeout))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_once_and_items_of_lists_often() {
        let mut members = Map::new();
        for (name, text) in [("code", "a"), ("pointers", "/x"), ("pointers", "/y")] {
            enter(&mut members, name, text.to_owned()).unwrap();
        }
        assert_eq!(Value::Object(members.clone()), json!({"code": "a", "pointers": ["/x", "/y"]}));
        assert!(enter(&mut members, "code", "b".to_owned()).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn s_42_what_comes_too_slowly_is_cut_and_what_comes_for_long_is_not() {
        let pace = Pace::begin(Duration::from_secs(20));
        let mut drip = Box::pin(futures_util::stream::unfold(0, |_| async {
            tokio::time::sleep(Duration::from_secs(15)).await;
            Some((1, 0))
        }));
        assert_eq!(pace.next(&mut drip, 1).await.ok(), Some(Some(1)));
        assert!(pace.next(&mut drip, 2).await.is_err());
        // A megabyte each 15 seconds is slow and goes on.
        for megabytes in 1..100 {
            assert_eq!(pace.next(&mut drip, megabytes << 20).await.ok(), Some(Some(1)));
        }
    }
}
