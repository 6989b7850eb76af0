"""What deploy/ passes to the program is what the program takes: flags, settings and their values, needed libraries."""

import itertools
import json
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

from faults.server import ROOT, binary
from scenarios.command import CONFIGURATION, DONE, run, succeed

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "deploy"))
import compose

KEYS = {"BYTEBASKET_WRITE_KEY": "k7Qm2xY9", "BYTEBASKET_READ_TOKEN": "reads", "BYTEBASKET_CHANGE_TOKEN": "changes"}


def flags_of(command: tuple[str, ...]) -> set[str]:
    return set(re.findall(r"--[a-z-]+", succeed(*command, "--help")))


def calls_of_containers(pod: dict) -> list[list[str]]:
    return [container["args"] for container in [*pod.get("initContainers", []), *pod["containers"]]]


def calls_of_service(service: dict) -> list[list[str]]:
    """A service of the compose file calls the program itself, or a shell that calls it."""
    if "entrypoint" in service:
        return [line.split()[1:] for line in service["command"][0].split(";")]
    return [service["command"], service["healthcheck"]["test"][2:]]


def manifests() -> list[tuple[pathlib.Path, dict]]:
    paths = sorted((ROOT / "deploy/kubernetes").glob("*.yaml"))
    return [(path, resource) for path in paths for resource in yaml.safe_load_all(path.read_text())]


def calls() -> list[tuple[str, list[str]]]:
    """Every call of the program that stands in deploy/ and the Dockerfile, with where it stands."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    found = [("Dockerfile: CMD", json.loads(re.search(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)[1]))]
    found.append(("Dockerfile: HEALTHCHECK", json.loads(re.search(r"^ +CMD (\[.*\])$", dockerfile, re.MULTILINE)[1])[1:]))
    unit = (ROOT / "deploy/systemd/bytebasket.service").read_text()
    found += [("systemd", match.split()) for match in re.findall(r"^Exec\w+=/usr/local/bin/bytebasket (.*)$", unit, re.MULTILINE)]
    for name, service in compose.services().items():
        if compose.is_bytebasket(service):
            found += [(f"compose: {name}", call) for call in calls_of_service(service)]
    for path, resource in manifests():
        if "template" in resource.get("spec", {}):
            pod = resource["spec"]["template"]["spec"]
            found += [(f"{path.name}: {resource['metadata']['name']}", call) for call in calls_of_containers(pod)]
    return found


def test_every_command_and_flag_exists():
    assert len(calls()) > 15
    for where, call in calls():
        command = tuple(itertools.takewhile(lambda argument: not argument.startswith("--"), call))
        assert {argument for argument in call if argument.startswith("--")} <= flags_of(command), where


def bytebasket_services() -> list[str]:
    return [name for name, service in compose.services().items() if compose.is_bytebasket(service)]


def settings_of_service(name: str) -> dict[str, str]:
    """With the image's folder of configuration files in the place that it has here."""
    settings = {key: compose.fill_in(str(value), KEYS) for key, value in compose.services()[name]["environment"].items()}
    return {key: value.replace("/etc/bytebasket/", f"{ROOT}/config/") for key, value in settings.items()}


def validate_as(name: str, changes: dict[str, str | None]) -> int:
    environment = {**settings_of_service(name), **changes}
    environment = {key: value for key, value in environment.items() if value is not None}
    return run("validate", "--config", ROOT / "config/cluster.yml", environment=environment).returncode


@pytest.mark.parametrize("name", bytebasket_services())
def test_the_settings_of_the_compose_file_are_valid(name: str):
    assert validate_as(name, {}) == DONE


@pytest.mark.parametrize(
    "changes",
    [
        {"BYTEBASKET_LOG__FORMAT": "yaml"},
        {"BYTEBASKET_WRITE_KEYS": None},
        {"BYTEBASKET_TOKENS__READ": None},
        {"BYTEBASKET_KAFKA__BROKER": "k"},
    ],
)
def test_a_wrong_or_missing_setting_is_found(changes: dict[str, str | None]):
    assert validate_as("server", changes) == CONFIGURATION


@pytest.mark.parametrize(
    ("path", "resource"),
    [pytest.param(path, each, id=path.name) for path, each in manifests() if each["kind"] == "ConfigMap"],
)
def test_the_configuration_of_the_manifests_is_valid(path: pathlib.Path, resource: dict, tmp_path: pathlib.Path):
    configuration = tmp_path / "bytebasket.yml"
    configuration.write_text(resource["data"]["bytebasket.yml"])
    names = set(re.findall(r"- name: (BYTEBASKET_\w+)", path.read_text()))
    values = {**settings_of_service("server"), "BYTEBASKET_CASSANDRA__PASSWORD": "secret"}
    ended = run("validate", "--config", configuration, environment={name: values[name] for name in names})
    assert ended.returncode == DONE, ended.stderr


def libraries_of(program: pathlib.Path) -> list[pathlib.Path]:
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(path) for path in re.findall(r"=> (/\S+)", linked)]


def needed_by(file: pathlib.Path) -> set[str]:
    """The libraries that the file itself names."""
    dynamic = subprocess.run(["readelf", "-d", file], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\(NEEDED\) .*\[(.*)\]", dynamic))


def is_of_debian(library: pathlib.Path) -> bool:
    return library.is_relative_to("/lib") or library.is_relative_to("/usr/lib")


def test_what_is_shipped_needs_nothing_of_this_checkout(tmp_path: pathlib.Path):
    shipped = tmp_path / "dist"
    subprocess.run([ROOT / "scripts/dist.sh", binary(), shipped], check=True, capture_output=True)
    own = [library for library in libraries_of(shipped / "bytebasket") if not is_of_debian(library)]
    assert [library for library in own if not library.is_relative_to(shipped)] == []
    assert subprocess.run([shipped / "bytebasket", "--version"], check=True, capture_output=True).stdout.startswith(b"bytebasket")
    assert (shipped / "config/embedded.yml").exists()


def test_the_packages_that_the_image_installs_hold_the_libraries_of_the_program():
    libraries = libraries_of(binary())
    # What a package of these needs in its turn, its own dependencies bring.
    wanted = needed_by(binary()).union(*(needed_by(library) for library in libraries if not is_of_debian(library)))
    owners = set()
    for library in (str(library.resolve()) for library in libraries if is_of_debian(library) and library.name in wanted):
        # On a merged /usr dpkg may know a file by its old name.
        for name in (library, library.removeprefix("/usr")):
            found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
            owners |= {line.split(":")[0] for line in found.stdout.splitlines()}
    listed = {line.split()[0] for line in (ROOT / "scripts/packages-run.txt").read_text().splitlines() if line and line[0] != "#"}
    assert len(owners) > 5
    assert owners - listed - {"libc6"} == set()
