"""Scores and labels asked for over HTTP, on a real process."""

import concurrent.futures
import json
import uuid
from typing import Any

import pytest

from faults.server import Answer, Server, request, wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    running = Server(tmp_path_factory.mktemp("fraud_desk"))
    running.start_and_wait()
    yield running
    running.stop()


def post(server: Server, path: str, **body: Any) -> Answer:
    return request(server.port, "POST", path, json.dumps(body))


def score(server: Server, **payment: Any) -> dict[str, Any]:
    """The decision that counts: on a busy machine a provisional one may come first, and who asks again gets it."""
    attempt = {"message_id": str(uuid.uuid4()), "currency": "EUR", "amount": 12.5, **payment}
    answers: list[dict[str, Any]] = []

    def is_decided() -> bool:
        answer = post(server, "/api/v1/fraud/score", **attempt)
        assert answer.status == 200, answer.body
        answers.append(answer.json())
        return not answers[-1].get("provisional")

    wait_until(is_decided, "a decision that is not provisional")
    return answers[-1]


def test_parallel_attempts_with_one_card_see_each_other(server):
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        attempts = [pool.submit(score, server, customer=f"c{i}", order_id=f"o{i}", card="fp-1", device_id="d1") for i in range(20)]
        decisions = [attempt.result() for attempt in attempts]
    assert sorted(decision["features"]["card.attempts_1h"] for decision in decisions) == list(range(20))
    assert len({decision["position"]["offset"] for decision in decisions}) == 20
    assert any(decision["decision"] != "approve" for decision in decisions)


def test_the_same_attempt_asked_for_twice_counts_once(server):
    first = score(server, message_id="m1", customer="c-twice", order_id="o-twice", card="fp-twice")
    again = score(server, message_id="m1", customer="c-twice", order_id="o-twice", card="fp-twice")
    other = score(server, message_id="m2", customer="c-twice", order_id="o-twice-2", card="fp-twice")
    assert again["score"] == first["score"]
    assert other["features"]["card.attempts_1h"] == 1


@pytest.mark.parametrize(
    ("payment", "named"),
    [
        ({"amount": 5, "currency": "EUR"}, "customer"),
        ({"customer": "c1", "amount": 5, "card": "4111 1111 1111 1111"}, "card"),
    ],
)
def test_a_payment_that_cannot_be_judged_is_refused_with_the_reason(server, payment, named):
    answer = post(server, "/api/v1/fraud/score", **payment)
    assert answer.status == 400
    assert named in answer.json()["detail"]
    assert b"4111" not in answer.body


def test_a_label_moves_the_alert(server):
    for i in range(6):
        score(server, customer=f"l{i}", order_id=f"label-{i}", card=f"fp-label-{i}", device_id="d-label", ip="198.51.100.7")

    def alerts(state: str) -> set[str]:
        return {alert["transaction_id"] for alert in server.get("/api/v1/fraud/alerts", state=state).json()["alerts"]}

    wait_until(lambda: "label-5" in alerts("open"), "the alert")
    for label, state in [("legitimate", "dismissed"), ("fraud", "confirmed")]:
        assert post(server, "/api/v1/fraud/labels", transaction_id="label-5", label=label).status == 200
        wait_until(lambda wanted=state: "label-5" in alerts(wanted), f"the alert to be {state}")
        assert "label-5" not in alerts("open")
