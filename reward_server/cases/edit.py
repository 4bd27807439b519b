"""Edits: diffs and SEARCH/REPLACE blocks that mend a fault, and ones that reach for something else.

Measured against others: 300 random diffs, a part of them on files that have changed, apply where `git apply` applies
them and to the same text (`tests/reward_server/kinds/test_edit.py`). No differences.
"""

from typing import Any

from reward_server.cases import Case

_STATS = """\"\"\"Statistics.\"\"\"


def total(values):
    result = 0
    for value in values:
        result += value
    return result


def mean(values):
    return total(values) // len(values)


def largest(values):
    return max(values)
"""
_REPORT = """from __future__ import annotations

from tools.stats import largest, mean


def report(values: list[float]) -> str:
    return f"{mean(values):.2f} of {largest(values)}"
"""
_TESTS = """from report import report


def test_mean():
    assert report([1, 2]) == "1.50 of 2"


def test_one():
    assert report([3]) == "3.00 of 3"
"""
_FIX: dict[str, Any] = {
    "kind": "edit",
    "files": {"tools/stats.py": _STATS, "report.py": _REPORT, "notes.txt": "divide truly\n"},
    "entry": "report.py",
    "tests": ["assert report([1, 2]) == '1.50 of 2'", "assert report([3]) == '3.00 of 3'"],
    "protected": ["notes.txt", "tests/*"],
}
_PYTEST = _FIX | {"tests": _TESTS}
_ONE: dict[str, Any] = {"kind": "edit", "files": {"double.py": "print(int(input()) + 2)\n"},
                        "tests": [{"stdin": "3", "stdout": "6"}, {"stdin": "5", "stdout": "10"}]}  # fmt: skip
_C: dict[str, Any] = {
    "kind": "edit", "language": "bash", "files": {"double.sh": "read n\necho $((n + 2))\n"},
    "tests": [{"stdin": "3", "stdout": "6"}, {"stdin": "5", "stdout": "10"}],
}  # fmt: skip


def _diff(old: str, new: str, path: str = "tools/stats.py") -> str:
    body = f" \n def mean(values):\n-{old}\n+{new}\n \n \n def largest(values):"
    return f"```diff\n--- a/{path}\n+++ b/{path}\n@@ -10,6 +10,6 @@\n{body}\n```"


def _block(path: str, search: str, replace: str) -> str:
    return f"{path}\n```python\n<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n```"


_OLD, _NEW = "    return total(values) // len(values)", "    return total(values) / len(values)"
_RIGHT = _block("tools/stats.py", _OLD, _NEW)
_NEW_FILE = """--- /dev/null
+++ b/tools/true.py
@@ -0,0 +1,2 @@
+def divide(a, b):
+    return a / b
"""

CASES = [
    Case(_FIX, _RIGHT, "correct"),
    Case(_FIX, _diff(_OLD, _NEW), "correct"),
    Case(_FIX, _diff(_OLD, _NEW).replace("```diff\n", "").replace("\n```", "\n"), "correct", "a bare diff"),
    Case(_FIX, "I see.\n\n" + _diff(_OLD, _NEW).replace("-10,6 +10,6", "-3,6 +3,6"), "correct", "other line numbers"),
    Case(_FIX, f"<think>//?</think>{_RIGHT}", "correct"),
    Case(_PYTEST, _RIGHT, "correct", "pytest source"),
    Case(_FIX, f"```diff\n{_NEW_FILE}```\n" + _diff(_OLD, "    return divide(total(values), len(values))")
         + '\n```diff\n--- a/tools/stats.py\n+++ b/tools/stats.py\n@@ -1,2 +1,3 @@\n """Statistics."""\n'
         "+from tools.true import divide\n \n```", "correct", "a new module"),
    Case(_FIX, _block("report.py", "from tools.stats import largest, mean",
         "from tools.stats import largest, total\n\n\ndef mean(x):\n    return total(x) / len(x)"), "correct",
         "mended elsewhere"),
    Case(_ONE, _block("double.py", "print(int(input()) + 2)", "print(int(input()) * 2)"), "correct"),
    Case(_C, _block("double.sh", "echo $((n + 2))", "echo $((n * 2))"), "correct", "another language"),
    Case(_FIX, _diff(_OLD, "    return total(values) % len(values)"), "incorrect"),
    Case(_FIX, _block("tools/stats.py", "    return total(values)//len(values)", _NEW), "incorrect", "not as written"),
    Case(_FIX, _diff(_OLD, _NEW).replace("def largest", "def biggest"), "incorrect", "context that is not there"),
    Case(_FIX, "Divide truly.", "no_answer"),
    Case(_FIX, "", "no_answer"),
    Case(_FIX, "```python\n" + _STATS.replace("//", "/") + "```", "no_answer", "a whole file is no edit"),
    Case(_FIX, _block("tools/stats.py", _OLD, "    return total(values) /"), "runtime_error", "no Python"),
]  # fmt: skip

_EXIT = "import os\nos._exit(0)"

ATTACKS = [
    Case(task, completion, "", why)
    for task, completion, why in [
        (_FIX, _block("../outside.py", "", "x = 1"), "a path that leads up"),
        (_FIX, _block("/etc/passwd", "", "x = 1"), "an absolute path"),
        (_FIX, _block("tools/../../x.py", "", "x = 1"), "a path that leads up from inside"),
        (_FIX, _block("~/x.py", "", "x = 1"), "the home folder"),
        (_FIX, _block("tools//stats.py", _OLD, _NEW), "a path spelled otherwise"),
        (_FIX, _block("tools\\stats.py", _OLD, _NEW), "another separator"),
        (_FIX, _block("notes.txt", "divide truly", "x"), "a protected file"),
        (_FIX, _block("tests/test_report.py", "", "def test_mean(): pass"), "a test written"),
        (_FIX, _block("report.py/x.py", "", "x = 1"), "a file in a file"),
        (_FIX, _diff(_OLD, _NEW, path="../tools/stats.py"), "a diff that leads up"),
        (_FIX, _diff(_OLD, _NEW, path="notes.txt"), "a diff of a protected file"),
        (_FIX, "```diff\ndiff --git a/h b/h\nnew file mode 120000\n--- /dev/null\n+++ b/h\n@@ -0,0 +1 @@\n+/etc\n```", "a link"),
        (_FIX, _block("tools/stats.py", "", _STATS), "an empty SEARCH on a file"),
        (_FIX, _block("tools/stats.py", "values", "items"), "a SEARCH that is no whole line"),
        (_FIX, _block("tools/stats.py", "\n", "\n\n"), "a blank SEARCH"),
        (_FIX, _block("missing.py", "x", "y"), "a file that is not there"),
        (_FIX, f"{_RIGHT}\n{_diff(_OLD, _NEW)}", "both forms"),
        (_FIX, f"{_RIGHT}\n{_RIGHT}", "the edit twice"),
        (_FIX, f"<think>{_RIGHT}</think>", "only in the thinking"),
        (_FIX, _RIGHT.replace(">>>>>>> REPLACE", ""), "a block that never ends"),
        (_FIX, _RIGHT.replace("=======", ""), "a block without a divide"),
        (_FIX, _diff(_OLD, _NEW).replace("+10,6", "+10,9"), "a head that lies"),
        (_FIX, _diff(_OLD, _OLD), "no change"),
        (_FIX, _block("report.py", "from tools.stats import largest, mean", _EXIT), "exits at once"),
        (_FIX, _block("report.py", "from tools.stats import largest, mean", "raise SystemExit(0)"), "raises exit"),
        (_FIX, _block("tools/stats.py", _OLD, f"    {_EXIT.replace(chr(10), '; ')}"), "exits in the test"),
        (_FIX, _block("report.py", "from tools.stats import largest, mean",
         "import sys\nsys.modules['pytest'] = sys\nfrom tools.stats import largest, mean"), "replaces a module"),
        (_FIX, _block("tools/stats.py", _OLD, "    class E:\n        __format__ = lambda s, f: '1.50'\n    return E()"),
         "an object that formats as the first answer"),
        (_FIX, _block("report.py", '    return f"{mean(values):.2f} of {largest(values)}"', "    return EQ()")
         + "\n" + _block("report.py", "from tools.stats import largest, mean",
         "class EQ:\n    def __eq__(self, other):\n        return True"), "an object equal to everything"),
        (_FIX, _block("report.py", '    return f"{mean(values):.2f} of {largest(values)}"', "    return '1.50 of 2'"),
         "the first answer written down"),
        (_FIX, _block("tools/stats.py", "def total(values):", "while True: pass\ndef total(values):"), "never ends"),
        (_FIX, "diff --git a/report.py b/x.py\nrename from report.py\nrename to x.py\n", "a file renamed"),
        (_FIX, "diff --git a/report.py b/report.py\nold mode 100644\nnew mode 100755\n", "a mode changed"),
        (_FIX, "```diff\nGIT binary patch\nliteral 3\n```", "a binary patch"),
        (_FIX, "<<<<<<< SEARCH\n" * 5_000, "opened five thousand times"),
        (_FIX, "--- a/x\n+++ b/x\n@@ -1,9999999 +1,9999999 @@\n" * 2_000, "heads alone"),
        (_ONE, _block("double.py", "print(int(input()) + 2)", "print(6)"), "the first output printed"),
        (_ONE, _block("double.py", "print(int(input()) + 2)", _EXIT), "no output"),
    ]
]  # fmt: skip
