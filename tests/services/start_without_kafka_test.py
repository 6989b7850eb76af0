"""A collector that starts while Kafka is away: what it takes in is on its disk, and in Kafka when that is back."""

import json

import pytest

from faults.server import Server, request, wait_until
from kafka_server import Kafka

EVENTS = 20


@pytest.fixture
def kafka(tmp_path):
    broker = Kafka(tmp_path)
    broker.start()
    broker.wait_until_ready()
    yield broker
    broker.stop()


def settings(kafka: Kafka) -> dict[str, str]:
    return {"streams.engine": "kafka", "kafka.brokers": kafka.address, "kafka.timeout": "2s"}


def track(server: Server, number: int) -> int:
    event = {"type": "track", "event": "Product Viewed", "anonymousId": f"v-{number}", "messageId": f"m-{number}", "properties": {}}
    return request(server.port, "POST", "/v1/track", json.dumps(event)).status


def counted(server: Server) -> int:
    return sum(int(row["value"]) for row in server.get("/api/v1/metrics/events").json()["rows"])


def lag(server: Server) -> int | None:
    return next(stage["lag"] for stage in server.get("/api/v1/status").json()["stages"] if stage["name"] == "process")


def test_it_takes_events_in_and_hands_them_on_when_kafka_comes(kafka, tmp_path):
    collector = Server(tmp_path, {**settings(kafka), "service.roles": "collect"}, data=tmp_path / "collector")
    everything = Server(tmp_path, settings(kafka))
    try:
        collector.start_and_wait()
        assert collector.stop() == 0

        kafka.stop()
        collector.start_and_wait()
        assert [track(collector, number) for number in range(EVENTS)] == [200] * EVENTS
        assert lag(collector) is None
        wait_until(lambda: b"degraded" in collector.get("/readyz").body, "/readyz to say what is missing")
        assert collector.get("/readyz").status == 200
        assert b"records wait on this machine" in collector.get("/readyz").body

        # What is on its disk outlives it.
        collector.kill()
        collector.start_and_wait()

        kafka.start()
        kafka.wait_until_ready()
        wait_until(lambda: lag(collector) not in (None, 0), "the events to be in Kafka, where nobody processes them yet")
        everything.start_and_wait()
        wait_until(lambda: counted(everything) == EVENTS, "the events to be counted")
        wait_until(lambda: lag(collector) == 0, "the collector to see that they are processed")
    finally:
        collector.kill()
        everything.kill()


def test_a_first_start_needs_kafka_and_says_so(kafka, tmp_path):
    kafka.stop()
    server = Server(tmp_path, settings(kafka))
    server.start()
    try:
        assert server.wait_for_death(60)
        assert server.process.returncode != 0
        assert "a first start needs Kafka" in server.last_messages()
    finally:
        server.kill()
