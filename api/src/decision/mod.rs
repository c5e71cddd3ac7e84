//! Decision: consent, notice, approval, announcement, awards, and that there is none.

use crate::routes::Registry;

pub mod announce;
pub mod approving;
pub mod awards;
pub mod disqualifying;
pub mod falling_out;
pub mod no_award;
pub mod notices;
pub mod record;
pub mod returning;
pub mod revoking;
pub mod substituting;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(approving::endorse_shortlist)
        .service(notices::publish_notice)
        .service(notices::close_notice)
        .service(approving::approve_shortlist)
        .service(returning::return_shortlist)
        .service(no_award::decide_no_award)
        .service(disqualifying::disqualify_application)
        .service(substituting::substitute_application)
        .service(revoking::revoke_award)
        .service(awards::list_awards)
        .service(awards::get_award);
}
