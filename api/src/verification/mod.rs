//! Verification on site: assignments, recusals, trips, score sheets, duty records, thematic activities.

use crate::routes::Registry;

pub mod adjusting;
pub mod assignments;
pub mod duty_records;
pub mod findings;
pub mod plan_table;
pub mod plan_views;
pub mod planning;
pub mod recusals;
pub mod recusing;
pub mod repeating;
pub mod reviewing;
pub mod score_sheets;
pub mod scores;
pub mod site_visits;
pub mod thematic_activities;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(planning::plan_assignments)
        .service(reviewing::get_assignment_plan)
        .service(planning::confirm_assignments)
        .service(assignments::list_assignments)
        .service(assignments::create_assignment)
        .service(adjusting::update_assignment)
        .service(assignments::delete_assignment)
        .service(assignments::declare_no_conflict)
        .service(recusals::list_recusals)
        .service(recusals::declare_recusal)
        .service(recusals::lift_recusal)
        .service(site_visits::list_site_visits)
        .service(site_visits::get_site_visit)
        .service(site_visits::record_site_visit)
        .service(score_sheets::get_score_sheet)
        .service(score_sheets::save_score_sheet)
        .service(score_sheets::submit_score_sheet)
        .service(score_sheets::reopen_score_sheet)
        .service(duty_records::list_duty_records)
        .service(duty_records::create_duty_record)
        .service(duty_records::review_duty_record)
        .service(thematic_activities::list_thematic_activities)
        .service(thematic_activities::create_thematic_activity)
        .service(thematic_activities::record_attendance);
}
