"""Orders are state: what an order contributes follows from all that was said of it, by its order id.

Two things said of one part of an order are decided by their stamp, the event's time and then its message id, so the order
of arrival does not matter.
"""

import dataclasses
from collections import defaultdict

from oracle.events import Event, Line


@dataclasses.dataclass(frozen=True)
class Refund:
    time: int
    received: int
    kind: str  # refund or cancellation
    currency: str
    amount: int | None
    lines: tuple[Line, ...]
    origin: Event


@dataclasses.dataclass(frozen=True)
class Order:
    """`completion` is None where only refunds are known: they stand on their own."""

    order_id: str
    completion: Event | None
    received: int
    currency: str
    revenue: int | None
    lines: tuple[Line, ...]
    refunds: tuple[Refund, ...]


def stamp(event: Event) -> tuple[int, str]:
    return event.time, event.message_id


def revenue_of(event: Event) -> int | None:
    """`revenue`, else `total − shipping − tax`, else the sum of the lines; None where none of them is there."""
    if (revenue := event.money("revenue")) is not None:
        return revenue
    if (total := event.money("total")) is not None:
        return total - (event.money("shipping") or 0) - (event.money("tax") or 0)
    amounts = [line.amount for line in event.lines if line.amount is not None]
    return sum(amounts) if amounts else None


def refund_wanted(event: Event, order_lines: tuple[Line, ...]) -> tuple[int | None, tuple[Line, ...]]:
    """What a refund states, else the price of its lines (the order's price where they name none); and its lines."""
    prices = {line.product: line.price for line in order_lines}
    lines = tuple(line if line.price is not None else dataclasses.replace(line, price=prices.get(line.product)) for line in event.lines)
    stated = None
    if event.money("revenue") is not None or event.money("total") is not None:
        stated = revenue_of(event)
    amounts = [line.amount for line in lines if line.amount is not None]
    return stated if stated is not None else (sum(amounts) if amounts else None), lines


def pieces_left(lines: tuple[Line, ...], returned: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of an order without the pieces that were given back, from the first line of a product on."""
    back: defaultdict[str, int] = defaultdict(int)
    for line in returned:
        back[line.product] += line.quantity
    kept = []
    for line in lines:
        taken = min(max(line.quantity, 0), back[line.product])
        back[line.product] -= taken
        if line.quantity != taken:
            kept.append(dataclasses.replace(line, quantity=line.quantity - taken))
    return tuple(kept)


def settle(said: list[Event], completion: Event | None, revenue: int | None, currency: str, lines: tuple[Line, ...]) -> list[Refund]:
    """Refunds and the cancellation in the order of their stamps, each taking no more than what is left."""
    known = completion is not None and revenue is not None
    left = max(revenue, 0) if known else 0
    cancellations = sorted((event for event in said if event.name == "Order Cancelled"), key=stamp)[:1] if known else []
    settled: list[Refund] = []
    returned: tuple[Line, ...] = ()
    for event in sorted([*cancellations, *(event for event in said if event.name == "Order Refunded")], key=stamp):
        if event.name == "Order Cancelled":
            left_lines = pieces_left(lines, returned) if left else ()
            settled.append(Refund(event.time, event.received, "cancellation", currency, left, left_lines, completion))
            left = 0
            continue
        amount, refund_lines = refund_wanted(event, lines)
        if known and event.currency in ("", currency):
            amount = min(left if amount is None else amount, left)
            left -= amount
            returned += refund_lines
        origin = completion or event
        settled.append(Refund(event.time, event.received, "refund", event.currency or currency, amount, refund_lines, origin))
    return settled


def order_of(order_id: str, said: list[Event]) -> Order:
    completed = sorted((event for event in said if event.name == "Order Completed"), key=stamp)
    stated = sorted((event for event in said if event.name in ("Order Completed", "Order Updated")), key=stamp)
    completion = completed[0] if completed else None
    worth = [event for event in stated if revenue_of(event) is not None]
    baskets = [event for event in stated if event.lines]
    revenue = revenue_of(worth[-1]) if worth else None
    currency = worth[-1].currency if worth else ""
    lines = baskets[-1].lines if baskets else ()
    return Order(
        order_id=order_id,
        completion=completion,
        received=min((event.received for event in completed), default=0),
        currency=currency,
        revenue=revenue,
        lines=lines,
        refunds=tuple(settle(said, completion, revenue, currency, lines)),
    )


def orders_of(events: list[Event]) -> list[Order]:
    by_order: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.is_transaction and event.order_id:
            by_order[event.order_id].append(event)
    return [order_of(order_id, said) for order_id, said in by_order.items()]
