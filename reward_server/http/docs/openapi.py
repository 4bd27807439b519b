"""What FastAPI does not say of this API by itself: an example of each kind to execute, and the bearer token."""

from typing import Any

from fastapi import FastAPI

from reward_server import graders


def described(app: FastAPI, *, needs_token: bool) -> dict[str, Any]:
    """Return the OpenAPI document with examples of every kind and, where a token is asked for, its scheme."""
    document = FastAPI.openapi(app)
    score = document.get("paths", {}).get("/score", {}).get("post", {})
    content = score.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        content["examples"] = {kind: _example(kind, grader) for kind, grader in sorted(graders.discover().items())}
    if needs_token:
        document.setdefault("components", {})["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"bearer": []}]
    return document


def _example(kind: str, grader: graders.Grader[Any, Any]) -> dict[str, Any]:
    items = [{"task": {"kind": kind, **one.task}, "completion": one.completion} for one in grader.examples[:2]]
    return {"summary": kind, "value": {"items": items}}
