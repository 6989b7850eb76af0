"""Fraud decisions: every attempt to pay is judged once, in the order of the transactions stream, by those before it."""

import dataclasses
import pathlib
from collections import defaultdict
from fractions import Fraction
from typing import Any

import yaml

from oracle.events import Event
from oracle.money import MILLION
from oracle.orders import revenue_of, stamp
from oracle.rule_language import duration, evaluate

RULES = pathlib.Path(__file__).resolve().parents[2] / "config/fraud.yml"
SEVERITY = ["approve", "review", "decline"]
ENTITIES = ("customer", "card", "device", "ip")


@dataclasses.dataclass(frozen=True)
class Attempt:
    time: int
    transaction: str
    event: Event
    amount: Fraction | None
    currency: str
    attributes: dict[str, str]

    @property
    def failed(self) -> bool:
        return self.event.text("status").lower() == "failed"


@dataclasses.dataclass(frozen=True)
class Decision:
    decision: str
    score: int
    rules: tuple[str, ...]

    @property
    def severity(self) -> tuple[int, int]:
        return SEVERITY.index(self.decision), self.score


def attempt_of(event: Event) -> Attempt:
    """The amount is the payment's `value`, else the order's `total`, else its revenue."""
    amounts = [event.money("value") if event.name == "Payment Attempted" else None, event.money("total"), revenue_of(event)]
    amount = next((amount for amount in amounts if amount is not None), None)
    return Attempt(
        time=event.time,
        transaction=event.order_id or event.message_id,
        event=event,
        amount=None if amount is None else Fraction(amount, MILLION),
        currency=event.currency,
        attributes={
            "customer": event.customer,
            "card": event.text("card_fingerprint"),
            "device": str(event.at("device", "id") or ""),
            "ip": str(event.at("ip") or ""),
            "country": event.country,
        },
    )


class FraudDetector:
    """Takes transactions in the order of the log; `decisions` has the most severe decision on each transaction."""

    def __init__(self, rules: pathlib.Path = RULES):
        with rules.open(encoding="utf-8") as file:
            self.rules = yaml.safe_load(file)
        self.features = {feature["name"]: feature for feature in self.rules["features"]}
        self.past: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
        self.labels: dict[str, Event] = {}
        self.judged: set[str] = set()
        self.decisions: dict[str, Decision] = {}

    def take(self, event: Event) -> None:
        if event.name == "Fraud Labelled" and event.order_id:
            known = self.labels.get(event.order_id)
            if known is None or stamp(event) > stamp(known):
                self.labels[event.order_id] = event
        elif event.name == "Payment Attempted" or (event.name == "Order Completed" and event.order_id not in self.judged):
            self.judge(attempt_of(event))

    def judge(self, attempt: Attempt) -> None:
        self.judged.add(attempt.transaction)
        decision = self.assess(attempt)
        before = self.decisions.get(attempt.transaction)
        if before is None or decision.severity > before.severity:
            self.decisions[attempt.transaction] = decision
        for entity in ENTITIES:
            if attempt.attributes[entity]:
                self.past[entity, attempt.attributes[entity]].append(attempt)

    def assess(self, attempt: Attempt) -> Decision:
        applying = [rule for rule in self.rules["rules"] if evaluate(rule["when"], lambda name: self.value(name, attempt))]
        score = max(0, min(100, sum(rule.get("score", 0) for rule in applying)))
        names = tuple(rule["name"] for rule in applying)
        if any(rule.get("decline") for rule in applying):
            score = max(score, self.rules["decide"]["decline"])
        if score >= self.rules["decide"]["decline"]:
            return Decision("decline", score, names)
        return Decision("review" if score >= self.rules["decide"]["review"] else "approve", score, names)

    def value(self, name: str, attempt: Attempt) -> Any:
        """What a name stands for; None where the attempt does not say."""
        if name in self.features:
            return self.feature(self.features[name], attempt)
        if name in self.rules.get("amounts", {}):
            amount = self.rules["amounts"][name].get(attempt.currency)
            return None if amount is None else Fraction(str(amount))
        if name == "amount":
            return attempt.amount
        if name in ("customer", "card", "ip", "country"):
            return attempt.attributes[name] or None
        if name == "device_id":
            return attempt.attributes["device"] or None
        if name == "items":
            return sum(line.quantity for line in attempt.event.lines)
        if name == "lines":
            return len(attempt.event.lines)
        if name == "hour":
            return attempt.time // 3_600_000 % 24
        if name.startswith("property."):
            return attempt.event.text(name.removeprefix("property.")) or None
        texts = {
            "event": attempt.event.name,
            "currency": attempt.currency,
            "device": attempt.event.device,
            "source": attempt.event.source,
            "campaign": attempt.event.campaign,
        }
        return texts.get(name, attempt.event.text(name)) or None

    def feature(self, feature: dict[str, Any], attempt: Attempt) -> Fraction | int | None:
        entity = attempt.attributes[feature["entity"]]
        if not entity:
            return None
        all_past = self.past[feature["entity"], entity]
        if feature["aggregate"] == "age":
            return Fraction(max(0, attempt.time - min(past.time for past in all_past)), 1000) if all_past else 0
        if feature["aggregate"] == "labelled_fraud":
            return len({past.transaction for past in all_past if self.is_fraud(past.transaction)})
        since = attempt.time - duration(feature["window"]) * 1000
        past = [other for other in all_past if since < other.time <= attempt.time]
        if feature.get("status") == "failed":
            past = [other for other in past if other.failed]
        return self.aggregate(feature, past, attempt)

    @staticmethod
    def aggregate(feature: dict[str, Any], past: list[Attempt], attempt: Attempt) -> Fraction | int | None:
        amounts = [other.amount for other in past if other.amount is not None and other.currency == attempt.currency]
        match feature["aggregate"]:
            case "count":
                return len(past)
            case "sum":
                return sum(amounts, Fraction(0)) if attempt.currency else None
            case "distinct":
                return len({other.attributes[feature["of"]] for other in past} - {""})
            case "matching":
                own = attempt.attributes[feature["of"]]
                return sum(1 for other in past if other.attributes[feature["of"]] == own) if own else None
            case "ratio":
                if attempt.amount is None or not amounts or not sum(amounts):
                    return None
                return attempt.amount * len(amounts) / sum(amounts)
        raise ValueError(f"unknown aggregate {feature['aggregate']}")

    def is_fraud(self, transaction: str) -> bool:
        label = self.labels.get(transaction)
        return label is not None and (label.text("label") or "charged_back") != "legitimate"


def decisions_of(events: list[Event], rules: pathlib.Path = RULES) -> dict[str, Decision]:
    """Transaction id → decision. `events` in the order of the transactions stream."""
    detector = FraudDetector(rules)
    for event in events:
        if event.is_transaction:
            detector.take(event)
    return detector.decisions
