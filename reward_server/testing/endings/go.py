"""Go: test functions are run by a `main` of ours, and two files are made one.

Submission and tests may each have a package clause and imports. There is one package, `main`, and of the imports those
that are used; the tests' frequent ones are known without being imported, since MultiPL-E imports them in its prompt.
"""

import re
from importlib.resources import files

from reward_server.errors import TaskError
from reward_server.testing.endings import Ending, leaves
from reward_server.testing.endings.braces import block, fitted

_MAIN = r"^func\s+main\s*\(\s*\)"
_TEST = re.compile(r"^func\s+(Test\w*)\s*\(\s*\w+\s+\*testing\.T\s*\)", re.MULTILINE)
_PACKAGE = re.compile(r"^package\s+\w+[ \t]*;?[ \t]*$")
_ONE = re.compile(r"([\w.]*)\s*\"([^\"]+)\"")
KNOWN = {
    name.rpartition("/")[2]: name
    for name in (
        "testing",
        "fmt",
        "reflect",
        "math",
        "strings",
        "sort",
        "os",
        "errors",
        "strconv",
        "time",
        "bytes",
        "io",
    )
}
TESTIFY = "github.com/stretchr/testify"
_ASSERTION = re.compile(r"\b(?:assert|require)\.([A-Z]\w*)\s*\(")
_OFFERED = {
    "New", "Equal", "EqualValues", "NotEqual", "True", "False", "Nil", "NotNil", "NoError", "Error", "Empty", "Len",
    "Contains", "InDelta", "InEpsilon", "Panics",
}  # fmt: skip
"""What `go_testify.txt` defines of testify, which no sandbox can download."""


def _arm(tests: str, nonce: str) -> str | None:
    announce = f'os.Stdout.WriteString("\\n{nonce}")'
    used = set(_ASSERTION.findall(tests)) if TESTIFY in tests or "assert.New(t)" in tests else set()
    if not used <= _OFFERED:
        raise TaskError(f"tests: of testify, {', '.join(sorted(used - _OFFERED))} is not offered")
    support = _read("testify") if used else ""
    found = block(tests, _MAIN)
    if leaves(tests, r"os\.Exit"):
        return None
    if found is not None:
        return f"{tests[: found[1]]}; {announce} {tests[found[1] :]}{support}"
    names = _TEST.findall(tests)
    if not names:
        return None
    listed = ", ".join(f'{{"{name}", {name}}}' for name in names)
    main = _read("main").replace("/*tests*/", listed).replace("/*announce*/", announce)
    return f"{tests}\n{support}{main}"


def _read(name: str) -> str:
    return files("reward_server.testing.harness").joinpath(f"go_{name}.txt").read_text()


def _join(source: str, tests: str) -> str:
    (imports, source), (others, tests) = _without_imports(source), _without_imports(tests)
    source = re.sub(_MAIN, "func submissionMain()", source, flags=re.MULTILINE)
    body = f"{fitted(source, tests)}\n{tests}\n"
    every = dict.fromkeys(imports + others)
    known = {_called(imported) for imported in every}
    every |= dict.fromkeys(("", path) for name, path in KNOWN.items() if name not in known)
    used = set(re.findall(r"\b(\w+)\.", body))
    needed = [(name, path) for name, path in every if name in ("_", ".") or _called((name, path)) in used]
    lines = "".join(f'import {name} "{path}"\n' for name, path in needed)
    return f"package main\n\n{lines}\n{body}"


def _without_imports(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return what a file imports, and the rest of it without its package clause."""
    imports: list[tuple[str, str]] = []
    rest, inside = [], False
    for line in text.split("\n"):
        begins = re.match(r"import\s*(\(|[\w.]*\s*\")", line)
        if inside or begins:
            imports += [(one[1].strip(), one[2]) for one in _ONE.finditer(line.removeprefix("import").lstrip(" ("))]
            inside = ")" not in line and (inside or (begins is not None and begins[1] == "("))
        elif not _PACKAGE.match(line):
            rest.append(line)
    return [(name, path) for name, path in imports if not path.startswith(TESTIFY)], "\n".join(rest)


def _called(imported: tuple[str, str]) -> str:
    """The name an import is used by."""
    name, path = imported
    parts = [part for part in path.split("/") if not re.fullmatch(r"v\d+", part)]
    return name or parts[-1]


ENDINGS = {"go": Ending(_arm, _join)}
