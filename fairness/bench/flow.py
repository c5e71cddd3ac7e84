"""The reference of the benchmark of flows: makes an instance, and solves it with OR-tools.

flow.py make INSTANCE.json KIND   10,000 applicants, 500 reviewers, 40 candidates each; tied: the cheapest of costs from 0
                                  to 99; spread, crowded: the nearest in the plane less conflicts, reviewers spread
                                  evenly or crowded into one corner
flow.py solve INSTANCE.json       the optimum by SimpleMinCostFlow and the processor time of its solve() alone
"""

import json
import sys
import time

import numpy as np

APPLICANTS, REVIEWERS, CANDIDATES, VISITS, MOST, BETA = 10_000, 500, 40, 3, 75, 1


def make(path, kind):
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
    instance = {
        "applicants": [{"unit": None, "visits": VISITS}] * APPLICANTS,
        "reviewers": [{"unit": None, "min_load": 0, "max_load": MOST}] * REVIEWERS,
        "costs": {"sparse": rows},
        "forbidden": [],
        "locked": [],
        "unit_cap": 0,
        "beta": BETA,
    }
    with open(path, "w") as file:
        json.dump(instance, file)


def solve(path):
    from ortools.graph.python import min_cost_flow

    with open(path) as file:
        instance = json.load(file)
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
    print(f"arcs {len(arcs)} objective {flow.optimal_cost()} cpu {seconds:.3f}")


if __name__ == "__main__":
    {"make": make, "solve": solve}[sys.argv[1]](*sys.argv[2:])
