"""HDFS loses its DataNode, archivers die and wake up: each record stands in the lake once, and the status says what is wrong."""

import pathlib
import time

import pytest
from services.installation import Installation, address
from services.lake_rows import assert_each_offset_once, fetch, message_ids

from faults.comparison import get
from faults.sent_traffic import SentTraffic
from faults.server import Server, wait_until
from hdfs_server import Hdfs
from oracle.events import distinct_events

STREAMS = ("user-activity", "transactions")
PARTITIONS = 4 + 1


def lake_settings(name_node: str, folder: str) -> dict[str, str]:
    return {"lake.engine": "hdfs", "lake.name_nodes": name_node, "lake.folder": folder, "lake.file_age": "1s"}


def archive_stage(server: Server) -> dict:
    return next(stage for stage in get(server, "/api/v1/status")["stages"] if stage["name"] == "archive")


def metric(server: Server, name: str) -> float:
    """The sum over all its labels."""
    lines = server.get("/metrics").body.decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def lake_has_everything(server: Server) -> bool:
    """An archiver says how far each of its partitions is behind; those that it has not taken over yet are absent, and are no zero."""
    lines = server.get("/metrics").body.decode().splitlines()
    lags = [float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("bytebasket_archive_lag_records{")]
    return len(lags) == PARTITIONS and not any(lags)


def assert_lake_has_what_was_sent(lake: pathlib.Path, sent: SentTraffic) -> None:
    for stream in STREAMS:
        assert_each_offset_once(lake, stream)
    acknowledged = {event.message_id for event in distinct_events(sent.acknowledged.requests)}
    assert len(acknowledged) > 500
    assert acknowledged <= message_ids(lake)


@pytest.fixture
def hdfs(tmp_path):
    """Servers of this test's own, to be killed."""
    servers = Hdfs(tmp_path / "hdfs-servers")
    servers.folder.mkdir()
    servers.start()
    try:
        servers.wait_until_ready()
        yield servers
    finally:
        servers.stop()


def test_a_datanode_that_dies_and_comes_back(hdfs, tmp_path):
    server = Server(tmp_path, lake_settings(hdfs.address, "/lake"))
    server.start_and_wait()
    sent = SentTraffic(tmp_path, server, seed=20260403, shares=4, visitors=120)
    sent.start()
    try:
        sent.send_share()
        wait_until(lambda: metric(server, "bytebasket_archive_records_total") > 0, "the first records in the lake")
        hdfs.datanode.kill()
        sent.send_share()
        wait_until(lambda: archive_stage(server)["state"] != "ok", "the status to say that the lake is away")
        assert archive_stage(server)["detail"]
        sent.send_share()
        time.sleep(15)  # the outage itself: long enough for the archiver's pauses to grow
        assert archive_stage(server)["state"] != "ok"
        hdfs.datanode.start()
        hdfs.datanode.wait_until_ready()
        wait_until(lambda: archive_stage(server)["state"] == "ok", "the archiver to go on")
        sent.finish()
        # A stop waits for no lake that is still unwell: the log keeps the rest, and the next start goes on.
        wait_until(lambda: lake_has_everything(server), "the lake to have everything")
        assert server.stop() == 0
    finally:
        sent.stop()
        server.kill()
    assert_lake_has_what_was_sent(fetch(hdfs.address, "/lake", tmp_path / "fetched"), sent)


def test_archivers_that_share_the_partitions_die_and_wake_up(tmp_path):
    name_node = address("hdfs")
    folder = f"/bytebasket-tests/{tmp_path.name}-{time.time_ns()}"
    installation = Installation(tmp_path, lake_settings(name_node, folder))
    front = installation.process("collect,process,serve")
    archivers = [installation.process("archive") for _ in range(2)]
    for server in (front, *archivers):
        server.start_and_wait()
    sent = SentTraffic(tmp_path, front, seed=20260404, shares=8, visitors=120)
    sent.start()
    try:
        for turn in range(4):
            sent.send_share()
            time.sleep(2)  # for files to be under way
            killed, paused = archivers[turn % 2], archivers[1 - turn % 2]
            killed.kill()
            sent.send_share()
            killed.start_and_wait()
            time.sleep(2)
            paused.pause()
            time.sleep(8)  # longer than the group waits for a silent member
            paused.resume()
        sent.finish()
        for archiver in archivers:
            assert not archiver.is_dead(), archiver.last_messages()
        # The one that stops first hands over; the last one archives all that is left.
        for archiver in archivers:
            assert archiver.stop() == 0, archiver.last_messages()
        last = archivers[0]
        last.start_and_wait()
        wait_until(lambda: lake_has_everything(last), "the lake to have everything")
        assert last.stop() == 0
    finally:
        sent.stop()
        for archiver in archivers:
            archiver.resume()
        installation.kill()
    assert_lake_has_what_was_sent(fetch(name_node, folder, tmp_path / "fetched"), sent)
