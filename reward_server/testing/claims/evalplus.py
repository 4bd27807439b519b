"""The helpers of EvalPlus' test files, recognised by their syntax tree and run as the plain functions they are.

Thousands of tasks carry the same two helpers, called up to a thousand times for each submission; interpreting them
would cost more than running the program.
"""

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

from reward_server.testing.claims.closeness import allclose, same_shape

_IS_FLOATS = """
def is_floats(x) -> bool:
    if isinstance(x, float):
        return True
    if isinstance(x, (list, tuple)):
        return all(isinstance(i, float) for i in x)
    if isinstance(x, np.ndarray):
        return x.dtype == np.float64 or x.dtype == np.float32
    return False
"""
_ASSERTIONS = (
    """
def assertion(out, exp, atol):
    exact_match = out == exp
    if atol == 0 and is_floats(exp):
        atol = 1e-6
    if not exact_match and atol != 0:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
    else:
        assert exact_match
""",
    """
def assertion(out, exp, atol):
    if atol == 0 and is_floats(exp):
        atol = 1e-6
    if out != exp and atol != 0:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
    else:
        assert out == exp, f"out: {out}, exp: {exp}"
""",
)


def known_helper(node: ast.FunctionDef) -> Callable[..., Any] | None:
    """Return the function that `node` defines when it is one of EvalPlus' helpers, else None."""
    return _table().get(ast.dump(node)) if node.name in {"is_floats", "assertion"} else None


@cache
def _table() -> dict[str, Callable[..., Any]]:
    table: dict[str, Callable[..., Any]] = {ast.dump(ast.parse(_IS_FLOATS).body[0]): is_floats}
    table.update({ast.dump(ast.parse(source).body[0]): assertion for source in _ASSERTIONS})
    return table


def is_floats(value: Any) -> bool:
    """Say whether a value is a float or a flat sequence of floats."""
    if isinstance(value, list | tuple):
        return all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def assertion(out: Any, exp: Any, atol: float) -> None:
    """Assert that `out` equals `exp`, floats within `atol` (1e-6 when it is 0) plus 1e-7 of the expected value.

    The shapes must agree: `np.allclose`, which the helper calls, is true of an empty list and anything, and stretches
    one value over many.

    Raises:
        AssertionError: it does not.
    """
    if out == exp:
        return
    if atol == 0 and is_floats(exp):
        atol = 1e-6
    if atol == 0 or not same_shape(out, exp) or not allclose(out, exp, 1e-7, atol):
        raise AssertionError("out differs from exp")
