"""The little of pytest that test files of data sets use, where pytest is not installed."""

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, Self


class _Raises:
    def __init__(self, kind: Any, match: str | None = None) -> None:
        self.kind, self.match, self.value = kind, match, None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: Any, error: Any, _trace: Any) -> bool:
        if kind is None:
            raise AssertionError("did not raise")
        self.value = error
        fits = issubclass(kind, self.kind)
        return fits and (self.match is None or re.search(self.match, str(error)) is not None)


class _Approx:
    def __init__(self, expected: Any, rel: float = 1e-6, abs: float = 1e-12, nan_ok: bool = False) -> None:  # noqa: A002
        self.expected, self.rel, self.abs, self.nan_ok = expected, rel, abs, nan_ok

    def __eq__(self, other: object) -> bool:
        if isinstance(self.expected, list | tuple):
            if not isinstance(other, list | tuple) or len(other) != len(self.expected):
                return False
            return all(_Approx(a, self.rel, self.abs) == b for a, b in zip(self.expected, other, strict=True))
        if isinstance(self.expected, dict):
            same = isinstance(other, dict) and other.keys() == self.expected.keys()
            return same and all(_Approx(a, self.rel, self.abs) == other[key] for key, a in self.expected.items())  # type: ignore[index]
        if not isinstance(other, int | float | complex):
            return False
        return bool(abs(other - self.expected) <= max(self.abs, self.rel * abs(self.expected)))

    __hash__ = None  # type: ignore[assignment]


class _Mark:
    @staticmethod
    def parametrize(_names: Any, rounds: Any, **_options: Any) -> Callable[[Any], Any]:
        def decorate(function: Any) -> Any:
            function._rounds = [each if isinstance(each, tuple) else (each,) for each in rounds]
            return function

        return decorate

    def __getattr__(self, _name: str) -> Any:
        return lambda *given, **_options: given[0] if given and callable(given[0]) else (lambda function: function)


MODULE = ModuleType("pytest")
MODULE.raises = _Raises  # type: ignore[attr-defined]
MODULE.approx = _Approx  # type: ignore[attr-defined]
MODULE.mark = _Mark()  # type: ignore[attr-defined]
MODULE.param = lambda *values, **_options: values  # type: ignore[attr-defined]
MODULE.fixture = lambda *given, **_options: given[0] if given else (lambda function: function)  # type: ignore[attr-defined]
