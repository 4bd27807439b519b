"""What the tests' process does for the program: operations on objects that were handed over, and its echo."""

import inspect
import os
import sys
import warnings
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import Any

from sandboxes.agent.wire import globals as shared_globals
from sandboxes.agent.wire import kinds, operations, proxies
from sandboxes.agent.wire.lending import DUNDERS

CLOSED = (FunctionType, BuiltinFunctionType, MethodType, GeneratorType, ModuleType, FrameType, TracebackType, CodeType,
           type)  # fmt: skip
"""Objects whose attributes lead elsewhere: they can be called, and no more."""


def echo(message: dict[str, Any]) -> None:
    """Print, log and warn here what the program has printed, logged and warned of."""
    for name, text in message.get("said", ()):
        if name == "raw":
            sys.stdout.flush()
            os.write(1, str(text).encode("latin-1", "replace"))
        else:
            sys.stdout.write(str(text))
    for stream, name in ((sys.stdout, "out"), (sys.stderr, "err")):
        if message.get(name):
            stream.write(str(message[name]))
    for logger, level, text in message.get("log", ()):
        _log(str(logger), int(level), str(text))
    for module, name, text in message.get("warn", ()):
        category = shared_globals.exception_named(module, name)
        if category is not None and issubclass(category, Warning):
            warnings.warn_explicit(str(text), category, "solution.py", 1)


def _log(logger: str, level: int, text: str) -> None:
    import logging  # noqa: PLC0415 - only where the program logs

    found = logging.getLogger(logger)
    if found.isEnabledFor(level):
        found.handle(found.makeRecord(logger, level, "solution.py", 1, text, (), None))


def exception_made(kind: Any, args: list[Any]) -> BaseException:
    """An exception with these arguments; the library's own have more than them, such as `code` and `errno`."""
    if "_number" not in vars(kind):
        try:
            error: BaseException = kind(*args)
        except Exception:  # noqa: BLE001 - the arguments are the program's
            error = kind.__new__(kind)
        if type(error) is kind:
            return error
    error = kind.__new__(kind)
    error.args = tuple(args)
    return error


def is_own(kind: type) -> bool:
    """Whether a class is the tests' own, neither the library's nor the program's."""
    root = (kind.__module__ or "").partition(".")[0]
    foreign = root in shared_globals.LIBRARIES or root in _TOOLS
    return type(kind.__module__) is str and not foreign and "_number" not in vars(kind)


_TOOLS = frozenset({"_pytest", "pytest", "hypothesis", "sandboxes"})


def kind_told(link: Any, crossing: Any, kind: type) -> list[Any]:
    """The number of a class of the tests, and at the first time what it is."""
    number = link.lend(kind)
    if number in link.told:
        return [number]
    link.told.add(number)
    bases = [crossing.out(each, 1) for each in kind.__bases__ if each is not object]
    return [number, kind.__name__, bases, dunders_of(kind)]


def nearest(kind: type) -> Any:
    """The class of the library that stands for an exception of the tests."""
    return shared_globals.find(*shared_globals.nearest_exception(kind))


def dunders_of(kind: type) -> list[str]:
    """The operators that objects of a class answer to."""
    return sorted(name for name in DUNDERS if hasattr(kind, name) and getattr(kind, name) is not None
                  and (name in _ALWAYS or getattr(kind, name) is not getattr(object, name, None)))  # fmt: skip


_ALWAYS = frozenset({"__call__", "__iter__", "__next__"})


def told_of(value: Any) -> dict[str, Any]:
    """What a program may read of a function that it is given; what its parameters stand for by default is not told."""
    if not isinstance(value, CLOSED):
        return {}
    names = ("__name__", "__qualname__", "__doc__", "__module__")
    told: dict[str, Any] = {name: getattr(value, name, None) for name in names}
    told = {name: text[:2000] for name, text in told.items() if isinstance(text, str)}
    code = getattr(value, "__code__", None)
    if isinstance(value, FunctionType | MethodType) and isinstance(code, CodeType):
        try:
            found = inspect.signature(value, follow_wrapped=False).parameters.values()
        except (TypeError, ValueError):
            return told
        told["parameters"] = [[each.name, int(each.kind), each.default is not each.empty] for each in found]
        counts = ("co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_flags", "co_name")
        taken = code.co_argcount + code.co_kwonlyargcount
        told["code"] = {name: getattr(code, name) for name in counts}
        told["taken"] = code.co_varnames[:taken]
    return told


def _is_closed(operation: str, target: Any) -> bool:
    """Whether nothing of an object is told; a class has what its objects have too, which are told."""
    return isinstance(target, CLOSED) and not (operation == "get" and isinstance(target, type))


def perform(operation: str, name: str, target: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Do for the program what it may do with an object of the tests: nothing here is a door to anything else."""
    if operation == "do":
        if name not in DUNDERS or name in ("__getattr__", "__copy__", "__deepcopy__"):
            raise AttributeError(name)
        return operations.operate(name, target, args, named)
    if str(name).startswith("_") or _is_closed(operation, target):
        raise AttributeError(f"{type(target).__name__!r} object has no attribute {name!r}")
    if operation == "get" and not (_is_mock(target) and name in _SETTING):
        return getattr(target, name)
    if operation == "set" and may_be_set(target, name, args[0]):
        return setattr(target, name, args[0])
    raise AttributeError(f"{type(target).__name__!r} object does not let the program have {name!r}")


_SETTING = frozenset({"configure_mock", "attach_mock", "mock_add_spec", "reset_mock"})
_METHODS = (FunctionType, BuiltinFunctionType, MethodDescriptorType, classmethod, staticmethod)


def may_be_set(target: Any, name: str, value: Any) -> bool:
    """Whether a program may set an attribute of an object of the tests.

    Their methods may be what a test looks with afterwards, and so may all that a mock counts or answers with.
    """
    kept = inspect.getattr_static(type(target), name, None)
    if _is_mock(target):
        return kept is None and not isinstance(value, proxies.Handle | proxies.Remote)
    return not isinstance(kept, _METHODS)


def put_state(value: Any, name: Any, item: Any) -> None:
    """Set an attribute of an instance of the tests' own class, as the program has it.

    Raises:
        ValueError: the program may not.
    """
    if not may_be_set(value, name, item):
        raise ValueError(f"the method {name[:50]}")
    kinds.set_state(value, name, item)


def _is_mock(target: Any) -> bool:
    mocking = sys.modules.get("unittest.mock")
    return mocking is not None and issubclass(type(target), mocking.NonCallableMock)
