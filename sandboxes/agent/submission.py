"""The submission an agent holds: its source as a sealed memory file, its compiled products in a directory of its own.

A run gets descriptors, never bytes. Sealed means that no run can change what the next one reads.
"""

import json
import os
import re
import shutil
from dataclasses import dataclass, field
from typing import Any

_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([\w., \t]+)", re.MULTILINE)

TIERS: dict[str, tuple[str, ...]] = {
    "bare": (
        "collections", "functools", "heapq", "bisect", "itertools", "math", "operator", "re", "threading", "random",
    ),
    "stdlib": (
        "array", "ast", "bisect", "cmath", "collections.abc", "contextlib", "copy", "datetime", "decimal",
        "fractions", "functools", "gc", "hashlib", "heapq", "inspect", "io", "itertools", "json", "math",
        "multiprocessing", "numbers", "operator", "queue", "random", "re", "statistics", "string", "subprocess",
        "tempfile", "textwrap", "threading", "time", "traceback", "types", "typing", "unittest",
    ),
    "pytest": (
        "pytest", *(f"_pytest.{name}" for name in (
            "faulthandler", "helpconfig", "junitxml", "pastebin", "setuponly", "setupplan", "skipping",
            "threadexception", "tracemalloc", "unittest", "unraisableexception", "warnings",
        )),
    ),
    "numpy": ("numpy", "sortedcontainers"),
    "full": ("numpy", "sortedcontainers", "sympy", "scipy", "scipy.stats", "scipy.optimize", "pandas", "networkx"),
}  # fmt: skip
"""What each tier's interpreter has imported: the first two, and its own. pytest's takes longer than most tests do."""
BARE, WIRED = "bare", "wired"
"""The second is the first with what ends of wires need, as every larger tier has it."""
_FULL = {b"sympy", b"scipy", b"pandas", b"networkx"}
_BARE = {name.encode() for name in TIERS["bare"]} | {b"sys", b"os", b"io", b"typing", b"string", b"time"}


def tier_for(source: bytes) -> str:
    """The smallest interpreter that has what the source imports; anything else is imported by the child."""
    found: set[bytes] = set()
    for names in _IMPORT.findall(source):
        found |= {name.split()[0].partition(b".")[0] for name in names.split(b",") if name.split()}
    if found & _FULL:
        return "full"
    if found & {b"numpy", b"sortedcontainers"}:
        return "numpy"
    if b"pytest" in found:
        return "pytest"
    return "bare" if found <= _BARE else "stdlib"


def imports_of(tier: str) -> tuple[str, ...]:
    """All that the tier's interpreter imports."""
    if tier in (BARE, WIRED):
        return TIERS[BARE]
    return (*TIERS["bare"], *TIERS["stdlib"], *(TIERS[tier] if tier != "stdlib" else ()))


@dataclass(slots=True)
class Submission:
    """One program, prepared."""

    language: str
    source: int
    """Descriptor of the sealed source."""
    tier: str
    files: dict[str, bytes] = field(default_factory=dict)
    artifact: str = ""
    """The directory of source and compile products, as this process sees it."""
    artifact_inside: str = ""
    """The same, as a program sees it."""

    wardens_lost: int = 0
    """How many wardens of it ended because a run left something (`standing.py`)."""

    def take_units(self) -> None:
        """Take away what was there for the compiler alone, before anything of it runs."""
        self.files = {name: content for name, content in self.files.items() if not name.startswith("units/")}
        shutil.rmtree(f"{self.artifact}/units", ignore_errors=True)

    def close(self) -> None:
        """Let go of the source."""
        os.close(self.source)


def pack_call(asked: dict[str, Any], files: dict[str, bytes]) -> bytes:
    """What the child is asked to do, with the extra files behind it."""
    text = json.dumps({**asked, "files": {name: len(content) for name, content in files.items()}}).encode()
    return b"".join((len(text).to_bytes(8, "big"), text, *files.values()))
