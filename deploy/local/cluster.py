#!/usr/bin/env python3
"""Starts Kafka, Cassandra, HDFS and ByteBasket over them on this machine, without Docker, until Ctrl-C.

    cluster.py [--program FILE] [--listen HOST:PORT] [--quiet-shop] [--folder DIR]

Everything is in one folder (a temporary one where none is named), which is removed at the end. ByteBasket gets
config/cluster.yml, with the servers' addresses in its environment, and a mock shop that sends traffic over HTTP.
"""

import argparse
import contextlib
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

import servers

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What servers.py leaves in its environment → the setting that wants it.
SETTINGS = {
    "BYTEBASKET_TEST_KAFKA": "BYTEBASKET_KAFKA__BROKERS",
    "BYTEBASKET_TEST_CASSANDRA": "BYTEBASKET_CASSANDRA__CONTACT_POINTS",
    "BYTEBASKET_TEST_HDFS": "BYTEBASKET_LAKE__NAME_NODES",
}
# What is asked for before the first start; each can be run again without harm.
PREPARATIONS = (["topics", "apply"], ["schema", "apply"])


def say(text: str) -> None:
    print(f"== {text}", file=sys.stderr, flush=True)


def settings_for(addresses: dict[str, str], folder: pathlib.Path) -> dict[str, str]:
    settings = {SETTINGS[name]: address for name, address in addresses.items() if name in SETTINGS}
    return {**settings, "BYTEBASKET_DATA__DIR": str(folder / "bytebasket")}


def leave_for_other_terminals(settings: dict[str, str], folder: pathlib.Path, program: str) -> None:
    """The settings for commands that somebody runs beside: doctor, verify, topics."""
    file = folder / "settings.sh"
    file.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in settings.items()))
    say(f"in another terminal, in {ROOT}:")
    say(f"  . {file}; {program} verify --config config/cluster.yml")


def serve(arguments: argparse.Namespace, environment: dict[str, str]) -> int:
    """Runs ByteBasket until it ends or a signal ends it."""
    config = ["--config", str(ROOT / "config/cluster.yml")]
    for preparation in PREPARATIONS:
        subprocess.run([arguments.program, *preparation, *config], cwd=ROOT, env=environment, check=True)
    shop = ["run"] if arguments.quiet_shop else ["demo", "--backfill", "6h"]
    command = [arguments.program, *shop, *config, "--listen", arguments.listen]
    program = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: program.send_signal(signal.SIGTERM))
    signal.signal(signal.SIGINT, lambda *_: program.send_signal(signal.SIGTERM))
    return program.wait()


@contextlib.contextmanager
def folder_for(named: pathlib.Path | None):
    folder = named.resolve() if named else pathlib.Path(tempfile.mkdtemp(prefix="bytebasket-cluster."))
    if folder.exists() and any(folder.iterdir()):
        raise RuntimeError(f"{folder} is not empty; everything in it would be removed at the end")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/cluster/bytebasket"), help="ByteBasket, built with the engines")
    parser.add_argument("--listen", default="127.0.0.1:8080", help="where ByteBasket listens")
    parser.add_argument("--quiet-shop", action="store_true", help="no mock shop: `bytebasket run` instead of `demo`")
    parser.add_argument("--folder", type=pathlib.Path, help="where everything is kept meanwhile")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as until_the_end:
        try:
            folder = until_the_end.enter_context(folder_for(arguments.folder))
            until_the_end.callback(servers.stop, folder)
            say("starting Kafka, Cassandra and HDFS (the first time they are fetched from Maven Central)")
            addresses = servers.start(folder, list(servers.KINDS))
            for name, address in addresses.items():
                say(f"{name.removeprefix('BYTEBASKET_TEST_').lower():<10} {address}")
            say(f"their messages are in {folder}/*.log")
            settings = settings_for(addresses, folder)
            leave_for_other_terminals(settings, folder, arguments.program)
            status = serve(arguments, {**os.environ, **settings})
            say("stopping the servers")
            return status
        except (RuntimeError, TimeoutError, subprocess.CalledProcessError) as error:
            say(str(error))
            return 1
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
