"""The manifests are what Kubernetes takes, and as restricted as the sandboxes allow."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reward_server.settings import Settings

_FOLDER = Path(__file__).parents[1] / "docs" / "kubernetes"
_VERSIONS = ("1.30", "1.37")


def _objects() -> list[dict[str, Any]]:
    return [each for path in sorted(_FOLDER.rglob("*.yaml")) for each in yaml.safe_load_all(path.read_text())]


def _containers() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for each in _objects():
        if each["kind"] == "Deployment":
            pod = each["spec"]["template"]["spec"]
            for container in [*pod.get("initContainers", ()), *pod["containers"]]:
                yield pod, container


@pytest.mark.parametrize("version", _VERSIONS)
@pytest.mark.parametrize(
    "place", range(len(_objects())), ids=[f"{o['kind']}-{o['metadata']['name']}" for o in _objects()]
)
def test_each_object_is_what_its_schema_says(place: int, version: str):
    schemas = pytest.importorskip("kubernetes_validate", reason="no package: kubernetes-validate")
    schemas.validate(_objects()[place], version, strict=True)


def test_every_container_is_as_restricted_as_it_can_be():
    for pod, container in _containers():
        rights = {**pod["securityContext"], **container["securityContext"]}
        assert rights["allowPrivilegeEscalation"] is False
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["capabilities"]["drop"] == ["ALL"]
        assert rights["seccompProfile"] == {"type": "RuntimeDefault"}
        added = rights["capabilities"].get("add", [])
        assert added == (["SETUID", "SETGID", "KILL"] if container["name"].startswith("sandbox") else [])
        assert rights.get("runAsNonRoot") or container["name"].startswith(("sandbox", "sockets"))
        assert pod["automountServiceAccountToken"] is False
        assert container["resources"]["limits"]["memory"]


def test_secrets_are_the_servers_alone_and_what_it_is_told_are_settings():
    known = {f"REWARD_{name.upper()}" for name in Settings.model_fields}
    for pod, container in _containers():
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted <= {volume["name"] for volume in pod["volumes"]}
        assert ("keys" in mounted) == (container["name"] == "server")
        assert {entry["name"] for entry in container.get("env", ())} <= known


def test_probes_and_commands_are_what_the_server_has():
    for _, container in _containers():
        if container["name"] not in {"server", "worker"}:
            continue
        command = container.get("command", ["reward-server", "serve"])
        asked_for_help = [sys.executable, "-m", "reward_server.cli", *command[1:], "--help"]
        assert subprocess.run(asked_for_help, check=False, capture_output=True).returncode == 0, command
        ports = {port["name"] for port in container["ports"]}
        for probe in ("startupProbe", "livenessProbe", *(["readinessProbe"] if container["name"] == "server" else [])):
            asked = container[probe]["httpGet"]
            assert asked["port"] in ports
            assert asked["path"].partition("?")[0] in {"/healthz", "/readyz", "/metrics"}


@pytest.mark.parametrize("name", ["server", "worker"])
def test_requests_in_progress_have_their_time(name: str):
    (pod, server), *_ = [(pod, each) for pod, each in _containers() if each["name"] == name]
    told = {entry["name"]: entry["value"] for entry in server["env"]}
    stop = server.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    assert pod["terminationGracePeriodSeconds"] > float(told["REWARD_DRAIN_SECONDS"]) + stop
    sandboxes = [each for each in pod["containers"] if each["name"].startswith("sandbox")]
    assert len(sandboxes) >= 2 * int(told["REWARD_SANDBOX_SLOTS"])


def test_every_selector_finds_something_and_nothing_is_open_by_default():
    pods = [each["spec"]["template"]["metadata"]["labels"] for each in _objects() if each["kind"] == "Deployment"]
    for each in _objects():
        spec = each.get("spec", {})
        selector = spec.get("selector") or spec.get("podSelector") or {}
        labels = selector.get("matchLabels", selector)
        if each["kind"] != "Namespace":
            assert any(labels.items() <= pod.items() for pod in pods), each["metadata"]["name"]
    policies = [each["spec"] for each in _objects() if each["kind"] == "NetworkPolicy"]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies
