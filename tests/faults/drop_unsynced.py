"""Throws away what a power cut would: everything that fsync_shim.c did not see fsynced. Run after the process is dead.

python drop_unsynced.py JOURNAL [--torn SEED]

A file is cut to the length that was fsynced; with --torn to a random length from there to what was written, as disks do.
A file or a new name is made durable by an fsync of its folder and, as on journalling file systems, by any later fsync; one
that was not is taken back. Removals count as durable. The journal is used up: the next process starts a new one.
"""

import argparse
import dataclasses
import pathlib
import random


@dataclasses.dataclass
class File:
    synced: int
    name_is_durable: bool


@dataclasses.dataclass
class Rename:
    old: pathlib.Path
    new: pathlib.Path
    previous: pathlib.Path | None


class Disk:
    """What would be on it, by the journal's lines in their order."""

    def __init__(self) -> None:
        self.files: dict[pathlib.Path, File] = {}
        self.pending: list[Rename] = []
        self.kept: list[pathlib.Path] = []

    def apply(self, line: str) -> None:
        kind, *fields = line.split("\t")
        path = pathlib.Path(fields[0])
        if kind == "O":
            self.files.setdefault(path, File(int(fields[1]), name_is_durable=True))
        elif kind == "C":
            self.files[path] = File(0, name_is_durable=False)
        elif kind == "S":
            self.files.setdefault(path, File(0, name_is_durable=True)).synced = int(fields[1])
            self.make_names_durable()
        elif kind == "D":
            self.make_names_durable()
        elif kind == "R":
            self.rename(path, pathlib.Path(fields[1]), None if fields[2] == "-" else pathlib.Path(fields[2]))
        elif kind == "U":
            self.files.pop(path, None)
        else:
            raise ValueError(f"unknown line in the journal: {line!r}")

    def rename(self, old: pathlib.Path, new: pathlib.Path, previous: pathlib.Path | None) -> None:
        if old in self.files:
            self.files[new] = self.files.pop(old)
        self.pending.append(Rename(old, new, previous))
        if previous:
            self.kept.append(previous)

    def make_names_durable(self) -> None:
        for file in self.files.values():
            file.name_is_durable = True
        self.pending.clear()

    def cut_power(self, choose_length) -> None:
        for rename in reversed(self.pending):
            rename.new.rename(rename.old)
            if rename.new in self.files:
                self.files[rename.old] = self.files.pop(rename.new)
            if rename.previous:
                rename.previous.rename(rename.new)
        for path, file in self.files.items():
            if not path.exists():
                continue
            if not file.name_is_durable:
                path.unlink()
            elif (size := path.stat().st_size) > file.synced:
                with path.open("r+b") as opened:
                    opened.truncate(choose_length(file.synced, size))
        for path in self.kept:
            path.unlink(missing_ok=True)


def drop_unsynced(journal: pathlib.Path, torn: int | None = None) -> None:
    """Leaves in the watched folder what a power cut would have left."""
    disk = Disk()
    for line in journal.read_text(encoding="utf-8").splitlines():
        disk.apply(line)
    chance = random.Random(torn)
    disk.cut_power(lambda synced, size: synced if torn is None else chance.randint(synced, size))
    journal.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("journal", type=pathlib.Path)
    parser.add_argument("--torn", type=int, metavar="SEED")
    arguments = parser.parse_args()
    drop_unsynced(arguments.journal, arguments.torn)


if __name__ == "__main__":
    main()
