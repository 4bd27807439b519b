"""Plans: valid ones in many spellings, and ones that skip a condition, repeat or leave the problem.

Measured against others: 400 plans and more in 60 random domains, 300 ways through random grids and 480 random schedules
are right where simulators say so that know nothing of the server's (`tests/reward_server/kinds/test_plan.py`). No
differences.
"""

from reward_server.cases import Case

_STATE = (
    "[STATEMENT]\nAs initial conditions I have that, the red block is clear, the yellow block is clear, the hand is "
    "empty, the red block is on top of the blue block, the yellow block is on the table and the blue block is on the "
    "table.\nMy goal is to have that the blue block is on top of the yellow block.\n\nMy plan is as follows:\n\n[PLAN]"
)
_BLOCKS = {"kind": "plan", "domain": "blocksworld", "problem": _STATE,
           "ground_truth": "(unstack a b)\n(put-down a)\n(pick-up b)\n(stack b d)\n"}  # fmt: skip
_TRUCKS = {
    "kind": "plan",
    "domain": """(define (domain trucks) (:requirements :strips :typing :equality :negative-preconditions :action-costs)
      (:types truck parcel - thing place)
      (:predicates (at ?t - thing ?p - place) (in ?b - parcel ?t - truck) (road ?a ?b - place))
      (:functions (total-cost) (length ?a ?b - place))
      (:action drive :parameters (?t - truck ?a ?b - place)
        :precondition (and (at ?t ?a) (road ?a ?b) (not (= ?a ?b)))
        :effect (and (not (at ?t ?a)) (at ?t ?b) (increase (total-cost) (length ?a ?b))))
      (:action load :parameters (?b - parcel ?t - truck ?p - place)
        :precondition (and (at ?b ?p) (at ?t ?p)) :effect (and (not (at ?b ?p)) (in ?b ?t)))
      (:action drop :parameters (?b - parcel ?t - truck ?p - place)
        :precondition (and (in ?b ?t) (at ?t ?p) (not (at ?b ?p))) :effect (and (at ?b ?p) (not (in ?b ?t)))))""",
    "problem": """(define (problem one) (:domain trucks) (:objects t1 - truck box - parcel x y z - place)
      (:init (at t1 x) (at box x) (road x y) (road y z) (road x z) (= (length x y) 2) (= (length y z) 2)
             (= (length x z) 9) (= (total-cost) 0))
      (:goal (and (at box z) (not (in box t1)))) (:metric minimize (total-cost)))""",
}
_CHEAP = _TRUCKS | {"max_cost": 4}
_BRIEF = _TRUCKS | {"max_steps": 3}
_ROADS = {"kind": "plan", "graph": {"edges": [["A", "B"], ["B", "C"], ["C", "D"], ["A", "D", 7]], "start": "A",
                                    "goal": "D", "through": ["B"]}}  # fmt: skip
_ONEWAY = {"kind": "plan", "graph": {"edges": [["A", "B"], ["B", "C"], ["C", "A"]], "directed": True, "start": "A",
                                     "goal": "C"}, "max_steps": 2}  # fmt: skip
_ROOM = {"kind": "plan", "grid": ["S.#", "..#", "#.G"]}
_GRID = {"kind": "plan", "grid": ["S.#.", "#..G", "...."]}
_HOUSE = {
    "kind": "plan",
    "schedule": {
        "tasks": {"dig": {"duration": 2, "uses": {"crew": 1}}, "pour": {"duration": 3, "after": ["dig"]},
                  "wire": {"duration": 2, "uses": {"crew": 1}, "latest": 5},
                  "paint": {"duration": 1, "after": ["pour", "wire"], "earliest": 5, "cost": 10},
                  "garden": {"duration": 1, "optional": True, "cost": 50}},
        "resources": {"crew": 1},
        "deadline": 8,
    },
    "max_cost": 20,
}  # fmt: skip
_TRIP = {
    "kind": "plan",
    "schedule": {
        "tasks": {"museum": {"duration": 2, "place": "centre", "earliest": 9},
                  "lunch": {"duration": 1, "place": "harbour", "earliest": 12, "latest": 14},
                  "hotel": {"duration": 0, "place": "hill", "latest": 20}},
        "travel": [["centre", "harbour", 0.5], ["harbour", "hill", 1]],
    },
}  # fmt: skip
_RIGHT = "(unstack red blue)\n(put-down red)\n(pick-up blue)\n(stack blue yellow)"
_HAUL = "(load box t1 x)\n(drive t1 x y)\n(drive t1 y z)\n(drop box t1 z)"


def _answer(text: str) -> str:
    return f"<answer>\n{text}\n</answer>"


CASES = [
    Case(_BLOCKS, _answer(_RIGHT), "correct"),
    Case(_BLOCKS, _RIGHT, "correct"),
    Case(_BLOCKS, "unstack the red block from on top of the blue block\nput down the red block\npick up the blue block\n"
         "stack the blue block on top of the yellow block\n[PLAN END]", "correct"),
    Case(_BLOCKS, _answer("1. Unstack the red block from on top of the blue block.\n2. Put down the red block.\n"
                          "3. Pick up the blue block.\n4. Stack the blue block on top of the yellow block."), "correct"),
    Case(_BLOCKS, "```pddl\n(unstack a b)\n(put-down a)\n(pick-up b)\n(stack b d)\n; cost = 4 (unit cost)\n```", "correct"),
    Case(_BLOCKS, _answer("0: (unstack red blue) [1]\n1: (stack red yellow) [1]\n2: (unstack red yellow) [1]\n"
                          "3: (put-down red) [1]\n4: (pick-up blue) [1]\n5: (stack blue yellow) [1]"), "correct", "longer"),
    Case(_BLOCKS, "<think>hm</think>" + _answer("unstack(red, blue)\nput-down(red)\npick-up(blue)\nstack(blue, yellow)"),
         "correct"),
    Case(_BLOCKS, _answer("(pick-up blue)\n(stack blue yellow)"), "incorrect", "blue is not clear"),
    Case(_BLOCKS, _answer("(unstack red blue)\n(pick-up blue)\n(stack blue yellow)"), "incorrect", "the hand is full"),
    Case(_BLOCKS, _answer("(unstack red blue)\n(put-down red)"), "incorrect", "stops early"),
    Case(_BLOCKS, "", "no_answer"),
    Case(_TRUCKS, _answer(_HAUL), "correct"),
    Case(_TRUCKS, _answer("(load box t1 x)\n(drive t1 x z)\n(drop box t1 z)"), "correct", "dearer, and no bound"),
    Case(_TRUCKS, _answer(_HAUL.upper()), "correct", "names in any case"),
    Case(_TRUCKS, _answer("(drive t1 x z)"), "incorrect"),
    Case(_TRUCKS, _answer("(load box t1 x)\n(drive t1 x z)"), "incorrect", "not dropped"),
    Case(_CHEAP, _answer(_HAUL), "correct"),
    Case(_CHEAP, _answer("(load box t1 x)\n(drive t1 x z)\n(drop box t1 z)"), "incorrect", "costs 9"),
    Case(_BRIEF, _answer("(load box t1 x)\n(drive t1 x z)\n(drop box t1 z)"), "correct"),
    Case(_BRIEF, _answer(_HAUL), "incorrect", "four steps"),
    Case(_ROADS, _answer("A -> B -> C -> D"), "correct"),
    Case(_ROADS, '["A", "B", "C", "D"]', "correct"),
    Case(_ROADS, _answer("A, B, A, B, C, D"), "correct", "longer"),
    Case(_ROADS, _answer("A → D"), "incorrect", "not through B"),
    Case(_ROADS, _answer("A -> C -> D"), "incorrect", "no edge"),
    Case(_ONEWAY, _answer("A -> B -> C"), "correct"),
    Case(_ONEWAY, _answer("A -> C"), "incorrect", "against the way"),
    Case(_GRID, _answer("right down right right"), "correct"),
    Case(_GRID, _answer("RDRR"), "correct"),
    Case(_GRID, "[[0, 0], [0, 1], [1, 1], [1, 2], [1, 3]]", "correct"),
    Case(_GRID, _answer("right, down, down, right, right, up"), "correct", "longer"),
    Case(_GRID, _answer("(0, 0) -> (0, 1) -> (1, 1) -> (1, 2) -> (1, 3)"), "correct", "cells"),
    Case(_GRID, _answer("right right down right"), "incorrect", "a wall"),
    Case(_HOUSE, '{"dig": 0, "pour": 2, "wire": 2, "paint": 5}', "correct"),
    Case(_HOUSE, '```json\n{"dig": {"start": 2}, "wire": {"start": 0}, "pour": {"start": 4}, "paint": {"start": 7}}\n```',
         "correct"),
    Case(_HOUSE, _answer("dig: 0\nwire: 2\npour: 2\npaint: 5.5"), "correct"),
    Case(_HOUSE, '{"dig": 0, "pour": 2, "wire": 1, "paint": 5}', "incorrect", "one crew"),
    Case(_HOUSE, '{"dig": 0, "pour": 2, "wire": 2, "paint": 5, "garden": 0}', "incorrect", "too dear"),
    Case(_HOUSE, '{"dig": 0, "pour": 2, "wire": 2}', "incorrect", "unpainted"),
    Case(_TRIP, '{"museum": 9, "lunch": 12, "hotel": 14}', "correct"),
    Case(_TRIP, '{"museum": 10, "lunch": 12, "hotel": 14}', "incorrect", "half an hour's way"),
    Case(_TRIP, '{"museum": 9, "lunch": 13.5, "hotel": 16}', "incorrect", "after the window"),
]  # fmt: skip

ATTACKS = [
    Case(_BLOCKS, _answer(plan), "", why)
    for plan, why in [
        ("(stack blue yellow)", "without picking it up"),
        ("(pick-up blue)\n(stack blue yellow)", "from under another"),
        ("(unstack red blue)\n(put-down red)\n(pick-up blue)\n(stack blue blue)", "onto itself"),
        ("(unstack red blue)\n(put-down red)\n(pick-up blue)\n(stack blue yellow)\n(unstack blue yellow)", "undone"),
        ("(goal)", "the goal as an action"),
        ("(on blue yellow)", "a fact as an action"),
        ("(and (on blue yellow))", "a nested fact"),
        (_RIGHT + "\n\nor\n\n(noop)", "a second plan"),
        (_RIGHT + "\nDone!", "a remark"),
        ("(unstack red blue)\n" * 1_001, "a thousand and one steps"),
        (_RIGHT.replace("blue", "green"), "a block that is not there"),
        (_RIGHT.replace("red", "rеd"), "a Cyrillic letter"),
        ("(unstack red blue)\n(put-down red)\n(pick-up blue)\n(stack blue)", "an argument short"),
        ("(unstack red blue)\n(put-down red)\n(pick-up blue)\n(stack blue yellow yellow)", "an argument more"),
        ("(unstack red blue) (put-down red) (pick-up blue) (stack blue yellow)", "four actions as one"),
        ("; " + _RIGHT.replace("\n", "\n; "), "comments alone"),
        ("(" * 50_000, "parentheses that are never closed"),
        ("1. " * 20_000, "numbers of steps"),
        ("a " * 9_000, "a line of words"),
        ("no plan exists", "gives up"),
        ("unstack" + " " * 18_000 + "(", "blanks that may be cut in many ways"),
        ("- " * 9_000, "bullets in bullets"),
        ("(pick-up" + " a" * 9_000 + ")", "thousands of arguments"),
        ("*", "a wildcard"),
        ("(:action win :parameters () :effect (on blue yellow))\n(win)", "an action of its own"),
        ("(?x ?y)", "variables"),
        ("(stack ?x yellow)", "a variable for a block"),
        ("(define (problem p) (:goal ()))", "another problem"),
    ]
]
ATTACKS += [
    Case(_BLOCKS, f"<think>{_RIGHT}</think>", "", "only in the thinking"),
    Case(_BLOCKS, f"```\n{_RIGHT}\n```\n```\n(pick-up red)\n```", "", "two blocks"),
    Case(_BLOCKS, _answer(_RIGHT) + _answer("(pick-up red)"), "", "two answers"),
    Case(_TRUCKS, _answer("(drive box x z)"), "", "an object of another type"),
    Case(_TRUCKS, _answer("(load box t1 x)\n(drive t1 x x)\n(drive t1 x z)\n(drop box t1 z)"), "", "a drive to itself"),
    Case(_TRUCKS, _answer("(load box t1 x)\n(drive t1 y z)\n(drop box t1 z)"), "", "from where it is not"),
    Case(_TRUCKS, _answer("(load box t1 x)\n(drop box t1 z)"), "", "dropped elsewhere"),
    Case(_CHEAP, _answer(_HAUL + "\n(drive t1 x y)"), "", "beyond the cost"),
    Case(_ROADS, _answer("A"), "", "stands still"),
    Case(_ROADS, _answer("A -> B -> C -> D or A -> D"), "", "two routes"),
    Case(_ROADS, _answer("D -> C -> B -> A"), "", "backwards"),
    Case(_ROADS, _answer("A -> B -> D"), "", "an edge that is not there"),
    Case(_ROADS, _answer("A -> " * 3_000 + "D"), "", "thousands of steps"),
    Case(_ROADS, '[["A", "B", "C", "D"]]', "", "a list of routes"),
    Case(_ROADS, _answer("A" + " " * 18_000 + "D"), "", "blanks for arrows"),
    Case(_ROADS, _answer("A" + " \n" * 9_000 + "D"), "", "empty lines for places"),
    Case(_ONEWAY, _answer("A -> B -> C -> A -> B -> C"), "", "beyond the steps"),
    Case(_GRID, _answer("down right right right"), "", "through a wall"),
    Case(_GRID, _answer("up up right down down"), "", "outside"),
    Case(_GRID, "[[0, 0], [1, 3]]", "", "a leap"),
    Case(_GRID, "[[1, 3]]", "", "at the goal at once"),
    Case(_GRID, "[[0, 1], [1, 1], [1, 2], [1, 3]]", "", "from another start"),
    Case(_GRID, _answer("teleport"), "", "no direction"),
    Case(_GRID, "[[0, 0], [0, 1.0], [1, 1], [1, 2], [1, 3]]", "", "a float for a column"),
    Case(_HOUSE, '{"dig": 0, "pour": 2, "wire": 2, "paint": 5, "dig": 0}', "", "a task twice"),
    Case(_HOUSE, '{"dig": -2, "pour": 0, "wire": 0, "paint": 5}', "", "before the beginning"),
    Case(_HOUSE, '{"dig": "0 or 1", "pour": 2, "wire": 2, "paint": 5}', "", "two times"),
    Case(_HOUSE, '{"dig": NaN, "pour": NaN, "wire": NaN, "paint": NaN}', "", "no numbers"),
    Case(_HOUSE, '{"dig": 1e999, "pour": 2, "wire": 2, "paint": 5}', "", "infinity"),
    Case(_HOUSE, '{"dig": true, "pour": 2, "wire": 2, "paint": 5}', "", "a boolean"),
    Case(_HOUSE, '{"dig": [0, 1], "pour": 2, "wire": 2, "paint": 5}', "", "a list of times"),
    Case(_HOUSE, "{}", "", "nothing is done"),
    Case(_HOUSE, '{"dig": {"start": 0, "duration": 0}, "pour": 0, "wire": 0, "paint": 5}', "", "a duration of its own"),
    Case(_TRIP, '{"museum": 9, "lunch": 9, "hotel": 9}', "", "everywhere at once"),
    Case(_TRIP, '{"museum": 12, "lunch": 12, "hotel": 12}', "", "everywhere at noon"),
]  # fmt: skip
CASES += [
    Case(_ROADS, "1. A\n2. B\n3. C\n4. D", "correct", "a numbered route"),
    Case(_ROADS, "- A\n- B\n- C\n- D", "correct"),
    Case(_ROADS, r"\boxed{A \to B \to C \to D}", "correct", "arrows of LaTeX"),
    Case(_ROADS, r"$A \rightarrow B \rightarrow C \rightarrow D$", "correct"),
    Case(_ROADS, "A ⇒ B ⇒ C ⇒ D", "correct"),
    Case(_GRID, "→↓→→", "correct", "arrows as directions"),
    Case(_ROOM, "→↓↓→", "correct", "arrows as directions"),
    Case(_ROOM, "→, ↓, ↓, →", "correct"),
    Case(_ROOM, "→ ↓ ↓ →", "correct"),
    Case(_ROOM, "right → down → down → right", "correct", "arrows between directions"),
    Case(_ROOM, "1. Right\n2. Down\n3. Down\n4. Right", "correct", "numbered directions"),
    Case(_ROOM, "- right\n- down\n- down\n- right", "correct"),
    Case(_ROOM, "ESSE", "correct", "compass"),
    Case(_ROOM, "E, S, S, E", "correct"),
    Case(_BLOCKS, "unstack(a, b)\nputdown(a)\npickup(b)\nstack(b, d)", "correct", "names without hyphens"),
    Case(
        _BLOCKS,
        "[PLAN]\n(unstack a b)\n(put-down a)\n(pick-up b)\n(stack b d)\n[PLAN END]",
        "correct",
        "PlanBench's marks",
    ),
]
ATTACKS += [
    Case(_ROOM, "→↓↓→→", "", "a step behind the goal"),
    Case(_ROOM, "→→→→", "", "arrows alone"),
    Case(_ROOM, "1. Right\n2. Down\n2. Up\n3. Down\n4. Right\n5. Right", "", "numbers around steps too many"),
    Case(_ROADS, "1. A\n2. D", "", "a numbered route that jumps"),
    Case(_ROADS, r"A \to D", "", "arrows of LaTeX over no edge"),
    Case(_BLOCKS, "[PLAN]\n(stack b d)\n[PLAN END]", "", "marks around nothing done"),
    Case(
        _BLOCKS,
        "[PLAN]\n(unstack a b)\n(put-down a)\n(pick-up b)\n(stack b d)\n[PLAN END]\n[PLAN]\n(stack b d)",
        "",
        "two plans",
    ),
    Case(_BLOCKS, "(unstack a b), (stack b d)", "", "in one line, one skipped"),
    Case(_ROADS, "<answer>A -> B</answer> <answer>C -> D</answer>", "", "two answers that are a route together"),
    Case(_ROADS, "<answer>A -> B</answer> <answer>A -> B -> C -> D</answer>", "", "two answers"),
    Case(_ROOM, r"\boxed{RL}\boxed{RDDR}", "", "two answers"),
    Case(_ROOM, "<answer>right down</answer><answer>down right</answer>", "", "two answers"),
    Case(_ROOM, "<answer>RD</answer><answer>DR</answer>", "", "two answers"),
]
