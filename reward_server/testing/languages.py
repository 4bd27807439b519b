"""Names of languages: what tasks and fences call them, and the name the sandbox knows them by."""

from functools import cache

from reward_server.errors import TaskError
from sandboxes.languages import discover


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, language in discover().items():
        for spelling in (name, *language.aliases):
            names[spelling.lower()] = name
    return names


def canonical(name: str) -> str:
    """Return the sandbox's name of a language.

    Raises:
        TaskError: no such language is known to the project.
    """
    known = _names()
    if name.strip().lower() not in known:
        raise TaskError(f"language: {name[:40]!r} is not known; known are {', '.join(sorted(set(known.values())))}")
    return known[name.strip().lower()]


def fence_tags(language: str) -> frozenset[str]:
    """Return the fence tags that mark a block as being in a language."""
    return frozenset(tag for tag, name in _names().items() if name == language)
