#!/usr/bin/env bash
# The plan over some 427,000 arcs beside OR-tools' SimpleMinCostFlow on the same instance: processor seconds of the solving alone,
# and the optimum of both. Five runs of each in turn; run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."
work="${TMPDIR:-/tmp}/pingxuan-fairness-bench"
mkdir -p "$work"
export OPENBLAS_NUM_THREADS=1
if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet numpy scipy ortools
fi
cargo build --quiet --release -p pingxuan-fairness --example flow
flow="${CARGO_TARGET_DIR:-target}/release/examples/flow"
for kind in spread crowded; do
    "$work/venv/bin/python" fairness/bench/flow.py make "$work/$kind.json" "$kind"
    for _ in 1 2 3 4 5; do
        echo "$kind OR-tools: $("$work/venv/bin/python" fairness/bench/flow.py solve "$work/$kind.json")"
        echo "$kind fairness: $("$flow" "$work/$kind.json")"
    done
done
