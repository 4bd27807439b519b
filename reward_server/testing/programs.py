"""Find the program in a completion.

The policy, in order; the first rule that gives a program wins:

1. Thinking is not the answer: only the text after the last `</think>` counts, and a completion that never closes its
   `<think>` has no answer. A last `<answer>…</answer>` that holds a fence, or that is code itself, narrows the text.
2. The last closed fenced block tagged with the task's language. In Python a later block that was never closed is
   preferred when it parses: a stop sequence on the closing fence is common, a truncated program does not parse. Where
   the task calls a function that this block does not define, the last block that does is taken: what follows it are
   examples of its use.
3. The last unclosed block tagged with the language.
4. The last block without a tag, or with a tag that names no language (`text`, `code`); in Python the last that parses.
   Blocks tagged with another language are never taken.
5. No fence at all: the whole text when it is code (Python: it parses, alone or as the continuation of the prompt;
   elsewhere: it looks like code rather than prose).

Many data sets ask for the continuation of a prompt (HumanEval). When the program does not define the entry point, the
prompt is put in front of it; when it does, only the prompt's imports and helpers are.
"""

import ast
import re
import textwrap
import warnings
from dataclasses import dataclass

from reward_server.testing import pieces

_FENCE = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)$", re.MULTILINE)
_NEUTRAL_TAGS = frozenset({"", "text", "txt", "plaintext", "plain", "code", "solution", "program", "answer", "output"})
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(#include|import |from \w+ import|def |class |fn |func |function |public |const |let |var |use "
    r"|package |using |print|echo |puts |select |create |with |local |my |\w+ *(=|<-|:=) *\S|return\b|if *\[|for "
    r"|while |#!|<\?php|fun |val |object |module |program |procedure |begin$|end\b[;.]?$|defmodule |defp |match |"
    r"\w+ ::|-\w+\(|\((define|defun|defn|let|if|cond|loop|format|display|print|do|set|require|ns|use)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_FUTURE = re.compile(r"^from __future__ import [^\n]*\n?", re.MULTILINE)
MAX_PARSED = 65_536
"""Characters of Python that are parsed to choose between blocks: the choice is made on the event loop."""
MAX_COMPLETION = 1_000_000
"""Characters of a completion that are looked at, from its end: no program anybody submits is longer."""


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its tag in lower case, its content, and whether a closing fence was seen."""

    tag: str
    content: str
    closed: bool


def extract_program(text: str, tags: frozenset[str], *, python: bool, wanted: str | None = None) -> str | None:
    """Return the program in `text` for the language whose fence tags are `tags`, or None when there is none.

    `wanted` is a name that the program should define.
    """
    answer = answer_text(text[-MAX_COMPLETION:])
    if answer is None:
        return None
    found = blocks(answer)
    if not found:
        return _bare_program(answer, python=python)
    tagged = [block for block in found if block.tag in tags]
    neutral = [block for block in found if block.tag in _NEUTRAL_TAGS]
    chosen = _last_wanted(tagged, python=python) or _last_wanted(neutral, python=python)
    if chosen is not None and python and wanted and not _defines(chosen, wanted):
        chosen = next((block for block in reversed(tagged or neutral) if _defines(block, wanted)), chosen)
    return chosen.content if chosen is not None and chosen.content.strip() else None


def answer_text(text: str) -> str | None:
    """Return what follows the thinking, narrowed to the last answer tag that holds code; None inside open thinking."""
    _, closing, after = text.rpartition("</think>")
    if not closing and "<think>" in text:
        return None
    end = after.rfind("</answer>")
    start = after.rfind("<answer>", 0, max(end, 0))
    if start >= 0:
        answer = after[start + len("<answer>") : end]
        if "```" in answer or "```" not in after:
            return answer
    return after


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of `text` in order, by CommonMark's rules, plus a fence closed at the end of a line."""
    found: list[Block] = []
    position = 0
    while (opening := _FENCE.search(text, position)) is not None:
        tag = _tag(opening["info"])
        start = min(opening.end() + 1, len(text))
        end, position, closed = _closing(text, start, opening["fence"])
        found.append(Block(tag, text[start:end], closed))
    return found


def _tag(info: str) -> str:
    words = re.split(r"[\s{},:=]+", info.strip().lower().lstrip("{."), maxsplit=1)
    return words[0] if words else ""


def _closing(text: str, start: int, fence: str) -> tuple[int, int, bool]:
    """Return where the block's content ends, where to go on, and whether the block was closed."""
    mark = re.escape(fence[0])
    # Possessive, and only from where a run of marks begins: linear on any text.
    closing = re.compile(rf"(?<!{mark}){mark}{{{len(fence)},}}+[ \t]*+$", re.MULTILINE)
    match = closing.search(text, start)
    if match is None:
        return len(text), len(text), False
    return match.start(), match.end(), True


def _last_wanted(candidates: list[Block], *, python: bool) -> Block | None:
    if not candidates:
        return None
    last = candidates[-1]
    if python:
        if parses(last.content):
            return last
        if last.tag in _NEUTRAL_TAGS:
            return next((block for block in reversed(candidates) if parses(block.content)), last)
    closed = [block for block in candidates if block.closed]
    return closed[-1] if closed else last


def _defines(block: Block, wanted: str) -> bool:
    tree = parsed(block.content) or parsed(textwrap.dedent(block.content))
    return tree is not None and _root(wanted) in _defined(tree)


def _bare_program(text: str, *, python: bool) -> str | None:
    if not text.strip():
        return None
    if python:
        if text[0] in " \t" and parses("def _():\n" + text):
            return text
        return text if parses(text) and not _is_prose(text) else _code_like(text)
    return _code_like(text)


def _is_prose(text: str) -> bool:
    """A single word or number, such as `yes` or `42`, parses as Python and is nevertheless no program."""
    tree = parsed(text)
    return tree is not None and all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Name | ast.Constant) for node in tree.body
    )


def _code_like(text: str) -> str | None:
    lines = [line for line in text.splitlines() if line.strip()]
    hits = sum(1 for line in lines if _CODE_LINE.search(line))
    return text if hits * 3 >= len(lines) else None


def parsed(source: str, longest: int | None = None) -> ast.Module | None:
    """Return the syntax tree of Python source, or None; never raises and never warns, whatever the text.

    Source longer than `longest`, by default `MAX_PARSED`, counts as not parsing; tests, which are the task's own and
    read once, may be longer than a program.
    """
    if len(source) > (MAX_PARSED if longest is None else longest):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pieces.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def parses(source: str) -> bool:
    """Say whether `source` is Python, possibly indented as a whole."""
    return bool(source.strip()) and (parsed(source) is not None or parsed(textwrap.dedent(source)) is not None)


def complete_program(code: str, prompt: str, entry_point: str | None, *, python: bool) -> str:
    """Return `code`, made whole with the `prompt` it continues where it does not stand alone."""
    if not python:
        name = re.split(r"\W+", entry_point.removeprefix("Solution().")) if entry_point else []
        defined = not prompt.strip() or not name or re.search(rf"\b{re.escape(name[-1])}\b", code) is not None
        return code if defined else prompt + code
    standing = code if parsed(code) is not None else textwrap.dedent(code)
    tree = parsed(standing)
    if not prompt.strip():
        return standing if tree is not None else code
    wanted = entry_point or _last_function(prompt)
    if tree is not None and (wanted is None or _root(wanted) in _defined(tree)):
        return _with_context(standing, tree, prompt)
    continued = prompt + ("" if prompt.endswith("\n") else "\n") + code
    indented = prompt.rstrip() + "\n" + textwrap.indent(textwrap.dedent(code), "    ")
    wanted_first = [continued, indented] if code[:1] in (" ", "\t", "\n") else [indented, continued]
    return next((whole for whole in wanted_first if parsed(whole) is not None), continued)


def _root(entry_point: str) -> str:
    return re.split(r"[.(]", entry_point, maxsplit=1)[0]


def _last_function(prompt: str) -> str | None:
    names = re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", prompt, re.MULTILINE)
    return str(names[-1]) if names else None


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
    return names


def _with_context(code: str, tree: ast.Module, prompt: str) -> str:
    """Put the prompt's imports and helper definitions in front; the program's own definitions come later and win."""
    context = parsed(prompt) or parsed(prompt.rstrip() + "\n    pass\n")
    if context is None:
        return code
    defined = _defined(tree)
    kept = [
        ast.unparse(node)
        for node in context.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in defined and not _is_stub(node))
    ]
    if not kept or _future(tree):
        return code
    return "\n".join(kept) + "\n" + code


def _is_stub(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return all(
        isinstance(child, ast.Pass) or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))
        for child in node.body
    )


def _future(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)


def with_prelude(prelude: str, source: str) -> str:
    """Put the prelude in front of a program; `from __future__` imports stay the first lines."""
    if not prelude.strip():
        return source
    futures = "".join(line if line.endswith("\n") else line + "\n" for line in _FUTURE.findall(source))
    return f"{futures}{prelude}\n{_FUTURE.sub('', source) if futures else source}"
