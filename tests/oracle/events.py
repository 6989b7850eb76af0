"""Reads the bodies of the tracking API: which events they hold, and of each what the answers depend on."""

import base64
import dataclasses
import gzip
import json
import pathlib
import tomllib
from decimal import Decimal
from typing import Any

from oracle.clock import DAY, parse_time
from oracle.money import parse_money

VOCABULARY = pathlib.Path(__file__).resolve().parents[2] / "schema/events.toml"

SHORT_CALLS = {"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias"}


def read_vocabulary() -> tuple[dict[str, str], set[str]]:
    """Lower-case name or alias → the event's name, and the names that go to the transactions stream."""
    with VOCABULARY.open("rb") as file:
        entries = tomllib.load(file)["events"]
    names = {}
    for entry in entries:
        for name in [entry["name"], *entry.get("aliases", [])]:
            names[name.lower()] = entry["name"]
    return names, {entry["name"] for entry in entries if entry.get("stream") == "transactions"}


NAMES, TRANSACTIONS = read_vocabulary()


@dataclasses.dataclass(frozen=True)
class Line:
    """A product line; an absent text is empty."""

    product: str
    category: str
    brand: str
    price: int | None
    quantity: int

    @property
    def amount(self) -> int | None:
        return None if self.price is None else self.price * self.quantity


@dataclasses.dataclass(frozen=True)
class Event:
    call: str
    name: str  # of the vocabulary where it is known, else as sent
    source: str
    message_id: str
    anonymous_id: str
    user_id: str
    time: int
    received: int
    context: dict[str, Any]
    properties: dict[str, Any]
    lines: tuple[Line, ...]

    @property
    def visitor(self) -> str:
        return self.anonymous_id or self.user_id

    @property
    def customer(self) -> str:
        return self.user_id or self.anonymous_id

    @property
    def is_transaction(self) -> bool:
        return self.call == "track" and self.name in TRANSACTIONS

    @property
    def identity(self) -> tuple:
        """An id counts once for its owner and original day, in the stream that it goes to."""
        owner = self.customer if self.is_transaction else self.visitor
        return self.is_transaction, owner, self.time // DAY, self.message_id

    def at(self, *path: str) -> Any:
        """What stands in the context below `path`; None where there is nothing."""
        node: Any = self.context
        for part in path:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    def text(self, key: str) -> str:
        value = self.properties.get(key)
        return "" if value is None else str(value)

    def money(self, key: str) -> int | None:
        return parse_money(self.properties.get(key))

    @property
    def session_id(self) -> str:
        return str(self.at("sessionId") or self.text("session_id"))

    @property
    def country(self) -> str:
        return str(self.at("location", "country") or "").upper()

    @property
    def device(self) -> str:
        return str(self.at("device", "type") or "")

    @property
    def campaign(self) -> str:
        return str(self.at("campaign", "name") or "")

    @property
    def order_id(self) -> str:
        return self.text("order_id")

    @property
    def currency(self) -> str:
        return self.text("currency").upper()


def read_line(product: dict[str, Any]) -> Line:
    return Line(
        product=str(product.get("product_id") or product.get("sku") or ""),
        category=str(product.get("category") or ""),
        brand=str(product.get("brand") or ""),
        price=parse_money(product.get("price")),
        quantity=int(product.get("quantity", 1)),
    )


def read_lines(properties: dict[str, Any]) -> tuple[Line, ...]:
    if isinstance(properties.get("products"), list):
        return tuple(read_line(product) for product in properties["products"])
    if "product_id" in properties or "sku" in properties:
        return (read_line(properties),)
    return ()


def read_event(item: dict[str, Any], call: str | None, received: int, default_source: str) -> Event:
    call = call or item["type"]
    sent_name = str(item.get("event") or item.get("name") or "")
    properties = item.get("properties") or item.get("traits") or {}
    original = item.get("originalTimestamp") or item.get("timestamp")
    if "sentAt" in item:
        raise ValueError("the oracle cannot know the server's clock: leave sentAt out")
    return Event(
        call=call,
        name=NAMES.get(sent_name.lower(), sent_name) if call == "track" else sent_name,
        source=str(item.get("source") or default_source),
        message_id=str(item["messageId"]),
        anonymous_id=str(item.get("anonymousId") or ""),
        user_id=str(item.get("userId") or ""),
        time=parse_time(original) if original else received,
        received=received,
        context=item.get("context") or {},
        properties=properties,
        lines=read_lines(properties) if call == "track" else (),
    )


def read_body(path: str, body: str, received: int, default_source: str = "server") -> list[Event]:
    """The events of one request to `path`, e.g. `/v1/batch`."""
    document = json.loads(body, parse_float=Decimal)
    if "batch" in document:
        return [read_event(item, None, received, default_source) for item in document["batch"]]
    call = path.rstrip("/").rsplit("/", 1)[-1]
    return [read_event(document, SHORT_CALLS.get(call, call), received, default_source)]


@dataclasses.dataclass(frozen=True)
class Request:
    """A request that was acknowledged, as the sender recorded it."""

    path: str
    body: str
    received: int  # the sender's clock; a moment before the server's

    def to_json(self) -> str:
        packed = base64.b64encode(gzip.compress(self.body.encode(), 1)).decode()
        return json.dumps({"path": self.path, "body": packed, "received": self.received})

    @staticmethod
    def from_json(line: str) -> "Request":
        record = json.loads(line)
        return Request(record["path"], gzip.decompress(base64.b64decode(record["body"])).decode(), record["received"])


def distinct_events(requests: list[Request], default_source: str = "server") -> list[Event]:
    """All events in the order of their acknowledgement, each id once: the first counts."""
    seen, events = set(), []
    for request in requests:
        for event in read_body(request.path, request.body, request.received, default_source):
            if event.identity not in seen:
                seen.add(event.identity)
                events.append(event)
    return events
