"""What the dashboards and alerts ask for is what /metrics of a running ByteBasket serves."""

import pathlib
import re
import sys

import pytest

from faults.server import Server, wait_until
from scenarios.command import succeed

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "deploy"))
import monitoring

SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ")
LABEL = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')
# What Prometheus itself adds to everything that it reads, and the metric that says whether it could.
OF_PROMETHEUS = {"up": set()}
ADDED_LABELS = {"instance", "job"}


def read_samples(text: str) -> dict[str, set[str]]:
    """Metric name → the names of its labels."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if sample := SAMPLE.match(line):
            found.setdefault(sample[1], set()).update(LABEL.findall(sample[2] or ""))
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The metrics of a server that has seen visitors, orders, decisions and queries."""
    folder = tmp_path_factory.mktemp("metrics-page")
    server = Server(folder, settings={"lake.engine": "local"})
    server.start_and_wait()
    try:
        succeed("generate", "--seed", 3, "--events", 3000, "--to", f"http://127.0.0.1:{server.port}")
        wait_until(lambda: "bytebasket_fraud_decisions_total{" in server.get("/metrics").body.decode(), "a decision")
        assert server.get("/api/v1/metrics/revenue").status == 200
        wait_until(lambda: 'route="/api/v1/metrics/{name}"' in server.get("/metrics").body.decode(), "a counted query")
        return read_samples(server.get("/metrics").body.decode())
    finally:
        server.kill()


def test_every_metric_of_the_dashboards_and_alerts_is_served(served: dict[str, set[str]]):
    known = served | OF_PROMETHEUS
    unknown = {f"{question.where}: {name}" for question in monitoring.questions() for name in question.metrics() if name not in known}
    assert unknown == set()


def test_every_label_of_the_dashboards_and_alerts_is_served(served: dict[str, set[str]]):
    known = served | OF_PROMETHEUS
    for question in monitoring.questions():
        carried = ADDED_LABELS.union(*(known[name] for name in question.metrics()))
        assert question.labels() <= carried, question.where


def test_every_metric_of_bytebasket_is_on_a_dashboard(served: dict[str, set[str]]):
    asked = {name for path in monitoring.DASHBOARDS for question in monitoring.questions_of_dashboard(path) for name in question.metrics()}
    asked = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    own = {re.sub(r"_(bucket|sum|count)$", "", name) for name in served if name.startswith("bytebasket_")}
    assert own - asked == {"bytebasket_collector_requests_total"}


def test_a_metric_that_is_not_served_is_found(served: dict[str, set[str]]):
    question = monitoring.Question("planted", 'sum by (stream) (rate(bytebasket_no_such_total{instance="a"}[5m])) > 1', "{{stream}}")
    assert question.metrics() == {"bytebasket_no_such_total"}
    assert question.labels() == {"stream", "instance"}
    assert "bytebasket_no_such_total" not in served
