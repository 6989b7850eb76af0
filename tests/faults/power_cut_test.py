"""A power cut, played: the process is killed and everything that was not fsynced is thrown away."""

import os
import pathlib
import random
import signal
import subprocess
import sys

import pytest

from faults.drop_unsynced import drop_unsynced
from faults.server import wait_until

ROUNDS = 12


def shim(folder: pathlib.Path, journal: pathlib.Path, full: pathlib.Path) -> dict[str, str]:
    return {
        **os.environ,
        "LD_PRELOAD": os.environ["BYTEBASKET_FSYNC_SHIM"],
        "BYTEBASKET_SYNC_FOLDER": str(folder),
        "BYTEBASKET_SYNC_JOURNAL": str(journal),
        "BYTEBASKET_DISK_FULL": str(full),
    }


def run_and_cut(tmp_path: pathlib.Path, script: str, torn: int | None = None) -> pathlib.Path:
    """Runs Python code in the folder `disk`, which is watched, kills it at its end and cuts the power."""
    disk = tmp_path / "disk"
    disk.mkdir(exist_ok=True)
    killed = f"import os, signal\n{script}\nos.kill(os.getpid(), signal.SIGKILL)"
    environment = shim(disk, tmp_path / "journal", tmp_path / "full")
    code = subprocess.run([sys.executable, "-c", killed], env=environment, cwd=disk, check=False).returncode
    assert code == -signal.SIGKILL
    drop_unsynced(tmp_path / "journal", torn)
    return disk


WRITE = "f = os.open(os.getcwd() + '/a', os.O_WRONLY | os.O_CREAT)\nos.write(f, b'synced')\nos.fsync(f)\nos.write(f, b' lost')"


def test_keeps_what_was_synced_and_drops_the_rest(tmp_path: pathlib.Path):
    assert (run_and_cut(tmp_path, WRITE) / "a").read_bytes() == b"synced"


def test_a_torn_file_keeps_some_of_the_rest(tmp_path: pathlib.Path):
    lengths = set()
    for seed in range(20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        lengths.add((run_and_cut(folder, WRITE, seed) / "a").stat().st_size)
    assert min(lengths) >= len(b"synced")
    assert len(lengths) > 2


def test_a_new_file_that_nothing_synced_is_gone(tmp_path: pathlib.Path):
    assert not (run_and_cut(tmp_path, "os.open(os.getcwd() + '/a', os.O_WRONLY | os.O_CREAT)") / "a").exists()


def test_a_rename_counts_once_its_folder_is_synced(tmp_path: pathlib.Path):
    rename = f"{WRITE}\nos.rename(os.getcwd() + '/a', os.getcwd() + '/b')"
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "b").write_bytes(b"before")
    disk = run_and_cut(tmp_path, rename)
    assert (disk / "b").read_bytes() == b"before"
    disk = run_and_cut(tmp_path, f"{rename}\nos.fsync(os.open(os.getcwd(), os.O_RDONLY))")
    assert (disk / "b").read_bytes() == b"synced"


class Probe:
    """A program that stores until it is killed (log_probe.cpp, tables_probe.cpp), and what it was told."""

    def __init__(self, tmp_path: pathlib.Path, program: str, verb: str):
        self.program = os.environ[program]
        self.verb = verb
        self.folder = tmp_path / "stored"
        self.journal = tmp_path / "journal"
        self.full = tmp_path / "full"
        self.output = tmp_path / "answers"

    def start(self) -> subprocess.Popen:
        environment = shim(self.folder, self.journal, self.full)
        with self.output.open("ab") as output:
            return subprocess.Popen([self.program, self.verb, str(self.folder)], env=environment, stdout=output)

    def run_until(self, kind: str, count: int) -> None:
        """Runs it until it has answered so often, then kills it."""
        process = self.start()
        try:
            self.wait_for_more(kind, count)
        finally:
            process.kill()
            process.wait()

    def answers(self, kind: str) -> list[list[str]]:
        lines = self.output.read_text(encoding="ascii").splitlines() if self.output.exists() else []
        return [line.split(" ")[1:] for line in lines if line.startswith(kind + " ")]

    def wait_for_more(self, kind: str, count: int) -> None:
        goal = len(self.answers(kind)) + count
        wait_until(lambda: len(self.answers(kind)) >= goal, f"{count} answers '{kind}'")

    def dump(self) -> list[list[str]]:
        dumped = subprocess.run([self.program, "dump", str(self.folder)], capture_output=True, text=True, check=True)
        return [line.split(" ") for line in dumped.stdout.splitlines()]


class LogProbe(Probe):
    def __init__(self, tmp_path: pathlib.Path):
        super().__init__(tmp_path, "BYTEBASKET_LOG_PROBE", "append")

    def check(self) -> None:
        """Everything acknowledged stands at its offset, once."""
        stored = self.dump()
        assert [int(offset) for offset, _ in stored] == list(range(len(stored))), "offsets have no gap"
        values = [value for _, value in stored]
        assert len(values) == len(set(values)), "no record is there twice"
        acknowledged = self.answers("ok")
        missing = [(offset, value) for offset, value in acknowledged if int(offset) >= len(values) or values[int(offset)] != value]
        assert not missing, f"{len(missing)} of {len(acknowledged)} acknowledged records are lost, the first: {missing[:3]}"


class TablesProbe(Probe):
    def __init__(self, tmp_path: pathlib.Path):
        super().__init__(tmp_path, "BYTEBASKET_TABLES_PROBE", "write")

    def check(self, kind: str) -> None:
        """Every row up to the last answer of this kind is there, and whole writes only."""
        stored = [int(number) for (number,) in self.dump()]
        assert stored == list(range(len(stored))), "rows are written in order: none is missing before the last"
        assert len(stored) % 5 == 0, "a write is all or nothing"
        newest = max(int(number) for (number,) in self.answers(kind))
        assert len(stored) > newest, f"row {newest} was {kind}, but {len(stored)} rows are left"


@pytest.mark.parametrize("torn", [False, True])
def test_no_acknowledged_record_is_lost(tmp_path: pathlib.Path, torn: bool):
    probe = LogProbe(tmp_path)
    chance = random.Random(20261122)
    for turn in range(ROUNDS):
        probe.run_until("ok", chance.randint(1, 2500))
        drop_unsynced(probe.journal, turn if torn else None)
        probe.check()


@pytest.mark.parametrize("torn", [False, True])
def test_no_synced_row_is_lost_and_no_write_is_torn(tmp_path: pathlib.Path, torn: bool):
    probe = TablesProbe(tmp_path)
    chance = random.Random(20261122)
    for turn in range(ROUNDS):
        probe.run_until("synced", chance.randint(1, 25))
        drop_unsynced(probe.journal, turn if torn else None)
        probe.check("synced")


def test_a_killed_process_loses_no_written_row(tmp_path: pathlib.Path):
    probe = TablesProbe(tmp_path)
    for count in (1, 50, 500):
        probe.run_until("written", count)
        probe.check("written")


def test_a_full_disk_loses_no_record_and_the_log_goes_on_by_itself(tmp_path: pathlib.Path):
    probe = LogProbe(tmp_path)
    fill_disk_again_and_again(probe, "ok")
    drop_unsynced(probe.journal)
    probe.check()


def test_a_full_disk_loses_no_row_and_the_tables_go_on_by_themselves(tmp_path: pathlib.Path):
    probe = TablesProbe(tmp_path)
    fill_disk_again_and_again(probe, "written")
    probe.check("written")


def fill_disk_again_and_again(probe: Probe, done: str) -> None:
    process = probe.start()
    try:
        for _ in range(3):
            probe.wait_for_more(done, 300)
            probe.full.touch()
            probe.wait_for_more("refused", 50)
            probe.full.unlink()
        probe.wait_for_more(done, 300)
    finally:
        process.kill()
        process.wait()
