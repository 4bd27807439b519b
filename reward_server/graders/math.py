r"""`math`: the completion's final answer against a known one, as mathematics.

Extraction finds one final answer (`reward_server.extraction`); tier 0 compares it inline, in microseconds; what tier
0 cannot decide goes to SymPy in a killable worker (tier 1); what then remains undecided has no score if an honest
answer could be so, and is wrong otherwise (`beyond_bounds`): nobody can make a verdict null by what they write. An
answer that may be read in several ways ("25 miles, which is …") is read from the widest to the narrowest, and a
narrow reading is tried only where the wider one is not mathematics. Several different answers side by side are
compared together, and are right only together: offering alternatives is not answering. What stands against a box in
its formula counts: `\pm\boxed{12}` is `\pm 12`, `x > \boxed{12}` is `x > 12`, and `2\boxed{12}`, `f(\boxed{12})`,
`\boxed{12}x` are no answer; `n \ge \boxed{12}`, as solutions about a least value end, says 12. A letter at the box that
is none of the usual units is read with it (`\boxed{7}M` is not 7), and so are parts (`\boxed{5}` thousandths).

Where mathematics alone does not decide, a strict examiner does:

- the argument of a function may have any name (`f(m) = 2m` for `f(n) = 2n`), a point may not (`f(a) = 3`, `f(b) = 3`);
- a membership that only the answer states, "for all positive integers n", is a remark; any other condition counts;
- `(\pm a, \pm b)` are four points; `\pm(a, b)` and `(\pm a, \mp b)` are two;
- values in a row, `1, 2, 3`, are a set as `\{3, 2, 1\}` is; tuples have an order, and so have things listed in words;
- "15th day" and "day 15" are the place 15, not 15 days; ②③ are the statements 2 and 3, not 23;
- "infinitely many" is `\infty`; `[a, b]` is not `(a, b)`, also where a function rises between them;
- "x < -1 and x > 1" is no number and not the union "x < -1 or x > 1"; "x = 1 and x = 2" lists two solutions;
- 10:00 may be either half of the day's, 22:00 only one; `[x] = 3` is about the whole part of x, or a concentration;
- what was to be solved is no solution: `2x = 4`, `x^2 = 4` and `x^2 - 5x + 6 < 0` earn nothing where the unknown of the
  ground truth stands alone, or it is a set; `|x| < 2` and `x - 2 = 0` are solved;
- a left side names a value only where it is that value's: `f(2)^2 = 7` and `|f(2)| = 7` do not say `f(2) = 7`;
- z and w are complex where a conjugate or a part of one is taken; other letters are real there;
- a number is exact: 6.67 is no `20/3` unless the ground truth says that it is rounded, or `tolerance` does.

A ground truth that is a whole solution without a box is read as a completion is: by its announcement or the sentence
that concludes it. Where both say different values, or neither says one, other texts than its own are undecided.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from reward_server.extraction import FoundAnswer, Where, find_answer
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.ground_truths.solutions import Stated, stated_value
from reward_server.ground_truths.unpacking import Value, unpack_ground_truth
from reward_server.mathematics import Comparison, GroundTruth, MathOptions, compare, compile_ground_truth, parse
from reward_server.mathematics.comparing.naming import holds
from reward_server.mathematics.grading import is_worth_deciding, may_stay_undecided
from reward_server.mathematics.reading.phrases.asides import equation_in, left_out, said_twice
from reward_server.mathematics.symbolic.tier import Question, applicable, decide
from reward_server.mathematics.tree.nodes import Measure, Relation, Words
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200
_INLINE_CHARACTERS = 65_536
_REMEMBERED = 64
"""Comparisons kept for each ground truth: the completions of one prompt repeat their answers."""
_CPU_SECONDS = 3.0
"""Budget of one comparison in tier 1; SymPy decides what it can decide well below it."""


class MathTask(Task):
    """Grade the final answer by mathematical equality."""

    kind: Literal["math"] = "math"
    ground_truth: Value | list[Value]
    r"""The right answer as the data set stores it: a number, LaTeX or plain text, with or without `$`; a solution that
    ends in `#### 42`; a solution with `\boxed{…}`, or one that concludes with its value; a JSON list as text. A list
    means any of its elements is right, unless `options.combine` is `all`."""
    options: MathOptions = MathOptions()
    """The policies of the comparison."""
    answer_in: Where = "any"
    """Where the answer must stand to count: anywhere it is announced or the ending allows one reading only; where it is
    `announced`; in a box (`boxed`); in an `<answer>` block (`answer_tag`)."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    truth: GroundTruth
    texts: tuple[str, ...]
    shown: str
    where: Where
    tier1: bool
    read: tuple[Stated, ...] = ()
    """What was read out of ground truths that are whole solutions."""
    known: dict[str, Comparison] = field(default_factory=dict)


def compile_task(task: MathTask) -> _Compiled:
    """Read the ground truth.

    Raises:
        TaskError: it cannot be used.
    """
    unpacked = unpack_ground_truth(task.ground_truth)
    stored = (unpacked,) if isinstance(unpacked, str) else tuple(unpacked)
    read = tuple(map(stated_value, stored))
    texts = tuple(stated.value if stated is not None else text for text, stated in zip(stored, read, strict=True))
    truth = compile_ground_truth(texts[0] if isinstance(unpacked, str) else list(texts), task.options)
    tier1 = _default_tolerance(task.options)
    return _Compiled(truth, texts, " | ".join(texts)[:_SHOWN], task.answer_in, tier1, tuple(filter(None, read)))


def _default_tolerance(options: MathOptions) -> bool:
    """Tell whether tier 1, which knows only the default tolerance, form and case, may decide under these options."""
    ignored = {"units": "optional", "percent": "lenient", "ordered": None}
    return options.model_copy(update=ignored) == MathOptions()


def _compare(compiled: _Compiled, answer: str) -> Comparison:
    known = compiled.known.get(answer)
    if known is None:
        known = compare(compiled.truth, answer)
        if len(answer) <= _SHOWN:
            if len(compiled.known) >= _REMEMBERED:
                compiled.known.clear()
            compiled.known[answer] = known
    return known


def _tier0(compiled: _Compiled, found: FoundAnswer) -> tuple[Comparison, str]:
    """Compare the readings, widest first, and return what decided with the reading it decided on."""
    answer = found.answer
    if found.unit and isinstance(parse(answer + found.unit), Measure):
        answer += found.unit
    first = _compare(compiled, answer)
    if first.equal:
        return first, answer
    if found.parts:
        each = [_compare(compiled, part) for part in found.parts]
        if all(comparison.equal for comparison in each):
            return each[0], found.parts[0]
        return first, answer
    twice = said_twice(answer)
    if twice is not None and (comparison := _said_twice(compiled, *twice)) is not None:
        return comparison, answer
    narrower = found.readings[1:]
    if narrower and isinstance(parse(answer), Words):
        for reading in narrower:
            words = left_out(answer, reading)
            comparison = _compare(compiled, reading) if words is not None and _reasons_hold(words) else first
            if comparison.equal:
                ignored = [*comparison.evidence.get("ignored", ()), *(words or ())]
                return replace(comparison, evidence={**comparison.evidence, "ignored": ignored}), reading
    return first, answer


def _said_twice(compiled: _Compiled, once: str, again: str, rounds: bool) -> Comparison | None:
    """Compare an answer that says its value twice; None where not both are right."""
    first = _compare(compiled, once)
    second = _compare(compiled, rf"{once} \approx {again}" if rounds else again)
    if not (first.equal and second.equal):
        return None
    return replace(first, evidence={**first.evidence, "said_again": again[:_SHOWN]})


def _reasons_hold(words: list[str]) -> bool:
    """Tell whether the equations in the words that are left out are true, as far as they are numbers."""
    trees = [parse(equation) for equation in map(equation_in, words) if equation]
    return all(holds(tree) for tree in trees if isinstance(tree, Relation))


def _verdict(compiled: _Compiled, found: FoundAnswer, comparison: Comparison, reading: str) -> Verdict:
    evidence: dict[str, Any] = {
        "method": comparison.method,
        "rule": found.rule,
        "ground_truth": compiled.shown,
        "answer": reading[:_SHOWN],
        **comparison.evidence,
    }
    if compiled.read:
        evidence["ground_truth_read"] = [stated._asdict() for stated in compiled.read]
    if found.parts:
        evidence["parts"] = [part[:_SHOWN] for part in found.parts[:16]]
    answer = found.answer[:_SHOWN]
    if comparison.equal is None:
        return Verdict(Outcome.UNDECIDED, None, answer, evidence)
    score = comparison.score if comparison.score is not None else float(comparison.equal)
    if comparison.equal and score == 1.0:
        return Verdict(Outcome.CORRECT, 1.0, answer, evidence)
    return Verdict(Outcome.PARTIAL if score > 0.0 else Outcome.INCORRECT, score, answer, evidence)


def grade_fast(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Grade inline; None where SymPy may decide what tier 0 could not."""
    found = find_answer(completion.text, compiled.where)
    if found is None:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, {"method": "none", "rule": "none", "ground_truth": compiled.shown})
    comparison, reading = _tier0(compiled, found)
    if comparison.equal is None:
        if not is_worth_deciding(compiled.truth, reading):
            comparison = comparison.beyond_bounds()
        elif compiled.tier1 and applicable(Question(compiled.texts, reading)):
            return None
        elif not may_stay_undecided(compiled.truth, reading):
            comparison = comparison.beyond_bounds()
    return _verdict(compiled, found, comparison, reading)


def _read(compiled: _Compiled, completion: Completion) -> tuple[FoundAnswer, Comparison, str]:
    found = find_answer(completion.text, compiled.where)
    assert found is not None, "the fast tier found an answer"
    return found, *_tier0(compiled, found)


async def grade_slow(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Let SymPy decide in a worker.

    Raises:
        WorkerError: the worker died twice; the completion is not to blame.
    """
    if len(completion.text) <= _INLINE_CHARACTERS:
        found, comparison, reading = _read(compiled, completion)
    else:
        found, comparison, reading = await asyncio.to_thread(_read, compiled, completion)
    if resources.workers is not None and comparison.equal is None:
        outcome = await resources.workers.run(decide, Question(compiled.texts, reading), _CPU_SECONDS)
        comparison = outcome.value if outcome.value is not None else _over_budget(comparison)
        if comparison.equal is None and not may_stay_undecided(compiled.truth, reading):
            comparison = comparison.beyond_bounds()
    return _verdict(compiled, found, comparison, reading)


def _over_budget(comparison: Comparison) -> Comparison:
    evidence = {**comparison.evidence, "reason": f"not decided in {_CPU_SECONDS:g} s of CPU time"}
    return Comparison(equal=None, method="sympy", evidence=evidence)


def _cache_key(compiled: _Compiled, completion: Completion) -> str:
    found = find_answer(completion.text, compiled.where)
    return "\0".join((found.rule, *found.readings, *found.parts, found.unit)) if found else ""


_HALF = {"kind": "math", "ground_truth": "1/2"}
_PAIR = {"kind": "math", "ground_truth": "#### 1,000"}

GRADER = Grader(
    task=MathTask,
    version=15,
    compile=compile_task,
    fast=grade_fast,
    slow=grade_slow,
    cache_key=_cache_key,
    estimate_cpu_seconds=lambda _compiled: 0.05,
    inline_characters=_INLINE_CHARACTERS,
    examples=[
        Example(_HALF, r"so \boxed{0.5}", Outcome.CORRECT),
        Example(_HALF, "<think>maybe 1/2</think><answer>1/3</answer>", Outcome.INCORRECT),
        Example(_HALF, r"either \boxed{1/2} or \boxed{1/3}", Outcome.INCORRECT),
        Example(_HALF, r"<think>I guess \boxed{1/2}", Outcome.NO_ANSWER),
        Example(_PAIR, "The answer is $1000.", Outcome.CORRECT),
    ],
)
