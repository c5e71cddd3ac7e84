"""The same tasks with numpy and scipy: CPU time of each, and whether the figures agree with those of the crate."""
import json
import sys
import time

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.sparse import csr_matrix, diags
from scipy.special import ndtri

LAMBDA, PLACES, DRAWS, SEED = 0.25, 300, 10_000, 42

with open(sys.argv[1]) as file:
    n_applicants, n_reviewers = map(int, file.readline().split())
    table = np.loadtxt(file)
i, j, y = table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2]
ours = json.load(open(sys.argv[2]))


def timed(times, task):
    """What a task gives, and the mean of its times."""
    start = time.process_time()
    for _ in range(times):
        result = task()
    return result, (time.process_time() - start) / times


def build():
    visits = csr_matrix((np.ones(y.size), (i, j)), shape=(n_applicants, n_reviewers))
    n = np.bincount(i, minlength=n_applicants)
    mean = np.bincount(i, y, n_applicants) / n
    r = np.bincount(j, y - mean[i], n_reviewers)
    information = -(visits.T @ diags(1.0 / n) @ visits).toarray()
    information[np.diag_indices(n_reviewers)] += np.bincount(j, minlength=n_reviewers)
    return visits, n, mean, r, information


def fit():
    visits, n, mean, r, information = build()
    factor = cho_factor(information + LAMBDA * np.eye(n_reviewers), lower=True)
    b = cho_solve(factor, r)
    return mean - (visits @ b) / n, b


def eigen():
    return np.linalg.eigh(information)


def peak(values, vectors):
    z2, nu, within = (vectors.T @ r) ** 2, y.size - n_applicants, ((y - mean[i]) ** 2).sum()
    rss = lambda lam: within - (z2 / (values + lam)).sum()
    f = lambda u: nu * np.log(rss(np.exp(u)) / nu) + np.log((values + np.exp(u)) / np.exp(u)).sum()
    slope = lambda u: nu * (z2 / (values + np.exp(u)) ** 2).sum() / rss(np.exp(u)) + (
        1 / (values + np.exp(u)) - np.exp(-u)).sum()
    grid = np.linspace(np.log(1e-4), np.log(1e6), 161)
    best = int(np.argmin([f(u) for u in grid]))
    low, high = grid[best - 1], grid[best + 1]
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if slope(middle) > 0 else (middle, high)
    return np.exp((low + high) / 2)


def stream(first, count):
    z = np.uint64(SEED) + (np.arange(first + 1, first + count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53


def draws(noise_of):
    """Draws in batches that fit into memory; noise_of(first, rows) gives a matrix of normal numbers."""
    counts = np.zeros(n_applicants, dtype=int)
    batch = 500
    for first in range(0, DRAWS, batch):
        noise = noise_of(first, batch)
        w = solve_triangular(lower, noise[:, :n_reviewers].T, lower=True, trans="T", check_finite=False)
        figures = a[:, None] - sigma * (share @ w) + (sigma / np.sqrt(n))[:, None] * noise[:, n_reviewers:].T
        top = np.argpartition(-figures, PLACES - 1, axis=0)[:PLACES]
        counts += np.bincount(top.ravel(), minlength=n_applicants)
    return counts


(a, b), fitting = timed(200, fit)
visits, n, mean, r, information = build()
(values, vectors), decomposing = timed(50, eigen)
lam, searching = timed(50, lambda: peak(*eigen()))
nu = y.size - n_applicants
sigma = np.sqrt((((y - mean[i]) ** 2).sum() - r @ b) / nu)
penalised = information + LAMBDA * np.eye(n_reviewers)
lower = np.linalg.cholesky(penalised)
share = diags(1.0 / n) @ visits
dense = share.toarray()
errors = sigma * np.sqrt(1 / n + ((dense @ np.linalg.inv(penalised)) * dense).sum(axis=1))
width = n_reviewers + n_applicants
rng = np.random.default_rng(SEED)
_, own_stream = timed(1, lambda: draws(lambda first, rows: rng.standard_normal((rows, width))))
def same_stream(first, rows):
    return ndtri(stream(first * width, rows * width)).reshape(rows, width)


counts, same = timed(1, lambda: draws(same_stream))

took = ours["seconds"]
print(f"{'task':44}{'reference':>11}{'crate':>9}{'ratio':>7}")
rows = [("fit with lambda given: build, Cholesky, solve", fitting, took["fit"]),
        ("REML: numpy eigh alone", decomposing, took["reml"]),
        ("REML: numpy eigh and the search", searching, took["reml"]),
        ("10,000 draws: numpy's own stream", own_stream, took["draws"]),
        ("10,000 draws: the same stream in numpy", same, took["draws"])]
for name, reference, crate in rows:
    print(f"{name:44}{reference:10.4f}s{crate:8.4f}s{reference / crate:7.2f}")
print(f"{'check and order 30,000 visits':55}{took['check']:8.4f}s")
print(f"{'all standard errors':55}{took['errors']:8.4f}s")
print(f"{'2,000 draws with ranks':55}{took['draws_ranked']:8.4f}s")
off = {"calibrated": np.abs(a - ours["calibrated"]).max(), "errors": np.abs(errors - ours["errors"]).max(),
       "lambda": abs(lam / ours["lambda"] - 1), "top counts": np.abs(counts - ours["top_count"]).max()}
print("largest differences:", ", ".join(f"{name} {value:.1e}" for name, value in off.items()))
sys.exit(any(value > (2 if name == "top counts" else 1e-6) for name, value in off.items()))
