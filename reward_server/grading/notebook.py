"""Notebook cells run one after the other in one Python process: a program around them, and how to read what it says.

The program prints one JSON line a cell after a line of a kind that cells are not likely to print. It runs in the same
process as the cells, which can print such lines too: like all that a program prints, this is its own word.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from typing import Any

from reward_server.grading.programs import Asked

_DRIVER = """
import ast, base64, contextlib, io, json, sys, traceback
MARK, SPACE = {mark!r}, {{"__name__": "__main__"}}
def run(number, source):
    out, err, display, error = io.StringIO(), io.StringIO(), [], []
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            name = f"<cell {{number}}>"
            tree = ast.parse(source, name)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec"), SPACE)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), name, "eval"), SPACE)
                if value is not None:
                    display.append({{"text/plain": repr(value)}})
        except BaseException as problem:
            said = traceback.format_exception(problem)
            error.append({{"ename": type(problem).__name__, "evalue": str(problem), "traceback": said}})
    return {{"stdout": out.getvalue(), "stderr": err.getvalue(), "display": display, "error": error}}
for number, source in enumerate(json.loads(base64.b64decode({cells!r}))):
    told = run(number, source)
    sys.__stdout__.write(MARK + json.dumps(told) + "\\n")
    sys.__stdout__.flush()
    if told["error"]:
        sys.exit(1)
"""


def notebook(cells: Sequence[str], *, files: dict[str, bytes], cpu_seconds: float) -> tuple[Asked, bytes]:
    """Return the program that runs the cells, and the mark that starts each line about one."""
    mark = secrets.token_hex(16)
    packed = base64.b64encode(json.dumps(list(cells)).encode()).decode()
    source = _DRIVER.format(mark=mark, cells=packed)
    return Asked("python", source, files=files, cpu_seconds=cpu_seconds, memory_bytes=1024 << 20), mark.encode()


def cells_of(stdout: bytes, mark: bytes) -> list[dict[str, Any]]:
    """Return what each cell that ran printed, showed and raised."""
    cells = []
    for line in stdout.splitlines():
        if line.startswith(mark):
            try:
                cells.append(json.loads(line.removeprefix(mark)))
            except ValueError:
                continue
    return cells
