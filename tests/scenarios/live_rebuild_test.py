"""Tables are made anew while the server takes events and answers: no error, no count that goes back, and every number right."""

import concurrent.futures
import json
import pathlib
import shutil
import subprocess
import threading

import pytest

from faults.server import ROOT, Server, binary, request, wait_until
from scenarios.command import DONE, NO, ONE_MORE_METRIC, run, succeed

YEARS = {"from": "2025-12-01", "to": "2027-01-01", "grain": "1d", "total": "true"}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("imported")
    succeed("generate", "--seed", 12, "--events", 20_000, "--to", folder / "shop.jsonl")
    succeed("import", folder / "shop.jsonl", "--format", "segment", "--data", folder / "data")
    return folder / "data"


@pytest.fixture
def server(imported: pathlib.Path, tmp_path: pathlib.Path):
    """Serves what was imported, by metrics of which one was declared after it."""
    (tmp_path / "metrics.yml").write_text((ROOT / "config/metrics.yml").read_text() + ONE_MORE_METRIC)
    data = pathlib.Path(shutil.copytree(imported, tmp_path / "data"))
    running = Server(tmp_path, settings={"metrics.file": str(tmp_path / "metrics.yml")}, data=data)
    running.start_and_wait()
    yield running
    running.kill()


def url(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def total(server: Server, metric: str) -> int:
    answer = server.get(f"/api/v1/metrics/{metric}", **YEARS)
    assert answer.status == 200, answer.body
    return sum(row["value"] for row in answer.json()["rows"])


def state(server: Server) -> str:
    return server.get("/api/v1/rebuild").json()["state"]


class Shop:
    """Sends events one after the other, and asks all the time for what must only grow."""

    def __init__(self, server: Server):
        self.server = server
        self.closed = threading.Event()
        self.sent = 0
        self.answers = 0
        self.pool = concurrent.futures.ThreadPoolExecutor(3)
        self.work = [self.pool.submit(self.send), self.pool.submit(self.ask, "events"), self.pool.submit(self.ask, "orders")]

    def send(self) -> None:
        while not self.closed.is_set():
            event = {
                "type": "track",
                "event": "Order Completed",
                "messageId": f"live-{self.sent}",
                "anonymousId": f"visitor-{self.sent % 7}",
                "timestamp": "2026-01-15T12:00:00Z",
                "properties": {"order_id": f"live-{self.sent}", "revenue": 1.5, "currency": "EUR"},
            }
            answer = request(self.server.port, "POST", "/v1/track", json.dumps(event))
            assert answer.status == 200, answer.body
            self.sent += 1

    def ask(self, metric: str) -> None:
        before = 0
        while not self.closed.is_set():
            now = total(self.server, metric)
            assert now >= before, f"{metric} went back from {before} to {now}"
            before = now
            self.answers += 1

    def wait_for_answers(self, more: int) -> None:
        wanted = self.answers + more
        wait_until(lambda: self.answers >= wanted, "answers")

    def close(self) -> None:
        self.closed.set()
        for work in self.work:
            work.result()
        self.pool.shutdown()


def test_answers_go_on_and_no_count_goes_back_while_the_tables_are_made_anew(server):
    before = {metric: total(server, metric) for metric in ("events", "orders", "sessions")}
    assert total(server, "long_sessions") == 0
    shop = Shop(server)
    wait_until(lambda: shop.sent > 20, "events to come in")
    for _ in range(2):
        text = succeed("rebuild", "--url", url(server))
        assert "the new tables serve" in text
        shop.wait_for_answers(5)
    shop.close()
    wait_until(lambda: total(server, "orders") == before["orders"] + shop.sent, "all orders to be counted")
    assert total(server, "events") == before["events"] + shop.sent
    assert 20 < total(server, "long_sessions") < total(server, "sessions")
    assert total(server, "sessions") >= before["sessions"]
    assert state(server) == "done"
    assert [path.name for path in sorted(server.data.glob("tables*"))] == ["tables-3", "tables.current"]
    assert server.stop() == DONE
    settings = {"BYTEBASKET_METRICS__FILE": server.environment["BYTEBASKET_METRICS__FILE"]}
    assert "every row is what its events make of it" in succeed("verify", "--data", server.data, environment=settings)


@pytest.mark.parametrize("point", ["rebuild.before_publish:1", "rebuild.after_publish:1"])
def test_a_server_that_is_killed_while_it_swaps_its_tables_serves_whole_ones_again(server, point):
    before = {metric: total(server, metric) for metric in ("events", "orders", "sessions")}
    server.kill()
    server.start_and_wait({"BYTEBASKET_CRASH_AT": point})
    asked = subprocess.Popen([binary(), "rebuild", "--url", url(server)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert server.wait_for_death(60), f"{point} was not reached"
    assert asked.wait(60) != DONE
    server.start_and_wait()
    assert {metric: total(server, metric) for metric in before} == before
    succeed("rebuild", "--url", url(server))
    assert {metric: total(server, metric) for metric in before} == before
    assert total(server, "long_sessions") > 20
    assert server.stop() == DONE
    assert len([path for path in server.data.glob("tables*") if path.is_dir()]) == 1


def test_a_server_that_is_stopped_meanwhile_goes_on_with_the_former_tables(server):
    before = total(server, "events")
    assert request(server.port, "POST", "/api/v1/rebuild", "{}").json()["state"] == "computing"
    again = run("rebuild", "--url", url(server))
    assert again.returncode == NO or state(server) == "done", again
    assert server.stop() == DONE
    server.start_and_wait()
    assert total(server, "events") == before
    assert state(server) == "none"


def test_a_rebuild_needs_a_token_that_may_change(imported, tmp_path):
    data = pathlib.Path(shutil.copytree(imported, tmp_path / "data"))
    locked = Server(tmp_path, settings={"tokens.read": "reads", "tokens.change": "changes"}, data=data)
    locked.start_and_wait()
    try:
        refused = run("rebuild", "--url", url(locked), "--token", "reads")
        assert refused.returncode != DONE
        assert "tokens.change" in refused.stderr
        assert "the new tables serve" in succeed("rebuild", "--url", url(locked), "--token", "changes")
    finally:
        locked.kill()
