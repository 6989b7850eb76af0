"""Carts: what a visitor collected between two orders, or under one cart id.

A cart with an id is closed by an order that names it. An order that names none closes the cart that the visitor put
something in last before it.
"""

import dataclasses
from bisect import bisect_left
from collections import defaultdict

from oracle.events import Event
from oracle.sessions import CHECKOUT_EVENTS, is_marker

ADDS = {"Product Added", "Wishlist Product Added to Cart"}
ACTIONS = ADDS | {"Product Removed", "Cart Viewed"} | CHECKOUT_EVENTS


@dataclasses.dataclass(frozen=True)
class Cart:
    visitor: str
    last_activity: int
    adds: int
    converted: bool
    origin: Event  # whose dimensions the cart has: its first action


def is_action(event: Event) -> bool:
    return event.call == "track" and event.name in ACTIONS


def make_cart(visitor: str, actions: list[Event], converted: bool) -> Cart | None:
    """None where nothing was added: that is no cart."""
    actions = sorted(actions, key=lambda event: (event.time, event.message_id))
    adds = sum(1 for event in actions if event.name in ADDS)
    if adds == 0:
        return None
    return Cart(visitor, actions[-1].time, adds, converted, actions[0])


def closed_by(markers: list[Event], actions: list[Event]) -> set[str]:
    """The ids of the carts that a visitor's orders close."""
    named = {event.text("order_id"): event.text("cart_id") for event in markers if event.text("cart_id")}
    closed = {event.text("cart_id") for event in markers}
    first_times = {}
    for marker in markers:
        order = marker.text("order_id")
        first_times[order] = min(marker.time, first_times.get(order, marker.time))
    for order, time in first_times.items():
        before = [(event.time, event.text("cart_id")) for event in actions if event.name in ADDS and event.time <= time]
        if order not in named and before:
            closed.add(max(before)[1])
    return closed


def carts_of(events: list[Event]) -> list[Cart]:
    actions: dict[str, list[Event]] = defaultdict(list)
    markers: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.visitor and is_action(event):
            actions[event.visitor].append(event)
        elif is_marker(event):
            markers[event.visitor].append(event)
    carts = []
    for visitor, members in actions.items():
        closing = sorted({event.time for event in markers[visitor]})
        closed_ids = closed_by(markers[visitor], members)
        groups: dict[tuple[str, int], list[Event]] = defaultdict(list)
        for event in members:
            cart_id = event.text("cart_id")
            groups[cart_id, 0 if cart_id else bisect_left(closing, event.time)].append(event)
        for (cart_id, interval), group in groups.items():
            converted = cart_id in closed_ids if cart_id else interval < len(closing)
            carts.append(make_cart(visitor, group, converted))
    return [cart for cart in carts if cart]
