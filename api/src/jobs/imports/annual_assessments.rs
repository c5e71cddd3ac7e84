//! Annual assessments read in. What is there already is not replaced: whoever replaces it names its version (API rule 4).

use std::collections::HashSet;

use pingxuan_documents::sheets::{Column, ColumnKind};
use pingxuan_domain::county::AnnualAssessment;
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused};
use pingxuan_persistence::{Tx, annual_assessments};
use uuid::Uuid;

use super::Found;
use super::rows::{bodies_of, column, sent};
use crate::call::Call;
use crate::county::annual_assessments::{AnnualAssessmentIn, YEARS, entering, is_in_use};
use crate::jobs::columns::figures;
use crate::problem::Failure;

/// Assessments that are right.
pub type Assessments = Vec<AnnualAssessment>;

/// The columns.
#[must_use]
pub fn columns() -> Vec<Column> {
    vec![
        column("year", ColumnKind::Integer, (10, true)),
        column("unit_code", ColumnKind::Text { most: 18 }, (24, true)),
        column("assessment_score", figures(), (12, false)),
        column("not_assessed_reason", ColumnKind::Text { most: 500 }, (40, false)),
    ]
}

pub(super) async fn check(call: &Call, found: &mut Found) -> Result<Assessments, Failure> {
    let (bodies, known) = bodies_of(call, found, &columns()).await?;
    let mut right: Vec<(u32, AnnualAssessment)> = Vec::new();
    let mut seen = HashSet::new();
    for (row, mut body) in bodies {
        let year = body.remove("year").and_then(|year| i32::try_from(year.as_i64()?).ok());
        let year = year.filter(|year| YEARS.contains(year));
        let unit = body.remove("unit_code").and_then(|code| known.get(code.as_str()?).copied());
        if year.is_none() {
            found.wrong(row, [Fault::at("/year", ErrorCode::Invalid)]);
        }
        if unit.is_none() {
            found.wrong(row, [Fault::at("/unit_id", ErrorCode::UnknownReference)]);
        }
        match sent::<AnnualAssessmentIn>(call, Operation::PutAnnualAssessment, body)? {
            Err(faults) => found.wrong(row, faults),
            Ok(assessment) => {
                let (Some(year), Some(unit_id)) = (year, unit) else { continue };
                let assessment = assessment.assessment((year, unit_id), call.now);
                found.wrong(row, assessment.faults());
                if !seen.insert((year, unit_id)) {
                    found.wrong(row, [Fault::at("/unit_id", ErrorCode::Duplicate)]);
                }
                right.push((row, assessment));
            }
        }
    }
    standing(call, found, &right).await?;
    right.retain(|(row, _)| found.is_right(*row));
    Ok(right.into_iter().map(|(_, assessment)| assessment).collect())
}

/// What is there already, and what a list is ranked by.
async fn standing(
    call: &Call,
    found: &mut Found,
    assessments: &[(u32, AnnualAssessment)],
) -> Result<(), Failure> {
    let ids: Vec<Uuid> = assessments.iter().map(|(_, assessment)| assessment.unit_id).collect();
    let there = annual_assessments::among(call.app.db.read(), &call.visibility, &ids).await?;
    let there: HashSet<(i32, Uuid)> = there.into_iter().collect();
    let closed = call.app.db.in_tx(async |tx| {
        let mut closed = Vec::new();
        for (row, assessment) in assessments {
            if is_in_use(tx, call, assessment).await? {
                closed.push(*row);
            }
        }
        Ok::<_, Failure>(closed)
    });
    for row in closed.await? {
        found.wrong(row, [Fault::at("/score", ErrorCode::RankingInUse)]);
    }
    for (row, assessment) in assessments {
        if there.contains(&(assessment.year, assessment.unit_id)) {
            found.wrong(*row, [Fault::at("/unit_id", ErrorCode::AlreadyExists)]);
        }
    }
    Ok(())
}

pub(super) async fn enter(tx: &Tx, call: &Call, entries: &Assessments) -> Result<(), Failure> {
    for assessment in entries {
        if is_in_use(tx, call, assessment).await? {
            return Err(Refused::guard(Fault::new(ErrorCode::RankingInUse)).into());
        }
    }
    let steps: Vec<_> = entries.iter().map(entering).collect();
    Ok(annual_assessments::insert_many(tx, &call.journal(), entries, &steps).await?)
}
