"""The Dockerfile keeps to what its linter knows, and copies and installs what exists."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "Dockerfile"
HADOLINT = pathlib.Path(sys.executable).with_name("hadolint")


def instructions() -> list[tuple[str, str]]:
    """Each instruction with its arguments; continued lines are joined, comments are gone."""
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def hadolint(path: pathlib.Path) -> subprocess.CompletedProcess:
    return subprocess.run([HADOLINT, "--no-color", "--failure-threshold", "info", path], capture_output=True, text=True, check=False)


def test_the_linter_finds_nothing():
    assert (hadolint(DOCKERFILE).returncode, hadolint(DOCKERFILE).stdout) == (0, "")


def test_the_linter_finds_a_mistake(tmp_path: pathlib.Path):
    planted = tmp_path / "Dockerfile"
    planted.write_text(DOCKERFILE.read_text().replace("debian:12-slim AS build", "debian AS build"))
    assert "DL3006" in hadolint(planted).stdout


def test_everything_that_is_copied_exists():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name, arguments in instructions():
        if name != "COPY" or "--from=" in arguments:
            continue
        for source in arguments.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source not in ignored, source


def test_no_secret_is_copied():
    assert "deploy/.env" in (ROOT / ".dockerignore").read_text().splitlines()


def test_it_builds_with_the_commands_of_the_project():
    commands = [arguments for name, arguments in instructions() if name == "RUN"]
    assert "scripts/setup.sh cluster" in commands
    assert "make dist" in commands
    assert re.search(r"^dist:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_program_runs_as_a_user_without_rights():
    user = [arguments for name, arguments in instructions() if name == "USER"][-1]
    assert int(user) > 0
    assert f"--uid {user}" in DOCKERFILE.read_text()


@pytest.mark.parametrize("name", ["packages.txt", "packages-cluster.txt", "packages-run.txt", "packages-test.txt"])
def test_every_package_is_one_that_debian_knows(name: str):
    lines = (ROOT / "scripts" / name).read_text().splitlines()
    packages = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert len(set(packages)) == len(packages)
    # The lists were installed by scripts/setup.sh, so dpkg knows each, unless a command stands in for it.
    wanted = [line.split()[0] for line in lines if line and not line.startswith("#") and len(line.split()) == 1]
    known = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted], capture_output=True, text=True, check=False
    )
    installed = {line.split()[0] for line in known.stdout.splitlines() if line.endswith(" installed")}
    assert set(wanted) - installed == set()
