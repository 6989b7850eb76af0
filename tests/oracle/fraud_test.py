"""The oracle's fraud detector and rule language, on examples worked out by hand."""

import json
import pathlib

import pytest

from oracle.clock import DAY, HOUR, MINUTE, format_time, parse_time
from oracle.events import Request, distinct_events
from oracle.fraud import decisions_of
from oracle.rule_language import evaluate

NOON = parse_time("2026-03-01T12:00:00Z")

RULES = """
decide: {review: 40, decline: 75}
amounts:
  large: {EUR: 300}
features:
  - {name: card.attempts_10m, entity: card, aggregate: count, window: 10m}
  - {name: card.failed_1h, entity: card, aggregate: count, window: 1h, status: failed}
  - {name: card.customers_24h, entity: card, aggregate: distinct, of: customer, window: 24h}
  - {name: customer.amount_ratio, entity: customer, aggregate: ratio, window: 30d}
  - {name: card.labelled_fraud, entity: card, aggregate: labelled_fraud}
rules:
  - {name: fast, when: card.attempts_10m >= 2, score: 40}
  - {name: failing, when: card.failed_1h >= 1, score: 40}
  - {name: shared, when: card.customers_24h >= 2, score: 45}
  - {name: unusual, when: customer.amount_ratio >= 8 and amount > large, score: 50}
  - {name: labelled, when: card.labelled_fraud >= 1, decline: true}
"""

VALUES = {"a": 3, "text": "DE", "unknown": None}


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("a >= 3", True),
        ("a < 3 or text == 'DE'", True),
        ("not (a == 3 and text in ['FR', 'DE'])", False),
        ("unknown > 1", None),
        ("unknown > 1 or a == 3", True),
        ("unknown > 1 and a == 3", None),
        ("known(unknown) or not known(a)", False),
        ("a < 1h", True),
        ("a < 3.5 and a != -3", True),
    ],
)
def test_rules_have_three_truths(text, truth):
    assert evaluate(text, VALUES.__getitem__) is truth


@pytest.mark.parametrize("text", ["a >=", "a 3", "(a == 3", "a == 3 b == 3", "?"])
def test_what_is_no_rule_is_an_error(text):
    with pytest.raises(ValueError):
        evaluate(text, lambda name: 3)


def payment(number: int, at: int, customer: str = "ada", card: str = "c", amount: float = 10, name="Payment Attempted", **more):
    properties = {"order_id": f"o{number}", "value": amount, "currency": "EUR", "card_fingerprint": card, **more}
    return {
        "type": "track",
        "event": name,
        "messageId": f"m{number}-{name}",
        "userId": customer,
        "timestamp": format_time(at),
        "properties": properties,
    }


@pytest.fixture
def decide(tmp_path: pathlib.Path):
    """decide(*payments) → transaction → (decision, rules)."""
    file = tmp_path / "fraud.yml"
    file.write_text(RULES)

    def decisions(*items: dict):
        events = distinct_events([Request("/v1/batch", json.dumps({"batch": items}), NOON)])
        return {key: (value.decision, value.rules) for key, value in decisions_of(events, file).items()}

    return decisions


def test_a_payment_is_judged_by_those_before_it_in_its_window(decide):
    decided = decide(*(payment(number, NOON + number * 4 * MINUTE) for number in range(4)))
    assert [decided[f"o{number}"] for number in range(4)] == [
        ("approve", ()),
        ("approve", ()),
        ("review", ("fast",)),
        ("review", ("fast",)),
    ]


def test_an_order_after_its_payment_is_not_judged_again(decide):
    first = payment(0, NOON, status="failed")
    assert decide(first, payment(0, NOON + MINUTE, name="Order Completed")) == {"o0": ("approve", ())}


def test_scores_add_up_and_the_most_severe_decision_on_a_transaction_stays(decide):
    tries = [payment(0, NOON, status="failed"), payment(0, NOON + 1, card="c"), payment(0, NOON + 2, customer="bob")]
    last = {**payment(0, NOON + 2 * DAY), "messageId": "later"}
    tries[1]["messageId"], tries[2]["messageId"] = "m-b", "m-c"
    assert decide(*tries, last) == {"o0": ("decline", ("fast", "failing"))}


def test_amounts_are_compared_with_the_customers_own(decide):
    decided = decide(payment(0, NOON, amount=50), payment(1, NOON + HOUR, amount=400, card="other"))
    assert decided["o1"] == ("review", ("unusual",))


def test_a_label_counts_against_the_card_from_then_on(decide):
    label = payment(0, NOON + 2, name="Fraud Labelled", label="fraud")
    decided = decide(payment(0, NOON), label, payment(1, NOON + DAY))
    assert decided == {"o0": ("approve", ()), "o1": ("decline", ("labelled",))}
