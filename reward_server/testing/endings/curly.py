"""C, C++, Java, C#, Kotlin, Scala, D and Swift: the end of `main`, or of the file.

A `main` of the submission's own gives way to that of the tests.
"""

import re
from collections.abc import Callable

from reward_server.testing.endings import Ending, leaves
from reward_server.testing.endings.braces import block, fitted, hoisted
from reward_server.testing.harness import java_junit


def _at_end_of(head: str, announce: str, leaving: str) -> Callable[[str, str], str | None]:
    """Insert `announce`, in which % is the nonce, before the brace that closes the body after `head`."""

    def arm(tests: str, nonce: str) -> str | None:
        found = block(tests, head)
        if found is None or leaves(tests, leaving):
            return None
        _, end = found
        return f"{tests[:end]} {announce.replace('%', nonce)} {tests[end:]}"

    return arm


_C_MAIN = r"\bmain\s*\("
_C_CHECKS = "#undef main\n#undef NDEBUG\n#include <assert.h>\n#include <stdio.h>\n"


def _arm_c(tests: str, nonce: str) -> str | None:
    found = block(tests, _C_MAIN)
    if found is None or tests[found[1] + 1 :].strip() or leaves(tests, r"exit|_exit|quick_exit|_Exit"):
        return None
    start, end = found
    announce = f'{{ printf("\\n%s\\n", "{nonce}"); fflush(stdout); }}'
    body = re.sub(r"\breturn\s+(0|EXIT_SUCCESS)\s*;", lambda _: f"{{ {announce} return 0; }}", tests[start:end])
    counted = re.search(r"\breturn\s+(?!0\s*;)([^;{}]+);\s*\Z", body)
    if counted is not None:
        body = f"{body[: counted.start()]}{{ int reward_status = {counted[1]}; if (reward_status == 0) {announce} "
        return f"{_C_CHECKS}{tests[:start]}{body} return reward_status; }}{tests[end:]}"
    return f"{_C_CHECKS}{tests[:start]}{body} {announce} {tests[end:]}"


def _join_c(source: str, tests: str) -> str:
    return f"#define main submission_main\n#line 1\n{fitted(source, tests)}\n{tests}\n"


_JAVA_CLASS = re.compile(r"^[ \t]*(?:(?:public|final)[ \t]+)*class[ \t]+(\w+)", re.MULTILINE)
_FOREIGN = re.compile(
    r"^[ \t]*(?:package[ \t]+[\w.]+"
    r"|import[ \t]+(?!(?:static[ \t]+)?(?:javax?|org\.(?:junit|javatuples))\.)[\w.*]+)[ \t]*;",
    re.MULTILINE,
)
"""The tests' own package, and imports from it: the submission stands in the same file."""


def _arm_java(tests: str, nonce: str) -> str | None:
    """Call JUnit's tests from a `main`; the submission stands beside them, whatever package it is imported from."""
    if not java_junit.is_junit(tests):
        return _at_end_of(r"\bvoid\s+main\s*\(", 'System.out.print("\\n%");', r"System\.exit")(tests, nonce)
    java_junit.require_known(tests)
    tests = re.sub(r"\bvoid\s+main\s*\(", "void testsMain(", _FOREIGN.sub("", tests))
    names = ", ".join(f'"{name}"' for name in dict.fromkeys(_JAVA_CLASS.findall(tests)))
    call = f'if (!org.junit.reward.Runner.run({names})) System.exit(1); System.out.print("\\n{nonce}");'
    return f"{tests}\nclass RewardTests {{ public static void main(String[] given) {{ {call} }} }}\n"


def _join_java(source: str, tests: str) -> str:
    imports, source, tests = hoisted(source, tests, r"^[ \t]*import\s+[\w.*\s]+;")
    if re.search(r"^\s*public\s+(?:final\s+)?class\b", tests, re.MULTILINE):
        source = re.sub(r"^public\s+(?=(?:final\s+|abstract\s+|sealed\s+)*(?:class|record|enum|interface)\b)", "",
                        source, flags=re.MULTILINE)  # fmt: skip
    source = re.sub(r"\bvoid\s+main\s*\(", "void submissionMain(", re.sub(r"^\s*package\s+[\w.]+\s*;", "", source))
    return f"{imports}{fitted(source, tests)}\n{tests}\n"


_CS_MAIN = r"\bstatic\s+(?:async\s+)?(?:void|int|Task)\s+Main\s*\("
_CS_CHECKS = (
    "\nstatic class RewardChecks { public static void Assert(bool ok, params object[] said)"
    ' { if (!ok) throw new System.Exception("Assertion failed " + string.Join(" ", said)); } }\n'
)


def _arm_csharp(tests: str, nonce: str) -> str | None:
    """`Debug.Assert` is compiled away without a symbol, and with it only writes: it is made to throw."""
    strict = re.sub(r"\b(?:System\.Diagnostics\.)?(?:Debug|Trace)\.Assert\s*\(", "RewardChecks.Assert(", tests)
    armed = _at_end_of(_CS_MAIN, 'System.Console.Write("\\n%");', r"Environment\.Exit")(strict, nonce)
    return None if armed is None else armed + _CS_CHECKS


def _join_csharp(source: str, tests: str) -> str:
    usings, source, tests = hoisted(source, tests, r"^[ \t]*using\s+(?:static\s+)?[\w.]+(?:\s*=\s*[\w.<>]+)?;")
    source = re.sub(_CS_MAIN, "static void SubmissionMain(", source)
    return f"{usings}{fitted(source, tests)}\n{tests}\n"


def _renamed(head: str, other: str, line: str) -> Callable[[str, str], str]:
    """Join with the tests' imports in front and the submission's own `main` under another name."""

    def join(source: str, tests: str) -> str:
        imports, source, tests = hoisted(source, tests, line)
        return f"{imports}{fitted(re.sub(head, other, source, flags=re.MULTILINE), tests)}\n{tests}\n"

    return join


def _arm_scala(tests: str, nonce: str) -> str | None:
    for head in (r"\bdef\s+main\s*\(", r"\bobject\s+\w+\s+extends\s+App\b", r"^@main\s+def\s+\w+"):
        armed = _at_end_of(head, '; print("\\n%")', r"sys\.exit|System\.exit")(tests, nonce)
        if armed is not None:
            return armed
    return None


_UNIT_TEST = re.compile(r"\bunittest\s*(?=\{)")


def _arm_d(tests: str, nonce: str) -> str | None:
    """Unit tests run only when the compiler is told so: they become functions that `main` calls."""
    if leaves(tests, "exit"):
        return None
    count = len(_UNIT_TEST.findall(tests))
    numbers = iter(range(count))
    tests = _UNIT_TEST.sub(lambda _: f"void rewardTest{next(numbers)}() ", tests)
    calls = "".join(f"rewardTest{number}(); " for number in range(count))
    announce = f'{calls}{{ import std.stdio : write; write("\\n{nonce}"); }}'
    main = r"\b(?:void|int)\s+main\s*\("
    if re.search(main, tests):
        return _at_end_of(main, announce, "exit")(tests, nonce)
    return f"{tests}\nvoid main() {{ {announce} }}\n"


def _arm_swift(tests: str, nonce: str) -> str | None:
    return None if leaves(tests, "exit") else f'{tests}\nprint("\\n{nonce}")\n'


ENDINGS = {
    "c": Ending(_arm_c, _join_c),
    "cpp": Ending(_arm_c, _join_c),
    "java": Ending(_arm_java, _join_java),
    "csharp": Ending(_arm_csharp, _join_csharp),
    "kotlin": Ending(
        _at_end_of(r"^fun\s+main\s*\(", ';print("\\n%")', "exitProcess"),
        _renamed(r"^fun\s+main\s*\(", "fun submissionMain(", r"^import\s+[\w.*]+(?:\s+as\s+\w+)?$"),
    ),
    "scala": Ending(_arm_scala, _renamed(r"\bdef\s+main\s*\(", "def submissionMain(", r"^import\s+\S.*$")),
    "d": Ending(_arm_d, _renamed(r"^(void|int)\s+main\s*\(", r"\1 submissionMain(", r"(?!)")),
    "swift": Ending(_arm_swift, lambda source, tests: f"{fitted(source, tests)}\n{tests}\n"),
}
