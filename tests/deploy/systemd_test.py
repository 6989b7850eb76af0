"""systemd accepts the unit, and finds little that it could do to the machine."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = "/usr/local/bin/bytebasket"


@pytest.fixture
def unit(tmp_path: pathlib.Path) -> pathlib.Path:
    """The unit with a program that exists on this machine."""
    text = (ROOT / "deploy/systemd/bytebasket.service").read_text(encoding="utf-8")
    assert PROGRAM in text
    copy = tmp_path / "bytebasket.service"
    copy.write_text(text.replace(PROGRAM, "/bin/true"))
    return copy


def systemd_analyze(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_the_unit_is_valid(unit: pathlib.Path):
    ended = systemd_analyze("verify", "--man=no", unit)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_mistake_in_a_unit_is_found(unit: pathlib.Path):
    unit.write_text(unit.read_text().replace("ProtectHome=yes", "ProtectHouse=yes"))
    assert "ProtectHouse" in systemd_analyze("verify", "--man=no", unit).stderr


def test_the_service_may_do_little(unit: pathlib.Path):
    """systemd's own score, from 0.0 (nothing) to 10.0 (everything); a unit that says nothing has 9.6."""
    ended = systemd_analyze("security", "--offline=true", "--no-pager", "--threshold=15", unit)
    assert ended.returncode == 0, ended.stdout
