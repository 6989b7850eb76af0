"""The built-in metrics, by window and dimensions, worked out from all facts at once."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from oracle import hyperloglog
from oracle.carts import carts_of
from oracle.clock import DAY, format_time, window_of
from oracle.events import Event, Line
from oracle.money import divide_half_even, format_money
from oracle.orders import Order, orders_of
from oracle.sessions import sessions_of

# How late an event may come and still count in a grain.
RETENTION = {"1m": 14 * DAY, "1h": 400 * DAY, "1d": float("inf")}

Dimensions = dict[str, str]
Key = tuple[int, tuple[str, ...]]


@dataclasses.dataclass(frozen=True)
class Fact:
    """Something that is counted: when, with which dimensions, and its numbers."""

    time: int
    received: int
    dimensions: Dimensions
    numbers: dict[str, int]
    visitor: str = ""
    name: str = ""


def dimensions_of(event: Event) -> Dimensions:
    return {
        "source": event.source,
        "event": event.name,
        "country": event.country,
        "device": event.device,
        "campaign": event.campaign,
        "currency": event.currency,
        "query": event.text("query") if event.name == "Products Searched" else "",
    }


def line_dimensions(line: Line) -> Dimensions:
    return {"product": line.product, "category": line.category, "brand": line.brand}


def line_numbers(line: Line) -> dict[str, int]:
    numbers = {"quantity": line.quantity}
    if line.amount is not None:
        numbers["revenue"] = line.amount
    return numbers


@dataclasses.dataclass(frozen=True)
class Metric:
    """How a metric is worked out. `lines` are its facts where a question is by product, category or brand."""

    unit: str
    aggregate: Callable[[list[Fact]], int | None]
    facts: Callable[["Facts"], Iterable[Fact]]
    lines: Callable[["Facts"], Iterable[Fact]] | None = None


class Facts:
    """All that can be counted in the events that were acknowledged, in the order of their acknowledgement."""

    def __init__(self, events: list[Event]):
        self.sessions_as_they_stand = sessions_of(events)
        self.carts_as_they_stand = carts_of(events)
        self.orders_as_they_stand = orders_of(events)
        self.events = [self.of_event(event) for event in events]
        self.event_lines = [self.of_line(event, line) for event in events for line in event.lines]
        self.sessions = [self.of_session(session) for session in self.sessions_as_they_stand]
        self.carts = [self.of_cart(cart) for cart in self.carts_as_they_stand]
        self.orders, self.order_lines, self.refunds, self.refund_lines = [], [], [], []
        for order in self.orders_as_they_stand:
            self.add_order(order)

    @staticmethod
    def of_event(event: Event) -> Fact:
        visitor = "" if event.is_transaction else event.visitor  # visitors are counted in user activity
        return Fact(event.time, event.received, dimensions_of(event), {}, visitor, event.name)

    @staticmethod
    def of_line(event: Event, line: Line) -> Fact:
        dimensions = dimensions_of(event) | line_dimensions(line)
        return Fact(event.time, event.received, dimensions, line_numbers(line), event.visitor, event.name)

    @staticmethod
    def of_session(session) -> Fact:
        numbers = {name: getattr(session, name) for name in ("product_views", "adds", "checkouts", "orders")}
        return Fact(session.start, session.entry.received, dimensions_of(session.entry), numbers, session.visitor)

    @staticmethod
    def of_cart(cart) -> Fact:
        numbers = {"converted": int(cart.converted)}
        return Fact(cart.last_activity, cart.origin.received, dimensions_of(cart.origin), numbers, cart.visitor)

    def add_order(self, order: Order) -> None:
        if order.completion:
            base = dimensions_of(order.completion) | {"currency": order.currency}
            numbers = {} if order.revenue is None else {"revenue": order.revenue}
            self.orders.append(Fact(order.completion.time, order.received, base, numbers))
            for line in order.lines:
                self.order_lines.append(Fact(order.completion.time, order.received, base | line_dimensions(line), line_numbers(line)))
        for refund in order.refunds:
            base = dimensions_of(refund.origin) | {"currency": refund.currency}
            numbers = {} if refund.amount is None else {"revenue": refund.amount}
            self.refunds.append(Fact(refund.time, refund.received, base, numbers, name=refund.kind))
            for line in refund.lines:
                dimensions = base | line_dimensions(line)
                self.refund_lines.append(Fact(refund.time, refund.received, dimensions, line_numbers(line), name=refund.kind))


def named(*names: str):
    return lambda facts: (fact for fact in facts.events if fact.name in names)


def lines_of(*names: str):
    return lambda facts: (fact for fact in facts.event_lines if fact.name in names)


def count(facts: list[Fact]) -> int:
    return len(facts)


def total(number: str):
    def add(facts: list[Fact]) -> int | None:
        numbers = [fact.numbers[number] for fact in facts if number in fact.numbers]
        return sum(numbers) if numbers else None

    return add


def distinct_visitors(facts: list[Fact]) -> int:
    return hyperloglog.estimate({fact.visitor for fact in facts if fact.visitor})


def sessions_with(number: str):
    """Sessions with at least one of something."""
    return lambda facts: (fact for fact in facts.sessions if fact.numbers[number] > 0)


def refunds(kind: str):
    return lambda facts: (fact for fact in facts.refunds if fact.name == kind)


def refund_lines(kind: str):
    return lambda facts: (fact for fact in facts.refund_lines if fact.name == kind)


def carts(converted: int):
    return lambda facts: (fact for fact in facts.carts if fact.numbers["converted"] == converted)


METRICS = {
    "events": Metric("count", count, lambda facts: facts.events),
    "visitors": Metric("count", distinct_visitors, lambda facts: (fact for fact in facts.events if fact.visitor)),
    "searches": Metric("count", count, named("Products Searched")),
    "product_views": Metric("count", count, lines_of("Product Viewed")),
    "adds_to_cart": Metric("count", count, lines_of("Product Added")),
    "checkouts": Metric("count", count, named("Checkout Started")),
    "orders": Metric("count", count, lambda facts: facts.orders),
    "revenue": Metric("money", total("revenue"), lambda facts: facts.orders, lambda facts: facts.order_lines),
    "refunds": Metric("money", total("revenue"), refunds("refund"), refund_lines("refund")),
    "cancellations": Metric("money", total("revenue"), refunds("cancellation"), refund_lines("cancellation")),
    "units_sold": Metric("count", total("quantity"), lambda facts: facts.order_lines),
    "sessions": Metric("count", count, lambda facts: facts.sessions),
    "sessions_with_product_view": Metric("count", count, sessions_with("product_views")),
    "sessions_with_add_to_cart": Metric("count", count, sessions_with("adds")),
    "sessions_with_checkout": Metric("count", count, sessions_with("checkouts")),
    "sessions_with_order": Metric("count", count, sessions_with("orders")),
    "carts": Metric("count", count, lambda facts: facts.carts),
    "carts_converted": Metric("count", count, carts(converted=1)),
    "carts_abandoned": Metric("count", count, carts(converted=0)),
}

# name → unit, numerator (name, sign), denominator (name, sign)
RATIOS = {
    "net_revenue": ("money", [("revenue", 1), ("refunds", -1), ("cancellations", -1)], []),
    "average_order_value": ("money", [("revenue", 1)], [("orders", 1)]),
    "conversion": ("ratio", [("sessions_with_order", 1)], [("sessions", 1)]),
    "cart_abandonment": ("ratio", [("carts_abandoned", 1)], [("carts_abandoned", 1), ("carts_converted", 1)]),
}

LINE_DIMENSIONS = {"product", "category", "brand"}


def effective_dimensions(unit: str, by: list[str]) -> list[str]:
    """Money is never added over currencies: its rows always carry the currency."""
    return [*by, "currency"] if unit == "money" and "currency" not in by else by


def grouped(facts: Iterable[Fact], grain: str, by: list[str]) -> dict[Key, list[Fact]]:
    groups: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.received - fact.time <= RETENTION[grain]:
            values = tuple(fact.dimensions.get(name, "") for name in by)
            groups[window_of(grain, fact.time), values].append(fact)
    return groups


def simple(facts: Facts, name: str, grain: str, by: list[str]) -> dict[Key, int]:
    metric = METRICS[name]
    chosen = metric.lines if metric.lines and LINE_DIMENSIONS & set(by) else metric.facts
    values = {key: metric.aggregate(group) for key, group in grouped(chosen(facts), grain, by).items()}
    return {key: value for key, value in values.items() if value is not None}


def combined(facts: Facts, terms: list[tuple[str, int]], grain: str, by: list[str]) -> dict[Key, int]:
    sums: dict[Key, int] = defaultdict(int)
    for name, sign in terms:
        for key, value in simple(facts, name, grain, by).items():
            sums[key] += sign * value
    return sums


def values_of(facts: Facts, name: str, grain: str, by: list[str]) -> tuple[str, dict[Key, int]]:
    """The unit and every row: (window, dimension values) → integer; money and ratios in millionths."""
    if name in METRICS:
        return METRICS[name].unit, simple(facts, name, grain, by)
    unit, numerator, denominator = RATIOS[name]
    above = combined(facts, numerator, grain, by)
    if not denominator:
        return unit, above
    scale = 1 if unit == "money" else 1_000_000
    below = combined(facts, denominator, grain, by)
    return unit, {key: divide_half_even(above.get(key, 0) * scale, value) for key, value in below.items() if value}


def in_unit(unit: str, value: int) -> int | str | Decimal:
    if unit == "money":
        return format_money(value)
    return Decimal(value).scaleb(-6) if unit == "ratio" else value


def rows(facts: Facts, name: str, grain: str, by: list[str]) -> dict[tuple[str, tuple], int | str | Decimal]:
    """As the HTTP API says it: (time, sorted dimensions) → value; money as a string of six decimals, ratios as decimals."""
    unit = METRICS[name].unit if name in METRICS else RATIOS[name][0]
    by = effective_dimensions(unit, by)
    _, values = values_of(facts, name, grain, by)
    answer = {}
    for (window, texts), value in values.items():
        dimensions = tuple(sorted(zip(by, texts, strict=True)))
        answer[format_time(window), dimensions] = in_unit(unit, value)
    return answer
