"""Orders are state: what an order contributes follows from all that was said of it, by its order id."""

import dataclasses
from collections import defaultdict

from oracle.events import Event, Line


@dataclasses.dataclass(frozen=True)
class Refund:
    time: int
    received: int
    kind: str  # refund or cancellation
    amount: int
    lines: tuple[Line, ...]
    origin: Event


@dataclasses.dataclass(frozen=True)
class Order:
    order_id: str
    time: int
    received: int
    currency: str
    revenue: int
    lines: tuple[Line, ...]
    origin: Event  # whose dimensions the order has
    refunds: tuple[Refund, ...]


def revenue_of(event: Event) -> int | None:
    """`revenue`, else `total − shipping − tax`, else the sum of the lines; None where none of them is there."""
    if (revenue := event.money("revenue")) is not None:
        return revenue
    if (total := event.money("total")) is not None:
        return total - (event.money("shipping") or 0) - (event.money("tax") or 0)
    amounts = [line.amount for line in event.lines if line.amount is not None]
    return sum(amounts) if amounts else None


def refunds_of(said: list[Event], worth: int) -> list[Refund]:
    """A refund is worth what it says, else its lines, else the order; a cancellation what is left of the order."""
    refunds: list[Refund] = []
    for event in said:
        left = worth - sum(refund.amount for refund in refunds)
        if event.name == "Order Refunded":
            amount = revenue_of(event)
            refunds.append(Refund(event.time, event.received, "refund", left if amount is None else amount, event.lines, event))
        elif event.name == "Order Cancelled":
            refunds.append(Refund(event.time, event.received, "cancellation", left, (), event))
    return refunds


def order_of(order_id: str, said: list[Event]) -> Order | None:
    """None where nothing says that the order was completed."""
    completed = [event for event in said if event.name == "Order Completed"]
    if not completed:
        return None
    first = completed[0]
    latest = [event for event in said if event.name in ("Order Completed", "Order Updated")][-1]
    worth = revenue_of(latest) or 0
    return Order(
        order_id=order_id,
        time=first.time,
        received=max(event.received for event in said),
        currency=latest.currency or first.currency,
        revenue=worth,
        lines=latest.lines or first.lines,
        origin=first,
        refunds=tuple(refunds_of(said, worth)),
    )


def orders_of(events: list[Event]) -> list[Order]:
    """`events` in the order of the transactions stream."""
    by_order: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.is_transaction and event.order_id:
            by_order[event.order_id].append(event)
    orders = [order_of(order_id, said) for order_id, said in by_order.items()]
    return [order for order in orders if order]
