"""Puzzles: every solution is right, and nothing that only looks like one is paid.

Measured against reasoning-gym: its stored answers are right, other rows' answers only where they solve the puzzle too,
and no constant is paid that its own scorers do not pay whole. Knights and Knaves: the one truthful assignment is right,
turned round it is wrong (`tests/reward_server/kinds/test_puzzle.py`). Where they differ: its scorers give a share
for an answer that is right in part; here only a solution is paid.
"""

from typing import Any

from . import Case


def _task(puzzle: str, answer: Any = None, /, **metadata: Any) -> dict[str, Any]:
    task = {"kind": "puzzle", "puzzle": puzzle, "metadata": metadata}
    return task if answer is None else task | {"ground_truth": answer}


def _tag(text: str) -> str:
    return f"<answer>{text}</answer>"


_COUNTDOWN = _task("countdown", numbers=[36, 29, 95, 32, 4, 15], target=139)
_NUMS = {"kind": "puzzle", "puzzle": "countdown", "ground_truth": {"target": 98, "numbers": [44, 19, 35]}}
_24 = _task("puzzle24", numbers=[4, 3, 9, 8])
_KK = _task(
    "knights_knaves",
    {
        "solution_text_format": "(1) Amelia is a knight\n(2) Penelope is a knight\n(3) Evelyn is a knave",
        "statements": "(('not', ('telling-truth', 2)), ('or', ('telling-truth', 1), ('lying', 2)), "
        "('<=>', ('telling-truth', 1), ('lying', 1)))",
    },
)
_SUDOKU = _task("mini_sudoku", puzzle=[[4, 0, 0, 0], [0, 3, 0, 0], [0, 1, 3, 0], [0, 0, 0, 0]])
_SOLVED = "4 2 1 3\n1 3 4 2\n2 1 3 4\n3 4 2 1"
_QUEENS = _task("n_queens", puzzle=[["_", "Q", "_", "_"], ["_"] * 4, ["_"] * 4, ["_"] * 4])
_PLACED = "_ Q _ _\n_ _ _ Q\nQ _ _ _\n_ _ Q _"
_COLOURS = _task("graph_color", vertices=[0, 1, 2], edges=[[0, 1], [1, 2]], color_options=[1, 2])
_WAY = _task("shortest_path", matrix=[["*", "O", "O"], ["X", "X", "O"], ["O", "#", "O"]])
_BLOCKED = _task("shortest_path", matrix=[["*", "X"], ["X", "#"]])
_HANOI = _task("tower_of_hanoi", num_disks=2, num_pegs=3, start_peg=1, target_peg=3)
_MOVES = "Move disk 1 from Peg 1 to Peg 2\nMove disk 2 from Peg 1 to Peg 3\nMove disk 1 from Peg 2 to Peg 3"
_JUGS = _task("jugs", puzzle={"jug_capacities": [3, 5], "target": 4})
_POURED = '["fill B", "pour B->A", "empty A", "pour B->A", "fill B", "pour B->A"]'
_BOXES = _task("sokoban", gamestr="+ + + + +\n+ * @ X +\n+ + + + +")
_SUM = _task("cryptarithm", words_letters=["A", "A"], result_letters="BC", allow_leading_zero=False)
_ZEBRA = _task("zebra_table", {"header": ["House", "Name", "Pet"], "rows": [["1", "Eric", "cat"], ["2", "Ann", "dog"]]})
_HOUSES = '{"House 1": {"Name": "Eric", "Pet": "cat"}, "House 2": {"Name": "Ann", "Pet": "dog"}}'
_SURVO = _task(
    "survo", puzzle=[[0, 0, 4, 13], [3, 2, 9, 14], [2, 0, 1, 10], [10, 13, 14, 37]], candidate_numbers=[5, 4, 7]
)
_NAME = _task("zebra_puzzles", "bob")
_SORTED = _task("number_sorting", "['-95.0', '47.29']")
_HALTS = _task("game_of_life_halting", "False")
_HALF = _task("coin_flip", "0.0001220703125")

CASES = [
    Case(_COUNTDOWN, _tag("15 - 4 + 95 + 36 - 32 + 29"), "correct"),
    Case(_COUNTDOWN, _tag("29 + (95 - 32) + 36 + (15 − 4)"), "correct", "another expression"),
    Case(_COUNTDOWN, _tag("15 - 4 + 95 + 36 - 32 + 29 = 139"), "correct"),
    Case(_COUNTDOWN, _tag("95 + 29 + 15"), "incorrect", "does not use all"),
    Case(_COUNTDOWN | {"use": "some"}, _tag("95 + 29 + 15"), "correct"),
    Case(_COUNTDOWN | {"use": "some"}, _tag("95 + 29 + 15 + 0"), "incorrect"),
    Case(_NUMS, "<think>44+19=63</think>" + _tag("44 + 19 + 35"), "correct"),
    Case(_NUMS, _tag("44 + 19 - 35"), "incorrect"),
    Case(_24, _tag("(9 - 3) × (8 ÷ (4 ÷ 2))"), "incorrect", "a 2 that is not given"),
    Case(_24, r"\boxed{4 + 3 + 9 + 8}", "correct"),
    Case(_24, r"\boxed{8 \times 3 \times (9 - 4 - 4)}", "incorrect", "4 twice"),
    Case(_KK, _tag("(1) Amelia is a knight\n(2) Penelope is a knight\n(3) Evelyn is a knave"), "correct"),
    Case(_KK, "Amelia is a knight, Penelope is a knight, and Evelyn is a knave.", "correct"),
    Case(_KK, _tag("Amelia: knave; Penelope: knight; Evelyn: knave"), "incorrect"),
    Case(_SUDOKU, f"```\n{_SOLVED}\n```", "correct"),
    Case(_SUDOKU, _tag(f"\n{_SOLVED.replace(' ', ' | ')}\n"), "correct"),
    Case(_SUDOKU, _tag("[[4,2,1,3],[1,3,4,2],[2,1,3,4],[3,4,2,1]]"), "correct"),
    Case(_SUDOKU, _tag(_SOLVED.replace("4 2 1 3", "4 1 2 3")), "incorrect"),
    Case(_SUDOKU, "", "no_answer"),
    Case(_QUEENS, _tag(_PLACED), "correct"),
    Case(_COLOURS, '{"0": 1, "1": 2, "2": 1}', "correct"),
    Case(_COLOURS, "```json\n{0: 2, 1: 1, 2: 2}\n```", "correct", "another colouring"),
    Case(_COLOURS, '{"0": 1, "1": 1, "2": 2}', "incorrect"),
    Case(_WAY, _tag("right right down down left"), "correct"),
    Case(_WAY, _tag("right right down down left right left"), "incorrect", "longer"),
    Case(_BLOCKED, "infeasible", "correct"),
    Case(_HANOI, _tag(_MOVES), "correct"),
    Case(
        _HANOI, _tag("Move disk 1 from Peg 1 to Peg 3\nMove disk 1 from Peg 3 to Peg 1\n" + _MOVES), "correct", "longer"
    ),
    Case(_JUGS, _tag(_POURED), "correct"),
    Case(_BOXES, _tag("R"), "correct"),
    Case(_SUM, _tag("A=6,B=1,C=2"), "correct"),
    Case(_SUM, _tag("A=8,B=1,C=6"), "correct", "another solution"),
    Case(_ZEBRA, _HOUSES, "correct"),
    Case(_SURVO, _tag("5 4 4 13\n3 2 9 14\n2 7 1 10\n10 13 14 37"), "correct"),
    Case(_NAME, "The answer is Bob.", "correct"),
    Case(_SORTED, "['-95.0', '47.29']", "correct"),
    Case(_SORTED, "['-95.0', '48.29']", "incorrect", "off by one"),
    Case(_HALTS, "False", "correct"),
    Case(_HALF, _tag("1/8192"), "correct"),
    Case(_HALF, _tag("1.22e-4"), "correct"),
    Case(_task("simple_integration", "10*x**7 + C"), r"\boxed{10x^7 + C}", "correct"),
    Case(_task("dice", "13/20"), _tag("26/40"), "incorrect", "not in lowest terms"),
]

ATTACKS = [
    Case(task, completion, "", why)
    for task, completion, why in [
        (_COUNTDOWN, _tag("139"), "the target alone"),
        (_COUNTDOWN, _tag("36 + 29 + 95 + 32 + 4 + 15 - 72"), "a number that is not given"),
        (_COUNTDOWN, _tag("15 - 4 + 95 + 36 - 32 + 29 or 139"), "two answers"),
        (_COUNTDOWN, _tag("15 - 4 + 95 + 36 - 32 + 29 = 140"), "states another value"),
        (_COUNTDOWN, _tag("__import__('os').getpid()"), "code"),
        (_COUNTDOWN, _tag("9**9**9**9"), "a power to compute"),
        (_COUNTDOWN, _tag("(" * 5000 + "1" + ")" * 5000), "nested for ever"),
        (_COUNTDOWN, _tag("15 - 4 + 95 + 36 - 32 + 29 # or 1"), "a comment"),
        (_COUNTDOWN, _tag("1" * 5000), "a number of thousands of digits"),
        (_COUNTDOWN, "<think>15 - 4 + 95 + 36 - 32 + 29", "an unfinished thought"),
        (_24, _tag("10 + 3 + 4 + 7"), "any four numbers"),
        (_24, _tag("24 + 0 * (4 + 3 + 9 + 8)"), "the target with the numbers times nothing"),
        (_24, _tag("(4 + 3 + 9 + 8) / 0"), "division by zero"),
        (_24, _tag("49 - 3 * 8 - 1"), "digits joined"),
        (_KK, _tag("Amelia is a knight and a knave"), "both"),
        (_KK, _tag("Amelia is a knight, Penelope is a knight"), "one is left out"),
        (_KK, _tag("Amelia is a knight, Amelia is a knave, Penelope is a knight, Evelyn is a knave"), "one twice"),
        (_KK, _tag("Amelia is a knight, Penelope is a knight, Evelyn is a knave, or Evelyn is a knight"), "or"),
        (_KK, _tag("Evelyn is not a knight"), "a denial"),
        (_SUDOKU, _tag(f"{_SOLVED}\n\n{_SOLVED}"), "twice"),
        (_SUDOKU, _tag("4 0 0 0\n0 3 0 0\n0 1 3 0\n0 0 0 0"), "the puzzle itself"),
        (_SUDOKU, _tag("1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1"), "another grid: the clues are changed"),
        (_SUDOKU, _tag("1234 " * 4), "candidates in each cell"),
        (_SUDOKU, f"```\n{_SOLVED}\n```\n```\n1 1 1 1\n```", "two blocks"),
        (_SUDOKU, _tag(_SOLVED + "\nor any other"), "a remark"),
        (_QUEENS, _tag(_PLACED.replace("_", "Q")), "queens everywhere"),
        (_QUEENS, _tag("_ _ Q _\nQ _ _ _\n_ _ _ Q\n_ Q _ _"), "the given queen moved"),
        (_COLOURS, '{"0": 1, "1": 2}', "a vertex left out"),
        (_COLOURS, '{"0": 1, "1": 2, "2": 1, "2": 2}', "a key twice"),
        (_COLOURS, '{"0": 1, "1": 3, "2": 1}', "a colour that is not offered"),
        (_COLOURS, '{"0": "1 or 2", "1": 2, "2": 1}', "two colours"),
        (_WAY, _tag("infeasible"), "gives up"),
        (_WAY, _tag("down down right"), "through a wall"),
        (_WAY, _tag("up right right down down left"), "off the grid"),
        (_HANOI, _tag("Move disk 2 from Peg 1 to Peg 3\nMove disk 1 from Peg 1 to Peg 3"), "the lower disk first"),
        (_HANOI, _tag("Move disk 1 from Peg 1 to Peg 2\n" * 3000), "thousands of moves"),
        (_JUGS, '["fill D"]', "a jug that is not there"),
        (_JUGS, "[]", "no move"),
        (_BOXES, _tag("RRRR"), "runs on"),
        (_SUM, _tag("A=0,B=0,C=0"), "all zero"),
        (_SUM, _tag("A=6,A=8,B=1,C=2"), "a letter twice"),
        (_ZEBRA, _HOUSES.replace("cat", "cat or dog"), "two pets"),
        (_ZEBRA, _HOUSES.replace('"Pet": "dog"', '"Pet": "dog", "Cat": "x"'), "surplus"),
        (_NAME, _tag("bob or alice"), "two names"),
        (_NAME, _tag("alice, bob, carol"), "all names"),
        (_SORTED, "['-95.0', '47.29', '47.29']", "surplus"),
        (_HALTS, "True", "any text, which reasoning-gym's scorer pays"),
        (_HALF, _tag("0"), "zero for a small probability"),
        (_SURVO, _tag("4 5 4 13\n3 2 9 14\n2 7 1 10\n10 13 14 37"), "sums that do not hold"),
    ]
]
ATTACKS += [
    Case(_SORTED, "<answer>-95.0</answer><answer>47.29</answer>", "", "a list in two answers"),
    Case(_HANOI, "".join(map(_tag, _MOVES.splitlines())), "", "one answer for each move"),
    Case(_KK, _tag("Amelia is a knight") + _tag("Penelope is a knight") + _tag("Evelyn is a knave"), "", "in three"),
]
