"""Requests made up from our own OpenAPI document never meet a server error, and answers are what the document says."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings

_app = create_app(Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None))


@pytest.fixture(scope="module", autouse=True)
def _running() -> Iterator[None]:
    with TestClient(_app):
        yield


schema = schemathesis.openapi.from_asgi("/openapi.json", _app)


@schema.include(path=["/score", "/consensus", "/graders", "/healthz"]).parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_of_the_schema_is_a_server_error(case: schemathesis.Case):
    case.call_and_validate(
        checks=[
            schemathesis.checks.not_a_server_error,
            schemathesis.checks.status_code_conformance,
            schemathesis.checks.content_type_conformance,
            schemathesis.checks.response_schema_conformance,
        ]
    )
