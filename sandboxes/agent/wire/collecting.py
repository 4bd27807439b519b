"""Find the tests in a file and run them: statements, `check(candidate)`, `unittest`, pytest or a little of it."""

import ast
import builtins
import linecache
import sys
import unittest
from copy import copy
from types import CodeType, FunctionType
from typing import Any

from sandboxes.agent.wire import mirroring, naming, proxies, rehearsing, small_pytest, units, with_pytest

FILE_NAME = "tests.py"
_HOOKS = frozenset({"setup_module", "teardown_module", "setup_function", "teardown_function"})
TEST_MODULE = "test_solution"


class TestFile:
    """The tests and what is known of them before any program is."""

    def __init__(self, source: str, order: dict[str, Any]) -> None:
        tree = ast.parse(source, FILE_NAME)
        if order.get("rehearse"):
            source, tree = rehearsing.undaunted(tree)
        context = ast.parse(order.get("context", ""), "prelude.py")
        self.source, self.tree = source, tree
        self.names = naming.Names(tree, context, order.get("entry_point"))
        self.code: tuple[CodeType, int] | None = None

    def prepare(self) -> None:
        """Do what several runs would each do."""
        if _needs_pytest(self.source, self.tree):
            try:
                import pytest  # noqa: F401, PLC0415 - only for tests that need it
            except ImportError:
                return
        else:
            self.code = self.compiled()

    def again(self) -> "TestFile":
        """The same file, of which no program is known yet."""
        other = copy(self)
        other.names = self.names.again()
        return other

    def compiled(self) -> tuple[CodeType, int]:
        """The code, with its units marked, and how many these are."""
        if self.code is not None:
            return self.code
        divided, count = units.divide(self.tree)
        return compile(divided, FILE_NAME, "exec", dont_inherit=True), count


def run(trial: Any, file: TestFile) -> None:
    """Run the file in the way it asks for."""
    if _needs_pytest(file.source, file.tree):
        try:
            import pytest  # noqa: PLC0415 - only for tests that need it
        except ImportError:
            if _takes_fixtures(file.tree):
                trial.report("lacking", "pytest, for fixtures")
                return
            sys.modules["pytest"] = small_pytest.MODULE
        else:
            trial.link.mirror = mirroring.Mirror(file.source)
            with_pytest.run(pytest, trial, file.source, file.names)
            return
    trial.link.mirror = mirroring.Mirror(file.source)
    _run_here(trial, file)


def _needs_pytest(source: str, tree: ast.Module) -> bool:
    """Whether pytest has to run the file; it finds nothing in one of statements alone, which may ask `raises` of it."""
    return ("pytest" in source and "test" in " ".join(map(_name, tree.body)).lower()) or _takes_fixtures(tree)


def _name(node: ast.stmt) -> str:
    return node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ""


def _takes_fixtures(tree: ast.Module) -> bool:
    """Whether a test function has parameters that only pytest fills."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in _HOOKS:
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            if _required(node) > 0:
                return True
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test") and not node.bases:
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            if any(each.name.startswith("test") and _required(each) > 1 for each in methods):
                return True
    return False


def _required(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return len(node.args.args) - len(node.args.defaults)


def _run_here(trial: Any, file: TestFile) -> None:
    source, names = file.source, file.names
    module = type(sys)(TEST_MODULE)
    sys.modules[TEST_MODULE] = module
    namespace = module.__dict__
    namespace["__builtins__"] = builtins
    _outside(trial, lambda: naming.context_of(names, namespace))
    names.fill(namespace)
    _share_classes(trial, namespace)
    namespace["_units"] = trial
    before = dict(namespace)
    linecache.cache[FILE_NAME] = (len(source), None, source.splitlines(True), FILE_NAME)
    code, trial.units = file.compiled()
    trial.expect(trial.units)
    _outside(trial, lambda: exec(code, namespace))
    _share_classes(trial, namespace)
    own = {name: value for name, value in namespace.items() if before.get(name) is not value}
    if names.entry_point and callable(own.get(units.CHECK)) and not _calls_check(file.tree):
        _outside(trial, lambda: own[units.CHECK](names.candidate(namespace)))
    trial.expect(trial.number + sum(_units_of(name, value) for name, value in own.items()))
    for name, value in own.items():
        _run_found(trial, name, value)


def _share_classes(trial: Any, namespace: dict[str, Any]) -> None:
    """The task's classes of which the program has one by the same name."""
    for name in list(trial.link.shared):
        kind = namespace.get(name)
        if isinstance(kind, type):
            trial.link.shared[name] = kind


def _outside(trial: Any, work: Any) -> None:
    """What is no unit: where it fails, the tests end there."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - test code was called
        trial.begin(0)
        trial.end(error)
    except SystemExit as error:
        trial.begin(0)
        trial.end(error)


def _calls_check(tree: ast.Module) -> bool:
    calls = (node.value for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id == units.CHECK for call in calls)


def _run_found(trial: Any, name: str, value: Any) -> None:
    if isinstance(value, proxies.Handle | proxies.Remote):
        return  # what the program calls a test is none
    if isinstance(value, type) and issubclass(value, unittest.TestCase):
        _run_case(trial, value)
    elif isinstance(value, type) and name.startswith("Test"):
        _run_class(trial, value)
    elif name.startswith("test") and isinstance(value, FunctionType):
        for arguments in getattr(value, "_rounds", [()]):
            unit(trial, name, lambda arguments=arguments: _called(value, arguments))


def _units_of(name: str, value: Any) -> int:
    """How many units `_run_found` finds."""
    if isinstance(value, proxies.Handle | proxies.Remote):
        return 0
    if isinstance(value, type) and issubclass(value, unittest.TestCase):
        return len(unittest.defaultTestLoader.getTestCaseNames(value))
    if isinstance(value, type) and name.startswith("Test"):
        return sum(each.startswith("test") for each in vars(value))
    if name.startswith("test") and isinstance(value, FunctionType):
        return len(getattr(value, "_rounds", [()]))
    return 0


def _called(function: Any, arguments: tuple[Any, ...]) -> None:
    result = function(*arguments)
    if hasattr(result, "send"):
        import asyncio  # noqa: PLC0415

        asyncio.run(result)


def _run_class(trial: Any, kind: type) -> None:
    _hook(kind, "setup_class")
    for method in [each for each in vars(kind) if each.startswith("test")]:

        def work(method: str = method) -> None:
            instance = kind()
            for hook in ("setup_method", "setup"):
                _hook(instance, hook)
            try:
                getattr(instance, method)()
            finally:
                for hook in ("teardown_method", "teardown"):
                    _hook(instance, hook)

        unit(trial, f"{kind.__name__}.{method}", work)
    _hook(kind, "teardown_class")


def _hook(owner: Any, name: str) -> None:
    found = getattr(owner, name, None)
    if found is None:
        return
    taken = found.__code__.co_argcount if hasattr(found, "__code__") else found.__func__.__code__.co_argcount
    found(None) if taken > 1 else found()


def unit(trial: Any, name: str, work: Any) -> None:
    """One test function."""
    if trial.begin(0):
        error: BaseException | None = None
        try:
            work()
        except unittest.SkipTest:
            return
        except BaseException as raised:  # noqa: BLE001 - test code was called
            error = raised
        trial.end(error, name)


class _Result(unittest.TestResult):
    def __init__(self, trial: Any) -> None:
        super().__init__()
        self.trial = trial
        self.error: BaseException | None = None
        self.running = self.ended = False

    def startTest(self, test: Any) -> None:
        super().startTest(test)
        self.error, self.ended = None, False
        self.running = self.trial.begin(0)

    def _note(self, error: Any) -> None:
        self.error = self.error or error[1]

    def addError(self, test: Any, err: Any) -> None:
        if not self.running:
            self.running = self.trial.begin(0)
        self._note(err)
        if not isinstance(test, unittest.TestCase):
            self.stopTest(test)

    def addFailure(self, _test: Any, err: Any) -> None:
        self._note(err)

    def addSubTest(self, _test: Any, _subtest: Any, err: Any) -> None:
        if err is not None:
            self._note(err)

    def addSkip(self, _test: Any, _reason: str) -> None:
        self.ended = True

    def addExpectedFailure(self, _test: Any, _err: Any) -> None:
        self.ended = False

    def addUnexpectedSuccess(self, _test: Any) -> None:
        self.error = self.error or AssertionError("unexpected success")

    def stopTest(self, test: Any) -> None:
        if self.running and not self.ended:
            name = test.id().removeprefix(f"{TEST_MODULE}.") if hasattr(test, "id") else "tests"
            self.trial.end(self.error, name)


def _run_case(trial: Any, case: type[unittest.TestCase]) -> None:
    suite = unittest.TestLoader().loadTestsFromTestCase(case)
    if trial.skipped > trial.number:
        tests = list(_flat(suite))
        decided = min(len(tests), trial.skipped - trial.number)
        suite = unittest.TestSuite(tests[decided:])
        trial.number += decided
    suite.run(_Result(trial))


def _flat(suite: Any) -> Any:
    for each in suite:
        yield from _flat(each) if isinstance(each, unittest.TestSuite) else [each]
