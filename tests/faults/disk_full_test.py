"""A disk that runs full: nothing acknowledged is lost, senders are told to wait, and it goes on by itself."""

import contextlib
import errno
import json
import os
import pathlib
import subprocess
import time

import pytest

from faults.comparison import compare_everything, readable, wait_until_caught_up
from faults.sender import Acknowledged
from faults.server import Answer, Server, request, wait_until
from faults.traffic import Batch, traffic
from oracle.clock import HOUR, format_time
from oracle.events import distinct_events

DISK = "320m"


@pytest.fixture
def small_disk(tmp_path: pathlib.Path):
    """A file system of its own, small enough to fill."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: pathlib.Path) -> None:
    """Writes until there is no room."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"x" * 65536)


def test_filling_leaves_no_room(small_disk):
    fill(small_disk / "ballast")
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        (small_disk / "more").write_bytes(b"x" * 65536)


def padded_batches(count: int) -> list[Batch]:
    """About a megabyte each, so that no space set aside beforehand lasts long."""
    time_of_all = time.time_ns() // 1_000_000 - 3 * HOUR
    batches = []
    for number in range(count):
        events = [
            {
                "type": "track",
                "event": "Padded",
                "messageId": f"pad-{number}-{at}",
                "anonymousId": f"pad-{at % 7}",
                "source": "server",
                "timestamp": format_time(time_of_all + number * 1000 + at),
                "properties": {"padding": f"{number}-{at}-" + os.urandom(8_000).hex()},
            }
            for at in range(64)
        ]
        batches.append(Batch("/v1/batch", json.dumps({"batch": events})))
    return batches


class Delivery:
    """Sends batches in order and records those that were acknowledged."""

    def __init__(self, server: Server, acknowledged: Acknowledged):
        self.server = server
        self.acknowledged = acknowledged

    def offer(self, batch: Batch) -> Answer:
        received = time.time_ns() // 1_000_000
        answer = request(self.server.port, "POST", batch.path, batch.body)
        if answer.status == 200:
            self.acknowledged.add(batch, received)
        return answer

    def offer_until_refused(self, batches: list[Batch]) -> tuple[Batch, Answer]:
        for batch in batches:
            answer = self.offer(batch)
            if answer.status != 200:
                return batch, answer
        raise AssertionError(f"{len(batches)} MB were acknowledged on a full disk")

    def insist(self, batch: Batch) -> None:
        wait_until(lambda: self.offer(batch).status == 200, "the server to take events in again")


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(small_disk: pathlib.Path, tmp_path: pathlib.Path):
    server = Server(tmp_path, data=small_disk / "data")
    acknowledged = Acknowledged(tmp_path / "acknowledged.jsonl")
    delivery = Delivery(server, acknowledged)
    streams = traffic(seed=7, now=time.time_ns() // 1_000_000, visitors=60)
    try:
        server.start_and_wait()
        for batches in streams[:2]:
            for batch in batches:
                assert delivery.offer(batch).status == 200
        fill(small_disk / "ballast")
        refused, answer = delivery.offer_until_refused(padded_batches(300))
        assert answer.status == 503, answer.body
        assert int(answer.headers["retry-after"]) > 0
        assert request(server.port, "GET", "/livez").status == 200, "it must stay alive"
        wait_until(lambda: request(server.port, "GET", "/readyz").status == 503, "/readyz to say that events are refused")

        (small_disk / "ballast").unlink()
        delivery.insist(refused)
        for batch in streams[2]:
            delivery.insist(batch)
        wait_until_caught_up(server)
        wait_until(server.is_ready, "/readyz to be 200 again")
        check(server, acknowledged)
        server.kill()
        server.start_and_wait()
        wait_until_caught_up(server)
        check(server, acknowledged)
    finally:
        server.kill()


def check(server: Server, acknowledged: Acknowledged) -> None:
    found = compare_everything(server, distinct_events(acknowledged.requests))
    assert not found, readable(found)
