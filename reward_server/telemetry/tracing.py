"""Traces by OpenTelemetry, where its own variables say where to: requests by FastAPI, below them stages of the work.

A request's span is in the trainer's trace if a `traceparent` header came with it. Stages are told when they end
(`sandboxes.stages`), so their spans are made afterwards, flat below the request's. Without an endpoint nothing is
recorded: a stage then costs one look at the context.
"""

import os
import time
from collections.abc import Callable, Mapping

import structlog
from opentelemetry import context, propagate, trace

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_SERVICE = "reward-server"
_NANOSECONDS = 1_000_000_000
_log = structlog.get_logger()
_tracer = trace.get_tracer("reward_server")


def start_tracing() -> Callable[[], None]:
    """Send spans to the endpoint of the environment, if there is one; return what ends that and sends the last."""
    wanted = any(os.environ.get(name) for name in _ENDPOINTS)
    if not wanted or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return lambda: None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        _log.warning(
            "no_traces", reason="an OTLP endpoint is set: install reward-server[telemetry] to send traces to it"
        )
        return lambda: None
    named = os.environ.get("OTEL_SERVICE_NAME") or _SERVICE
    provider = TracerProvider(resource=Resource.create({"service.name": named}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)

    def end() -> None:
        provider.shutdown()

    return end


def current() -> str:
    """Return the number of the trace that this is part of, empty where there is none or it is not recorded."""
    span = trace.get_current_span().get_span_context()
    return f"{span.trace_id:032x}" if span.trace_flags.sampled else ""


def note_stage(stage: str, seconds: float) -> None:
    """Record a stage that has just ended, below the span of the request that it is part of."""
    if not current():
        return
    end = time.time_ns()
    _tracer.start_span(stage, start_time=end - int(seconds * _NANOSECONDS)).end(end)


def carried() -> dict[str, str]:
    """Return the current trace as headers, for another process of this server."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    return headers


def go_on_in(headers: Mapping[str, str]) -> None:
    """Do what follows in this context in the trace that `carried` returned."""
    context.attach(propagate.extract(headers))
