"""Metrics that a shop declares for itself, activated on a folder that has a past: counted from then on, as counted here."""

import collections
import json
import pathlib
from decimal import Decimal
from typing import Any

import pytest

from faults.server import ROOT
from scenarios.command import CONFIGURATION, query, run, succeed

OWN = """
  - name: big_baskets
    help: Carts' products of at least two pieces with a known name, by the shop's own property.
    from: events
    where: event = "Product Added" and properties.quantity >= 2 and not properties.name = ""
    aggregate: count
    dimensions: [country]
    grains: [1d]

  - name: search_texts
    help: Different texts that were searched for.
    from: events
    where: event = "Products Searched"
    value: properties.query
    aggregate: distinct
    grains: [1d]

  - name: median_price_seen
    help: The price that half of the products looked at stay below.
    from: lines
    where: event = "Product Viewed"
    value: price
    aggregate: quantile
    quantile: 0.5
    grains: [1d]

  - name: prices_added
    help: Prices of products put into carts.
    from: lines
    where: event = "Product Added"
    value: price
    aggregate: histogram
    bounds: [10, 50, 200]
    grains: [1d]
"""
PERIOD = ("--grain", "1d", "--from", "2025-12-25", "--to", "2026-01-15")
BOUNDS = [Decimal(10), Decimal(50), Decimal(200), None]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[pathlib.Path, dict[str, str], list[dict[str, Any]]]:
    """A folder that took in half of a file with the built-in metrics and half with the shop's own; that second half, once each."""
    folder = tmp_path_factory.mktemp("own")
    lines = succeed("generate", "--seed", 5, "--events", 40_000, "--to", "-").splitlines(keepends=True)
    halves = {"first": lines[:20_000], "second": lines[20_000:]}
    for name, half in halves.items():
        (folder / f"{name}.jsonl").write_text("".join(half))
    (folder / "metrics.yml").write_text((ROOT / "config/metrics.yml").read_text() + OWN)
    own = {"BYTEBASKET_METRICS__FILE": str(folder / "metrics.yml")}
    succeed("import", folder / "first.jsonl", "--format", "segment", "--data", folder / "data")
    succeed("import", folder / "second.jsonl", "--format", "segment", "--data", folder / "data", environment=own)
    known = {json.loads(line)["messageId"] for line in halves["first"]}
    events = {}
    for line in halves["second"]:
        event = json.loads(line, parse_float=Decimal)
        if event["messageId"] not in known:
            events.setdefault(event["messageId"], event)
    return folder / "data", own, list(events.values())


def total(shop, metric: str, *options: object) -> list[dict[str, Any]]:
    data, own, _ = shop
    return query(metric, data, *PERIOD, "--total", *options, environment=own)


def named(shop, name: str) -> list[dict[str, Any]]:
    return [
        event["properties"] | {"country": event["context"]["location"]["country_code"]} for event in shop[2] if event.get("event") == name
    ]


def test_a_condition_on_a_property_holds_by_dimension(shop):
    expected = collections.Counter(event["country"] for event in named(shop, "Product Added") if event["quantity"] >= 2)
    assert {row["dims"]["country"]: row["value"] for row in total(shop, "big_baskets", "--by", "country")} == expected


def test_different_values_of_a_property_are_counted(shop):
    expected = len({event["query"] for event in named(shop, "Products Searched")})
    (row,) = total(shop, "search_texts")
    assert abs(row["value"] - expected) <= max(1, expected * 0.03)


def test_a_quantile_lies_within_one_in_a_hundred(shop):
    """A price of each currency: amounts of two are never in one number."""
    prices = collections.defaultdict(list)
    for event in named(shop, "Product Viewed"):
        prices[event["currency"]].append(event["price"])
    answered = {row["dims"]["currency"]: Decimal(row["value"]) for row in total(shop, "median_price_seen")}
    assert set(answered) == set(prices)
    for currency, seen in prices.items():
        median = sorted(seen)[(len(seen) - 1) // 2]
        assert abs(answered[currency] - median) <= median * Decimal("0.0101")


def test_a_histogram_has_the_counts_of_its_buckets(shop):
    expected: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for event in named(shop, "Product Added"):
        bound = next(bound for bound in BOUNDS if bound is None or event["price"] < bound)
        expected[event["currency"]][bound] += 1
    for row in total(shop, "prices_added"):
        buckets = {None if part["below"] is None else Decimal(str(part["below"])): part["count"] for part in row["value"]}
        assert buckets == {bound: expected[row["dims"]["currency"]][bound] for bound in BOUNDS}


def test_the_built_in_metrics_go_on_over_both_halves(shop):
    """Their definitions are the same in the shop's own file, so they keep their past."""
    rows = total(shop, "adds_to_cart")
    assert sum(row["value"] for row in rows) > len(named(shop, "Product Added"))


def test_mistakes_in_a_declaration_are_named_with_their_lines(tmp_path):
    file = tmp_path / "metrics.yml"
    file.write_text("metrics:\n  - name: Wrong Name\n    from: events\n    aggregate: mean\n")
    ended = run("validate", environment={"BYTEBASKET_METRICS__FILE": str(file)})
    assert ended.returncode == CONFIGURATION
    for place, what in [("metrics.yml:2", "Wrong Name"), ("metrics.yml:4", "mean")]:
        assert place in ended.stderr
        assert what in ended.stderr
