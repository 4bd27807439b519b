"""A request's spans are in the trainer's trace, its stages below it; nothing is recorded where nobody asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings
from reward_server.telemetry import tracing

_TRACE, _PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
_ITEM = {"task": {"kind": "math", "ground_truth": "\\sin(1)^2"}, "completion": "\\boxed{1-\\cos(1)^2}"}
_SLOW = {"task": {"kind": "regex", "matches": ["aa"], "rejects": ["b" * 30]}, "completion": "```\n(a|a)+\n```"}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="no package: opentelemetry-sdk")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    provider, kept = sdk.TracerProvider(), memory.InMemorySpanExporter()
    provider.add_span_processor(export.SimpleSpanProcessor(kept))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("reward_server"))
    yield kept
    provider.shutdown()


def _client() -> TestClient:
    return TestClient(create_app(Settings(sandbox="none", cache_file="memory", redis_url=None)))


def test_a_requests_stages_are_below_it_in_the_trainers_trace(spans: Any):
    with _client() as client:
        headers = {"traceparent": f"00-{_TRACE}-{_PARENT}-01"}
        assert client.post("/score", json={"items": [_ITEM, _SLOW]}, headers=headers).status_code == 200
        client.get("/healthz")
    ours = [span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == _TRACE]
    request = next(span for span in ours if span.parent and f"{span.parent.span_id:016x}" == _PARENT)
    assert "/score" in request.name
    stages = {span.name: span for span in ours if span.parent and span.parent.span_id == request.context.span_id}
    assert {"compile", "cache", "queue", "worker"} <= stages.keys()
    assert all(request.start_time - 10**7 <= span.start_time <= span.end_time for span in stages.values())
    assert not [span for span in spans.get_finished_spans() if "healthz" in span.name]


def test_a_histograms_bucket_names_the_trace_that_was_last_in_it(spans: Any):
    with _client() as client:
        headers = {"traceparent": f"00-{_TRACE}-{_PARENT}-01"}
        assert client.post("/score", json={"items": [_ITEM, _SLOW]}, headers=headers).status_code == 200
        asked = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
        plain = client.get("/metrics")
    assert asked.headers["content-type"].startswith("application/openmetrics-text")
    families = {family.name: family for family in text_string_to_metric_families(asked.text)}
    for name in ("reward_stage_seconds", "reward_grading_seconds"):
        named = [(one, one.exemplar) for one in families[name].samples if one.exemplar is not None]
        assert {exemplar.labels["trace_id"] for _, exemplar in named} == {_TRACE}, name
        assert all(exemplar.value <= float(one.labels["le"]) for one, exemplar in named)
    assert plain.headers["content-type"].startswith("text/plain")
    assert _TRACE not in plain.text
    assert not [span for span in spans.get_finished_spans() if "metrics" in span.name]


def test_another_process_goes_on_in_the_same_trace(spans: Any):
    with tracing._tracer.start_as_current_span("here"):
        headers = tracing.carried()
    tracing.go_on_in(headers)
    tracing.note_stage("cache", 0.5)
    here, there = {span.name: span for span in spans.get_finished_spans()}.values()
    cache, parent = (there, here) if there.name == "cache" else (here, there)
    assert cache.parent.span_id == parent.context.span_id
    assert cache.end_time - cache.start_time == 500_000_000
    tracing.go_on_in({})


def test_without_an_endpoint_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    monkeypatch.setattr(trace, "set_tracer_provider", lambda _: pytest.fail("set up"))
    tracing.start_tracing()()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    tracing.start_tracing()()
    assert tracing.carried() == {}
