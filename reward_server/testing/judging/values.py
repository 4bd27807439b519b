"""Values that a sandbox returned: decoded, compared and shown, without ever running anything they say.

Two equalities, because data sets mean two things:

- `python_equal` is Python's `==` between exact built-in values: what `assert f(x) == (1, 2)` says. 6 == 6.0 and
  1 == True hold there, a list never equals a tuple.
- `json_equal` is for expected values stored as JSON: a tuple is a list, keys may have become
  strings, bool is not a number, numbers compare by value. An expected integer is that integer, whatever its
  size, unless the task sets a tolerance, and then no other integer is; other numbers have a tolerance. A set has no
  order and is no list: it agrees with one only where order does not matter.

Values are decoded from canonical JSON, so equality methods, subclasses and proxies of the model's making cannot
arrive here. Depth is bounded before anything recurses.
"""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reward_server.testing.judging.outputs import Tolerance

_LONGEST_DECIMAL = 1000
"""Characters of a decimal number that are read; a longer one is none."""
_LARGEST_EXPONENT = 5000
"""Of a decimal number: `int`, `round` and comparisons write its zeros out."""
_FRACTION_BITS = 20_000
"""Bits of a numerator or denominator: bringing a fraction to lowest terms costs quadratic time."""
_ALIKE = 100
"""Keys of one set or dict that may share a hash; honest ones hardly ever do."""
_PAIRED = 300
"""Items that are paired one by one when sorting alone does not settle an order-free comparison: it is quadratic."""
MAX_DEPTH = 200
"""Nesting beyond this is not a value any test expects, and would exhaust the stack that compares it."""
_HALF = 0.5
"""What a number may differ from an expected integer, whatever the tolerance: half way to the next one."""
JSON_SLACK = Tolerance(absolute=0.0, relative=1e-9)
"""Floats that differ in the last digits are the same number after a trip through JSON and another platform."""


class UnreadableValue(ValueError):  # noqa: N818 - named after what happened, it is no error of ours
    """The sandbox's encoding of a value is malformed: the value counts as not delivered."""


def decode(encoded: Any, depth: int = 0) -> Any:
    """Return the Python value that canonical JSON `encoded` stands for, of exact built-in types.

    Raises:
        UnreadableValue: the value is nested too deeply or has an unknown shape.
    """
    if depth > MAX_DEPTH:
        raise UnreadableValue("nested too deeply")
    if isinstance(encoded, list):
        return [decode(item, depth + 1) for item in encoded]
    if not isinstance(encoded, Mapping):
        return encoded
    if len(encoded) != 1:
        raise UnreadableValue("a tagged value has exactly one key")
    ((tag, content),) = encoded.items()
    return _tagged(tag, content, depth + 1)


def _tagged(tag: str, content: Any, depth: int) -> Any:
    try:
        if tag == "tuple":
            return tuple(decode(item, depth) for item in content)
        if tag in _SETS:
            return _SETS[tag](_spread([decode(item, depth) for item in content]))
        if tag == "dict":
            keys = _spread([decode(key, depth) for key, _ in content])
            return dict(zip(keys, (decode(value, depth) for _, value in content), strict=True))
        if tag in _SCALARS:
            return _SCALARS[tag](content)
    except (ArithmeticError, TypeError, ValueError) as cause:
        raise UnreadableValue(f"malformed {tag}") from cause
    raise UnreadableValue(f"unknown tag {tag[:20]!r}")


def _spread(keys: list[Any]) -> list[Any]:
    """Return `keys` unless they were chosen to share a hash, which makes a set of them cost quadratic time."""
    if len(keys) > _ALIKE and Counter(map(hash, keys)).most_common(1)[0][1] > _ALIKE:
        raise ValueError("the hashes collide")
    return keys


def _number(encoded: Any, *kinds: type) -> Any:
    """One part of a complex number or fraction: a float or an integer, no further nesting."""
    plain = not isinstance(encoded, Mapping) or encoded.keys() <= {"float", "int"}
    number = decode(encoded) if plain else None
    if type(number) not in kinds:
        raise UnreadableValue("a part of a number is none")
    return number


def _short(text: str) -> str:
    if len(text) > _LONGEST_DECIMAL:
        raise ValueError("a number of too many characters")
    return text


def _bounded_decimal(text: str) -> Decimal:
    number = Decimal(text)
    if number.is_finite() and abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("an exponent that no test expects")
    return number


def _bounded_part(encoded: Any) -> Any:
    number = _number(encoded, int)
    if number.bit_length() > _FRACTION_BITS:
        raise ValueError("a fraction of too many digits")
    return number


_SETS: dict[str, Any] = {"set": set, "frozenset": frozenset}
_SCALARS: dict[str, Any] = {
    "bytes": bytes.fromhex,
    "float": lambda text: float(_short(text)),
    "complex": lambda parts: complex(*(_number(part, int, float) for part in parts)),
    "int": lambda text: int(text, 16),
    "decimal": lambda text: _bounded_decimal(_short(text)),
    "fraction": lambda parts: Fraction(*(_bounded_part(part) for part in parts)),
}


def python_equal(got: Any, expected: Any) -> bool:
    """Say whether Python's `==` holds; values are built-in, so no code of the model's runs."""
    try:
        return bool(got == expected)
    except (RecursionError, ArithmeticError):  # a signalling NaN equals nothing
        return False


def json_equal(got: Any, expected: Any, tolerance: Tolerance = JSON_SLACK, depth: int = 0) -> bool:  # noqa: PLR0911 - one line a kind
    """Say whether `got` is the value that JSON `expected` stands for; see the module's text for what differs."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(expected, bool) or isinstance(got, bool) or expected is None or got is None:
        return got is expected
    if isinstance(expected, int | float):
        return _numbers_agree(got, expected, tolerance)
    if isinstance(expected, str):
        return bool(got == expected)
    if isinstance(expected, list | tuple):
        return _lists_agree(got, expected, tolerance, depth + 1)
    if isinstance(expected, dict):
        return _dicts_agree(got, expected, tolerance, depth + 1)
    return python_equal(got, expected)


def _numbers_agree(got: Any, expected: float, tolerance: Tolerance) -> bool:
    if not isinstance(got, int | float):
        return False
    if got == expected:
        return True
    if isinstance(expected, int) and (isinstance(got, int) or tolerance == JSON_SLACK):
        return False
    try:
        near = isinstance(expected, float) or abs(got - expected) < _HALF
        return near and tolerance.admits(float(got), float(expected))
    except OverflowError:
        return False


def _lists_agree(got: Any, expected: list[Any] | tuple[Any, ...], tolerance: Tolerance, depth: int) -> bool:
    if not isinstance(got, list | tuple) or len(got) != len(expected):
        return False
    return all(json_equal(mine, theirs, tolerance, depth) for mine, theirs in zip(got, expected, strict=True))


def _dicts_agree(got: Any, expected: dict[Any, Any], tolerance: Tolerance, depth: int) -> bool:
    if not isinstance(got, dict) or len(got) != len(expected):
        return False
    by_text = {_key_text(key): value for key, value in got.items()}
    return len(by_text) == len(got) and all(
        _key_text(key) in by_text and json_equal(by_text[_key_text(key)], value, tolerance, depth)
        for key, value in expected.items()
    )


def _key_text(key: Any) -> str:
    """Return the string that JSON makes of a key, so that `{1: "a"}` and `{"1": "a"}` meet."""
    if isinstance(key, str):
        return key
    try:
        return json.dumps(key)
    except (TypeError, ValueError):
        return _spelled(key)


def _spelled(value: Any) -> str:
    """Return `repr(value)`, with integers in hexadecimal where one has more digits than Python spells in decimal."""
    try:
        return repr(value)
    except ValueError:
        if isinstance(value, int):
            return hex(value)
        parts = value.as_integer_ratio() if isinstance(value, Fraction) else value
        items = parts.items() if isinstance(parts, dict) else parts
        return f"{type(value).__name__}({', '.join(map(_spelled, items))})"


def unordered_equal(got: Any, expected: Any, tolerance: Tolerance = JSON_SLACK) -> bool:
    """Say whether two lists hold equal items in any order; a set is such a list, other values compare as usual."""
    got = list(got) if isinstance(got, set | frozenset) else got
    if not isinstance(got, list | tuple) or not isinstance(expected, list | tuple) or len(got) != len(expected):
        return json_equal(got, expected, tolerance)
    left, right = (sorted(map(_spelled, side)) for side in (got, expected))
    if left == right:
        return True
    if len(got) > _PAIRED:
        return False
    unpaired = list(got)
    for theirs in expected:
        match = next((index for index, mine in enumerate(unpaired) if json_equal(mine, theirs, tolerance)), None)
        if match is None:
            return False
        unpaired.pop(match)
    return True


def require_bounded(encoded: Any, bits: int) -> None:
    """Refuse a value, encoded, that holds an integer of more than so many bits: arithmetic on it could cost anything.

    Raises:
        UnreadableValue: it does.
    """
    waiting = [encoded]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, int) and item.bit_length() > bits:
            raise UnreadableValue(f"an integer of {item.bit_length()} bits")
