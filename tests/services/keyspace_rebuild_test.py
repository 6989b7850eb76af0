"""Tables in Cassandra are made anew while two processes share the partitions: no gap in the answers, no count that goes back."""

import pathlib

import pytest
from services.installation import Installation

from faults.server import ROOT, environment_of, wait_until
from scenarios.command import DONE, ONE_MORE_METRIC, run, succeed
from scenarios.live_rebuild_test import Shop, state, total, url


@pytest.fixture
def installation(tmp_path: pathlib.Path):
    shared = Installation(tmp_path)
    yield shared
    shared.kill()


def test_every_process_goes_on_in_the_new_keyspace_and_no_count_goes_back(installation, tmp_path):
    first = installation.process()
    first.start_and_wait()
    succeed("generate", "--seed", 12, "--events", 5_000, "--to", tmp_path / "shop.jsonl")
    succeed("import", tmp_path / "shop.jsonl", "--format", "segment", "--url", url(first))
    assert first.stop() == DONE

    (tmp_path / "metrics.yml").write_text((ROOT / "config/metrics.yml").read_text() + ONE_MORE_METRIC)
    installation.settings["metrics.file"] = str(tmp_path / "metrics.yml")
    one, other = installation.process(), installation.process("process")
    for process in (one, other):
        process.start_and_wait()
    before = {metric: total(one, metric) for metric in ("events", "orders", "sessions")}
    assert total(one, "long_sessions") <= 0
    shop = Shop(one)
    wait_until(lambda: shop.sent > 20, "events to come in")
    for keyspace in (f"{installation.name}_2", f"{installation.name}_3"):
        assert "the new tables serve" in succeed("rebuild", "--url", url(one))
        wait_until(lambda name=keyspace: f"answers come from keyspace {name}" in other.last_messages(), "the other process")
        shop.wait_for_answers(5)
    shop.close()
    wait_until(lambda: total(one, "orders") == before["orders"] + shop.sent, "all orders to be counted")
    assert total(one, "events") == before["events"] + shop.sent
    assert 20 < total(one, "long_sessions") < total(one, "sessions")
    assert state(one) == "done"

    # A start goes to where the others are; so do the commands.
    assert one.stop() == DONE
    one.start_and_wait()
    assert total(one, "orders") == before["orders"] + shop.sent
    settings = environment_of(installation.settings)
    assert "every row is what its events make of it" in succeed("verify", environment=settings)
    assert f"keyspace {installation.name}_3 is as declared" in run("schema", "apply", environment=settings).stderr


def test_a_process_that_slept_through_the_change_goes_on_in_the_new_keyspace(installation):
    one, sleeper = installation.process(), installation.process("process")
    for process in (one, sleeper):
        process.start_and_wait()
    shop = Shop(one)
    wait_until(lambda: shop.sent > 20, "events to come in")
    sleeper.pause()
    try:
        # Its partitions go to the other process, without which the new tables would wait for it.
        assert "the new tables serve" in succeed("rebuild", "--url", url(one))
    finally:
        sleeper.resume()
    moved = f"answers come from keyspace {installation.name}_2"
    wait_until(lambda: moved in sleeper.last_messages(), "the sleeper to follow")
    woken = shop.sent
    wait_until(lambda: shop.sent > woken + 20, "events to come in")
    shop.wait_for_answers(5)
    shop.close()
    wait_until(lambda: total(one, "orders") == shop.sent, "all orders to be counted")
    assert total(one, "events") == shop.sent
    assert [process.stop() for process in (one, sleeper)] == [DONE, DONE]
    assert "every row is what its events make of it" in succeed("verify", environment=environment_of(installation.settings))
