//! Review: rankings, ties, shortlists.

use crate::routes::Registry;

pub mod acting;
pub mod adjusting;
pub mod calibration_view;
mod charts;
pub mod diagnostics;
pub mod entry_view;
pub mod explaining;
pub mod proposing;
pub mod ranking;
pub mod ranking_view;
pub mod reckoning;
pub mod report;
pub mod sentences;
pub mod shortlist_view;
pub mod shortlists;
pub mod what_if;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(ranking::get_ranking)
        // Before the entries: the gate knows a place by the first path that fits it.
        .service(ranking::resolve_tie)
        .service(adjusting::adjust_points)
        .service(what_if::what_if_ranking)
        .service(diagnostics::get_scoring_diagnostics)
        .service(explaining::explain_ranking_entry)
        .service(shortlists::list_shortlists)
        .service(shortlists::create_shortlist)
        .service(shortlists::get_shortlist)
        .service(shortlists::update_shortlist)
        .service(proposing::propose_shortlist);
}
