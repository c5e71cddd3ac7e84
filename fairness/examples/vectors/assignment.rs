//! Reference vectors of assignments: optimal values, and what balancing has to reach.

use pingxuan_fairness::assign::{Costs, Instance, Outcome, Plan, balance, check, merit, solve};
use serde_json::{Value, json};

use super::comparison::Comparison;

/// The seed with which plans are balanced; any will do.
const SEED: u64 = 20_221_107;

/// Whether a file is of this format.
pub fn is(file: &Value) -> bool {
    file["instances"].is_array()
}

/// Compares all vectors of a file.
pub fn compare(file: &Value) -> Vec<Comparison> {
    let vectors = file["instances"].as_array().map(Vec::as_slice).unwrap_or_default();
    vectors.iter().flat_map(|vector| of_vector(vector, vector["name"].as_str().unwrap_or("?"))).collect()
}

fn of_vector(vector: &Value, name: &str) -> Vec<Comparison> {
    let instance = match instance(vector) {
        Ok(instance) => instance,
        Err(error) => return vec![Comparison::new(name, "instance", false, error.to_string())],
    };
    let outcome = match solve(&instance) {
        Ok(outcome) => outcome,
        Err(error) => return vec![Comparison::new(name, "instance", false, error.to_string())],
    };
    let expected = &vector["expected"];
    let demand: usize = instance.applicants.iter().map(|applicant| applicant.visits).sum();
    let feasible = matches!(outcome, Outcome::Feasible(_));
    let mut compared = vec![
        Comparison::same(name, "feasible", feasible, &expected["feasible"]),
        Comparison::same(name, "total_demand", demand, &expected["total_demand"]),
    ];
    let plan = match &outcome {
        Outcome::Feasible(plan) => {
            compared.push(Comparison::same(name, "objective", plan.objective, &expected["objective"]));
            let breaches = check(&instance, &plan.pairs).unwrap_or_default();
            compared.push(Comparison::new(name, "checks", breaches.is_empty(), format!("{breaches:?}")));
            plan
        }
        Outcome::Infeasible(shortage) => {
            let plan = &shortage.plan;
            compared.push(Comparison::same(
                name,
                "max_coverage",
                plan.pairs.len(),
                &expected["max_coverage"],
            ));
            compared.push(Comparison::same(name, "shortfall", shortage.shortfall, &expected["shortfall"]));
            let least = &expected["min_objective_at_max_coverage"];
            compared.push(Comparison::same(name, "min_objective_at_max_coverage", plan.objective, least));
            let cut = format!("{:?}", shortage.cut);
            compared.push(Comparison::new(
                name,
                "cut",
                shortage.cut.is_some() == (shortage.shortfall > 0),
                cut,
            ));
            plan
        }
    };
    let sum = plan.cost + instance.beta * plan.load_square;
    compared.push(Comparison::same(name, "cost and loads", sum, &json!(plan.objective)));
    if expected["stage2"].is_object() {
        compared.extend(stage2(name, &instance, plan, expected));
    }
    compared
}

/// Compares a balanced plan. The optimum is not unique, and so neither is its cost: the budget is taken from the reference.
fn stage2(name: &str, instance: &Instance, plan: &Plan, expected: &Value) -> Vec<Comparison> {
    let stage2 = &expected["stage2"];
    let eps = stage2["eps"].as_f64().unwrap_or(0.25);
    let balanced = match (balance(instance, &plan.pairs, eps, SEED), merit(instance, &plan.pairs)) {
        (Ok(balanced), Ok(_)) => balanced,
        (Err(error), _) | (_, Err(error)) => {
            return vec![Comparison::new(name, "stage2", false, error.to_string())];
        }
    };
    let (found, reference) = (balanced.merit.pair_square, stage2["pair_square"].as_i64().unwrap_or_default());
    let detail = format!("{found}, at most 1.10 times {reference}");
    let quality = &balanced.merit.quality;
    let budget = balanced.budget;
    let breaches = check(instance, &balanced.plan.pairs).unwrap_or_default();
    let bound = balanced.merit.pair_square_bound;
    vec![
        Comparison::new(name, "stage2 pair_square", found as f64 <= 1.1 * reference as f64, detail),
        Comparison::same(name, "stage2 pair_square_lower_bound", bound, &stage2["pair_square_lower_bound"]),
        Comparison::new(
            name,
            "stage2 travel_cost",
            balanced.plan.cost <= budget,
            format!("{}, at most {budget}", balanced.plan.cost),
        ),
        Comparison::same(name, "stage2 components", balanced.merit.components, &stage2["components"]),
        Comparison::new(
            name,
            "stage2 efficiency",
            quality.efficiency > 0.0 && quality.efficiency <= quality.efficiency_bound + 1e-9,
            format!(
                "{:.6} (algebraic connectivity {:.6}), reference {}",
                quality.efficiency, quality.algebraic_connectivity, stage2["efficiency"]
            ),
        ),
        Comparison::new(name, "stage2 checks", breaches.is_empty(), format!("{breaches:?}")),
        Comparison::same(name, "stage2 loads", balanced.plan.loads, &json!(plan.loads)),
    ]
}

/// The instance of a vector.
fn instance(vector: &Value) -> Result<Instance, serde_json::Error> {
    let of = |field: &str| vector[field].clone();
    Ok(Instance {
        applicants: serde_json::from_value(of("applicants"))?,
        reviewers: serde_json::from_value(of("reviewers"))?,
        costs: Costs::Dense(serde_json::from_value(of("cost"))?),
        forbidden: serde_json::from_value(of("forbidden"))?,
        locked: serde_json::from_value(of("locked"))?,
        unit_cap: serde_json::from_value(of("unit_cap"))?,
        beta: serde_json::from_value(of("beta"))?,
    })
}
