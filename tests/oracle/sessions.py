"""Sessions: what a visitor did without a pause of more than the gap, or under one session id of the source.

Sessions belong to user activity: every event that is not a transaction, and of the transactions each completed order,
by its marker, which is no event but an order.
"""

import dataclasses
from collections import defaultdict

from oracle.clock import MINUTE
from oracle.events import Event

GAP = 30 * MINUTE

CHECKOUT_EVENTS = {"Checkout Started", "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered"}


@dataclasses.dataclass(frozen=True)
class Session:
    visitor: str
    id: str
    start: int
    end: int
    entry: Event  # the first event: the smallest time, then the smallest message id
    events: int
    product_views: int
    adds: int
    removes: int
    checkouts: int
    orders: int

    @property
    def converted(self) -> bool:
        return self.orders > 0


def is_marker(event: Event) -> bool:
    return event.is_transaction and event.name == "Order Completed" and bool(event.visitor)


def summarize(visitor: str, session_id: str, members: list[Event]) -> Session:
    members = sorted(members, key=lambda event: (event.time, event.message_id))
    events = [event for event in members if not is_marker(event)]

    def count(*names: str) -> int:
        return sum(1 for event in events if event.call == "track" and event.name in names)

    return Session(
        visitor=visitor,
        id=session_id,
        start=members[0].time,
        end=members[-1].time,
        entry=members[0],
        events=len(events),
        product_views=count("Product Viewed"),
        adds=count("Product Added"),
        removes=count("Product Removed"),
        checkouts=count(*CHECKOUT_EVENTS),
        orders=len({event.order_id for event in members if is_marker(event)}),
    )


def split_by_gap(members: list[Event]) -> list[list[Event]]:
    """Single linkage: a new session begins where the pause before is longer than the gap."""
    groups: list[list[Event]] = []
    for event in sorted(members, key=lambda event: event.time):
        if groups and event.time - groups[-1][-1].time <= GAP:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def sessions_of(events: list[Event]) -> list[Session]:
    by_visitor: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.visitor and (not event.is_transaction or is_marker(event)):
            by_visitor[event.visitor].append(event)
    sessions = []
    for visitor, members in by_visitor.items():
        named: dict[str, list[Event]] = defaultdict(list)
        for event in members:
            named[event.session_id].append(event)
        for group in split_by_gap(named.pop("", [])):
            sessions.append(summarize(visitor, "", group))
        sessions += [summarize(visitor, session_id, group) for session_id, group in named.items()]
    return sorted(sessions, key=lambda session: (session.visitor, session.start, session.id))
