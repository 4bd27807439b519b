r"""The calls a completion makes, in the order in which it makes them.

Read after the thinking, and only in places where a runtime would find them. Forms, by their marks:

- `hermes` (Hermes, Qwen, SmolLM): `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, any number;
- `qwen_xml` (Qwen3-Coder): `<tool_call><function=NAME><parameter=KEY>value</parameter></function></tool_call>`;
- `llama_function` (Llama 3.1): `<function=NAME>{…}</function>`;
- `mistral`: `[TOOL_CALLS][{…}, …]`;
- `deepseek` (V3, R1): `<｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME`, a fenced object, `<｜tool▁call▁end｜>`;
- `kimi` (K2): `<|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>{…}<|tool_call_end|>`;
- `json` (xLAM, Llama 3.1): a bare or fenced object or list of `{"name", "arguments" or "parameters"}`, or OpenAI's
  `tool_calls`;
- `pythonic` (BFCL prompting, ToolACE, Llama 4): a bare or fenced `[f(a=1), g.h(b="x")]` with literal arguments.

Calls of two forms in one completion are two answers: nothing is taken. A marked call that cannot be read makes the
whole completion malformed; text without a mark that is no call is just text.
"""

import ast
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from reward_server.documents.finding import fenced_blocks
from reward_server.documents.reading import DocumentError, read
from reward_server.extraction.expressions import expression
from reward_server.extraction.region import final_region

MAX_CALLS = 100
_LONGEST = 100_000
_KEY = re.compile(r"[^<>\n]{1,200}")
_NAME = re.compile(r"[A-Za-z_][\w.\-:/]{0,200}", re.ASCII)


class Call(NamedTuple):
    """One call: the tool's name and its arguments by name."""

    name: str
    arguments: dict[str, Any]
    texts: bool = False
    """Whether arguments are unparsed texts (`qwen_xml`), to be read as the types the tool declares."""


class FoundCalls(NamedTuple):
    """The calls of a completion in order."""

    calls: list[Call]
    form: str
    """A form of the table above; `none` where nothing is called, `malformed` with a `problem`."""
    problem: str = ""


ARGUMENT_NAMES = ("arguments", "parameters", "input")
"""What a call's arguments are named, by one data set or another."""


class CallError(Exception):
    """A marked call cannot be read."""


def find_calls(completion: str) -> FoundCalls:
    """Return the calls in the final text of a completion."""
    text = final_region(completion, _LONGEST * 2).text.strip()
    if len(text) > _LONGEST:
        return FoundCalls([], "malformed", f"longer than {_LONGEST} characters")
    marked = [form for form, mark in _MARKS.items() if mark in text]
    if "hermes" in marked and "<function=" in text:
        marked = ["qwen_xml"] if "{" not in text.partition("<function=")[0] else [*marked, "qwen_xml"]
    marked = [form for form in marked if not (form == "llama_function" and "qwen_xml" in marked)]
    if len(marked) > 1:
        return FoundCalls([], "malformed", f"calls in two forms: {', '.join(marked)}")
    try:
        if marked:
            calls, form = _MARKED[marked[0]](text), marked[0]
        else:
            calls, form = _unmarked(text)
    except (CallError, DocumentError) as error:
        return FoundCalls([], "malformed", str(error)[:200])
    if len(calls) > MAX_CALLS:
        return FoundCalls([], "malformed", f"more than {MAX_CALLS} calls")
    return FoundCalls(calls, form)


_MARKS = {
    "hermes": "<tool_call>",
    "llama_function": "<function=",
    "mistral": "[TOOL_CALLS]",
    "deepseek": "<｜tool▁call▁begin｜>",
    "kimi": "<|tool_call_begin|>",
}


def _between(text: str, opening: str, closing: str) -> list[str]:
    """Return what stands in each pair of marks.

    Raises:
        CallError: a mark is opened twice, never closed, or closed without being opened.
    """
    found = []
    pieces = text.split(opening)
    if closing in pieces[0]:
        raise CallError(f"{closing} without {opening}")
    for piece in pieces[1:]:
        inside, closed, rest = piece.partition(closing)
        if not closed:
            raise CallError(f"{opening} is never closed")
        if closing in rest:
            raise CallError(f"{closing} twice")
        found.append(inside)
    return found


def _hermes(text: str) -> list[Call]:
    return [_from_object(read(inside, "json")) for inside in _between(text, "<tool_call>", "</tool_call>")]


def _qwen_xml(text: str) -> list[Call]:
    calls = []
    for block in _between(text, "<tool_call>", "</tool_call>"):
        for function in _between(block, "<function=", "</function>"):
            name, closed, body = function.partition(">")
            if not closed:
                raise CallError("<function=NAME is not closed")
            calls.append(Call(_name(name), _parameters(body), texts=True))
    return calls


def _parameters(body: str) -> dict[str, str]:
    """Return the texts of `<parameter=KEY>…</parameter>` by their keys."""
    found: dict[str, str] = {}
    for parameter in _between(body, "<parameter=", "</parameter>"):
        key, closed, value = parameter.partition(">")
        if not closed or not _KEY.fullmatch(key.strip()):
            raise CallError(f"a parameter has no name: {key.strip()[:40]!r}")
        if key.strip() in found:
            raise CallError("a parameter stands twice")
        found[key.strip()] = value.strip("\n")
    return found


def _llama_function(text: str) -> list[Call]:
    calls = []
    for inside in _between(text, "<function=", "</function>"):
        name, closed, body = inside.partition(">")
        if not closed:
            raise CallError("<function=NAME is not closed")
        calls.append(Call(_name(name), _arguments(read(body or "{}", "json"))))
    return calls


def _mistral(text: str) -> list[Call]:
    _, _, rest = text.partition("[TOOL_CALLS]")
    return _from_json(read(rest.strip().removesuffix("</s>"), "json"), marked=True)


def _deepseek(text: str) -> list[Call]:
    calls = []
    for inside in _between(text, "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>"):
        name, separator, body = inside.partition("<｜tool▁sep｜>")
        if separator and name.strip() == "function":
            name, _, body = body.partition("\n")
        blocks = fenced_blocks(body)
        calls.append(Call(_name(name), _arguments(read(blocks[0][1] if blocks else body, "json"))))
    return calls


def _kimi(text: str) -> list[Call]:
    calls = []
    for inside in _between(text, "<|tool_call_begin|>", "<|tool_call_end|>"):
        identity, separator, body = inside.partition("<|tool_call_argument_begin|>")
        if not separator:
            raise CallError("no arguments")
        name = identity.strip().removeprefix("functions.").rpartition(":")[0]
        calls.append(Call(_name(name), _arguments(read(body, "json"))))
    return calls


_MARKED: dict[str, Callable[[str], list[Call]]] = {
    "hermes": _hermes, "qwen_xml": _qwen_xml, "llama_function": _llama_function, "mistral": _mistral,
    "deepseek": _deepseek, "kimi": _kimi,
}  # fmt: skip


def _unmarked(text: str) -> tuple[list[Call], str]:
    """Return the calls of a text that is nothing but calls, or of its one fenced block."""
    text = text.removeprefix("<|python_tag|>").strip()
    blocks = [
        content for tag, content in fenced_blocks(text) if tag in {"", "json", "python", "tool_code", "tool_call"}
    ]
    found: list[tuple[list[Call], str]] = []
    for candidate in blocks or [text]:
        calls = _calls_alone(candidate.strip())
        if calls is not None:
            found.append(calls)
    if len(found) > 1:
        raise CallError("calls in several blocks")
    return found[0] if found else ([], "none")


def _calls_alone(text: str) -> tuple[list[Call], str] | None:
    if text[:1] in {"{", "["}:
        try:
            value = read(text, "json")
        except DocumentError:
            value = None
        if value is not None:
            calls = _from_json(value, marked=False)
            return (calls, "json") if calls or value == [] else None
    if text.endswith((")", "]")) and "(" in text:
        return _pythonic(text)
    return None


def _from_json(value: Any, *, marked: bool) -> list[Call]:
    """Return the calls of a JSON value; a value that has no calls is none where it is not `marked` as a call."""
    if isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        value = value["tool_calls"]
    entries = value if isinstance(value, list) else [value]
    looks = [isinstance(entry, dict) and ("name" in entry or "function" in entry) for entry in entries]
    if not all(looks) and not marked:
        return []
    return [_from_object(entry) for entry in entries]


def _from_object(entry: Any) -> Call:
    """Return the call of `{"name", "arguments"}`, or of OpenAI's `{"type": "function", "function": {…}}`."""
    if isinstance(entry, dict) and isinstance(entry.get("function"), dict):
        entry = entry["function"]
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise CallError("a call has no name")
    given = [key for key in ARGUMENT_NAMES if key in entry]
    if len(given) > 1:
        raise CallError(f"a call has both {given[0]!r} and {given[1]!r}")
    return Call(_name(entry["name"]), _arguments(entry[given[0]] if given else {}))


def _name(name: str) -> str:
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise CallError(f"{name[:60]!r} is no tool's name")
    return name


def _arguments(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = read(value, "json") if value.strip() else {}
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise CallError(f"arguments are a {type(value).__name__}, not an object")
    return value


def _pythonic(text: str) -> tuple[list[Call], str] | None:
    tree = expression(text)
    if tree is None:
        return None
    nodes = tree.elts if isinstance(tree, ast.List | ast.Tuple) else [tree]
    if not nodes or not all(isinstance(node, ast.Call) for node in nodes):
        return None
    return [_python_call(node) for node in nodes if isinstance(node, ast.Call)], "pythonic"


def _python_call(node: ast.Call) -> Call:
    if node.args:
        raise CallError("a positional argument has no name")
    arguments: dict[str, Any] = {}
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg in arguments:
            raise CallError("an argument is unpacked or stands twice")
        try:
            arguments[keyword.arg] = _literal(keyword.value)
        except (ValueError, TypeError, RecursionError, MemoryError):
            raise CallError(f"the argument {keyword.arg!r} is no literal") from None
    return Call(_name(ast.unparse(node.func)), arguments)


def _literal(node: ast.expr) -> Any:
    return _json_like(ast.literal_eval(node))


def _json_like(value: Any) -> Any:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("a key is no text")
        return {key: _json_like(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_like(item) for item in value]
    if isinstance(value, str | int | float | bool | None):
        return value
    raise ValueError(f"a {type(value).__name__} is no argument")
