"""What tests patch in their own process and mean in the program's: `input`, `print`, standard input, clocks, seeds.

Before each request the watched names are looked at; one that a test has replaced is replaced over there by what calls
back, and restored when the test restores it. `random.seed` seeds both.
"""

import builtins
import os
import sys
import time
from typing import Any

_WATCHED: tuple[tuple[Any, str], ...] = (
    (builtins, "input"), (builtins, "print"), (builtins, "open"), (sys, "stdin"), (sys, "argv"), (time, "sleep"),
    (time, "time"), (time, "perf_counter"), (time, "monotonic"),
)  # fmt: skip


def _environment() -> dict[str, str]:
    """What the program may see: pytest keeps a test's name there, which is made of its parameters."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}


class Mirror:
    """The names as they were, and those that are replaced over there now."""

    def __init__(self, source: str) -> None:
        self.watched = {(module.__name__, name): (module, getattr(module, name)) for module, name in _WATCHED}
        self.there: dict[tuple[str, str], Any] = {}
        self.environment = _environment()
        if "patch" in source:
            self._watch_patches()
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
        if (environment := _environment()) != self.environment:
            self.environment = environment
            link.ask("environment", "", None, (self.environment,))

    def watch(self, target: Any, name: str) -> None:
        """One more name, of a module that both sides have."""
        from sandboxes.agent.wire.globals import name_of  # noqa: PLC0415

        named = name_of(target)
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
                elif rest and isinstance(rest[0], str):
                    mirror.watch(target, rest[0])
                return setattribute(patcher, target, *rest, **named)

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
