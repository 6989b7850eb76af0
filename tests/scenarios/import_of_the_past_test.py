"""An import of events that are older than what is kept says so: they are in, and yet nobody would find them."""

import json
import pathlib

import pytest

from faults.server import Server, environment_of
from scenarios.command import ALL_KEPT, daily, query, succeed
from scenarios.old_events import HOURS, OLD, WARNING, write_old_events


@pytest.fixture
def file(tmp_path: pathlib.Path) -> pathlib.Path:
    return write_old_events(tmp_path / "old.jsonl")


def test_what_is_not_kept_is_counted_with_the_setting_to_raise(file, tmp_path):
    report = succeed("import", file, "--format", "segment", "--data", tmp_path / "data")
    assert report.startswith("3 rows, 3 events, 0 rows refused, 0 rows left out\n" + WARNING)
    assert query("events", tmp_path / "data", *HOURS) == []
    assert daily("events", tmp_path / "data", "--from", OLD, "--to", "2019-10-02") == {OLD: 2}, "days are kept for ever"


def test_the_report_as_json_has_the_same_numbers(file, tmp_path):
    own = environment_of({"retention.metrics_1d": "1000d", "retention.metrics_1m": "forever"})
    report = json.loads(succeed("import", file, "--format", "segment", "--data", tmp_path, "--report", "json", environment=own))
    assert report["older_than_kept"] == {
        "retention.metrics_1h": {"kept": "400d", "older": 2, "of": 3},
        "retention.metrics_1d": {"kept": "1000d", "older": 2, "of": 3},
        "retention.transactions": {"kept": "400d", "older": 1, "of": 2},
        "retention.carts": {"kept": "30d", "older": 1, "of": 1},
    }


def test_nothing_is_said_where_everything_is_kept(file, tmp_path):
    report = succeed("import", file, "--format", "segment", "--data", tmp_path / "data", environment=environment_of(ALL_KEPT))
    assert report == "3 rows, 3 events, 0 rows refused, 0 rows left out\n"


def test_a_rebuild_under_longer_settings_gives_back_what_was_not_kept(file, tmp_path):
    data, kept = tmp_path / "data", environment_of(ALL_KEPT)
    assert "then run bytebasket rebuild" in succeed("import", file, "--format", "segment", "--data", data)
    succeed("rebuild", "--data", data, environment=kept)
    assert [row["value"] for row in query("events", data, *HOURS, environment=kept)] == [1, 1]
    server = Server(tmp_path, ALL_KEPT, data=data)
    server.start_and_wait()
    answer = server.get("/api/v1/transactions", **{"from": OLD, "to": "2019-10-02"}).json()
    server.stop()
    assert [transaction["transaction_id"] for transaction in answer["transactions"]] == ["old"]


def test_the_settings_of_a_running_server_are_those_that_count(file, tmp_path):
    server = Server(tmp_path, {"retention.metrics_1h": "forever", "retention.metrics_1m": "1h"})
    server.start_and_wait()
    report = succeed("import", file, "--format", "segment", "--url", f"http://127.0.0.1:{server.port}")
    server.stop()
    assert "metrics by the minute: 3 of 3 events (retention.metrics_1m is 1h)\n" in report
    assert "metrics_1h" not in report
