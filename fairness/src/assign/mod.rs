//! Who visits whom: the cheapest plan within the rules, then one by which reviewers can be compared (FAIRNESS.md, section 6).
//!
//! [`solve`] finds the plan with the least objective, or says why there is none. [`balance`] swaps reviewers within an
//! allowance until they meet as many different colleagues as can be, [`links`] proposes what joins teams that hang apart, and
//! [`one_more`] the visit that brings most. [`check`] lists what a plan made by hand breaks; [`replace`] plans parts anew.

pub use balance::{Balanced, Merit, balance, merit};
pub use check::{Breach, add_noise, check, replace};
pub use instance::{Applicant, AssignmentError, Costs, Instance, LARGEST_COST, Pair, Reviewer};
pub use links::{Links, Stuck, Swap, links};
pub use more::{OneMore, one_more};
pub use plan::{Cut, Outcome, Plan, Short, Shortage, solve};

mod balance;
mod check;
mod flow;
mod instance;
mod links;
mod more;
mod network;
mod plan;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
