"""The same rows, written by others: a lake that bench_archive left, read into memory and written again as Parquet with zstd.

    archive_peers.py LAKE [REPEAT]

pyarrow and DuckDB, one thread each, from columns that are there already: reading records, taking events apart and
sorting, which the archiver does as well, is not in their figures. CPU time, one line of JSON each.
"""

import json
import pathlib
import resource
import sys
import tempfile

import duckdb
import pyarrow
import pyarrow.parquet

# As the archiver writes.
ROW_GROUP = 65_536
IDS = ("key", "message_id", "anonymous_id", "user_id", "session_id", "visitor", "order_id")
NO_DICTIONARY = (*IDS, "offset", "received_at", "event_time", "original_time", "properties", "rest", "raw_key", "raw_value", "raw_detail")
AMOUNTS = ("revenue", "total", "subtotal", "shipping", "tax", "discount", "value")
STATISTICS = ("offset", "append_time", "received_at", "event_time", "original_time", "partition", "visitor", *AMOUNTS)


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def write_with_pyarrow(table: pyarrow.Table, target: pathlib.Path) -> None:
    dictionary = [name for name in table.column_names if name not in NO_DICTIONARY]
    options = {"compression": "zstd", "compression_level": 1, "row_group_size": ROW_GROUP, "store_schema": False}
    pyarrow.parquet.write_table(table, target, use_dictionary=dictionary, write_statistics=list(STATISTICS), **options)


def write_with_duckdb(rows: pyarrow.Table, target: pathlib.Path) -> None:  # DuckDB finds `rows` by its name
    connection = duckdb.connect()
    connection.sql("SET threads = 1")
    connection.sql(
        f"COPY (SELECT * FROM rows) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP})"
    )


def main() -> None:
    lake = pathlib.Path(sys.argv[1])
    repeat = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    pyarrow.set_cpu_count(1)
    table = pyarrow.concat_tables(
        pyarrow.parquet.read_table(file, partitioning=None) for file in sorted(lake.rglob("*.parquet"))
    ).combine_chunks()
    for name, write in (("pyarrow", write_with_pyarrow), ("duckdb", write_with_duckdb)):
        for _ in range(repeat):
            with tempfile.TemporaryDirectory() as folder:
                begun = cpu_seconds()
                write(table, pathlib.Path(folder) / "rows.parquet")
                seconds = cpu_seconds() - begun
                figures = {"case": "archive", "step": name, "rows": len(table), "cpu_seconds": round(seconds, 3)}
                figures["rows_per_second_and_core"] = round(len(table) / seconds)
                figures["mib_written"] = round((pathlib.Path(folder) / "rows.parquet").stat().st_size / (1 << 20), 1)
                print(json.dumps(figures))


if __name__ == "__main__":
    main()
