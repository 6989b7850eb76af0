"""Three brokers of which each dies once: leaders change, and nothing is lost or counted twice."""

import os

import pytest
from services.installation import Installation

from faults.sent_traffic import SentTraffic
from faults.server import wait_until
from kafka_server import Kafka

SEED = int(os.environ.get("BYTEBASKET_CRASH_SEED", "20260501"))


@pytest.fixture
def kafka(tmp_path):
    brokers = Kafka(tmp_path, brokers=3, heap="256m")
    brokers.start()
    brokers.wait_until_ready()
    yield brokers
    brokers.stop()


def test_every_broker_dies_once(kafka, tmp_path):
    more = {"kafka.brokers": kafka.address, "kafka.replication": "3", "processing.flush_interval": "100ms"}
    installation = Installation(tmp_path, more)
    server = installation.process()
    try:
        server.start_and_wait()
        sent = SentTraffic(tmp_path, server, SEED, shares=4, visitors=120)
        sent.start()
        for broker in kafka.brokers:
            before = sent.sent()
            sent.send_share()
            broker.kill()
            wait_until(lambda before=before: sent.sent() > before, "batches to be taken in by the brokers that are left")
            broker.start()
            broker.wait_until_ready()
        sent.finish()
        sent.assert_comes_to_equal_the_oracle()
    finally:
        installation.kill()
