"""Lean source: comments and texts blanked out, a statement taken apart, and the words no proof may use.

A proof is only trusted as far as nothing in it can change what our own commands behind it mean. So no new syntax, no
metaprograms, no commands that print, and nothing that reaches every later theorem (`variable`) may stand in it. What a
proof may not use is an allow list turned round: the words are few, and honest proofs seldom need one.
"""

import re
from typing import NamedTuple

from reward_server.errors import TaskError

_DENIED = (
    "axiom", "opaque", "sorry", "admit", "native_decide", "unsafe", "partial", "implemented_by", "extern", "csimp",
    "macro", "macro_rules", "syntax", "declare_syntax_cat", "notation", "notation3", "infix", "infixl", "infixr",
    "prefix", "postfix", "elab", "elab_rules", "binder_predicate", "simproc", "simproc_decl", "run_cmd", "run_tac",
    "run_meta", "run_elab", "initialize", "builtin_initialize", "by_elab", "variable", "variables", "include",
    "omit", "export", "import", "Lean", "Elab", "Meta", "MetaM", "TacticM", "CommandElabM", "IO", "reduceBool",
    "ofReduceBool", "ofReduceNat", "trustCompiler", "sorryAx", "debug", "skipKernelTC",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d]\w*")
_COMMAND = re.compile(r"#\w+")
_OPTION = re.compile(r"set_option\s+([\w.]+)(?:\s+(\S+))?")
_OPTIONS = {"maxHeartbeats": 1_000_000, "maxRecDepth": 100_000, "synthInstance.maxHeartbeats": 1_000_000}
"""Options that a proof may set, with the largest value; 0, which means no bound, is none."""
_THEOREM = re.compile(r"^[ \t]*(?:theorem|lemma)[ \t]+([^\s({\[:.]+(?:\.[^\s({\[:.]+)*)", re.MULTILINE)
_OPEN, _CLOSE = "([{⟨", ")]}⟩"
_IMPORT = re.compile(r"^[ \t]*import[ \t]+[\w.]+[ \t]*$\n?", re.MULTILINE)
_TOKEN = re.compile(r"/-|--|\"|(?<![\w'])'(?:\\.[^']{0,8}|[^'\\])'|(?<![\w'])r#*\"")


class Statement(NamedTuple):
    """A theorem that is to be proved."""

    header: str
    """Imports, options and definitions in front of it."""
    name: str
    goal: str
    """What it states, as one proposition."""


def blanked(source: str, *, texts: bool = True) -> str:
    """Return source of the same length in which comments, and with `texts` texts, are blanks; newlines are kept."""
    parts: list[str] = []
    place = 0
    while found := _TOKEN.search(source, place):
        parts.append(source[place : found.start()])
        end = _end(source, found)
        inside = source[found.start() : end]
        parts.append(re.sub(r"[^\n]", " ", inside) if texts or inside.startswith(("--", "/-")) else inside)
        place = end
    return "".join([*parts, source[place:]])


def _end(source: str, opened: re.Match[str]) -> int:
    """Return where a comment or text ends; at the end of the source where it is never closed."""
    mark = opened.group()
    if mark == "--":
        end = source.find("\n", opened.end())
    elif mark == "/-":
        end = _comment_end(source, opened.end())
    elif mark.startswith("r"):
        closing = '"' + "#" * mark.count("#")
        end = source.find(closing, opened.end())
        end = end + len(closing) if end >= 0 else end
    elif mark == '"':
        closed = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL).match(source, opened.end())
        end = closed.end() if closed else -1
    else:
        end = opened.end()
    return len(source) if end < 0 else end


def _comment_end(source: str, place: int) -> int:
    depth = 1
    for mark in re.compile(r"/-|-/").finditer(source, place):
        depth += 1 if mark.group() == "/-" else -1
        if not depth:
            return mark.end()
    return -1


def denied(source: str) -> str:
    """Return the first thing in a proof that may not stand there, empty where there is none.

    Texts are looked into as well: what stands in the braces of an interpolated one is code.
    """
    plain = blanked(without_imports(source), texts=False)
    found = set(_WORD.findall(plain))
    for word in _DENIED:
        if word in found:
            return f"`{word}`"
    if command := _COMMAND.search(plain):
        return f"the command `{command.group()}`"
    for option, value in _OPTION.findall(plain):
        most = _OPTIONS.get(option)
        if most is None or not value.isdecimal() or not 0 < int(value) <= most:
            return f"`set_option {option} {value}`"
    return ""


def theorems(source: str) -> list[str]:
    """Return the names of the theorems in a source."""
    return _THEOREM.findall(blanked(source))


def without_imports(source: str) -> str:
    """Return a source without its lines of `import`; the task's own are in front of it."""
    return _IMPORT.sub("", source)


def read_statement(text: str) -> Statement:
    """Take the last theorem of a text apart.

    Raises:
        TaskError: there is none, it has a proof already, or something in it cannot be said as one proposition.
    """
    plain = blanked(text)
    matches = list(_THEOREM.finditer(plain))
    if not matches:
        raise TaskError("ground_truth: no `theorem` or `lemma` in it")
    last = matches[-1]
    header, rest, visible = text[: last.start()], text[last.end() :], plain[last.end() :]
    if re.search(r"\b(?:variable|variables)\b", plain[: last.start()]):
        raise TaskError("ground_truth: `variable` in front of a theorem is not supported: write its binders out")
    level = _levels(visible)
    assigned = [place for place in range(len(visible) - 1) if visible[place : place + 2] == ":=" and not level[place]]
    end = assigned[-1] if assigned else len(visible)
    if visible[end:].removeprefix(":=").strip().removeprefix("by").strip() not in {"", "sorry"}:
        raise TaskError("ground_truth: the statement has a proof already: end it with `:= by sorry`")
    colon = next((place for place in range(end) if visible[place] == ":" and not level[place]), None)
    if colon is None or visible.startswith(".{"):
        raise TaskError("ground_truth: no `:` between the theorem's binders and what it states, or universes")
    binders, states = rest[:colon].strip(), rest[colon + 1 : end].strip()
    if not states:
        raise TaskError("ground_truth: the theorem states nothing")
    return Statement(header, last[1], f"∀ {binders}, ({states}\n)" if binders else states)


def _levels(source: str) -> list[int]:
    """Return how deep in brackets each character stands."""
    levels, depth = [], 0
    for character in source:
        depth -= character in _CLOSE
        levels.append(depth)
        depth += character in _OPEN
    return levels
