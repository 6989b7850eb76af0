"""A shop's traffic on its way to one collector: sent in shares, and in the end held against the oracle."""

import pathlib
import time

from faults.comparison import compare_everything, readable, wait_until_caught_up
from faults.sender import Acknowledged, Sender
from faults.server import PATIENCE, Server
from faults.traffic import traffic
from oracle.events import distinct_events


class SentTraffic:
    """`shares` is how many times send_share() may be called before finish() sends what is left."""

    def __init__(self, folder: pathlib.Path, server: Server, seed: int, shares: int, visitors: int = 220):
        self.server = server
        self.acknowledged = Acknowledged(folder / "acknowledged.jsonl")
        streams = traffic(seed, time.time_ns() // 1_000_000, visitors)
        self.senders = [Sender(server.port, batches, self.acknowledged) for batches in streams]
        self.share = [max(1, len(batches) // (shares + 2)) for batches in streams]

    def start(self) -> None:
        for sender in self.senders:
            sender.start()

    def send_share(self) -> None:
        for sender, share in zip(self.senders, self.share, strict=True):
            sender.allow(share)

    def finish(self) -> None:
        """Sends what is left and waits until all of it is acknowledged."""
        for sender in self.senders:
            sender.allow(len(sender.batches))
        for sender in self.senders:
            sender.join(PATIENCE)
            taken = f"{sender.sent} of {len(sender.batches)} batches were taken in"
            assert not sender.is_alive(), f"{taken}: {self.server.last_messages()}"
            assert not sender.refusals, sender.refusals[:3]

    def stop(self) -> None:
        for sender in self.senders:
            sender.stop()

    def sent(self) -> int:
        return sum(sender.sent for sender in self.senders)

    def assert_equals_the_oracle(self) -> None:
        """Every answer is what the acknowledged requests make."""
        wait_until_caught_up(self.server)
        self.compare_once()

    def assert_comes_to_equal_the_oracle(self) -> None:
        """The same where partitions change hands, so that no lag for a while does not mean the end."""
        deadline = time.monotonic() + PATIENCE
        while compare_everything(self.server, distinct_events(self.acknowledged.requests)) and time.monotonic() < deadline:
            time.sleep(0.5)
        self.compare_once()
        time.sleep(2)  # for what a process that was late would count again
        self.compare_once()

    def compare_once(self) -> None:
        found = compare_everything(self.server, distinct_events(self.acknowledged.requests))
        assert not found, readable(found)
