"""`make cluster`: one command starts the real servers and ByteBasket over them, and leaves nothing behind."""

import pathlib
import signal
import subprocess
import sys

from faults.server import PATIENCE, ROOT, binary, request, wait_until
from free_ports import free_port


def test_it_serves_a_shop_on_real_servers_until_it_is_stopped(tmp_path: pathlib.Path):
    port = free_port()
    folder = tmp_path / "cluster"
    log = tmp_path / "cluster.log"
    command = [sys.executable, ROOT / "deploy/local/cluster.py", "--program", binary(), "--listen", f"127.0.0.1:{port}", "--folder", folder]
    with log.open("wb") as out:
        cluster = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        wait_until(lambda: cluster.poll() is not None or is_ready(port), f"the cluster to be ready; see {log}")
        wait_until(lambda: has_events(port), "the mock shop's events to be counted")
        assert (folder / "servers.env").read_text().count("\n") == 3
        command = f". {folder}/settings.sh; {binary()} verify --config config/cluster.yml"
        beside = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
        assert "every row is what its events make of it" in beside.stdout, beside.stderr
    finally:
        cluster.send_signal(signal.SIGINT)
        status = cluster.wait(PATIENCE)
    assert status == 0, log.read_text()
    assert not folder.exists()


def is_ready(port: int) -> bool:
    try:
        return request(port, "GET", "/readyz", timeout=2).status == 200
    except OSError:
        return False


def has_events(port: int) -> bool:
    return bool(request(port, "GET", "/api/v1/metrics/events").json()["rows"])
