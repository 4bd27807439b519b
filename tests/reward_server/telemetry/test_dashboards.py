"""Dashboard and alerts ask for metrics that the server exports, with labels that they have."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reward_server.executors.elsewhere import ProgramsElsewhere
from reward_server.executors.local import LocalExecutor
from reward_server.executors.streams import Streams
from reward_server.graders import Resources
from reward_server.grading.landing import Graded
from reward_server.service import open_service
from reward_server.settings import Settings
from reward_server.telemetry.capacity import show_executor, show_slots
from reward_server.verdict import ungradable
from sandboxes.pool import Family, SandboxPool

_FOLDER = Path(__file__).parents[3] / "docs" / "monitoring"
_NAME = re.compile(r"\b((?:reward|process)_[a-z_]+)(?:\{([^}]*)\})?")
_BY = re.compile(r"\b(?:by|ignoring|on)\s*\(([^)]*)\)")
_ALWAYS = {"le", "instance", "job"}
"""What every sample has at Prometheus, or at least every bucket."""


async def _never() -> Any:
    raise AssertionError


def exported() -> dict[str, set[str]]:
    """Return the labels of each sample the server exports, by its name."""

    async def run() -> dict[str, set[str]]:
        async with open_service(Settings(sandbox="none", cache_file="memory", redis_url=None)) as service:
            pool = SandboxPool([Family("process", _never)], slots=1)
            pool._supplies["process"].canaries["passed"] += 1
            pool._supplies["process"].lost["ended"] += 1
            show_slots(service.metrics, pool)
            show_executor(service.metrics, ProgramsElsewhere(LocalExecutor(Resources()), Streams("redis://x")))
            service.metrics.requests["/score", "200"] += 1
            service.metrics.observe(Graded(ungradable("x"), "math/1"))
            service.metrics.note_stage("cache", 0.1)
            service.metrics.note_parts("math/1", {"accuracy": 1.0})
            samples = [sample for metric in service.metrics.registry.collect() for sample in metric.samples]
            return {sample.name: set(sample.labels) for sample in samples}

    return asyncio.run(run())


def _dashboard() -> dict[str, Any]:
    return json.loads((_FOLDER / "dashboard.json").read_text())


def _expressions() -> Iterator[str]:
    for panel in _dashboard()["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for group in yaml.safe_load((_FOLDER / "alerts.yml").read_text())["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


def test_every_metric_that_is_asked_for_is_exported_with_its_labels():
    known, asked = exported(), set()
    for expression in _expressions():
        found = _NAME.findall(expression)
        assert found, expression
        for name, labels in found:
            assert name in known, f"{name} in {expression}"
            wanted = {part.split("=")[0].strip("!~ ") for part in labels.split(",") if part}
            grouped = {each.strip() for part in _BY.findall(expression) for each in part.split(",")}
            assert (wanted | grouped) - _ALWAYS <= known[name] | _ALWAYS, f"{name}: {labels} in {expression}"
            asked.add(name)
    assert {"reward_canaries_total", "reward_isolation_level", "reward_stage_seconds_bucket"} <= asked


def test_the_dashboard_is_one_that_grafana_loads():
    dashboard = _dashboard()
    panels = dashboard["panels"]
    assert dashboard["schemaVersion"] >= 36
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)
    assert all(x + panel["gridPos"]["w"] <= 24 for (x, _), panel in zip(places, panels, strict=True))
    (variable,) = dashboard["templating"]["list"]
    assert variable["name"] == "datasource"
    for panel in panels:
        assert panel["title"]
        assert {target["refId"] for target in panel["targets"]} == set("ABCD"[: len(panel["targets"])])
        assert all(target["expr"].count("(") == target["expr"].count(")") for target in panel["targets"])


@pytest.mark.parametrize("field", ["alert", "expr", "labels", "annotations"])
def test_every_alert_says_what_it_is_and_how_bad(field: str):
    rules = [
        rule for group in yaml.safe_load((_FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]
    ]
    assert all(rule[field] for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} == {"critical", "warning"}
    assert all(set(rule["annotations"]) == {"summary", "description"} for rule in rules)
    assert len({rule["alert"] for rule in rules}) == len(rules)
