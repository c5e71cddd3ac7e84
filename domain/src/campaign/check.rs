//! The check of a notice definition: the rules that its schema cannot say (D-201, D-203, D-207).

use std::collections::BTreeSet;

use super::definition::{
    ApprovalBasis, Category, Definition, Evaluation, Form, Meaning, NomineeKind, RepeatAward, Route,
    ScopeItem, ScoringPolicy,
};
use crate::application::attachment::{LARGEST, MOST};
use crate::error::{ErrorCode, Fact, Fault};
use crate::time::ZONE_NAME;

/// All that is wrong with a definition, each with a JSON pointer into it, category by category; nothing where
/// it can be published.
///
/// Whether a form is a JSON Schema is not asked here.
#[must_use]
pub fn check(definition: &Definition) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_time(definition, &mut faults);
    if definition.categories.is_empty() {
        faults.push(Fault::at("/categories", ErrorCode::TooFew).with("limit", 1));
    }
    let mut whole = Found { base: String::new(), faults: &mut faults };
    whole.bound("/former_unit_years/value", definition.former_unit_years.value, 0, 50);
    let mut codes = BTreeSet::new();
    for (at, category) in definition.categories.iter().enumerate() {
        let mut found = Found { base: format!("/categories/{at}"), faults: &mut faults };
        if !codes.insert(category.code.as_str()) {
            found.push(
                found.at("/code", ErrorCode::CategoryCodeRepeated).with("category", category.code.as_str()),
            );
        }
        check_honour(category, &mut found);
        check_criteria(category, &mut found);
        check_route(category, &mut found);
        check_scoring(category, &mut found);
        check_list_rules(category, &mut found);
        check_attachments(category, &mut found);
    }
    faults
}

/// What is wrong with how a category becomes a ranking: its weights, policy and blend. The pointers begin at the category.
#[must_use]
pub fn scoring_faults(category: &Category) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut found = Found { base: String::new(), faults: &mut faults };
    check_criteria(category, &mut found);
    check_scoring(category, &mut found);
    faults
}

/// The faults of one category, which point below it.
struct Found<'a> {
    base: String,
    faults: &'a mut Vec<Fault>,
}

impl Found<'_> {
    fn at(&self, pointer: &str, code: ErrorCode) -> Fault {
        Fault::at(pointer, code).below(&self.base)
    }

    fn push(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn push_at(&mut self, pointer: &str, code: ErrorCode) {
        self.push(self.at(pointer, code));
    }

    /// A number must lie between two others.
    fn bound(&mut self, pointer: &str, number: u32, minimum: u32, maximum: u32) {
        if number < minimum {
            self.push(self.at(pointer, ErrorCode::TooSmall).with("limit", minimum));
        } else if number > maximum {
            self.push(self.at(pointer, ErrorCode::TooLarge).with("limit", maximum));
        }
    }

    /// The members of a list must differ.
    fn distinct<T: Ord>(&mut self, pointer: &str, tail: &str, items: impl Iterator<Item = T>) {
        let mut seen = BTreeSet::new();
        for (at, item) in items.enumerate() {
            if !seen.insert(item) {
                self.push_at(&format!("{pointer}/{at}{tail}"), ErrorCode::Duplicate);
            }
        }
    }
}

fn choice(
    mut fault: Fault,
    name: &'static str,
    enumeration: &'static str,
    value: impl Into<&'static str>,
) -> Fault {
    fault.facts.push((name, Fact::Choice(enumeration, value.into())));
    fault
}

fn check_time(definition: &Definition, faults: &mut Vec<Fault>) {
    let zone = definition.time_zone.value.as_str();
    if zone != ZONE_NAME {
        let fault = Fault::at("/time_zone/value", ErrorCode::TimeZoneNotSupported);
        faults.push(fault.with("time_zone", zone).with("supported", ZONE_NAME));
    }
    let window = definition.acceptance.value;
    let issued_on = definition.issued_on.value;
    let out_of_order = |pointer| {
        let fault = Fault::at(pointer, ErrorCode::WindowOutOfOrder).with("opens_on", window.opens_on);
        fault.with("closes_on", window.closes_on).with("issued_on", issued_on)
    };
    if window.opens_on < issued_on {
        faults.push(out_of_order("/acceptance/value/opens_on"));
    }
    if window.closes_on < window.opens_on {
        faults.push(out_of_order("/acceptance/value/closes_on"));
    }
}

/// Who may be honoured, how many, and by what right (D-203).
fn check_honour(category: &Category, found: &mut Found<'_>) {
    let nominee = category.nominee.value;
    if category.scope.value.is_empty() {
        found.push(found.at("/scope/value", ErrorCode::TooFew).with("limit", 1));
    }
    for (at, item) in category.scope.value.iter().enumerate() {
        let of_supervisors = *item == ScopeItem::Supervisors;
        if of_supervisors != (nominee == NomineeKind::Supervisor) {
            let fault = found.at(&format!("/scope/value/{at}"), ErrorCode::ScopeDoesNotFit);
            let fault = choice(fault, "scope", "scope_item", *item);
            found.push(choice(fault, "nominee", "nominee_kind", nominee));
        }
    }
    found.distinct("/scope/value", "", category.scope.value.iter());
    found.bound("/quota/value", category.quota.value, 1, u32::MAX);
    let basis = category.approval_basis.as_ref().map(|basis| &basis.value);
    let unnamed = |basis: &ApprovalBasis| {
        let named = [("document", &basis.document), ("approving_body", &basis.approving_body)];
        named.into_iter().find(|(_, text)| text.trim().is_empty()).map(|(member, _)| member)
    };
    let exempt =
        |exemption: &Option<String>| exemption.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    match basis {
        None => found.push_at("/approval_basis", ErrorCode::ApprovalBasisMissing),
        Some(basis) if exempt(&basis.exemption) => {}
        Some(basis) => {
            if let Some(member) = unnamed(basis) {
                found.push_at(&format!("/approval_basis/value/{member}"), ErrorCode::ApprovalBasisMissing);
            }
        }
    }
    if let Some(ceiling) = basis.and_then(|basis| basis.quota_ceiling)
        && category.quota.value > ceiling
    {
        let fault = found.at("/quota/value", ErrorCode::QuotaAboveCeiling);
        found.push(fault.with("quota", category.quota.value).with("ceiling", ceiling));
    }
}

/// Criteria are numbered from 1 without gaps, and their weights sum to 100 (D-201).
fn check_criteria(category: &Category, found: &mut Found<'_>) {
    if category.criteria.is_empty() {
        found.push(found.at("/criteria", ErrorCode::TooFew).with("limit", 1));
        return;
    }
    for ((at, expected), criterion) in (0..).zip(1_u32..).zip(&category.criteria) {
        if criterion.number != expected {
            let fault = found.at(&format!("/criteria/{at}/number"), ErrorCode::CriterionOutOfOrder);
            found.push(fault.with("number", criterion.number).with("expected", expected));
        }
        found.bound(&format!("/criteria/{at}/weight/value"), criterion.weight.value, 1, 100);
    }
    let sum: u64 = category.criteria.iter().map(|criterion| u64::from(criterion.weight.value)).sum();
    if sum != 100 {
        found.push(found.at("/criteria", ErrorCode::WeightsNotHundred).with("sum", number(sum)));
    }
}

fn number(sum: u64) -> i64 {
    i64::try_from(sum).unwrap_or(i64::MAX)
}

/// Supervisors are evaluated by the office, all others declare or are nominated by their unit.
fn check_route(category: &Category, found: &mut Found<'_>) {
    let route = category.route.value;
    let nominee = category.nominee.value;
    if (route == Route::OfficeEvaluated) != (nominee == NomineeKind::Supervisor) {
        let fault = choice(found.at("/route/value", ErrorCode::Invalid), "route", "route", route);
        found.push(choice(fault, "nominee", "nominee_kind", nominee));
    }
    let form = category.form.as_ref().map(|form| &form.value);
    let evaluation = category.evaluation.as_ref().map(|evaluation| &evaluation.value);
    match route {
        Route::SelfDeclared => {
            match form {
                None => found.push_at("/form", ErrorCode::FormMissing),
                Some(form) => check_form(category, form, found),
            }
            if category.visits.value == 0 {
                found.push_at("/visits/value", ErrorCode::VisitsMissing);
            }
            if evaluation.is_some() {
                found.push_at("/evaluation", ErrorCode::EvaluationNotAllowed);
            }
        }
        Route::OfficeEvaluated => {
            if form.is_some() {
                found.push_at("/form", ErrorCode::FormNotAllowed);
            }
            if category.visits.value > 0 {
                found.push_at("/visits/value", ErrorCode::VisitsNotAllowed);
            }
            match evaluation {
                None => found.push_at("/evaluation", ErrorCode::EvaluationMissing),
                Some(evaluation) => check_evaluation(category, evaluation, found),
            }
        }
    }
}

/// The form has the fields that the system must understand: names, the ID by which persons are unique
/// (D-204), what the share rules count (D-205) and what the public notice shows.
fn check_form(category: &Category, form: &Form, found: &mut Found<'_>) {
    let needed: &[Meaning] = match category.nominee.value {
        NomineeKind::Unit => &[Meaning::UnitName],
        NomineeKind::Person => &[
            Meaning::NomineeName,
            Meaning::CitizenId,
            Meaning::Post,
            Meaning::LeadingCadre,
            Meaning::FrontLine,
        ],
        NomineeKind::Supervisor => &[],
    };
    let new_deeds = (category.repeat_award.value == RepeatAward::NewDeeds).then_some(&Meaning::NewDeeds);
    let needed = needed.iter().chain(new_deeds);
    for meaning in needed.filter(|meaning| form.property(**meaning).is_none()) {
        let fault = found.at("/form/value/schema/properties", ErrorCode::FormMeaningMissing);
        found.push(choice(fault, "meaning", "meaning", *meaning));
    }
}

/// Every rule counts for a criterion that there is, every criterion has a rule, every kind of record has at
/// most one.
fn check_evaluation(category: &Category, evaluation: &Evaluation, found: &mut Found<'_>) {
    let rules = &evaluation.duty_points;
    let exists = |number: u32| category.criteria.iter().any(|criterion| criterion.number == number);
    for (at, rule) in rules.iter().enumerate().filter(|(_, rule)| !exists(rule.criterion)) {
        let fault =
            found.at(&format!("/evaluation/value/duty_points/{at}/criterion"), ErrorCode::UnknownCriterion);
        found.push(fault.with("criterion", rule.criterion));
    }
    found.distinct("/evaluation/value/duty_points", "/kind", rules.iter().map(|rule| rule.kind));
    for criterion in &category.criteria {
        if !rules.iter().any(|rule| rule.criterion == criterion.number) {
            let fault = found.at("/evaluation/value/duty_points", ErrorCode::EvaluationMissing);
            found.push(fault.with("criterion", criterion.number));
        }
    }
    if let Some(points) = evaluation.attendance_points_each {
        found.bound("/evaluation/value/attendance_points_each", points, 0, 100);
    }
}

/// How sheets and assessments become one figure (D-607, D-609).
fn check_scoring(category: &Category, found: &mut Found<'_>) {
    let policy = category.scoring_policy.value;
    let of_sheets = category.route.value == Route::SelfDeclared;
    if policy != ScoringPolicy::Mean && !of_sheets {
        let fault = found.at("/scoring_policy/value", ErrorCode::PolicyNeedsSheets);
        found.push(choice(fault, "policy", "scoring_policy", policy));
    }
    // Without any visit something else is missing first.
    if of_sheets && (1..policy.least_visits()).contains(&category.visits.value) {
        let fault =
            choice(found.at("/visits/value", ErrorCode::VisitsTooFew), "policy", "scoring_policy", policy);
        found.push(fault.with("limit", policy.least_visits()));
    }
    let blend = category.blend.value;
    let sum = u64::from(blend.verified) + u64::from(blend.assessment);
    if sum != 100 {
        found.push(found.at("/blend/value", ErrorCode::BlendNotHundred).with("sum", number(sum)));
    }
    if blend.assessment > 0 && category.nominee.value == NomineeKind::Supervisor {
        found.push_at("/blend/value/assessment", ErrorCode::AssessmentWithoutUnit);
    }
    found.distinct("/tie_break/value", "", category.tie_break.value.iter());
}

/// A notice stands at least so many working days (D-704).
const NOTICE_WORKING_DAYS: u32 = 5;

/// What a list must keep to (D-205, D-206, D-704).
fn check_list_rules(category: &Category, found: &mut Found<'_>) {
    let rules = category.share_rules.value;
    for (name, percent) in [
        ("leading_cadres_at_most_percent", rules.leading_cadres_at_most_percent),
        ("front_line_at_least_percent", rules.front_line_at_least_percent),
    ] {
        let Some(percent) = percent else { continue };
        let pointer = format!("/share_rules/value/{name}");
        if category.nominee.value == NomineeKind::Unit {
            found.push_at(&pointer, ErrorCode::ShareRulesForUnits);
        }
        found.bound(&pointer, percent, 0, 100);
    }
    if let Some(percent) = category.surplus_percent.value {
        found.bound("/surplus_percent/value", percent, 0, 100);
    }
    found.distinct("/vetting_departments/value", "", category.vetting_departments.value.iter());
    found.bound("/vetting_working_days/value", category.vetting_working_days.value, 1, 100);
    // A unit stands once in a campaign (D-204); of its persons the definition says how many.
    let most = if category.nominee.value == NomineeKind::Unit { 1 } else { u32::MAX };
    found.bound("/per_unit_limit/value", category.per_unit_limit.value, 1, most);
    found.bound(
        "/notice/value/working_days",
        category.notice.value.working_days,
        NOTICE_WORKING_DAYS,
        u32::MAX,
    );
}

/// Which files are asked for, and which are taken (D-504).
fn check_attachments(category: &Category, found: &mut Found<'_>) {
    let required = &category.required_attachments.value;
    found.distinct("/required_attachments/value", "/code", required.iter().map(|one| &one.code));
    if !required.is_empty() && category.route.value == Route::OfficeEvaluated {
        found.push_at("/required_attachments/value", ErrorCode::FormNotAllowed);
    }
    let rules = &category.attachments.value;
    let least = u32::try_from(required.len()).unwrap_or(u32::MAX);
    found.bound("/attachments/value/max_count", rules.max_count, least, MOST);
    let bytes = "/attachments/value/max_bytes";
    if rules.max_bytes == 0 {
        found.push(found.at(bytes, ErrorCode::TooSmall).with("limit", 1));
    } else if rules.max_bytes > LARGEST {
        found.push(found.at(bytes, ErrorCode::TooLarge).with("limit", LARGEST.to_string()));
    }
    found.distinct("/attachments/value/kinds", "", rules.kinds.iter());
    if rules.kinds.is_empty() && rules.max_count > 0 {
        found.push(found.at("/attachments/value/kinds", ErrorCode::TooFew).with("limit", 1));
    }
}

#[cfg(test)]
mod tests;
