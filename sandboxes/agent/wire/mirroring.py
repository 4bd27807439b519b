"""What tests patch in their own process and mean in the program's: `input`, `print`, standard input, clocks, seeds.

Before each request the watched names are looked at; one that a test has replaced is replaced over there by what calls
back, and restored when the test restores it. `random.seed` seeds both.
"""

import builtins
import os
import sys
import time
from typing import Any

_WARNING = 30
_WATCHED: tuple[tuple[Any, str], ...] = (
    (builtins, "input"), (builtins, "print"), (builtins, "open"), (sys, "stdin"), (sys, "argv"), (time, "sleep"),
    (time, "time"), (time, "perf_counter"), (time, "monotonic"),
)  # fmt: skip

_ECHOED = ((sys, "stdout"), (sys, "stderr"))
"""What the program prints is printed here, into whatever a test has put there: over there it would come back for ever.
"""


def _log_level() -> int:
    """The lowest level that a logger here lets through."""
    logging = sys.modules.get("logging")
    if logging is None:
        return _WARNING
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    return min((each.level for each in loggers if getattr(each, "level", 0)), default=_WARNING)


def _environment() -> dict[str, str]:
    """What the program may see: pytest keeps a test's name there, which is made of its parameters."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}


class Mirror:
    """The names as they were, and those that are replaced over there now."""

    def __init__(self, source: str) -> None:
        self.watched = {(module.__name__, name): (module, getattr(module, name)) for module, name in _WATCHED}
        self.there: dict[tuple[str, str], Any] = {}
        self.environment = _environment()
        self.sets_environment = "env" in source
        self.level = _WARNING
        if "patch" in source:
            self._watch_patches()
        if "allclose" in source:
            _compare_shapes()
        if "seed" in source:
            self._share_seeds(source)

    def bring(self, link: Any) -> None:
        """Let the other side have what has changed."""
        for (module, name), (target, original) in list(self.watched.items()):
            now = getattr(target, name, original)
            if now is not self.there.get((module, name), original):
                if now is original:
                    link.ask("restore", name, None, (module,))
                    del self.there[module, name]
                else:
                    link.ask("patch", name, None, (module, now))
                    self.there[module, name] = now
        if (level := _log_level()) != self.level:
            self.level = level
            link.ask("log level", "", None, (level,))
        if self.sets_environment and (environment := _environment()) != self.environment:
            self.environment = environment
            link.ask("environment", "", None, (self.environment,))

    def watch(self, target: Any, name: str) -> None:
        """One more name, of a module that both sides have."""
        from sandboxes.agent.wire.globals import name_of  # noqa: PLC0415

        named = name_of(target)
        if (target, name) in _ECHOED:
            return
        if named is not None and not named[1] and hasattr(target, name):
            self.watched.setdefault((named[0], name), (target, getattr(target, name)))

    def _watch_patches(self) -> None:
        """Learn the targets of `unittest.mock.patch` and `monkeypatch.setattr` before they are replaced."""
        import unittest.mock as mocking  # noqa: PLC0415 - only for tests that patch

        enter, mirror = mocking._patch.__enter__, self

        def entering(patcher: Any) -> Any:
            mirror.watch(patcher.getter(), patcher.attribute)
            return enter(patcher)

        mocking._patch.__enter__ = entering  # type: ignore[method-assign]
        monkeypatch = getattr(sys.modules.get("_pytest.monkeypatch"), "MonkeyPatch", None)
        if monkeypatch is not None:
            derive = sys.modules["_pytest.monkeypatch"].derive_importpath
            setattribute = monkeypatch.setattr

            def setting(patcher: Any, target: Any, *rest: Any, **named: Any) -> Any:
                if isinstance(target, str):
                    name, owner = derive(target, raising=False)
                    mirror.watch(owner, name)
                    target, rest = owner, (name, *rest)
                elif rest and isinstance(rest[0], str):
                    mirror.watch(target, rest[0])
                before = _before(target, *rest)
                result = setattribute(patcher, target, *rest, **named)
                patcher._setattr[-1:] = [
                    (*record[:2], *before) if before else record for record in patcher._setattr[-1:]
                ]
                return result

            monkeypatch.setattr = setting

    def _share_seeds(self, source: str) -> None:
        import random  # noqa: PLC0415 - only for tests that seed

        _share(random, "seed")
        if "numpy" in source or "np." in source:
            try:
                import numpy.random  # noqa: PLC0415
            except ImportError:
                return
            _share(numpy.random, "seed")


def _before(target: Any, name: Any = "", *_rest: Any) -> tuple[Any, ...]:
    """What an attribute of one of the program's classes is to be again: its own record of it says that it has none."""
    from sandboxes.agent.wire.proxies import Remote  # noqa: PLC0415 - before there is a program

    if not isinstance(target, Remote) or not isinstance(name, str) or not hasattr(target, name):
        return ()
    return (getattr(target, name),)


def _compare_shapes() -> None:
    """Make `numpy.allclose` false where shapes would be stretched over each other.

    It is true of an empty list and anything, since `all` over nothing is, and of one number and a list of equals. A
    single number may stand on either side of a list, but not where EvalPlus' `assertion(out, exp, atol)` asks.
    """
    try:
        import numpy as np  # noqa: PLC0415 - only for tests that use it
    except ImportError:
        return
    close = np.allclose

    def allclose(a: Any, b: Any, *args: Any, **named: Any) -> bool:
        one, other = np.shape(a), np.shape(b)
        strict = sys._getframe(1).f_code.co_name == "assertion"
        if one != other and (strict or (one and other) or 0 in (np.size(a), np.size(b))):
            return False
        return bool(close(a, b, *args, **named))

    np.allclose = allclose


def _share(module: Any, name: str) -> None:
    from sandboxes.agent.wire.proxies import LINK  # noqa: PLC0415

    here = getattr(module, name)

    def both(*args: Any, **named: Any) -> Any:
        result = here(*args, **named)
        link = LINK[0]
        calls = link.calls
        link.ask("method", name, module, args, named)
        link.calls = calls
        return result

    setattr(module, name, both)
