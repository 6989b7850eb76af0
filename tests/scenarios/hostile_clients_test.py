"""One client cannot take what all need, and no page comes in by a name of its own."""

import contextlib
import gzip
import http.client
import pathlib
import socket
from collections.abc import Iterator

import pytest

from faults.server import Server, binary

MOST_FILES = 600
EVENT = b'{"type":"page","userId":"u"}'
KEY = {"Authorization": "Bearer demo"}


@pytest.fixture
def server(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that may have few files open."""
    limited = tmp_path / "bytebasket"
    limited.write_text(f'#!/bin/sh\nulimit -n {MOST_FILES}\nexec {binary()} "$@"\n', encoding="utf-8")
    limited.chmod(0o700)
    monkeypatch.setenv("BYTEBASKET_BINARY", str(limited))
    server = Server(tmp_path)
    try:
        server.start_and_wait()
        yield server
    finally:
        server.kill()


def ask(server: Server, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> int:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        return connection.getresponse().status


def test_connections_leave_files_to_log_and_tables(server: Server):
    with contextlib.ExitStack() as held:
        first = held.enter_context(contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)))
        first.connect()
        for _ in range(MOST_FILES):
            held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        last = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        assert last.recv(100).startswith(b"HTTP/1.1 503 ")
        for _ in range(100):
            first.request("POST", "/v1/page", EVENT, KEY)
            answer = first.getresponse()
            assert (answer.status, answer.read()) == (200, b'{"success":true}')
        first.request("GET", "/readyz")
        assert first.getresponse().status == 200
    assert "Too many open files" not in server.log.read_text(encoding="utf-8")


def test_a_few_bytes_do_not_become_a_million_dead_letters(server: Server):
    body = gzip.compress(b'{"batch":[{}' + b",{}" * 1_000_000 + b"]}")
    assert len(body) < 5_000
    assert ask(server, "POST", "/v1/batch", KEY, body) == 413
    assert server.get("/api/v1/dead-letters").json()["letters"] == []


def test_a_page_whose_name_was_given_this_address_is_not_let_in(server: Server):
    rebound = {"Host": f"evil.example:{server.port}", "Origin": f"http://evil.example:{server.port}", "Content-Type": "application/json"}
    for path in ("/api/v1/transactions", "/api/v1/status", "/api/v1/live", "/metrics"):
        assert ask(server, "GET", path, rebound) == 403
    for path in ("/api/v1/fraud/labels", "/api/v1/rebuild", "/api/v1/dead-letters/resend"):
        assert ask(server, "POST", path, rebound, b"{}") == 403
    assert ask(server, "GET", "/api/v1/transactions", {"Host": f"localhost:{server.port}"}) == 200
