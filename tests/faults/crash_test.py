"""Kills a real process again and again while a shop's traffic comes in, and holds every answer against the oracle."""

import dataclasses
import os
import pathlib
import random
import subprocess

import pytest

from faults.comparison import compare_everything, readable, wait_until_caught_up
from faults.drop_unsynced import drop_unsynced
from faults.sent_traffic import SentTraffic
from faults.server import PATIENCE, Server, binary
from oracle.events import distinct_events

SEED = int(os.environ.get("BYTEBASKET_CRASH_SEED", "20260101"))
KILLS = int(os.environ.get("BYTEBASKET_KILLS", "30"))

LOG_POINTS = ["log.before_commit", "log.after_commit"]
ATOMIC_POINTS = [*LOG_POINTS, "flush.before_intent", "flush.after_offset"]
STEPWISE_POINTS = [
    *LOG_POINTS,
    "flush.before_intent",
    "flush.after_intent",
    "flush.between_levels",
    "tables.between_writes",
    "flush.before_offset",
    "flush.after_offset",
]


@dataclasses.dataclass
class Mode:
    """A way to write flushes, the points to die at, and whether the power goes with the process."""

    name: str
    atomic: bool
    points: list[str]
    power_cut: bool = False

    def settings(self) -> dict[str, str]:
        """Small memory, so that rows are let go of and loaded again; many flushes."""
        return {
            "processing.atomic_flush": "true" if self.atomic else "false",
            "processing.flush_interval": "20ms",
            "processing.memory": "1MiB",
            "processing.max_batch": "50",
        }


MODES = [
    Mode("atomic flushes", True, ATOMIC_POINTS),
    Mode("flushes level by level", False, STEPWISE_POINTS),
    Mode("power cuts, atomic flushes", True, ATOMIC_POINTS, power_cut=True),
    Mode("power cuts, flushes level by level", False, STEPWISE_POINTS, power_cut=True),
]


class Campaign:
    """One data folder, its senders, and a series of violent deaths."""

    def __init__(self, folder: pathlib.Path, mode: Mode, seed: int):
        self.random = random.Random(seed)
        self.mode = mode
        self.journal = folder / "journal"
        self.server = Server(folder, mode.settings(), self.watching(folder) if mode.power_cut else {})
        self.traffic = SentTraffic(folder, self.server, seed, shares=KILLS)
        self.reached: dict[str, int] = {}

    def watching(self, folder: pathlib.Path) -> dict[str, str]:
        """What has every fsync noted (fsync_shim.c)."""
        if "BYTEBASKET_FSYNC_SHIM" not in os.environ:
            pytest.skip("BYTEBASKET_FSYNC_SHIM does not name the library that notes fsyncs: run it through ctest")
        return {
            "LD_PRELOAD": os.environ["BYTEBASKET_FSYNC_SHIM"],
            "BYTEBASKET_SYNC_FOLDER": str(folder / "data"),
            "BYTEBASKET_SYNC_JOURNAL": str(self.journal),
        }

    def cut_power(self) -> None:
        """Every other time files are torn: they keep a part of what was not fsynced."""
        if self.mode.power_cut and self.journal.exists():
            drop_unsynced(self.journal, self.random.randrange(1000) if self.random.random() < 0.5 else None)

    def run(self) -> None:
        self.traffic.start()
        for kill in range(KILLS):
            self.traffic.send_share()
            if kill % 2:
                self.die_at_random()
            else:
                self.die_at(self.mode.points[kill // 2 % len(self.mode.points)])
            self.cut_power()
        self.server.start_and_wait()
        self.traffic.finish()

    def die_at_random(self) -> None:
        """At any moment: while it starts, recovers, takes in or flushes."""
        self.server.start()
        self.server.wait_for_death(self.random.uniform(0.02, 0.6))
        self.server.kill()

    def die_at(self, point: str) -> None:
        """Where the code passes `point`: the first time, which is certain to come, and later up to the third, which may not
        come, for that depends on how much goes into one flush: what does not pass it is killed after a while."""
        again = point in self.reached
        self.server.start({"BYTEBASKET_CRASH_AT": f"{point}:{self.random.randint(1, 3) if again else 1}"})
        if self.server.wait_for_death(3.0 if again else PATIENCE):
            self.reached[point] = self.reached.get(point, 0) + 1
        else:
            self.server.kill()


def verify(server: Server) -> subprocess.CompletedProcess:
    """Computes every row again from the log and compares it with the tables, as they lie there."""
    return subprocess.run(
        [str(binary()), "verify", "--data", str(server.data)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={
            **os.environ,
            **{name: value for name, value in server.environment.items() if not name.startswith(("LD_", "BYTEBASKET_SYNC"))},
        },
    )


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_nothing_acknowledged_is_lost_or_counted_twice(mode: Mode, tmp_path: pathlib.Path):
    campaign = Campaign(tmp_path, mode, SEED)
    try:
        campaign.run()
        requests = campaign.traffic.acknowledged.requests
        print(f"{KILLS} kills; points reached: {campaign.reached}; {len(requests)} requests acknowledged")
        assert set(campaign.reached) == set(mode.points), "some points of the code were never reached"
        campaign.traffic.assert_equals_the_oracle()
        # Not stopped but killed once more: what a flush that was cut off left is right too, row by row.
        campaign.server.kill()
        verified = verify(campaign.server)
        assert verified.returncode == 0, verified.stdout[-4000:] + verified.stderr[-1000:]
    finally:
        campaign.traffic.stop()
        campaign.server.kill()


@pytest.fixture(scope="module")
def quiet_run(tmp_path_factory: pytest.TempPathFactory):
    """A server that took in some traffic undisturbed, and what was acknowledged."""
    folder = tmp_path_factory.mktemp("quiet")
    server = Server(folder, MODES[0].settings())
    server.start_and_wait()
    sent = SentTraffic(folder, server, SEED + 1, shares=1, visitors=40)
    sent.start()
    sent.finish()
    wait_until_caught_up(server)
    yield server, sent.acknowledged.requests
    server.kill()


def test_an_undisturbed_run_equals_the_oracle(quiet_run):
    server, requests = quiet_run
    found = compare_everything(server, distinct_events(requests))
    assert not found, readable(found)


def test_the_comparison_sees_a_lost_event(quiet_run):
    """As if the server had taken in one event less than it acknowledged."""
    server, requests = quiet_run
    events = distinct_events(requests)
    extra = dataclasses.replace(events[0], message_id="acknowledged-but-lost", time=events[0].time + 1)
    assert compare_everything(server, [*events, extra])


def test_the_comparison_sees_an_event_counted_twice(quiet_run):
    """As if the server had counted one event more than it acknowledged."""
    server, requests = quiet_run
    events = distinct_events(requests)
    assert compare_everything(server, events[1:])


def test_the_comparison_sees_an_order_counted_twice(quiet_run):
    server, requests = quiet_run
    events = distinct_events(requests)
    order = next(event for event in events if event.name == "Order Completed")
    assert compare_everything(server, [event for event in events if event is not order])
