//! Who sees an application, and how a change of it counts.

use super::*;
use crate::Role;
use crate::policy::Actor;
use crate::samples::{SUPERVISOR, UNIT, actor, application, visibility};
use crate::workflow::application::ApplicationState as A;

#[test]
fn d_903_an_application_is_within_reach_of_its_unit_its_supervisor_and_the_house() {
    let get = |actor| visibility(actor, Operation::GetApplication);
    let with_unit = |unit_id| Actor { unit_id, ..actor(&[Role::Unit]) };
    let with_self = |supervisor_id| Actor { supervisor_id, ..actor(&[Role::Supervisor]) };
    let other = Some(Uuid::from_u128(77));
    let it = application();
    for (unit, own) in [(Some(UNIT), true), (other, false), (None, false)] {
        assert_eq!(it.within(&get(with_unit(unit)), false), own, "{unit:?}");
    }
    let evaluated = Application { unit_id: None, supervisor_id: Some(SUPERVISOR), ..application() };
    assert!(!evaluated.within(&get(with_unit(None)), false), "no unit is nobody's");
    for (supervisor, own) in [(Some(SUPERVISOR), true), (other, false), (None, false)] {
        assert_eq!(evaluated.within(&get(with_self(supervisor)), false), own, "{supervisor:?}");
    }
    assert!(!it.within(&get(with_self(None)), false), "no supervisor is nobody");
    assert!(it.within(&get(with_self(other)), true), "assigned");
    assert!(!it.within(&get(with_self(other)), false));

    let office = get(actor(&[Role::Office]));
    let draft = Application { state: A::Draft, submitted_at: None, ..application() };
    let lapsed = Application { state: A::Withdrawn, ..draft.clone() };
    let entered = Application { entered_by_office: true, ..draft.clone() };
    assert_eq!(
        [&it, &draft, &lapsed, &entered].map(|it| it.within(&office, false)),
        [true, false, false, true]
    );
    let writing = visibility(actor(&[Role::Office]), Operation::SubmitApplication);
    let submitted = Application { entered_by_office: true, ..application() };
    assert_eq!([&it, &submitted].map(|it| it.within(&writing, false)), [false, true]);
    assert!(draft.within(&Visibility::system(Operation::LapseApplication), false));
}

#[test]
fn d_403_what_is_the_houses_own_is_counted_for_the_house_alone() {
    let (house, unit) = (
        visibility(actor(&[Role::Office]), Operation::GetApplication),
        visibility(Actor { unit_id: Some(UNIT), ..actor(&[Role::Unit]) }, Operation::GetApplication),
    );
    let later = Instant::from_millis(application().updated_at.millis() + 1);
    let verified = Application { state: A::Verified, shown_state: A::Verified, ..application() };
    let moved = |audience| {
        verified.clone().moved(Operation::ProposeShortlist, "shortlisted", audience, later).unwrap()
    };
    let hidden = moved(Audience::Insiders);
    assert_eq!(hidden.seen_by(&house), (A::Shortlisted, 2));
    assert_eq!(hidden.seen_by(&unit), (A::Verified, 1));
    assert_eq!((hidden.updated_at, hidden.shown_updated_at), (later, verified.shown_updated_at));
    for audience in [Audience::Everyone, Audience::Outsiders] {
        let told = moved(audience);
        assert_eq!((told.seen_by(&house), told.seen_by(&unit)), ((A::Shortlisted, 2), (A::Shortlisted, 2)));
        assert_eq!(told.shown_updated_at, later);
    }
    let mut revealed = hidden;
    revealed.reveal(later);
    assert_eq!(
        (revealed.seen_by(&house), revealed.seen_by(&unit)),
        ((A::Shortlisted, 3), (A::Shortlisted, 2))
    );
    let refused = verified.moved(Operation::AcceptApplication, "", Audience::Everyone, later);
    assert!(matches!(refused, Err(Refused::Illegal { state: "verified", .. })));
}

#[test]
fn d_403_permission_is_asked_of_the_state_that_the_caller_sees() {
    let text = include_str!("../../../campaigns/xingguo-2022.json");
    let definition: crate::campaign::definition::Definition = serde_json::from_str(text).unwrap();
    let category = definition.category("demonstration_township").unwrap();
    let hidden = Application { state: A::Shortlisted, shown_state: A::Verified, ..application() };
    let situation = Situation {
        now: hidden.updated_at,
        phase: CampaignState::Selecting,
        category,
        acceptance: definition.acceptance.value,
        paper_copies: 2,
        unit: None,
        application: Some(&hidden),
        form_faults: vec![],
        elsewhere: vec![],
        standing_of_unit: 0,
        list: ListStanding::NoticeClosed,
        extended_until: None,
        sealed: false,
        veto_until: None,
        new_deeds_missing: false,
        asking: None,
        stakes: vec![],
        stakes_in_category: vec![],
        counting_sheets: 0,
        standing_list: None,
    };
    let unit =
        visibility(Actor { unit_id: Some(UNIT), ..actor(&[Role::Unit]) }, Operation::WithdrawApplication);
    let refused = hidden.permit(&unit, &situation).unwrap_err();
    assert!(matches!(refused, Refused::Guards(faults) if faults[0].code == ErrorCode::NoticeClosed));
    assert_eq!(hidden.permit(&unit, &Situation { list: ListStanding::Open, ..situation.clone() }), Ok(()));
    assert_eq!(hidden.blockers(A::Draft, Operation::WithdrawApplication, &situation), None);
}
