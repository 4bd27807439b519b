"""Schemas agree with a validator of a few lines, and JSON with Python's own strict reading."""

import json
import random
from typing import Any

import pytest

from reward_server.graders import Completion
from reward_server.graders.schema import GRADER

_NAMES = ["a", "b", "c"]
_TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def _schema(chosen: random.Random, depth: int = 2) -> dict[str, Any]:
    kind = chosen.choice([*_TYPES][: None if depth else 5])
    schema: dict[str, Any] = {"type": kind}
    if kind in {"integer", "number"} and chosen.random() < 0.6:
        schema[chosen.choice(["minimum", "maximum", "exclusiveMinimum", "multipleOf"])] = chosen.randint(1, 4)
    if kind == "string" and chosen.random() < 0.6:
        schema[chosen.choice(["minLength", "maxLength"])] = chosen.randint(0, 3)
    if kind == "array":
        schema |= {"items": _schema(chosen, depth - 1), chosen.choice(["minItems", "maxItems"]): chosen.randint(0, 2)}
    if kind == "object":
        schema["properties"] = {name: _schema(chosen, depth - 1) for name in chosen.sample(_NAMES, 2)}
        schema["required"] = chosen.sample(_NAMES, chosen.randint(0, 2))
        schema["additionalProperties"] = chosen.choice([True, False, _schema(chosen, 0)])
    return schema if chosen.random() < 0.8 else {"anyOf": [schema, {"enum": ["x", 1, None]}]}


def _document(chosen: random.Random, schema: dict[str, Any]) -> Any:
    """Return a value that often fits."""
    if "anyOf" in schema or chosen.random() < 0.15:
        return chosen.choice(["x", 1, None, True, 2.0, 1.5, [], {}, "long text", -3])
    kind = schema["type"]
    if kind == "array":
        return [_document(chosen, schema["items"]) for _ in range(chosen.randint(0, 3))]
    if kind == "object":
        names = {*schema["required"], *chosen.sample(_NAMES, chosen.randint(0, 2))}
        return {name: _document(chosen, schema["properties"].get(name, {"type": "null"})) for name in sorted(names)}
    return chosen.choice(
        {"string": ["", "ab", "abcd"], "boolean": [True, False], "null": [None]}.get(kind, [1, 2, 3.0, 4])
    )


def _fits(value: Any, schema: Any) -> bool:
    """JSON Schema 2020-12 as far as `_schema` uses it, written from its text."""
    if isinstance(schema, bool):
        return schema
    if "enum" in schema:
        return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in schema["enum"])
    if "anyOf" in schema:
        return any(_fits(value, one) for one in schema["anyOf"])
    kind = schema["type"]
    whole = kind == "integer" and isinstance(value, float) and value.is_integer()
    typed = isinstance(value, bool) == (kind == "boolean") and (isinstance(value, _TYPES[kind]) or whole)
    return typed and {"array": _array_fits, "object": _object_fits}.get(kind, _scalar_fits)(value, schema)


def _array_fits(value: list[Any], schema: dict[str, Any]) -> bool:
    sized = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
    return sized and all(_fits(one, schema["items"]) for one in value)


def _object_fits(value: dict[str, Any], schema: dict[str, Any]) -> bool:
    rest = schema["additionalProperties"]
    inside = all(_fits(one, schema["properties"].get(name, rest)) for name, one in value.items())
    return inside and all(name in value for name in schema["required"])


def _scalar_fits(value: Any, schema: dict[str, Any]) -> bool:
    bounds = {
        "minimum": lambda bound: value >= bound, "maximum": lambda bound: value <= bound,
        "exclusiveMinimum": lambda bound: value > bound, "multipleOf": lambda bound: value % bound == 0,
        "minLength": lambda bound: len(value) >= bound, "maxLength": lambda bound: len(value) <= bound,
    }  # fmt: skip
    return all(holds(schema[name]) for name, holds in bounds.items() if name in schema)


def _score(compiled: Any, text: str) -> float | None:
    verdict = GRADER.fast(compiled, Completion(text))
    assert verdict is not None
    return verdict.score


@pytest.mark.parametrize("block", range(10))
def test_documents_fit_as_the_words_of_json_schema_say(block: int):
    fitting = 0
    for seed in range(block * 40, block * 40 + 40):
        chosen = random.Random(seed)
        schema = _schema(chosen)
        document = _document(chosen, schema)
        compiled = GRADER.compile(GRADER.task.model_validate({"kind": "schema", "schema": schema}))
        expected = _fits(document, schema)
        assert _score(compiled, f"```json\n{json.dumps(document)}\n```") == float(expected), (schema, document)
        fitting += expected
    assert 5 < fitting < 35


def _strictly(text: str) -> bool:
    def refuse(name: str) -> Any:
        raise ValueError(name)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key twice")
        return dict(pairs)

    try:
        json.loads(text, parse_constant=refuse, object_pairs_hook=unique)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("block", range(5))
def test_damaged_documents_are_read_where_pythons_strict_reading_reads_them(block: int):
    compiled = GRADER.compile(GRADER.task.model_validate({"kind": "schema", "schema": {"type": ["array", "object"]}}))
    read = 0
    for seed in range(block * 60, block * 60 + 60):
        chosen = random.Random(seed)
        text = chosen.choice(['{"a": [1, 2.5e3, "x\\n"], "b": null}', '[true, {"c": -0.5}]', '{"a": 1, "b": {"a": 2}}'])
        for _ in range(chosen.randint(0, 2)):
            place = chosen.randrange(len(text))
            text = (
                text[:place]
                + chosen.choice(["", ",", '"', "0", "a", "NaN", "]", " ", "\t", "//", "+"])
                + text[place + 1 :]
            )
        expected = _strictly(text)
        assert _score(compiled, f"```json\n{text}\n```") == float(expected), text
        read += expected
    assert read > 5
