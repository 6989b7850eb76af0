"""The lake in an HDFS that serves nobody without a Kerberos ticket."""

import json
import pathlib

import pytest
from services.kerberos import Realm, SecuredHdfs

from faults.server import environment_of
from scenarios.command import INTERNAL, run, succeed

EVENTS = 20_000


@pytest.fixture(scope="module")
def hdfs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kerberos")
    realm = Realm(folder / "realm")
    servers = SecuredHdfs(folder, realm)
    try:
        servers.start()
        servers.wait_until_ready()
        for change in ("MKDIRS", "SETOWNER&owner=bytebasket"):
            servers.curl(f"/webhdfs/v1/shop?op={change}", "--request", "PUT", "--fail", ticket=servers.superuser)
        yield servers
    finally:
        servers.stop()
        realm.stop()


@pytest.fixture(scope="module")
def ticket(hdfs) -> dict[str, str]:
    return hdfs.realm.ticket("bytebasket", hdfs.realm.keytab("bytebasket"))


@pytest.fixture
def data(tmp_path) -> pathlib.Path:
    succeed("generate", "--seed", 7, "--events", EVENTS, "--to", tmp_path / "shop.jsonl")
    succeed("import", tmp_path / "shop.jsonl", "--format", "segment", "--data", tmp_path / "data")
    return tmp_path / "data"


def settings(hdfs: SecuredHdfs, folder: str, kerberos: bool = True) -> dict[str, str]:
    lake = {"engine": "hdfs", "name_nodes": hdfs.address, "folder": folder, "kerberos": str(kerberos).lower()}
    return environment_of({f"lake.{name}": value for name, value in lake.items()})


def test_what_is_archived_with_a_ticket_is_read_and_verified_with_it(hdfs, ticket, data):
    environment = settings(hdfs, "/shop/lake") | ticket
    archived = int(succeed("lake", "archive", "--data", data, environment=environment).split()[0])
    assert archived > EVENTS
    listed = [json.loads(line) for line in succeed("lake", "ls", "--data", data, "--format", "json", environment=environment).splitlines()]
    assert listed
    removed = succeed("retention", "--data", data, environment={**environment, "BYTEBASKET_STREAMS__RETENTION_BYTES": "1MiB"})
    assert not removed.startswith("0 records")
    report = json.loads(succeed("verify", "--data", data, "--format", "json", environment=environment))
    assert report["passed"]
    assert sum(partition["events"] for partition in report["partitions"]) > EVENTS, "what only the lake has was not read"
    status = json.loads(hdfs.curl("/webhdfs/v1/shop/lake?op=GETFILESTATUS", ticket=hdfs.superuser))
    assert status["FileStatus"]["owner"] == "bytebasket"


@pytest.mark.parametrize("kerberos", [True, False])
def test_without_a_ticket_it_says_so(hdfs, data, tmp_path, kerberos):
    nobody = {"KRB5_CONFIG": str(hdfs.realm.conf), "KRB5CCNAME": f"FILE:{tmp_path}/none"}
    refused = run("lake", "archive", "--data", data, environment=settings(hdfs, "/shop/lake", kerberos) | nobody)
    assert refused.returncode == INTERNAL
    assert "ticket" in refused.stderr, refused.stderr
    assert ("kinit" if kerberos else "lake.kerberos") in refused.stderr


def test_a_ticket_that_may_not_write_there_is_refused_by_name(hdfs, ticket, data):
    refused = run("lake", "archive", "--data", data, environment=settings(hdfs, "/not-ours") | ticket)
    assert refused.returncode == INTERNAL
    assert "bytebasket" in refused.stderr
    assert "Permission denied" in refused.stderr
