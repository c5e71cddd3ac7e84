//! The county: its units, supervisors, annual assessments and working days.

use crate::routes::Registry;

pub mod annual_assessments;
pub mod calendars;
pub mod supervisors;
pub mod units;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(units::list_units)
        .service(units::create_unit)
        .service(units::get_unit)
        .service(units::update_unit)
        .service(supervisors::list_supervisors)
        .service(supervisors::create_supervisor)
        .service(supervisors::get_supervisor)
        .service(supervisors::update_supervisor)
        .service(annual_assessments::list_annual_assessments)
        .service(annual_assessments::put_annual_assessment)
        .service(calendars::get_workday_calendar)
        .service(calendars::put_workday_calendar);
}
