"""Diffs apply where `git apply` applies them, to the same text, and nowhere else."""

import difflib
import random
import subprocess
from pathlib import Path

import pytest

from reward_server.edits.applying import apply_edits
from reward_server.edits.bundling import bundle
from reward_server.edits.reading import EditError, read_edits

_LINES = ["a = 1", "b = 2", "", "def f():", "    return a", "x", "y", "    pass", "# note", "}", "\tz", "a = 1 "]


def _text(chosen: random.Random) -> list[str]:
    return [f"{chosen.choice(_LINES)}\n" for _ in range(chosen.randint(1, 30))]


def _changed(lines: list[str], chosen: random.Random) -> list[str]:
    lines = list(lines)
    for _ in range(chosen.randint(1, 4)):
        place = chosen.randint(0, len(lines))
        lines[place : place + chosen.randint(0, 2)] = [
            f"{chosen.choice(_LINES)}\n" for _ in range(chosen.randint(0, 2))
        ]
    return lines


def _by_git(folder: Path, text: str, diff: str) -> str | None:
    (folder / "f.py").write_bytes(text.encode())
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        cwd=folder,
        input=diff,
        text=True,
        capture_output=True,
        check=False,
    )
    return (folder / "f.py").read_bytes().decode() if done.returncode == 0 else None


def _by_us(text: str, diff: str) -> str | None:
    try:
        return apply_edits({"f.py": text}, read_edits(f"```diff\n{diff}```"))["f.py"]
    except EditError:
        return None


@pytest.mark.parametrize("block", range(10))
def test_diffs_apply_as_git_applies_them(block: int, tmp_path: Path):
    applied = 0
    for seed in range(block * 30, block * 30 + 30):
        chosen = random.Random(seed)
        old = _text(chosen)
        new = _changed(old, chosen)
        context = chosen.choice([0, 1, 2, 3, 3, 3])
        diff = "".join(difflib.unified_diff(old, new, "a/f.py", "b/f.py", n=context))
        base = old if chosen.random() < 0.4 else _changed(old, chosen)
        if chosen.random() < 0.2:
            diff = diff.replace("@@ -", f"@@ -{chosen.randint(1, 3)}", 1)
        if "@@" not in diff or not base or not new:
            continue
        ours, gits = _by_us("".join(base), diff), _by_git(tmp_path, "".join(base), diff)
        assert ours == gits, (seed, "".join(base), diff)
        applied += gits is not None
    assert applied > 5


def test_a_missing_newline_at_the_end_is_kept(tmp_path: Path):
    bare = "\\ No newline at end of file\n"
    diff = f"--- a/f.py\n+++ b/f.py\n@@ -1,2 +1,2 @@\n a\n-b\n{bare}+c\n{bare}"
    assert _by_us("a\nb", diff) == _by_git(tmp_path, "a\nb", diff) == "a\nc"
    assert _by_us("a\nb\n", diff) == _by_git(tmp_path, "a\nb\n", diff)


def test_files_become_one_program():
    files = {"pkg/a.py": "from pkg.sub.b import x\ny = x + 1\n", "pkg/sub/b.py": "x = 1\n", "d/data.txt": "7",
             "main.py": "from __future__ import annotations\nfrom pkg.a import y\n"}  # fmt: skip
    source = bundle(files, "main.py")
    assert source.startswith("from __future__ import annotations\n")
    compile(source, "main.py", "exec")


def test_a_program_of_files_runs(tmp_path: Path):
    files = {"pkg/a.py": "from .sub import b\ny = b.x + 1\n", "pkg/sub/b.py": "x = 1\n", "d/data.txt": "7",
             "main.py": "from pkg.a import y\nprint(y, open('d/data.txt').read(), __name__)\n"}  # fmt: skip
    (tmp_path / "program.py").write_text(bundle(files, "main.py"))
    done = subprocess.run(["python3", "program.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "2 7 __main__\n", done.stderr
