"""Fewer mappings of the libraries that are loaded: every fork copies each, and every end of a process undoes that.

The linker maps a library in five parts: two that are only read around one that is executed, and what is written behind
what was written until it was linked. Where neighbours may do the same the kernel keeps one mapping for them. That what
is read may be executed, and tables of addresses be written, is nothing to a process that runs what nobody trusts.
"""

import os
from typing import NamedTuple

from sandboxes.agent.system import kernel

_READ, _WRITE, _EXECUTE = 1, 2, 4


class _Mapping(NamedTuple):
    start: int
    end: int
    rights: str
    file: str


def listing() -> int:
    """A descriptor of the list of this process's mappings, for who will not see itself in `/proc`; -1 without one."""
    try:
        return os.open("/proc/self/maps", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return -1


def join(listed: int) -> None:
    """Join what can be joined, as far as the kernel lets us; `listed` is closed."""
    libraries: dict[str, list[_Mapping]] = {}
    for mapping in [] if listed < 0 else _mappings(listed):
        libraries.setdefault(mapping.file, []).append(mapping)
    for parts in libraries.values():
        if any(part.rights == "r-xp" for part in parts):
            for part, following in zip(parts, [*parts[1:], None], strict=True):
                if part.rights == "r--p":
                    written = following is not None and following.rights == "rw-p" and following.start == part.end
                    kernel.let(part.start, part.end, _READ | (_WRITE if written else _EXECUTE))


def _mappings(listed: int) -> list[_Mapping]:
    """Those of files, in order."""
    with open(listed, encoding="utf-8", errors="surrogateescape") as file:
        lines = [line.rstrip("\n").split(None, 5) for line in file]
    found = []
    for where, rights, *_, name in lines:
        if name.startswith("/"):
            start, end = (int(number, 16) for number in where.split("-"))
            found.append(_Mapping(start, end, rights, name))
    return found
