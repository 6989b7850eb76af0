"""The work of bench/peers, small: DuckDB and ByteBasket answer alike from the same file."""

import csv
import io
import json
import pathlib
import subprocess
import sys

from faults.server import ROOT, environment_of
from scenarios.command import ALL_KEPT, query, succeed

EVENTS = 20_000
KEPT = environment_of(ALL_KEPT)
RANGE = ("--from", "2025-12-31", "--to", "2026-02-01")


def shop(folder: pathlib.Path) -> pathlib.Path:
    """A mock shop's events, but for those that restate an order."""
    lines = succeed("generate", "--seed", 7, "--events", EVENTS, "--visits-per-day", 4000).splitlines(keepends=True)
    file = folder / "shop.jsonl"
    file.write_text("".join(line for line in lines if '"event":"Order Updated"' not in line))
    return file


def duckdb_rows(question: str, file: pathlib.Path) -> list[tuple]:
    rows = file.with_suffix(".csv")
    subprocess.run([sys.executable, ROOT / "bench/peers/duckdb_peer.py", question, file, rows], check=True, timeout=600)
    return sorted(tuple(row) for row in list(csv.reader(io.StringIO(rows.read_text())))[1:])


def imported(file: pathlib.Path) -> pathlib.Path:
    data = file.with_suffix(".data")
    succeed("import", file, "--format", "segment", "--data", data, environment=KEPT)
    return data


def revenue(data: pathlib.Path) -> list[tuple]:
    rows = query("revenue", data, "--by", "category", "--grain", "1m", *RANGE, environment=KEPT)
    return sorted((row["time"], row["dims"]["category"], row["dims"]["currency"], row["value"]) for row in rows)


def sessions(data: pathlib.Path) -> list[tuple]:
    rows = query("sessions", data, "--grain", "1h", *RANGE, environment=KEPT)
    return sorted((row["time"], str(row["value"])) for row in rows)


def test_revenue_and_sessions_are_what_duckdb_makes_of_the_same_file(tmp_path: pathlib.Path):
    file = shop(tmp_path)
    data = imported(file)
    assert len(revenue(data)) > 100
    assert revenue(data) == duckdb_rows("revenue", file)
    assert len(sessions(data)) > 10
    assert sessions(data) == duckdb_rows("sessions", file)


def test_a_message_that_comes_twice_counts_once_for_both_as_it_was_received_first(tmp_path: pathlib.Path):
    lines = shop(tmp_path).read_text().splitlines()
    order = next(line for line in lines if '"event":"Order Completed"' in line)
    again = json.loads(order)
    again["receivedAt"] = again["sentAt"] = "2026-01-31T12:00:00.000Z"
    file = tmp_path / "twice.jsonl"
    file.write_text(f"{order}\n{json.dumps(again)}\n")
    ours = revenue(imported(file))
    assert {row[0][:10] for row in ours} == {"2026-01-01"}
    assert ours == duckdb_rows("revenue", file)
