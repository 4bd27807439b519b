"""Long Python text, read in a process of its own.

`ast.parse` is one call that lets no other thread run: a second for a megabyte. What is read here is one statement or
literal of that length, which cannot be parsed in `pieces`; it is for the thread that reads a large task. A process
costs a tenth of a second of CPU time.
"""

import ast
import marshal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reward_server.errors import TaskError

LONG = 16_384
"""Characters of Python that are parsed at once: some ten milliseconds."""
_CPU_SECONDS = 30
_PROGRAM = f"""
import importlib, marshal, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({_CPU_SECONDS}, {_CPU_SECONDS}))
sys.path.insert(0, sys.argv[1])
read = getattr(importlib.import_module(sys.argv[2]), sys.argv[3])
try:
    value = [read(sys.stdin.buffer.read().decode("utf-8", "surrogatepass"))]
except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError, OverflowError):
    value = []
sys.stdout.buffer.write(marshal.dumps(value))
"""
_ENDS = {"[": "]", "(": ")", "{": "}", "'": "'", '"': '"'}
"""How long literals begin and end."""
_ROOT = Path(__file__).parents[2]


def read_apart(read: Callable[[str], Any], text: str) -> Any:
    """Return what a function of a module makes of a text, a value of plain types.

    Raises:
        ValueError: it could not make anything of it.
        TaskError: it was too much for it.
    """
    command = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(_ROOT), read.__module__, read.__name__]
    done = subprocess.run(command, input=text.encode("utf-8", "surrogatepass"), capture_output=True, check=False)
    if done.returncode:
        raise TaskError(
            f"{len(text)} characters of Python that end in no statement take too long, or too much, to read"
        )
    found = marshal.loads(done.stdout)  # noqa: S302 - our own process wrote it
    if not found:
        raise ValueError("it cannot be read")
    return found[0]


def literal(text: str) -> Any:
    """Return the value of a Python literal; raises as `ast.literal_eval`, or TaskError."""
    if len(text) <= LONG:
        return evaluated(text)
    if _ENDS.get(text.strip()[:1]) != text.strip()[-1:]:
        raise ValueError("no literal of such a length")
    return read_apart(evaluated, text)


def evaluated(text: str) -> Any:
    """Return the value of a literal, here."""
    return ast.literal_eval(text)


def named_literals(text: str) -> dict[str, Any]:
    """Return the values of `name = literal, …`; raises as `literal`."""
    if len(text) <= LONG:
        return named_evaluated(text)
    found: dict[str, Any] = read_apart(named_evaluated, text)
    return found


def named_evaluated(text: str) -> dict[str, Any]:
    """Return the same, here."""
    call = ast.parse(f"f({text})", mode="eval").body
    if not isinstance(call, ast.Call) or call.args or not all(keyword.arg for keyword in call.keywords):
        raise ValueError("no named arguments")
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
