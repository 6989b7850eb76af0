"""Three Cassandra nodes, each row on all of them: one dies unnoticed, two are waited for, and no number suffers."""

import os
import pathlib
import threading
import time

import pytest

from cassandra_server import CassandraCluster
from faults.comparison import get
from faults.sent_traffic import SentTraffic
from faults.server import Server, environment_of, wait_until
from scenarios.command import DONE, succeed

SEED = int(os.environ.get("BYTEBASKET_CRASH_SEED", "20260601"))
AWAY_SECONDS = float(os.environ.get("BYTEBASKET_AWAY_SECONDS", "10"))


@pytest.fixture
def cluster(tmp_path: pathlib.Path):
    nodes = CassandraCluster(tmp_path)
    try:
        nodes.start()
        yield nodes
    finally:
        nodes.kill()


class Asker:
    """Somebody who asks all the time, and notes what was not answered."""

    def __init__(self, server: Server):
        self.server = server
        self.closed = threading.Event()
        self.answers = 0
        self.wrong: list[str] = []
        self.thread = threading.Thread(target=self.ask)
        self.thread.start()

    def ask(self) -> None:
        while not self.closed.wait(0.02):
            try:
                answer = self.server.get("/api/v1/metrics/revenue", grain="1d", by="product", total="true")
                if answer.status != 200:
                    self.wrong.append(f"{answer.status} {answer.body!r}")
            except OSError as error:
                self.wrong.append(str(error))
            self.answers += 1

    def close(self) -> None:
        self.closed.set()
        self.thread.join()


def states(server: Server) -> dict[str, str]:
    return {stage["name"]: stage["state"] for stage in get(server, "/api/v1/status")["stages"]}


def test_one_node_may_die_and_two_are_waited_for(cluster: CassandraCluster, tmp_path: pathlib.Path):
    settings = {
        "storage.engine": "cassandra",
        "cassandra.contact_points": cluster.addresses,
        "cassandra.replication": "3",
        "processing.flush_interval": "100ms",
    }
    succeed("schema", "apply", environment=environment_of(settings))
    server = Server(tmp_path, settings)
    first, second, _ = cluster.nodes
    server.start_and_wait()
    sent = SentTraffic(tmp_path, server, SEED, shares=4, visitors=120)
    asker = Asker(server)
    try:
        sent.start()
        sent.send_share()
        wait_until(lambda: sent.sent() > 0, "the first batches to be taken in")

        first.process.kill()
        sent.send_share()
        time.sleep(AWAY_SECONDS)  # the outage itself, not a wait for a condition
        wait_until(lambda: set(states(server).values()) == {"ok"}, "all stages to be well without one node")
        asker.close()
        assert asker.answers > 0
        assert asker.wrong == []

        second.process.kill()
        sent.send_share()
        wait_until(lambda: states(server)["process"] == "down", "the status to say that processing waits")
        assert "Cassandra" in server.get("/readyz").json()["detail"]
        first.start()
        first.wait_until_ready()
        second.start()
        wait_until(lambda: "down" not in states(server).values(), "recovery")
        second.wait_until_ready()

        sent.finish()
        sent.assert_comes_to_equal_the_oracle()
        assert server.stop() == DONE
        verified = succeed("verify", "--data", server.data, environment=environment_of(settings))
        assert "every row is what its events make of it" in verified
    finally:
        asker.close()
        sent.stop()
        server.kill()
