"""Plans beside OR-tools' SimpleMinCostFlow: mean processor time of the solving alone, and whether the optimum is the same.

flow.py MEASURE FOLDER   MEASURE is the built example; the instances are left in FOLDER. 10,000 applicants, 500 reviewers,
                         40 candidates each; tied: the cheapest of costs from 0 to 99; spread, crowded: the nearest in the
                         plane less conflicts, reviewers spread evenly or crowded into one corner
"""

import json
import subprocess
import sys
import time

import numpy as np
from ortools.graph.python import min_cost_flow

APPLICANTS, REVIEWERS, CANDIDATES, VISITS, MOST, BETA = 10_000, 500, 40, 3, 75, 1
RUNS = 7


def make(kind):
    random = np.random.default_rng(1)
    here, there = random.random((APPLICANTS, 2)), random.random((REVIEWERS, 2))
    if kind == "crowded":
        there = there**1.5
    rows = []
    for place in here:
        if kind == "tied":
            costs = random.integers(0, 100, REVIEWERS)
            cheapest = np.sort(np.argsort(costs, kind="stable")[:CANDIDATES])
            rows.append([[int(r), int(costs[r])] for r in cheapest])
            continue
        distance = np.sqrt(((there - place) ** 2).sum(axis=1))
        near = np.sort(np.argsort(distance)[:CANDIDATES])
        free = near[random.random(CANDIDATES) >= 0.05]
        rows.append([[int(r), int(1 + 1000 * distance[r]) + int(random.integers(0, 10))] for r in free])
    return {
        "applicants": [{"unit": None, "visits": VISITS}] * APPLICANTS,
        "reviewers": [{"unit": None, "min_load": 0, "max_load": MOST}] * REVIEWERS,
        "costs": {"sparse": rows},
        "forbidden": [],
        "locked": [],
        "unit_cap": 0,
        "beta": BETA,
    }


def solve(instance):
    m, n, beta = len(instance["reviewers"]), len(instance["applicants"]), instance["beta"]
    sink = 1 + m + n
    arcs = [
        (0, 1 + r, 1, beta * (2 * t - 1))
        for r, reviewer in enumerate(instance["reviewers"])
        for t in range(1, reviewer["max_load"] + 1)
    ]
    arcs += [(1 + r, 1 + m + a, 1, cost) for a, row in enumerate(instance["costs"]["sparse"]) for r, cost in row]
    arcs += [(1 + m + a, sink, applicant["visits"], 0) for a, applicant in enumerate(instance["applicants"])]
    tails, heads, capacities, costs = np.array(arcs, dtype=np.int64).T
    demand = sum(applicant["visits"] for applicant in instance["applicants"])
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    flow.set_node_supply(0, demand)
    flow.set_node_supply(sink, -demand)
    before = time.process_time()
    status = flow.solve()
    seconds = time.process_time() - before
    assert status == flow.OPTIMAL, status
    return flow.optimal_cost(), seconds, len(arcs)


print(f"{'flow':12}{'arcs':>9}{'OR-tools':>11}{'crate':>9}{'ratio':>7}")
same = True
for kind in ["spread", "crowded", "tied"]:
    instance, path = make(kind), f"{sys.argv[2]}/{kind}.json"
    with open(path, "w") as file:
        json.dump(instance, file)
    reference, crate = [], []
    for _ in range(RUNS):
        optimum, seconds, arcs = solve(instance)
        objective, took = subprocess.check_output([sys.argv[1], "flow", path], text=True).split()
        same &= optimum == int(objective)
        reference.append(seconds)
        crate.append(float(took))
    mean, own = np.mean(reference), np.mean(crate)
    print(f"{kind:12}{arcs:9}{mean:10.3f}s{own:8.3f}s{mean / own:7.2f}")
print("optima:", "the same" if same else "different")
sys.exit(not same)
