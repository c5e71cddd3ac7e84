//! Sealed campaigns at work: what says what is declared waits for the seal to be opened (D-303).

use pingxuan_domain::ErrorCode;
use pingxuan_domain::application::Application;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{Tx, candidates};
use strum::IntoEnumIterator;

use crate::call::Call;
use crate::problem::Failure;

/// Opens what lay sealed in the forms alone: whom the applications of a campaign nominate. The campaign is locked.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn unseal(call: &Call, tx: &Tx, campaign: &Campaign) -> Result<(), Failure> {
    let states: Vec<_> = ApplicationState::iter().collect();
    let declared = applications::lock_all(tx, &call.visibility, campaign.id, None, &states).await?;
    let opened = |application: Application| {
        let category = campaign.definition.category(&application.category_code)?;
        Some(application.unsealed(&category.form.as_ref()?.value))
    };
    let opened: Vec<Application> = declared.into_iter().filter_map(opened).collect();
    Ok(candidates::name_nominees(tx, &opened).await?)
}

/// Sees to it that what an application says does not lie sealed from this caller.
///
/// # Errors
/// 409 `campaign_sealed`.
pub fn opened(call: &Call, case: &Case) -> Result<(), Failure> {
    if case.is_sealed_from(&call.visibility) {
        return Err(Failure::guard(ErrorCode::CampaignSealed));
    }
    Ok(())
}
