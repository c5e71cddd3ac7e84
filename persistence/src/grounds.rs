//! 取消资格的依据: whether what is held against an application is there, concerns it and bears a disqualification (D-706).

use pingxuan_domain::application::Application;
use pingxuan_domain::application::handling::{Disqualification, DisqualificationGround};
use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::decision::objection::obliges;
use pingxuan_domain::verification::score_sheet::CriterionScore;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::workflow::veto::VetoState;
use pingxuan_domain::workflow::vetting_request::VettingState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::connection::Connection;
use crate::convert::{code, from_json};
use crate::entity::county::veto;
use crate::entity::review::{objection, vetting_request};
use crate::entity::verification::{assignment, score_sheet};
use crate::error::StoreError;

/// Whether what is named bears the disqualification of an application: an objection that obliges to it, a department's veto in
/// the vetting, a veto in force against the nominee, a finding on a submitted sheet.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn bear(
    connection: &impl Connection,
    _: &Visibility,
    application: &Application,
    named: Disqualification,
    now: Instant,
) -> Result<bool, StoreError> {
    let id = named.reference_id;
    match named.ground {
        DisqualificationGround::Objection => objection_upheld(connection, application, id).await,
        DisqualificationGround::Vetting => vetoed_in_vetting(connection, application, id).await,
        DisqualificationGround::Veto => barred(connection, application, id, now).await,
        DisqualificationGround::SiteFinding => found_on_site(connection, application, id).await,
    }
}

async fn objection_upheld(
    connection: &impl Connection,
    application: &Application,
    id: Uuid,
) -> Result<bool, StoreError> {
    use objection::Column as B;
    let select = objection::Entity::find_by_id(id).filter(B::ApplicationId.eq(application.id)).select_only();
    let select = select.column(B::State).column(B::Consequence);
    let Some((state, consequence)) = select.into_tuple::<(String, Option<String>)>().one(connection).await?
    else {
        return Ok(false);
    };
    let consequence = consequence.map(|of| code("objections.consequence", &of)).transpose()?;
    Ok(obliges(code("objections.state", &state)?, consequence))
}

async fn vetoed_in_vetting(
    connection: &impl Connection,
    application: &Application,
    id: Uuid,
) -> Result<bool, StoreError> {
    use vetting_request::Column as V;
    let select = vetting_request::Entity::find_by_id(id)
        .filter(V::ApplicationId.eq(application.id))
        .filter(V::State.eq(VettingState::Veto.to_string()));
    Ok(select.count(connection).await? > 0)
}

async fn barred(
    connection: &impl Connection,
    application: &Application,
    id: Uuid,
    now: Instant,
) -> Result<bool, StoreError> {
    use veto::Column as V;
    let unit = application.unit_id.filter(|_| application.nominee == NomineeKind::Unit);
    let nominee = Condition::any()
        .add(Expr::cust("1 = 0"))
        .add_option(unit.map(|unit| V::UnitId.eq(unit)))
        .add_option(application.person_index.clone().map(|index| V::PersonIndex.eq(index)));
    let select = veto::Entity::find_by_id(id)
        .filter(nominee)
        .filter(V::State.eq(VetoState::Recorded.to_string()))
        .filter(V::Until.gte(now.day().to_string()));
    Ok(select.count(connection).await? > 0)
}

async fn found_on_site(
    connection: &impl Connection,
    application: &Application,
    assignment_id: Uuid,
) -> Result<bool, StoreError> {
    use assignment::Column as A;
    use score_sheet::Column as S;
    let standing = Query::select()
        .column(A::Id)
        .from(assignment::Entity)
        .and_where(A::ApplicationId.eq(application.id))
        .and_where(A::State.ne(AssignmentState::Recused.to_string()))
        .to_owned();
    let select = score_sheet::Entity::find_by_id(assignment_id)
        .filter(S::AssignmentId.in_subquery(standing))
        .filter(S::State.eq(ScoreSheetState::Submitted.to_string()));
    let Some(sheet) = select.one(connection).await? else { return Ok(false) };
    let scores: Vec<CriterionScore> = from_json("score_sheets.scores", &sheet.scores)?;
    let found =
        |score: &CriterionScore| score.veto_finding.as_ref().is_some_and(|text| !text.trim().is_empty());
    Ok(scores.iter().any(found))
}
