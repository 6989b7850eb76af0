"""A server that fills a lake is killed at named points and at random ones: each record stands in one file, once."""

import collections
import http.client
import json
import os
import pathlib
import random

import duckdb
import pytest

from faults.server import Server, request, wait_until

KILLS = int(os.environ.get("BYTEBASKET_KILLS", "8"))
SETTINGS = {"lake.engine": "local", "lake.file_age": "1s", "lake.file_rows": "7"}


def message_ids(server: Server) -> collections.Counter:
    files = sorted((server.data / "lake").rglob("e*.parquet"))
    if not files:
        return collections.Counter()
    found = duckdb.sql(f"SELECT message_id FROM read_parquet({[str(file) for file in files]}) WHERE event = 'Odd Thing'").fetchall()
    return collections.Counter(message for (message,) in found)


def check_offsets(server: Server) -> None:
    for stream in ("user-activity", "transactions"):
        pattern = server.data / "lake" / stream / "**" / "*.parquet"
        offsets = 'count(*), count(DISTINCT "offset"), min("offset"), max("offset")'
        rows = duckdb.sql(f"SELECT partition, {offsets} FROM read_parquet('{pattern}') GROUP BY 1")
        for partition, count, distinct, first, last in rows.fetchall():
            assert (count, first, last) == (distinct, 0, count - 1), f"{stream}/{partition}"


@pytest.mark.parametrize("point", ["lake.before_publish", "lake.published", None])
def test_no_record_is_lost_or_doubled(tmp_path: pathlib.Path, point: str | None):
    server = Server(tmp_path, settings=SETTINGS)
    chance = random.Random(20261127)
    acknowledged = []
    for kill in range(KILLS):
        environment = {"BYTEBASKET_CRASH_AT": f"{point}:{chance.randint(1, 6)}"} if point else {}
        server.start(environment)
        wait_until(lambda: server.is_ready() or server.is_dead(), "the server to be ready or killed already")
        for i in range(chance.randint(10, 60)):
            message = f"m-{kill}-{i}"
            body = json.dumps({"anonymousId": f"v{i % 9}", "event": "Odd Thing", "messageId": message, "properties": {"i": i}})
            try:
                if request(server.port, "POST", "/v1/track", body).status == 200:
                    acknowledged.append(message)
            except (OSError, http.client.HTTPException):
                break  # killed at the point
        if point:
            server.wait_for_death(10)
        server.kill()
    server.start_and_wait()
    try:
        wait_until(lambda: message_ids(server).keys() >= set(acknowledged), "every acknowledged event in the lake")
    finally:
        server.stop()
    found = message_ids(server)
    assert found.keys() >= set(acknowledged)
    assert set(found.values()) == {1}
    check_offsets(server)
