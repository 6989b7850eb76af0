"""The compose file is what Compose understands, and names only what exists."""

import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
import yaml
from compose import DEPLOY, FILE, ROOT, VARIABLE, document, is_bytebasket, services, variables

POM = {"m": "http://maven.apache.org/POM/4.0.0"}
PROJECT_VERSION = re.search(r"project\(bytebasket VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]


def local_version(server: str) -> str:
    """The version of the server that deploy/local fetches for the tests."""
    root = ElementTree.parse(DEPLOY / "local" / server / "pom.xml").getroot()
    version = root.findtext("m:dependencies/m:dependency/m:version", namespaces=POM)
    if version.startswith("${"):
        version = root.findtext(f"m:properties/m:{version[2:-1]}", namespaces=POM)
    return version


def check_schema(path: pathlib.Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_keeps_to_the_schema_of_compose():
    ended = check_schema(FILE)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_mistake_is_found(tmp_path: pathlib.Path):
    planted = tmp_path / "docker-compose.yml"
    planted.write_text(FILE.read_text().replace("healthcheck:", "healthchecks:", 1))
    assert check_schema(planted).returncode != 0


@pytest.mark.parametrize(("image", "server"), [("apache/kafka", "kafka"), ("cassandra", "cassandra"), ("apache/hadoop", "hdfs")])
def test_the_servers_are_of_the_version_that_the_tests_run_against(image: str, server: str):
    images = {service["image"] for service in services().values() if service["image"].split(":")[0] == image}
    assert images == {f"{image}:{local_version(server)}"}


def test_every_image_has_a_whole_version():
    for name, service in services().items():
        assert re.search(r":v?\d+\.\d+\.\d+$", service["image"]), name
        if is_bytebasket(service):
            assert service["image"] == f"bytebasket:{PROJECT_VERSION}", name


def test_every_mounted_file_exists_and_every_volume_is_declared_and_used():
    declared, used = set(document()["volumes"]), set()
    for name, service in services().items():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), f"{name}: {source}"
            else:
                used.add(source)
    assert used == declared


def one_shot_services() -> set[str]:
    """Services that others wait for to have ended well."""
    conditions = [each for service in services().values() for each in service.get("depends_on", {}).items()]
    return {name for name, how in conditions if how["condition"] == "service_completed_successfully"}


def test_every_server_is_watched_bounded_and_started_again():
    for name, service in services().items():
        assert "mem_limit" in service, name
        if service.get("restart") == "unless-stopped":
            assert service["healthcheck"]["test"], name
        else:
            assert name in one_shot_services(), f"{name} would stay down"


def test_published_ports_differ_and_are_of_this_machine_only():
    published = [port for service in services().values() for port in service.get("ports", [])]
    assert len({port.rsplit(":", 1)[0] for port in published}) == len(published)
    assert [port for port in published if not re.match(r"(\$\{BYTEBASKET_PUBLISH\w*:-)?127\.0\.0\.1:", port)] == []


def test_secrets_come_from_the_environment_and_the_example_holds_none():
    example = dict(line.split("=", 1) for line in (DEPLOY / ".env.example").read_text().splitlines() if "=" in line and line[0] != "#")
    assert set(example) == variables() | {secret["environment"] for secret in document()["secrets"].values()}
    assert {name for name, value in example.items() if value} <= {"BYTEBASKET_PUBLISH", "BYTEBASKET_PUBLISH_COLLECTOR"}
    ignored = subprocess.run(["git", "check-ignore", "-q", "deploy/.env"], cwd=ROOT, check=False)
    assert ignored.returncode == 0 or not (ROOT / ".git").exists()


def test_no_secret_has_a_default():
    secrets = {"GRAFANA_PASSWORD", "BYTEBASKET_WRITE_KEY", "BYTEBASKET_READ_TOKEN", "BYTEBASKET_CHANGE_TOKEN"}
    text = FILE.read_text(encoding="utf-8")
    assert secrets <= variables() | {secret["environment"] for secret in document()["secrets"].values()}
    assert [match[0] for match in VARIABLE.finditer(text) if match[1] in secrets and match[2] != "?"] == []


def test_prometheus_reads_every_bytebasket():
    jobs = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"]
    job = next(job for job in jobs if job["job_name"] == "bytebasket")
    named = {target for group in job["static_configs"] for target in group["targets"]}
    # A name that Docker resolves to every container that the service is scaled to.
    [lookup] = job["dns_sd_configs"]
    assert lookup["type"] == "A"
    named |= {f"{name}:{lookup['port']}" for name in lookup["names"]}
    running = {name for name, service in services().items() if is_bytebasket(service)} - one_shot_services()
    assert named == {f"{name}:8080" for name in running}


def test_grafana_finds_what_is_mounted():
    grafana = services()["grafana"]
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (DEPLOY / "grafana/dashboards" / pathlib.PurePosixPath(home).name).exists()
    assert json.loads((DEPLOY / "grafana/dashboards/bytebasket.json").read_text())["uid"] == "bytebasket"


def test_kafka_is_told_nothing_that_the_tests_do_not_tell_it():
    template = (DEPLOY / "local/kafka/server.properties.in").read_text()
    known = {line.split("=")[0] for line in template.splitlines() if "=" in line and not line.startswith("#")}
    told = {
        name.removeprefix("KAFKA_").replace("_", ".").lower() for name in services()["kafka"]["environment"] if name.startswith("KAFKA_")
    }
    assert told - known == {"heap.opts"}
