r"""`regex`: a regular expression that matches every text of one list and none of another.

The pattern is in the words of Python's `re` and is matched by it, whole texts (`fullmatch`) or anywhere (`search`). It
is the one fenced block, the `<answer>`, the one piece of inline code, the announced answer, or the whole text where
that is one line; `r"…"` around it is taken off. A pattern whose work is bounded by a small number of steps
(`patterns.bounds`) runs at once, any other in a worker under `cpu_seconds`: one that goes back for ever is over its
time limit, and nobody waits for it.

What counts as a good pattern is a policy. An alternation of all `matches` is right by this definition; give texts that
the prompt does not show, many `rejects`, or a `max_length` below that of the alternation.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from reward_server.documents.verbatim import find_verbatim
from reward_server.errors import ServiceError, TaskError
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.patterns.bounds import BadPattern, compiled, steps
from reward_server.patterns.matching import FLAGS, Mode, Question, first_mismatch
from reward_server.verdict import Outcome, Verdict

_SHOWN = 300
_INLINE_STEPS = 200_000
"""Steps of the matcher, at worst a few milliseconds, up to which a pattern runs where it is read."""
_MAX_TEXTS, _LONGEST_TEXT = 2_000, 10_000
_RAW = re.compile(r"[rR](\"|')(.*)\1", re.DOTALL)
_LANGUAGES = frozenset(("", "regex", "regexp", "re", "text", "txt", "python", "py"))


class RegexTask(Task):
    """Grade a regular expression."""

    kind: Literal["regex"] = "regex"
    matches: list[str] = Field(min_length=1, max_length=_MAX_TEXTS)
    """Texts that the pattern must match."""
    rejects: list[str] = Field(min_length=1, max_length=_MAX_TEXTS)
    """Texts that it must not match."""
    mode: Mode = "fullmatch"
    """`fullmatch`: the pattern covers a text from its beginning to its end; `search`: it occurs in it."""
    flags: str = Field(default="", pattern="^[aimsx]*$")
    """Of Python's inline flags `a`, `i`, `m`, `s` and `x`, those that hold for the whole pattern."""
    max_length: int = Field(default=1_000, gt=0, le=5_000)
    """Characters of the pattern; a longer one is wrong."""
    cpu_seconds: float = Field(default=1.0, gt=0.01, le=10)
    """CPU time for all texts together, where a pattern has to run in a worker."""
    ground_truth: str | None = None
    """A right pattern, for `lint`; nothing is compared with it."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    question: Question
    """With an empty pattern."""
    longest: int
    max_length: int
    cpu_seconds: float
    stated: str | None


def compile_task(task: RegexTask) -> _Compiled:
    """Hold the two lists against each other.

    Raises:
        TaskError: a text is in both lists, or longer than 10,000 characters.
    """
    both = sorted(set(task.matches) & set(task.rejects))
    if both:
        raise TaskError(f"rejects: {both[0][:60]!r} is in `matches` as well, so that no pattern is right")
    longest = max(map(len, [*task.matches, *task.rejects]))
    if longest > _LONGEST_TEXT:
        raise TaskError(f"matches, rejects: a text of {longest} characters, at most {_LONGEST_TEXT}")
    flags = 0
    for letter in task.flags:
        flags |= FLAGS[letter]
    question = Question("", flags, task.mode, tuple(dict.fromkeys(task.matches)), tuple(dict.fromkeys(task.rejects)))
    return _Compiled(question, longest, task.max_length, task.cpu_seconds, task.ground_truth)


def grade(compiled_task: _Compiled, completion: Completion) -> Verdict | None:
    """Find the pattern, refuse what is none, and match where the work is small."""
    pattern, rule = find_pattern(completion.text)
    evidence = _evidence(compiled_task, rule)
    if not pattern.strip():
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    if len(pattern) > compiled_task.max_length:
        evidence |= {"method": "too_long", "length": len(pattern), "max_length": compiled_task.max_length}
        return _wrong(pattern, evidence)
    question = compiled_task.question
    try:
        compiled(pattern, question.flags)
        most = steps(pattern, question.flags, compiled_task.longest, anywhere=question.mode == "search")
    except BadPattern as error:
        return _wrong(pattern, evidence | {"method": "no_pattern", "reason": str(error)})
    if most * (len(question.matches) + len(question.rejects)) > _INLINE_STEPS:
        return None
    return _judged(question._replace(pattern=pattern), evidence)


def _wrong(pattern: str, evidence: dict[str, Any]) -> Verdict:
    return Verdict(Outcome.INCORRECT, 0.0, pattern[:_SHOWN], evidence)


def _evidence(compiled_task: _Compiled, rule: str) -> dict[str, Any]:
    question = compiled_task.question
    counts = {"matches": len(question.matches), "rejects": len(question.rejects)}
    return {"method": question.mode, "extraction": rule, **counts}


def _judged(question: Question, evidence: dict[str, Any]) -> Verdict:
    return _verdict(question.pattern, first_mismatch(question), evidence)


def _verdict(pattern: str, mismatch: Any, evidence: dict[str, Any]) -> Verdict:
    evidence |= {"length": len(pattern)}
    if mismatch is None:
        return Verdict(Outcome.CORRECT, 1.0, pattern[:_SHOWN], evidence)
    witness = {"text": mismatch.text[:_SHOWN], "must_match": not mismatch.matched, "matched": mismatch.matched}
    return _wrong(pattern, evidence | {"witness": witness})


async def grade_slowly(compiled_task: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Match in a worker that is ended when its CPU time is over.

    Raises:
        ServiceError: there are no workers here, or they failed.
    """
    pattern, rule = find_pattern(completion.text)
    if resources.workers is None:
        raise ServiceError("this process has no workers in which a pattern without a small bound could run")
    question = compiled_task.question._replace(pattern=pattern)
    ran = await resources.workers.run(first_mismatch, question, compiled_task.cpu_seconds)
    evidence = _evidence(compiled_task, rule) | {"cpu_seconds": round(ran.cpu_seconds, 4)}
    if ran.exceeded is None:
        return _verdict(pattern, ran.value, evidence)
    outcome = Outcome.TIME_LIMIT if ran.exceeded == "cpu" else Outcome.MEMORY_LIMIT
    evidence = _evidence(compiled_task, rule) | {"method": "backtracking", "limit_seconds": compiled_task.cpu_seconds}
    return Verdict(outcome, 0.0, pattern[:_SHOWN], evidence, cacheable=False)


def find_pattern(text: str) -> tuple[str, str]:
    """Return (pattern, rule that found it) as `find_verbatim`, with `r"…"` taken off."""
    pattern, rule = find_verbatim(text, _LANGUAGES)
    raw = _RAW.fullmatch(pattern)
    return (raw[2] if raw else pattern), rule


_DATE = {
    "kind": "regex",
    "matches": ["2024-03-05", "1999-12-31", "2024-02-29"],
    "rejects": ["2024-3-5", "2024-13-01", "20240305", "2024-03-05x", ""],
}

GRADER = Grader(
    task=RegexTask,
    version=4,
    compile=compile_task,
    fast=grade,
    slow=grade_slowly,
    cache_key=lambda _compiled, completion: "\0".join(find_pattern(completion.text)),
    estimate_cpu_seconds=lambda _compiled: 0.01,
    state=lambda compiled_task: None if compiled_task.stated is None else f"```regex\n{compiled_task.stated}\n```",
    examples=[
        Example(_DATE, r"```regex" + "\n" + r"\d{4}-(0[1-9]|1[0-2])-\d\d" + "\n```", Outcome.CORRECT),
        Example(_DATE, r"<answer>\d{4}-\d\d-\d\d</answer>", Outcome.INCORRECT),
        Example(_DATE, r"<answer>(\d+-*)+x?!</answer>", Outcome.INCORRECT),
        Example(_DATE, r"<answer>[0-9</answer>", Outcome.INCORRECT),
        Example(_DATE, "I would split it.\nThen compare.", Outcome.NO_ANSWER),
    ],
)
