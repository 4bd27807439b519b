"""Requests made up from our own OpenAPI document never meet a server error, and answers are what the document says."""

import schemathesis
from hypothesis import HealthCheck, settings

from reward_server.http.app import create_app
from reward_server.settings import Settings

_app = create_app(Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None))


schema = schemathesis.openapi.from_dict(_app.openapi())
schema.app, schema.location = _app, "/openapi.json"
"""`from_asgi` would start the app here, whose threads then run while further tests are collected and compiled."""


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
