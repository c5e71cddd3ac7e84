//! Forms at work: checked with the schema that the front end draws, parted into what is shown and what is sealed (D-501).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use pingxuan_domain::application::Application;
use pingxuan_domain::application::attachment::{self, Attached};
use pingxuan_domain::application::form::{Understood, draft_faults, join, meaning_faults, part, understand};
use pingxuan_domain::application::handling::locked_faults;
use pingxuan_domain::campaign::definition::{Definition, Form, Meaning, NomineeKind};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Day, ErrorCode, Fault, Refused};
use pingxuan_persistence::applications::Case;
use pingxuan_persistence::{Vault, canonical, digest_hex};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::contract::schema_faults;
use crate::problem::Failure;

/// Forms ready to check with, by the definition's digest and the category.
type Ready = HashMap<(String, String), Arc<Validator>>;

/// How many forms are kept ready to check with.
const KEPT: usize = 128;

/// The form of an application's category.
///
/// # Errors
/// [`Failure::Internal`] where the category has none: then there is no application to be written either.
pub fn form_of(case: &Case) -> Result<&Form, Failure> {
    form_in(&case.campaign.definition, &case.application.category_code)
}

fn form_in<'d>(definition: &'d Definition, category_code: &str) -> Result<&'d Form, Failure> {
    let form = definition.category(category_code).and_then(|category| category.form.as_ref());
    form.map(|form| &form.value)
        .ok_or_else(|| Failure::Internal("a declared application without a form".into()))
}

/// A form's schema, made ready to check with; what is kept goes by the definition's digest and is never stale.
fn ready(case: &Case, form: &Form) -> Result<Arc<Validator>, Failure> {
    static READY: OnceLock<Mutex<Ready>> = OnceLock::new();
    let key = (case.campaign.definition_digest.clone(), case.application.category_code.clone());
    let mut kept = READY.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = kept.get(&key) {
        return Ok(Arc::clone(validator));
    }
    let validator = schema_faults::options().build(&form.schema);
    let validator =
        Arc::new(validator.map_err(|error| Failure::Internal(format!("a form's schema: {error}")))?);
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(key, Arc::clone(&validator));
    Ok(validator)
}

/// The form with its personal values, for checking and changing; it never leaves the server so.
///
/// # Errors
/// [`Failure`] where what is sealed cannot be opened.
pub fn whole(vault: &Vault, application: &Application) -> Result<Value, Failure> {
    let personal = opened_personal(vault, application.id, application.personal.as_deref())?;
    Ok(join(&application.form, &personal))
}

/// The personal values of an application's form, opened.
///
/// # Errors
/// [`Failure`] where they cannot be opened.
pub fn opened_personal(
    vault: &Vault,
    id: Uuid,
    sealed: Option<&[u8]>,
) -> Result<Map<String, Value>, Failure> {
    let Some(sealed) = sealed else { return Ok(Map::new()) };
    let opened = vault.open(id.as_bytes(), sealed)?;
    serde_json::from_slice(&opened)
        .map_err(|error| Failure::Internal(format!("sealed personal values: {error}")))
}

/// Everything that a form still lacks or has wrong, each pointing below `/form`: what stands in the way of its submission.
///
/// # Errors
/// [`Failure`] where what is sealed cannot be opened.
pub fn faults(vault: &Vault, case: &Case, today: Day) -> Result<Vec<Fault>, Failure> {
    let form = form_of(case)?;
    let filled = whole(vault, &case.application)?;
    let mut found = schema_faults::faults(&*ready(case, form)?, &filled);
    let unit_name = case.unit.as_ref().map(|unit| unit.name.as_str());
    found.extend(meaning_faults(form, &filled, unit_name, today));
    if case.application.nominee == NomineeKind::Person {
        let understood = understand(form, &filled);
        let unnamed = understood.nominee_name.is_none() || understood.citizen_id.is_none();
        if unnamed && found.is_empty() {
            found.push(Fault::new(ErrorCode::FormIncomplete));
        }
    }
    let mut found: Vec<Fault> = found.into_iter().map(|fault| fault.below("/form")).collect();
    found.extend(attachment::missing(case.category()?, &case.application.attached));
    Ok(found)
}

/// Whether a fault may stand in a draft: it is not finished yet.
fn is_unfinished(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Required
            | ErrorCode::TooShort
            | ErrorCode::TooFew
            | ErrorCode::WrongFormat
            | ErrorCode::TooSmall
    )
}

/// Lays a merge patch over the form: what is sent must fit the schema as far as it goes, and in a correction only what was
/// opened for it may change.
///
/// # Errors
/// 422 with every fault, each pointing below `/form`.
pub fn fill(vault: &Vault, case: &mut Case, patch: &Value) -> Result<(), Failure> {
    let definition = Arc::clone(&case.campaign.definition);
    let form = form_in(&definition, &case.application.category_code)?;
    let mut found = draft_faults(form, patch);
    let before = whole(vault, &case.application)?;
    let mut filled = before.clone();
    json_patch::merge(&mut filled, patch);
    if let Some(unlocked) = &case.application.handling.unlocked {
        found.extend(locked_faults(unlocked, &before, &filled));
    }
    let checked = schema_faults::faults(&*ready(case, form)?, &filled);
    // Who was nominated once is somebody still: a correction names another person, not nobody.
    let nobody = case.application.person_index.is_some()
        && case.application.state != ApplicationState::Draft
        && understand(form, &filled).citizen_id.is_none();
    let named_by = form.meanings().filter(|(_, meaning)| nobody && *meaning == Meaning::CitizenId);
    found.extend(named_by.map(|(name, _)| Fault::at(format!("/{name}"), ErrorCode::Required)));
    found.extend(checked.into_iter().filter(|fault| !is_unfinished(fault.code)));
    Refused::unless_valid(found.into_iter().map(|fault| fault.below("/form")).collect())?;
    write(vault, form, case, &filled)
}

/// Writes a filled-in form into an application: what is shown, what is sealed, and what the system understands of it. In a
/// sealed campaign the form alone says whom it nominates, so that no order or count tells it (D-303).
fn write(vault: &Vault, form: &Form, case: &mut Case, filled: &Value) -> Result<(), Failure> {
    let (shown, personal) = part(form, filled);
    let understood = understand(form, filled);
    let unit_name = case.unit.as_ref().map(|unit| unit.name.clone());
    let application = &mut case.application;
    let person = application.nominee == NomineeKind::Person;
    let citizen_id = understood.citizen_id.clone().filter(|_| person);
    application.name_nominee(match person {
        true if case.campaign.is_sealed() => Understood::default(),
        true => understood,
        false => Understood { nominee_name: unit_name, ..understood },
    });
    application.person_index = citizen_id.map(|citizen_id| vault.index("citizen_id", &citizen_id));
    let sealed_text = canonical(&personal)?;
    application.content_digest = content_digest(vault, application, &shown, &sealed_text)?;
    application.personal = match personal.is_empty() {
        true => None,
        false => Some(vault.seal(application.id.as_bytes(), sealed_text.as_bytes())?),
    };
    application.form = shown;
    Ok(())
}

/// The digest of all that is declared; it changes with personal values too, and tells nothing of them.
fn content_digest(
    vault: &Vault,
    application: &Application,
    shown: &Value,
    sealed: &str,
) -> Result<String, Failure> {
    let of = |one: &Attached| json!({"code": one.code, "pointers": one.pointers, "sha256": one.digest});
    let attached: Vec<Value> = application.attached.iter().map(of).collect();
    let mut content = json!({
        "application_id": application.id,
        "category": application.category_code,
        "form": shown,
        "personal": vault.salted_digest("content", sealed),
        "unit_id": application.unit_id,
    });
    // What was digested before anything could be attached keeps its digest.
    if let Some(members) = content.as_object_mut().filter(|_| !attached.is_empty()) {
        members.insert("attachments".into(), attached.into());
    }
    Ok(digest_hex(canonical(&content)?.as_bytes()))
}

/// Digests anew what is declared, after something else than the form has changed.
///
/// # Errors
/// [`Failure`] where what is sealed cannot be opened.
pub fn digest(vault: &Vault, application: &mut Application) -> Result<(), Failure> {
    let personal = opened_personal(vault, application.id, application.personal.as_deref())?;
    application.content_digest =
        content_digest(vault, application, &application.form, &canonical(&personal)?)?;
    Ok(())
}

/// The form as the audit keeps it: salted digests in place of personal values (D-1001), of what lies sealed the digest alone.
///
/// # Errors
/// [`Failure`] where what is sealed cannot be opened.
pub fn audited(vault: &Vault, case: &Case) -> Result<Value, Failure> {
    let application = &case.application;
    if case.campaign.is_sealed() {
        return Ok(json!({"content_digest": application.content_digest}));
    }
    let mut shown = application.form.clone();
    let salt = application.id.to_string();
    let personal = opened_personal(vault, application.id, application.personal.as_deref())?;
    for (name, value) in personal {
        let text = value.as_str().unwrap_or("");
        if let Some(place) = shown.get_mut(&name) {
            *place = format!("sha256:{}", vault.salted_digest(&salt, text)).into();
        }
    }
    let mut audited = json!({"form": shown, "content_digest": application.content_digest});
    if let Some(members) = audited.as_object_mut().filter(|_| !application.attached.is_empty()) {
        members.insert("attachments".into(), json!(application.attached));
    }
    Ok(audited)
}
