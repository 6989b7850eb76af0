"""Real data through the command line, against the answers that came with it or follow from the file."""

import collections
import pathlib
import subprocess
from decimal import Decimal

import pytest

from scenarios.command import daily, data_set, query, read_csv, succeed

RETAIL_RANGE = ["--from", "2010-12-01", "--to", "2011-09-01"]


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """UCI Online Retail, imported."""
    data = tmp_path_factory.mktemp("retail") / "data"
    file = data_set("orders_online_retail/online_retail_2010-12-01_2011-08-31.csv.zst")
    succeed("import", file, "--format", "online-retail", "--data", data)
    return data


def golden_days() -> dict[str, dict[str, str]]:
    path = data_set("orders_online_retail/golden_daily.csv")
    return {row["InvoiceDate"]: row for row in read_csv(path.read_text())}


def test_online_retail_net_revenue_equals_the_golden_days_to_the_thousandth(retail):
    expected = {day: Decimal(row["revenue_milli"]) / 1000 for day, row in golden_days().items()}
    answered = {day: Decimal(value) for day, value in daily("net_revenue", retail, *RETAIL_RANGE).items()}
    assert answered == expected


def test_online_retail_orders_are_its_invoices_by_day(retail):
    """All but cancellations (C) and those that only write off stock: no row has a positive quantity."""
    file = data_set("orders_online_retail/online_retail_2010-12-01_2011-08-31.csv.zst")
    text = subprocess.run(["zstd", "-dcq", str(file)], capture_output=True, check=True).stdout.decode()
    days: dict[str, str] = {}
    for row in read_csv(text):
        if not row["InvoiceNo"].startswith("C") and int(row["Quantity"]) > 0:
            days.setdefault(row["InvoiceNo"], row["InvoiceDate"][:10])
    assert daily("orders", retail, *RETAIL_RANGE) == dict(collections.Counter(days.values()))


def test_the_same_file_imported_twice_counts_once(tmp_path: pathlib.Path):
    file = data_set("events_rees46_sample/2019-Oct-sample.csv")
    data = tmp_path / "data"
    for _ in range(2):
        succeed("import", file, "--format", "rees46", "--data", data)
    assert sum(row["value"] for row in query("events", data, "--grain", "1d", "--from", "2019-10-01", "--to", "2019-10-02")) == 1000


def test_an_import_into_a_folder_does_not_wait_for_the_flush_interval(tmp_path: pathlib.Path):
    data = tmp_path / "data"
    succeed("generate", "--seed", 3, "--events", 500, "--to", tmp_path / "shop.jsonl")
    rarely = {"BYTEBASKET_PROCESSING__FLUSH_INTERVAL": "1h"}
    succeed("import", tmp_path / "shop.jsonl", "--format", "segment", "--data", data, environment=rarely)
    assert sum(daily("product_views", data, "--from", "2026-01-01", "--to", "2026-01-03").values()) > 0


@pytest.fixture(scope="module")
def rees46(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    data = tmp_path_factory.mktemp("rees46") / "data"
    succeed("import", data_set("events_rees46_sample/2019-Oct-sample.csv"), "--format", "rees46", "--data", data)
    return data


@pytest.mark.parametrize(
    ("metric", "expected"), [("product_views", 987), ("adds_to_cart", 3), ("orders", 10), ("sessions", 372), ("events", 1000)]
)
def test_rees46_counts_follow_from_the_file(rees46, metric, expected):
    assert daily(metric, rees46, "--from", "2019-10-01", "--to", "2019-10-02") == {"2019-10-01": expected}


@pytest.fixture(scope="module")
def snowplow(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    data = tmp_path_factory.mktemp("snowplow") / "data"
    folder = data_set("events_snowplow_ecommerce/source")
    succeed("import", folder / "snowplow_ecommerce_events.csv", "--format", "snowplow", "--data", data)
    return data


def by_currency(metric: str, data: pathlib.Path) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = collections.defaultdict(Decimal)
    for row in query(metric, data, "--grain", "1d", "--by", "currency", "--from", "2020-01-01", "--to", "2026-01-01", "--limit", 10000):
        totals[row["dims"]["currency"]] += Decimal(row["value"])
    return totals


def test_snowplow_transactions_count_once_and_keep_their_currencies(snowplow):
    assert by_currency("revenue", snowplow) == {"EUR": Decimal("1234863.89"), "USD": Decimal("231231")}
    assert sum(by_currency("orders", snowplow).values()) == 14


def test_snowplow_sessions_are_the_expected_ones(snowplow):
    rows = query("sessions", snowplow, "--grain", "1d", "--from", "2020-01-01", "--to", "2026-01-01", "--limit", 10000)
    assert sum(row["value"] for row in rows) == 63
