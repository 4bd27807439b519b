"""Text to a value, one strict reader for each format, each bounded in size and depth.

Sources: JSON is RFC 8259 with unique names (its section 4 "SHOULD", here a must); YAML is read with the JSON-compatible
tags of the 1.2 core schema (no dates, no `yes`/`no` booleans, no aliases, no custom tags); TOML is 1.0; XML becomes
objects as `xmltodict` makes them (attributes `@name`, text beside children `#text`, repeated elements a list); CSV is
RFC 4180 with a header row and becomes a list of objects of texts.
"""

import csv
import datetime as dt
import io
import json
import re
import tomllib
import xml.parsers.expat
from collections.abc import Callable, Mapping
from typing import Any, Literal, NoReturn

import yaml

Format = Literal["json", "yaml", "toml", "xml", "csv"]

LONGEST = 200_000
"""Characters of a document; a longer one is beyond what any data set asks for and is refused."""
DEEPEST = 100
_LONGEST_NUMBER = 400
"""Digits of a number in JSON; reading more costs quadratic time."""


class DocumentError(Exception):
    """The text is not a document of its format; the message says why and where."""


def read(text: str, form: Format) -> Any:
    """Return the value of a document.

    Raises:
        DocumentError: it is not well formed, ambiguous, or beyond the bounds above.
    """
    if len(text) > LONGEST:
        raise DocumentError(f"longer than {LONGEST} characters")
    try:
        value = _READERS[form](text)
    except RecursionError:
        raise DocumentError(f"nested deeper than {DEEPEST}") from None
    if _depth(value) > DEEPEST:
        raise DocumentError(f"nested deeper than {DEEPEST}")
    return value


def _depth(value: Any) -> int:
    """Return how deep a value is nested, level by level, so that depth costs no recursion."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        children: list[Any] = []
        for item in level:
            children += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        level = children
    return depth


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise DocumentError(f"the name {name[:40]!r} stands twice in one object")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise DocumentError(f"{name} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise DocumentError(f"a number of {len(digits)} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits) if len(digits) <= _LONGEST_NUMBER else float("inf")
    if value in {float("inf"), float("-inf")}:
        raise DocumentError(f"the number {digits[:20]} is out of range")
    return value


def _read_json(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        raise DocumentError(f"line {error.lineno} column {error.colno}: {error.msg}") from None


class _Loader(yaml.SafeLoader):  # type: ignore[misc] # PyYAML has no types
    """SafeLoader without aliases and duplicate keys, with the scalars of the YAML 1.2 core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as in the parent

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise DocumentError("an alias (`*name`) is not accepted")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:  # noqa: ARG002
        pairs = []
        for key, value in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
                if not isinstance(key, yaml.ScalarNode):
                    raise DocumentError("a key is not a scalar")
            else:
                name = key.value
            pairs.append((name, self.construct_object(value, deep=True)))
        return _unique(pairs)


def _yaml_number(loader: _Loader, node: yaml.ScalarNode) -> float:
    text = str(loader.construct_scalar(node))
    if text.lower().lstrip("+-") in {".inf", ".nan"}:
        raise DocumentError(f"{text} is no finite number")
    return _number(text)


def _yaml_integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    if len(text) > _LONGEST_NUMBER:
        raise DocumentError(f"a number of {len(text)} digits")
    return int(text, 0) if text.startswith(("0x", "0o")) else _integer(text)


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
     "-+.0123456789"),
):  # fmt: skip
    for _character in [*_first.replace("\0", ""), *([""] if "\0" in _first else [])]:
        _Loader.yaml_implicit_resolvers.setdefault(_character, []).append(
            (f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"))
        )
_Loader.add_constructor("tag:yaml.org,2002:float", _yaml_number)
_Loader.add_constructor("tag:yaml.org,2002:int", _yaml_integer)
_JSON_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("bool", "null", "int", "float", "str", "seq", "map"))


def _read_yaml(text: str) -> Any:
    if len(text) > LONGEST // 4:
        raise DocumentError(f"longer than {LONGEST // 4} characters of YAML")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise DocumentError("empty")
        _only_json_tags(node)
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(" ".join(str(error).split())[:200]) from None
    finally:
        loader.dispose()


def _only_json_tags(root: yaml.Node) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag not in _JSON_TAGS:
            raise DocumentError(f"the tag {node.tag[:60]} is not accepted")
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _read_toml(text: str) -> Any:
    try:
        return _plain(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise DocumentError(str(error)) from None


def _plain(value: Any) -> Any:
    """Return a TOML value with dates and times as their ISO texts."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and not abs(value) < float("inf"):
        raise DocumentError(f"{value} is no finite number")
    return value


class _Element:
    """An XML element while it is read."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.children: dict[str, Any] = {f"@{name}": value for name, value in attributes.items()}
        self.text: list[str] = []
        self.repeated: set[str] = set()

    def add(self, name: str, value: Any) -> None:
        if name not in self.children:
            self.children[name] = value
        elif name in self.repeated:
            self.children[name].append(value)
        else:
            self.repeated.add(name)
            self.children[name] = [self.children[name], value]

    def value(self) -> Any:
        text = "".join(self.text).strip()
        if not self.children:
            return text or None
        return self.children | ({"#text": text} if text else {})


def _read_xml(text: str) -> Any:
    stack = [_Element({})]

    def start(_name: str, attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise DocumentError(f"nested deeper than {DEEPEST}")
        stack.append(_Element(attributes))

    def end(name: str) -> None:
        element = stack.pop()
        stack[-1].add(name, element.value())

    def doctype(*_: Any) -> NoReturn:
        raise DocumentError("a document type declaration is not accepted")

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda data: stack[-1].text.append(data)  # noqa: PLW0108 - the stack changes
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text.strip().encode("utf-8", "replace"), True)
    except xml.parsers.expat.ExpatError as error:
        raise DocumentError(str(error)) from None
    return stack[0].children


def _read_csv(text: str) -> Any:
    try:
        rows = list(csv.reader(io.StringIO(text.strip("\r\n"), newline=""), strict=True))
    except csv.Error as error:
        raise DocumentError(str(error)) from None
    if not rows or not rows[0]:
        raise DocumentError("no header row")
    header = rows[0]
    objects = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise DocumentError(f"row {number} has {len(row)} fields, the header {len(header)}")
        objects.append(_unique(list(zip(header, row, strict=True))))
    if not objects:
        _unique([(name, "") for name in header])
    return objects


_READERS: dict[Format, Callable[[str], Any]] = {
    "json": _read_json, "yaml": _read_yaml, "toml": _read_toml, "xml": _read_xml, "csv": _read_csv,
}  # fmt: skip
