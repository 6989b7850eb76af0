"""Apache Kafka (KRaft) on loopback: one broker, or a small cluster of them."""

import os
import pathlib
import secrets
import socket
import struct
import subprocess

import certificates

import maven
from free_ports import free_ports
from java_process import JavaProcess, fill_in

CONF = maven.HERE / "kafka"
CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg"

SECURITY = """
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  username="broker" password="@OWN@" user_broker="@OWN@" @USERS@;
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PKCS12
ssl.keystore.location=@KEYSTORE@
ssl.keystore.password=@PASSWORD@
ssl.key.password=@PASSWORD@
ssl.truststore.type=PEM
ssl.truststore.location=@AUTHORITY@
"""


class Kafka:
    """`brokers` brokers in `folder`, each also a controller. `address` is a bootstrap list.

    With `users` (names and passwords) one broker takes nobody else, over TLS, by the certificate of its home's `ca.pem`. They
    may send their passwords (PLAIN) or prove that they know them (SCRAM-SHA-512).
    """

    def __init__(self, folder: pathlib.Path, brokers: int = 1, heap: str = "384m", users: dict[str, str] | None = None):
        self.folder = folder
        self.heap = heap
        self.users = users or {}
        self.host = "localhost" if users else "127.0.0.1"  # the certificate's name
        self.ports = free_ports(2 * brokers)
        self.brokers = [self.broker(number) for number in range(brokers)]

    @property
    def address(self) -> str:
        return ",".join(f"{self.host}:{port}" for port in self.ports[0::2])

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
        ready = answers if self.users else answers_metadata
        return JavaProcess(self.folder, f"kafka-{number + 1}", command, lambda: ready(port))

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
                HOST=self.host,
                PROTOCOL="SASL_SSL" if self.users else "PLAINTEXT",
                SECURITY=self.security(home) if self.users else "",
            )
        )
        format_storage = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties)]
        for name, password in self.users.items():
            format_storage += ["--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]"]
        subprocess.run([*self.java("64m"), *format_storage], check=True, capture_output=True)

    def security(self, home: pathlib.Path) -> str:
        certificates.make_certificates(home)
        values = {
            "OWN": secrets.token_hex(8),
            "USERS": " ".join(f'user_{name}="{password}"' for name, password in self.users.items()),
            "KEYSTORE": home / "server.p12",
            "PASSWORD": certificates.PASSWORD,
            "AUTHORITY": home / "ca.pem",
        }
        text = SECURITY
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        return text

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


def answers(port: int) -> bool:
    """Whether somebody takes connections: whoever asks without a password gets no answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


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
