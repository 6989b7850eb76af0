"""Senders that behave like SDKs: strictly in order, and what is not acknowledged is sent again with the same ids."""

import http.client
import pathlib
import threading
import time

from faults.server import request
from faults.traffic import Batch
from oracle.events import Request


class Acknowledged:
    """The raw requests that were answered with 200, in the order of their answers; also kept in a file."""

    def __init__(self, path: pathlib.Path):
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._file = path.open("w", encoding="utf-8")

    def add(self, batch: Batch, received: int) -> None:
        record = Request(batch.path, batch.body, received)
        with self._lock:
            self.requests.append(record)
            self._file.write(record.to_json() + "\n")
            self._file.flush()


class Sender(threading.Thread):
    """Sends its batches one by one, each only when it is allowed to (see `allow`), until all are acknowledged."""

    def __init__(self, port: int, batches: list[Batch], acknowledged: Acknowledged):
        super().__init__(daemon=True)
        self.port = port
        self.batches = batches
        self.acknowledged = acknowledged
        self.sent = 0
        self.refusals: list[str] = []
        self._allowed = threading.Semaphore(0)
        self._stopped = threading.Event()

    def allow(self, batches: int) -> None:
        for _ in range(batches):
            self._allowed.release()

    def stop(self) -> None:
        self._stopped.set()
        self._allowed.release()

    def run(self) -> None:
        for batch in self.batches:
            self._allowed.acquire()
            while not self._stopped.is_set() and not self._deliver(batch):
                time.sleep(0.01)
            if self._stopped.is_set():
                return
            self.sent += 1

    def _deliver(self, batch: Batch) -> bool:
        received = time.time_ns() // 1_000_000
        try:
            answer = request(self.port, "POST", batch.path, batch.body)
        except (OSError, http.client.HTTPException):
            return False  # no answer: it may or may not have been taken in
        if answer.status == 200:
            self.acknowledged.add(batch, received)
            return True
        if answer.status not in (429, 503):
            self.refusals.append(f"{answer.status} {answer.body[:300]!r}")
        return False
