"""What FastAPI does not say of this API by itself: an example of each kind, the bearer token, names one can read."""

import json
from typing import Any

from fastapi import FastAPI

from reward_server import graders

_READABLE = 40
"""Longer names of schemas are those of generic models, with all of their parameters written out."""


def described(app: FastAPI, *, needs_token: bool) -> dict[str, Any]:
    """Return the OpenAPI document with examples of every kind and, where a token is asked for, its scheme."""
    document = _with_short_names(FastAPI.openapi(app))
    score = document.get("paths", {}).get("/score", {}).get("post", {})
    content = score.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        content["examples"] = {kind: _example(kind, grader) for kind, grader in sorted(graders.discover().items())}
    if needs_token:
        document.setdefault("components", {})["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"bearer": []}]
    return document


def _with_short_names(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.get("components", {}).get("schemas", {})
    text = json.dumps(document)
    for name in schemas:
        short = name.partition("_")[0]
        if len(name) > _READABLE and short not in schemas:
            text = text.replace(f'/{name}"', f'/{short}"').replace(f'"{name}": ', f'"{short}": ')
    short_named: dict[str, Any] = json.loads(text)
    return short_named


def _example(kind: str, grader: graders.Grader[Any, Any]) -> dict[str, Any]:
    items = [{"task": {"kind": kind, **one.task}, "completion": one.completion} for one in grader.examples[:2]]
    return {"summary": kind, "value": {"items": items}}
