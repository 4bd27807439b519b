"""Several checks as one: what fails alone fails inside, and no check that passes pays for one that does not.

There is no reference: its checks are those of the other kinds, and the attacks are theirs, beside a check that passes or
with one check answered in the thinking of the others.
"""

from typing import Any

from . import Case, schema, short_answer

_FORMAT: dict[str, Any] = {"kind": "schema", "schema": {"type": "object", "required": ["answer"]}}
_VALUE: dict[str, Any] = {"kind": "schema", "values": {"answer": 4}}
_MATH: dict[str, Any] = {"kind": "math", "ground_truth": "4"}


def _of(combine: str, *tasks: dict[str, Any], weights: tuple[float, ...] = ()) -> dict[str, Any]:
    checks = [{"task": task} for task in tasks]
    for check, weight in zip(checks, weights, strict=False):
        check["weight"] = weight  # type: ignore[assignment]
    return {"kind": "composite", "combine": combine, "checks": checks}


_CODE: dict[str, Any] = {"kind": "code", "tests": [{"stdin": "", "stdout": "7"}]}
_SEVEN = "<answer>7</answer>\n```python\nprint(7)\n```"
_NUMBER: dict[str, Any] = {"kind": "short_answer", "ground_truth": 7}

CASES = [
    Case(_of("all", _CODE, _NUMBER), _SEVEN, "correct"),
    Case(_of("all", _CODE, _NUMBER), _SEVEN.replace("print(7)", "print(8)"), "incorrect"),
    Case(_of("weighted", _CODE, _NUMBER), _SEVEN.replace("print(7)", "print(8)"), "partial"),
    Case(_of("any", _CODE, _NUMBER), _SEVEN.replace("print(7)", "1 / 0"), "correct"),
    Case(_of("gate", _CODE, _NUMBER), _SEVEN.replace("print(7)", "1 / 0"), "runtime_error"),
    Case(_of("all", _FORMAT, _VALUE), '{"answer": 4}', "correct"),
    Case(_of("all", _FORMAT, _VALUE), '{"answer": 5}', "incorrect"),
    Case(_of("all", _FORMAT, _VALUE), "", "no_answer"),
    Case(_of("gate", _FORMAT, _VALUE), '{"answer": 4}', "correct"),
    Case(_of("gate", _FORMAT, _VALUE), '{"answer": 5}', "incorrect"),
    Case(_of("gate", _VALUE, _FORMAT), '{"answer": 5}', "incorrect"),
    Case(_of("any", _FORMAT, _VALUE), '{"answer": 5}', "correct"),
    Case(_of("any", _FORMAT, _VALUE), "{}", "incorrect"),
    Case(_of("weighted", _FORMAT, _VALUE), '{"answer": 5}', "partial"),
    Case(_of("weighted", _FORMAT, _VALUE, weights=(0.1, 0.2)), '{"answer": 4}', "correct"),
    Case(_of("weighted", _FORMAT, _VALUE), "{}", "incorrect"),
    Case(_of("all", _MATH), r"\boxed{4}", "correct"),
    Case(_of("all", _MATH), r"\boxed{5}", "incorrect"),
    Case(_of("all", _of("any", _VALUE, _MATH)), r"\boxed{4}", "correct"),
]

ATTACKS = [
    Case(
        _of(combine, other.task, {"kind": "short_answer", "ground_truth": "never said"}),
        other.completion,
        "",
        other.why,
    )
    for combine in ("all", "gate")
    for other in [*schema.ATTACKS[:20], *short_answer.ATTACKS[:20]]
]
ATTACKS += [
    Case(_of("gate", _FORMAT, _VALUE), f'{{"answer": 5}}\n{{"answer": {answer}}}', "", "two documents")
    for answer in (4, 5)
]

_WORD: dict[str, Any] = {"kind": "short_answer", "ground_truth": "seven"}
_SIX = r"\boxed{6}"
_HIDDEN = (
    "<think>{}</think>", "<think>{}", "<think>a</think>{other}<think>{}</think>", "{}</think>{other}", "[THINK]{}[/THINK]{other}",
    "<|channel|>analysis<|message|>{}", "◁think▷{}◁/think▷{other}", "<seed:think>{}</seed:think>{other}",
    "<reasoning>{}</reasoning>{other}", "<think><think>{}</think>{}</think>{other}", "{other}<|im_end|>{}", "{other}<think>{}",
)  # fmt: skip
"""What one check must not see while another reads the rest."""
ATTACKS += [
    Case(_of(combine, *tasks), form.format(hidden, hidden, other=shown) if form.count("{}") > 1 else
         form.format(hidden, other=shown), "", "one check answered in the thinking")
    for form in _HIDDEN
    for combine, tasks, hidden, shown in (
        ("all", (_MATH, _WORD), r"\boxed{4}", "The answer is seven."),
        ("gate", (_FORMAT, _MATH), r"\boxed{4}", '{"answer": 5}'),
        ("gate", (_NUMBER, _CODE), "```python\nprint(7)\n```", "The answer is 7."),
        ("any", (_MATH, _VALUE), r"\boxed{4}", _SIX),
        ("weighted", (_MATH, _CODE), "<answer>4</answer>\n```python\nprint(7)\n```", _SIX),
    )
]  # fmt: skip
