"""Outputs and inputs of programs: read as data, whatever else is tried.

Measured on CRUXEval's rows as they are stored: every output and every input of literals is right, the next row's output
only where it is equal (`tests/reward_server/kinds/test_output.py`).
"""

from typing import Any

from . import Case

_CODE = "def f(nums):\n    return sorted((nums.count(n), n) for n in set(nums))"
_OUT: dict[str, Any] = {"kind": "output", "code": _CODE, "input": "[1, 3, 1]", "output": "[(1, 3), (2, 1)]"}
_IN = _OUT | {"predict": "input"}
_TRUE: dict[str, Any] = {"kind": "output", "output": "True"}
_TEXT: dict[str, Any] = {"kind": "output", "output": "'a b'"}
_SET: dict[str, Any] = {"kind": "output", "output": "{1, 2}"}
_JSON: dict[str, Any] = {"kind": "output", "form": "json", "output": '{"total": 3, "names": ["a"]}'}
_PRINT: dict[str, Any] = {"kind": "output", "form": "stdout", "output": "3\n4 5\n"}
_MAIN: dict[str, Any] = {
    "kind": "output", "form": "json", "predict": "input", "entry_point": "main_solution", "output": {"sum": 5},
    "code": "def main_solution(a, b):\n    return {'sum': a + b}", "input": {"a": 2, "b": 3},
}  # fmt: skip


def _tag(text: str) -> str:
    return f"<answer>{text}</answer>"


CASES = [
    Case(_OUT, _tag("[(1, 3), (2, 1)]"), "correct"),
    Case(_OUT, "[ANSWER]\nf([1, 3, 1]) == [(1, 3), (2, 1)]\n[/ANSWER]", "correct"),
    Case(_OUT, "[THOUGHT]count[/THOUGHT][ANSWER]assert f([1,3,1])==[(1,3),(2,1)][/ANSWER]", "correct"),
    Case(_OUT, "```python\n[(1, 3), (2, 1)]\n```", "correct"),
    Case(_OUT, "[(1, 3), (2, 1)]", "correct"),
    Case(_OUT, _tag("[[1, 3], [2, 1]]"), "incorrect", "lists are no tuples"),
    Case(_OUT, _tag("[(2, 1), (1, 3)]"), "incorrect"),
    Case(_OUT, "", "no_answer"),
    Case(_TEXT, _tag('"a b"'), "correct", "other quotes"),
    Case(_TEXT, _tag("a b"), "incorrect", "no literal"),
    Case(_TEXT, _tag("'a  b'"), "incorrect"),
    Case(_SET, _tag("{2, 1}"), "correct"),
    Case(_JSON, _tag('{"names": ["a"], "total": 3.0}'), "correct"),
    Case(_JSON, _tag('{"names": ["a"], "total": 4}'), "incorrect"),
    Case(_PRINT, _tag("3\n4 5"), "correct"),
    Case(_PRINT, "```\n3\n4 5\n\n```", "correct"),
    Case(_PRINT, _tag("3 4 5"), "incorrect"),
    Case(_IN, _tag("[3, 1, 1]"), "correct", "another input"),
    Case(_IN, "[ANSWER]assert f([1, 3, 1]) == [(1, 3), (2, 1)][/ANSWER]", "correct"),
    Case(_IN, _tag("f(nums=[1, 1, 3])"), "correct"),
    Case(_IN, _tag("[1, 3]"), "incorrect"),
    Case(_IN, _tag("3"), "runtime_error"),
    Case(_MAIN, _tag('{"a": 1, "b": 4}'), "correct"),
    Case(_MAIN, _tag('{"a": 1, "b": 5}'), "incorrect"),
]

ATTACKS = [
    Case(task, completion, "", why)
    for task, completion, why in [
        (_OUT, _tag("f([1, 3, 1])"), "the call itself"),
        (_OUT, _tag("f([1, 3, 1]) == f([1, 3, 1])"), "compared with itself"),
        (_OUT, _tag("f([]) == [(1, 3), (2, 1)]"), "another call"),
        (_OUT, _tag("sorted([(2, 1), (1, 3)])"), "an expression"),
        (_OUT, _tag("[(1, 3), (2, 1)] or []"), "or"),
        (_OUT, _tag("[(1, 3), (2, 1)] == [(1, 3), (2, 1)]"), "nothing is called"),
        (_OUT, _tag("[(1, 3), (2, 1)], []"), "two values"),
        (_OUT, _tag("[(1, 3), (2, 1)]\n[]"), "two lines"),
        (_OUT, "```\n[(1, 3), (2, 1)]\n```\n```\n[]\n```", "two blocks"),
        (_OUT, "[ANSWER][(1, 3), (2, 1)][/ANSWER][ANSWER][][/ANSWER]", "two marks"),
        (_OUT, "<think>[(1, 3), (2, 1)]</think>", "only thought"),
        (_OUT, _tag("__import__('os')._exit(0)"), "code"),
        (_OUT, _tag("(lambda: [(1, 3), (2, 1)])()"), "a function"),
        (_OUT, _tag("[" * 3000 + "]" * 3000), "nested for ever"),
        (_OUT, _tag("[(1, 3), (2, 1)" + ", (0, 0)" * 30_000 + "]"), "a long list"),
        (_OUT, _tag("[*((1, 3), (2, 1))]"), "unpacking"),
        (_OUT, _tag("f'{1}'"), "an f-string"),
        (_TRUE, _tag("1"), "a number that equals True"),
        (_TRUE, _tag("'True'"), "a text"),
        (_TRUE, _tag("not False"), "an operator"),
        (_TRUE, _tag("True or False"), "both"),
        (_TEXT, _tag("'a b' if 1 else ''"), "a condition"),
        (_TEXT, _tag("b'a b'"), "bytes"),
        (_TEXT, _tag("'a' + ' b'"), "a sum"),
        (_SET, _tag("{1, 2, True, 3}"), "surplus"),
        (_SET, _tag("[1, 2]"), "a list"),
        (_JSON, _tag('{"total": 3, "names": ["a"], "total": 3}'), "a key twice"),
        (_JSON, _tag('{"total": NaN, "names": ["a"]}'), "NaN"),
        (_JSON, _tag('{"total": true, "names": ["a"]}'), "true for a number"),
        (_JSON, _tag('[{"total": 3, "names": ["a"]}, {}]'), "two objects"),
        (_PRINT, _tag("3\n4 5\n6"), "a line too many"),
        (_PRINT, _tag("print(3)\nprint(4, 5)"), "a program"),
        (_IN, _tag("type('L', (list,), {'count': lambda s, n: 1})([1])"), "an object that lies"),
        (_IN, _tag("[]) or [(1, 3), (2, 1)]  #"), "closes the call"),
        (_IN, _tag("[1, 3, 1]) == [(1, 3), (2, 1)] or f([]"), "two calls"),
        (_IN, _tag("globals()"), "names"),
        (_OUT, "[ANSWER]" * 8_000, "opened thousands of times and never closed"),
        (_OUT, "[/ANSWER]" * 4_000 + "[ANSWER]" * 4_000, "closed, then opened"),
        (_OUT, "[ANSWER]1[/ANSWER]" * 3_000 + "[ANSWER]2[/ANSWER]", "thousands of answers"),
        (_IN, _tag("*[[1, 3, 1]]"), "unpacking"),
        (_IN, _tag("f([1, 3, 1]) == [(1, 3)]"), "states another output"),
        (_IN, _tag("1e999"), "infinity, which is no list"),
        (_IN, _tag("[1, 3, 1], [(1, 3), (2, 1)]"), "the output as a second argument"),
        (_MAIN, _tag('{"a": 2, "b": 3, "__class__": 1}'), "surplus arguments"),
        (_MAIN, _tag('{"a": "2", "b": "3"}'), "texts that are joined"),
        (_MAIN, _tag("[2, 3]"), "no named arguments"),
    ]
]
