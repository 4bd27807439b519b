r"""Words and digits directly beside an answer that make another value, another label or a condition of it."""

from typing import Any

import pytest

from reward_server.graders import Completion, discover
from reward_server.verdict import Outcome

_OPTIONS = ["3 cats", "4 cats", "6 cats"]


def _is_paid(task: dict[str, Any], completion: str) -> bool:
    grader = discover()[task["kind"]]
    verdict = grader.fast(grader.compile(grader.task.model_validate(task)), Completion(completion))
    assert verdict is not None
    return verdict.outcome is Outcome.CORRECT


_PAIRS = [
    ("8", r"That makes \boxed{8} billion.", False),
    ("8 billion", r"That makes \boxed{8} billion stars in all of it.", True),
    ("8", r"\boxed{8}\text{ thousand}", False),
    ("8", r"$\boxed{8}$ dozens of eggs", True),
    ("8", r"\boxed{8}k", False),
    ("8", r"\boxed{8}亿", False),
    ("8", r"\boxed{8} cubed.", False),
    ("8", r"\boxed{8} minus 3", False),
    ("8", r"\boxed{8} or more", False),
    ("8 pears", r"\boxed{8} Q.E.D.", True),
    ("8 pears", r"\boxed{8} pears", True),
    ("0.75", r"so $g(1)=0.\boxed{75}$", True),
    ("75", r"so $g(1)=0.\boxed{75}$", False),
    ("-0.75", r"so $g(1)=-0.\boxed{75}$", True),
    ("8", r"\boxed{8}. Hmm, it should be negative, so -8.", False),
    ("8", r"\boxed{8}. The root -8 is rejected, so the answer is 8.", True),
    ("-8", r"\boxed{-8}. So the answer is -8.", True),
    ("8", "If it snows, the answer is 8.", False),
    ("8", "If a = 1 then b = 2, so the answer is 8.", True),
]


@pytest.mark.parametrize(("truth", "completion", "paid"), _PAIRS)
def test_what_stands_beside_an_answer_is_read_with_it(truth: str, completion: str, paid: bool) -> None:
    assert _is_paid({"kind": "math", "ground_truth": truth}, completion) is paid


_CHOICES = [
    ("The answer is C'.", False),
    (r"\boxed{C'}", False),
    ("The answer is 'C'.", True),
    ("If it snows, the answer is C.", False),
    ("Unless n = 1, the answer is C", False),
    ("If n = 1 there are 3. The answer is C.", True),
]


@pytest.mark.parametrize(("completion", "paid"), _CHOICES)
def test_a_label_with_a_prime_or_a_condition_chooses_nothing(completion: str, paid: bool) -> None:
    assert _is_paid({"kind": "choice", "ground_truth": "C", "options": _OPTIONS}, completion) is paid
