"""The oracle itself, on examples worked out by hand."""

import json

import pytest

from oracle import hyperloglog
from oracle.carts import carts_of
from oracle.clock import DAY, HOUR, MINUTE, format_time, parse_time, window_of
from oracle.events import Request, distinct_events
from oracle.metrics import Facts, rows
from oracle.money import format_money, parse_money
from oracle.orders import orders_of
from oracle.sessions import sessions_of

NOON = parse_time("2026-03-01T12:00:00Z")


def event(name: str, at: int, message_id: str, visitor: str = "ada", **properties):
    return {
        "type": "track",
        "event": name,
        "messageId": message_id,
        "anonymousId": visitor,
        "timestamp": format_time(at),
        "properties": properties,
    }


def events_of(*items: dict):
    return distinct_events([Request("/v1/batch", json.dumps({"batch": items}), NOON)])


@pytest.mark.parametrize(
    ("text", "micros"),
    [("25.10", 25_100_000), ("75.30000000000001", 75_300_000), ("0.0000005", 0), ("0.0000015", 2), ("-1", -1_000_000)],
)
def test_money_is_millionths_rounded_half_to_even(text, micros):
    assert parse_money(text) == micros


@pytest.mark.parametrize("value", ["NaN", "Infinity", "9223372036854.775808", "ten", None, True, []])
def test_what_is_no_money_is_none(value):
    assert parse_money(value) is None


def test_money_is_written_with_six_decimals():
    assert [format_money(25_100_000), format_money(-1)] == ["25.100000", "-0.000001"]


def test_windows_start_at_the_full_minute_hour_and_day():
    time = parse_time("2026-03-01T12:34:56.789Z")
    assert [format_time(window_of(grain, time)) for grain in ("1m", "1h", "1d")] == [
        "2026-03-01T12:34:00Z",
        "2026-03-01T12:00:00Z",
        "2026-03-01T00:00:00Z",
    ]


def test_an_id_counts_once_for_a_visitor_and_day():
    items = [
        event("Product Viewed", NOON, "m1"),
        event("Product Viewed", NOON, "m1"),
        event("Product Viewed", NOON, "m1", visitor="bob"),
        event("Product Viewed", NOON + DAY, "m1"),
    ]
    assert len(events_of(*items)) == 3


def test_an_alias_of_the_vocabulary_is_the_event_itself():
    assert events_of(event("viewed product", NOON, "m1"))[0].name == "Product Viewed"


def test_a_pause_longer_than_the_gap_ends_a_session_and_a_late_event_joins_two():
    first, second = event("Product Viewed", NOON, "m1"), event("Product Viewed", NOON + 40 * MINUTE, "m2")
    between = event("Product Viewed", NOON + 20 * MINUTE, "m3")
    assert len(sessions_of(events_of(first, second))) == 2
    joined = sessions_of(events_of(first, second, between))
    assert [(session.start, session.end, session.events) for session in joined] == [(NOON, NOON + 40 * MINUTE, 3)]


def test_the_gap_itself_does_not_end_a_session():
    items = [event("Product Viewed", NOON, "m1"), event("Product Viewed", NOON + 30 * MINUTE, "m2")]
    assert len(sessions_of(events_of(*items))) == 1


def test_a_session_id_of_the_source_overrules_the_gap():
    items = [
        event("Product Viewed", NOON, "m1", session_id="s"),
        event("Product Viewed", NOON + 5 * HOUR, "m2", session_id="s"),
        event("Product Viewed", NOON + MINUTE, "m3"),
    ]
    assert [(session.id, session.events) for session in sessions_of(events_of(*items))] == [("s", 2), ("", 1)]


def test_a_completed_order_converts_its_session_without_being_an_event_of_it():
    items = [event("Product Viewed", NOON, "m1"), event("Order Completed", NOON + MINUTE, "m2", order_id="o1", revenue=5)]
    (session,) = sessions_of(events_of(*items))
    assert (session.events, session.orders, session.end) == (1, 1, NOON + MINUTE)


def test_orders_cut_a_visitors_actions_into_carts():
    items = [
        event("Product Added", NOON, "m1", product_id="p"),
        event("Order Completed", NOON + MINUTE, "m2", order_id="o1", revenue=5),
        event("Product Added", NOON + 2 * MINUTE, "m3", product_id="p"),
        event("Cart Viewed", NOON + 3 * MINUTE, "m4"),
    ]
    carts = carts_of(events_of(*items))
    assert [(cart.last_activity, cart.adds, cart.converted) for cart in carts] == [
        (NOON, 1, True),
        (NOON + 3 * MINUTE, 1, False),
    ]


def test_an_add_at_the_time_of_the_order_belongs_to_it():
    items = [event("Product Added", NOON, "m1", product_id="p"), event("Order Completed", NOON, "m2", order_id="o1")]
    assert [cart.converted for cart in carts_of(events_of(*items))] == [True]


def test_an_order_that_names_no_cart_closes_the_one_added_to_last():
    def added(minutes: int, cart: str) -> dict:
        return event("Product Added", NOON + minutes * MINUTE, f"m{minutes}", product_id="p", cart_id=cart)

    items = [
        added(0, "c2"),
        added(1, "c1"),
        event("Order Completed", NOON + 2 * MINUTE, "m2", order_id="o1"),
        added(3, "c3"),
        event("Order Completed", NOON + 4 * MINUTE, "m4", order_id="o2", cart_id="c2"),
        added(5, "c4"),
    ]
    assert [cart.converted for cart in carts_of(events_of(*items))] == [True, True, False, False]


def test_a_cart_in_which_nothing_was_put_is_none():
    assert carts_of(events_of(event("Cart Viewed", NOON, "m1"))) == []


@pytest.mark.parametrize(
    ("properties", "revenue"),
    [
        ({"revenue": 7, "total": 9}, 7_000_000),
        ({"total": 9, "shipping": 1, "tax": 0.5}, 7_500_000),
        ({"products": [{"product_id": "p", "price": 2.5, "quantity": 2}, {"product_id": "q", "price": 1}]}, 6_000_000),
    ],
)
def test_an_order_is_worth_its_revenue_else_its_total_else_its_lines(properties, revenue):
    (order,) = orders_of(events_of(event("Order Completed", NOON, "m1", order_id="o1", currency="EUR", **properties)))
    assert order.revenue == revenue


def test_two_events_of_one_completed_order_are_one_order():
    items = [event("Order Completed", NOON, name, order_id="o1", currency="EUR", revenue=5) for name in ("m1", "m2")]
    facts = Facts(events_of(*items))
    assert rows(facts, "orders", "1d", []) == {("2026-03-01T00:00:00Z", ()): 1}
    assert rows(facts, "revenue", "1d", []) == {("2026-03-01T00:00:00Z", (("currency", "EUR"),)): "5.000000"}


def test_a_refund_lowers_net_revenue_at_its_own_time():
    items = [
        event("Order Completed", NOON, "m1", order_id="o1", currency="EUR", revenue=5),
        event("Order Refunded", NOON + DAY, "m2", order_id="o1", currency="EUR", total=2),
    ]
    currency = (("currency", "EUR"),)
    assert rows(Facts(events_of(*items)), "net_revenue", "1d", []) == {
        ("2026-03-01T00:00:00Z", currency): "5.000000",
        ("2026-03-02T00:00:00Z", currency): "-2.000000",
    }


def test_refunds_and_a_cancellation_take_no_more_than_what_is_left():
    items = [
        event("Order Cancelled", NOON + 3 * MINUTE, "m4", order_id="o1"),
        event("Order Refunded", NOON + 2 * MINUTE, "m3", order_id="o1", currency="EUR", total=4),
        event("Order Refunded", NOON + 4 * MINUTE, "m5", order_id="o1", currency="EUR", total=4),
        event("Order Refunded", NOON + MINUTE, "m2", order_id="o1", currency="EUR", products=[{"product_id": "p", "quantity": 2}]),
        event("Order Completed", NOON, "m1", order_id="o1", currency="EUR", revenue=9, products=[{"product_id": "p", "price": 1.5}]),
    ]
    (order,) = orders_of(events_of(*items))
    assert [(refund.kind, refund.amount) for refund in order.refunds] == [
        ("refund", 3_000_000),
        ("refund", 4_000_000),
        ("cancellation", 2_000_000),
        ("refund", 0),
    ]


def test_a_cancellation_has_the_lines_that_refunds_before_it_left():
    basket = [{"product_id": "p", "price": 1.5, "quantity": 3}, {"product_id": "q", "price": 2}]
    items = [
        event("Order Completed", NOON, "m1", order_id="o1", currency="EUR", revenue=6.5, products=basket),
        event("Order Refunded", NOON + MINUTE, "m2", order_id="o1", currency="EUR", products=[{"product_id": "p", "quantity": 2}]),
        event("Order Cancelled", NOON + 2 * MINUTE, "m3", order_id="o1"),
    ]
    (order,) = orders_of(events_of(*items))
    cancellation = order.refunds[-1]
    assert [(line.product, line.quantity, line.amount) for line in cancellation.lines] == [("p", 1, 1_500_000), ("q", 1, 2_000_000)]


def test_an_update_changes_what_an_order_is_worth_but_not_when_it_was_completed():
    items = [
        event("Order Updated", NOON + DAY, "m2", order_id="o1", currency="EUR", revenue=7),
        event("Order Completed", NOON, "m1", order_id="o1", currency="EUR", revenue=5),
    ]
    facts = Facts(events_of(*items))
    assert rows(facts, "revenue", "1d", []) == {("2026-03-01T00:00:00Z", (("currency", "EUR"),)): "7.000000"}


def test_an_event_too_late_for_the_minute_grain_counts_by_the_hour():
    facts = Facts(events_of(event("Product Viewed", NOON - 15 * DAY, "m1")))
    assert rows(facts, "events", "1m", []) == {}
    assert len(rows(facts, "events", "1h", [])) == 1


def test_lines_give_the_numbers_by_product_and_currencies_stay_apart():
    lines = [{"product_id": "p", "price": 2, "quantity": 3}, {"product_id": "q", "price": 1}]
    facts = Facts(events_of(event("Order Completed", NOON, "m1", order_id="o1", currency="EUR", total=20, products=lines)))
    assert {dict(key[1])["product"]: value for key, value in rows(facts, "revenue", "1d", ["product"]).items()} == {
        "p": "6.000000",
        "q": "1.000000",
    }
    assert rows(facts, "units_sold", "1d", []) == {("2026-03-01T00:00:00Z", ()): 4}


@pytest.mark.parametrize("count", [0, 1, 10, 1000])
def test_the_estimate_of_distinct_visitors_is_close(count):
    assert abs(hyperloglog.estimate(str(number) for number in range(count)) - count) <= count * 0.03
