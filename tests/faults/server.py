"""Starts, watches, kills and asks a real ByteBasket process."""

import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse
from decimal import Decimal
from typing import Any

from free_ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
WRITE_KEY = "demo"

# How long a test waits for what must come. It takes so long only where the program is broken, so a machine that is slow,
# or has other things to do, fails no test.
PATIENCE = 180.0


def binary() -> pathlib.Path:
    named = os.environ.get("BYTEBASKET_BINARY")
    return pathlib.Path(named) if named else ROOT / "build/dev/bytebasket"


@dataclasses.dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body, parse_float=Decimal)


def request(port: int, method: str, path: str, body: str | None = None, timeout: float = 60.0) -> Answer:
    """One request on a connection of its own. OSError or HTTPException where there is no whole answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {"Content-Type": "application/json"}
        if method == "POST":
            headers["Authorization"] = f"Bearer {WRITE_KEY}"
        connection.request(method, path, body=body.encode() if body is not None else None, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.read(), {name.lower(): value for name, value in response.getheaders()})
    finally:
        connection.close()


def wait_until(condition, what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.005)


def environment_of(settings: dict[str, str]) -> dict[str, str]:
    """The variables that say the settings."""
    return {"BYTEBASKET_" + name.upper().replace(".", "__"): value for name, value in settings.items()}


class Server:
    """One data folder, served by one process after the other on the same port."""

    def __init__(
        self,
        folder: pathlib.Path,
        settings: dict[str, str] | None = None,
        environment: dict[str, str] | None = None,
        data: pathlib.Path | None = None,
    ):
        self.data = data or folder / "data"
        self.log = folder / "server.log"
        self.port = free_port()
        self.environment = {"NO_COLOR": "1", **(environment or {})}
        self.environment |= environment_of(settings or {})
        self.process: subprocess.Popen | None = None

    def start(self, environment: dict[str, str] | None = None) -> None:
        command = [str(binary()), "run", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **self.environment, **(environment or {})}
            )

    def start_and_wait(self, environment: dict[str, str] | None = None) -> None:
        self.start(environment)
        try:
            wait_until(lambda: self.is_ready() or self.is_dead(), f"the server to be ready; see {self.log}")
        except BaseException:
            self.kill()  # nobody else knows of it yet
            raise
        if self.is_dead():
            raise RuntimeError(f"the server ended with {self.process.returncode}: {self.last_messages()}")

    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def is_ready(self) -> bool:
        try:
            return request(self.port, "GET", "/readyz", timeout=2).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self) -> None:
        """As the power button does."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def pause(self) -> None:
        """As a machine does that is suspended: it goes on later as if nothing had been."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """SIGTERM: drains, flushes and ends."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def wait_for_death(self, seconds: float = PATIENCE) -> bool:
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def get(self, path: str, **parameters: str) -> Answer:
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        return request(self.port, "GET", path + query)

    def last_messages(self) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-15:])
