"""What Lean is asked about a proof, and what its answer says.

In front of the completion's code stands the statement as a proposition of our own, so that nothing behind it can change
what it means; behind the code stand a theorem of that proposition, proved by the one of the completion, and the
question what axioms it rests on. The names are made from a digest of the code, so that no code knows them.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from reward_server.proofs.source import Statement, without_imports

AXIOMS = frozenset(("propext", "Classical.choice", "Quot.sound"))
"""The three that Lean's own mathematics rests on."""
_NONE = "does not depend on any axioms"
_SHOWN = 400


class Question(NamedTuple):
    """A source to check, and the name whose axioms it asks for."""

    source: str
    name: str
    asked_at: int
    """The line of the question, from 1."""


class Answer(NamedTuple):
    """What Lean says."""

    proved: bool
    reason: str
    axioms: tuple[str, ...]


def ask(statement: Statement, header: str, code: str) -> Question:
    """Return what to ask of Lean."""
    digest = hashlib.sha256(f"{statement.goal}\0{code}".encode("utf-8", "replace")).hexdigest()[:24]
    goal, name = f"reward_goal_{digest}", f"reward_proof_{digest}"
    lines = [
        header.rstrip(),
        statement.header.rstrip(),
        f"def {goal} : Prop :=\n  {statement.goal}",
        "",
        without_imports(code).rstrip(),
        "",
        f"theorem {name} : {goal} := @{statement.name}",
        f"#print axioms {name}",
    ]
    source = "\n".join(lines) + "\n"
    return Question(source, name, source.count("\n"))


def probe(statement: Statement, header: str) -> str:
    """Return a source that a server that works answers without an error: the statement alone."""
    return f"{header.rstrip()}\n{statement.header.rstrip()}\ndef reward_goal_probe : Prop :=\n  {statement.goal}\n"


def first_error(response: Mapping[str, Any]) -> str:
    """Return the first error among the messages, empty if there is none."""
    return next((str(one.get("data"))[:_SHOWN] for one in _messages(response) if one.get("severity") == "error"), "")


def judge(question: Question, response: Mapping[str, Any]) -> Answer:
    """Read Lean's answer: no error, no `sorry`, and the axioms told once, by our own question."""
    if error := first_error(response):
        return Answer(proved=False, reason=error, axioms=())
    messages = _messages(response)
    if response.get("sorries") or any("declaration uses" in str(one.get("data")) for one in messages):
        return Answer(proved=False, reason="it rests on `sorry`", axioms=())
    told = [one for one in messages if question.name in str(one.get("data"))]
    if len(told) != 1 or told[0].get("severity") != "info" or told[0] is not max(messages, key=_line):
        return Answer(proved=False, reason="the axioms it rests on were not told once, by the last command", axioms=())
    axioms = _axioms(question.name, str(told[0].get("data")))
    if axioms is None:
        return Answer(proved=False, reason=f"not understood: {str(told[0].get('data'))[:_SHOWN]}", axioms=())
    surplus = [axiom for axiom in axioms if axiom not in AXIOMS]
    return Answer(not surplus, f"it rests on the axiom {surplus[0]}" if surplus else "", axioms)


def _messages(response: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    messages = response.get("messages")
    return [one for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []


def _line(message: Mapping[str, Any]) -> int:
    place = message.get("pos")
    line = place.get("line") if isinstance(place, dict) else None
    return line if isinstance(line, int) else 0


def _axioms(name: str, told: str) -> tuple[str, ...] | None:
    """Return the axioms named in an answer to `#print axioms`, None where it is no such answer."""
    found = re.fullmatch(rf"'{re.escape(name)}' (?:{_NONE}|depends on axioms: \[([^\[\]]*)\])\s*", told)
    if found is None:
        return None
    return tuple(axiom.strip() for axiom in (found[1] or "").split(",") if axiom.strip())
