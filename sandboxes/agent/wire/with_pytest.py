"""Test files that name pytest, or whose tests take fixtures, run by pytest itself."""

import os
import sys
from types import ModuleType
from typing import Any

from sandboxes.agent.wire import naming, proxies
from sandboxes.agent.wire.pipes import BrokenTestsError, StopTesting

_FILE, _GIVEN = "test_solution.py", "_given"
_OPTIONS = ("-qq", "--no-header", "--noconftest", "-p", "no:cacheprovider", "-p", "no:doctest", "-c", os.devnull,
            "--rootdir=.", "--confcutdir=.", "--import-mode=importlib", "--tb=no")  # fmt: skip


def run(pytest: Any, trial: Any, source: str, names: naming.Names) -> None:
    """Collect and run the file; each test function and each of its parameters is one unit."""
    given = ModuleType(_GIVEN)
    sys.modules[_GIVEN] = given
    naming.context_of(names, given.__dict__)
    names.fill(given.__dict__)
    given.__dict__["__all__"] = [name for name in given.__dict__ if not name.startswith("__")]
    lines = source.splitlines(keepends=True)
    future = [line for line in lines if line.startswith("from __future__ import")]
    rest = [line for line in lines if not line.startswith("from __future__ import")]
    with open(_FILE, "w", encoding="utf-8") as file:
        file.write("".join([*future, f"from {_GIVEN} import *\n", *rest]))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    _look_past_the_program()
    pytest.main([*_OPTIONS, _FILE], plugins=[_Reporter(pytest, trial, given)])


def _look_past_the_program() -> None:
    """Let pytest look for fixtures among the tests' objects alone; no two programs answered alike to what it asks."""
    import _pytest.fixtures as finding  # noqa: PLC0415 - not every machine has it

    look: Any = getattr(finding, "safe_getattr", None)
    if look is None:
        return

    def look_here(target: Any, name: str, default: Any) -> Any:
        if isinstance(target, proxies.Handle | proxies.Remote | proxies.Method):
            return "the program's" if name == "_mock_name" else default
        return look(target, name, default)

    setattr(finding, "safe_getattr", look_here)  # noqa: B010 - of another's module


class _Reporter:
    """Tells the trial of each test, and pytest when to stop."""

    def __init__(self, pytest: Any, trial: Any, given: ModuleType) -> None:
        self.pytest, self.trial, self.given = pytest, trial, given
        self.no_fixture = getattr(sys.modules.get("_pytest.fixtures"), "FixtureLookupError", None)
        self.error: BaseException | None = None
        self.line = ""
        self.skipped = False
        self.begun = False
        hook = pytest.hookimpl(hookwrapper=True)
        type(self).pytest_runtest_makereport = hook(type(self)._make_report)  # type: ignore[attr-defined]
        type(self).pytest_make_collect_report = hook(type(self)._make_collect_report)  # type: ignore[attr-defined]

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Pass over what an earlier run has decided; now the file's own classes are known."""
        self.trial.expect(len(items))
        decided = min(self.trial.skipped, len(items))
        self.trial.number += decided
        del items[:decided]
        for item in items[:1]:
            namespace = {**vars(self.given), **vars(item.module)}
            for name in list(self.trial.link.shared):
                if isinstance(namespace.get(name), type):
                    self.trial.link.shared[name] = namespace[name]

    def _make_collect_report(self, collector: Any) -> Any:
        outcome = yield
        report = outcome.get_result()
        if report.failed and not self.begun:
            error = getattr(getattr(report, "call", None), "excinfo", None)
            raised = None if error is None else error.value
            raised = getattr(raised, "__cause__", None) or raised or AssertionError(str(report.longrepr)[-500:])
            self.begun = True
            self._end(collector.session, raised, "tests")

    def pytest_runtest_logstart(self) -> None:
        """A test begins."""
        self.error, self.skipped, self.line = None, False, ""

    def pytest_runtest_setup(self, item: Any) -> None:
        """Before its fixtures are made."""
        if not self.trial.begin(0):
            item.session.shouldstop = "decided"

    pytest_runtest_setup.tryfirst = True  # type: ignore[attr-defined]

    def _make_report(self, item: Any, call: Any) -> Any:
        outcome = yield
        report = outcome.get_result()
        if report.failed and self.error is None:
            self.error = AssertionError("unexpected success") if call.excinfo is None else call.excinfo.value
            if type(self.error) is self.no_fixture:
                self.error = BrokenTestsError(f"{item.name}: a fixture that is not there")
        elif report.skipped:
            self.skipped = True
        if call.when == "teardown" and not (self.skipped and self.error is None):
            self._end(item.session, self.error, item.nodeid.partition("::")[2])

    def _end(self, session: Any, error: BaseException | None, name: str) -> None:
        try:
            if name == "tests":
                self.trial.begin(0)
            self.trial.end(error, name)
        except StopTesting:
            session.shouldstop = "decided"
