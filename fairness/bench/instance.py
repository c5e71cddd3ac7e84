"""The instance of the benchmark, written as text: 10,000 applicants, 500 reviewers, 3 visits each, a fixed seed."""
import sys

import numpy as np

applicants, reviewers, each = 10_000, 500, 3
rng = np.random.default_rng(2022)
pairs = rng.permutation(np.resize(np.arange(reviewers), applicants * each)).reshape(applicants, each)
while True:
    pairs.sort(axis=1)
    clash = np.flatnonzero((np.diff(pairs, axis=1) == 0).any(axis=1))
    if clash.size == 0:
        break
    # Applicants who would see a reviewer twice are dealt again, with as many others.
    again = np.union1d(clash, rng.choice(applicants, size=clash.size, replace=False))
    pairs[again] = rng.permutation(pairs[again].ravel()).reshape(-1, each)
true, leniency = rng.normal(80, 3, applicants), rng.normal(0, 3, reviewers)
with open(sys.argv[1], "w") as file:
    file.write(f"{applicants} {reviewers}\n")
    for applicant in range(applicants):
        for reviewer in pairs[applicant]:
            score = true[applicant] + leniency[reviewer] + rng.normal(0, 1.5)
            file.write(f"{applicant} {reviewer} {score:.2f}\n")
