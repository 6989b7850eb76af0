#!/usr/bin/env python3
"""The same work by ByteBasket and by others, in one run, from the same file of events.

    run.py [--question revenue|sessions|canonical] [--events N] [--repeat N] [--lock FILE] [ENGINE...]

revenue     of completed orders, by minute, category and currency; the other events are read and passed over
sessions    by the hour they began in, with 30 minutes' pause between them; nearly every event counts
canonical   revenue from events as they stand in ByteBasket's streams (and so in Kafka)

A message id counts once, as it was received first; canonical events do not say when that was: there the earliest counts.
The events are the mock shop's, as Segment JSON lines, without Order Updated: that an order may be restated is a rule of
ByteBasket's that the others would have to learn. The rows of all must be the same, byte for byte, else this ends with 1
and says where they differ. Each engine works once on a thousand events as well: that is what it costs to start.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile

from engines import QUESTIONS, ROOT, Engine, all_engines
from measured import Cost, alone, run

VISITS_PER_EVENT = 0.2  # the events are those of about a day
LEFT_OUT = b'"event":"Order Updated"'
# In folders of their own: Jet asks for all files of a folder.
ALL = "all/events.jsonl"
FEW = "few/events.jsonl"
FIRST = 1000  # of them are the few


def make_events(binary: pathlib.Path, count: int, file: pathlib.Path, few: pathlib.Path) -> None:
    """Writes the events into `file` and the first of them into `few`."""
    command = [binary, "generate", "--seed", "7", "--events", str(count), "--visits-per-day", str(max(1, round(VISITS_PER_EVENT * count)))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with file.open("wb") as all_of_them, few.open("wb") as first:
        for number, line in enumerate(line for line in process.stdout if LEFT_OUT not in line):
            all_of_them.write(line)
            if number < FIRST:
                first.write(line)
    if process.wait() != 0:
        raise SystemExit("bytebasket generate failed")


def rewrite(binary: pathlib.Path, file: pathlib.Path) -> None:
    """Makes the events canonical."""
    plain = file.with_suffix(".segment")
    file.rename(plain)
    run([binary, "rewrite", plain], file)
    plain.unlink()


def sorted_rows(file: pathlib.Path) -> list[str]:
    head, *rows = file.read_text().splitlines()
    return [head, *sorted(rows)]


def compare(name: str, found: list[str], expected: list[str]) -> None:
    if found == expected:
        return
    odd = sorted(set(found) ^ set(expected))[:5]
    raise SystemExit(f"{name} finds other rows ({len(found)} against {len(expected)}), for instance:\n" + "\n".join(odd))


def print_line(engine: Engine, start: Cost, costs: list[Cost], events: int, base: float | None) -> float:
    """One line of the table. Returns the CPU time of an event beyond the start, in the middle of the runs."""
    cpu = sorted(cost.cpu for cost in costs)
    middle = statistics.median(cpu)
    each = max(middle - start.cpu, 0) / events * 1e6
    wall = sorted(cost.wall for cost in costs)
    seconds = [start.cpu, cpu[0], middle, wall[0], statistics.median(wall), middle / events * 1e6, each]
    figures = " | ".join(f"{figure:.2f}" for figure in seconds)
    print(f"| {engine.name} | {engine.threads} | {figures} | {each / base if base else 1:.1f} |")
    return each


def ask_all(question: str, engines: list[Engine], folder: pathlib.Path, arguments: argparse.Namespace) -> None:
    """One table, or the end where two engines differ. The engines take turns, so that what else the machine does hits all alike."""
    rows = folder / "rows.csv"
    costs: list[list[Cost]] = [[] for _ in engines]
    expected: list[str] = []
    with alone(arguments.lock):
        starts = [engine.work(question, folder / FEW, rows) for engine in engines]
        for _ in range(arguments.repeat):
            for engine, its_costs in zip(engines, costs, strict=True):
                its_costs.append(engine.work(question, folder / ALL, rows))
                found = sorted_rows(rows)
                expected = expected or found
                compare(engine.name, found, expected)
    print(f"\n{question}\n")
    print("| | threads | start: CPU s | CPU s, best | median | wall s, best | median | CPU µs an event | beyond the start | ratio |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    base: float | None = None
    for engine, start, its_costs in zip(engines, starts, costs, strict=True):
        each = print_line(engine, start, its_costs, arguments.events, base)
        base = base or each
    print(f"\n{len(expected) - 1} rows, the same from all of them", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help="metric, product, duckdb1, duckdb2, jet, spark, flink; all without")
    parser.add_argument("--question", choices=QUESTIONS, help="all without")
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--repeat", type=int, default=5, help="rounds, in which each works once")
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / "build/release", help="a release build with its benchmarks")
    parser.add_argument("--lock", type=pathlib.Path, help="a file to lock while a question is asked")
    arguments = parser.parse_args()
    engines = all_engines(arguments.binaries, arguments.engines)
    with tempfile.TemporaryDirectory(prefix="bench_peers.") as name:
        folder = pathlib.Path(name)
        for file in (ALL, FEW):
            (folder / file).parent.mkdir()
        make_events(arguments.binaries / "bytebasket", arguments.events, folder / ALL, folder / FEW)
        print(f"{arguments.events} events, {(folder / ALL).stat().st_size / 1e6:.0f} MB", flush=True)
        for question in [arguments.question] if arguments.question else QUESTIONS:
            if question == "canonical":
                for file in (ALL, FEW):
                    rewrite(arguments.binaries / "bench/bench_one_metric", folder / file)
            ask_all(question, [engine for engine in engines if question in engine.questions], folder, arguments)


if __name__ == "__main__":
    sys.exit(main())
