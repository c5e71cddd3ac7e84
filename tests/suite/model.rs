//! A model of the selection and the server, side by side: random people do random things, and both say the same.

use pingxuan_api::rehearsal::chance::Chance;
use pingxuan_tests::model::{Expected, Model};
use pingxuan_tests::{World, both};

/// Runs, each of a campaign of its own, and steps of a run.
const RUNS: u64 = 10;
const STEPS: usize = 400;

both! {
    async fn the_server_does_what_the_tables_say(world: World) {
        let (mut done, mut refused) = (0, 0);
        for seed in 1..=RUNS {
            let mut chance = Chance::of(seed);
            let mut model = Model::found(world.clone()).await;
            for _ in 0..STEPS {
                let step = model.draw(&mut chance);
                let went_through = model.play(&step).await == Expected::Done;
                done += u32::from(went_through);
                refused += u32::from(!went_through);
                if model.is_over() {
                    break;
                }
            }
        }
        assert!(done > 500 && refused > 500, "{done} done, {refused} refused");
    }
}
