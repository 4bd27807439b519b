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
_HARMONY_HEAD = re.compile(
    r"(?:<\|start\|>(?:assistant)? ?)?(?:to=[^\s<]{1,200} ?)?(?:<\|channel\|> ?(?:analysis|commentary|final) ?)?"
    r"(?:to=[^\s<]{1,200} ?)?(?:<\|constrain\|> ?)?[a-z]{0,10} ?"
)
"""What may stand in front of a message, with one blank for any."""
_HARMONY_BREAK = re.compile(r"<\|(?:end|call|return)\|> ?")
_HARMONY_LAST = re.compile(r"(?:<\|(?:end|call|return|im_end|endoftext)\|>\s{0,4}){0,3}(?:<\|start\|>(?:assistant)?)?")
_LONGEST_HEAD = 1_000
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


def _between(text: str, opening: str, closing: str, *, alone: bool = False) -> list[str]:
    """Return what stands in each pair of marks, which inside of a call have to be `alone`.

    Raises:
        CallError: a mark is opened twice, never closed, or closed without being opened, or text stands beside them.
    """
    found = []
    pieces = text.split(opening)
    if closing in pieces[0]:
        raise CallError(f"{closing} without {opening}")
    if alone and pieces[0].strip():
        raise CallError(f"text in front of {opening}")
    for piece in pieces[1:]:
        inside, closed, rest = piece.partition(closing)
        if not closed:
            raise CallError(f"{opening} is never closed")
        if closing in rest:
            raise CallError(f"{closing} twice")
        if alone and rest.strip():
            raise CallError(f"text behind {closing}")
        found.append(inside)
    return found


def _named(text: str, opening: str, closing: str, *, alone: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the tool's name behind each opening mark, in quotes or not, and what stands before the closing one."""
    for inside in _between(text, opening, closing, alone=alone):
        name, closed, body = inside.partition(">")
        if not closed:
            raise CallError(f"{opening}NAME is not closed")
        yield tool_name(_unquoted(name)), body


def _unquoted(name: str) -> str:
    name = name.strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] in "\"'" else name


def _hermes(text: str) -> list[Call]:
    return [_from_object(read(inside, "json")) for inside in _between(text, "<tool_call>", "</tool_call>")]


def _qwen_xml(text: str) -> list[Call]:
    calls = []
    for block in _between(text, "<tool_call>", "</tool_call>"):
        for name, body in _named(block, "<function=", "</function>", alone=True):
            calls.append(Call(name, _parameters(body, "<parameter=", ">"), texts=True))
    return calls


def _parameters(body: str, opening: str, end_of_key: str, closing: str = "</parameter>") -> dict[str, str]:
    """Return the texts of `<parameter=KEY>…</parameter>`, or between other marks, by their keys."""
    found: dict[str, str] = {}
    for parameter in _between(body, opening, closing, alone=True):
        key, closed, value = parameter.partition(end_of_key)
        key = _unquoted(key)
        if not closed or not _KEY.fullmatch(key):
            raise CallError(f"a parameter has no name: {key[:40]!r}")
        if key in found:
            raise CallError("a parameter stands twice")
        found[key] = value.strip("\n")
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
        Call(name, _parameters(body, "<parameter name=", ">"), texts=True)
        for name, body in _named(text, "<invoke name=", "</invoke>")
    ]


def _llama_function(text: str) -> list[Call]:
    return [
        Call(name, _arguments(read(body or "{}", "json"))) for name, body in _named(text, "<function=", "</function>")
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
        CallError: a head names two receivers, or something else than heads and messages stands there.
        DocumentError: the arguments are no JSON.
    """
    if not completion.lstrip().startswith(("<|channel|>", "<|start|>", "to=")):
        return None
    head, *messages = completion.split("<|message|>")
    calls, said = [], []
    for place, message in enumerate(messages):
        end = _HARMONY_END.search(message)
        body, behind = (message[: end.start()], message[end.start() :]) if end else (message, "")
        receivers = _RECEIVER.findall(head)
        if len(receivers) > 1 or not _HARMONY_HEAD.fullmatch(_begun(head, first=place == 0)):
            raise CallError(f"no head of a message in harmony: {head.strip()[:60]!r}")
        if receivers:
            calls.append(Call(tool_name(receivers[0].removeprefix("functions.")), _arguments(read(body, "json"))))
        elif "<|channel|>analysis" not in head:
            said.append(body)
        head = behind
    if messages and not _HARMONY_LAST.fullmatch(head.strip()):
        raise CallError(f"text behind the last message in harmony: {head.strip()[:60]!r}")
    return (calls, "\n".join(said)) if calls else None


def _begun(head: str, *, first: bool) -> str:
    """Return what stands in front of a message, behind the mark that ends the one before it."""
    if len(head) > _LONGEST_HEAD:
        raise CallError(f"more than {_LONGEST_HEAD} characters between two messages in harmony")
    head = " ".join(head.split())
    ended = None if first else _HARMONY_BREAK.match(head)
    if ended is None and not (first or head.startswith("<|")):
        raise CallError("a message in harmony that does not end")
    return head[ended.end() :] if ended else head


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
