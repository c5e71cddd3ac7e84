//! A model of the selection and the server, side by side: random people do random things, and both say the same.

use std::collections::BTreeMap;

use pingxuan_api::rehearsal::chance::Chance;
use pingxuan_domain::Operation;
use pingxuan_tests::model::moves::DRAWN;
use pingxuan_tests::model::{Expected, Model};
use pingxuan_tests::{World, both};

/// Runs, each of a campaign of its own, unless `PINGXUAN_MODEL_RUNS` says how many: `.ci/long` has 22 of each database,
/// which are 20,000 steps and more together.
const RUNS: u64 = 8;
/// Runs in which everything that is drawn is seen both done and refused.
const ALL: u64 = 22;
/// Steps of a run.
const STEPS: usize = 640;
/// What a run comes to at least, before its campaign is over.
const LEAST: u64 = 450;

both! {
    async fn the_server_does_what_the_tables_say(world: World) {
        let runs = std::env::var("PINGXUAN_MODEL_RUNS").map_or(RUNS, |said| said.parse().unwrap());
        let mut told: BTreeMap<_, (u32, u32)> = BTreeMap::new();
        for seed in 1..=runs {
            let mut chance = Chance::of(seed);
            let mut model = Model::found(world.clone()).await;
            for _ in 0..STEPS {
                let step = model.draw(&mut chance);
                let went_through = model.play(&step).await == Expected::Done;
                let (done, refused) = told.entry(step.operation().code()).or_default();
                *done += u32::from(went_through);
                *refused += u32::from(!went_through);
                if model.is_over() {
                    break;
                }
            }
        }
        // Time that passes asks nothing of the server.
        told.remove(Operation::GetWorkflow.code());
        let steps: u32 = told.values().map(|(done, refused)| done + refused).sum();
        println!("{steps} steps: {told:#?}");
        let both_ways = |operation: &str| told.get(operation).is_some_and(|(done, refused)| *done > 0 && *refused > 0);
        let missing: Vec<&str> = DRAWN.iter().map(|operation| operation.code()).filter(|code| !both_ways(code)).collect();
        // In a few runs not everything comes to pass that is rare; in all of them it does.
        let rare = if runs < ALL { DRAWN.len() / 8 } else { 0 };
        assert!(missing.len() <= rare, "not both done and refused: {missing:?}\n{told:#?}");
        assert!(u64::from(steps) >= LEAST * runs, "{steps} steps");
    }
}
