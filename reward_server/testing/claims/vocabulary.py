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
from collections.abc import Callable
from types import MappingProxyType, SimpleNamespace
from typing import Any

from reward_server.testing.claims.closeness import allclose, approximately, array_equal, isclose

PROGRAM_MODULES = frozenset({"solution", "main", "program", "submission", "__main__"})
"""Modules that tests import the program from."""
MAX_ITEMS = 1_000_000
"""Longest sequence, in items or characters, that test code may build by multiplication or `range`."""
MAX_BITS = 200_000
"""Longest integer, in bits, that test code may build by `**`, `<<` or `*`."""


class NotAllowed(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """Test code asks for more than the evaluator grants."""


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
    array_equal=array_equal,
    inf=math.inf,
    nan=math.nan,
    pi=math.pi,
    isnan=math.isnan,
)
"""Arrays themselves are not here: their operators work item by item, and values that arrive are lists."""


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
            **{name: getattr(collections, name) for name in ["Counter", "OrderedDict", "defaultdict", "deque"]}
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


_SET_METHODS = (
    "copy difference intersection isdisjoint issubset issuperset symmetric_difference union add clear discard pop "
    "remove update"
)
_DICT_METHODS = "clear copy get items keys pop setdefault update values"
METHODS: MappingProxyType[type, frozenset[str]] = MappingProxyType(
    {
        kind: frozenset(names.split())
        for kind, names in {
            str: "capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit islower isnumeric "
            "isspace istitle isupper join lower lstrip partition removeprefix removesuffix rfind rindex rpartition "
            "rsplit rstrip split splitlines startswith strip swapcase title upper replace encode",
            list: "append clear copy count extend index insert pop remove reverse sort",
            tuple: "count index",
            dict: _DICT_METHODS,
            collections.OrderedDict: _DICT_METHODS,
            collections.defaultdict: _DICT_METHODS,
            collections.Counter: f"{_DICT_METHODS} most_common elements",
            collections.deque: "append appendleft clear copy count extend extendleft index pop popleft remove rotate",
            set: _SET_METHODS,
            frozenset: "copy difference intersection isdisjoint issubset issuperset symmetric_difference union",
            float: "is_integer",
            int: "bit_length",
            bytes: "decode",
        }.items()
    }
)
"""Methods of built-in values that test code may call."""
ALL_METHODS = frozenset().union(*METHODS.values())
_MUTATING = (
    "add append appendleft clear discard extend extendleft insert pop popleft remove reverse rotate setdefault sort"
)
MUTATING = frozenset([*_MUTATING.split(), "update"])
"""Those that change the value."""

OPERATORS: MappingProxyType[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "Add": plus, "Sub": operator.sub, "Mult": times, "Div": operator.truediv, "FloorDiv": operator.floordiv,
        "Mod": operator.mod, "Pow": power, "LShift": shifted, "RShift": operator.rshift, "BitOr": operator.or_,
        "BitAnd": operator.and_, "BitXor": operator.xor,
        "Eq": operator.eq, "NotEq": operator.ne, "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt,
        "GtE": operator.ge, "Is": operator.is_, "IsNot": operator.is_not,
        "In": lambda item, container: item in container, "NotIn": lambda item, container: item not in container,
    }
)  # fmt: skip
"""Binary and comparison operators by the name of their syntax node."""


def operand_refusal(name: str, left: Any) -> str:
    """Say why an operator is not in the vocabulary for its left operand, or nothing."""
    if name not in OPERATORS:
        return f"test code uses {name}"
    return "string formatting" if name == "Mod" and isinstance(left, str | bytes) else ""


UNARY: MappingProxyType[str, Callable[[Any], Any]] = MappingProxyType(
    {"Not": operator.not_, "USub": operator.neg, "UAdd": operator.pos, "Invert": operator.invert}
)
"""Unary operators by the name of their syntax node."""
