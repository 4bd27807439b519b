"""Plans agree with simulators that know nothing of the server's: on random domains, graphs, grids and schedules."""

import json
import random
from collections import deque
from itertools import product

import pytest

from reward_server.errors import TaskError
from reward_server.graders import Completion
from reward_server.graders.plan import GRADER

_LAMP = "(define (domain d) (:predicates (lit) (near ?x)) (:action on :parameters () :effect (lit)))"
_DARK = "(define (problem p) (:domain d) (:objects a) (:init) (:goal (lit)))"


def _verdict(answer: str, **fields):
    compiled = GRADER.compile(GRADER.task.model_validate({"kind": "plan", **fields}))
    return GRADER.fast(compiled, Completion(f"<answer>\n{answer}\n</answer>"))


class _World:
    """A random domain as plain data: actions over typed slots, with conditions and effects on them."""

    def __init__(self, seed: int):
        self.chosen = chosen = random.Random(seed)
        self.kinds = {"thing": None, "box": "thing", "cup": "thing", "small": "cup"}
        self.objects = {f"o{n}": chosen.choice(list(self.kinds)) for n in range(5)}
        self.predicates = {f"p{n}": chosen.randint(0, 2) for n in range(5)}
        self.actions = {f"a{n}": self._action() for n in range(5)}
        facts = [
            (name, *args) for name, arity in self.predicates.items() for args in product(self.objects, repeat=arity)
        ]
        self.start = {fact for fact in facts if chosen.random() < 0.6}

    def _action(self) -> dict:
        chosen = self.chosen
        slots = [chosen.choice(list(self.kinds)) for _ in range(chosen.randint(0, 2))]

        def literal() -> tuple:
            fits = [name for name, arity in self.predicates.items() if arity == 0 or slots]
            name = chosen.choice(fits or ["p0"])
            arity = self.predicates[name]
            return chosen.random() < 0.7, (name, *(chosen.randrange(len(slots)) for _ in range(arity if slots else 0)))

        usable = any(arity == 0 for arity in self.predicates.values()) or slots
        found = {"slots": slots, "if": [], "then": [], "differ": len(slots) == 2 and chosen.random() < 0.3}
        if usable:
            found["if"] = [literal() for _ in range(chosen.randint(0, 2))]
            found["then"] = [literal() for _ in range(chosen.randint(1, 3))]
        return found

    def is_a(self, kind: str, wanted: str) -> bool:
        return kind == wanted or (self.kinds[kind] is not None and self.is_a(self.kinds[kind], wanted))

    def after(self, state: set, name: str, arguments: tuple) -> set | None:
        action = self.actions[name]
        if len(arguments) != len(action["slots"]):
            return None
        if not all(self.is_a(self.objects[one], kind) for one, kind in zip(arguments, action["slots"], strict=True)):
            return None
        ground = {side: [(yes, (at[0], *(arguments[slot] for slot in at[1:]))) for yes, at in action[side]]
                  for side in ("if", "then")}  # fmt: skip
        if any((fact in state) != yes for yes, fact in ground["if"]) or (action["differ"] and len(set(arguments)) < 2):
            return None
        gone = {fact for yes, fact in ground["then"] if not yes}
        return (state - gone) | {fact for yes, fact in ground["then"] if yes}

    def written(self) -> tuple[str, str]:
        def literal(one: tuple) -> str:
            yes, at = one
            text = f"({' '.join((at[0], *(f'?x{slot}' for slot in at[1:])))})"
            return text if yes else f"(not {text})"

        actions = []
        for name, action in self.actions.items():
            slots = " ".join(f"?x{slot} - {kind}" for slot, kind in enumerate(action["slots"]))
            conditions = [*map(literal, action["if"]), *(["(not (= ?x0 ?x1))"] if action["differ"] else [])]
            actions.append(
                f"(:action {name} :parameters ({slots}) :precondition (and {' '.join(conditions)})\n"
                f"  :effect (and {' '.join(map(literal, action['then']))}))"
            )
        kinds = " ".join(f"{kind} - {above or 'object'}" for kind, above in self.kinds.items())
        declared = " ".join(f"({name} {' '.join(f'?x{n}' for n in range(a))})" for name, a in self.predicates.items())
        domain = (
            f"(define (domain w) (:requirements :strips :typing :negative-preconditions :equality)\n(:types {kinds})\n"
            f"(:predicates {declared})\n{' '.join(actions)})"
        )
        objects = " ".join(f"{name} - {kind}" for name, kind in self.objects.items())
        init = " ".join(f"({' '.join(fact)})" for fact in sorted(self.start))
        goal = " ".join(literal((yes, fact)).replace("?x", "") for yes, fact in self.goal)
        return domain, f"(define (problem w1) (:domain w) (:objects {objects}) (:init {init}) (:goal (and {goal})))"

    def walk(self) -> list[tuple[str, tuple]]:
        """Take random steps that can be taken, and make a goal of what they changed."""
        state, steps = self.start, []
        for _ in range(8):
            able = [(name, args) for name, action in self.actions.items()
                    for args in product(self.objects, repeat=len(action["slots"]))
                    if (then := self.after(state, name, args)) is not None and then != state]  # fmt: skip
            if not able:
                break
            steps.append(self.chosen.choice(able))
            state = self.after(state, *steps[-1])
        changed = [(fact in state, fact) for fact in sorted(self.start ^ state)]
        self.goal = self.chosen.sample(changed, min(2, len(changed)))
        return steps

    def solved_by(self, steps: list) -> bool:
        state = self.start
        for step in steps:
            state = self.after(state, *step)
            if state is None:
                return False
        return all((fact in state) == yes for yes, fact in self.goal)


def worlds(seed: int):
    """Yield (domain, problem, plan, whether it is one) of one random world."""
    world = _World(seed)
    steps = world.walk()
    if not world.goal or not all(action["then"] for action in world.actions.values()):
        return
    domain, problem = world.written()
    everything = [(name, args) for name, action in world.actions.items()
                  for args in product(world.objects, repeat=len(action["slots"]))]  # fmt: skip
    plans = [steps, steps[:-1], steps[1:], [*steps, *steps], list(reversed(steps))]
    plans += [[*steps[:at], world.chosen.choice(everything), *steps[at + 1 :]] for at in range(len(steps))]
    plans += [[*steps[:at], world.chosen.choice(everything), *steps[at:]] for at in range(len(steps) + 1)]
    for plan in plans:
        if plan:
            text = "\n".join(f"({' '.join((name, *args))})" for name, args in plan)
            yield domain, problem, text, world.solved_by(plan)


@pytest.mark.parametrize("seed", range(60))
def test_plans_of_random_domains_agree_with_a_simulator(seed: int):
    for domain, problem, plan, right in worlds(seed):
        verdict = _verdict(plan, domain=domain, problem=problem)
        assert (verdict.score == 1) == right, (domain, problem, plan, verdict)


def test_the_random_plans_are_many_of_both_sorts():
    found = [right for seed in range(60) for *_, right in worlds(seed)]
    assert len(found) >= 400
    assert 100 <= sum(found) <= len(found) - 100


@pytest.mark.parametrize("seed", range(30))
def test_ways_through_random_grids_agree_with_a_search(seed: int):
    chosen = random.Random(seed)
    high, wide = chosen.randint(2, 6), chosen.randint(2, 6)
    cells = [[chosen.choice("...#") for _ in range(wide)] for _ in range(high)]
    cells[0][0], cells[-1][-1] = "S", "G"
    ways, waiting, goal = {(0, 0): ""}, deque([(0, 0)]), (high - 1, wide - 1)
    while waiting:
        r, c = waiting.popleft()
        for sign, there in {"U": (r - 1, c), "D": (r + 1, c), "L": (r, c - 1), "R": (r, c + 1)}.items():
            free = 0 <= there[0] < high and 0 <= there[1] < wide and cells[there[0]][there[1]] != "#"
            if free and there not in ways:
                ways[there] = ways[r, c] + sign
                waiting.append(there)
    if goal in ways:
        assert _verdict(ways[goal], grid=cells).score == 1
        assert _verdict(ways[goal], grid=cells, max_steps=len(ways[goal])).score == 1
        if len(ways[goal]) > 1:
            assert _verdict(ways[goal], grid=cells, max_steps=len(ways[goal]) - 1).score == 0
    for _ in range(10):
        walk = "".join(chosen.choice("UDLR") for _ in range(chosen.randint(1, high + wide)))
        at, inside = (0, 0), True
        for sign in walk:
            at = (at[0] + {"U": -1, "D": 1}.get(sign, 0), at[1] + {"L": -1, "R": 1}.get(sign, 0))
            inside = inside and at in ways
        assert (_verdict(walk, grid=cells).score == 1) == (inside and at == goal), (cells, walk)


@pytest.mark.parametrize("seed", range(60))
def test_random_schedules_agree_with_a_clock(seed: int):
    chosen = random.Random(seed)
    names = [f"t{n}" for n in range(4)]
    tasks = {name: {"duration": chosen.randint(1, 3), "uses": {"crew": chosen.randint(0, 2)},
                    "after": chosen.sample(names[:place], chosen.randint(0, min(1, place))),
                    "earliest": chosen.randint(0, 2)} for place, name in enumerate(names)}  # fmt: skip
    for _ in range(8):
        begins = {name: chosen.randint(0, 7) for name in names}
        if chosen.random() < 0.6:  # one that waits for what it has to
            for name in names:
                ends = [begins[before] + tasks[before]["duration"] for before in tasks[name]["after"]]
                begins[name] = max([begins[name], tasks[name]["earliest"], *ends])
        running = {hour: [name for name in names if begins[name] <= hour < begins[name] + tasks[name]["duration"]]
                   for hour in range(30)}  # fmt: skip
        right = (
            all(sum(tasks[name]["uses"]["crew"] for name in now) <= 2 for now in running.values())
            and all(not now for hour, now in running.items() if hour >= 10)
            and all(begins[name] >= tasks[name]["earliest"] for name in names)
            and all(max(hour for hour, now in running.items() if before in now) < begins[name]
                    for name in names for before in tasks[name]["after"])
        )  # fmt: skip
        schedule = {"tasks": tasks, "resources": {"crew": 2}, "deadline": 10}
        verdict = _verdict(json.dumps(begins), schedule=schedule)
        assert (verdict.score == 1) == right, (schedule, begins, verdict)


def test_the_evidence_names_the_step_and_the_condition():
    verdict = _verdict("(on)\n(off)", domain=_LAMP, problem=_DARK)
    assert verdict.evidence["violated"] == "step 2 (off): off is no action"
    assert (
        _verdict("A -> C", graph={"edges": [["A", "B"], ["B", "C"]], "start": "A", "goal": "C"})
        .evidence["violated"]
        .startswith("step 1: no edge from A to C")
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"domain": _LAMP.replace("(:pred", "(:requirements :adl) (:pred"), "problem": _DARK}, ":adl is not supported"),
        ({"domain": _LAMP.replace("(:pred", "(:requirements :fluents) (:pred"), "problem": _DARK}, ":fluents"),
        ({"domain": _LAMP.replace(":effect (lit)", ":effect (when (near a) (lit))"), "problem": _DARK}, "when"),
        ({"domain": _LAMP.replace(":effect", ":precondition (or (lit)) :effect"), "problem": _DARK}, "(or (lit))"),
        ({"domain": _LAMP.replace(":effect", ":precondition (forall () (lit)) :effect"), "problem": _DARK}, "forall"),
        ({"domain": _LAMP.replace("(near ?x)", "(near ?x - (either a b))"), "problem": _DARK}, "either"),
        ({"domain": _LAMP[:-1], "problem": _DARK}, "domain: a parenthesis is not closed"),
        ({"domain": _LAMP + ")", "problem": _DARK}, "domain: a parenthesis closes nothing"),
        ({"domain": "(" * 100 + ")" * 100, "problem": _DARK}, "domain: nested deeper"),
        ({"domain": _LAMP, "problem": _DARK.replace("(lit)", "(dim)")}, "dim is not declared"),
        ({"domain": _LAMP, "problem": _DARK.replace("(:init)", "(:init (near b))")}, "b is not declared"),
        ({"domain": _LAMP, "problem": _DARK.replace("(:init)", "(:init (near))")}, "takes 1 arguments"),
        ({"domain": _LAMP, "problem": _DARK.replace("(:init)", "(:init (lit))")}, "the goal holds at the start"),
        ({"domain": _LAMP, "problem": _DARK, "ground_truth": "(off)"}, "ground_truth: no plan: step 1"),
        ({"domain": _LAMP.replace("(:pred", "(:types a - b b - a) (:pred"), "problem": _DARK}, "a kind of itself"),
        ({"domain": "blocksworld", "problem": "Stack them."}, "As initial conditions"),
        ({"domain": "blocksworld", "problem": "As initial conditions I have that, the red block is heavy. My goal is "
          "to have that the red block is clear."}, "red block is heavy' is not read"),
        ({"graph": {"edges": [["A", "B"]], "start": "A", "goal": "A"}}, "graph.goal"),
        ({"graph": {"edges": [["A", "B"]], "start": "A", "goal": "C"}}, "graph.goal: 'C'"),
        ({"graph": {"edges": [["A", "B"]], "start": "A"}}, "graph.goal: missing"),
        ({"graph": {"edges": [["A", "B", -1]], "start": "A", "goal": "B"}}, "-1 is no cost"),
        ({"grid": ["S..", ".."]}, "grid: not 1 to 64 rows"),
        ({"grid": ["S..", "..."]}, "one S and one G"),
        ({"schedule": {"tasks": {"a": {"duration": 1, "after": ["b"]}}}}, "waits for 'b'"),
        ({"schedule": {"tasks": {"a": {"duration": 1, "colour": 1}}}}, "'colour' is not known"),
        ({"schedule": {"tasks": {"a": {"duration": 1, "uses": {"crew": 3}}}, "resources": {"crew": 2}}}, "'crew'"),
    ],
)  # fmt: skip
def test_broken_problems_are_named(fields: dict, why: str):
    with pytest.raises(TaskError) as raised:
        GRADER.compile(GRADER.task.model_validate({"kind": "plan", **fields}))
    assert why in str(raised.value)


@pytest.mark.parametrize(
    "fields",
    [{}, {"domain": _LAMP}, {"problem": _DARK}, {"grid": ["SG"], "graph": {}}, {"grid": ["SG"], "max_cost": 3},
     {"schedule": {}, "max_steps": 3}],
)  # fmt: skip
def test_a_task_holds_one_problem_and_bounds_that_it_has(fields: dict):
    with pytest.raises(ValueError, match=r"give `domain`|max_cost|max_steps"):
        GRADER.task.model_validate({"kind": "plan", **fields})
