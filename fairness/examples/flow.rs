//! Plans an instance read as JSON and prints its objective and the processor time of the plan alone, for `bench/flow.sh`.

use std::error::Error;
use std::{env, fs};

use pingxuan_fairness::assign::{Instance, Outcome, solve};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("usage: flow INSTANCE.json")?;
    let instance: Instance = serde_json::from_str(&fs::read_to_string(path)?)?;
    let before = processor_seconds()?;
    let outcome = solve(&instance)?;
    let seconds = processor_seconds()? - before;
    match outcome {
        Outcome::Feasible(plan) => println!("objective {} cpu {seconds:.3}", plan.objective),
        Outcome::Infeasible(shortage) => println!("short of {} visits, cpu {seconds:.3}", shortage.shortfall),
    }
    Ok(())
}

/// Seconds that this thread has been on a processor, as Linux counts them.
fn processor_seconds() -> Result<f64, Box<dyn Error>> {
    let counted = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = counted.split_whitespace().next().ok_or("no count")?.parse()?;
    Ok(nanoseconds / 1e9)
}
