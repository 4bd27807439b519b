"""What the evaluator of test code may call: pure functions on built-in values, each bounded in what it can cost.

Tests are trusted data but never executed: `evaluation` interprets their syntax tree and finds every function here.
A name that is missing makes the tests unsplittable, which costs speed or trust, never correctness.
"""

import collections
import copy
import functools
import itertools
import math
import operator
import random
import string
from collections.abc import Callable, Iterable
from types import MappingProxyType, SimpleNamespace
from typing import Any

from reward_server.testing.outputs import Tolerance

MAX_ITEMS = 1_000_000
"""Longest sequence, in items or characters, that test code may build by multiplication or `range`."""
MAX_BITS = 200_000
"""Longest integer, in bits, that test code may build by `**`, `<<` or `*`."""


class NotAllowed(Exception):
    """Test code asks for more than the evaluator grants."""


class NumpyArray:
    """Stands for `numpy.ndarray` in `isinstance`: decoded values are never arrays."""


def bounded_range(*arguments: int) -> range:
    """Return `range(*arguments)` when it is not too long to walk."""
    numbers = range(*arguments)
    if len(numbers) > MAX_ITEMS:
        raise NotAllowed("a range of millions")
    return numbers


def power(base: Any, exponent: Any, modulus: Any = None) -> Any:
    """Return `base ** exponent`, refusing results of absurd size before computing them."""
    if modulus is not None:
        return pow(base, exponent, modulus)
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * abs(exponent) > MAX_BITS:
        raise NotAllowed("a huge power")
    return base**exponent


def times(left: Any, right: Any) -> Any:
    """Return `left * right`, refusing results of absurd size before computing them."""
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, str | bytes | list | tuple):
            if isinstance(count, int) and len(sequence) * max(count, 0) > MAX_ITEMS:
                raise NotAllowed("a huge sequence")
            return left * right
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > MAX_BITS:
        raise NotAllowed("a huge product")
    return left * right


def plus(left: Any, right: Any) -> Any:
    """Return `left + right`, refusing sequences that doubling has made absurdly long."""
    if isinstance(left, str | bytes | list | tuple) and len(left) > MAX_ITEMS:
        raise NotAllowed("a huge sequence")
    return left + right


def shifted(left: Any, right: Any) -> Any:
    """Return `left << right`, refusing results of absurd size."""
    if not isinstance(right, int) or right > MAX_BITS:
        raise NotAllowed("a huge shift")
    return left << right


def remainder(left: Any, right: Any) -> Any:
    """Return `left % right` of numbers; string formatting can cost anything and is not needed to judge."""
    if isinstance(left, str | bytes):
        raise NotAllowed("string formatting")
    return left % right


def isclose(left: Any, right: Any, *, rel_tol: float = 1e-9, abs_tol: float = 0.0) -> bool:
    """Be `math.isclose` for built-in numbers."""
    return math.isclose(left, right, rel_tol=rel_tol, abs_tol=abs_tol)


def allclose(left: Any, right: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
    """Be `numpy.allclose` on nested lists: |left − right| ≤ atol + rtol·|right|, one side may be a single number.

    Raises:
        TypeError: something in there is no number, as in numpy.
        ValueError: the shapes differ.
    """
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if len(left) != len(right) and 1 not in (len(left), len(right)):
            raise ValueError("operands could not be broadcast together")
        pairs = _broadcast(left, right)
        return all(allclose(mine, theirs, rtol, atol, equal_nan) for mine, theirs in pairs)
    if isinstance(left, list | tuple):
        return all(allclose(mine, right, rtol, atol, equal_nan) for mine in left)
    if isinstance(right, list | tuple):
        return all(allclose(left, theirs, rtol, atol, equal_nan) for theirs in right)
    if not isinstance(left, int | float | complex) or not isinstance(right, int | float | complex):
        raise TypeError("allclose of values that are no numbers")
    if left == right:
        return True
    if equal_nan and left != left and right != right:
        return True
    return abs(left - right) <= atol + rtol * abs(right) < math.inf


def _broadcast(left: Any, right: Any) -> Iterable[tuple[Any, Any]]:
    if len(left) == len(right):
        return zip(left, right, strict=True)
    return ((left[0], item) for item in right) if len(left) == 1 else ((item, right[0]) for item in left)


def approximately(expected: Any, rel: float = 1e-6, abs: float = 1e-12) -> Any:
    """Be `pytest.approx`: a value that equals whatever is within tolerance."""
    return _Approximate(expected, Tolerance(absolute=abs, relative=rel))


class _Approximate:
    """The right side of `== approx(…)`, for numbers and flat or nested lists of them."""

    def __init__(self, expected: Any, tolerance: Tolerance) -> None:
        self.expected, self.tolerance = expected, tolerance

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self._agree(other, self.expected)

    def _agree(self, got: Any, expected: Any) -> bool:
        if isinstance(expected, list | tuple):
            return isinstance(got, list | tuple) and len(got) == len(expected) and all(map(self._agree, got, expected))
        if isinstance(expected, dict):
            return (
                isinstance(got, dict)
                and got.keys() == expected.keys()
                and all(self._agree(got[key], value) for key, value in expected.items())
            )
        return isinstance(got, int | float) and self.tolerance.admits(float(got), float(expected))


BUILTINS: MappingProxyType[str, Any] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            *(abs, all, any, bool, chr, dict, divmod, enumerate, filter, float, frozenset, int, isinstance, len, list),
            *(map, max, min, ord, repr, reversed, round, set, sorted, str, sum, tuple, type, zip, complex),
        )
    }
    | {"range": bounded_range, "pow": power, "print": lambda *_values, **_options: None, "iter": iter}
)
"""Built-in functions."""

_MATH = SimpleNamespace(
    **{
        name: getattr(math, name)
        for name in [
            "ceil",
            "floor",
            "sqrt",
            "pi",
            "e",
            "inf",
            "nan",
            "isnan",
            "isinf",
            "isfinite",
            "log",
            "log2",
            "log10",
            "exp",
            "sin",
            "cos",
            "tan",
            "gcd",
            "fabs",
            "hypot",
            "prod",
        ]
    },
    isclose=isclose,
    pow=math.pow,
)
_NUMPY = SimpleNamespace(
    allclose=allclose,
    isclose=allclose,
    array=list,
    abs=abs,
    inf=math.inf,
    nan=math.nan,
    pi=math.pi,
    isnan=math.isnan,
    ndarray=NumpyArray,
    float64=float,
    float32=float,
    int64=int,
    array_equal=lambda left, right: list(left) == list(right),
)


def modules(seed: int = 0) -> dict[str, SimpleNamespace]:
    """Return the modules that test code may import; `random` starts from `seed`, so that a replay draws the same."""
    source = random.Random(seed)
    return {
        "math": _MATH,
        "numpy": _NUMPY,
        "random": SimpleNamespace(
            **{
                name: getattr(source, name)
                for name in ["randint", "choice", "random", "uniform", "shuffle", "sample", "randrange"]
            },
            seed=lambda *_seed: None,
            choices=lambda population, k=1: source.choices(population, k=min(k, MAX_ITEMS)),
        ),
        "string": SimpleNamespace(**{name: getattr(string, name) for name in string.__all__ if name.islower()}),
        "collections": SimpleNamespace(
            Counter=collections.Counter, OrderedDict=dict, deque=list, defaultdict=collections.defaultdict
        ),
        "itertools": SimpleNamespace(
            chain=itertools.chain,
            zip_longest=itertools.zip_longest,
            permutations=lambda *a: itertools.islice(itertools.permutations(*a), MAX_ITEMS),
            combinations=lambda *a: itertools.islice(itertools.combinations(*a), MAX_ITEMS),
            product=lambda *a, repeat=1: itertools.islice(itertools.product(*a, repeat=repeat), MAX_ITEMS),
        ),
        "functools": SimpleNamespace(reduce=functools.reduce),
        "operator": SimpleNamespace(itemgetter=operator.itemgetter),
        "copy": SimpleNamespace(deepcopy=copy.deepcopy, copy=copy.copy),
        "pytest": SimpleNamespace(approx=approximately),
    }


METHODS: MappingProxyType[type, frozenset[str]] = MappingProxyType(
    {
        str: frozenset(
            [
                "capitalize",
                "casefold",
                "count",
                "endswith",
                "find",
                "index",
                "isalnum",
                "isalpha",
                "isdecimal",
                "isdigit",
                "islower",
                "isnumeric",
                "isspace",
                "istitle",
                "isupper",
                "join",
                "lower",
                "lstrip",
                "partition",
                "removeprefix",
                "removesuffix",
                "rfind",
                "rindex",
                "rpartition",
                "rsplit",
                "rstrip",
                "split",
                "splitlines",
                "startswith",
                "strip",
                "swapcase",
                "title",
                "upper",
                "replace",
                "encode",
            ]
        ),
        list: frozenset(
            ["append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"]
        ),
        tuple: frozenset({"count", "index"}),
        dict: frozenset(["clear", "copy", "get", "items", "keys", "pop", "setdefault", "update", "values"]),
        set: frozenset(
            [
                "add",
                "clear",
                "copy",
                "difference",
                "discard",
                "intersection",
                "isdisjoint",
                "issubset",
                "issuperset",
                "pop",
                "remove",
                "symmetric_difference",
                "union",
                "update",
            ]
        ),
        frozenset: frozenset(
            ["difference", "intersection", "isdisjoint", "issubset", "issuperset", "symmetric_difference", "union"]
        ),
        float: frozenset({"is_integer"}),
        int: frozenset({"bit_length"}),
        bytes: frozenset({"decode"}),
        collections.Counter: frozenset(["items", "keys", "most_common", "values", "elements", "get"]),
        collections.defaultdict: frozenset(["items", "keys", "values", "get"]),
    }
)
"""Methods of built-in values that test code may call."""

OPERATORS: MappingProxyType[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "Add": plus, "Sub": operator.sub, "Mult": times, "Div": operator.truediv, "FloorDiv": operator.floordiv,
        "Mod": remainder, "Pow": power, "LShift": shifted, "RShift": operator.rshift, "BitOr": operator.or_,
        "BitAnd": operator.and_, "BitXor": operator.xor,
        "Eq": operator.eq, "NotEq": operator.ne, "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt,
        "GtE": operator.ge, "Is": operator.is_, "IsNot": operator.is_not,
        "In": lambda item, container: item in container, "NotIn": lambda item, container: item not in container,
    }
)  # fmt: skip
"""Binary and comparison operators by the name of their syntax node."""
