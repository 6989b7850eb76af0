"""The files of a lake, in a folder or in HDFS, and the rows in them."""

import collections
import json
import pathlib
import urllib.parse
import urllib.request
from collections.abc import Iterator

import duckdb

# What is each log's own: its clock, and places in it.
OWN_COLUMNS = ("append_time", "received_at", "offset")


def ask(name_node: str, path: str, operation: str):
    """An answer of WebHDFS, not yet read; it follows the way to the DataNode."""
    return urllib.request.urlopen(f"{name_node}/webhdfs/v1{urllib.parse.quote(path)}?op={operation}&user.name=bytebasket", timeout=60)


def hdfs_files(name_node: str, folder: str) -> Iterator[str]:
    """Every Parquet file below the folder, by its path from there."""
    with ask(name_node, folder, "LISTSTATUS") as answer:
        entries = json.load(answer)["FileStatuses"]["FileStatus"]
    for entry in entries:
        name = entry["pathSuffix"]
        if entry["type"] == "DIRECTORY" and not name.startswith("."):
            yield from (f"{name}/{file}" for file in hdfs_files(name_node, f"{folder}/{name}"))
        elif name.endswith(".parquet"):
            yield name


def fetch(name_node: str, folder: str, target: pathlib.Path) -> pathlib.Path:
    """Copies a lake in HDFS, so that it can be read as a folder."""
    for file in hdfs_files(name_node, folder):
        copy = target / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        with ask(name_node, f"{folder}/{file}", "OPEN") as answer:
            copy.write_bytes(answer.read())
    return target


def select(lake: pathlib.Path, stream: str, sql: str) -> list[tuple]:
    """`sql` with the files of a stream, all of them, in the place of `{rows}`."""
    files = f"read_parquet('{lake}/{stream}/**/*.parquet', hive_partitioning = false)"
    return duckdb.sql(sql.format(rows=files)).fetchall()


def rows_but_for_own(lake: pathlib.Path, stream: str) -> collections.Counter:
    """How often each row is there, as text, without the columns that are each log's own."""
    left_out = ", ".join(f'"{name}"' for name in OWN_COLUMNS)
    return collections.Counter(select(lake, stream, f"SELECT rows::VARCHAR FROM (SELECT * EXCLUDE ({left_out}) FROM {{rows}}) AS rows"))


def assert_each_offset_once(lake: pathlib.Path, stream: str) -> None:
    """No record is missing before the last, and none is there twice, whichever file it stands in."""
    found = select(
        lake, stream, 'SELECT partition, min("offset"), max("offset") + 1, count(*), count(DISTINCT "offset") FROM {rows} GROUP BY 1'
    )
    assert found
    for partition, first, end, rows, distinct in found:
        assert (first, rows, distinct) == (0, end, end), (
            f"{stream}, partition {partition}: {rows} rows of {distinct} offsets from {first} to {end}"
        )


def message_ids(lake: pathlib.Path) -> set[str]:
    ids = (
        select(lake, stream, "SELECT DISTINCT message_id FROM {rows} WHERE record = 'event'")
        for stream in ("user-activity", "transactions")
    )
    return {message for found in ids for (message,) in found}
