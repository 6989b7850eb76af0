"""Apache Cassandra on loopback: one node, with a password and with TLS where asked for, or a small cluster."""

import os
import pathlib
import shutil
import socket

from certificates import PASSWORD, make_certificates

import maven
from free_ports import free_ports, free_ports_of_all
from java_process import JavaProcess, fill_in

CONF = maven.HERE / "cassandra"
PASSWORDS = """authenticator: { class_name: PasswordAuthenticator }
authorizer: { class_name: CassandraAuthorizer }
role_manager: { class_name: CassandraRoleManager }"""
ENCRYPTION = """client_encryption_options:
  enabled: true
  optional: false
  keystore: @KEYSTORE@
  keystore_password: @PASSWORD@
  store_type: PKCS12
  require_client_auth: false"""

ALONE = {
    # There is nobody to wait for.
    "cassandra.skip_wait_for_gossip_to_settle": 0,
    "cassandra.ring_delay_ms": 0,
}
IN_A_CLUSTER = {
    "cassandra.ring_delay_ms": 1000,
    # A node answers clients when it knows the others, and does not take the usual eight seconds to be sure.
    "cassandra.gossip_settle_min_wait_ms": 1500,
    "cassandra.gossip_settle_interval_ms": 500,
    # One that was not told of a new table asks the others for it, at once instead of after a minute.
    "cassandra.migration_delay_ms": 500,
    "cassandra.schema_pull_interval_ms": 2000,
}


class Cassandra:
    """A node in `folder`. With `passwords` its first user is cassandra/cassandra; with `tls` only TLS is answered, by a
    certificate for `localhost` whose own authority is `<folder>/cassandra/ca.pem`. Nodes of one cluster have a `host` each;
    of their `ports` those for clients and for each other are the same, that for JMX is a node's own."""

    def __init__(
        self,
        folder: pathlib.Path,
        passwords: bool = False,
        tls: bool = False,
        heap: str = "512m",
        name: str = "cassandra",
        host: str = "127.0.0.1",
        ports: tuple[int, int, int] | None = None,
    ):
        self.folder = folder
        self.home = folder / name
        self.passwords = passwords
        self.tls = tls
        self.host = host
        self.alone = ports is None
        self.port, self.storage_port, self.jmx_port = ports or free_ports(3)
        self.process = JavaProcess(folder, name, self.command(heap), self.answers)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def command(self, heap: str) -> list[str]:
        # A process of root would lock all its memory and hold twice as much: drop that right.
        unlocked = ["setpriv", "--inh-caps=-ipc_lock", "--bounding-set=-ipc_lock"] if os.geteuid() == 0 and shutil.which("setpriv") else []
        settings = {
            "cassandra.config": f"file://{self.home}/cassandra.yaml",
            "cassandra.storagedir": self.home,
            "cassandra.logdir": self.home,
            "logback.configurationFile": CONF / "logback.xml",
            "cassandra-foreground": "yes",
            **(ALONE if self.alone else IN_A_CLUSTER),
            "cassandra.superuser_setup_delay_ms": 0,
        }
        flags = [f"-Xms{heap}", f"-Xmx{heap}", "-XX:MaxDirectMemorySize=512m", "-XX:TieredStopAtLevel=1"]
        flags += [f"-D{name}={value}" for name, value in settings.items()]
        main = ["-cp", f"{maven.jars('cassandra')}/*", "org.apache.cassandra.service.CassandraDaemon"]
        return [*unlocked, "java", f"@{self.home}/jvm.options", *flags, *main]

    def prepare(self) -> None:
        if (self.home / "cassandra.yaml").exists():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        if self.tls:
            make_certificates(self.home)
        (self.home / "jvm.options").write_text(fill_in(CONF / "jvm.options.in", JMX_PORT=self.jmx_port))
        (self.home / "cassandra.yaml").write_text(
            fill_in(
                CONF / "cassandra.yaml.in",
                FOLDER=self.home,
                HOST=self.host,
                PORT=self.port,
                STORAGE_PORT=self.storage_port,
                AUTHENTICATION=PASSWORDS if self.passwords else "",
                ENCRYPTION=self.encryption() if self.tls else "",
            )
        )

    def encryption(self) -> str:
        return ENCRYPTION.replace("@KEYSTORE@", str(self.home / "server.p12")).replace("@PASSWORD@", PASSWORD)

    def answers(self) -> bool:
        """Sends an OPTIONS frame and expects SUPPORTED; behind TLS a connection has to do."""
        try:
            with socket.create_connection((self.host, self.port), 1) as connection:
                if self.tls:
                    return True
                connection.settimeout(3)
                connection.sendall(bytes([4, 0, 0, 0, 5, 0, 0, 0, 0]))
                header = connection.recv(9)
        except OSError:
            return False
        return len(header) == 9 and header[4] == 6

    def start(self) -> None:
        self.prepare()
        self.process.start()

    def wait_until_ready(self) -> None:
        self.process.wait_until_ready()

    def stop(self) -> None:
        self.process.stop()

    def environment(self) -> dict[str, str]:
        return {"BYTEBASKET_TEST_CASSANDRA": self.address}


class CassandraCluster:
    """Nodes at 127.0.0.1, 127.0.0.2, … The first one begins the cluster, the others join it without moving data."""

    def __init__(self, folder: pathlib.Path, nodes: int = 3, heap: str = "320m"):
        hosts = [f"127.0.0.{number + 1}" for number in range(nodes)]
        port, storage_port, *jmx_ports = free_ports_of_all(hosts, 2 + nodes)
        self.nodes = [
            Cassandra(folder, heap=heap, name=f"cassandra-{number}", host=host, ports=(port, storage_port, jmx_port))
            for number, (host, jmx_port) in enumerate(zip(hosts, jmx_ports, strict=True), 1)
        ]

    @property
    def addresses(self) -> str:
        return ",".join(node.address for node in self.nodes)

    def start(self) -> None:
        """Starts the nodes and waits until they answer."""
        first, *others = self.nodes
        first.start()
        first.wait_until_ready()
        for node in others:
            node.start()
        for node in others:
            node.wait_until_ready()

    def kill(self) -> None:
        for node in self.nodes:
            node.process.kill()
