#!/usr/bin/env bash
# Runs the micro benchmarks and the end-to-end cases of the release build, five times each.
#
#   bench/run.sh [NAME…]     only those whose name contains one of the words
set -euo pipefail
cd "$(dirname "$0")/.."

wanted() {
  local word
  [ $# -gt 1 ] || return 0
  for word in "${@:2}"; do [[ $1 != *"$word"* ]] || return 0; done
  return 1
}

lscpu | sed -n 's/^Model name: *//p'
for program in build/release/bench/*_bench; do
  name=$(basename "$program")
  wanted "$name" "$@" || continue
  printf '\n== %s\n' "$name"
  "$program" --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
done
for program in build/release/bench/bench_*; do
  name=$(basename "$program")
  [ "$name" != bench_one_metric ] || continue # peers runs it
  wanted "$name" "$@" || continue
  printf '\n== %s\n' "$name"
  for _ in 1 2 3 4 5; do "$program"; done
done
if wanted verify "$@"; then
  printf '\n== verify\n'
  for _ in 1 2 3 4 5; do bench/cases/verify.sh; done
fi
if wanted peers "$@"; then
  printf '\n== peers\n'
  .venv/bin/python bench/peers/run.py
fi
if wanted latency "$@"; then
  printf '\n== latency\n'
  .venv/bin/python bench/cases/latency.py
fi
