"""A process that runs some of the roles answers for those, and for its health, and for nothing else."""

import json

import pytest

from faults.server import Server, request, wait_until

EVENT = json.dumps({"anonymousId": "v1", "event": "Product Viewed", "messageId": "m1", "properties": {"product_id": "p1"}})
VIEWS = "/api/v1/metrics/product_views"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def serving(folder, roles: str) -> Server:
    server = Server(folder, settings={"service.roles": roles})
    server.start_and_wait()
    return server


def test_what_one_process_collects_another_processes_and_a_third_serves(folder):
    collecting = serving(folder, "collect")
    assert request(collecting.port, "POST", "/v1/track", EVENT).status == 200
    assert collecting.get(VIEWS).status == 404
    assert b"bytebasket_" in collecting.get("/metrics").body
    assert collecting.stop() == 0

    processing = serving(folder, "process")
    assert request(processing.port, "POST", "/v1/track", EVENT).status == 404
    assert processing.stop() == 0

    both = serving(folder, "serve")
    assert request(both.port, "POST", "/v1/track", EVENT).status == 404
    wait_until(lambda: both.get(VIEWS).json()["rows"], "what was processed to be answered")
    assert [row["value"] for row in both.get(VIEWS).json()["rows"]] == [1]
    assert both.stop() == 0


def test_a_score_that_nobody_decides_is_answered_from_the_stored_features(folder):
    server = serving(folder, "serve")
    body = {"customer": "c1", "order_id": "o1", "card": "fp-1", "amount": 5, "currency": "EUR"}
    answer = request(server.port, "POST", "/api/v1/fraud/score", json.dumps(body))
    assert answer.status == 200, answer.body
    assert answer.json()["provisional"] is True
    assert server.stop() == 0
