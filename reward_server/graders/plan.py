"""`plan`: does a plan, a route or a schedule lead from the start to the goal, by every rule of its problem?

A simulator carries it out step by step, and every plan that gets there is right, of any length up to the bounds. A
problem is a PDDL domain and problem (STRIPS, types, negative preconditions, equality, action costs; anything else is
refused by its name), PlanBench's blocksworld, a graph, a grid, or tasks with durations, precedences, resources,
windows, places and costs. Decided: all of the answer is the plan, so a remark, a second plan or a step that is not read
is none; the evidence names the step and the condition that fails. Whether a problem can be solved is not searched for;
a `ground_truth` plan has to solve it, else the row is broken.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reward_server.errors import TaskError
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.planning import blocks, routes, schedules
from reward_server.planning.domains import read_problem
from reward_server.planning.simulation import MOST, follows
from reward_server.puzzles.data import Check, Violation
from reward_server.puzzles.reading import LONGEST, find_solution
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200


class PlanTask(Task):
    """Grade a plan by carrying it out."""

    kind: Literal["plan"] = "plan"
    domain: str | None = None
    """A PDDL domain; or `blocksworld`, for PlanBench's, with a problem in PDDL or in its English."""
    problem: str | None = None
    """The PDDL problem of the domain. The plan is one action a line: `(stack a b)`, `stack(a, b)` or `stack a b`."""
    graph: dict[str, Any] | None = None
    """`{"edges": [[from, to], [from, to, cost]], "start", "goal"}`, with `directed` and `through`, places to visit. The
    route is the places from start to goal: `A -> B -> C` or a list."""
    grid: str | list[str] | list[list[str]] | None = None
    """Rows with one `S`, one `G` and walls `#`, `X` or `█`. The route is directions, or cells as [row, column] from 0,
    the start first."""
    schedule: dict[str, Any] | None = None
    """`{"tasks": {name: {"duration", "after", "uses", "earliest", "latest", "cost", "optional", "place"}}, "resources":
    {name: amount}, "deadline", "travel": [[from, to, time]]}`; `latest` and `deadline` are when tasks end. The schedule
    is an object from each task to its beginning."""
    max_steps: int | None = Field(default=None, ge=1, le=MOST)
    """The most steps of a plan or route."""
    max_cost: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """The most that a plan, route or schedule may cost: its actions' costs (1 each in a domain without costs), its
    edges' or its tasks'."""
    ground_truth: str | None = None
    """A plan that is known to be right; only one of them."""

    @model_validator(mode="after")
    def _has_one_problem(self) -> "PlanTask":
        given = [name for name in ("domain", "graph", "grid", "schedule") if getattr(self, name) is not None]
        if len(given) != 1 or (self.domain is None) != (self.problem is None):
            why = "give `domain` with `problem`, or one of `graph`, `grid`, `schedule`"
            raise PydanticCustomError("no_problem", "{why}; given are {given}", {"why": why, "given": str(given)})
        if self.max_cost is not None and self.grid is not None:
            raise PydanticCustomError("no_costs", "max_cost: a grid has none; `max_steps` bounds its steps")
        if self.max_steps is not None and self.schedule is not None:
            raise PydanticCustomError("no_steps", "max_steps: a schedule has none; `deadline` bounds its time")
        return self


@dataclass(frozen=True, slots=True)
class _Compiled:
    name: str
    check: Check
    stated: str | None


def compile_task(task: PlanTask) -> _Compiled:
    """Read the problem, and carry out the reference plan.

    Raises:
        TaskError: the problem is broken or beyond what is supported, nothing would solve it, or the reference does not.
    """
    name, check = _check(task)
    if not _violated(check, ""):
        raise TaskError("the goal holds at the start, so that no plan is one")
    if task.ground_truth is not None and (why := _violated(check, task.ground_truth.strip())):
        raise TaskError(f"ground_truth: no plan: {why}")
    return _Compiled(name, check, task.ground_truth)


def _check(task: PlanTask) -> tuple[str, Check]:
    dearest = None if task.max_cost is None else Fraction(str(task.max_cost))
    if task.graph is not None:
        return "graph", routes.through_graph(task.graph, most=task.max_steps, dearest=dearest)
    if task.grid is not None:
        return "grid", routes.through_grid(task.grid, most=task.max_steps)
    if task.schedule is not None:
        return "schedule", schedules.kept(task.schedule, dearest=dearest)
    domain, text = task.domain or "", task.problem or ""
    most = task.max_steps or MOST
    if domain.strip().lower() != "blocksworld":
        return "pddl", follows(read_problem(domain, text), most=most, dearest=dearest)
    problem = blocks.read_blocks(text)
    carried = follows(problem, read=blocks.words_in(problem), most=most, dearest=dearest)
    return "blocksworld", lambda plan: carried(blocks.without_marks(plan))


def _violated(check: Check, text: str) -> str:
    """Return which step or condition fails, or an empty text."""
    try:
        check(text)
    except Violation as violation:
        return str(violation)
    return ""


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the plan and carry it out."""
    found = find_solution(completion.text)
    evidence: dict[str, Any] = {"method": compiled.name, "extraction": found.rule}
    text = "" if found.several else found.text.strip()
    if not text:
        outcome = Outcome.INCORRECT if found.several or found.rule.startswith("several_") else Outcome.NO_ANSWER
        return Verdict(outcome, 0.0, None, evidence)
    why = f"longer than {LONGEST} characters" if len(text) > LONGEST else _violated(compiled.check, text)
    if why:
        return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence | {"violated": why})
    return Verdict(Outcome.CORRECT, 1.0, text[:_SHOWN], evidence)


_BLOCKS = {
    "kind": "plan",
    "domain": "blocksworld",
    "problem": "As initial conditions I have that, the red block is clear, the blue block is clear, the hand is empty, "
    "the red block is on the table and the blue block is on the table. My goal is to have that the red block is on top "
    "of the blue block.",
    "ground_truth": "(pick-up red)\n(stack red blue)",
}
_LAMP = {
    "kind": "plan",
    "domain": "(define (domain lamp) (:predicates (lit)) (:action switch :parameters () :precondition (not (lit)) "
    ":effect (lit)))",
    "problem": "(define (problem dark) (:domain lamp) (:init) (:goal (lit)))",
}
_ROADS = {"kind": "plan", "graph": {"edges": [["A", "B", 2], ["B", "C", 2], ["A", "C", 5]], "start": "A", "goal": "C"},
          "max_cost": 4}  # fmt: skip
_WALLS = {"kind": "plan", "grid": ["S.#", "..G"]}
_DAY = {"kind": "plan", "schedule": {"tasks": {"dig": {"duration": 2}, "pour": {"duration": 1, "after": ["dig"]}},
                                     "deadline": 4}}  # fmt: skip

GRADER = Grader(
    task=PlanTask,
    version=4,
    compile=compile_task,
    inline_characters=1_024,
    fast=grade,
    state=lambda compiled: compiled.stated and f"<answer>{compiled.stated}</answer>",
    examples=[
        Example(_BLOCKS, "<answer>\npick up the red block\nstack the red block on top of the blue block\n</answer>",
                Outcome.CORRECT),
        Example(_BLOCKS, "(pick-up blue)\n(stack blue red)", Outcome.INCORRECT),
        Example(_LAMP, "```\n(switch)\n```", Outcome.CORRECT),
        Example(_LAMP, "```\n(switch)\n(switch)\n```", Outcome.INCORRECT),
        Example(_LAMP, "<think>(switch)</think>", Outcome.NO_ANSWER),
        Example(_ROADS, "<answer>A -> B -> C</answer>", Outcome.CORRECT),
        Example(_ROADS, "<answer>A -> C</answer>", Outcome.INCORRECT),
        Example(_WALLS, "<answer>down right right</answer>", Outcome.CORRECT),
        Example(_DAY, '{"dig": 0, "pour": 2}', Outcome.CORRECT),
        Example(_DAY, '{"dig": 0, "pour": 1}', Outcome.INCORRECT),
    ],
)  # fmt: skip
