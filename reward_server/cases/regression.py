"""Numbers at a distance: honest estimates in many spellings, and answers that hedge or measure nothing.

Measured against formulas: 2,400 scores over all distances and decays are those of formulas, and 60 quantities in
other units lie where their factors put them (`tests/reward_server/kinds/test_regression.py`). No differences.
"""

import json
from typing import Any

from reward_server.cases import Case

_TOWER = {"kind": "regression", "ground_truth": "828 m", "within": 1, "width": 100}
_STRICT = _TOWER | {"units": "required"}
_BARE = {"kind": "regression", "ground_truth": 4, "width": 10}
_PRICE = {"kind": "regression", "ground_truth": 250_000, "width": 0.5, "within": 0.01, "distance": "relative",
          "decay": "huber"}  # fmt: skip
_RATE = {"kind": "regression", "ground_truth": "2.5e-9 M", "within": 0.05, "width": 2, "distance": "log10"}
_HEAT = {"kind": "regression", "ground_truth": "20 °C", "within": 0.1, "width": 10, "decay": "exponential"}
_SHARE = {"kind": "regression", "ground_truth": "50%", "within": 1, "width": 20}
_BOX: dict[str, Any] = {"kind": "regression", "ground_truth": {"length": "2 m", "mass": "5 kg", "count": 12},
                        "within": 0.01, "width": 0.5, "distance": "relative"}  # fmt: skip
_OWN = _BOX | {"distance": "absolute", "within": 0, "width": {"length": 1, "mass": 1, "count": 6}}
_APPLES = {"kind": "regression", "ground_truth": "12 apples", "width": 6}


def _answer(text: str) -> str:
    return f"<answer>{text}</answer>"


CASES = [
    Case(_TOWER, "The answer is 828 m.", "correct"),
    Case(_TOWER, _answer("0.8285 km"), "correct", "converted, and within"),
    Case(_TOWER, _answer("828"), "correct", "the unit is optional"),
    Case(_TOWER, r"\boxed{82800\text{ cm}}", "correct"),
    Case(_TOWER, "So it is about 850 m.", "partial"),
    Case(_TOWER, _answer("≈ 830 m"), "partial"),
    Case(_TOWER, _answer("h = 830 m"), "partial", "a name in front"),
    Case(_TOWER, _answer("2717 ft"), "correct", "828.14 m"),
    Case(_TOWER, _answer("929 m"), "incorrect", "beyond the width"),
    Case(_TOWER, _answer("928 m"), "incorrect", "at the width"),
    Case(_TOWER, _answer("829 m"), "correct", "at `within`"),
    Case(_TOWER, _answer("829.0001 m"), "partial"),
    Case(_TOWER, "", "no_answer"),
    Case(_TOWER, "<think>828 m</think>", "no_answer"),
    Case(_STRICT, _answer("828"), "incorrect", "the unit is missing"),
    Case(_STRICT, _answer("828 m"), "correct"),
    Case(_BARE, _answer("4"), "correct"),
    Case(_BARE, _answer("4.0"), "correct"),
    Case(_BARE, _answer("8/2"), "correct"),
    Case(_BARE, _answer("four"), "correct"),
    Case(_BARE, _answer("5"), "partial"),
    Case(_BARE, _answer("4 km"), "correct", "a bare ground truth leaves the unit open; the evidence names it"),
    Case(_BARE, _answer("-4"), "partial"),
    Case(_BARE, _answer("-6"), "incorrect"),
    Case(_PRICE, "The price is about $250,000.", "correct"),
    Case(_PRICE, _answer("0.25 million"), "correct"),
    Case(_PRICE, _answer("260000"), "partial"),
    Case(_PRICE, _answer("375000"), "incorrect", "half as much again"),
    Case(_RATE, r"\boxed{2.5 \times 10^{-9}}", "correct"),
    Case(_RATE, _answer("2.5 nM"), "correct"),
    Case(_RATE, _answer("3e-8 M"), "partial"),
    Case(_RATE, _answer("1e-6 M"), "incorrect"),
    Case(_RATE, _answer("-2.5e-9 M"), "incorrect", "another sign"),
    Case(_RATE, _answer("0"), "incorrect"),
    Case(_HEAT, _answer("68 °F"), "correct"),
    Case(_HEAT, _answer("293.15 K"), "correct"),
    Case(_HEAT, _answer("22 °C"), "partial"),
    Case(_SHARE, _answer("50"), "correct"),
    Case(_SHARE, _answer("0.5"), "correct", "a percent sign on one side"),
    Case(_SHARE, _answer("45 %"), "partial"),
    Case(_BOX, '{"length": "200 cm", "mass": 5, "count": 12}', "correct"),
    Case(_BOX, '```json\n{"length": 2, "mass": "5000 g", "count": 12}\n```', "correct"),
    Case(_BOX, '{"length": 2, "mass": 5}', "partial", "one is missing"),
    Case(_BOX, '{"length": 2, "mass": 5, "count": 12, "note": "rounded"}', "correct", "named as not asked for"),
    Case(_BOX, '{"length": 20, "mass": 50, "count": 120}', "incorrect"),
    Case(_BOX, "no idea", "incorrect", "no JSON"),
    Case(_OWN, '{"length": 2.5, "mass": 5.5, "count": 15}', "partial"),
    Case(_APPLES, _answer("12 apples"), "correct"),
    Case(_APPLES, _answer("10"), "partial"),
]  # fmt: skip

ATTACKS = [
    Case(_BARE, completion, "", why)
    for completion, why in [
        (_answer("3-5"), "a range as a difference"),
        (_answer("3–5"), "a range with a dash"),
        (_answer("3 to 5"), "a range"),
        (_answer("about 3 to 5"), "a range in words"),
        (_answer("between 3 and 5"), "a range in words"),
        (_answer("4 ± 1"), "an interval"),
        (_answer("[3, 5]"), "an interval"),
        (_answer("3 or 4"), "two numbers"),
        (_answer("3, 4, 5"), "a list of candidates"),
        (_answer("4 or so"), "an open end"),
        (_answer("4") + _answer("5"), "two answers"),
        (r"\boxed{4}\boxed{5}", "two boxes"),
        (_answer("NaN"), "no number"),
        (_answer("nan"), "no number"),
        (_answer("inf"), "infinity"),
        (_answer("-∞"), "infinity"),
        (_answer("1e999999999"), "beyond every measure"),
        (_answer("10^(10^(10^10))"), "a tower of powers"),
        (_answer("9" * 100_000), "a hundred thousand digits"),
        (_answer("1/0"), "no value"),
        (_answer("0/0"), "no value"),
        (_answer("x"), "a letter"),
        (_answer("4x"), "a letter beside the number"),
        (_answer("4i"), "an imaginary number"),
        (_answer("max(3, 4)"), "a call"),
        (_answer("2+2"), "left to the reader"),
        (_answer("4?4"), "no number"),
        (_answer("4..5"), "no number"),
        (_answer(">= 4"), "an inequality"),
        (_answer("x > 4"), "an inequality"),
        (_answer("x = 4 = 5"), "two values"),
        (_answer("not 4"), "denied"),
        (_answer("(" * 20_000 + "4"), "brackets that are never closed"),
        (_answer("the mean"), "words"),
        ("<think>4</think>", "in the thinking"),
        ("<think>4", "in an unfinished thought"),
        (_answer("4 \u200b5"), "two numbers with a hidden blank"),
        (_answer("the answer"), "no number"),
        ('{"answer": [3, 4, 5]}', "a list in JSON"),
    ]
]  # fmt: skip
ATTACKS += [
    Case(_TOWER, _answer("828 s"), "", "another unit"),
    Case(_TOWER, _answer("828 flurbs"), "", "a unit that nobody knows"),
    Case(_TOWER, _answer("828 m^2"), "", "another dimension"),
    Case(_TOWER, _answer("828%"), "", "a percent sign for a unit"),
    Case(_TOWER, _answer("800 m to 850 m"), "", "a range"),
    Case(_APPLES, _answer("12 pears"), "", "another noun"),
    Case(_RATE, _answer("0 M"), "", "zero on a logarithmic scale"),
    Case(_RATE, _answer("1e-11 to 1e-7 M"), "", "a range of orders"),
    Case(_BOX, '{"length": [1, 2, 3], "mass": [4, 5, 6], "count": [11, 12, 13]}', "", "lists of candidates"),
    Case(_BOX, '{"length": "2 s", "mass": "5 m", "count": "12 or 13"}', "", "no quantity of any"),
    Case(_BOX, '{"length": 1, "length": 2, "mass": 5, "count": 12}', "", "a key twice"),
    Case(_BOX, '{"length": NaN, "mass": NaN, "count": NaN}', "", "NaN is no JSON"),
    Case(_BOX, '{"length": true, "mass": true, "count": true}', "", "booleans for numbers"),
    Case(_BOX, '{"length": "1-3 m", "mass": "4 to 6 kg", "count": "10-14"}', "", "ranges"),
    Case(_BOX, json.dumps({"x": 2, "y": 5, "z": 12}), "", "other names"),
    Case(_BOX, "[2, 5, 12]", "", "no names"),
    Case(_BOX, '{"length": ' * 5_000, "", "nested"),
    Case(_BOX, '{"length": 1e400, "mass": 1e400, "count": 1e400}', "", "infinite floats"),
]  # fmt: skip
CASES += [
    Case(_TOWER, "828m", "correct", "a unit without a blank"),
    Case(_TOWER, "0.828km", "correct"),
    Case(_TOWER, "The answer is 828m.", "correct"),
    Case(_HEAT, "20°C", "correct"),
    Case(_HEAT, "68°F", "correct"),
    Case(_STRICT, "828m", "correct"),
    Case(_TOWER, r"\boxed{828m}", "correct"),
]
ATTACKS += [
    Case(_TOWER, "828g", "", "another unit without a blank"),
    Case(_TOWER, "828x", "", "a letter that is no unit"),
    Case(_TOWER, "828m or 900m", "", "two"),
]
