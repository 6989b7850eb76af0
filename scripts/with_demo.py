#!/usr/bin/env python3
"""Runs a command beside a running demo: with_demo.py COMMAND…

The demo (the program that BYTEBASKET_BINARY names, else build/dev/bytebasket) has a folder and a port of its own; the
command finds it by BYTEBASKET_URL. The exit status is the command's.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy/local"))

from free_ports import free_port  # noqa: E402


def wait_until_ready(demo: subprocess.Popen, url: str, seconds: float = 180) -> bool:
    deadline = time.monotonic() + seconds
    while demo.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def main() -> int:
    binary = os.environ.get("BYTEBASKET_BINARY", str(ROOT / "build/dev/bytebasket"))
    url = f"http://127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        listen = url.removeprefix("http://")
        command = [binary, "demo", "--listen", listen, "--data", folder + "/data", "--backfill", "6h"]
        with open(folder + "/demo.log", "w+", encoding="utf-8") as log:
            demo = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                if not wait_until_ready(demo, url):
                    log.seek(0)
                    print(f"the demo did not get ready:\n{log.read()}", file=sys.stderr)
                    return 1
                return subprocess.run(sys.argv[1:], env={**os.environ, "BYTEBASKET_URL": url}, check=False).returncode
            finally:
                demo.send_signal(signal.SIGTERM)
                try:
                    demo.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    demo.kill()
                    demo.wait()


if __name__ == "__main__":
    sys.exit(main())
