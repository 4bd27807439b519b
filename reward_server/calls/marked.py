r"""Calls between marks, as each model's chat template writes them: one function a form, from a text to its calls.

`reward_server.calls.reading` lists the forms. Each function reads all of the text's marks, and raises where one of them
cannot be read: a call that nobody can make is a mistake, not a text.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from reward_server.documents.finding import fenced_blocks
from reward_server.documents.reading import read

_KEY = re.compile(r"[^<>\n]{1,200}")
_RECEIVER = re.compile(r"\bto=([^\s<]{1,200})")
_HARMONY_END = re.compile(r"<\|(?:end|call|return|start|channel)\|>")
_NAME = re.compile(r"[A-Za-z_][\w.\-:/]{0,200}", re.ASCII)


class Call(NamedTuple):
    """One call: the tool's name and its arguments by name."""

    name: str
    arguments: dict[str, Any]
    texts: bool = False
    """Whether arguments are unparsed texts (`qwen_xml`, `glm`, `invoke`), to be read as the types the tool declares."""


ARGUMENT_NAMES = ("arguments", "parameters", "input")
"""What a call's arguments are named, by one data set or another."""


class CallError(Exception):
    """A marked call cannot be read."""


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


def _named(text: str, opening: str, end_of_name: str, closing: str) -> Iterator[tuple[str, str]]:
    """Yield the tool's name behind each opening mark, and what stands between it and the closing one."""
    for inside in _between(text, opening, closing):
        name, closed, body = inside.partition(end_of_name)
        if not closed:
            raise CallError(f"{opening}NAME is not closed")
        yield tool_name(name), body


def _hermes(text: str) -> list[Call]:
    return [_from_object(read(inside, "json")) for inside in _between(text, "<tool_call>", "</tool_call>")]


def _qwen_xml(text: str) -> list[Call]:
    calls = []
    for block in _between(text, "<tool_call>", "</tool_call>"):
        for name, body in _named(block, "<function=", ">", "</function>"):
            calls.append(Call(name, _parameters(body, "<parameter=", ">"), texts=True))
    return calls


def _parameters(body: str, opening: str, end_of_key: str, closing: str = "</parameter>") -> dict[str, str]:
    """Return the texts of `<parameter=KEY>…</parameter>`, or between other marks, by their keys."""
    found: dict[str, str] = {}
    for parameter in _between(body, opening, closing):
        key, closed, value = parameter.partition(end_of_key)
        if not closed or not _KEY.fullmatch(key.strip()):
            raise CallError(f"a parameter has no name: {key.strip()[:40]!r}")
        if key.strip() in found:
            raise CallError("a parameter stands twice")
        found[key.strip()] = value.strip("\n")
    return found


def _glm(text: str) -> list[Call]:
    calls = []
    for block in _between(text, "<tool_call>", "</tool_call>"):
        name, opened, pairs = block.partition("<arg_key>")
        values = _parameters(opened + pairs, "<arg_key>", "</arg_key>", "</arg_value>")
        if not all(value.lstrip().startswith("<arg_value>") for value in values.values()):
            raise CallError("an <arg_key> without its <arg_value>")
        arguments = {key: value.lstrip().removeprefix("<arg_value>") for key, value in values.items()}
        calls.append(Call(tool_name(name), arguments, texts=True))
    return calls


def _harmony(_text: str) -> list[Call]:
    raise CallError("a call in harmony behind a text that is not")


def _invoke(text: str) -> list[Call]:
    return [
        Call(name, _parameters(body, '<parameter name="', '">'), texts=True)
        for name, body in _named(text, '<invoke name="', '">', "</invoke>")
    ]


def _llama_function(text: str) -> list[Call]:
    return [
        Call(name, _arguments(read(body or "{}", "json")))
        for name, body in _named(text, "<function=", ">", "</function>")
    ]


def _mistral(text: str) -> list[Call]:
    _, _, rest = text.partition("[TOOL_CALLS]")
    if "[ARGS]" in rest:
        return [_mistral_call(piece) for piece in rest.strip().removesuffix("</s>").split("[TOOL_CALLS]")]
    return from_json(read(rest.strip().removesuffix("</s>"), "json"), marked=True)


def _mistral_call(text: str) -> Call:
    name, separator, body = text.partition("[ARGS]")
    if not separator:
        raise CallError("[TOOL_CALLS] without [ARGS]")
    return Call(tool_name(name.partition("[CALL_ID]")[0]), _arguments(read(body, "json")))


def _deepseek(text: str) -> list[Call]:
    calls = []
    for inside in _between(text, "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>"):
        name, separator, body = inside.partition("<｜tool▁sep｜>")
        if separator and name.strip() == "function":
            name, _, body = body.partition("\n")
        blocks = fenced_blocks(body)
        calls.append(Call(tool_name(name), _arguments(read(blocks[0][1] if blocks else body, "json"))))
    return calls


def _kimi(text: str) -> list[Call]:
    calls = []
    for inside in _between(text, "<|tool_call_begin|>", "<|tool_call_end|>"):
        identity, separator, body = inside.partition("<|tool_call_argument_begin|>")
        if not separator:
            raise CallError("no arguments")
        name = identity.strip().removeprefix("functions.").rpartition(":")[0]
        calls.append(Call(tool_name(name), _arguments(read(body, "json"))))
    return calls


MARKED: dict[str, tuple[str, Callable[[str], list[Call]]]] = {
    "hermes": ("<tool_call>", _hermes),
    "llama_function": ("<function=", _llama_function),
    "mistral": ("[TOOL_CALLS]", _mistral),
    "deepseek": ("<｜tool▁call▁begin｜>", _deepseek),
    "kimi": ("<|tool_call_begin|>", _kimi),
    "invoke": ("<invoke name=", _invoke),
    "qwen_xml": ("", _qwen_xml),
    "glm": ("", _glm),
    "harmony": ("", _harmony),
}
"""The mark by which each form is seen, and what reads it; forms without one share that of another, or are messages."""


def forms_in(text: str) -> list[str]:
    """Return the forms whose marks stand in a text."""
    marked = [form for form, (mark, _) in MARKED.items() if mark and mark in text]
    if "hermes" in marked and "<function=" in text:
        marked = ["qwen_xml"] if "{" not in text.partition("<function=")[0] else [*marked, "qwen_xml"]
    elif "hermes" in marked and (beginning := text.partition("<tool_call>")[2].lstrip())[:1].isalpha():
        marked = ["glm" if form == "hermes" and "{" not in beginning.partition("<")[0] else form for form in marked]
    if "<|message|>" in text and _RECEIVER.search(text):
        marked.append("harmony")
    return [form for form in marked if not (form == "llama_function" and "qwen_xml" in marked)]


def harmony_calls(completion: str) -> tuple[list[Call], str] | None:
    """Return the calls of a completion in harmony's messages, and what else it says to its reader.

    None where the completion is not in harmony, or calls nothing. A message is a call where its head names a receiver.

    Raises:
        CallError: a head names two receivers.
        DocumentError: the arguments are no JSON.
    """
    if not completion.lstrip().startswith(("<|channel|>", "<|start|>", "to=")):
        return None
    head, *messages = completion.split("<|message|>")
    calls, said = [], []
    for message in messages:
        end = _HARMONY_END.search(message)
        body, behind = (message[: end.start()], message[end.start() :]) if end else (message, "")
        receivers = _RECEIVER.findall(head)
        if len(receivers) > 1:
            raise CallError("a message to two receivers")
        if receivers:
            calls.append(Call(tool_name(receivers[0].removeprefix("functions.")), _arguments(read(body, "json"))))
        elif "<|channel|>analysis" not in head:
            said.append(body)
        head = behind
    return (calls, "\n".join(said)) if calls else None


def from_json(value: Any, *, marked: bool) -> list[Call]:
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
    return Call(tool_name(entry["name"]), _arguments(entry[given[0]] if given else {}))


def tool_name(name: str) -> str:
    """Return a tool's name.

    Raises:
        CallError: it is none.
    """
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
