"""Runs the real command line and finds the sets of real data."""

import csv
import io
import json
import os
import pathlib
import subprocess
from typing import Any

import pytest

from faults.server import ROOT, binary

# Only a command that hangs takes so long.
LONGEST_RUN = 600.0

DONE, NO, INTERNAL, USAGE, CONFIGURATION = 0, 1, 2, 64, 78

# For metrics.yml: what a rebuild is to give a past.
ONE_MORE_METRIC = """
  - name: long_sessions
    help: Sessions of more than three events.
    from: sessions
    where: events > 3
    aggregate: count
    dimensions: [source]
"""


# For events of a fixed date: they are kept whatever the day on which a test runs.
ALL_KEPT = {f"retention.{kept}": "forever" for kept in ("metrics_1m", "metrics_1h", "transactions", "carts")}


def data_set(name: str) -> pathlib.Path:
    """A file of the shared sets; the test is skipped, by name, where it is absent."""
    shared = pathlib.Path(os.environ.get("BYTEBASKET_SHARED_DATA", ROOT.parent / "shared/data"))
    path = shared / name
    if not path.exists():
        pytest.skip(f"the set {name} is not in {shared}")
    return path


def run(*arguments: object, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """stdout and stderr are captured as text."""
    return subprocess.run(
        [str(binary()), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_RUN,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def succeed(*arguments: object, **options: Any) -> str:
    """What the command wrote on stdout; it must have been done."""
    ended = run(*arguments, **options)
    assert ended.returncode == DONE, f"{arguments} ended with {ended.returncode}: {ended.stderr}"
    return ended.stdout


def query(metric: str, data: pathlib.Path, *options: object, environment: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The rows of `query --format json` on a data folder that nobody serves."""
    return json.loads(succeed("query", metric, "--data", data, "--format", "json", *options, environment=environment))["rows"]


def daily(metric: str, data: pathlib.Path, *options: object) -> dict[str, Any]:
    """Date → value, for metrics that have one row a day."""
    rows = query(metric, data, "--grain", "1d", *options)
    values = {row["time"][:10]: row["value"] for row in rows}
    assert len(values) == len(rows), f"more than one row a day: {rows[:4]}"
    return values


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
