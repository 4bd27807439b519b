"""PlanBench's blocksworld: problems and plans in its English, read into the domain's four actions."""

import re

from reward_server.errors import TaskError
from reward_server.planning.domains import Problem, read_problem
from reward_server.planning.simulation import Read, words_of

DOMAIN = """(define (domain blocksworld) (:requirements :strips)
  (:predicates (clear ?x) (ontable ?x) (handempty) (holding ?x) (on ?x ?y))
  (:action pick-up :parameters (?x) :precondition (and (clear ?x) (ontable ?x) (handempty))
    :effect (and (not (ontable ?x)) (not (clear ?x)) (not (handempty)) (holding ?x)))
  (:action put-down :parameters (?x) :precondition (holding ?x)
    :effect (and (not (holding ?x)) (clear ?x) (handempty) (ontable ?x)))
  (:action stack :parameters (?x ?y) :precondition (and (holding ?x) (clear ?y))
    :effect (and (not (holding ?x)) (not (clear ?y)) (clear ?x) (handempty) (on ?x ?y)))
  (:action unstack :parameters (?x ?y) :precondition (and (on ?x ?y) (clear ?x) (handempty))
    :effect (and (holding ?x) (clear ?y) (not (clear ?x)) (not (handempty)) (not (on ?x ?y)))))"""
_COLOURS = (
    "red", "blue", "orange", "yellow", "white", "magenta", "black", "cyan", "green", "violet", "silver", "gold",
)  # fmt: skip
_LETTERS = dict(zip("abcdefghijkl", _COLOURS, strict=True))
"""The names that PlanBench's stored plans have for its blocks."""
_BLOCK = r"the (\w+) block"
_FACTS = (
    (re.compile(rf"{_BLOCK} is on top of {_BLOCK}"), "(on {0} {1})"),
    (re.compile(rf"{_BLOCK} is on the table"), "(ontable {0})"),
    (re.compile(rf"{_BLOCK} is clear"), "(clear {0})"),
    (re.compile(r"the hand is empty"), "(handempty)"),
    (re.compile(rf"the hand is (?:currently )?holding {_BLOCK}"), "(holding {0})"),
)
_ACTIONS = (
    (re.compile(rf"pick up {_BLOCK}"), "pick-up"),
    (re.compile(rf"put down {_BLOCK}"), "put-down"),
    (re.compile(rf"stack {_BLOCK} on top of {_BLOCK}"), "stack"),
    (re.compile(rf"unstack {_BLOCK} from on top of {_BLOCK}"), "unstack"),
)
_NUMBERED = re.compile(r"(?:(?:step\s+)?[0-9]{1,4}\s*[.:)]\s*|[-*]\s+)?(?P<action>[^.]*?)\s*\.?")
_STATEMENT = re.compile(
    r"as initial conditions i have that,?\s*:?(?P<start>[^.]{1,8000})\.\s*"
    r"my goal is to have that\s*:?(?P<goal>[^.]{1,8000})\."
)
_BEGINNING, _END = "[plan]", "[plan end]"
_OTHER_NAMES = {"pickup": "pick-up", "putdown": "put-down", "pick_up": "pick-up", "put_down": "put-down"}


def read_blocks(text: str) -> Problem:
    """Return the problem that the last statement of a PlanBench query describes, or the PDDL problem given instead.

    Raises:
        TaskError: there is no statement, or a fact of it is not read.
    """
    if text.lstrip()[:1] in {"(", ";"}:
        return read_problem(DOMAIN, text)
    statement = text.lower().rpartition("[statement]")[2]
    found = _STATEMENT.search(statement)
    if found is None:
        raise TaskError('problem: no "As initial conditions I have that, … My goal is to have that …."')
    start, goal = _facts(found["start"]), _facts(found["goal"])
    names = dict.fromkeys(name for fact in (*start, *goal) for name in fact.strip("()").split()[1:])
    objects, init, wanted = " ".join(names), " ".join(start), " ".join(goal)
    return read_problem(
        DOMAIN,
        f"(define (problem blocks) (:domain blocksworld) (:objects {objects}) (:init {init}) (:goal (and {wanted})))",
    )


def _facts(text: str) -> list[str]:
    facts = []
    for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", " ".join(text.split())):
        for pattern, fact in _FACTS:
            if (found := pattern.fullmatch(part.strip())) is not None:
                facts.append(fact.format(*found.groups()))
                break
        else:
            if part.strip():
                raise TaskError(f"problem: {part.strip()[:60]!r} is not read")
    return facts


def words_in(problem: Problem) -> Read:
    """Return what reads a line as English or as PDDL, with PlanBench's letters for blocks that have other names."""

    def read(line: str) -> list[str]:
        lower = " ".join(line.lower().split())
        found = _NUMBERED.fullmatch(lower)
        plain = found["action"] if found is not None else lower
        for pattern, name in _ACTIONS:
            if (said := pattern.fullmatch(plain)) is not None:
                return [name, *said.groups()]
        words = words_of(line)
        action = [_OTHER_NAMES.get(word, word) for word in words[:1]]
        return action + [word if word in problem.objects else _LETTERS.get(word, word) for word in words[1:]]

    return read


def without_marks(text: str) -> str:
    """Return a plan without the marks around it that PlanBench's examples have."""
    if text.lower().startswith(_BEGINNING):
        text = text[len(_BEGINNING) :]
    head, mark, rest = text.lower().partition(_END)
    return text[: len(head)] if mark and not rest.strip() else text
