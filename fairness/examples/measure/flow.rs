//! A plan for an instance from a file: its objective, and the processor time of the plan alone.

use std::error::Error;

use pingxuan_fairness::assign::{Instance, Outcome, solve};

use super::processor_seconds;

/// Measures the plan and prints it: the objective and the seconds.
pub fn measure(path: &str) -> Result<(), Box<dyn Error>> {
    let instance: Instance = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let before = processor_seconds()?;
    let outcome = solve(&instance)?;
    let seconds = processor_seconds()? - before;
    match outcome {
        Outcome::Feasible(plan) => println!("{} {seconds:.3}", plan.objective),
        Outcome::Infeasible(shortage) => {
            return Err(format!("short of {} visits", shortage.shortfall).into());
        }
    }
    Ok(())
}
