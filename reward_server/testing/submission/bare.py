"""A program without a fence: all of a text, what stands between code marks, or the code inside of prose.

Marks are `[PYTHON]…[/PYTHON]`, `[CODE]`, `[BEGIN]…[DONE]` and `<code>…</code>`. In Python the code inside of prose is
the longest run of lines that parses and is more than values and words; elsewhere prose is cut off before the first and
behind the last line of code.
"""

import re

from reward_server.testing.languages import language_of
from reward_server.testing.submission.python_source import is_data, parsed, parsed_indented, parses

_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(#include|import |from \w+ import|def |class |fn |func |function |public |const |let |var |use "
    r"|package |using |print|echo |puts |select |create |with |local |my |\w+ *(=|<-|:=) *\S|return\b|if *\[|for "
    r"|while |#!|<\?php|fun |val |object |module |program |procedure |begin$|end\b[;.]?$|defmodule |defp |match |"
    r"\w+ ::|-\w+\(|\((define|defun|defn|let|if|cond|loop|format|display|print|do|set|require|ns|use)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_BRACES = frozenset({"c", "cpp", "java", "csharp", "d", "go", "rust", "javascript", "typescript", "swift", "php"})
"""Languages in which hardly any program does without a brace or a semicolon."""
_MARKED = re.compile(r"\[([A-Za-z+#]{1,16})\][ \t]*\n(.*?)(?:\[/\1\]|\[DONE\]|\Z)|<code>\n?(.*?)</code>", re.DOTALL)
_CLOSING = re.compile(r"\[/([A-Za-z+#]{1,16})\]")
_MARKS = frozenset({"code", "begin", "solution", "program", "answer"})
_BEGINS = re.compile(
    r"(?:import|from|def|class|async def|for|while|if|with|try|print|@|#!|\w+(?:\s*,\s*\w+)*\s*=(?!=)|\w[\w.]*\()"
)
_STARTS = re.compile(
    r"\s*(?:#\s*(?:include|define|pragma)|using |import |package |public |static |struct |class |template|fn |func "
    r"|fun |function |const |let |var |use |mod |impl |int |void |long |#!|<\?php|//|/\*|@|'use strict'|\"use strict\""
    r"|module|export|async |type |interface |enum |namespace |typedef )"
)
_MOST_TRIES = 12


def bare_program(text: str, language: str, *, whole: bool = False) -> str | None:
    """Return the program in a text without fences; with `whole` only if all of the text is one."""
    if not text.strip():
        return None
    if not whole and (marked := _marked(text, language)) is not None:
        return marked
    if language == "python":
        return _python(text, whole=whole)
    if whole:
        return text if looks_like_code(text, language, least=1 / 2) else None
    return _trimmed(text) if looks_like_code(text, language) else None


def looks_like_code(text: str, language: str, *, least: float = 1 / 3) -> bool:
    """Say whether at least this share of the lines look like code; for 0 one sign of a program is enough."""
    if language in _BRACES and not re.search(r"[;{}]", text):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    if not least:
        return re.search(r"[^\w\s.,:+-]|[a-z]{2,}", text) is not None
    return sum(1 for line in lines if _CODE_LINE.search(line)) >= least * max(1, len(lines))


def _marked(text: str, language: str) -> str | None:
    """Return what stands in the last pair of marks that name this language, or none."""
    last = None
    closed = max(text.rfind("</code>"), 0)
    opened = text[:closed] + text[closed:].replace("<code>", "<open>")  # or each would be followed to the end
    for mark in _MARKED.finditer(opened):
        name = (mark[1] or "code").lower()
        if name in _MARKS or language_of(name) == language:
            start, end = mark.span(2 if mark[1] else 3)
            last = text[start:end]
    if last is None and (closing := next(reversed(list(_CLOSING.finditer(text))), None)) is not None:
        opening, name = f"[{closing[1]}]", closing[1].lower()
        start = text.rfind(opening, 0, closing.start())
        if start >= 0 and (name in _MARKS or language_of(name) == language):
            last = text[start + len(opening) : closing.start()]
    return last if last and last.strip() else None


def _python(text: str, *, whole: bool) -> str | None:
    if text[0] in " \t" and parses("def _():\n" + text):
        return text
    tree = parsed(text)
    if tree is not None:
        return None if is_data(tree) else text
    if whole:
        return text if (tree := parsed_indented(text)) is not None and not is_data(tree) else None
    found = _inside_prose(text)
    if found is not None:
        return found
    return text if text.lstrip()[:1] not in "{[<" and looks_like_code(text, "python") else None


def _inside_prose(text: str) -> str | None:
    """Return the longest run of lines that is a program: from a line that begins one to where it stops to parse."""
    lines = text.split("\n")
    best, start = "", 0
    for _ in range(_MOST_TRIES):
        start = next((at for at in range(start, len(lines)) if _BEGINS.match(lines[at])), len(lines))
        if start == len(lines):
            break
        end = _parsing_until(lines, start)
        run = "\n".join(lines[start:end])
        if len(run) > len(best) and (tree := parsed(run)) is not None and not is_data(tree):
            best = run + "\n"
        start = max(end, start + 1)
    return best if re.search(r"[=(]", best) else None


def _parsing_until(lines: list[str], start: int) -> int:
    """Return the line where Python that begins at `start` stops to parse."""
    end = len(lines)
    for _ in range(_MOST_TRIES):
        source = "\n".join(lines[start:end])
        if parsed(source) is not None:
            return end
        broken = _first_error(source)
        shorter = start + min(broken - 1, end - start - 1)
        end = shorter if shorter > start else end - 1
        while end > start and not lines[end - 1].strip():
            end -= 1
        if end <= start:
            break
    return start


def _first_error(source: str) -> int:
    try:
        compile(source, "completion", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError, OverflowError):
        pass
    return 1


def _trimmed(text: str) -> str:
    """Return a text without the prose in front of its first and behind its last line of code."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if _STARTS.match(line)), None)
    last = next((at for at in range(len(lines) - 1, -1, -1) if re.search(r"[;{}]\s*$", lines[at])), None)
    if first is None or last is None or last <= first:
        return text
    return "\n".join(lines[first : last + 1]) + "\n"
