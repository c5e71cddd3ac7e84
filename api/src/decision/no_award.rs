//! A category is decided without an award (宁缺毋滥): rather none than one that is not worth it (D-206).

use actix_web::{post, web};
use pingxuan_domain::application::moving::move_all;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::decision::{NoAward, no_award_blockers};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Fault, Operation, Refused};
use pingxuan_persistence::{Connection, Tx, applications, candidates, no_awards, shortlists, stakes};
use serde_json::{Value, json};
use uuid::Uuid;

use super::record::DecisionIn;
use crate::call::{Answer, Call};
use crate::campaign::locked;
use crate::campaign::views::CategoryView;
use crate::identity::session::actor;
use crate::problem::Failure;

/// A category with the decision that leaves it without an award, as far as the caller may know of it.
#[derive(Debug)]
pub struct CategoryCase {
    campaign: Campaign,
    category: Category,
    no_award: Option<NoAward>,
}

impl CategoryCase {
    /// The category as this caller sees it.
    ///
    /// # Errors
    /// 404 where the campaign has no such category.
    pub async fn read(
        connection: &impl Connection,
        call: &Call,
        campaign: Campaign,
        category_code: &str,
    ) -> Result<Self, Failure> {
        let category = campaign.definition.category(category_code).cloned().ok_or_else(Failure::not_found)?;
        let no_award = if tells(call, &campaign) {
            no_awards::find(connection, &call.visibility, campaign.id, category_code).await?
        } else {
            None
        };
        Ok(Self { campaign, category, no_award })
    }

    /// Its version: that of the definition, until it is decided without an award.
    #[must_use]
    pub fn version(&self) -> String {
        let decided = if self.no_award.is_some() { "-decided" } else { "" };
        format!("{}{decided}", self.campaign.definition_digest)
    }

    /// The category, with what this caller may do with it.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn view(&self, connection: &impl Connection, call: &Call) -> Result<CategoryView, Failure> {
        let operation = Operation::DecideNoAward;
        let open = self.no_award.is_none() && self.campaign.announced_at.is_none();
        let mut allowed = Vec::new();
        if open && call.visibility_of(operation).is_some() {
            let (campaign, category) = (self.campaign.id, &self.category.code);
            let href = format!("/api/v1/campaigns/{campaign}/categories/{category}/no-award");
            allowed.extend(call.allowed_action(operation, href, &self.blockers(connection, call).await?));
        }
        let mut view = CategoryView::of(self.campaign.id, &self.category, self.no_award.as_ref(), call);
        view.allowed_actions = Some(allowed);
        Ok(view)
    }

    async fn blockers(&self, connection: &impl Connection, call: &Call) -> Result<Vec<Fault>, Failure> {
        let (campaign, category) = (self.campaign.id, &self.category.code);
        let alive = shortlists::alive(connection, &call.visibility, campaign, category).await?.is_some();
        let stakes = stakes::in_category(connection, &call.visibility, campaign, category).await?;
        Ok(no_award_blockers(self.campaign.state, alive, self.no_award.is_some(), &stakes))
    }
}

/// Whether a decision of the campaign may be told to this caller (D-403).
#[must_use]
pub fn tells(call: &Call, campaign: &Campaign) -> bool {
    call.visibility.is_insider() || campaign.announced_at.is_some()
}

/// 决定不予表彰 · Decide to make no award
///
/// Decides a category without an award, with a complete decision record, while the campaign selects and no list of the category
/// is alive. Its verified applications are `not_awarded`; outside the house nothing of it is seen until the campaign is announced.
/// `If-Match` names the category as `get_category` answers it.
#[utoipa::path(
    tag = "review",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("category_code" = String, Path, description = "The category", max_length = 64),
        ("If-Match" = String, Header, description = "The category that is decided on; not `*`"),
    ),
    request_body = DecisionIn,
    responses((status = 200, description = "Decided", body = CategoryView))
)]
#[post("/campaigns/{campaign_id}/categories/{category_code}/no-award")]
pub async fn decide_no_award(call: Call, place: web::Path<(Uuid, String)>) -> Answer {
    call.act(async |tx| {
        let (view, version) = decided(&call, tx, place.0, &place.1).await?;
        call.ok(&view, &version)
    })
    .await
}

async fn decided(
    call: &Call,
    tx: &Tx,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<(CategoryView, String), Failure> {
    let campaign = locked(call, tx, campaign_id).await?;
    let mut case = CategoryCase::read(tx, call, campaign, category_code).await?;
    call.expects(&case.version())?;
    let decision = call.read::<DecisionIn>()?.complete(call.now)?;
    let blockers = case.blockers(tx, call).await?;
    if !blockers.is_empty() {
        return Err(Refused::Guards(blockers).into());
    }
    let decided = NoAward {
        id: call.app.clock.new_id(),
        campaign_id,
        category_code: category_code.to_owned(),
        decision,
        decided_by: actor(&call.visibility)?.user_id,
        decided_at: call.now,
    };
    let reason = Some(decided.decision.reasons.clone());
    let journal = call.journal();
    let step = Step::of(call.operation(), ObjectKind::NoAward, decided.id, call.now)
        .in_campaign(campaign_id)
        .because(reason.clone())
        .changing("/category_code", Value::Null, category_code)
        .changing("/decision", Value::Null, json!(decided.decision))
        .to_audience(Audience::Insiders);
    no_awards::insert(tx, &journal, &decided, &[step]).await?;

    let verified = [ApplicationState::Verified];
    let verified =
        applications::lock_all(tx, &call.visibility, campaign_id, Some(category_code), &verified).await?;
    let moved = move_all(verified, call.operation(), Audience::Insiders, call.now, |_| ("", reason.clone()))?;
    candidates::record_all(tx, &journal, &moved.0, &moved.1).await?;
    case.no_award = Some(decided);
    Ok((case.view(tx, call).await?, case.version()))
}
