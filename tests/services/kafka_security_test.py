"""A Kafka that wants a password and TLS: who has both works, and who has not is told what is wrong."""

import json
import pathlib

import pytest
from certificates import make_certificates

from faults.server import Server, environment_of, request, wait_until
from kafka_server import Kafka
from scenarios.command import run, succeed

USER, PASSWORD = "bytebasket", "correct-horse"


@pytest.fixture(scope="module")
def kafka(tmp_path_factory):
    broker = Kafka(tmp_path_factory.mktemp("kafka"), users={USER: PASSWORD})
    broker.start()
    try:
        broker.wait_until_ready()
        yield broker
    finally:
        broker.stop()


def settings(kafka: Kafka, folder: pathlib.Path, **changed: str) -> dict[str, str]:
    """Of an installation; `changed` are client properties in the place of the right ones, with `_` for `.`, or `brokers`."""
    brokers = changed.pop("brokers", kafka.address)
    properties = {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "PLAIN",
        "sasl.username": USER,
        "sasl.password": PASSWORD,
        "ssl.ca.location": str(kafka.home(0) / "ca.pem"),
    } | {name.replace("_", "."): value for name, value in changed.items()}
    file = folder / "kafka.yml"
    file.write_text(json.dumps({"common": properties}))
    return {"streams.engine": "kafka", "kafka.brokers": brokers, "kafka.file": str(file), "kafka.timeout": "3s"}


def refusal(settings: dict[str, str]) -> str:
    """What `topics apply` says, which must not have worked."""
    ended = run("topics", "apply", environment=environment_of(settings))
    assert ended.returncode != 0, ended.stdout
    assert PASSWORD not in ended.stderr
    return ended.stderr


def test_with_password_and_authority_everything_works(kafka, tmp_path):
    right = settings(kafka, tmp_path)
    succeed("topics", "apply", environment=environment_of(right))
    server = Server(tmp_path, right)
    try:
        server.start_and_wait()
        event = {"type": "track", "event": "Product Viewed", "anonymousId": "v-1", "messageId": "m-1", "properties": {"product_id": "p"}}
        assert request(server.port, "POST", "/v1/track", json.dumps(event)).status == 200
        wait_until(lambda: server.get("/api/v1/metrics/events").json()["rows"], "the event to be counted")
        assert server.stop() == 0
    finally:
        server.kill()


def test_a_wrong_password_is_named_as_the_reason(kafka, tmp_path):
    said = refusal(settings(kafka, tmp_path, sasl_password="guessed"))
    assert "authentication failed" in said.lower(), said
    assert "kafka.file" in said


def test_a_client_too_old_for_the_brokers_scram_is_named_as_the_reason(kafka, tmp_path):
    # The password is right: with librdkafka 2.6.1 this would be let in, and is then to be tested.
    said = refusal(settings(kafka, tmp_path, sasl_mechanism="SCRAM-SHA-512"))
    assert "librdkafka 2.0" in said, said
    assert "PLAIN over TLS" in said, said


def test_a_broker_of_another_authority_is_not_trusted(kafka, tmp_path):
    make_certificates(tmp_path)
    said = refusal(settings(kafka, tmp_path, ssl_ca_location=str(tmp_path / "ca.pem")))
    assert "certificate" in said, said


def test_a_broker_with_another_name_in_its_certificate_is_not_trusted(kafka, tmp_path):
    said = refusal(settings(kafka, tmp_path, brokers=kafka.address.replace("localhost", "127.0.0.1")))
    assert "certificate" in said, said


def test_without_tls_nobody_is_let_in(kafka, tmp_path):
    refusal(settings(kafka, tmp_path, security_protocol="SASL_PLAINTEXT"))
