#!/usr/bin/env python3
"""Starts and stops the real servers (Kafka, Cassandra, HDFS) on free ports of this machine's loopback.

    servers.py start --folder DIR [kafka] [cassandra] [hdfs]    all three where none is named
    servers.py stop --folder DIR

`start` returns when all answer, and leaves their addresses in DIR/servers.env, a line each:
BYTEBASKET_TEST_KAFKA, BYTEBASKET_TEST_CASSANDRA, BYTEBASKET_TEST_HDFS. `stop` ends what the pid files in DIR name.
The jars are fetched from Maven Central once.
"""

import argparse
import pathlib
import shutil
import sys

from cassandra_server import Cassandra
from hdfs_server import Hdfs
from java_process import JavaProcess
from kafka_server import Kafka

KINDS = {"kafka": Kafka, "cassandra": Cassandra, "hdfs": Hdfs}


def start(folder: pathlib.Path, kinds: list[str]) -> dict[str, str]:
    """Starts a server of each kind in `folder`, which is emptied first, and waits until they answer. Their addresses."""
    stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    servers = [KINDS[kind](folder) for kind in kinds]
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.wait_until_ready()
    except BaseException:
        stop(folder)
        raise
    environment: dict[str, str] = {}
    for server in servers:
        environment |= server.environment()
    (folder / "servers.env").write_text("".join(f"{name}={value}\n" for name, value in environment.items()))
    return environment


def stop(folder: pathlib.Path) -> None:
    """Ends every server that a pid file in `folder` names; nothing where there is none."""
    for pid_file in sorted(folder.glob("*.pid")):
        JavaProcess(folder, pid_file.stem, [], lambda: False).stop()
    (folder / "servers.env").unlink(missing_ok=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["start", "stop"])
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], help="which servers")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where they keep their data")
    arguments = parser.parse_intermixed_args()
    folder = arguments.folder.resolve()
    if arguments.command == "stop":
        stop(folder)
        return 0
    try:
        environment = start(folder, arguments.kinds or list(KINDS))
    except (RuntimeError, TimeoutError) as error:
        print(f"servers.py: {error}", file=sys.stderr)
        return 1
    for name, value in environment.items():
        print(f"{name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
