"""Where a test program has done its last check, in each language: there it is made to print the nonce.

Leaving early with status 0 then earns nothing. One file here holds one group of languages, found by its `ENDINGS`. An
ending has two halves: `arm` sees the tests alone, so that what a task's verdicts are worth is known before there is a
submission, and gives None where the place cannot be found; the exit status decides then. `join` puts a submission in
front of tests that were armed.

A test framework that reports failures without failing the process (rackunit, SRFI 64, clojure.test, `Debug.Assert`)
is made to fail it. Checks are meant the way the tests' author meant them: assertions a submission switched off are on.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from reward_server.errors import TaskError

_MISSING = {
    "c": r"#include\s*[<\"](?:check|criterion|unity|cmocka)[./]",
    "cpp": r"#include\s*[<\"](?:gtest|gmock|catch2?|doctest|boost/test)[./]",
    "csharp": r"\busing (?:NUnit|Xunit|Microsoft\.VisualStudio\.TestTools)\b",
    "commonlisp": r"(?i:fiveam|quicklisp|\bql:|lisp-unit)",
    "haskell": r"\bTest\.(?:HUnit|Hspec|QuickCheck|Tasty)\b",
    "java": r"\borg\.(?:testng|hamcrest|assertj|mockito)\b|\bjunit\.framework\b",
    "javascript": r"(?:require\s*\(\s*|from\s+)['\"](?:chai|sinon|ava|tape)\b",
    "kotlin": r"\bimport (?:kotlin\.test|org\.junit|io\.kotest)\b",
    "lua": r"\brequire\s*\(?\s*['\"]busted",
    "ocaml": r"\b(?:OUnit2?|Alcotest)\b",
    "php": r"\bPHPUnit\b",
    "ruby": r"\bRSpec\b",
    "scala": r"\b(?:org\.scalatest|munit|utest)\b",
    "swift": r"\bimport XCTest\b",
    "typescript": r"(?:require\s*\(\s*|from\s+)['\"](?:chai|sinon|ava|tape)\b",
}
"""Test frameworks that a program of one file cannot be linked with or run under."""
_FAILING = frozenset({"1", "2", "3", "-1", "255", "EXIT_FAILURE", "false", "ExitFailure"})


def appended(source: str, tests: str) -> str:
    """Put the tests behind the submission."""
    return f"{source}\n{tests}\n"


def leaves(tests: str, calls: str) -> bool:
    """Say whether tests end the process themselves other than as failed, so that their end may never be reached.

    A message instead of a status, as PHP allows, is how they fail. What is inside quotes is data.
    """
    code = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', tests)
    arguments = re.findall(rf"\b(?:{calls})\b[\s(]*([^\s();,]*)", code)
    return any(argument not in _FAILING and argument[:1] not in ("'", '"') for argument in arguments)


@dataclass(frozen=True, slots=True)
class Ending:
    """How test programs of one language are made to say that they are through."""

    arm: Callable[[str, str], str | None]
    """Tests and nonce to tests that print the nonce, as the last line, once every check has passed."""
    join: Callable[[str, str], str] = appended


@cache
def endings() -> Mapping[str, Ending]:
    """Every language whose test programs can be armed."""
    found: dict[str, Ending] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        found.update(getattr(importlib.import_module(f"{__name__}.{module}"), "ENDINGS", {}))
    return MappingProxyType(found)


def arm(language: str, tests: str, nonce: str) -> str | None:
    """Return the tests with the nonce at their end, None where the exit status has to decide.

    Raises:
        TaskError: the tests need a framework that no sandbox has.
    """
    missing = re.search(_MISSING[language], tests) if language in _MISSING else None
    if missing is not None:
        raise TaskError(f"tests: {missing[0]!r} is a test framework that no sandbox has")
    ending = endings().get(language)
    return ending.arm(tests, nonce) if ending is not None else None


def join(language: str, source: str, armed: str) -> str:
    """Return submission and armed tests as one program."""
    return endings()[language].join(source, armed)
