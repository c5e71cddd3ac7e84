//! Next year's definition, begun from this one (D-306).

use super::definition::{Definition, Source, Sourced, Window};

impl Definition {
    /// The same for another year: its days and the year of the assessments move with it, and the new notice has no number
    /// yet. What moves is the office's until a new notice gives it.
    #[must_use]
    pub fn for_year(&self, year: i32) -> Self {
        let years = year.saturating_sub(self.year.value);
        let months = i64::from(years) * 12;
        let window = self.acceptance.value;
        let mut copy = self.clone();
        copy.year = by_office(year);
        copy.assessment_year = by_office(self.assessment_year.value.saturating_add(years));
        copy.issued_on = by_office(self.issued_on.value.plus_months(months));
        copy.acceptance = by_office(Window {
            opens_on: window.opens_on.plus_months(months),
            closes_on: window.closes_on.plus_months(months),
        });
        copy.document_number = by_office(None);
        // Next year's draw is another one.
        copy.assignment_draw = None;
        copy
    }
}

fn by_office<T>(value: T) -> Sourced<T> {
    Sourced { value, source: Source::Office }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::check::check;

    fn definition() -> Definition {
        serde_json::from_str(include_str!("../../../campaigns/xingguo-2022.json")).unwrap()
    }

    #[test]
    fn d_306_a_copy_moves_its_days_and_years_and_keeps_all_else() {
        let before = definition();
        let copy = before.for_year(2024);
        assert_eq!((copy.year.value, copy.assessment_year.value), (2024, 2024));
        assert_eq!(copy.issued_on.value.to_string(), "2024-11-04");
        let window = copy.acceptance.value;
        assert_eq!([window.opens_on.to_string(), window.closes_on.to_string()], ["2024-11-07", "2024-12-31"]);
        assert_eq!(copy.document_number, by_office(None));
        assert_eq!(copy.year.source, Source::Office);
        let back = Definition {
            year: before.year.clone(),
            assessment_year: before.assessment_year.clone(),
            issued_on: before.issued_on.clone(),
            acceptance: before.acceptance.clone(),
            document_number: before.document_number.clone(),
            ..copy
        };
        assert_eq!(back, before);
    }

    #[test]
    fn d_306_a_copy_is_as_faultless_as_what_it_was_made_from() {
        let mut leap = definition().for_year(2024);
        leap.acceptance.value.opens_on = "2024-02-29".parse().unwrap();
        leap.issued_on.value = leap.acceptance.value.opens_on;
        for year in [2023, 2025, 2028, 2100] {
            assert_eq!(check(&leap.for_year(year)), [], "{year}");
        }
    }
}
