"""Test code is judged outside: calls go in, claims stay out, and both walks agree on what was called."""

import copy
from typing import Any

import pytest

from reward_server.testing.claims.splitting import Claim, Returned, Split, split
from reward_server.testing.claims.unknowns import Unsplittable

EVALPLUS = """
import numpy as np
def is_floats(x) -> bool:
    if isinstance(x, float):
        return True
    if isinstance(x, (list, tuple)):
        return all(isinstance(i, float) for i in x)
    if isinstance(x, np.ndarray):
        return x.dtype == np.float64 or x.dtype == np.float32
    return False
def assertion(out, exp, atol):
    if atol == 0 and is_floats(exp):
        atol = 1e-6
    if out != exp and atol != 0:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
    else:
        assert out == exp, f"out: {out}, exp: {exp}"
def ref_func(x):
    total = 0
    for i in range(x):
        total += i
    return total
def check(candidate):
    inputs = [[1], [2], [3]]
    results = [0, 1, 3.0000001]
    for i, (inp, exp) in enumerate(zip(inputs, results)):
        assertion(candidate(*inp), exp, 0)
    for inp in inputs:
        assertion(candidate(*inp), ref_func(*inp) + inp[0], 0)
"""


def run(pieces: Split, program: dict[str, Any]) -> dict[int, Returned]:
    """Evaluate the steps as the sandbox would: in the program's namespace, every call under its own except."""
    returned: dict[int, Returned] = {}
    objects: dict[int, Any] = {}
    program["_reward_in"] = lambda number, make: objects.setdefault(number, make())
    for index, step in enumerate(pieces.steps):
        if step.absorbed:
            continue
        try:
            value = eval(step.source, program)
        except Exception as error:  # noqa: BLE001 - the sandbox catches whatever the program raises
            returned[index] = Returned(raised=tuple(kind.__name__ for kind in type(error).__mro__), message=str(error))
            continue
        program.update({step.keep: value} if step.keep else {})
        returned[index] = Returned(copy.deepcopy(value))
    return returned


def claims(code: str, entry_point: str | None = None, *, prelude: str = "", **program: Any) -> list[Claim]:
    pieces = split(code, entry_point, prelude)
    judged = pieces.judge(run(pieces, program), stop_at_failure=False)
    assert len(judged) == pieces.claims
    return judged


def holds(code: str, entry_point: str | None = None, **program: Any) -> bool:
    return all(claim.holds for claim in claims(code, entry_point, **program))


@pytest.mark.parametrize(
    "code",
    [
        "assert f(2) == 4",
        "assert f(2) == 4, f'message with {f(2)}'",
        "assert (f(2), f(3)) == (4, 9)",
        "assert f(x=2) == 4 and not f(0)",
        "assert abs(f(1.5) - 2.25) < 1e-6",
        "import math\nassert math.isclose(f(3), 9.0, rel_tol=1e-9)",
        "assert set([f(1), f(-1)]) == {1}",
        "assert sorted(f(x) for x in [2, 1]) == [1, 4]",
        "assert f(3) in [8, 9] and f(3) is not None",
        "assert isinstance(f(2), int) and str(f(2)).startswith('4')",
        "assert f(f(2)) == 16",
        "out = f(2)\nassert out == 4\nassert out > 3",
        "def check(candidate):\n    for i in range(5):\n        assert candidate(i) == i * i",
        "def check(c):\n    assert c(2) == 4\ndef test_check():\n    check(f)\ntest_check()",
        "from solution import f\ndef test_one():\n    assert f(2) == 4",
        "import pytest\nwith pytest.raises(TypeError):\n    f('a', 'b')\nassert f(1) == pytest.approx(1.0)",
        "try:\n    f('a')\n    assert False\nexcept TypeError:\n    pass\nassert f(1) == 1",
        "import random\nfor _ in range(4):\n    n = random.randint(1, 9)\n    assert f(n) == n ** 2",
        "for got, want in zip([f(1), f(2)], [1, 4]):\n    assert got == want",
        "r = f(3)\nif r > 5:\n    assert r == 9\nelse:\n    assert r == 0",
    ],
)
def test_shapes_of_data_sets_hold_for_the_right_program_alone(code: str) -> None:
    assert holds(code, "f", f=lambda x: x * x)
    assert not holds(code, "f", f=lambda x: -1)


def test_evalplus_loops_split_into_one_claim_for_each_input() -> None:
    sums = claims(EVALPLUS.partition("    for inp in inputs:")[0], "f", f=lambda x: x * (x - 1) // 2)
    assert [claim.holds for claim in sums] == [True, True, True]
    both = claims(EVALPLUS, "f", f=lambda x: x * (x - 1) // 2)
    assert [claim.holds for claim in both] == [True] * 3 + [False] * 3


def test_expected_values_never_appear_in_a_step() -> None:
    pieces = split("def check(candidate):\n    secret = 'hunter2'\n    assert candidate('in') == secret * 2", "f")
    assert [step.source for step in pieces.steps] == ["f('in')"]
    assert "hunter2" not in pieces.setup


def test_state_kept_between_asserts_is_the_programs() -> None:
    class Stack:
        def __init__(self) -> None:
            self.items: list[int] = []

        def push(self, item: int) -> None:
            self.items.append(item)

        def size(self) -> int:
            return len(self.items)

    assert holds("s = Stack()\ns.push(1)\ns.push(2)\nassert s.size() == 2\nassert s.items == [1, 2]", Stack=Stack)


def test_a_call_that_raises_fails_its_own_claim_and_no_other() -> None:
    judged = claims("assert f(0) == 0\nassert f(1) == 1", f=lambda x: 1 // x)
    assert [claim.holds for claim in judged] == [False, True]
    assert judged[0].raised.startswith("ZeroDivisionError")


def test_what_the_program_changes_is_looked_at_where_it_was_changed() -> None:
    def grow(xs: list[int]) -> list[int]:
        xs.append(len(xs))
        return xs

    assert holds("x = [2, 1]\nf(x)\nassert x == [1, 2]", f=lambda x: x.sort())
    assert not holds("x = [2, 1]\nf(x)\nassert x == [1, 2]", f=lambda x: None)
    assert holds("x = [1]\nassert f(f(x)) == [1, 1, 2]\nassert x == [1, 1, 2]\nassert len(x) == 3", f=grow)
    assert holds("x = [1]\nassert f(x[:]) == [1, 1]\nassert x == [1]", f=grow)
    assert holds("t = [[1], [2]]\nassert [f(x) for x in t] == [[1, 1], [2, 1]]\nassert t == [[1, 1], [2, 1]]", f=grow)
    assert holds("a = b = [1]\nf(a)\nassert b == [1, 1]", f=grow)
    with pytest.raises(Unsplittable, match="part"):
        split("t = [[1], [2]]\nx = t[0]\nf(t)\nassert x == [1]")


def test_the_preludes_helpers_build_inputs_there_and_are_not_trusted_to_judge() -> None:
    prelude = (
        "class Node:\n    pass\ndef node(v):\n    n = Node()\n    n.v = v\n    return n\n"
        "def same(a, b):\n    return a == b\n"
    )
    namespace: dict[str, Any] = {}
    exec(prelude, namespace)
    namespace.pop("__builtins__")
    judged = claims("assert f(node(3)) == 3", prelude=prelude, f=lambda n: n.v, **namespace)
    assert [claim.holds for claim in judged] == [True]
    lying = claims("assert same(f(1), 2)", prelude=prelude, f=lambda x: 1, same=lambda a, b: True)
    assert [claim.holds for claim in lying] == [False], "`same` is evaluated here, not over there"
    with pytest.raises(Unsplittable):
        split("assert same(f(1), Node())", None, prelude)


@pytest.mark.parametrize(
    "code",
    [
        "assert format(f(2), '.2f') == '4.00'",
        "import os\nassert f(2) == os.getpid()",
        "while f(1) < 3:\n    pass",
        "assert f(2) == 10 ** 10 ** 10",
        "assert f(2) == sum(range(10 ** 12))",
        "x = 0\nwhile True:\n    x += 1",
        "assert f(2) == 'a' * 10 ** 12",
        "assert __import__('os').system('true') == f(0)",
    ],
)
def test_what_cannot_be_followed_cheaply_and_safely_is_refused(code: str) -> None:
    with pytest.raises(Unsplittable):
        split(code)


def test_tests_may_be_far_longer_than_programs() -> None:
    table = ", ".join(map(str, range(100_000)))
    assert holds(f"results = [{table}]\nassert f(3) == results[3]", f=lambda x: x)


def test_constants_are_no_tests() -> None:
    assert split("assert True\nassert 1 == 1").claims == 0
    assert split("print(f(1))\nf(2) == 4\nx = f(3)").claims == 0
