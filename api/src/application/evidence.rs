//! The chain that leads from what an application states to its points: claim, evidence, finding, points (D-504).

use std::collections::BTreeSet;

use actix_web::{get, web};
use pingxuan_domain::Day;
use pingxuan_domain::application::attachment::Attached;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::review::scoring::Points;
use pingxuan_domain::verification::finding::{Finding, FindingVerdict, criterion_of, deeds};
use pingxuan_domain::verification::score_sheet::CriterionScore;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_persistence::applications::Case;
use pingxuan_persistence::score_sheets::{self, Written};
use pingxuan_persistence::site_visits::{self, Found};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::feedback::is_own;
use super::office::FormPointer;
use super::reading::found;
use super::sealing::opened;
use crate::attachment::views::AttachedView;
use crate::call::{Answer, Call};
use crate::enums;
use crate::problem::Failure;
use crate::verification::score_sheets::stated;
use crate::verification::scores::FoundReference;
use crate::verification::site_visits::VisitPhoto;

/// What bears out an application, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    /// The application.
    application_id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// Its category.
    #[schema(max_length = 64)]
    category_code: String,
    /// What it states: the places of its form that are named after a criterion, and those that something refers to.
    #[schema(max_items = 1000)]
    deeds: Vec<DeedView>,
    /// The criteria, in the notice's order, with the points given.
    #[schema(max_items = 100)]
    criteria: Vec<CriterionPointsView>,
}

/// A deed, with what bears it out and what was found of it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DeedView {
    /// Its place in the form.
    #[schema(value_type = FormPointer)]
    pointer: String,
    /// The number of the criterion that it supports, where the place is named after one.
    #[schema(minimum = 1, maximum = 1000)]
    criterion: Option<u32>,
    /// The claim, where it is a text; what else stands there, the form shows.
    #[schema(max_length = 100000)]
    text: Option<String>,
    /// The attachments that bear it out.
    #[schema(max_items = 100)]
    attachments: Vec<AttachedView>,
    /// What site visits found of it, the earliest first; for its unit once the awards are announced.
    #[schema(max_items = 1000)]
    findings: Vec<DeedFindingView>,
}

/// What a site visit found of a deed.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DeedFindingView {
    /// The visit; left out for the unit.
    site_visit_id: Option<Uuid>,
    /// The day.
    #[schema(value_type = String, format = Date)]
    visited_on: Day,
    /// The number of the criterion that it bears on.
    #[schema(minimum = 1, maximum = 1000)]
    criterion: Option<u32>,
    /// What is said of it.
    #[schema(value_type = enums::FindingVerdict)]
    verdict: FindingVerdict,
    /// What was seen; left out for the unit.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The application's attachments that show it.
    #[schema(max_items = 100)]
    attachment_ids: Vec<Uuid>,
    /// The visit's photos that show it; left out for the unit.
    #[schema(max_items = 100)]
    photos: Option<Vec<VisitPhoto>>,
}

/// A criterion with the points given to it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionPointsView {
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 1000)]
    criterion: u32,
    /// Its title.
    #[schema(max_length = 200)]
    title: String,
    /// The points given: by every sheet that is submitted for the house, by the own sheet for a supervisor, once verification is
    /// over by the others too; left out for the unit.
    #[schema(max_items = 1000)]
    points: Option<Vec<GivenPointsView>>,
}

/// What one sheet gives a criterion.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenPointsView {
    /// The assignment whose sheet it is; left out for other supervisors.
    assignment_id: Option<Uuid>,
    /// Who scores; left out for other supervisors.
    #[schema(max_length = 100)]
    supervisor_name: Option<String>,
    /// Where the sheet stands.
    #[schema(value_type = enums::ScoreSheetState)]
    state: ScoreSheetState,
    /// The points; left out where there are none.
    #[schema(value_type = Option<String>, max_length = 5, pattern = r"^(100(\.0)?|[0-9]{1,2}(\.[05])?)$")]
    points: Option<Points>,
    /// It cannot be judged.
    cannot_judge: bool,
    /// The reason.
    #[schema(max_length = 1000)]
    reason: String,
    /// The findings to which it refers.
    #[schema(max_items = 100)]
    findings: Vec<FoundReference>,
    /// The attachments to which it refers.
    #[schema(max_items = 100)]
    attachment_ids: Vec<Uuid>,
}

/// 申报事迹佐证 · Open what bears out an application
///
/// What it states, with the attachments, what site visits found of it and the points that were given: as much of it as the caller may see.
/// A supervisor sees the points of others once verification is over, and not whose they are; its unit sees no points and no notes, and
/// what was found once the awards are announced.
#[utoipa::path(tag = "applications", params(("application_id" = Uuid, Path, description = "The application")), responses((status = 200, description = "What bears it out", body = EvidenceView)))]
#[get("/applications/{application_id}/evidence")]
pub async fn get_application_evidence(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = found(&call, *id).await?;
    opened(&call, &case)?;
    let reader = Reader::of(&call, &case);
    let read = call.app.db.read();
    let visits = match reader {
        Reader::Unit if case.campaign.announced_at.is_none() => Vec::new(),
        Reader::House | Reader::Supervisor(_) | Reader::Unit => {
            site_visits::found_of(read, &call.visibility, *id).await?
        }
    };
    let sheets = match reader {
        Reader::House | Reader::Supervisor(_) => {
            Some(score_sheets::written_of(read, &call.visibility, *id).await?)
        }
        Reader::Unit => None,
    };
    call.plain(&Chain { case: &case, reader, visits, sheets }.view()?)
}

/// As whom somebody looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    House,
    Supervisor(Option<Uuid>),
    Unit,
}

impl Reader {
    fn of(call: &Call, case: &Case) -> Self {
        if call.visibility.is_insider() {
            Self::House
        } else if is_own(call, &case.application) {
            Self::Unit
        } else {
            Self::Supervisor(call.visibility.actor().and_then(|actor| actor.supervisor_id))
        }
    }
}

/// All that is known of one application.
struct Chain<'a> {
    case: &'a Case,
    reader: Reader,
    visits: Vec<Found>,
    sheets: Option<Vec<Written>>,
}

impl Chain<'_> {
    fn view(&self) -> Result<EvidenceView, Failure> {
        let (application, category) = (&self.case.application, self.case.category()?);
        let stated = stated(self.case)?;
        let places = self.places(category);
        let criteria = category.criteria.iter().map(|criterion| CriterionPointsView {
            criterion: criterion.number,
            title: criterion.title.value.clone(),
            points: self.points(criterion.number),
        });
        Ok(EvidenceView {
            application_id: application.id,
            campaign_id: application.campaign_id,
            category_code: application.category_code.clone(),
            deeds: places
                .into_iter()
                .filter(|place| stated.states(place))
                .map(|place| self.deed(category, place))
                .collect(),
            criteria: criteria.collect(),
        })
    }

    /// The places that are named after a criterion, in the form's order, then those that something else refers to.
    fn places(&self, category: &Category) -> Vec<String> {
        let mut places = deeds(category);
        let attached = self.case.application.attached.iter().flat_map(|one| &one.pointers);
        let found = self.visits.iter().flat_map(|visit| &visit.findings).map(|finding| &finding.pointer);
        let others: BTreeSet<String> =
            attached.chain(found).filter(|pointer| !places.contains(pointer)).cloned().collect();
        places.extend(others);
        places
    }

    fn deed(&self, category: &Category, pointer: String) -> DeedView {
        let application = &self.case.application;
        let bears_out = |one: &&Attached| one.pointers.contains(&pointer);
        let findings = self.visits.iter().flat_map(|visit| {
            let of_it = visit.findings.iter().filter(|finding| finding.pointer == pointer);
            of_it.map(move |finding| self.finding(category, visit, finding))
        });
        DeedView {
            criterion: criterion_of(category, &pointer),
            text: application.form.pointer(&pointer).and_then(Value::as_str).map(str::to_owned),
            attachments: application.attached.iter().filter(bears_out).map(AttachedView::from).collect(),
            findings: findings.collect(),
            pointer,
        }
    }

    fn finding(&self, category: &Category, visit: &Found, finding: &Finding) -> DeedFindingView {
        let told = self.reader != Reader::Unit;
        let shown = visit.photos.iter().filter(|photo| finding.photos.contains(&photo.sha256));
        DeedFindingView {
            site_visit_id: told.then_some(visit.site_visit_id),
            visited_on: visit.visited_on,
            criterion: finding.bears_on(category),
            verdict: finding.verdict,
            note: finding.note.clone().filter(|_| told),
            attachment_ids: finding.attachment_ids.clone(),
            photos: told.then(|| shown.cloned().map(VisitPhoto::from).collect()),
        }
    }

    /// The points that a criterion was given, as far as the caller may know of them (D-605). Those of other supervisors stand in an
    /// order that tells nothing of who gave them.
    fn points(&self, criterion: u32) -> Option<Vec<GivenPointsView>> {
        let sheets = self.sheets.as_ref()?;
        let own = |of: &Written| self.reader == Reader::Supervisor(Some(of.supervisor_id));
        let submitted = |of: &Written| of.sheet.state == ScoreSheetState::Submitted;
        let over = matches!(
            self.case.campaign.state,
            CampaignState::Selecting | CampaignState::Announced | CampaignState::Archived
        );
        // Who has scored the application learns how others did.
        let others = self.reader == Reader::House || (over && sheets.iter().any(own));
        let named = |of: &Written| self.reader == Reader::House || own(of);
        let seen = sheets.iter().filter(|of| own(of) || (others && submitted(of)));
        let mut given: Vec<_> = seen
            .flat_map(|of| {
                let scores = of.sheet.scores.iter().filter(move |score| score.criterion == criterion);
                scores.map(move |score| given(of, score, named(of)))
            })
            .collect();
        given.sort_by(|one, other| {
            let key = |of: &GivenPointsView| {
                (of.assignment_id.is_none(), of.assignment_id, of.points, of.reason.clone())
            };
            key(one).cmp(&key(other))
        });
        Some(given)
    }
}

fn given(of: &Written, score: &CriterionScore, named: bool) -> GivenPointsView {
    GivenPointsView {
        assignment_id: named.then_some(of.sheet.assignment_id),
        supervisor_name: named.then(|| of.supervisor_name.clone()),
        state: of.sheet.state,
        points: score.points,
        cannot_judge: score.cannot_judge,
        reason: score.reason.clone(),
        findings: score.findings.iter().cloned().map(FoundReference::from).collect(),
        attachment_ids: score.attachment_ids.clone(),
    }
}
