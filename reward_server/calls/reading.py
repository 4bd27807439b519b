r"""The calls a completion makes, in the order in which it makes them.

Read after the thinking, and only in places where a runtime would find them. Forms, by their marks:

- `hermes` (Hermes, Qwen, SmolLM): `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, any number;
- `qwen_xml` (Qwen3-Coder): `<tool_call><function=NAME><parameter=KEY>value</parameter></function></tool_call>`;
- `llama_function` (Llama 3.1): `<function=NAME>{…}</function>`;
- `glm` (GLM-4.5): `<tool_call>NAME<arg_key>KEY</arg_key><arg_value>value</arg_value></tool_call>`;
- `invoke` (MiniMax-M2): `<invoke name="NAME"><parameter name="KEY">value</parameter></invoke>` inside of its marks;
- `mistral`: `[TOOL_CALLS][{…}, …]`, or `[TOOL_CALLS]NAME[ARGS]{…}`, any number;
- `deepseek` (V3, R1): `<｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME`, a fenced object, `<｜tool▁call▁end｜>`;
- `kimi` (K2): `<|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>{…}<|tool_call_end|>`;
- `harmony` (gpt-oss): `<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{…}<|call|>`;
- `json` (xLAM, Llama 3.1): a bare or fenced object or list of `{"name", "arguments" or "parameters"}`, or OpenAI's
  `tool_calls`;
- `pythonic` (BFCL prompting, ToolACE, Llama 4): a bare or fenced `[f(a=1), g.h(b="x")]` with literal arguments.

Calls of two forms in one completion are two answers: nothing is taken. A marked call that cannot be read makes the
whole completion malformed; text without a mark that is no call is just text.
"""

import ast
from typing import Any, NamedTuple

from reward_server.calls.marked import MARKED, Call, CallError, forms_in, from_json, harmony_calls, tool_name
from reward_server.documents.finding import fenced_blocks
from reward_server.documents.reading import DocumentError, read
from reward_server.extraction.expressions import expression
from reward_server.extraction.region import final_region

MAX_CALLS = 100
_LONGEST = 100_000


class FoundCalls(NamedTuple):
    """The calls of a completion in order."""

    calls: list[Call]
    form: str
    """A form of the table above; `none` where nothing is called, `malformed` with a `problem`."""
    problem: str = ""


def find_calls(completion: str) -> FoundCalls:
    """Return the calls in the final text of a completion."""
    text = final_region(completion, _LONGEST * 2).text.strip()
    if len(text) > _LONGEST or len(completion) > _LONGEST * 10:
        return FoundCalls([], "malformed", f"longer than {_LONGEST} characters")
    try:
        harmony = harmony_calls(completion)
        calls, text = harmony or ([], text)
        marked = [*forms_in(text), *(["harmony"] if harmony else [])]
        if len(marked) > 1:
            return FoundCalls([], "malformed", f"calls in two forms: {', '.join(marked)}")
        form = marked[0] if marked else "none"
        if not harmony:
            calls, form = (MARKED[form][1](text), form) if marked else _unmarked(text)
    except (CallError, DocumentError) as error:
        return FoundCalls([], "malformed", str(error)[:200])
    if len(calls) > MAX_CALLS:
        return FoundCalls([], "malformed", f"more than {MAX_CALLS} calls")
    return FoundCalls(calls, form)


def _unmarked(text: str) -> tuple[list[Call], str]:
    """Return the calls of a text that is nothing but calls, or of its one fenced block."""
    text, _, behind = text.removeprefix("<|python_tag|>").partition("<|eom_id|>")
    if behind.strip():
        raise CallError("text behind <|eom_id|>")
    text = text.strip()
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
            calls = from_json(value, marked=False)
            return (calls, "json") if calls or value == [] else None
    if text.endswith((")", "]")) and "(" in text:
        return _pythonic(text)
    return None


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
    return Call(tool_name(ast.unparse(node.func)), arguments)


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
