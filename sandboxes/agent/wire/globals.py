"""Objects of the standard library that both sides have, by name: `int`, `ValueError`, `operator.add`.

What the tests hand over may name any module that they could import. What comes back from the program may name types and
exceptions of this table alone: a function of the library, called on the tests' side, could be made to look at anything.
"""

import importlib
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

_EXCEPTION_MODULES_TEXT = (
    "builtins json.decoder decimal re sre_constants statistics struct binascii zlib queue asyncio.exceptions csv "
    "concurrent.futures._base subprocess configparser xml.etree.ElementTree numpy.linalg numpy.exceptions copy "
    "zoneinfo._common tokenize ipaddress socket ssl shutil pickle _pickle uuid graphlib dataclasses string enum"
)
LIBRARIES = sys.stdlib_module_names | {"numpy", "pandas", "scipy"}
_EXCEPTION_MODULES = frozenset(_EXCEPTION_MODULES_TEXT.split())
_TYPE_MODULES_TEXT = "builtins collections decimal fractions datetime uuid pathlib numpy array enum types"
_TYPE_MODULES = frozenset(_TYPE_MODULES_TEXT.split())
_NEVER_LENT = frozenset({"unittest", "__main__", "this", "antigravity", "idlelib", "test", "turtledemo"})
_BARRED = frozenset({"KeyboardInterrupt", "GeneratorExit", "BaseException"})


def name_of(value: Any) -> list[str] | None:
    """Module and qualified name of an object that any Python has, else None."""
    if isinstance(value, ModuleType):
        name, qualified = getattr(value, "__name__", ""), ""
    elif isinstance(value, type | BuiltinFunctionType | FunctionType):
        name, qualified = getattr(value, "__module__", None) or "", getattr(value, "__qualname__", "")
    else:
        return None
    if not isinstance(name, str) or name.partition(".")[0] not in LIBRARIES:
        return None
    return [name, qualified] if find(name, qualified) is value else None


def find(module: str, qualified: str) -> Any:
    """The object of that name in a module, None where there is none."""
    try:
        found: Any = sys.modules.get(module) or importlib.import_module(module)
        for part in qualified.split(".") if qualified else ():
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError):
        return None
    return found


def lent_by_library(name: str, module: str, qualified: str) -> Any:
    """What a program has only imported, under the library's name for it or a module's; None where it is not taken.

    The tests' own modules are none of the library, and what stands in for anything is none of its values.
    """
    root = module.partition(".")[0]
    if root not in LIBRARIES or root in _NEVER_LENT or qualified not in ("", name):
        return None
    found = find(module, qualified)
    return found if isinstance(found, type | BuiltinFunctionType | FunctionType | ModuleType) else None


def exception_named(module: Any, name: Any) -> type[BaseException] | None:
    """An exception of the standard library that a program may raise in a test."""
    if module not in _EXCEPTION_MODULES or name in _BARRED or not isinstance(name, str):
        return None
    found = _type_within(module, name)
    return found if found is not None and issubclass(found, BaseException) else None


def type_named(module: Any, name: Any) -> type | None:
    """A plain type that a program may hand to a test."""
    found = _type_within(module, name) if module in _TYPE_MODULES and isinstance(name, str) else None
    return found or exception_named(module, name)


def _type_within(module: str, qualified: str) -> type | None:
    """A class of a module, or one inside a class: a name that leads through other modules leads anywhere."""
    place: Any = find(module, "")
    found: type | None = None
    for part in qualified.split("."):
        place = found = getattr(place, part, None)
        if not isinstance(found, type):
            return None
    return found


def nearest_exception(kind: type) -> tuple[str, str]:
    """The first class of an exception's ancestry that every side has."""
    for ancestor in kind.__mro__:
        found = name_of(ancestor)
        if found is not None and exception_named(*found) is ancestor:
            return found[0], found[1]
    return "builtins", "RuntimeError"
