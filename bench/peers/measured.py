"""A command run to its end, and what it cost: wall time, and CPU time of all its threads and children."""

import contextlib
import dataclasses
import fcntl
import os
import pathlib
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence


@dataclasses.dataclass
class Cost:
    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


@contextlib.contextmanager
def alone(lock: pathlib.Path | None) -> Iterator[None]:
    """Holds the lock file, so that benchmarks that use the same one take turns."""
    if lock is None:
        yield
        return
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(command: Sequence[object], output: pathlib.Path | None = None, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs the command; its standard output goes to `output`. RuntimeError with its messages where it fails."""
    with contextlib.ExitStack() as files:
        target = files.enter_context((output or pathlib.Path(os.devnull)).open("wb"))
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command], stdout=target, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})}
        )
        messages = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{messages[-3000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)
