//! Who may do what, asked of the table.

use super::*;
use strum::IntoEnumIterator;

fn caller(roles: &[Role]) -> Caller {
    Caller::User(Box::new(crate::samples::actor(roles)))
}

#[test]
fn every_served_operation_is_somebodys_and_every_system_operation_nobodys() {
    for operation in Operation::iter() {
        assert_eq!(rule(operation).is_empty(), operation.standing() == Standing::System, "{operation}");
    }
}

#[test]
fn d_901_administrators_change_nothing_of_the_selection() {
    // A job of theirs does no more than they may do themselves.
    let own = [Operation::CreateExport, Operation::CreateImport, Operation::CancelJob];
    for operation in Operation::iter().filter(|operation| changes(*operation) && !own.contains(operation)) {
        let visible = |role| authorize(&caller(&[role]), operation).is_ok();
        assert!(!visible(Role::Auditor) || rule(operation).iter().any(|g| g.who != Who::Role(Role::Auditor)));
        let accounts = operation.code().ends_with("_user") || operation == Operation::ResetUserPassword;
        let anyones = rule(operation).iter().any(|grant| matches!(grant.who, Who::Public | Who::LoggedIn));
        assert!(!visible(Role::SecurityAdmin) || accounts || anyones, "{operation}");
        let clients = operation.code().contains("_client");
        assert!(!visible(Role::Admin) || clients || anyones, "{operation}");
    }
}

#[test]
fn d_901_no_account_holds_two_administrators() {
    for one in Role::iter() {
        assert!(Role::compatible(&[one]));
        for other in Role::iter().filter(|other| *other != one) {
            let administrators = one.is_administrator() || other.is_administrator();
            assert_eq!(Role::compatible(&[one, other]), !administrators);
        }
    }
    assert!(!Role::compatible(&[]));
}

#[test]
fn d_901_what_reads_is_no_change_and_everything_else_is() {
    let reading =
        [Operation::ListUnits, Operation::GetUnit, Operation::CheckApplication, Operation::FollowObjection];
    assert!(!reading.into_iter().any(changes));
    assert!(!changes(Operation::ExplainRankingEntry));
    assert!(
        [Operation::CreateUnit, Operation::RevealObjector, Operation::LapseApplication]
            .into_iter()
            .all(changes)
    );
}

#[test]
fn a_visibility_tells_who_asks_in_which_role_and_how_far_they_reach() {
    let both = caller(&[Role::Unit, Role::Office]);
    let seen = authorize(&both, Operation::GetApplication).unwrap();
    assert_eq!(seen.reaches().collect::<Vec<_>>(), [Reach::Own, Reach::Declared]);
    assert!(seen.has(Reach::Own) && seen.has(Reach::Declared) && !seen.has(Reach::All));
    assert_eq!((seen.role(), seen.actor()), (Some(Role::Unit), both.actor()));
    assert_eq!(both.actor().map(|actor| actor.user_id), Some(crate::samples::ACCOUNT));
    let anyones = authorize(&both, Operation::ListPublicNotices).unwrap();
    assert_eq!(anyones.role(), Some(Role::Unit), "the first of the account's");
    let public = authorize(&Caller::Public, Operation::ListPublicNotices).unwrap();
    assert_eq!((public.role(), public.actor(), public.caller()), (None, None, &Caller::Public));
    assert_eq!(Caller::System.actor(), None);
    assert_eq!(authorize(&caller(&[Role::Unit]), Operation::ListUsers), Err(Denied::Forbidden));
}

#[test]
fn s_20_a_machine_client_has_its_scopes_and_no_role() {
    let client = |scopes: &[Scope]| {
        let client = Client {
            id: Uuid::from_u128(5),
            name: "人事系统".to_owned(),
            scopes: scopes.to_vec(),
            version: 1,
            created_at: crate::Instant::from_millis(0),
            updated_at: crate::Instant::from_millis(0),
        };
        Caller::Client(Box::new(client))
    };
    let all: Vec<Scope> = Scope::iter().collect();
    for operation in Operation::iter().filter(|operation| operation.standing() == Standing::Served) {
        let grants = rule(operation);
        let public = grants.iter().any(|grant| grant.who == Who::Public);
        let scoped = grants.iter().any(|grant| matches!(grant.who, Who::Scope(_)));
        assert_eq!(authorize(&client(&all), operation).is_ok(), public || scoped, "{operation}");
        assert_eq!(authorize(&client(&[]), operation).is_ok(), public, "{operation}");
        assert!(!scoped || !changes(operation), "{operation} changes something, and machines do not");
    }
    let seen = authorize(&client(&[Scope::AwardsRead]), Operation::ListAwards).unwrap();
    assert_eq!((seen.role(), seen.actor(), seen.is_insider()), (None, None, false));
    assert_eq!(seen.caller().principal(), Some(Uuid::from_u128(5)));
    assert_eq!(authorize(&client(&[Scope::AwardsRead]), Operation::ListCampaigns), Err(Denied::Forbidden));
}

#[test]
fn d_902_stakes_are_told_once_each() {
    let stakes = [Stake::Recused, Stake::OwnUnit, Stake::Recused, Stake::OwnNomination];
    let codes: Vec<ErrorCode> = Stake::faults(&stakes).into_iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [ErrorCode::OwnUnitStake, ErrorCode::OwnNomination, ErrorCode::Recused]);
}

#[test]
fn the_password_given_opens_nothing_but_its_change() {
    let Caller::User(mut actor) = caller(&[Role::Office]) else { panic!("a user") };
    actor.duty = Some(Duty::ChangePassword);
    let caller = Caller::User(actor);
    assert_eq!(authorize(&caller, Operation::ListUnits), Err(Denied::Due(Duty::ChangePassword)));
    assert!(authorize(&caller, Operation::ChangePassword).is_ok());
    assert_eq!(authorize(&Caller::Public, Operation::ListUnits), Err(Denied::Unauthenticated));
}

#[test]
fn d_403_insiders_are_office_approver_and_auditor() {
    for role in Role::iter() {
        let visibility = authorize(&caller(&[role]), Operation::GetMe).unwrap();
        assert_eq!(visibility.is_insider(), matches!(role, Role::Office | Role::Approver | Role::Auditor));
    }
    assert!(!authorize(&Caller::Public, Operation::ListPublicNotices).unwrap().is_insider());
}
