"""What deploy/ passes to the program is what the program takes: flags, settings and their values, needed libraries."""

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


def flags_of(command: str) -> set[str]:
    return set(re.findall(r"--[a-z-]+", succeed(command, "--help")))


def command_lines() -> dict[str, list[str]]:
    """Every call of the program that stands in deploy/ and the Dockerfile, by where it stands."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    found = {"Dockerfile: CMD": ["bytebasket", *json.loads(re.search(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)[1])]}
    found["Dockerfile: HEALTHCHECK"] = json.loads(re.search(r"^ +CMD (\[.*\])$", dockerfile, re.MULTILINE)[1])
    for line in (ROOT / "deploy/systemd/bytebasket.service").read_text().splitlines():
        if match := re.match(r"(Exec\w+)=/usr/local/bin/(bytebasket .*)", line):
            found[f"systemd: {match[1]}"] = match[2].split()
    for name, service in compose.services().items():
        if compose.is_bytebasket(service):
            found[f"compose: {name}"] = ["bytebasket", *service.get("command", ["run"])]
            found[f"compose: {name}, healthcheck"] = service["healthcheck"]["test"][1:]
    for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml")):
        for resource in yaml.safe_load_all(path.read_text()):
            for container in resource["spec"]["template"]["spec"]["containers"] if "template" in resource.get("spec", {}) else []:
                found[f"{path.name}: {resource['metadata']['name']}"] = ["bytebasket", *container["args"]]
    return found


def test_every_command_and_flag_exists():
    lines = command_lines()
    assert len(lines) >= 7
    for where, (program, command, *rest) in lines.items():
        assert program == "bytebasket", where
        assert {argument for argument in rest if argument.startswith("--")} <= flags_of(command), where


def bytebasket_services() -> list[str]:
    return [name for name, service in compose.services().items() if compose.is_bytebasket(service)]


def settings_of_service(name: str) -> dict[str, str]:
    return {key: compose.fill_in(str(value), KEYS) for key, value in compose.services()[name]["environment"].items()}


@pytest.mark.parametrize("name", bytebasket_services())
def test_the_settings_of_the_compose_file_are_valid(name: str):
    ended = run("validate", environment={**settings_of_service(name), "BYTEBASKET_LISTEN__ADDRESS": "0.0.0.0"})
    assert ended.returncode == DONE, ended.stderr


def test_a_wrong_setting_is_found():
    environment = {**settings_of_service(bytebasket_services()[0]), "BYTEBASKET_LOG__FORMAT": "yaml"}
    assert run("validate", environment=environment).returncode == CONFIGURATION


@pytest.mark.parametrize("missing", ["BYTEBASKET_WRITE_KEYS", "BYTEBASKET_TOKENS__READ"])
def test_beyond_loopback_keys_are_wanted(missing: str):
    environment = {**settings_of_service(bytebasket_services()[0]), "BYTEBASKET_LISTEN__ADDRESS": "0.0.0.0"}
    del environment[missing]
    assert run("validate", environment=environment).returncode == CONFIGURATION


def kubernetes_configurations() -> list[pytest.param]:
    return [
        pytest.param(path, resource, id=f"{path.name}: {resource['metadata']['name']}")
        for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml"))
        for resource in yaml.safe_load_all(path.read_text())
        if resource["kind"] == "ConfigMap"
    ]


@pytest.mark.parametrize(("path", "resource"), kubernetes_configurations())
def test_the_configuration_of_the_manifests_is_valid(path: pathlib.Path, resource: dict, tmp_path: pathlib.Path):
    configuration = tmp_path / "bytebasket.yml"
    configuration.write_text(resource["data"]["bytebasket.yml"])
    names = set(re.findall(r"- name: (BYTEBASKET_\w+)", path.read_text()))
    values = {
        "BYTEBASKET_WRITE_KEYS": "{k: {name: Website, source: web}}",
        "BYTEBASKET_TOKENS__READ": "r",
        "BYTEBASKET_TOKENS__CHANGE": "c",
    }
    ended = run("validate", "--config", configuration, environment={name: values[name] for name in names})
    assert ended.returncode == DONE, ended.stderr


def libraries_of(program: pathlib.Path) -> list[pathlib.Path]:
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(path) for path in re.findall(r"=> (/\S+)", linked)]


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
    owners = set()
    for library in (str(library.resolve()) for library in libraries_of(binary()) if is_of_debian(library)):
        # On a merged /usr dpkg may know a file by its old name.
        for name in (library, library.removeprefix("/usr")):
            found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
            owners |= {line.split(":")[0] for line in found.stdout.splitlines()}
    listed = {line.split()[0] for line in (ROOT / "scripts/packages-run.txt").read_text().splitlines() if line and line[0] != "#"}
    assert len(owners) > 5
    assert owners - listed - {"libc6"} == set()
