"""A ByteBasket installation on the real servers that the tests share: topics and keyspace of its own, any number of processes."""

import os
import pathlib
import uuid

from faults.server import ROOT, Server, environment_of
from java_process import JavaProcess
from scenarios.command import succeed

SERVERS = {"kafka": "BYTEBASKET_TEST_KAFKA", "cassandra": "BYTEBASKET_TEST_CASSANDRA", "hdfs": "BYTEBASKET_TEST_HDFS"}


def servers_file() -> pathlib.Path:
    return pathlib.Path(os.environ.get("BYTEBASKET_TEST_SERVERS", ROOT / "build/dev/servers/servers.env"))


def address(server: str) -> str:
    """Where a shared server listens. It fails, and never skips, where there is none."""
    variable = SERVERS[server]
    if variable in os.environ:
        return os.environ[variable]
    lines = servers_file().read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)[variable]


def shared_process(name: str) -> JavaProcess:
    """A process of the shared servers (kafka-1, cassandra, namenode, datanode), to pause and resume."""
    return JavaProcess(servers_file().parent, name, [], lambda: True)


class Installation:
    """Settings that its processes share; `more` adds to them or changes them."""

    def __init__(self, folder: pathlib.Path, more: dict[str, str] | None = None):
        self.folder = folder
        self.name = f"t{uuid.uuid4().hex[:12]}"
        self.settings = {
            "streams.engine": "kafka",
            "kafka.brokers": address("kafka"),
            "kafka.topic_prefix": f"{self.name}.",
            "storage.engine": "cassandra",
            "cassandra.contact_points": address("cassandra"),
            "cassandra.keyspace": self.name,
            **(more or {}),
        }
        self.processes: list[Server] = []
        succeed("schema", "apply", environment=environment_of(self.settings))

    def process(self, roles: str = "collect,process,serve", **more: str) -> Server:
        """One more process, not started."""
        own = self.folder / f"process-{len(self.processes) + 1}"
        own.mkdir()
        server = Server(own, {**self.settings, "service.roles": roles, **more})
        self.processes.append(server)
        return server

    def kill(self) -> None:
        for server in self.processes:
            server.kill()
