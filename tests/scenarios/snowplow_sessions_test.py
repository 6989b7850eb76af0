"""The Snowplow set through import and the API, against the tables that Snowplow's own models make of it."""

import collections
import csv
import datetime
from decimal import Decimal
from typing import Any

import pytest

from faults.server import Server
from scenarios.command import data_set, succeed

Row = dict[str, str]
Session = dict[str, Any]

SET = "events_snowplow_ecommerce"
THE_YEAR = {"from": "2022-01-01", "to": "2023-01-01"}
LAST_CHECKOUT_STEP = 4  # Snowplow's setting: an order is a visit of this step

# Columns whose value does not follow from the rules, with the reason: (session, column) → why. There is none.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def expected(table: str) -> list[Row]:
    path = data_set(f"{SET}/expected/snowplow_ecommerce_{table}_expected.csv")
    return list(csv.DictReader(path.read_text().splitlines()))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    # By default transactions are listed for 400 days, and the set is older.
    running = Server(tmp_path_factory.mktemp("snowplow"), {"retention.transactions": "forever"})
    source = data_set(f"{SET}/source/snowplow_ecommerce_events.csv")
    succeed("import", source, "--format", "snowplow", "--data", running.data, environment=running.environment)
    running.start_and_wait()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def sessions(server: Server) -> dict[str, tuple[str, Session]]:
    """Session id → visitor and session, of every visitor that the expected table names."""
    found = {}
    for visitor in sorted({row["domain_userid"] for row in expected("sessions")}):
        for session in server.get(f"/api/v1/sessions/{visitor}").json()["sessions"]:
            assert session["session_id"] not in found
            found[session["session_id"]] = (visitor, session)
    return found


def moment(text: str | None) -> datetime.datetime | None:
    if not text:
        return None
    time = datetime.datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)


def span(name: str, first: str | None, last: str | None, what: str = "") -> dict[str, Any]:
    return {f"first_{name}": moment(first), f"last_{name}": moment(last)} | ({what: None} if what else {})


def times_of(*parts: dict[str, Any]) -> tuple[str | None, str | None]:
    """First and last of several kinds of events. The API's times are of one form, so texts compare as times do."""
    seen = [part for part in parts if part["count"]]
    return min((part["first"] for part in seen), default=None), max((part["last"] for part in seen), default=None)


def cart_columns(session: Session, orders: list[dict], order_times: tuple) -> dict[str, Any]:
    if not (session["adds_to_cart"]["count"] or session["removes_from_cart"]["count"] or orders):
        return {}
    created = session["carts_created"]
    return {
        "number_unique_cart_ids": session["cart_ids"],
        "number_carts_created": created["count"],
        "number_carts_emptied": session["carts_emptied"]["count"],
        "number_carts_transacted": len(orders),
        "session_cart_abandoned": len(orders) < created["count"],
        **span("cart_created", *times_of(created)),
        **span("cart_transacted", *order_times),
    }


def checkout_columns(session: Session, orders: list[dict], order_times: tuple) -> dict[str, Any]:
    if not (session["checkout_step_views"] or orders):
        return {}
    steps = set(session["checkout_steps"]) | ({LAST_CHECKOUT_STEP} if orders else set())
    return {
        "session_entered_at_checkout": session["entered_at_checkout"],
        "number_unique_checkout_steps_attempted": len(steps),
        "number_checkout_steps_visited": session["checkout_step_views"] + len(orders),
        "checkout_succeeded": bool(orders),
        **span("checkout_attempted", *times_of(session["checkout_starts"])),
        **span("checkout_succeeded", *order_times),
    }


def product_columns(session: Session, orders: list[dict]) -> dict[str, Any]:
    """Each session of the set has an event that carries a product, so this group is never empty."""
    views, lists = session["product_views"], session["list_views"]
    adds, removes = session["adds_to_cart"], session["removes_from_cart"]
    with_products = [order["time"] for order in orders if order["products"]]
    return {
        "number_product_views": views["count"] + lists["count"],
        "number_add_to_carts": adds["count"],
        "number_remove_from_carts": removes["count"],
        "number_product_transactions": len(with_products),
        **span("product_view", *times_of(views, lists)),
        **span("product_add_to_cart", *times_of(adds)),
        **span("product_remove_from_cart", *times_of(removes)),
        **span("product_transaction", min(with_products, default=None), max(with_products, default=None)),
    }


def transaction_columns(orders: list[dict], order_times: tuple) -> dict[str, Any]:
    if not orders:
        return {}
    assert len({order["currency"] for order in orders}) == 1
    return {
        "total_transaction_revenue": sum(Decimal(order["revenue"]) for order in orders),
        "total_transaction_quantity": sum(order["quantity"] for order in orders),
        "total_number_transactions": len(orders),
        "total_transacted_products": sum(order["products"] for order in orders),
        **span("transaction_completed", *order_times),
    }


def columns_of(visitor: str, session: Session) -> dict[str, Any]:
    """The columns of the expected table by the rules of docs/guides/importing.md; what is not there is empty."""
    orders = session["orders"]
    times = [order["time"] for order in orders]
    order_times = (min(times, default=None), max(times, default=None))
    return {
        "domain_sessionid": session["session_id"],
        "session_id2": session["session_id"],
        "domain_userid": visitor,
        "start_tstamp": moment(session["received_first"]),
        "end_tstamp": moment(session["received_last"]),
        "app_id": session["app"],
        **cart_columns(session, orders, order_times),
        **checkout_columns(session, orders, order_times),
        **product_columns(session, orders),
        **transaction_columns(orders, order_times),
    }


def read_as(text: str, example: Any) -> Any:
    """A cell of the expected table as a value of the example's type."""
    if text == "":
        return None
    if isinstance(example, bool):
        return text.lower() == "true"
    if isinstance(example, datetime.datetime):
        return moment(text)
    return type(example)(text) if isinstance(example, int | Decimal) else text


def differences(rows: list[Row], sessions: dict[str, tuple[str, Session]]) -> list[tuple[str, str, Any, Any]]:
    found = []
    for row in rows:
        ours = columns_of(*sessions[row["domain_sessionid"]])
        for column, text in row.items():
            value = ours.get(column)
            wanted = read_as(text, value)
            if value != wanted and (row["domain_sessionid"], column) not in EXCEPTIONS:
                found.append((row["domain_sessionid"], column, wanted, value))
    return found


def test_there_are_63_sessions_and_no_other(sessions):
    assert len(sessions) == 63
    assert set(sessions) == {row["domain_sessionid"] for row in expected("sessions")}


def test_every_column_of_every_session_is_as_snowplow_expects(sessions):
    assert differences(expected("sessions"), sessions) == []


def test_the_comparison_sees_each_column(sessions):
    """A cell that is changed is a difference: no column is passed over."""
    rows = expected("sessions")
    changed = next(row for row in rows if all(row[column] != "" for column in row if not column.startswith("first_")))
    for column in set(changed) - {"domain_sessionid"}:
        wrong = "" if changed[column] else "1"
        seen = {name for _, name, _, _ in differences([{**changed, column: wrong}], sessions)}
        assert seen == {column}


def test_the_transactions_are_the_14_expected_ones_with_their_worth_and_time(server):
    page = server.get("/api/v1/transactions", **THE_YEAR).json()
    assert not page.get("next")
    answered = {
        row["transaction_id"]: (Decimal(row["revenue"]), row["currency"], row["items"], row["customer"], moment(row["time"]))
        for row in page["transactions"]
    }
    assert answered == {
        row["transaction_id"]: (
            Decimal(row["transaction_revenue"]),
            row["transaction_currency"],
            int(row["transaction_total_quantity"]),
            row["ecommerce_user_id"] or row["domain_userid"],
            moment(row["derived_tstamp"]),
        )
        for row in expected("transaction_interactions")
    }
    assert len(page["transactions"]) == 14


def by_dimension(server: Server, metric: str, dimension: str) -> dict[str, Decimal]:
    """A metric's values over the whole set by one dimension."""
    answer = server.get(f"/api/v1/metrics/{metric}", grain="1d", by=dimension, limit="10000", **THE_YEAR).json()
    values: dict[str, Decimal] = collections.defaultdict(Decimal)
    for row in answer["rows"]:
        values[row["dims"].get(dimension, "")] += Decimal(row["value"])
    return values


def test_the_order_that_comes_again_under_another_event_id_counts_once(server):
    assert by_dimension(server, "revenue", "currency") == {"EUR": Decimal("1234863.89"), "USD": Decimal("231231.00")}
    assert by_dimension(server, "orders", "currency") == {"EUR": 13, "USD": 1}


def interactions(table: str, column: str) -> collections.Counter:
    return collections.Counter(row[column] for row in expected(f"{table}_interactions"))


def test_interactions_with_carts_and_checkouts_are_the_events_expected(server):
    events = by_dimension(server, "events", "event")
    carts = interactions("cart", "ecommerce_action_type")
    assert (events["Product Added"], events["Product Removed"]) == (carts["add_to_cart"], carts["remove_from_cart"]) == (38, 15)
    steps = interactions("checkout", "ecommerce_action_type")
    assert events["Checkout Step Viewed"] == steps["checkout_step"] == 38
    assert sum(by_dimension(server, "orders", "source").values()) == steps["transaction"] == carts["transaction"] == 14


def test_interactions_with_products_are_the_lines_expected_by_category(server):
    """The category of the set's products is their category's first part."""
    rows = expected("product_interactions")
    for metric, column, value in [("product_views", "product_view_type", "product_view"), ("adds_to_cart", "is_add_to_cart", "True")]:
        wanted = collections.Counter(row["product_category"] for row in rows if row[column] == value)
        assert by_dimension(server, metric, "category") == wanted
