"""Apache Kafka (KRaft) on loopback: one broker, or a small cluster of them."""

import os
import pathlib
import socket
import struct
import subprocess

import maven
from free_ports import free_ports
from java_process import JavaProcess, fill_in

CONF = maven.HERE / "kafka"
CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg"


class Kafka:
    """`brokers` brokers in `folder`, each also a controller. `address` is a bootstrap list."""

    def __init__(self, folder: pathlib.Path, brokers: int = 1, heap: str = "384m"):
        self.folder = folder
        self.heap = heap
        self.ports = free_ports(2 * brokers)
        self.brokers = [self.broker(number) for number in range(brokers)]

    @property
    def address(self) -> str:
        return ",".join(f"127.0.0.1:{port}" for port in self.ports[0::2])

    def home(self, number: int) -> pathlib.Path:
        return self.folder / f"kafka-{number + 1}"

    def java(self, heap: str) -> list[str]:
        log = f"-Dlog4j2.configurationFile={CONF / 'log4j2.xml'}"
        flags = ["-XX:+UseG1GC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"]
        return ["java", f"-Xms{heap}", f"-Xmx{heap}", *flags, log, "-cp", f"{maven.jars('kafka')}/*"]

    def broker(self, number: int) -> JavaProcess:
        properties = self.home(number) / "server.properties"
        command = [*self.java(self.heap), "kafka.Kafka", str(properties)]
        port = self.ports[2 * number]
        return JavaProcess(self.folder, f"kafka-{number + 1}", command, lambda: answers_metadata(port))

    def prepare(self, number: int) -> None:
        home = self.home(number)
        if (home / "data/meta.properties").exists():
            return
        home.mkdir(parents=True, exist_ok=True)
        count = len(self.brokers)
        properties = home / "server.properties"
        voters = ",".join(f"{i + 1}@127.0.0.1:{port}" for i, port in enumerate(self.ports[1::2]))
        properties.write_text(
            fill_in(
                CONF / "server.properties.in",
                NODE=number + 1,
                PORT=self.ports[2 * number],
                CONTROLLER_PORT=self.ports[2 * number + 1],
                VOTERS=voters,
                FOLDER=home,
                REPLICATION=min(count, 3),
                IN_SYNC=2 if count >= 3 else 1,
            )
        )
        format_storage = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties)]
        subprocess.run([*self.java("64m"), *format_storage], check=True, capture_output=True)

    def start(self) -> None:
        for number in range(len(self.brokers)):
            self.prepare(number)
        for broker in self.brokers:
            broker.start()

    def wait_until_ready(self) -> None:
        for broker in self.brokers:
            broker.wait_until_ready()

    def stop(self) -> None:
        for broker in self.brokers:
            broker.stop()

    def environment(self) -> dict[str, str]:
        return {"BYTEBASKET_TEST_KAFKA": self.address}


def answers_metadata(port: int) -> bool:
    """Asks for the cluster's metadata (version 1, no topics), as a client does first; true where a broker is named."""
    body = struct.pack(">hhih", 3, 1, 1, -1) + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(2)
            connection.sendall(struct.pack(">i", len(body)) + body)
            size = struct.unpack(">i", receive(connection, 4))[0]
            answer = receive(connection, size)
    except OSError:
        return False
    return struct.unpack(">i", answer[4:8])[0] > 0


def receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError(os.strerror(104))
        data += part
    return data
