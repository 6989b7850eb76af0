"""The manifests are what Kubernetes understands, and agree with each other and with the image."""

import pathlib
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANIFESTS = sorted((ROOT / "deploy/kubernetes").glob("*.yaml"))


def validate(path: pathlib.Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "kubernetes_validate", "--strict", str(path)], capture_output=True, text=True, check=False)


def resources(path: pathlib.Path) -> list[dict]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def workloads(path: pathlib.Path) -> list[dict]:
    return [each for each in resources(path) if each["kind"] in ("StatefulSet", "Deployment", "Job")]


def containers_of(workload: dict) -> list[dict]:
    pod = workload["spec"]["template"]["spec"]
    return [*pod.get("initContainers", []), *pod["containers"]]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_every_resource_keeps_to_the_schema(path: pathlib.Path):
    ended = validate(path)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_mistake_is_found(tmp_path: pathlib.Path):
    planted = tmp_path / "planted.yaml"
    planted.write_text(MANIFESTS[0].read_text().replace("readinessProbe:", "readynessProbe:"))
    assert validate(planted).returncode != 0


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_what_a_pod_mounts_and_offers_is_there(path: pathlib.Path):
    configurations = {each["metadata"]["name"] for each in resources(path) if each["kind"] == "ConfigMap"}
    for workload in workloads(path):
        pod = workload["spec"]["template"]["spec"]
        claims = [claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])]
        volumes = {volume["name"] for volume in pod.get("volumes", [])} | set(claims)
        assert {volume["configMap"]["name"] for volume in pod.get("volumes", []) if "configMap" in volume} <= configurations
        for container in containers_of(workload):
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
            if workload["kind"] == "Job":
                continue
            ports = {port["name"] for port in container["ports"]}
            probes = [container[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
            assert {probe["port"] for probe in probes} <= ports
            assert [probe["path"] for probe in probes] == ["/livez", "/livez", "/readyz"]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_services_select_pods_that_exist(path: pathlib.Path):
    labels = [workload["spec"]["template"]["metadata"]["labels"] for workload in workloads(path)]
    for service in (each for each in resources(path) if each["kind"] == "Service"):
        selector = service["spec"]["selector"].items()
        assert any(selector <= each.items() for each in labels), service["metadata"]["name"]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_pods_have_no_rights_and_bounded_memory(path: pathlib.Path):
    dockerfile = (ROOT / "Dockerfile").read_text()
    for workload in workloads(path):
        pod = workload["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert f"--uid {pod['securityContext']['runAsUser']}" in dockerfile
        for container in containers_of(workload):
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["resources"]["limits"]["memory"]
