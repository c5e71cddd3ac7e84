//! PDF: read by a parser, and every object looked through for what acts, is embedded or is encrypted.

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::{Dict, MaybeRef, Name, Object};
use hayro_syntax::{LoadPdfError, Pdf};

use super::xml::Budget;
use super::{Facts, InspectionError, Limits, Refusal, pdf_streams};

/// Keys that only something active or embedded has.
const ACTIVE_KEYS: [&[u8]; 7] =
    [b"JS", b"JavaScript", b"EF", b"EmbeddedFiles", b"XFA", b"RichMediaContent", b"3DD"];
/// What an action may not do.
const ACTIONS: [&[u8]; 10] = [
    b"JavaScript",
    b"Launch",
    b"ImportData",
    b"SubmitForm",
    b"GoToR",
    b"GoToE",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"RichMediaExecute",
];
/// What an object may not be.
const TYPES: [&[u8]; 6] = [b"EmbeddedFile", b"RichMedia", b"3D", b"Movie", b"Sound", b"FileAttachment"];

/// Looks at a PDF document.
pub(super) fn inspect(file: &mut File, bytes: u64, limits: &Limits) -> Result<Facts, InspectionError> {
    if bytes > limits.pdf_bytes {
        return Err(Refusal::TooLarge { bytes, most: limits.pdf_bytes }.into());
    }
    let mut data = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
    file.take(bytes).read_to_end(&mut data)?;
    check_end(&data)?;
    let mut budget = Budget { left: limits.elements, most: limits.elements };
    pdf_streams::check(&data, |dict| visit_dict(dict, &mut budget))?;
    budget.left = budget.most;
    // A parser that gives up in a panic has not read the file, and the thread goes on.
    let read = catch_unwind(AssertUnwindSafe(|| look_through(data, &mut budget)));
    Ok(read.unwrap_or_else(|_| Err(Refusal::unreadable("the parser gave up")))?)
}

/// Nothing but white space follows the last end mark.
fn check_end(data: &[u8]) -> Result<(), Refusal> {
    const MARK: &[u8] = b"%%EOF";
    let Some(at) = data.windows(MARK.len()).rposition(|window| window == MARK) else {
        return Err(Refusal::unreadable("it has no end"));
    };
    let rest = data.get(at + MARK.len()..).unwrap_or_default();
    if rest.iter().all(|byte| matches!(byte, 0 | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')) {
        Ok(())
    } else {
        Err(Refusal::Polyglot { with: "unknown" })
    }
}

fn look_through(data: Vec<u8>, budget: &mut Budget) -> Result<Facts, Refusal> {
    let pdf = Pdf::new(data).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Refusal::Encrypted,
        LoadPdfError::Invalid => Refusal::unreadable("it cannot be parsed"),
    })?;
    for object in pdf.objects() {
        visit(&object, budget)?;
    }
    match pdf.pages().len() {
        0 => Err(Refusal::unreadable("it has no pages")),
        count => Ok(Facts::Pages { count: count as u64 }),
    }
}

/// An object and what lies directly in it; what it refers to is an object of its own. What lies within others is read once for each of them,
/// and costs as much.
fn visit(object: &Object<'_>, budget: &mut Budget) -> Result<(), Refusal> {
    match object {
        Object::Dict(dict) => visit_dict(dict, budget),
        Object::Stream(stream) => visit_dict(stream.dict(), budget),
        Object::Array(array) => {
            budget.spend_on(array.data().len())?;
            array.raw_iter().try_for_each(|value| visit_value(&value, budget))
        }
        Object::Null(_) | Object::Boolean(_) | Object::Number(_) | Object::String(_) | Object::Name(_) => {
            budget.spend()
        }
    }
}

fn visit_value(value: &MaybeRef<Object<'_>>, budget: &mut Budget) -> Result<(), Refusal> {
    match value {
        MaybeRef::NotRef(object) => visit(object, budget),
        MaybeRef::Ref(_) => budget.spend(),
    }
}

fn visit_dict(dict: &Dict<'_>, budget: &mut Budget) -> Result<(), Refusal> {
    budget.spend_on(dict.data().len())?;
    let is = |key: &[u8], names: &[&[u8]]| {
        let name = dict.get::<Name<'_>>(key).filter(|name| names.contains(&name.as_ref()));
        name.map(|name| name.as_str().to_owned())
    };
    if dict.contains_key(b"Encrypt") {
        return Err(Refusal::Encrypted);
    }
    let found = is(b"S", &ACTIONS).or_else(|| is(b"Type", &TYPES)).or_else(|| is(b"Subtype", &TYPES));
    let found = found.or_else(|| {
        let key = ACTIVE_KEYS.iter().find(|key| dict.contains_key(key))?;
        Some(String::from_utf8_lossy(key).into_owned())
    });
    if let Some(found) = found {
        return Err(Refusal::active(found));
    }
    dict.entries().try_for_each(|(_, value)| visit_value(&value, budget))
}
