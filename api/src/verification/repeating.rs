//! A plan repeated by anybody, away from the database: from what `get_assignment_plan` answers (D-602).

use pingxuan_domain::verification::plan::{self, Draw, Request, seed_of};
use pingxuan_persistence::assignment_plans::Sealed;
use pingxuan_persistence::digest_hex;
use serde::Deserialize;
use uuid::Uuid;

/// What is read of an answer.
#[derive(Debug, Deserialize)]
struct Answered {
    plan: Kept,
}

#[derive(Debug, Deserialize)]
struct Kept {
    campaign_id: Uuid,
    category_code: Option<String>,
    seed: u64,
    draw: Option<Draw>,
    inputs: Request,
    inputs_sha256: String,
    result_sha256: String,
}

/// What came of a plan that was made once more: digests that are those of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated {
    /// Of what it was made from.
    pub inputs: String,
    /// Of what came of it.
    pub result: String,
}

/// The seed that a draw gives: the first 53 bits of the SHA-256 of [`Draw::text`].
#[must_use]
pub fn drawn_seed(draw: &Draw, campaign_id: Uuid, category_code: Option<&str>) -> u64 {
    seed_of(&digest_hex(draw.text(campaign_id, category_code).as_bytes())).unwrap_or_default()
}

/// Makes the plan of an answer of `get_assignment_plan` once more, and holds it against what the answer says.
///
/// # Errors
/// A sentence that says what is not as the answer says.
pub fn repeat(answer: &str) -> Result<Repeated, String> {
    let Answered { plan: kept } =
        serde_json::from_str(answer).map_err(|error| format!("no answer of get_assignment_plan: {error}"))?;
    let drawn = kept.draw.as_ref();
    let drawn = drawn.map(|draw| drawn_seed(draw, kept.campaign_id, kept.category_code.as_deref()));
    if kept.inputs.seed != kept.seed || drawn.is_some_and(|drawn| drawn != kept.seed) {
        return Err("the seed is another one".to_owned());
    }
    let inputs = Sealed::inputs(&kept.inputs).map_err(|error| error.to_string())?.digest;
    if inputs != kept.inputs_sha256 {
        return Err(format!("what it was made from has the digest {inputs}"));
    }
    let plan = plan::plan(&kept.inputs).map_err(|fault| fault.code.code().to_owned())?;
    let result = Sealed::result(&plan).map_err(|error| error.to_string())?.digest;
    if result != kept.result_sha256 {
        return Err(format!("what came of it has the digest {result}"));
    }
    Ok(Repeated { inputs, result })
}
