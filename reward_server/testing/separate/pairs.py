"""Asserts that are pairs of a call and a value, `assert f(1, [2]) == 3`: the calls go in, the values come out.

Such tests need no process of their own: nothing of them is code but the calls, so that these alone are run beside the
program, in order and in one run, and what each returned is compared here. That takes a third of the time. Whatever is
not plain (an exception, a limit, a type that is not built in, another way to compare) is left to the tests' own
process, whose word is final; a limit is tried here for a moment only.
"""

import ast
import builtins
from dataclasses import dataclass, replace
from typing import Any

from reward_server.testing.judging.shown_values import shown_value
from reward_server.testing.judging.suite import TestResult, measured
from reward_server.testing.judging.values import UnreadableValue, decode, python_equal
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Limits, Program, Status

_MOST_PAIRS, _LONGEST = 500, 65_536
_CPU_SECONDS, _WALL_SECONDS = 0.5, 1.0
_BUILTINS = frozenset(dir(builtins))
_ARRAYS = ("numpy", "pandas", "scipy", "torch")
"""What a program names that may return arrays, which leave as lists and equal none in Python."""
_SETUP = "import copy as _reward_copy\n_reward_kept = _reward_copy.deepcopy\n"


@dataclass(frozen=True, slots=True)
class Pair:
    """A call as it is written, and the value that it should return."""

    call: str
    expected: Any


@dataclass(frozen=True, slots=True)
class Pairs:
    """All of a file's tests, and the function under test where they call it by another name."""

    pairs: tuple[Pair, ...]
    candidate: str = ""


def pairs_in(code: str, tree: ast.Module, entry_point: str | None, own: set[str]) -> Pairs | None:
    """Return the pairs that test code consists of, or None where anything of it is more.

    `own` are the names that the task itself defines.
    """
    if len(code) > _LONGEST:
        return None
    body, candidate = _asserts(tree, entry_point)
    if not body or len(body) > _MOST_PAIRS:
        return None
    known = {"candidate"} if candidate else set()
    pairs = [_pair(node, own | (_BUILTINS - known)) for node in body]
    if None in pairs or (candidate and candidate.split("(")[0].split(".")[0] in own | _BUILTINS):
        return None
    return Pairs(tuple(pair for pair in pairs if pair is not None), candidate)


def _asserts(tree: ast.Module, entry_point: str | None) -> tuple[list[ast.stmt], str]:
    """Return the statements that are tests, at the top or in `check(candidate)`, and what `candidate` is."""
    body = [node for node in tree.body if not _says_nothing(node)]
    if not body or not isinstance(body[0], ast.FunctionDef):
        return body, ""
    check, calls = body[0], body[1:]
    if check.name != "check" or [each.arg for each in check.args.args] != ["candidate"] or len(calls) > 1:
        return [], ""
    if calls:
        call = calls[0].value if isinstance(calls[0], ast.Expr) else None
        named = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check"
        if not named or not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
            return [], ""
        entry_point = ast.unparse(call.args[0])
    if not entry_point or not all(part.isidentifier() for part in entry_point.replace("()", "").split(".")):
        return [], ""
    return [node for node in check.body if not _says_nothing(node)], entry_point


def _says_nothing(node: ast.stmt) -> bool:
    """Say whether a statement is a text, `pass`, or HumanEval's table of its author."""
    if isinstance(node, ast.Assign):
        return [ast.unparse(each) for each in node.targets] == ["METADATA"] and _is_literal(node.value)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _pair(node: ast.stmt, own: set[str] | frozenset[str]) -> Pair | None:
    if not isinstance(node, ast.Assert) or not isinstance(node.test, ast.Compare) or len(node.test.ops) != 1:
        return None
    if node.msg is not None and not isinstance(node.msg, ast.Constant):
        return None
    sides, operation = (node.test.left, node.test.comparators[0]), node.test.ops[0]
    call, value = sides if isinstance(sides[0], ast.Call) else reversed(sides)
    singleton = isinstance(value, ast.Constant) and (value.value is None or isinstance(value.value, bool))
    if not isinstance(operation, ast.Eq) and not (isinstance(operation, ast.Is) and singleton):
        return None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id in own:
        return None
    given = [*call.args, *(each.value for each in call.keywords)]
    if not all(map(_is_literal, [*given, value])) or not all(each.arg for each in call.keywords):
        return None
    expected = ast.literal_eval(value)
    return Pair(ast.unparse(call), _Same(expected) if isinstance(operation, ast.Is) else expected)


class _Same:
    """Stands for `is` where a value is compared."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return other is self.value

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.value)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


async def try_pairs(
    pairs: Pairs, source: str, limits: Limits, pool: Any
) -> tuple[list[TestResult], list[Execution]] | None:
    """Run the calls and compare what they returned; None leaves the tests to their own process.

    Raises:
        SandboxError: the infrastructure failed.
    """
    if any(name in source for name in _ARRAYS):
        return None
    setup = _SETUP + (f"candidate = {pairs.candidate}\n" if pairs.candidate else "")
    calls = ", ".join(f"_reward_kept({pair.call})" for pair in pairs.pairs)
    short = replace(
        limits, cpu_seconds=min(limits.cpu_seconds, _CPU_SECONDS), wall_seconds=min(limits.wall, _WALL_SECONDS)
    )
    invocation = Invocation(expression=f"[{calls}]", setup=setup)
    (run,) = await pool.run(Program("python", source), [invocation], short)
    if run.status is not Status.OK or run.encoded or not isinstance(run.value, list):
        return None
    if len(run.value) != len(pairs.pairs):
        return None
    try:
        values = [decode(value) for value in run.value]
    except UnreadableValue:
        return None
    judged = zip(map(str, range(1, len(values) + 1)), pairs.pairs, values, strict=True)
    return [_result(name, pair, value, run) for name, pair, value in judged], [run]


def _result(name: str, pair: Pair, value: Any, run: Execution) -> TestResult:
    if python_equal(value, pair.expected):
        return measured(TestResult(name, Outcome.CORRECT), run)
    failed = TestResult(name, Outcome.INCORRECT, expected=shown_value(pair.expected), got=shown_value(value))
    return measured(failed, run)
