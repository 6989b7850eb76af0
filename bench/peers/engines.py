"""Whoever does the work: each takes a question and a file of events, leaves the rows as CSV, and says what that cost."""

import csv
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable

from measured import Cost, run

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy/local"))

import maven

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache/peers"
# What Spark and Hazelcast ask of Java 17.
OPENED = {
    "java.base": (
        "java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent",
        "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar",
    ),
    "java.management": ("sun.management",),
    "jdk.management": ("com.sun.management.internal",),
}  # fmt: skip


# `canonical` rewrites the file that the others read, so it is the last.
QUESTIONS = ("revenue", "sessions", "canonical")


@dataclasses.dataclass
class Engine:
    """`work(question, events, rows)` answers the question once."""

    name: str
    threads: int
    work: Callable[[str, pathlib.Path, pathlib.Path], Cost]
    questions: tuple[str, ...] = QUESTIONS


def one_metric(folder: pathlib.Path) -> Engine:
    """Our own code for just this question: nothing is stored."""
    commands = {
        "revenue": [folder / "bench_one_metric", "segment"],
        "canonical": [folder / "bench_one_metric", "canonical"],
        "sessions": [folder / "bench_one_sessions"],
    }
    return Engine("ByteBasket, this metric alone", 1, lambda question, events, rows: run([*commands[question], events], rows))


# What `bytebasket query` is asked, and the columns of the answer's rows.
QUERIES = {
    "revenue": ("revenue", ["--by", "category", "--grain", "1m"], ["category", "currency"]),
    "sessions": ("sessions", ["--grain", "1h"], []),
}


def whole_product(binary: pathlib.Path) -> Engine:
    """What a user does: import, then query. All built-in metrics, sessions, carts and fraud decisions are in it, durably."""
    return Engine(
        "ByteBasket, import and query", 2, lambda question, events, rows: import_and_query(binary, question, events, rows), tuple(QUERIES)
    )


def import_and_query(binary: pathlib.Path, question: str, events: pathlib.Path, rows: pathlib.Path) -> Cost:
    # The events are of the past: their minutes and hours are kept all the same.
    environment = {"BYTEBASKET_RETENTION__METRICS_1M": "forever", "BYTEBASKET_RETENTION__METRICS_1H": "forever"}
    metric, options, dimensions = QUERIES[question]
    options = [*options, "--from", "2025-12-01", "--to", "2026-12-01", "--format", "json"]
    with tempfile.TemporaryDirectory(dir=rows.parent) as folder:
        data = ["--data", folder]
        cost = run([binary, "import", events, "--format", "segment", *data], None, environment)
        answer = rows.with_suffix(".json")
        found: list[dict] = []
        page: list[str] = []
        while True:
            cost += run([binary, "query", metric, *options, *data, *page], answer, environment)
            body = json.loads(answer.read_text())
            found += body["rows"]
            if not body.get("next"):
                break
            page = ["--cursor", body["next"]]
    with rows.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["time", *dimensions, metric])
        writer.writerows([row["time"], *(row["dims"][name] for name in dimensions), row["value"]] for row in found)
    return cost


def duckdb(threads: int) -> Engine:
    command = [sys.executable, HERE / "duckdb_peer.py"]
    return Engine("DuckDB", threads, lambda question, events, rows: run([*command, question, events, rows, threads]))


def java(name: str, folder: str, main: str) -> Engine:
    """A peer of the JVM, from the pom.xml and the classes in its folder."""
    jars = maven.jars(folder, HERE, CACHE)
    classes = CACHE / "classes" / folder
    classes.mkdir(parents=True, exist_ok=True)
    subprocess.run(["javac", "-cp", f"{jars}/*", "-d", str(classes), *map(str, (HERE / folder).glob("*.java"))], check=True)
    logging = HERE / "log4j2.properties"
    command = ["java", "-Xmx2g", f"-Dlog4j2.configurationFile={logging}", f"-Dlog4j.configurationFile={logging}"]
    command += [f"--add-opens={module}/{package}=ALL-UNNAMED" for module, packages in OPENED.items() for package in packages]
    command += ["-cp", f"{classes}:{jars}/*", main]
    return Engine(name, 2, lambda question, events, rows: run([*command, question, events, rows]))


def all_engines(binaries: pathlib.Path, words: list[str]) -> list[Engine]:
    """Those whose keys are among the words; all where there is none."""
    makers: dict[str, Callable[[], Engine]] = {
        "metric": lambda: one_metric(binaries / "bench"),
        "product": lambda: whole_product(binaries / "bytebasket"),
        "duckdb1": lambda: duckdb(1),
        "duckdb2": lambda: duckdb(2),
        "jet": lambda: java("Hazelcast Jet", "jet", "JetPeer"),
        "spark": lambda: java("Apache Spark", "spark", "SparkPeer"),
        "flink": lambda: java("Apache Flink", "flink", "FlinkPeer"),
    }
    unknown = [word for word in words if word not in makers]
    if unknown:
        raise SystemExit(f"no such engine: {', '.join(unknown)}; there are {', '.join(makers)}")
    return [make() for key, make in makers.items() if not words or key in words]
