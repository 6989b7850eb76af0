"""The lake of an embedded log, read in place by DuckDB and pandas."""

import collections
import json
import pathlib
import shutil
from decimal import Decimal

import duckdb
import pandas
import pytest

from faults.server import Server, request, wait_until
from scenarios.command import query, run, succeed

EVENTS = 30_000
LAKE = {"BYTEBASKET_LAKE__ENGINE": "local"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with a mock shop's events, processed and archived."""
    folder = tmp_path_factory.mktemp("lake")
    succeed("generate", "--seed", 7, "--events", EVENTS, "--to", folder / "shop.jsonl")
    succeed("import", folder / "shop.jsonl", "--format", "segment", "--data", folder / "data")
    assert "records archived" in succeed("lake", "archive", "--data", folder / "data", environment=LAKE)
    return folder / "data"


STREAMS = {"activity": "user-activity", "transactions": "transactions"}


def files(server: Server, stream: str) -> list[pathlib.Path]:
    return list((server.data / "lake" / STREAMS[stream]).rglob("*.parquet"))


def rows(data: pathlib.Path, sql: str) -> list[tuple]:
    """`sql` over the tables `activity` and `transactions`, read from the files."""
    connection = duckdb.connect()
    for name, stream in STREAMS.items():
        pattern = data / "lake" / stream / "**" / "*.parquet"
        connection.sql(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{pattern}', hive_partitioning = true)")
    return connection.sql(sql).fetchall()


def sent(data: pathlib.Path) -> list[dict]:
    return [json.loads(line) for line in (data.parent / "shop.jsonl").read_text().splitlines()]


def test_every_event_that_was_sent_stands_in_it_once(data: pathlib.Path):
    messages = rows(
        data,
        "SELECT message_id FROM (SELECT * FROM activity UNION ALL BY NAME SELECT * FROM transactions)"
        " WHERE record = 'event' AND event IS DISTINCT FROM 'Order Marked'",
    )
    assert collections.Counter(message for (message,) in messages) == collections.Counter(event["messageId"] for event in sent(data))


def test_offsets_are_without_gaps_and_files_say_what_they_hold(data: pathlib.Path):
    for stream in ("activity", "transactions"):
        for first, last, count, distinct in rows(
            data, f'SELECT min("offset"), max("offset"), count(*), count(DISTINCT "offset") FROM {stream} GROUP BY partition'
        ):
            assert (first, last + 1, count) == (0, count, distinct)
    listed = [json.loads(line) for line in succeed("lake", "ls", "--data", data, "--format", "json", environment=LAKE).splitlines()]
    assert sum(file["rows"] for file in listed) == rows(data, "SELECT count(*) FROM activity")[0][0]
    for file in listed:
        assert (data / "lake" / file["path"]).stat().st_size == file["bytes"]


def test_duckdb_counts_what_the_api_answers(data: pathlib.Path):
    counted = rows(
        data,
        "SELECT event, count(DISTINCT message_id) FROM (SELECT * FROM activity UNION ALL BY NAME SELECT * FROM transactions)"
        " WHERE type = 'track' AND event <> 'Order Marked' GROUP BY event",
    )
    answered = query(
        "events", data, "--grain", "1d", "--from", "2025-12-01", "--to", "2027-01-01", "--by", "event", "--total", "--limit", 1000
    )
    assert counted
    assert dict(counted).items() <= {row["dims"]["event"]: int(row["value"]) for row in answered}.items()


def test_duckdb_sums_the_money_that_was_sent(data: pathlib.Path):
    revenue: dict[str, Decimal] = collections.defaultdict(Decimal)
    pieces = 0
    for event in sent(data):
        if event.get("event") == "Order Completed":
            order = event["properties"]
            revenue[order["currency"]] += Decimal(str(order["revenue"]))
            pieces += sum(line["quantity"] for line in order["products"])
    orders = "FROM transactions WHERE event = 'Order Completed'"
    assert dict(rows(data, f"SELECT currency, sum(revenue) {orders} GROUP BY currency")) == revenue
    assert rows(data, f"SELECT sum(line.quantity) FROM (SELECT unnest(lines) AS line {orders})") == [(pieces,)]


def test_pandas_reads_the_same(data: pathlib.Path):
    frame = pandas.concat(pandas.read_parquet(file) for file in sorted((data / "lake").rglob("*.parquet")))
    assert len(frame) == sum(rows(data, f"SELECT count(*) FROM {stream}")[0][0] for stream in ("activity", "transactions"))
    orders = frame[frame["event"] == "Order Completed"]
    (expected,) = rows(data, "SELECT sum(total) FROM transactions WHERE event = 'Order Completed'")
    assert sum(orders["total"]) == expected[0]
    assert str(frame["event_time"].dt.tz) == "UTC"
    viewed = frame[frame["event"] == "Product Viewed"].iloc[0]
    assert json.loads(viewed["properties"])["product_id"] == viewed["lines"][0]["product_id"]


def test_rows_of_a_file_are_sorted_by_visitor_and_time(data: pathlib.Path):
    for file in (data / "lake").rglob("*.parquet"):
        found = duckdb.sql(f"SELECT visitor, event_time FROM read_parquet('{file}') WHERE visitor IS NOT NULL").fetchall()
        assert found == sorted(found)


def test_the_log_keeps_what_is_not_archived(tmp_path: pathlib.Path):
    succeed("generate", "--seed", 8, "--events", 20_000, "--to", tmp_path / "shop.jsonl")
    succeed("import", tmp_path / "shop.jsonl", "--format", "segment", "--data", tmp_path / "data")
    small = {"BYTEBASKET_STREAMS__RETENTION_BYTES": "1MiB"} | LAKE
    assert succeed("retention", "--data", tmp_path / "data", environment=small).startswith("0 records")
    succeed("lake", "archive", "--data", tmp_path / "data", environment=LAKE)
    removed = succeed("retention", "--data", tmp_path / "data", environment=small)
    assert int(removed.split()[0]) > 1000
    # What is gone from the log is not archived again.
    assert succeed("lake", "archive", "--data", tmp_path / "data", environment=LAKE).startswith("0 records")


def test_a_running_server_archives_what_it_takes(tmp_path: pathlib.Path):
    server = Server(tmp_path, settings={"lake.engine": "local", "lake.file_age": "1s"})
    server.start_and_wait()
    try:
        for i in range(50):
            body = json.dumps({"anonymousId": f"v{i}", "event": "Odd Thing", "messageId": f"m{i}", "properties": {"i": i}})
            assert request(server.port, "POST", "/v1/track", body).status == 200
        wait_until(lambda: all(files(server, stream) for stream in STREAMS), "files of both streams")
        odd_things = "SELECT count(*) FROM activity WHERE event = 'Odd Thing'"
        wait_until(lambda: rows(server.data, odd_things) == [(50,)], "the events in the lake")
        metrics = request(server.port, "GET", "/metrics").body.decode()
        assert 'bytebasket_archive_records_total{stream="transactions",partition="0"}' in metrics
        stages = request(server.port, "GET", "/api/v1/status").json()["stages"]
        assert {"archive"} <= {stage["name"] for stage in stages if stage["state"] == "ok"}
    finally:
        server.stop()


def test_what_the_log_no_longer_has_is_verified_and_rebuilt_from_the_lake(data: pathlib.Path, tmp_path: pathlib.Path):
    shorter = pathlib.Path(shutil.copytree(data, tmp_path / "data"))
    removed = succeed("retention", "--data", shorter, environment={**LAKE, "BYTEBASKET_STREAMS__RETENTION_BYTES": "1MiB"})
    assert not removed.startswith("0 records")
    without = json.loads(run("verify", "--data", shorter, "--format", "json").stdout)
    whole = json.loads(succeed("verify", "--data", shorter, "--format", "json", environment=LAKE))
    assert whole["passed"]
    events = [sum(partition["events"] for partition in report["partitions"]) for report in (without, whole)]
    assert events[0] < events[1] >= EVENTS
    succeed("rebuild", "--data", shorter, environment=LAKE)
    assert json.loads(succeed("verify", "--data", shorter, "--format", "json", environment=LAKE))["passed"]
