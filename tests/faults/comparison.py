"""Asks the HTTP API for everything and holds it against the oracle."""

import dataclasses
import urllib.parse
from typing import Any

from faults.server import Server, wait_until
from oracle.clock import format_time, parse_time
from oracle.events import Event
from oracle.fraud import decisions_of
from oracle.metrics import METRICS, RATIOS, Facts, rows
from oracle.sessions import Session

MOST_SHOWN = 12


@dataclasses.dataclass
class Difference:
    question: str
    key: Any
    expected: Any
    answered: Any

    def __str__(self) -> str:
        return f"{self.question}: {self.key}: the oracle says {self.expected}, the API {self.answered}"


def differences(question: str, expected: dict, answered: dict) -> list[Difference]:
    keys = sorted(expected.keys() | answered.keys(), key=repr)
    return [Difference(question, key, expected.get(key), answered.get(key)) for key in keys if expected.get(key) != answered.get(key)]


def readable(found: list[Difference]) -> str:
    """The first of them, and how many of each question there are."""
    by_question: dict[str, int] = {}
    for difference in found:
        by_question[difference.question] = by_question.get(difference.question, 0) + 1
    shown = [str(difference) for difference in found[:MOST_SHOWN]]
    counts = [f"  {count:5} × {question}" for question, count in by_question.items()]
    return "\n".join([f"{len(found)} answers differ:", *shown, "by question:", *counts])


def get(server: Server, path: str, **parameters: str) -> Any:
    answer = server.get(path, **parameters)
    if answer.status != 200:
        raise AssertionError(f"GET {path} {parameters}: {answer.status} {answer.body[:500]!r}")
    return answer.json()


def normal_time(text: str) -> str:
    """Whole seconds may be written with or without `.000`."""
    return format_time(parse_time(text))


def all_rows(server: Server, metric: str, **parameters: str) -> dict[tuple[str, tuple], Any]:
    """Every page of an answer: (time, sorted dimensions) → value."""
    found: dict[tuple[str, tuple], Any] = {}
    while True:
        page = get(server, f"/api/v1/metrics/{metric}", limit="10000", **parameters)
        for row in page["rows"]:
            key = (normal_time(row["time"]), tuple(sorted(row["dims"].items())))
            assert key not in found, f"{metric} {parameters}: {key} comes twice"
            found[key] = row["value"]
        if not page.get("next"):
            return found
        parameters["cursor"] = page["next"]


def lag_of(status: dict[str, Any]) -> int:
    """How many records wait to be processed and stored."""
    lags = [stage["lag"] for stage in status["stages"] if stage["name"] in ("log", "process", "tables")]
    return -1 if None in lags else sum(lags)


def wait_until_caught_up(server: Server) -> None:
    """What was acknowledged can be asked for. The server hears of new records a moment after they are appended."""
    looks_without_lag = 0

    def caught_up() -> bool:
        nonlocal looks_without_lag
        looks_without_lag = looks_without_lag + 1 if lag_of(get(server, "/api/v1/status")) == 0 else 0
        return looks_without_lag == 20

    wait_until(caught_up, "processing to catch up")


def question_parameters(facts: Facts) -> dict[str, str]:
    times = [fact.time for fact in facts.events]
    day = 86_400_000
    return {"from": format_time(min(times) // day * day), "to": format_time(max(times) // day * day + day)}


def compare_metrics(server: Server, facts: Facts) -> list[Difference]:
    found = []
    catalogue = {metric["name"]: metric for metric in get(server, "/api/v1/metrics")["metrics"]}
    for name in [*METRICS, *RATIOS]:
        if name not in catalogue:
            found.append(Difference("built-in metrics", name, "declared", None))
            continue
        for kept in catalogue[name]["dimensions"]:
            for grain in kept["grains"]:
                found += compare_rows(server, facts, name, grain, kept["by"])
    return found


def compare_rows(server: Server, facts: Facts, name: str, grain: str, by: list[str]) -> list[Difference]:
    parameters = {"grain": grain, **question_parameters(facts)}
    if by:
        parameters["by"] = ",".join(by)
    question = f"{name} by {'+'.join(by) or 'nothing'} at {grain}"
    return differences(question, rows(facts, name, grain, by), all_rows(server, name, **parameters))


def session_fields(session: Session) -> dict[str, Any]:
    """A session as the API says it."""
    return {
        "end": format_time(session.end),
        "source": session.entry.source,
        "events": session.events,
        "product_views": session.product_views,
        "adds_to_cart": session.adds,
        "removes_from_cart": session.removes,
        "checkouts": session.checkouts,
        "orders": session.orders,
    }


def answered_session(session: dict[str, Any]) -> dict[str, Any]:
    counted = ("product_views", "adds_to_cart", "removes_from_cart", "checkouts")
    return {
        "end": normal_time(session["end"]),
        **{name: session.get(name) for name in ("source", "events")},
        **{name: session.get(name, {"count": 0})["count"] for name in counted},
        "orders": len(session.get("orders", [])),
    }


def compare_sessions(server: Server, facts: Facts, events: list[Event]) -> list[Difference]:
    expected: dict[str, dict] = {event.visitor: {} for event in events if event.visitor}
    for session in facts.sessions_as_they_stand:
        expected[session.visitor][format_time(session.start), session.id] = session_fields(session)
    found = []
    for visitor, sessions in sorted(expected.items()):
        answer = get(server, f"/api/v1/sessions/{urllib.parse.quote(visitor)}")["sessions"]
        answered = {(normal_time(session["start"]), session.get("session_id", "")): answered_session(session) for session in answer}
        assert len(answered) == len(answer), f"sessions of {visitor} come twice: {answer}"
        found += differences(f"sessions of {visitor}", sessions, answered)
    return found


def compare_decisions(server: Server, events: list[Event]) -> list[Difference]:
    """The decision, its score and the rules that led to it, for every transaction; and nothing beside."""
    expected = {
        transaction: (decision.decision, decision.score, tuple(sorted(decision.rules)))
        for transaction, decision in decisions_of(events).items()
    }
    answered = {}
    for transaction in expected:
        answer = server.get(f"/api/v1/transactions/{urllib.parse.quote(transaction)}")
        if answer.status == 200 and (decided := answer.json().get("decision")):
            rules = tuple(sorted(reason["rule"] for reason in decided["reasons"]))
            answered[transaction] = (decided["decision"], decided["score"], rules)
    return differences("decisions", expected, answered)


def compare_everything(server: Server, events: list[Event]) -> list[Difference]:
    facts = Facts(events)
    return [
        *compare_metrics(server, facts),
        *compare_sessions(server, facts, events),
        *compare_decisions(server, events),
    ]
