"""Each form of file through the command line, against counts made here from the file itself."""

import collections
import csv
import json
import pathlib
import subprocess
from decimal import Decimal
from typing import Any

import pytest

from scenarios.command import daily, data_set, query, succeed

CDNOW_MAPPING = """
format: csv
separator: " "
time: {column: date, format: "%Y%m%d"}
source: orders
events: Order Completed
fields:
  userId: customer_id
  properties.order_id: {row_id: true}
  properties.currency: {value: USD}
  properties.revenue: {column: dollar_value, type: money, decimals: 2}
  properties.total_quantity: {column: number_of_cds, type: integer}
"""

OTTO_MAPPING = """
format: json-lines
rows: events
time: {column: ts, format: epoch-ms}
source: web
events:
  - {event: Product Viewed, when: {column: type, equals: clicks}}
  - {event: Product Added, when: {column: type, equals: carts}}
  - {event: Order Completed, when: {column: type, equals: orders}}
fields:
  anonymousId: {column: session, prefix: otto-}
  context.sessionId: session
  properties.product_id: aid
  properties.order_id: {row_id: true, for: [Order Completed]}
"""

# Five customers of RetailRocket's form: two rows of one transaction, one order of one row, and views.
RETAIL_ROCKET = """timestamp,visitorid,event,itemid,transactionid
1433221332117,257597,view,355908,
1433221400000,257597,addtocart,355908,
1433221500000,257597,transaction,355908,4000
1433221500000,257597,transaction,248676,4000
1433224214164,992329,view,248676,
1433221999827,111016,view,318965,
1433307732000,483717,transaction,253185,4001
"""


def import_report(file: pathlib.Path, form: str | pathlib.Path, data: pathlib.Path) -> dict[str, Any]:
    return json.loads(succeed("import", file, "--format", form, "--data", data, "--report", "json"))


def unpacked(path: pathlib.Path) -> str:
    return subprocess.run(["zstd", "-dcq", str(path)], capture_output=True, check=True).stdout.decode()


class TestCdnow:
    """Orders of 1997 and 1998 in aligned columns: so late that they count in days only."""

    PERIOD = ("--from", "1997-01-01", "--to", "1998-07-01")

    @pytest.fixture(scope="class")
    @classmethod
    def rows(cls) -> list[dict[str, str]]:
        header, *lines = unpacked(data_set("orders_cdnow/CDNOW_master.txt.zst")).split("\n")
        return [dict(zip(header.split(), line.split(), strict=True)) for line in lines if line.strip()]

    @pytest.fixture(scope="class")
    @classmethod
    def data(cls, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
        folder = tmp_path_factory.mktemp("cdnow")
        mapping = folder / "cdnow.yml"
        mapping.write_text(CDNOW_MAPPING)
        report = import_report(data_set("orders_cdnow/CDNOW_master.txt.zst"), mapping, folder / "data")
        assert (report["rows"], report["events"], report["refused"], report["left_out"]) == (69659, 69659, 0, 0)
        return folder / "data"

    def test_orders_and_revenue_by_day_are_those_of_the_file(self, data, rows):
        orders, revenue = collections.Counter(), collections.defaultdict(Decimal)
        for row in rows:
            day = f"{row['date'][:4]}-{row['date'][4:6]}-{row['date'][6:]}"
            orders[day] += 1
            revenue[day] += Decimal(row["dollar_value"])
        assert daily("orders", data, *self.PERIOD) == orders
        assert {day: Decimal(value) for day, value in daily("revenue", data, *self.PERIOD).items()} == revenue

    @pytest.mark.parametrize("metric", ["orders", "revenue", "events", "sessions"])
    def test_what_came_after_a_grains_retention_is_in_no_window_of_that_grain(self, data, metric):
        """Minutes are kept for 14 days, hours for 400: decided by the time that lies between event and arrival."""
        for grain, until in (("1h", "1998-01-01"), ("1m", "1997-01-07")):
            assert query(metric, data, "--grain", grain, "--from", "1997-01-01", "--to", until) == []


class TestOtto:
    """Events nested in the lines of their sessions."""

    PERIOD = ("--from", "2022-07-31", "--to", "2022-09-30")

    @pytest.fixture(scope="class")
    @classmethod
    def sessions(cls) -> list[dict[str, Any]]:
        return [json.loads(line) for line in data_set("events_otto_sample/train.jsonl").read_text().splitlines()]

    @pytest.fixture(scope="class")
    @classmethod
    def data(cls, tmp_path_factory: pytest.TempPathFactory, sessions) -> pathlib.Path:
        folder = tmp_path_factory.mktemp("otto")
        mapping = folder / "otto.yml"
        mapping.write_text(OTTO_MAPPING)
        report = import_report(data_set("events_otto_sample/train.jsonl"), mapping, folder / "data")
        assert (report["events"], report["refused"]) == (sum(len(session["events"]) for session in sessions), 0)
        return folder / "data"

    @pytest.mark.parametrize(("metric", "kind"), [("product_views", "clicks"), ("adds_to_cart", "carts"), ("orders", "orders")])
    def test_each_kind_of_event_is_counted(self, data, sessions, metric, kind):
        events = [event for session in sessions for event in session["events"] if event["type"] == kind]
        assert sum(daily(metric, data, *self.PERIOD).values()) == len(events)

    def test_products_are_ranked_as_in_the_file(self, data, sessions):
        views = collections.Counter(str(event["aid"]) for session in sessions for event in session["events"] if event["type"] == "clicks")
        options = ("--grain", "1d", "--by", "product", "--total", "--limit", 10000)
        rows = query("product_views", data, *self.PERIOD, *options)
        assert {row["dims"]["product"]: row["value"] for row in rows} == views

    def test_the_sources_sessions_are_kept_whatever_their_pauses(self, data, sessions):
        assert sum(daily("sessions", data, *self.PERIOD).values()) == len(sessions)


class TestRetailRocket:
    @pytest.fixture(scope="class")
    @classmethod
    def data(cls, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
        folder = tmp_path_factory.mktemp("retailrocket")
        file = folder / "events.csv"
        file.write_text(RETAIL_ROCKET)
        report = import_report(file, "retailrocket", folder / "data")
        assert (report["rows"], report["events"], report["refused"]) == (7, 6, 0)
        return folder / "data"

    @pytest.mark.parametrize(
        ("metric", "expected"),
        [
            ("events", {"2015-06-02": 5, "2015-06-03": 1}),
            ("product_views", {"2015-06-02": 3}),
            ("adds_to_cart", {"2015-06-02": 1}),
            ("orders", {"2015-06-02": 1, "2015-06-03": 1}),
            ("units_sold", {"2015-06-02": 2, "2015-06-03": 1}),
            ("visitors", {"2015-06-02": 3}),
        ],
    )
    def test_rows_of_one_transaction_are_one_order(self, data, metric, expected):
        assert daily(metric, data, "--from", "2015-06-01", "--to", "2015-06-05") == expected


class TestOnlineRetail:
    FILE = "orders_online_retail/online_retail_2010-12-01_2011-08-31.csv.zst"
    PERIOD = ("--from", "2010-12-01", "--to", "2011-09-01")

    @pytest.fixture(scope="class")
    @classmethod
    def invoices(cls) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
        for row in csv.DictReader(unpacked(data_set(cls.FILE)).splitlines()):
            found[row["InvoiceNo"]].append(row)
        return found

    @pytest.fixture(scope="class")
    @classmethod
    def data(cls, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
        data = tmp_path_factory.mktemp("retail") / "data"
        report = import_report(data_set(cls.FILE), "online-retail", data)
        golden = json.loads(data_set("orders_online_retail/golden_totals.json").read_text())
        assert (report["rows"], report["events"], report["refused"]) == (golden["rows"], golden["invoices"], 0)
        return data

    def values(self, data: pathlib.Path) -> dict[str, dict[str, Any]]:
        return {name: daily(name, data, *self.PERIOD) for name in ("net_revenue", "orders", "refunds", "units_sold", "events")}

    def test_cancelled_invoices_are_refunds_of_their_day(self, data, invoices):
        expected: dict[str, Decimal] = collections.defaultdict(Decimal)
        for number, rows in invoices.items():
            if number.startswith("C"):
                worth = sum(Decimal(row["Quantity"]) * round(Decimal(row["UnitPrice"]), 3) for row in rows)
                expected[rows[0]["InvoiceDate"][:10]] -= worth
        assert {day: Decimal(value) for day, value in daily("refunds", data, *self.PERIOD).items()} == expected

    def test_the_number_of_invoices_is_that_of_orders_refunds_and_write_offs(self, data, invoices):
        golden = json.loads(data_set("orders_online_retail/golden_totals.json").read_text())
        rows = query("events", data, "--grain", "1d", "--by", "event", "--total", *self.PERIOD)
        events = {row["dims"]["event"]: row["value"] for row in rows}
        assert events["Order Refunded"] == golden["cancelled_invoices"]
        assert sum(events.values()) == golden["invoices"] == len(invoices)

    def test_the_file_imported_again_changes_nothing(self, data):
        before = self.values(data)
        import_report(data_set(self.FILE), "online-retail", data)
        assert self.values(data) == before

    def test_history_is_kept_by_the_day_only(self, data):
        for grain, until in (("1h", "2011-09-01"), ("1m", "2010-12-07")):
            assert query("orders", data, "--grain", grain, "--from", "2010-12-01", "--to", until) == []
