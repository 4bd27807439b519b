"""`proof`: a Lean 4 proof of a given statement, checked by a Kimina Lean Server that the user runs.

The completion's last `lean` block (or its whole text, where that begins as Lean does) must prove the theorem under its
name; `reward_server.proofs` says how the statement is kept: it is our own proposition, in front of the completion's
code. Decided: `sorry`, new axioms, new syntax, metaprograms, commands and `variable` are refused unseen by Lean; only
`propext`, `Classical.choice` and `Quot.sound` may be rested on, so that `native_decide` proves nothing; Lean's time is
bounded by `seconds` on that server's clock, which is the one limit here that load can reach, so a verdict `time_limit`
is never cached. Without a server (`REWARD_LEAN_SERVER`) items are `ungradable`.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from reward_server.documents.finding import fenced_blocks
from reward_server.errors import NotInstalled, ServiceError, TaskError
from reward_server.extraction.region import final_region
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.proofs.checking import ask, first_error, judge, probe
from reward_server.proofs.source import Statement, denied, read_statement, theorems
from reward_server.verdict import Outcome, Verdict

_SHOWN = 2_000
_LONGEST = 200_000
_HEADER = """import Mathlib
import Aesop
set_option maxHeartbeats 400000
open BigOperators Real Nat Topology Rat
"""
_BEGINS = re.compile(r"\s*(?:import|open|theorem|lemma|namespace|set_option|noncomputable|def)\s")


class ProofTask(Task):
    """Grade a Lean 4 proof."""

    kind: Literal["proof"] = "proof"
    ground_truth: str
    """The statement, as miniF2F and Kimina store it: `theorem name … : … := by sorry`, with or without imports,
    `open` and definitions in front of it."""
    header: str | None = None
    """What is put in front; where omitted, Kimina's (Mathlib, Aesop, `open BigOperators Real Nat Topology Rat`), and
    nothing where the statement has imports itself."""
    seconds: int = Field(default=60, ge=1, le=600)
    """Lean's time on its server."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    statement: Statement
    header: str
    seconds: int


def compile_task(task: ProofTask) -> _Compiled:
    """Take the statement apart.

    Raises:
        TaskError: it is no statement that can be kept.
    """
    statement = read_statement(task.ground_truth)
    header = task.header
    if header is None:
        header = "" if re.search(r"^\s*import\s", statement.header, re.MULTILINE) else _HEADER
    return _Compiled(statement, header, task.seconds)


def find_proof(text: str) -> str | None:
    """Return the Lean source of a completion."""
    region = final_region(text, _LONGEST + 1).text
    blocks = [content for language, content in fenced_blocks(region) if language in {"lean", "lean4"}]
    if blocks:
        return blocks[-1]
    return region if _BEGINS.match(region) and "```" not in region else None


def fast(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Refuse what no Lean has to see."""
    source = find_proof(completion.text)
    evidence: dict[str, Any] = {"method": "lean", "ground_truth": compiled.statement.goal[:_SHOWN]}
    if source is None or not source.strip():
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence | {"reason": "no Lean in the completion"})
    reason = ""
    if len(source) > _LONGEST:
        reason = f"longer than {_LONGEST} characters"
    elif refused := denied(source):
        reason = f"{refused} may not stand in a proof"
    elif compiled.statement.name not in theorems(source):
        reason = f"no theorem {compiled.statement.name} in it"
    if not reason:
        return None
    return Verdict(Outcome.INCORRECT, 0.0, source[:_SHOWN], evidence | {"method": "refused", "reason": reason})


async def slow(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Ask Lean.

    Raises:
        TaskError: Lean does not understand the statement.
        ServiceError: there is no server, or it failed on the statement alone as well.
    """
    source = find_proof(completion.text)
    assert source is not None, "`fast` decides completions without a proof"
    if resources.lean is None:
        raise NotInstalled(lacking(resources))
    question = ask(compiled.statement, compiled.header, source)
    evidence: dict[str, Any] = {"method": "lean", "ground_truth": compiled.statement.goal[:_SHOWN]}
    shown = source[:_SHOWN]
    checked = await resources.lean.check(question.source, compiled.seconds)
    if checked.timed_out:
        evidence |= {"limit_seconds": compiled.seconds}
        return Verdict(Outcome.TIME_LIMIT, 0.0, shown, evidence, cacheable=False)
    answer = judge(question, checked.response)
    if checked.error or not answer.proved:
        await _blame(compiled, resources)
    if checked.error:
        return Verdict(Outcome.RUNTIME_ERROR, 0.0, shown, evidence | {"reason": checked.error}, cacheable=False)
    evidence |= {"axioms": list(answer.axioms)}
    if answer.proved:
        return Verdict(Outcome.CORRECT, 1.0, shown, evidence)
    return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | {"reason": answer.reason})


async def _blame(compiled: _Compiled, resources: Resources) -> None:
    """Tell whether something of ours is to blame: Lean must take the statement alone.

    Raises:
        TaskError: it does not understand the statement.
        ServiceError: it fails on it.
    """
    checked = await resources.lean.check(probe(compiled.statement, compiled.header), compiled.seconds)
    if checked.error:
        raise ServiceError(f"the Lean server fails on the statement alone: {checked.error}")
    if error := first_error(checked.response):
        raise TaskError(f"ground_truth: Lean does not understand the statement: {error}")


def lacking(resources: Resources) -> str:
    """Return what to set, empty where a server is."""
    return "" if resources.lean is not None else "this server knows no Lean server: set REWARD_LEAN_SERVER"


_ADD = {"kind": "proof", "ground_truth": "theorem two_plus_two : 2 + 2 = 4 := by sorry"}

GRADER = Grader(
    task=ProofTask,
    version=1,
    compile=compile_task,
    inline_characters=8_192,
    fast=fast,
    slow=slow,
    lacking=lacking,
    cache_key=lambda _compiled, completion: find_proof(completion.text) or "",
    environment=lambda _compiled, resources: "" if resources.lean is None else str(resources.lean.url),
    estimate_cpu_seconds=lambda _compiled: 0.01,
    examples=[
        Example(_ADD, "```lean4\ntheorem two_plus_two : 2 + 2 = 4 := by norm_num\n```", Outcome.CORRECT),
        Example(_ADD, "```lean4\ntheorem two_plus_two : 2 + 2 = 4 := by sorry\n```", Outcome.INCORRECT),
        Example(_ADD, "```lean4\ntheorem another : 2 + 2 = 4 := by norm_num\n```", Outcome.INCORRECT),
        Example(_ADD, "By arithmetic.", Outcome.NO_ANSWER),
    ],
)
