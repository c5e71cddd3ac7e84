//! The campaign: from its notice to its announcement.

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::{Operation, Visibility};
use pingxuan_persistence::{Tx, campaigns};
use uuid::Uuid;

use crate::call::Call;
use crate::problem::Failure;
use crate::routes::Registry;
use crate::running::sweeper::carry_out_due;

pub mod acting;
pub mod advance;
pub mod categories;
pub mod dry_run;
pub mod extensions;
pub mod handlers;
pub mod views;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(handlers::list_campaigns)
        .service(handlers::create_campaign)
        // A name before what a parameter takes in.
        .service(dry_run::dry_run_campaign)
        .service(handlers::get_campaign)
        .service(handlers::update_campaign)
        .service(handlers::delete_campaign)
        .service(advance::advance_campaign)
        .service(acting::open_campaign_seal)
        .service(acting::cancel_campaign)
        .service(acting::copy_campaign)
        .service(extensions::list_extensions)
        .service(extensions::grant_extension)
        .service(categories::list_categories)
        .service(categories::get_category)
        .service(categories::get_category_form);
}

/// The campaign that a request acts in, held so that its phase stays, with what is due carried out first (D-301).
///
/// # Errors
/// 404 where there is none.
pub async fn held(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let system = Visibility::system(Operation::OpenAcceptance);
    let campaign = campaigns::hold(tx, &system, id).await?.ok_or_else(Failure::not_found)?;
    held_already(call, tx, campaign).await
}

/// The same for a campaign that was held when it was found: what is due by now is carried out.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn held_already(call: &Call, tx: &Tx, campaign: Campaign) -> Result<Campaign, Failure> {
    carry_out_due(tx, &call.journal(), campaign, call.now).await
}

/// The same, locked: nobody else acts in the campaign until the transaction ends.
///
/// # Errors
/// 404 where there is none within the caller's reach.
pub async fn locked(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let campaign = campaigns::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    carry_out_due(tx, &call.journal(), campaign, call.now).await
}
