"""Names of languages: what tasks, judges and fences call them, and the name the sandbox knows them by.

Judges name compilers, versions and word sizes beside the language: `C++20 (GCC 13-64)`, `PyPy 3-64`, `GNU C11`,
`Node.js 15 (64bit)`, `c++2a`. What stands in brackets, vendors, word sizes and versions are left out, in this order,
until a name is known. A version chooses no other compiler: there is one for each language. Python 2 is another one.
"""

import re
from functools import cache, lru_cache

from reward_server.errors import TaskError
from sandboxes.languages import discover

_LONGEST = 60
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_VENDORS = re.compile(
    r"(?<![\w.])(?:gnu|gcc|ms|microsoft|visual|clang|mono|\.net(?: core| framework)?|openjdk|oracle|open|diagnostics)"
    r"(?![\w+])"
)
_BITS = re.compile(r"[ _-]*(?:x?(?:32|64)|x86[-_]64)[ _-]?(?:bits?)?$")
_VERSION = re.compile(r"[ _-]*v?(?:\d+(?:\.(?:\d+|x))*|0x|1[yz]|2[abcxy])\+?$")
_PYTHON_2 = re.compile(r"\b(?:c?python|pypy|py)[ _-]*v?2(?:\.?[67])?(?!\d)")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, language in discover().items():
        for spelling in (name, *language.aliases):
            names[spelling.lower()] = name
    return names


def language_of(name: str) -> str | None:
    """Return the sandbox's name of a language as somebody calls it, or None."""
    spelling = spelling_of(name)
    return None if spelling is None else _names()[spelling]


@lru_cache(maxsize=1024)
def spelling_of(name: str) -> str | None:
    """Return the name or alias that somebody's name of a language comes down to ("MySQL 8.0": `mysql`), or None."""
    folded = " ".join(name.lower().split())[:_LONGEST]
    if _PYTHON_2.search(folded):
        return None
    known = _names()
    if folded in known:
        return folded
    plain = " ".join(_BRACKETS.sub(" ", folded).split())
    for shorter in (plain, " ".join(_VENDORS.sub(" ", plain).split())):
        for spelling in (shorter, _BITS.sub("", shorter), _without_version(shorter)):
            if spelling in known:
                return spelling
    words = [word for word in map(_without_version, plain.split()) if word]
    meant = {known.get(word) for word in words}
    return words[0] if len(meant) == 1 and None not in meant else None


def _without_version(name: str) -> str:
    return _VERSION.sub("", _BITS.sub("", name))


def canonical(name: str) -> str:
    """Return the sandbox's name of a language.

    Raises:
        TaskError: no such language is known to the project.
    """
    found = language_of(name)
    if found is None:
        known = ", ".join(sorted(set(_names().values())))
        hint = "Python 2 is not run here" if _PYTHON_2.search(name.lower()) else f"known are {known}"
        raise TaskError(f"language: {name[:40]!r} is not known; {hint}")
    return found
