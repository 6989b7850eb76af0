#!/usr/bin/env bash
# `verify` from the embedded log with all built-in metrics: events computed again and rows compared, per second and core.
#
#   bench/cases/verify.sh [EVENTS]     (default 300,000 events of the mock shop; BYTEBASKET_BINARY names another build)
#
# The data folder is made first (not timed). CPU seconds are those of the whole process.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${BYTEBASKET_BINARY:-build/release/bytebasket}
events=${1:-300000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The events are of January 2026: there are as many rows of them whenever this is run.
export BYTEBASKET_RETENTION__METRICS_1H=forever BYTEBASKET_RETENTION__TRANSACTIONS=forever

"$binary" generate --seed 1 --events "$events" --to "$folder/shop.jsonl" 2> /dev/null
"$binary" import "$folder/shop.jsonl" --format segment --data "$folder/data" > /dev/null 2>&1
TIMEFORMAT='%U %S'
cpu=$({ time "$binary" verify --data "$folder/data" --scratch "$folder" --format json > "$folder/report.json" 2> /dev/null; } 2>&1)
# shellcheck disable=SC2086  # two figures, of which each is an argument
python3 - "$folder/report.json" $cpu <<'EOF'
import json
import sys

report = json.load(open(sys.argv[1], encoding="utf-8"))
seconds = float(sys.argv[2]) + float(sys.argv[3])
events = sum(partition["events"] for partition in report["partitions"])
assert report["passed"], "the data folder is not what its events make of it"
print(
    json.dumps(
        {
            "case": "verify",
            "events": events,
            "rows_compared": report["compared"],
            "cpu_seconds": round(seconds, 3),
            "events_per_second_and_core": round(events / seconds),
        }
    )
)
EOF
