//! Which candidates of a list are declined singly, and why (D-707).

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::error::{ErrorCode, Fault, Refused};
use crate::review::shortlist::naming_fault;

/// Reads who of the candidates that still stand is declined.
///
/// # Errors
/// [`Refused::Invalid`]: `entry_unknown` for who does not stand on the list, `duplicate` for who is named twice,
/// `required` for a reason that says nothing, `declined_all` where nobody would be left.
pub fn declined(standing: &[Uuid], named: &[(Uuid, String)]) -> Result<BTreeMap<Uuid, String>, Refused> {
    let mut faults = Vec::new();
    for (index, (id, reason)) in named.iter().enumerate() {
        let at = |member: &str, code| Fault::at(format!("/declined/{index}/{member}"), code);
        let earlier = named.iter().take(index).map(|(id, _)| id);
        faults.extend(naming_fault(standing, earlier, id).map(|code| at("application_id", code)));
        if reason.trim().is_empty() {
            faults.push(at("reason", ErrorCode::Required));
        }
    }
    let declined: BTreeMap<Uuid, String> = named.iter().cloned().collect();
    if !standing.is_empty() && standing.iter().all(|id| declined.contains_key(id)) {
        faults.push(Fault::at("/declined", ErrorCode::DeclinedAll));
    }
    Refused::unless_valid(faults)?;
    Ok(declined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_707_some_may_be_declined_with_a_reason_but_not_all() {
        let standing = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let name = |id: u128, reason: &str| (Uuid::from_u128(id), reason.to_owned());
        assert_eq!(declined(&standing, &[]), Ok(BTreeMap::new()));
        assert_eq!(declined(&standing, &[name(2, "群众反映")]).unwrap().len(), 1);
        let codes = |named: &[(Uuid, String)]| match declined(&standing, named) {
            Err(Refused::Invalid(faults)) => faults.into_iter().map(|fault| fault.code).collect(),
            Ok(_) | Err(_) => vec![],
        };
        assert_eq!(codes(&[name(1, "a"), name(2, "b")]), [ErrorCode::DeclinedAll]);
        assert_eq!(
            codes(&[name(1, " "), name(1, "b"), name(3, "c")]),
            [ErrorCode::Required, ErrorCode::Duplicate, ErrorCode::EntryUnknown]
        );
    }
}
