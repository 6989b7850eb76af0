"""One Cassandra with passwords and TLS: who is let in, what a restart and a paused process do to the tables."""

import os
import pathlib
import signal
import subprocess
import time

import pytest
from certificates import make_certificates

from cassandra_server import Cassandra

ROOT = pathlib.Path(__file__).resolve().parents[2]

BINARY = os.environ.get("BYTEBASKET_BINARY", str(ROOT / "build/dev/bytebasket"))
PROBE = os.environ["BYTEBASKET_CASSANDRA_PROBE"]


class Probe:
    """A cassandra_probe: a question a line, an answer a line."""

    def __init__(self, server: Cassandra, keyspace: str):
        address = f"localhost:{server.port}"
        command = [PROBE, address, keyspace, "cassandra", "cassandra", str(server.home / "ca.pem")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.answer() == "ready"

    def send(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def ask(self, line: str) -> str:
        self.send(line)
        return self.answer()

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    node = Cassandra(tmp_path_factory.mktemp("cassandra"), passwords=True, tls=True)
    node.start()
    try:
        node.wait_until_ready()
        # Its first user comes to be a moment after its port opens.
        deadline = time.monotonic() + 120
        while (made := schema(node, "apply")).returncode != 0:
            assert time.monotonic() < deadline, made.stderr
        yield node
    finally:
        node.stop()


@pytest.fixture
def probes(server):
    opened = []

    def open_probe(keyspace: str = "probe") -> Probe:
        opened.append(Probe(server, keyspace))
        return opened[-1]

    yield open_probe
    for probe in opened:
        probe.close()


def schema(node: Cassandra, action: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """`bytebasket schema ACTION` on the node, with the settings that let one in but for those given."""
    given = {
        "contact_points": f"localhost:{node.port}",
        "user": "cassandra",
        "password": "cassandra",
        "tls": "true",
        "ca_file": str(node.home / "ca.pem"),
        "tls_name": "localhost",
        "connect_timeout": "2s",
    } | settings
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BYTEBASKET_")}
    environment["BYTEBASKET_STORAGE__ENGINE"] = "cassandra"
    environment |= {f"BYTEBASKET_CASSANDRA__{name.upper()}": value for name, value in given.items()}
    return subprocess.run([BINARY, "schema", action], env=environment, capture_output=True, text=True, check=False, timeout=600)


def test_schema_is_made_once_and_then_as_declared(server):
    planned = schema(server, "plan", keyspace="planned")
    assert planned.returncode == 0, planned.stderr
    assert 'CREATE TABLE IF NOT EXISTS "planned"."visitors"' in planned.stdout
    assert "made migration 1" in schema(server, "apply", keyspace="planned").stderr
    again = schema(server, "plan", keyspace="planned")
    assert again.returncode == 0
    assert again.stdout == ""
    assert "keyspace planned is as declared" in again.stderr


def test_tables_stand_as_the_reference_page_says(server):
    """Every declared table has its columns, in the database's own words."""
    page = (ROOT / "docs/reference/tables.md").read_text()
    planned = schema(server, "plan", keyspace="bytebasket2").stdout.replace('"bytebasket2"', '"bytebasket"')
    declared = [part.split("```")[0].strip() for part in page.split("```sql")[1:]]
    assert declared
    assert all(statement in planned for statement in declared)


def test_wrong_password_is_refused(server):
    refused = schema(server, "plan", password="guessed")
    assert refused.returncode != 0
    assert "credentials" in refused.stderr or "incorrect" in refused.stderr, refused.stderr


def test_no_password_is_refused(server):
    refused = schema(server, "plan", user="")
    assert refused.returncode != 0
    assert "cannot connect" in refused.stderr


def test_plaintext_is_refused_where_tls_is_spoken(server):
    refused = schema(server, "plan", tls="false")
    assert refused.returncode != 0
    assert "cannot connect" in refused.stderr


def test_another_authority_is_not_believed(server, tmp_path):
    make_certificates(tmp_path)
    refused = schema(server, "plan", ca_file=str(tmp_path / "ca.pem"))
    assert refused.returncode != 0
    assert "certificate verify failed" in refused.stderr, refused.stderr


def test_a_system_authority_is_not_believed_beside_the_given_one(server):
    refused = schema(server, "plan", ca_file="")
    assert refused.returncode != 0
    assert "certificate verify failed" in refused.stderr, refused.stderr


def test_another_name_is_not_believed(server):
    refused = schema(server, "plan", tls_name="cassandra.example")
    assert refused.returncode != 0
    assert "certificate verify failed" in refused.stderr, refused.stderr


def test_a_node_is_not_believed_by_its_address_where_the_certificate_lacks_it(server):
    refused = schema(server, "plan", tls_name="")
    assert refused.returncode != 0
    assert "certificate verify failed" in refused.stderr, refused.stderr


def test_a_paused_writer_that_wakes_up_loses(probes):
    zombie, owner = probes(), probes()
    assert zombie.ask("write row 5 taken-over") == "ok"
    assert zombie.ask("swap - zombie") == "swapped"
    zombie.signal(signal.SIGSTOP)
    zombie.send("write row 6 of-the-zombie")
    zombie.send("swap zombie zombie-again")
    assert owner.ask("write row 7 of-the-owner") == "ok"
    assert owner.ask("swap zombie owner") == "swapped"
    zombie.signal(signal.SIGCONT)
    assert zombie.answer() == "ok", "an older write is dropped silently"
    assert zombie.answer() == "refused"
    assert owner.ask("get row") == "of-the-owner"


def test_writes_go_on_where_a_killed_server_comes_back(server, probes):
    probe = probes("restart")
    assert probe.ask("retry_for 120000") == "ok"
    assert probe.ask("write before 1 kept") == "ok"
    server.process.kill()
    probe.send("write during 2 kept")
    server.start()
    assert probe.answer() == "ok", "it is tried again until the server is back"
    assert probe.ask("write after 3 kept") == "ok"
    for row in ("before", "during", "after"):
        assert probe.ask(f"get {row}") == "kept"


def test_a_server_that_stays_away_is_said(server, probes):
    probe = probes("away")
    assert probe.ask("retry_for 200") == "ok"
    assert probe.ask("write row 1 kept") == "ok"
    server.process.kill()
    try:
        assert probe.ask("write row 2 lost") == "unavailable"
        assert probe.ask("get row") == "unavailable"
        assert probe.ask("swap - x") == "unavailable"
    finally:
        server.start()
        server.wait_until_ready()
    # The port opens before passwords are known.
    while (found := probe.ask("get row")) in ("unavailable", "permission denied", "timed out"):
        pass
    assert found == "kept"
