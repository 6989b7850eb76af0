"""`verify` finds what is wrong and nothing else; `rebuild` gives a metric its past, whatever it is killed at."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess

import pytest

from faults.server import ROOT
from scenarios.command import CONFIGURATION, DONE, NO, ONE_MORE_METRIC, query, run, succeed

EVENTS = 6_000
# A shop of last week: its hours and transactions are kept, whatever the day on which this runs.
START = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=7)
PERIOD = ("--from", f"{START - datetime.timedelta(days=40):%Y-%m-%d}", "--to", f"{START + datetime.timedelta(days=40):%Y-%m-%d}")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A data folder with a mock shop's events in it, some of them twice; not to be changed."""
    folder = tmp_path_factory.mktemp("imported")
    succeed("generate", "--seed", 11, "--events", EVENTS, "--start", f"{START:%Y-%m-%d}", "--to", folder / "shop.jsonl")
    lines = (folder / "shop.jsonl").read_text().splitlines()
    (folder / "again.jsonl").write_text("\n".join(lines[len(lines) // 2 :: 7]) + "\n")
    for name in ("shop.jsonl", "again.jsonl"):
        succeed("import", folder / name, "--format", "segment", "--data", folder / "data")
    return folder / "data"


@pytest.fixture
def data(imported: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(imported, tmp_path / "data"))


@pytest.fixture
def with_one_more_metric(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "metrics.yml").write_text((ROOT / "config/metrics.yml").read_text() + ONE_MORE_METRIC)
    config = tmp_path / "shop.yml"
    config.write_text(f"metrics:\n  file: {tmp_path / 'metrics.yml'}\n")
    return config


def spoil(data: pathlib.Path, table: str) -> int:
    """The offset of the position that the spoilt row stands at."""
    spoiler = os.environ.get("BYTEBASKET_SPOIL_ROW", ROOT / "build/dev/tests/scenarios/spoil_row")
    return int(subprocess.run([spoiler, data / "tables", table], check=True, capture_output=True, text=True).stdout)


def totals(data: pathlib.Path, *options: object) -> dict[str, list]:
    spans = [*PERIOD, "--grain", "1h", *options]
    found = {metric: query(metric, data, *spans) for metric in ("events", "sessions", "revenue", "orders")}
    assert all(found.values()), "an empty answer proves nothing"
    return found


def test_a_healthy_data_folder_passes(data):
    text = succeed("verify", "--data", data)
    assert "every row is what its events make of it" in text
    report = json.loads(succeed("verify", "--data", data, "--format", "json"))
    assert report["passed"]
    assert report["differences"] == []
    assert report["tables"]["metrics"]["compared"] > 1000
    assert sum(partition["events"] for partition in report["partitions"]) > EVENTS


@pytest.mark.parametrize("table", ["metrics", "visitors", "orders", "decisions", "velocity", "message_ids", "transactions_by_time"])
def test_a_spoilt_row_is_found_with_the_events_behind_it(data, table):
    offset = spoil(data, table)
    ended = run("verify", "--data", data, "--format", "json")
    assert ended.returncode == NO, ended
    report = json.loads(ended.stdout)
    assert report["differing"] == 1
    (difference,) = report["differences"]
    assert difference["table"] == table
    assert difference["stored"] != difference["recomputed"]
    assert difference["stored_position"]["offset"] == offset
    assert difference["events"], "events made this row"
    assert all(event["message_id"] for event in difference["events"])
    text = run("verify", "--data", data)
    assert text.returncode == NO
    assert difference["events"][0]["message_id"] in text.stdout
    values = [
        line.partition(":")[2].partition(" (")[0].strip() for line in text.stdout.splitlines() if line.startswith(("  stored:", "  recomp"))
    ]
    assert len(set(values)) == 2, f"the values are cut where they differ: {values}"


def test_scratch_tables_go_where_they_are_told_and_are_removed(data, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    succeed("verify", "--data", data, "--scratch", scratch)
    assert list(scratch.iterdir()) == []
    little = tmp_path / "little.yml"
    little.write_text("processing: {memory: 1MiB}\nstorage: {memory: 8MiB}\n")
    succeed("verify", "--config", little, "--data", data, "--scratch", scratch)
    assert list(scratch.iterdir()) == []
    ended = run("verify", "--data", data, "--scratch", tmp_path / "nowhere")
    assert ended.returncode != DONE
    assert "nowhere" in ended.stderr


def test_a_rebuild_changes_no_number(data):
    before = totals(data)
    text = succeed("rebuild", "--data", data)
    assert "transactions/0" in text
    assert totals(data) == before
    assert "every row is what its events make of it" in succeed("verify", "--data", data)
    assert [path.name for path in sorted(data.glob("tables*"))] == ["tables-2", "tables.current"]


def test_a_metric_declared_today_gets_its_past(data, with_one_more_metric):
    span = [*PERIOD, "--grain", "1d", "--config", with_one_more_metric]
    assert query("long_sessions", data, *span) == []
    succeed("rebuild", "--config", with_one_more_metric, "--data", data)
    counted = query("long_sessions", data, *span)
    sessions = query("sessions", data, *span)
    assert sum(row["value"] for row in counted) > 20
    assert sum(row["value"] for row in counted) < sum(row["value"] for row in sessions)
    succeed("verify", "--config", with_one_more_metric, "--data", data)


@pytest.mark.parametrize("point", ["flush.before_intent:1", "flush.after_offset:2", "rebuild.before_publish:1", "rebuild.after_publish:1"])
def test_a_rebuild_that_is_killed_leaves_tables_that_serve(data, with_one_more_metric, point):
    before = totals(data)
    killed = run("rebuild", "--config", with_one_more_metric, "--data", data, environment={"BYTEBASKET_CRASH_AT": point})
    assert killed.returncode not in (DONE, NO, CONFIGURATION), f"{point} was not reached: {killed}"
    assert totals(data) == before
    succeed("verify", "--data", data)
    succeed("rebuild", "--config", with_one_more_metric, "--data", data)
    assert totals(data) == before
    succeed("verify", "--config", with_one_more_metric, "--data", data)
    assert len([path for path in data.glob("tables*") if path.is_dir()]) == 1


def test_a_broken_document_is_refused_before_anything_is_done(data, tmp_path):
    (tmp_path / "metrics.yml").write_text("metrics:\n  - name: 7\n")
    config = tmp_path / "shop.yml"
    config.write_text(f"metrics:\n  file: {tmp_path / 'metrics.yml'}\n")
    ended = run("rebuild", "--config", config, "--data", data)
    assert ended.returncode != DONE
    assert "metrics.yml:2" in ended.stderr
    assert (data / "tables").is_dir()
