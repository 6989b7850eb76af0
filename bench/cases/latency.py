#!/usr/bin/env python3
"""How long from "accepted over HTTP" to "in the API's answer", under load.

    latency.py [--seconds N] [--loads 25,50,75] [--capacity EVENTS_PER_SECOND] [--servers DIR] [--lock FILE] [SETTING=VALUE…]

Starts ByteBasket on the embedded engines, or with --servers on the Kafka and Cassandra that `deploy/local/servers.py start
--folder DIR` has started. The mock shop sends at a share of the capacity, in batches of 50, its events happening now.
Capacity is what this machine takes with the shop on it: events over the time until the last one can be asked for.
Every 100 ms, whatever the server does, an order and a product view are sent by clients of their own and asked for every
few milliseconds: /api/v1/transactions/{id}, /api/v1/sessions/{visitor}. The time runs from the answer 200 to the first
answer that has them.
"""

import argparse
import contextlib
import dataclasses
import datetime
import http.client
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy/local"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "peers"))

from measured import alone

from faults.server import Server, binary

PERIOD = 0.1
POLL = 0.004
GIVE_UP = 30.0
CLIENTS = 12  # of each kind of probe: none may wait for an earlier one


class Client:
    """A connection that is kept."""

    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP)

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "Authorization": "Bearer demo"} if body else {}
        self.connection.request(method, path, body=json.dumps(body).encode() if body else None, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.read()


def order(name: str) -> dict:
    line = {"product_id": "probe", "category": "Probe", "price": 1.5, "quantity": 2}
    return {"event": "Order Completed", "properties": {"order_id": name, "revenue": 3, "currency": "EUR", "products": [line]}}


def view(_: str) -> dict:
    return {"event": "Product Viewed", "properties": {"product_id": "probe", "category": "Probe"}}


def order_is_there(client: Client, name: str) -> bool:
    return client.ask("GET", f"/api/v1/transactions/{name}")[0] == 200


def session_is_there(client: Client, name: str) -> bool:
    status, body = client.ask("GET", f"/api/v1/sessions/{name}")
    return status == 200 and bool(json.loads(body)["sessions"])


KINDS = {"order": (order, order_is_there), "session": (view, session_is_there)}


@dataclasses.dataclass
class Times:
    """Seconds: until the 200, and from there until it was seen."""

    accepted: list[float] = dataclasses.field(default_factory=list)
    seen: list[float] = dataclasses.field(default_factory=list)


def probe(client: Client, kind: str, times: Times) -> None:
    event, is_there = KINDS[kind]
    name = f"probe-{uuid.uuid4()}"
    begun = time.monotonic()
    status, body = client.ask("POST", "/v1/track", {"anonymousId": name, **event(name)})
    accepted = time.monotonic()
    if status != 200:
        raise RuntimeError(f"a probe was answered {status}: {body[:300]!r}")
    while not is_there(client, name):
        if time.monotonic() - accepted > GIVE_UP:
            raise TimeoutError(f"{name} was not seen within {GIVE_UP:g} s")
        time.sleep(POLL)
    times.accepted.append(accepted - begun)
    times.seen.append(time.monotonic() - accepted)


def probe_for(port: int, seconds: float) -> dict[str, Times]:
    """Probes of all kinds by the clock."""
    times = {kind: Times() for kind in KINDS}
    problems: list[BaseException] = []
    begun = time.monotonic()
    count = int(seconds / PERIOD)

    def work(kind: str, first: int) -> None:
        try:
            client = Client(port)
            for number in range(first, count, CLIENTS):
                time.sleep(max(0.0, begun + number * PERIOD - time.monotonic()))
                probe(client, kind, times[kind])
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=item) for item in itertools.product(KINDS, range(CLIENTS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return times


@contextlib.contextmanager
def shop(port: int, events: int, rate: float) -> Iterator[subprocess.Popen]:
    """The mock shop at `rate` events a second (0: as fast as it can), its clock going as fast as ours."""
    start = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    visits = str(int((rate or 20_000) * 86_400 / 5))
    command = [str(binary()), "generate", "--seed", str(time.time_ns() % 2**32), "--events", str(events), "--start", start]
    command += ["--visits-per-day", visits, "--rate", f"{rate:g}", "--to", f"http://127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def capacity(port: int, events: int) -> float:
    """Events a second, until the last can be asked for: an order, and sessions in every partition."""
    begun = time.monotonic()
    with shop(port, events, 0) as process:
        process.wait()
    client = Client(port)
    for kind, times in (("order", 1), ("session", 16)):
        for _ in range(times):
            probe(client, kind, Times())
    return events / (time.monotonic() - begun)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def print_load(percent: float, rate: float, times: dict[str, Times], cores: dict[str, float]) -> None:
    used = ", ".join(f"{name} {value:.2f}" for name, value in cores.items())
    for kind, measured in times.items():
        seen, accepted = measured.seen, measured.accepted
        figures = [percentile(seen, 0.5), percentile(seen, 0.99), max(seen), percentile(accepted, 0.5), percentile(accepted, 0.99)]
        cells = " | ".join(f"{figure * 1e3:.0f}" for figure in figures)
        print(f"| {percent:g} % | {rate:.0f} | {kind} | {len(seen)} | {cells} | {used} |", flush=True)


@contextlib.contextmanager
def server(servers: pathlib.Path | None, folder: pathlib.Path, settings: dict[str, str]) -> Iterator[tuple[Server, dict[str, int]]]:
    """A ByteBasket that is ready, and the processes whose CPU time counts."""
    if servers is None:
        started = Server(folder, settings)
        processes = {}
    else:
        os.environ["BYTEBASKET_TEST_SERVERS"] = str(servers / "servers.env")
        from services.installation import Installation

        started = Installation(folder, settings).process("collect,process,serve")
        processes = {file.stem: int(file.read_text()) for file in sorted(servers.glob("*.pid"))}
    started.start_and_wait()
    try:
        yield started, {"bytebasket": started.process.pid, **processes}
    finally:
        started.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "settings", nargs="*", metavar="SETTING=VALUE", help="as in the configuration, for instance processing.flush_interval=1s"
    )
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--loads", default="25,50,75")
    parser.add_argument("--capacity", type=float, help="events a second; measured where it is not given")
    parser.add_argument("--events", type=int, default=400_000, help="to measure the capacity with")
    parser.add_argument("--servers", type=pathlib.Path, help="the folder of running servers")
    parser.add_argument("--lock", type=pathlib.Path, help="a file to lock while it measures")
    arguments = parser.parse_args()
    os.environ.setdefault("BYTEBASKET_BINARY", str(pathlib.Path(__file__).resolve().parents[2] / "build/release/bytebasket"))
    settings = dict(setting.split("=", 1) for setting in arguments.settings)
    with tempfile.TemporaryDirectory(prefix="bench_latency.") as folder:
        with server(arguments.servers, pathlib.Path(folder), settings) as (started, processes):
            most = arguments.capacity
            if not most:
                with alone(arguments.lock):
                    most = capacity(started.port, arguments.events)
            print(f"capacity {most:.0f} events/s\n")
            print("| load | events/s | probe | probes | seen: p50 ms | p99 | max | accepted: p50 ms | p99 | cores in use |")
            print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
            for percent in map(float, arguments.loads.split(",")):
                rate = most * percent / 100
                with alone(arguments.lock), shop(started.port, int(rate * (arguments.seconds + 60)), rate):
                    time.sleep(3)  # until the load is even
                    before = {name: cpu_seconds(pid) for name, pid in processes.items()}
                    begun = time.monotonic()
                    times = probe_for(started.port, arguments.seconds)
                    took = time.monotonic() - begun
                    cores = {name: (cpu_seconds(pid) - before[name]) / took for name, pid in processes.items()}
                print_load(percent, rate, times, cores)


if __name__ == "__main__":
    main()
