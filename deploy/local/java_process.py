"""One Java server process: started, asked whether it is ready, paused, killed and stopped, always by its own pid."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Callable, Sequence


def fill_in(template: pathlib.Path, **values: object) -> str:
    """The template's text with each @NAME@ replaced by its value."""
    text = template.read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


class JavaProcess:
    """A command whose pid stands in `<folder>/<name>.pid` and whose output goes to `<folder>/<name>.log`.

    Another process that makes the same object finds the running one by its pid file.
    """

    def __init__(self, folder: pathlib.Path, name: str, command: Sequence[str], is_ready: Callable[[], bool]):
        self.name = name
        self.command = list(command)
        self.is_ready = is_ready
        self.log = folder / f"{name}.log"
        self.pid_file = folder / f"{name}.pid"

    def pid(self) -> int | None:
        try:
            pid = int(self.pid_file.read_text())
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (OSError, ValueError):
            return None
        return None if state == "Z" else pid

    def start(self) -> None:
        """Starts the process if it does not run. It outlives this one: stop() it."""
        if self.pid() is not None:
            return
        with self.log.open("ab") as log:
            process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.pid_file.write_text(str(process.pid))

    def wait_until_ready(self, seconds: float = 180) -> None:
        """Raises RuntimeError where the process dies, TimeoutError where it takes too long."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if self.pid() is None:
                raise RuntimeError(f"{self.name} died:\n{self.last_messages()}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} was not ready after {seconds:g} s:\n{self.last_messages()}")
            time.sleep(0.1)

    def last_messages(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:]) if self.log.exists() else ""

    def pause(self) -> None:
        """Stops its clock: connections stay open and nothing is answered, as behind a broken network."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.wait_for_end(10)

    def stop(self, seconds: float = 30) -> None:
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        if not self.wait_for_end(seconds):
            self.kill()

    def send(self, number: int) -> None:
        pid = self.pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def wait_for_end(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while (pid := self.pid()) is not None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        self.pid_file.unlink(missing_ok=True)
        return True
