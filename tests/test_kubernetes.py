"""The manifests are what Kubernetes takes, and as restricted as the sandboxes allow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reward_server.settings import Settings

_FOLDER = Path(__file__).parents[1] / "docs" / "kubernetes"
_VERSIONS = ("1.30", "1.37")


def _objects() -> list[dict[str, Any]]:
    return [each for path in sorted(_FOLDER.glob("*.yaml")) for each in yaml.safe_load_all(path.read_text())]


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


def test_requests_in_progress_have_their_time():
    (pod, server), *_ = [(pod, each) for pod, each in _containers() if each["name"] == "server"]
    told = {entry["name"]: entry["value"] for entry in server["env"]}
    stop = server["lifecycle"]["preStop"]["sleep"]["seconds"]
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
