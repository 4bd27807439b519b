"""Large documents that break a schema: wrong, with one violation named."""

import json

import pytest

from reward_server.graders import Completion
from reward_server.graders.schema import GRADER
from reward_server.verdict import Outcome


@pytest.mark.parametrize(
    ("items", "named"),
    [({"type": "string"}, "/7"), ({"anyOf": [{"type": "string"}] * 20}, "/")],
)
def test_one_violation_of_a_large_document_is_named(items: dict, named: str):
    task = GRADER.task.model_validate({"kind": "schema", "schema": {"type": "array", "items": items}})
    document = json.dumps(["a"] * 7 + [1] * 20_000)
    verdict = GRADER.fast(GRADER.compile(task), Completion(document))
    assert verdict is not None
    assert verdict.outcome is Outcome.INCORRECT
    assert [error["at"] for error in verdict.evidence["errors"]] == [named]
