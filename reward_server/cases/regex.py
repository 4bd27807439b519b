"""Patterns: honest ones in many forms, and ones that match too much, never end, or are no pattern.

Measured against others: 300 random patterns match what the package `regex` matches
(`tests/reward_server/kinds/test_regex.py`). No differences.
"""

from reward_server.cases import Case

_DATE = {
    "kind": "regex",
    "matches": ["2024-03-05", "1999-12-31", "2024-02-29"],
    "rejects": ["2024-3-5", "2024-13-01", "20240305", "2024-03-05x", "", "x2024-03-05", "2024-03-05\n"],
    "ground_truth": r"\d{4}-(0[1-9]|1[0-2])-\d\d",
}
_WORD = {
    "kind": "regex",
    "mode": "search",
    "matches": ["a cat sat", "cat", "my cat."],
    "rejects": ["concat", "cats", ""],
}
_EVEN = {"kind": "regex", "matches": ["", "aa", "aaaa", "abab", "bb"], "rejects": ["a", "b", "aaa", "ab" * 20 + "a"]}
_LINES = {"kind": "regex", "mode": "search", "flags": "m", "matches": ["x\nend", "end"], "rejects": ["bend", "ending"]}
_SHORT = _DATE | {"max_length": 30}
_TWICE = {"kind": "regex", "matches": ["abab", "xyxy"], "rejects": ["abba", "ab", "xyx"]}
_LONG = {"kind": "regex", "matches": ["a" * 40], "rejects": ["a" * 40 + "!", "b"]}
_GOOD = _DATE["ground_truth"]


def _answer(text: object) -> str:
    return f"<answer>{text}</answer>"


CASES = [
    Case(_DATE, _answer(_GOOD), "correct"),
    Case(_DATE, f"```regex\n{_GOOD}\n```", "correct"),
    Case(_DATE, f'```python\nr"{_GOOD}"\n```', "correct"),
    Case(_DATE, f"The pattern `{_GOOD}` does it.\nIt wants months to twelve.", "correct"),
    Case(_DATE, f"{_GOOD}", "correct"),
    Case(_DATE, f"<think>.*</think>`{_GOOD}`", "correct"),
    Case(_DATE, _answer(r"^\d{4}-(?:0\d|1[012])-\d\d(?!\n)$"), "correct", "a look-ahead"),
    Case(_DATE, _answer(r"^\d{4}-(?:0\d|1[012])-\d\d$"), "correct", "`$` under fullmatch"),
    Case(_DATE, _answer(r"\d{4}-\d\d-\d\d"), "incorrect"),
    Case(_DATE, _answer(r"\d+"), "incorrect"),
    Case(_DATE, "", "no_answer"),
    Case(_WORD, _answer(r"\bcat\b"), "correct"),
    Case(_WORD, _answer("cat"), "incorrect"),
    Case(_WORD, r"`(^|[^a-z])cat($|[^a-z])`", "correct"),
    Case(_EVEN, _answer("(..)*"), "correct"),
    Case(_EVEN, _answer("([ab][ab])*"), "correct"),
    Case(_EVEN, _answer("[ab]*"), "incorrect"),
    Case(_EVEN, _answer("(?:aa|ab|ba|bb)*"), "correct", "not bounded, so in a worker"),
    Case(_LINES, _answer("^end$"), "correct"),
    Case(_LINES | {"flags": ""}, _answer("^end$"), "incorrect"),
    Case(_LINES | {"flags": ""}, _answer("(?m)^end$"), "correct", "its own flag"),
    Case(_TWICE, _answer(r"(..)\1"), "correct", "a reference back"),
    Case(_TWICE, _answer(r"(?P<a>..)(?P=a)"), "correct"),
    Case(_LONG, _answer("a+"), "correct"),
    Case(_LONG, _answer("(?>a+)"), "correct", "an atomic group"),
    Case(_LONG, _answer("a{40}"), "correct"),
    Case(_SHORT, _answer(_GOOD), "correct"),
]

_SPELLED = "|".join(_DATE["matches"])

ATTACKS = [
    Case(_DATE, _answer(pattern), "", why)
    for pattern, why in [
        (".*", "everything"),
        ("", "nothing"),
        ("()", "the empty text"),
        ("(?!)", "never"),
        ("[0-9", "an open class"),
        ("(((", "open groups"),
        (")", "a group that was never opened"),
        ("*", "a repeat of nothing"),
        (r"\d{4}-(0[1-9]|1[0-2])-\d\d\n?", "a line's end as well"),
        (r"(?i:\d{4}-.*)", "too much"),
        ("(?P<a>x)(?P<a>y)", "a name twice"),
        (r"\1", "a group that is not there"),
        ("a{99999999999}", "a repeat beyond every bound"),
        ("(?:a{65535}){65535}", "billions of rounds"),
        ("(?<=a*)b", "a look-behind without a width"),
        ("(?#" + "x" * 900 + ")" + ".*", "a comment"),
        ("2024-03-05", "one of the texts"),
        (_DATE["matches"], "the list itself"),
        ("(" * 400 + ")" * 400, "nested four hundred times"),
        ("x" * 5_000, "longer than allowed"),
        ("(?R)", "recursion of another engine"),
        (r"\p{L}+", "a class of another engine"),
        ("/.*/", "delimiters of another language"),
    ]
]
ATTACKS += [
    Case(_LONG, _answer(pattern), "", why)
    for pattern, why in [
        ("(a+)+b", "the classic bomb"),
        ("(a|a)*b", "two branches that are the same"),
        ("(a|aa)+b", "branches that overlap"),
        ("(a*)*b", "a star of a star"),
        ("a?" * 40 + "a" * 40 + "!", "forty optional letters"),
        ("(.*)*x", "dots of dots"),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "the bomb of a validator"),
        (r"(\w*\w*\w*\w*\w*\w*\w*)*!", "seven stars in a star"),
        ("(?:(?=(a+))a*b)*|(a+)+$x", "a bomb behind a look-ahead"),
    ]
]
ATTACKS += [
    Case(_SHORT, _answer(_SPELLED), "", "the texts spelled out, with `max_length`"),
    Case(_DATE, f"`{_GOOD}` or `.*`", "", "two patterns"),
    Case(_DATE, f"```\n{_GOOD}\n```\n```\n.*\n```", "", "two blocks"),
    Case(_DATE, _answer(_GOOD) + _answer(".*"), "", "two answers"),
    Case(_DATE, f"<think>{_GOOD}</think>", "", "only in the thinking"),
    Case(_DATE, f"```json\n{_GOOD}\n```", "", "a block of another language"),
]
CASES += [
    Case(_DATE, rf"\boxed{{{_GOOD}}}", "correct", "a box that is all of it"),
    Case(_DATE, r"$\boxed{\d{4}-\d\d-\d\d}$", "incorrect"),
    Case(_WORD, r"\boxed{\bcat\b}", "correct"),
]
ATTACKS += [
    Case(_DATE, rf"\boxed{{.*}} or \boxed{{{_GOOD}}}", "", "two boxes"),
    Case(_DATE, rf"\boxed{{{_GOOD}", "", "a box that never closes"),
]
