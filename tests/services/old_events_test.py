"""Rows that expired before they were written are in no answer, from embedded tables as from Cassandra, and the import says so alike."""

import pytest
from services.installation import Installation

from faults.comparison import wait_until_caught_up
from faults.server import Server
from scenarios.command import succeed
from scenarios.old_events import OLD, WARNING, write_old_events

QUESTIONS = [
    ("/api/v1/metrics/events", {"grain": "1m"}),
    ("/api/v1/metrics/events", {"grain": "1h"}),
    ("/api/v1/metrics/events", {"grain": "1d"}),
    ("/api/v1/metrics/revenue", {"grain": "1d"}),
    ("/api/v1/transactions", {}),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old")
    installation = Installation(folder)
    embedded, real = Server(folder), installation.process()
    for server in (embedded, real):
        server.start_and_wait()
    yield embedded, real
    embedded.kill()
    installation.kill()


@pytest.fixture(scope="module")
def reports(both, tmp_path_factory) -> list[str]:
    file = write_old_events(tmp_path_factory.mktemp("input") / "old.jsonl")
    reports = [succeed("import", file, "--format", "segment", "--url", f"http://127.0.0.1:{server.port}") for server in both]
    for server in both:
        wait_until_caught_up(server)
    return reports


def test_both_say_what_is_not_kept(reports):
    assert reports[0] == reports[1]
    assert WARNING in reports[0]


def test_both_answer_alike_and_only_days_are_left(both, reports):
    found = []
    for path, parameters in QUESTIONS:
        answers = [server.get(path, **{"from": OLD, "to": "2019-10-02"}, **parameters).json() for server in both]
        assert answers[0] == answers[1], (path, parameters)
        found.append([row["value"] for row in answers[0]["rows"]] if "rows" in answers[0] else answers[0]["transactions"])
    assert found[:3] == [[], [], [2]]
    assert len(found[3]) == 1
    assert found[4] == []


def test_both_know_the_same_of_an_order_whose_decision_is_not_kept(both, reports):
    answers = [server.get("/api/v1/transactions/old") for server in both]
    assert answers[0].status == answers[1].status
    known = [answer.json() for answer in answers]
    assert [order.get("decision") for order in known] == [None, None]
    assert known[0].get("order", {}).get("revenue") == known[1].get("order", {}).get("revenue")
