"""Structured documents: what fits a schema and what only looks as if it did.

Measured against others: 400 random documents fit random schemas where a validator written from the words of JSON Schema
says so, and 300 damaged documents are read where Python's `json` reads them, told to refuse `NaN` and a key given
twice. No differences (`tests/reward_server/kinds/test_schema.py`).
"""

from . import Case

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "joined": {"type": "string", "format": "date"},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}
_P = {"kind": "schema", "schema": PERSON}
_ADA = '{"name": "Ada", "age": 36}'


def _as(form: str, **more: object) -> dict[str, object]:
    return {**_P, "format": form, **more}


CASES = [
    Case(_P, _ADA, "correct"),
    Case(_P, f"```json\n{_ADA}\n```", "correct"),
    Case(_P, f"Here is the record:\n\n```json\n{_ADA}\n```\nTell me if you need more.", "correct"),
    Case(_P, f"```\n{_ADA}\n```", "correct"),
    Case(_P, f"<answer>{_ADA}</answer>", "correct"),
    Case(_P, f"<think>{{}}</think>{_ADA}<|im_end|>", "correct"),
    Case(_P, '{"age": 36, "name": "Ada", "tags": ["x", "y"], "joined": "2024-02-29"}', "correct"),
    Case(_P, '{"name": "Ada", "age": 36.0}', "correct", "1.0 is an integer for JSON Schema"),
    Case(_P, '{"name": "Ada", "age": 36.5}', "incorrect"),
    Case(_P, '{"name": "Ada"}', "incorrect"),
    Case(_P, '{"name": "", "age": 3}', "incorrect"),
    Case(_P, '{"name": "Ada", "age": 36, "tags": ["x", "x"]}', "incorrect"),
    Case(_P, '{"name": "Ada", "age": 36, "joined": "2023-02-29"}', "incorrect"),
    Case(_P, '{"name": "Ada", "age": true}', "incorrect"),
    Case(_P, "The person is Ada, 36.", "incorrect"),
    Case(_P, "", "no_answer"),
    Case(_P, "<think>still thinking", "no_answer"),
    Case(_P | {"wrapping": "bare"}, _ADA, "correct"),
    Case(_P | {"wrapping": "bare"}, f"```json\n{_ADA}\n```", "no_answer"),
    Case(_P | {"wrapping": "fenced"}, f"```json\n{_ADA}\n```", "correct"),
    Case(_P | {"wrapping": "fenced"}, _ADA, "no_answer"),
    Case(_P | {"values": {"/name": "Ada", "age": 36}}, _ADA, "correct"),
    Case(_P | {"values": {"/name": "Bob"}}, _ADA, "incorrect"),
    Case({"kind": "schema", "values": {"a.0.b": 1}}, '{"a": [{"b": 1.0}]}', "correct"),
    Case({"kind": "schema", "values": {"a.1.b": 1}}, '{"a": [{"b": 1}]}', "incorrect"),
    Case({"kind": "schema", "values": {"/a~1b": None}}, '{"a/b": null}', "correct"),
    Case({"kind": "schema", "values": {"/a~1b": None}}, "{}", "incorrect", "a missing value is not null"),
    Case(_P | {"strict": True}, _ADA, "incorrect", "strict requires every named property"),
    Case({"kind": "schema", "schema": '{"type": "array", "minItems": 2}'}, "[1, 2]", "correct"),
    Case({"kind": "schema", "schema": {"json_schema": {"schema": PERSON, "strict": True}}}, _ADA, "correct"),
    Case(_as("yaml"), "name: Ada\nage: 36", "correct"),
    Case(_as("yaml"), "```yaml\nname: Ada\nage: 36\ntags:\n  - x\n  - y\njoined: 2024-01-31\n```", "correct"),
    Case(_as("yaml"), "name: Ada\nage: '36'", "incorrect"),
    Case(_as("yaml"), "name: no\nage: 36", "correct", "`no` is a text in YAML 1.2"),
    Case(_as("yaml"), "name: Ada\n age: 36", "incorrect"),
    Case(_as("toml"), 'name = "Ada"\nage = 36\njoined = 2024-01-31', "correct"),
    Case(_as("toml"), "name = Ada\nage = 36", "incorrect"),
    Case(
        {"kind": "schema", "format": "xml", "schema": {"type": "object", "properties": {"person": PERSON}}},
        "<person><name>Ada</name><age>36</age><tags>x</tags><tags>y</tags></person>",
        "correct",
    ),
    Case(
        {"kind": "schema", "format": "xml", "schema": {"type": "object", "properties": {"person": PERSON}}},
        "<person><name>Ada</name><age>many</age></person>",
        "incorrect",
    ),
    Case(
        {"kind": "schema", "format": "xml", "schema": {"type": "object", "properties": {"person": PERSON}}},
        "<person><name>Ada</name><age>36</age></persona>",
        "incorrect",
    ),
    Case(
        {"kind": "schema", "format": "csv", "schema": {"type": "array", "items": PERSON, "minItems": 1}},
        "name,age\nAda,36\nBob,40\n",
        "correct",
    ),
    Case(
        {"kind": "schema", "format": "csv", "schema": {"type": "array", "items": PERSON, "minItems": 1}},
        "name,age\nAda,36\nBob\n",
        "incorrect",
    ),
]

_DEEP = "[" * 100_000 + "]" * 100_000

ATTACKS = [
    Case(_P, completion, "", why)
    for completion, why in [
        (f"// {_ADA}\n{{}}", "the document stands in a comment"),
        (f"{{}} /* {_ADA} */", "the document stands in a block comment"),
        ('{"name": "Ada", "age": "x", "age": 36}', "duplicate key, the last one fits"),
        ('{"name": "Ada", "age": 36, "age": "x"}', "duplicate key, the first one fits"),
        ('{"name": "Ada", "\\u0061ge": 36, "age": 1}', "duplicate key by an escape"),
        ('{"name": "Ada", "age": NaN}', "NaN compares false with every bound"),
        ('{"name": "Ada", "age": Infinity}', "infinity"),
        ('{"name": "Ada", "age": 1e999}', "overflows to infinity"),
        ('{"name": "Ada", "age": 36,}', "trailing comma"),
        ("{'name': 'Ada', 'age': 36}", "a Python literal"),
        (f"<think>{_ADA}</think>", "the document only in the thinking"),
        (f"<think>{_ADA}", "the document in an unfinished thought"),
        (f"{_ADA}\n{_ADA}", "two documents"),
        (f'```json\n{_ADA}\n```\n```json\n{{"name": 1}}\n```', "two blocks, one fits"),
        (f'```json\n{{"name": 1}}\n```\n```json\n{_ADA}\n```', "two blocks, the other fits"),
        (f"```json\n{_ADA}\n```\n```\n[]\n```", "a second block without a language"),
        (f"<answer>{{}}</answer><answer>{_ADA}</answer>", "two answers"),
        (f'{{"schema": {_ADA}}}', "the document wrapped"),
        (f"[{_ADA}]", "a list of documents"),
        ('"{\\"name\\": \\"Ada\\", \\"age\\": 36}"', "the document as a text"),
        ("{}", "an empty object"),
        ("null", "null"),
        ("true", "true"),
        ('{"$ref": "#"}', "a reference in the document"),
        ('{"name": "Ada", "age": 36, "__proto__": {}}', "an extra property"),
        ('{"name": "Ada", "age": 999999999999999999999999}', "an integer beyond 64 bits"),
        ('{"name": "Ada", "age": ' + "9" * 100_000 + "}", "a hundred thousand digits"),
        (_DEEP, "nested a hundred thousand times"),
        ('{"name":' * 50_000, "opened and never closed"),
        ('{"name": "Ada", "age": 36, "tags": [' + '"x",' * 100_000 + '"x"]}', "longer than any document"),
        ('{"name": "\u200b", "age": "36\u200b"}', "zero-width characters in a number"),
        ('\ufeff{"name": "Ada", "age": -0.5}', "a byte order mark and a number out of range"),
        ('{"name": ["Ada"], "age": 36}', "a list for a text"),
        ("name: Ada\nage: 36", "YAML for JSON"),
    ]
]
ATTACKS += [
    Case(_as("yaml"), "a: &a [x, x]\nname: *a\nage: 36", "", "an alias"),
    Case(_as("yaml"), "!!python/object/apply:os.system ['true']", "", "a tag that runs code"),
    Case(_as("yaml"), "name: Ada\nname: Bob\nage: 36", "", "a duplicate key"),
    Case(_as("yaml"), "<<: {name: Ada}\nage: 36", "", "a merge key"),
    Case(_as("yaml"), "name: Ada\nage: 36\n---\nname: 1", "", "two documents"),
    Case(_as("yaml"), "name: Ada\nage: .inf", "", "infinity"),
    Case(
        {"kind": "schema", "format": "yaml", "values": {"a": int("f" * 398, 16)}}, f"a: 0x{'f' * 500}", "",
        "a number cut to its first digits",
    ),
    Case(_as("yaml"), "- " * 20_000 + "x", "", "nested twenty thousand times"),
    Case(
        {"kind": "schema", "format": "xml", "schema": {"type": "object", "required": ["a"]}},
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', "", "entities",
    ),
    Case(
        {"kind": "schema", "format": "xml", "schema": {"type": "object", "required": ["a"]}},
        "<b><!-- <a>1</a> --></b>", "", "the element in a comment",
    ),
    Case(
        {"kind": "schema", "format": "csv", "schema": {"type": "array", "items": PERSON, "minItems": 1}},
        "name,age,age\nAda,x,36\n", "", "a column twice",
    ),
    Case({"kind": "schema", "values": {"a": 1}}, '{"a": true}', "", "true for 1"),
    Case({"kind": "schema", "values": {"a": 1}}, '{"a": "1"}', "", "a text for a number"),
    Case({"kind": "schema", "values": {"a": 18446744073709551617}}, '{"a": 18446744073709551616}', "", "rounded"),
    Case({"kind": "schema", "values": {"a": False}}, '{"a": 0}', "", "0 for false"),
]  # fmt: skip
