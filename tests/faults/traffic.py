"""A shop's traffic for the fault tests: what an SDK would send, decided by a seed.

Everything lies in the past (from `span` before `now` to two hours before it), so that no answer changes while it is
asked for. Times are never equal within a visitor, and money has up to six decimals.
"""

import dataclasses
import json
import random
from typing import Any

from oracle.clock import DAY, HOUR, MINUTE, format_time

CATEGORIES = ["Shoes", "Books", "Garden, tools", "Café"]
BRANDS = ["Acme", "Globex", ""]
COUNTRIES = ["DE", "FR", "US"]
DEVICES = ["desktop", "mobile", "tablet"]
CAMPAIGNS = ["", "", "winter", "newsletter"]
QUERIES = ["boots", "red shoes", "gift"]


@dataclasses.dataclass
class Batch:
    """One request of a sender."""

    path: str
    body: str


@dataclasses.dataclass
class Visitor:
    anonymous_id: str
    user_id: str
    context: dict[str, Any]
    source: str
    currency: str
    cart_id: str
    session_id: str


class Shop:
    """Makes the events of visitors one after the other; `activity` and `transactions` collect them."""

    def __init__(self, seed: int, now: int, visitors: int, span: int = 30 * HOUR):
        self.random = random.Random(seed)
        self.start = now - span
        self.end = now - 2 * HOUR
        self.prefix = f"s{seed}"
        self.messages = 0
        self.orders = 0
        self.catalogue = [self.product(number) for number in range(40)]
        self.activity: list[tuple[int, dict]] = []
        self.transactions: list[tuple[int, dict]] = []
        for number in range(visitors):
            self.visit(self.visitor(number))
        self.add_late_visitor()

    def product(self, number: int) -> dict[str, Any]:
        return {
            "product_id": f"p-{number}",
            "name": f"Product {number}",
            "category": CATEGORIES[number % len(CATEGORIES)],
            "brand": BRANDS[number % len(BRANDS)],
            "price": self.random.choice([25.1, 9.99, 100, 0.333333, 1234.56]) + number,
        }

    def visitor(self, number: int) -> Visitor:
        choose = self.random.choice
        campaign = choose(CAMPAIGNS)
        context: dict[str, Any] = {
            "device": {"type": choose(DEVICES), "id": f"device-{self.prefix}-{number if number % 5 else number % 3}"},
            "location": {"country": choose(COUNTRIES)},
            "ip": f"203.0.113.{number % 120}",
        }
        if campaign:
            context["campaign"] = {"name": campaign}
        return Visitor(
            anonymous_id=f"{self.prefix}-v{number}",
            user_id=f"{self.prefix}-u{number}" if self.random.random() < 0.4 else "",
            context=context,
            source=choose(["web", "mobile"]),
            currency=choose(["EUR", "USD"]),
            cart_id=f"{self.prefix}-c{number}" if self.random.random() < 0.2 else "",
            session_id=f"{self.prefix}-n{number}" if self.random.random() < 0.2 else "",
        )

    def message(self, visitor: Visitor, time: int, name: str, properties: dict[str, Any]) -> dict[str, Any]:
        self.messages += 1
        context = dict(visitor.context)
        if visitor.session_id:
            context["sessionId"] = visitor.session_id
        event = {
            "type": "track",
            "event": name,
            "messageId": f"{self.prefix}-m{self.messages}",
            "anonymousId": visitor.anonymous_id,
            "timestamp": format_time(time),
            "source": visitor.source,
            "context": context,
            "properties": properties,
        }
        if visitor.user_id:
            event["userId"] = visitor.user_id
        return event

    def act(self, visitor: Visitor, time: int, name: str, properties: dict[str, Any]) -> None:
        self.activity.append((time, self.message(visitor, time, name, properties)))

    def transact(self, visitor: Visitor, time: int, name: str, properties: dict[str, Any]) -> None:
        self.transactions.append((time, self.message(visitor, time, name, properties)))

    def visit(self, visitor: Visitor) -> None:
        """One to four sittings, each of which may end with an order."""
        time = self.random.randrange(self.start, self.end - 6 * HOUR)
        for _ in range(self.random.randint(1, 4)):
            time = self.sit(visitor, time)
            # Around the gap of 30 minutes on both sides, never just on it.
            time += self.random.choice([20 * MINUTE, 29 * MINUTE, 31 * MINUTE, 50 * MINUTE]) + self.random.randrange(1, 1000)

    def sit(self, visitor: Visitor, time: int) -> int:
        chosen = []
        if self.random.random() < 0.3:
            self.act(visitor, time, "Products Searched", {"query": self.random.choice(QUERIES)})
        for _ in range(self.random.randint(1, 5)):
            time += self.random.randrange(1_000, 3 * MINUTE)
            product = self.random.choice(self.catalogue)
            self.act(visitor, time, "Product Viewed", {**product, "currency": visitor.currency})
            if self.random.random() < 0.4:
                time += self.random.randrange(1_000, MINUTE)
                line = {**product, "quantity": self.random.randint(1, 3)}
                self.act(visitor, time, "Product Added", self.with_cart(visitor, {**line, "currency": visitor.currency}))
                chosen.append(line)
        if chosen and self.random.random() < 0.2:
            time += 2_003
            self.act(visitor, time, "Product Removed", self.with_cart(visitor, {**chosen[0], "currency": visitor.currency}))
        if chosen and self.random.random() < 0.7:
            time += self.random.randrange(1_000, MINUTE)
            self.act(visitor, time, "Checkout Started", self.with_cart(visitor, {"products": chosen, "currency": visitor.currency}))
            if self.random.random() < 0.8:
                time = self.order(visitor, time + self.random.randrange(1_000, MINUTE), chosen)
        return time

    def with_cart(self, visitor: Visitor, properties: dict[str, Any]) -> dict[str, Any]:
        return {**properties, "cart_id": visitor.cart_id} if visitor.cart_id else properties

    def order(self, visitor: Visitor, time: int, lines: list[dict[str, Any]]) -> int:
        self.orders += 1
        goods = sum(round(line["price"] * 1_000_000) * line["quantity"] for line in lines) / 1_000_000
        properties: dict[str, Any] = {
            "order_id": f"{self.prefix}-o{self.orders}",
            "products": lines,
            "currency": visitor.currency,
            "total": round(goods + 4.9, 6),
            "shipping": 4.9,
            "card_fingerprint": self.card_of(visitor),
        }
        way = self.random.random()
        if way < 0.3:
            properties["revenue"] = round(goods, 6)
        elif way < 0.6:
            properties["tax"] = 1.25
        if self.random.random() < 0.5:
            self.transact(visitor, time - 500, "Payment Attempted", self.payment(properties))
        names_cart = self.random.random() < 0.5
        self.transact(visitor, time, "Order Completed", self.with_cart(visitor, properties) if names_cart else properties)
        self.follow_up(visitor, time, properties, lines)
        return time

    def card_of(self, visitor: Visitor) -> str:
        """Mostly the visitor's own, now and then one that goes from hand to hand."""
        if self.random.random() < 0.1:
            return f"card-{self.prefix}-shared-{self.random.randrange(4)}"
        return f"card-{visitor.anonymous_id}"

    def payment(self, order: dict[str, Any]) -> dict[str, Any]:
        return {
            "order_id": order["order_id"],
            "value": order["total"],
            "currency": order["currency"],
            "card_fingerprint": order["card_fingerprint"],
            "status": self.random.choice(["authorized", "failed"]),
        }

    def follow_up(self, visitor: Visitor, time: int, order: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        """What may become of an order, all before the traffic's end."""
        way = self.random.random()
        reference = {"order_id": order["order_id"], "currency": order["currency"]}
        later = time + self.random.randrange(MINUTE, 90 * MINUTE)
        if way < 0.1:
            self.transact(visitor, later, "Order Refunded", {**reference, "total": order["total"]})
        elif way < 0.2:
            self.transact(visitor, later, "Order Refunded", {**reference, "products": lines[:1]})
        elif way < 0.25:
            self.transact(visitor, later, "Order Cancelled", reference)
        elif way < 0.35:
            self.transact(visitor, later, "Order Updated", {**order, "total": order["total"] + 1})
        elif way < 0.4:
            self.transact(visitor, later, "Fraud Labelled", {"order_id": order["order_id"], "label": "fraud"})

    def add_late_visitor(self) -> None:
        """Events older than the minute grain is kept: they count by hour and day only."""
        visitor = self.visitor(1_000_000)
        visitor.session_id = ""
        for minute in range(3):
            self.act(visitor, self.end - 20 * DAY + minute * MINUTE, "Product Viewed", {**self.catalogue[0], "currency": "EUR"})


def shuffled_a_little(events: list[tuple[int, dict]], chance: random.Random) -> list[dict]:
    """In order of time, but one in ten comes late, and one in twelve twice."""
    arriving = []
    for time, event in events:
        delay = chance.randrange(0, 8 * HOUR) if chance.random() < 0.1 else 0
        arriving.append((time + delay, event["messageId"], event))
        if chance.random() < 1 / 12:
            arriving.append((time + delay + chance.randrange(0, 4 * HOUR), event["messageId"], event))
    return [event for _, _, event in sorted(arriving, key=lambda entry: entry[:2])]


def batches_of(events: list[dict], chance: random.Random, largest: int = 12) -> list[Batch]:
    batches = []
    at = 0
    while at < len(events):
        size = chance.randint(1, largest)
        taken = events[at : at + size]
        at += size
        if len(taken) == 1:
            batches.append(Batch("/v1/track", json.dumps(taken[0])))
        else:
            batches.append(Batch("/v1/batch", json.dumps({"batch": taken})))
    return batches


def traffic(seed: int, now: int, visitors: int, senders: int = 2) -> list[list[Batch]]:
    """The batches of each sender. The first sends all transactions, so that their order is the order of its requests."""
    shop = Shop(seed, now, visitors)
    chance = random.Random(seed + 1)
    streams = [batches_of(shuffled_a_little(shop.transactions, chance), chance, largest=4)]
    by_sender: list[list[tuple[int, dict]]] = [[] for _ in range(senders)]
    for time, event in shop.activity:
        by_sender[hash_of(event["anonymousId"]) % senders].append((time, event))
    streams += [batches_of(shuffled_a_little(events, chance), chance) for events in by_sender]
    return streams


def hash_of(text: str) -> int:
    """The same in every run of Python, unlike hash()."""
    return sum(byte * (31**at) for at, byte in enumerate(text.encode()))
