"""The same input through the embedded engines and through the real ones gives the same answers, byte for byte, and the same lake."""

import json
import pathlib
import re
import time
import urllib.parse

import pytest
from services.installation import Installation, address
from services.lake_rows import assert_each_offset_once, fetch, rows_but_for_own

from faults.comparison import wait_until_caught_up
from faults.server import Server
from scenarios.command import run, succeed

EVENTS = 6000
# The events are of January 2026: they are kept whatever the day on which this runs.
KEPT = {"retention.metrics_1h": "forever", "retention.transactions": "forever"}
VISITORS = 300
OWN = re.compile(rb'("(?:epoch|offset)":)\d+|("(?:received_first|received_last|append_time)":)"[^"]*"')
REFUSED = ['{"type":"track","event":"Product Viewed"', '{"type":"track","messageId":"no-visitor","event":"Product Viewed"}']


@pytest.fixture(scope="module")
def events(tmp_path_factory) -> pathlib.Path:
    """A mock shop's file, late and repeated events among it, and lines that are refused."""
    events = tmp_path_factory.mktemp("input") / "shop.jsonl"
    succeed("generate", "--seed", 7, "--events", EVENTS, "--to", events)
    with events.open("a") as file:
        file.writelines(line + "\n" for line in REFUSED)
    return events


@pytest.fixture(scope="module")
def visitors(events) -> list[str]:
    lines = [json.loads(line) for line in events.read_text().splitlines() if line not in REFUSED]
    return sorted({line["anonymousId"] for line in lines if "anonymousId" in line})[:VISITORS]


@pytest.fixture(scope="module")
def both(events, tmp_path_factory):
    """A process on embedded engines and one on real ones, which took in the same file; its hours and transactions are kept."""
    folder = tmp_path_factory.mktemp("same")
    lake = {"lake.engine": "hdfs", "lake.name_nodes": address("hdfs"), "lake.folder": f"/bytebasket-tests/same-{time.time_ns()}"}
    installation = Installation(folder, KEPT | lake)
    embedded, real = Server(folder, KEPT | {"lake.engine": "local"}), installation.process("collect,process,archive,serve")
    for server in (embedded, real):
        server.start_and_wait()
        take_in(server, events)
    yield embedded, real
    embedded.kill()
    installation.kill()


def take_in(server: Server, events: pathlib.Path) -> None:
    imported = run("import", events, "--format", "segment", "--url", f"http://127.0.0.1:{server.port}")
    assert "refused" in imported.stdout + imported.stderr
    wait_until_caught_up(server)


def assert_same(both: tuple[Server, Server], path: str, **parameters: str) -> dict:
    """The answer of both, but for what is each log's own: places in it, and its clock when the events came in."""
    answers = [server.get(path, **parameters) for server in both]
    assert [answer.status for answer in answers] == [200, 200], (path, parameters, [answer.body[:300] for answer in answers])
    embedded, real = (OWN.sub(lambda own: (own[1] or own[2]) + b"0", answer.body) for answer in answers)
    assert embedded == real, (path, parameters)
    return json.loads(embedded)


def every_page(both: tuple[Server, Server], path: str, **parameters: str) -> list[dict]:
    pages = [assert_same(both, path, **parameters)]
    while pages[-1].get("next"):
        pages.append(assert_same(both, path, **parameters, cursor=pages[-1]["next"]))
    return pages


def test_every_metric_by_every_dimension_and_grain_is_the_same(both):
    rows = 0
    for metric in assert_same(both, "/api/v1/metrics")["metrics"]:
        for kept in metric["dimensions"]:
            for grain in kept["grains"]:
                span = {"from": "2026-01-01", "to": "2026-01-31", "grain": grain, "limit": "10000"}
                if kept["by"]:
                    span["by"] = ",".join(kept["by"])
                pages = every_page(both, f"/api/v1/metrics/{metric['name']}", **span)
                rows += sum(len(page["rows"]) for page in pages)
    assert rows > 5_000


def test_every_transaction_with_its_decision_is_the_same(both):
    pages = every_page(both, "/api/v1/transactions", **{"from": "2026-01-01", "to": "2026-02-01", "limit": "200"})
    transactions = [transaction["transaction_id"] for page in pages for transaction in page["transactions"]]
    assert len(transactions) > 30
    for transaction in transactions:
        assert_same(both, f"/api/v1/transactions/{urllib.parse.quote(transaction)}")


def test_the_sessions_of_visitors_are_the_same(both, visitors):
    sessions = [assert_same(both, f"/api/v1/sessions/{urllib.parse.quote(visitor)}")["sessions"] for visitor in visitors]
    assert sum(map(len, sessions)) >= len(visitors)


@pytest.fixture(scope="module")
def stopped(both) -> tuple[Server, Server]:
    """Both, ended as they should: all is processed and archived. After this nobody can be asked."""
    for server in both:
        assert server.stop() == 0, server.last_messages()
    return both


def test_the_rows_of_the_lake_are_the_same(stopped, tmp_path):
    embedded, real = stopped
    lakes = (embedded.data / "lake", fetch(address("hdfs"), real.environment["BYTEBASKET_LAKE__FOLDER"], tmp_path))
    for stream, least in (("user-activity", EVENTS // 2), ("transactions", 30)):
        for lake in lakes:
            assert_each_offset_once(lake, stream)
        of_embedded, of_real = (rows_but_for_own(lake, stream) for lake in lakes)
        assert of_embedded.total() > least
        # What acts is announced by whoever starts first, perhaps by two at a time: how often is each log's own too.
        for rows in (of_embedded, of_real):
            rows.update({row: 1 - count for row, count in rows.items() if "'record': control" in row[0]})
        assert of_embedded == of_real, (list((of_embedded - of_real).items())[:3], list((of_real - of_embedded).items())[:3])


def test_every_row_of_the_tables_is_what_its_events_make_of_it(stopped):
    for server in stopped:
        report = json.loads(succeed("verify", "--data", server.data, "--format", "json", environment=server.environment))
        assert report["passed"]
        assert sum(partition["events"] for partition in report["partitions"]) > EVENTS
