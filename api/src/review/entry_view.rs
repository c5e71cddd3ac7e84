//! How a candidate of a list is shown to the house: the place, and all that speaks against it.

use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_domain::review::scoring::{Adjustment, Figure};
use pingxuan_domain::review::vetting::Asked;
use pingxuan_domain::verification::recusal::RecusalKind;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::vetting_request::VettingState;
use pingxuan_domain::{Day, Instant};
use pingxuan_persistence::late_recusals::LateRecusal;
use pingxuan_persistence::shortlists::Listed;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ranking_view::adjustment;
use super::shortlist_view::place;
use crate::call::Call;
use crate::enums;
use crate::problem::ProblemItem;

/// A candidate.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// The place on the list, from 1.
    #[schema(minimum = 1, maximum = 100000)]
    position: u32,
    application_id: Uuid,
    /// Who is to be commended.
    #[schema(max_length = 200)]
    nominee_name: String,
    /// A person's unit.
    #[schema(max_length = 100)]
    unit_name: Option<String>,
    /// A person's post.
    #[schema(max_length = 200)]
    post: Option<String>,
    /// Whether they are a leading cadre.
    is_leading_cadre: bool,
    /// Whether they work at the front line.
    front_line: bool,
    /// The rank in the ranking that the list was made from.
    #[schema(minimum = 1, maximum = 100000)]
    rank: Option<u32>,
    /// The figure in that ranking.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
    /// Points of it that the office gave, or took where they are negative; absent where there are none.
    #[schema(value_type = Option<String>, max_length = 7, pattern = r"^-?(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    adjustment: Option<Adjustment>,
    /// Where the application stands.
    #[schema(value_type = enums::ApplicationState)]
    state: ApplicationState,
    /// Whether they stood in a closed notice of this list.
    noticed: bool,
    /// The application whose vacant place they have taken.
    substitutes: Option<Uuid>,
    /// The last day of a veto that is in force against them.
    #[schema(value_type = Option<String>, format = Date)]
    veto_until: Option<Day>,
    /// What departments were asked about them, and answered.
    #[schema(max_items = 100)]
    vetting: Vec<VettingBriefView>,
    /// What their vetting still lacks.
    #[schema(max_items = 200)]
    vetting_lacks: Vec<ProblemItem>,
    /// Objections against them that wait for their answer.
    #[schema(minimum = 0, maximum = 1000000)]
    open_objections: u32,
    /// Whether an objection against them was upheld: they are to be disqualified.
    objection_upheld: bool,
    /// Recusals from them that came after the verification: the sheets stay as they are.
    #[schema(max_items = 1000)]
    late_recusals: Vec<LateRecusalView>,
    /// Why the approver declined them.
    #[schema(max_length = 2000)]
    declined_reason: Option<String>,
}

/// A department that was asked about a candidate.
#[derive(Debug, Serialize, ToSchema)]
pub struct VettingBriefView {
    /// The department's code.
    #[schema(max_length = 60)]
    department_code: String,
    /// The department's name.
    #[schema(max_length = 100)]
    department_name: String,
    /// Where the question stands.
    #[schema(value_type = enums::VettingState)]
    state: VettingState,
    /// The last day for the answer.
    #[schema(value_type = String, format = Date)]
    due_on: Day,
}

/// A recusal that came after the verification (D-602).
#[derive(Debug, Serialize, ToSchema)]
pub struct LateRecusalView {
    recusal_id: Uuid,
    /// Who is recused.
    #[schema(max_length = 100)]
    name: String,
    /// What kind it is.
    #[schema(value_type = enums::RecusalKind)]
    kind: RecusalKind,
    /// Why.
    #[schema(max_length = 2000)]
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
}

impl EntryView {
    /// A candidate of a list that was made from a ranking.
    #[must_use]
    pub fn of(call: &Call, category: &Category, ranking: &Ranking, listed: &Listed) -> Self {
        let nominee = &listed.nominee;
        let ranked = place(ranking, nominee.application_id);
        let lacking = listed.vetting_gaps(category, call.now);
        Self {
            position: listed.position,
            application_id: nominee.application_id,
            nominee_name: nominee.name.clone(),
            unit_name: nominee.unit_name.clone(),
            post: nominee.post.clone(),
            is_leading_cadre: nominee.is_leading_cadre,
            front_line: nominee.front_line,
            rank: ranked.map(|entry| entry.rank),
            score: ranked.and_then(|entry| entry.score),
            adjustment: ranked.and_then(adjustment),
            state: nominee.state,
            noticed: listed.noticed,
            substitutes: listed.substitutes,
            veto_until: nominee.veto_until.filter(|until| call.now < until.end()),
            vetting: listed.asked.iter().map(VettingBriefView::from).collect(),
            vetting_lacks: lacking.iter().map(|fault| ProblemItem::blocking(call.language, fault)).collect(),
            open_objections: nominee.open_objections,
            objection_upheld: nominee.objection_upheld,
            late_recusals: listed.late_recusals.iter().map(LateRecusalView::from).collect(),
            declined_reason: listed.declined_reason.clone(),
        }
    }
}

impl From<&Asked> for VettingBriefView {
    fn from(asked: &Asked) -> Self {
        Self {
            department_code: asked.department_code.clone(),
            department_name: asked.department_name.clone(),
            state: asked.state,
            due_on: asked.due_on,
        }
    }
}

impl From<&LateRecusal> for LateRecusalView {
    fn from(recusal: &LateRecusal) -> Self {
        Self {
            recusal_id: recusal.id,
            name: recusal.name.clone(),
            kind: recusal.kind,
            reason: recusal.reason.clone(),
            created_at: recusal.created_at,
        }
    }
}
