"""Apache Cassandra on loopback: one node, with a password and with TLS where asked for."""

import os
import pathlib
import shutil
import socket

from certificates import PASSWORD, make_certificates

import maven
from free_ports import free_ports
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


class Cassandra:
    """A node in `folder`. With `passwords` its first user is cassandra/cassandra; with `tls` only TLS is answered, by a
    certificate for `localhost` whose own authority is `<folder>/cassandra/ca.pem`."""

    def __init__(self, folder: pathlib.Path, passwords: bool = False, tls: bool = False, heap: str = "512m"):
        self.folder = folder
        self.home = folder / "cassandra"
        self.passwords = passwords
        self.tls = tls
        self.port, self.storage_port, self.jmx_port = free_ports(3)
        self.process = JavaProcess(folder, "cassandra", self.command(heap), self.answers)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def command(self, heap: str) -> list[str]:
        # A process of root would lock all its memory and hold twice as much: drop that right.
        unlocked = ["setpriv", "--inh-caps=-ipc_lock", "--bounding-set=-ipc_lock"] if os.geteuid() == 0 and shutil.which("setpriv") else []
        settings = {
            "cassandra.config": f"file://{self.home}/cassandra.yaml",
            "cassandra.storagedir": self.home,
            "cassandra.logdir": self.home,
            "logback.configurationFile": CONF / "logback.xml",
            "cassandra-foreground": "yes",
            # There is nobody to wait for.
            "cassandra.skip_wait_for_gossip_to_settle": 0,
            "cassandra.ring_delay_ms": 0,
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
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
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
