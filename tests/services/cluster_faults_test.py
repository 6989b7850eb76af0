"""Kills, pauses and takes away: ByteBasket's processes and the real servers, while a shop's traffic comes in.

After each, every answer equals the oracle, which reads the acknowledged requests alone.
"""

import os
import pathlib
import random
import signal
import time

import pytest
from services.installation import Installation, shared_process

from faults.comparison import get
from faults.sent_traffic import SentTraffic
from faults.server import PATIENCE, Server, wait_until

SEED = int(os.environ.get("BYTEBASKET_CRASH_SEED", "20260401"))
KILLS = int(os.environ.get("BYTEBASKET_CLUSTER_KILLS", "20"))
AWAY_SECONDS = float(os.environ.get("BYTEBASKET_AWAY_SECONDS", "60"))
RECOVERY_SECONDS = float(os.environ.get("BYTEBASKET_RECOVERY_SECONDS", "10"))  # what is promised
MOST_MEMORY_MIB = 768

POINTS = ["flush.before_intent", "flush.after_intent", "flush.between_levels", "flush.before_offset", "flush.after_offset"]
MANY_FLUSHES = {
    "processing.flush_interval": "50ms",
    "processing.memory": "4MiB",
    "processing.max_batch": "50",
}


@pytest.fixture
def installation(tmp_path):
    installed = Installation(tmp_path, MANY_FLUSHES)
    yield installed
    installed.kill()


def sent_through(installation: Installation, server: Server, seed: int, shares: int) -> SentTraffic:
    sent = SentTraffic(installation.folder, server, seed, shares, visitors=120)
    sent.start()
    return sent


def stage(server: Server, name: str) -> dict:
    return next(stage for stage in get(server, "/api/v1/status")["stages"] if stage["name"] == name)


def peak_memory_mib(server: Server) -> float:
    lines = pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def test_kills_in_every_phase_lose_nothing_and_count_nothing_twice(installation):
    chance = random.Random(SEED)
    server = installation.process()
    sent = sent_through(installation, server, SEED, shares=KILLS)
    reached = set()
    try:
        for kill in range(KILLS):
            sent.send_share()
            if kill % 2:
                server.start()
                server.wait_for_death(chance.uniform(0.3, 3.0))
            else:
                point = POINTS[kill // 2 % len(POINTS)]
                # Each is passed once for certain; whether it is three times depends on how much goes into one flush.
                again = point in reached
                server.start({"BYTEBASKET_CRASH_AT": f"{point}:{chance.randint(1, 3) if again else 1}"})
                if server.wait_for_death(20.0 if again else PATIENCE):
                    assert server.process.returncode == -signal.SIGKILL, server.last_messages()
                    reached.add(point)
            server.kill()
        assert reached == set(POINTS), "some points of the code were never reached"
        server.start_and_wait()
        sent.finish()
        sent.assert_comes_to_equal_the_oracle()
    finally:
        sent.stop()


def away(installation: Installation, names: list[str], stages: list[str], seed: int) -> None:
    """The servers of that name do not answer for a while: what is sent is taken in or pushed back, the status says what is
    wrong, and all is well by itself within RECOVERY_SECONDS of their return."""
    server = installation.process()
    server.start_and_wait()
    sent = sent_through(installation, server, seed, shares=3)
    processes = [shared_process(name) for name in names]
    try:
        sent.send_share()
        wait_until(lambda: sent.sent() > 0, "the first batches to be taken in")
        for process in processes:
            process.pause()
        gone = time.monotonic()
        sent.send_share()
        noticed = f"{stages} to say that something is wrong"
        wait_until(lambda: any(stage(server, name)["state"] != "ok" for name in stages), noticed)
        time.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - gone)))  # the outage itself, not a wait for a condition
        for process in processes:
            process.resume()
        wait_until(lambda: all(stage(server, name)["state"] != "down" for name in stages), "recovery", RECOVERY_SECONDS)
        sent.finish()
        sent.assert_comes_to_equal_the_oracle()
        assert peak_memory_mib(server) < MOST_MEMORY_MIB
    finally:
        for process in processes:
            process.resume()
        sent.stop()


def test_a_minute_without_the_broker(installation):
    away(installation, ["kafka-1"], ["collect", "log", "process"], SEED + 1)


def test_a_minute_without_cassandra(installation):
    away(installation, ["cassandra"], ["process", "tables"], SEED + 2)


def test_a_timeout_after_the_write_was_applied_changes_nothing(installation):
    """Cassandra stops for longer than the client waits, again and again: it applies what it had received when it goes on."""
    server = installation.process(**{"cassandra.request_timeout": "300ms"})
    server.start_and_wait()
    sent = sent_through(installation, server, SEED + 3, shares=8)
    cassandra = shared_process("cassandra")
    try:
        for _ in range(8):
            sent.send_share()
            cassandra.pause()
            time.sleep(1.0)  # longer than the client waits
            cassandra.resume()
            time.sleep(0.3)
        sent.finish()
        sent.assert_comes_to_equal_the_oracle()
    finally:
        cassandra.resume()
        sent.stop()


def test_partitions_that_change_hands_every_few_seconds(installation):
    """One process collects and serves; workers join, leave and are killed."""
    front = installation.process("collect,serve")
    workers = [installation.process("process") for _ in range(3)]
    for server in [front, *workers[:2]]:
        server.start_and_wait()
    sent = sent_through(installation, front, SEED + 4, shares=6)
    try:
        for turn in range(6):
            sent.send_share()
            joining = workers[(turn + 2) % 3]
            leaving = workers[turn % 3]
            joining.start_and_wait()
            time.sleep(4)  # between two rebalances
            if turn % 2:
                leaving.kill()
            else:
                assert leaving.stop() == 0
        sent.finish()
        sent.assert_comes_to_equal_the_oracle()
    finally:
        sent.stop()


def test_a_process_that_wakes_up_after_others_took_its_partitions_changes_nothing(installation):
    front = installation.process("collect,serve")
    quick = installation.folder / "kafka.yml"
    quick.write_text("consumer: {session.timeout.ms: 6000, heartbeat.interval.ms: 1000}\n")
    sleeper, heir = (installation.process("process", **{"kafka.file": str(quick)}) for _ in range(2))
    for server in (front, sleeper):
        server.start_and_wait()
    sent = sent_through(installation, front, SEED + 5, shares=4)
    try:
        for _ in range(2):
            sent.send_share()
            time.sleep(1)
            sleeper.pause()
            sent.send_share()
            if heir.is_dead():
                heir.start_and_wait()
            time.sleep(8)  # longer than the group waits for a silent member
            sleeper.resume()
        sent.finish()
        sent.assert_comes_to_equal_the_oracle()
        assert not sleeper.is_dead(), sleeper.last_messages()
    finally:
        sleeper.resume()
        sent.stop()
