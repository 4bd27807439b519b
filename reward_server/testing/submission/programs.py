"""Find the program in a completion: the last *program*, which need not be the last block.

The policy, in order; the first rule that gives a program wins, and `Found.rule` names it in the evidence:

1. Thinking is not the answer: only the text after it counts (`replies`), and a completion that never closes its
   thinking has no answer. A last `<answer>…</answer>` that holds a fence, or that is code itself, narrows the text.
2. The last closed block tagged with the task's language that is a program: values and words alone (`42`, `[1, 2]`,
   `YES`), a session (`>>> f(2)`) and comments alone are none, and without a tag examples (`Input: …`) are none either.
   In Python a later block that was never closed is preferred when it parses: a stop sequence on the closing fence is
   common, a truncated program does not parse. Text in front of a first fence without a tag is a block of the language
   too when it is code: the prompt opened the fence.
3. Of those, where the task calls a function that the last one does not define, the last that does: what follows it are
   examples of its use. In Python so is a last one that defines nothing and imports what an earlier one defines (`from
   solution import f`). Where a program is to read its input and the last one neither does nor could be it (it repeats
   lines of an earlier one, uses names that it nowhere defines, prints nothing), the last that reads and prints.
4. The last unclosed block tagged with the language.
5. The same among blocks without a tag, or with a tag that names no language (`text`, `code`). Blocks tagged with
   another language, or as `output`, are never taken.
6. No fence at all: `bare` has how code is told from the prose around it.

A program may continue an earlier block: names that it uses and nowhere defines are looked for in the earlier blocks of
the language, which are put in front of it (Python; in C and C++ a program without `#include` behind one without
`main`).
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reward_server.testing.languages import language_of
from reward_server.testing.submission.bare import bare_program, looks_like_code
from reward_server.testing.submission.completing import root_of
from reward_server.testing.submission.fences import Block, blocks, first_bare_fence, unquoted, with_tag_inside
from reward_server.testing.submission.python_source import (
    free_names,
    is_data,
    parsed_indented,
    taken_names,
    top_level_names,
)
from reward_server.testing.submission.replies import reply_text

_NEUTRAL_TAGS = frozenset({"", "text", "txt", "plaintext", "plain", "code", "solution", "program", "answer"})
_SESSION = re.compile(r"\s*(?:>>> |In \[\d+\]:|\$ |[CZ]:\\)")
_EXAMPLE = re.compile(
    r"\s*(?:sample |example |expected )?(?:input|output|result|explanation|example|test case)s?[ \t]*#?\d*[ \t]*:",
    re.IGNORECASE,
)
_WITH_MAIN = frozenset({"c", "cpp", "java", "go", "rust", "csharp", "kotlin", "d"})
_READS = re.compile(
    r"\binput\b|\b(?:__)?stdin(?:__)?\b|\bos\.read\b|\bopen\s*\(\s*(?:0|['\"])|\bfileinput\b|\braw_input\b"
)
MAX_COMPLETION = 1_000_000
"""Characters of a completion that are looked at, from its end: no program anybody submits is longer."""
MAX_LOOKED_AT = 131_072
"""Characters of blocks that are looked at to choose between them, from the end: it is done on the event loop."""


@dataclass(frozen=True, slots=True)
class Found:
    """A program, and the rule that found it."""

    source: str
    rule: str


class _Candidate:
    """A block that may be the program; its tree is made when first asked for, and once."""

    def __init__(self, block: Block, language: str) -> None:
        self.content, self.closed, self.language = block.content, block.closed, language
        self.tagged = block.tag not in _NEUTRAL_TAGS

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree of Python."""
        return parsed_indented(self.content)

    @cached_property
    def is_program(self) -> bool:
        """Whether it can be a program at all, rather than an example of input or output.

        A tagged block that does not parse is one, with an error in it.
        """
        if not self.content.strip() or _SESSION.match(self.content):
            return False
        if not self.tagged and _EXAMPLE.match(self.content):
            return False
        if self.language != "python":
            return looks_like_code(self.content, self.language, least=0.0 if self.tagged else 1 / 3)
        return self.tagged if self.tree is None else not is_data(self.tree)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing at its end."""
        return self.closed or (self.language == "python" and self.tree is not None)

    @property
    def reads(self) -> bool:
        """Whether it can be a script: it reads, or in languages with a `main` it has one."""
        if self.language == "python":
            return _READS.search(self.content) is not None
        return self.language not in _WITH_MAIN or re.search(r"\b[mM]ain\b", self.content) is not None

    @property
    def stands_alone(self) -> bool:
        """Whether it is a script that reads and prints."""
        return self.is_program and self.reads and self._prints

    @property
    def _prints(self) -> bool:
        return self.language != "python" or re.search(r"\bprint\b|\bwrite\b", self.content) is not None

    def is_only_part_of(self, other: "_Candidate") -> bool:
        """Whether it is no program of its own beside another: nothing new in it, or nothing that runs and prints."""
        if self.language != "python" or self.tree is None or not self._prints or free_names(self.tree):
            return True
        return set(map(str.strip, self.content.split("\n"))) <= {"", *map(str.strip, other.content.split("\n"))}

    @property
    def made(self) -> set[str]:
        """Names that a Python program defines and does not take from another module."""
        return set() if self.tree is None else top_level_names(self.tree) - taken_names(self.tree)

    @property
    def taken_only(self) -> set[str]:
        """Names that a Python program takes from another module, where it defines no function and no class."""
        heads = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        if self.language != "python" or self.tree is None or any(isinstance(node, heads) for node in self.tree.body):
            return set()
        return taken_names(self.tree)

    def defines(self, wanted: str) -> bool:
        """Whether it gives the name under test a meaning."""
        if self.language != "python":
            name = re.split(r"[.(]+", wanted.removeprefix("Solution()."))[-1] or wanted
            return re.search(rf"\b{re.escape(name)}\b", self.content) is not None
        return self.tree is not None and root_of(wanted) in top_level_names(self.tree)


def extract_program(text: str, language: str, *, wanted: str | None = None, reads: bool = False) -> Found | None:
    """Return the program in `text` that is in `language`, or None when there is none.

    `wanted` is a name that the program should define; `reads` says that it is a script that reads standard input.
    """
    reply = reply_text(unquoted(text[-MAX_COMPLETION:].replace("\r\n", "\n")))
    if reply is None:
        return None
    own, neutral = _candidates(reply, language)
    if not own and not neutral and "```" not in reply and "~~~" not in reply:
        return _found(bare_program(reply, language), "no fence")
    for candidates, rule in ((own, "last block of the language"), (neutral, "last block without a language")):
        chosen = _last_program(candidates)
        if chosen is None:
            continue
        position = _preferred(candidates, chosen, wanted, reads=reads)
        if position != chosen:
            return _found(candidates[position].content, f"{rule} that {'reads' if wanted is None else 'defines'} it")
        return _found(*_continued(candidates, position, language, rule, reads=reads))
    last = (own or neutral)[-1:]
    return _found(last[0].content, "last block, no program by its looks") if last else None


def _found(source: str | None, rule: str) -> Found | None:
    return Found(source, rule) if source is not None and source.strip() else None


def _candidates(reply: str, language: str) -> tuple[list[_Candidate], list[_Candidate]]:
    """Return the blocks of the language and those of none, without what lies too far from the end."""
    found: list[Block] = []
    mark = first_bare_fence(reply)
    if mark is not None and (front := bare_program(reply[: mark[0]], language, whole=True)) is not None:
        found = [Block(language, front, closed=True)]
        reply = reply[mark[1] :]
    found += blocks(reply)
    room = MAX_LOOKED_AT
    own: list[_Candidate] = []
    neutral: list[_Candidate] = []
    for block in map(with_tag_inside, reversed(found)):
        room -= len(block.content)
        if room < 0 and (own or neutral):
            break
        if language_of(block.tag) == language:
            own.insert(0, _Candidate(block, language))
        elif block.tag in _NEUTRAL_TAGS:
            neutral.insert(0, _Candidate(block, language))
    return own, neutral


def _last_program(candidates: Sequence[_Candidate]) -> int | None:
    """Return which block is the last program: a whole one where there is one."""
    programs = (at for at in range(len(candidates) - 1, -1, -1) if candidates[at].is_program)
    unclosed = None
    for at in programs:
        if candidates[at].is_whole:
            return at
        unclosed = at if unclosed is None else unclosed
    return unclosed


def _preferred(candidates: Sequence[_Candidate], last: int, wanted: str | None, *, reads: bool) -> int:
    """Return which block to take where the last program is an example of another's use, or a part of it."""
    earlier = range(last - 1, -1, -1)
    if taken := candidates[last].taken_only:
        return next((at for at in earlier if not taken.isdisjoint(candidates[at].made)), last)
    if wanted is not None and not candidates[last].defines(wanted):
        return next((at for at in earlier if candidates[at].defines(wanted)), last)
    if reads and not candidates[last].reads:
        chosen = candidates[last]
        alone = (at for at in earlier if candidates[at].stands_alone and chosen.is_only_part_of(candidates[at]))
        return next(alone, last)
    return last


def _continued(
    candidates: Sequence[_Candidate], last: int, language: str, rule: str, *, reads: bool
) -> tuple[str | None, str]:
    """Return the block with the earlier ones in front that it continues."""
    chosen = candidates[last].content
    if language == "python":
        front = _defining(candidates[:last], candidates[last].tree)
    elif language in ("c", "cpp") and reads and not re.search(r"^\s*#\s*include", chosen, re.MULTILINE):
        heads = [block.content for block in candidates[:last] if "#include" in block.content]
        front = [head for head in heads if not re.search(r"\bmain\s*\(", head)]
    else:
        front = []
    if not front:
        return chosen, rule
    return "\n".join([*front, chosen]), f"{rule}, with {len(front)} before it that it continues"


def _defining(earlier: Sequence[_Candidate], tree: ast.Module | None) -> list[str]:
    """Return the earlier blocks, in order, that define what a Python program uses and nowhere defines."""
    missing = free_names(tree) if tree is not None and earlier else set()
    front: list[str] = []
    for block in reversed(earlier):
        if not missing:
            break
        if block.tree is None or not block.is_program or not missing & top_level_names(block.tree):
            continue
        front.insert(0, block.content)
        missing = (missing - top_level_names(block.tree)) | free_names(block.tree)
    return front
