"""`bytebasket doctor` on real servers: what is well, what is missing, and the command that mends it."""

import json
import re
import uuid

import pytest
from services.installation import address

from free_ports import free_port
from scenarios.command import DONE, NO, run, succeed


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """An installation that nobody has prepared yet."""
    name = f"t{uuid.uuid4().hex[:12]}"
    return {
        "BYTEBASKET_DATA__DIR": str(tmp_path / "data"),
        "BYTEBASKET_LISTEN__PORT": str(free_port()),
        "BYTEBASKET_STREAMS__ENGINE": "kafka",
        "BYTEBASKET_KAFKA__BROKERS": address("kafka"),
        "BYTEBASKET_KAFKA__TOPIC_PREFIX": f"{name}.",
        "BYTEBASKET_STORAGE__ENGINE": "cassandra",
        "BYTEBASKET_CASSANDRA__CONTACT_POINTS": address("cassandra"),
        "BYTEBASKET_CASSANDRA__KEYSPACE": name,
        "BYTEBASKET_LAKE__ENGINE": "hdfs",
        "BYTEBASKET_LAKE__NAME_NODES": address("hdfs"),
    }


def findings(environment: dict[str, str], expected: int) -> dict[str, list[dict]]:
    """By what was looked at."""
    ended = run("doctor", "--format", "json", environment=environment)
    assert ended.returncode == expected, ended.stdout + ended.stderr
    by_check: dict[str, list[dict]] = {}
    for finding in json.loads(ended.stdout):
        by_check.setdefault(finding["check"], []).append(finding)
    return by_check


def test_it_names_what_is_missing_and_the_command_that_makes_it(environment: dict[str, str]):
    found = findings(environment, expected=NO)
    assert [each["ok"] for each in found["Kafka"] + found["Cassandra"] + found["HDFS"]] == [True, True, True]
    assert re.search(r"\(Hadoop \d+\.\d+\.\d+\).* with 1 DataNode", found["HDFS"][0]["detail"])
    assert re.fullmatch(r"Cassandra \d+\.\d+\.\d+", found["Cassandra's version"][0]["detail"])
    assert re.fullmatch(r"Kafka \d+\.\d+ \(metadata\.version \d+\)", found["Kafka's version"][0]["detail"])
    for clock in ("HDFS's clock", "Cassandra's clock"):
        assert found[clock][0]["ok"], found[clock]
    assert len(found["Kafka's topics"]) == 4
    assert all("`bytebasket topics apply`" in each["detail"] for each in found["Kafka's topics"])
    assert "`bytebasket schema apply`" in found["Cassandra's tables"][0]["detail"]

    # To look changes nothing: it finds the same again.
    again = findings(environment, expected=NO)
    for check in ("Kafka's topics", "Cassandra's tables"):
        assert again[check] == found[check]

    succeed("topics", "apply", environment=environment)
    succeed("schema", "apply", environment=environment)
    assert [each for some in findings(environment, expected=DONE).values() for each in some if not each["ok"]] == []


def test_it_says_which_server_cannot_be_reached(environment: dict[str, str]):
    nobody = f"127.0.0.1:{free_port()}"
    found = findings({**environment, "BYTEBASKET_CASSANDRA__CONTACT_POINTS": f"{nobody},{address('cassandra')}"}, expected=NO)
    assert [each["ok"] for each in found["Cassandra"]] == [False, True]
    assert f"{nobody} refuses connections" in found["Cassandra"][0]["detail"]
    assert "Cassandra's tables" in found
    found = findings({**environment, "BYTEBASKET_KAFKA__BROKERS": nobody}, expected=NO)
    assert f"{nobody} refuses connections" in found["Kafka"][0]["detail"]
    assert "Kafka's topics" not in found
    found = findings({**environment, "BYTEBASKET_LAKE__NAME_NODES": f"http://{nobody}"}, expected=NO)
    assert f"{nobody} refuses connections" in found["HDFS"][0]["detail"]
