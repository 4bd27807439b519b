"""Runs a unit-test file beside the submission, inside the sandbox: pytest functions, unittest classes, bare asserts.

Read as text by `opaque` and sent to the sandbox; standard input carries one JSON line: nonce, program, tests, entry
point. Success is the nonce on the last line of standard output, written only after every test has passed. The
submission runs in this very process and could in principle find it: that is what the label `opaque` says.
"""

import contextlib
import json
import os
import sys
import types
import unittest


def main():
    order = json.loads(sys.stdin.readline())
    nonce, finish, stdout = order.pop("nonce"), os._exit, os.dup(1)
    solution = types.ModuleType("solution")
    sys.modules.update(dict.fromkeys(["solution", "program", "submission"], solution))
    exec(compile(order["program"], "solution.py", "exec"), solution.__dict__)
    if "pytest" in order["tests"]:
        with contextlib.suppress(ImportError):
            import pytest  # noqa: F401
        sys.modules.setdefault("pytest", _Pytest("pytest"))
    tests = types.ModuleType("tests")
    sys.modules["tests"] = tests
    names = {name: value for name, value in vars(solution).items() if not name.startswith("__")}
    tests.__dict__.update(names)
    before = dict(tests.__dict__)
    exec(compile(order["tests"], "tests.py", "exec"), tests.__dict__)
    own = {name: value for name, value in vars(tests).items() if before.get(name) is not value}
    if _run(own, order["entry_point"], solution) or order["bare"]:
        sys.stdout.flush()
        os.write(stdout, b"\n" + nonce.encode())
        finish(0)
    print("no test was found", file=sys.stderr)
    finish(3)


def _run(own, entry_point, solution):
    ran = 0
    if entry_point and callable(own.get("check")):
        own["check"](eval(entry_point, solution.__dict__))
        ran += 1
    for name, value in own.items():
        if isinstance(value, type) and issubclass(value, unittest.TestCase):
            ran += _run_case(value)
        elif isinstance(value, type) and name.startswith("Test"):
            for method in [method for method in dir(value) if method.startswith("test")]:
                instance = value()
                getattr(instance, "setup_method", lambda *_: None)(None)
                ran += _call(getattr(instance, method))
        elif name.startswith("test") and callable(value):
            ran += _call(value)
    return ran


def _run_case(case):
    suite = unittest.TestLoader().loadTestsFromTestCase(case)
    result = unittest.TestResult()
    suite.run(result)
    for _, text in result.failures + result.errors:
        raise AssertionError(text[-500:])
    if result.skipped or result.expectedFailures or result.unexpectedSuccesses:
        raise AssertionError("a test was skipped")
    return result.testsRun


def _call(function):
    for arguments in getattr(function, "_rounds", [()]):
        function(*arguments)
    return 1


class _Raises:
    def __init__(self, kind, match=None):
        self.kind, self.match, self.value = kind, match, None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _trace):
        import re

        if kind is None:
            raise AssertionError("did not raise")
        self.value = error
        return issubclass(kind, self.kind) and (self.match is None or re.search(self.match, str(error)) is not None)


class _Approx:
    def __init__(self, expected, rel=1e-6, abs=1e-12, nan_ok=False):
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, other):
        if isinstance(self.expected, (list, tuple)):
            pairs = zip(self.expected, other)
            return len(other) == len(self.expected) and all(_Approx(a, self.rel, self.abs) == b for a, b in pairs)
        return abs(other - self.expected) <= max(self.abs, self.rel * abs(self.expected))


class _Mark:
    def parametrize(self, _names, rounds, **_options):
        def decorate(function):
            function._rounds = [r if isinstance(r, tuple) else (r,) for r in rounds]
            return function

        return decorate

    def __getattr__(self, _name):
        return lambda *arguments, **_options: arguments[0] if arguments and callable(arguments[0]) else (lambda f: f)


class _Pytest(types.ModuleType):
    """The little of pytest that test files of data sets use, where pytest is not installed."""

    raises, approx, mark = _Raises, _Approx, _Mark()

    @staticmethod
    def fixture(*arguments, **_options):
        return arguments[0] if arguments else (lambda function: function)


main()
