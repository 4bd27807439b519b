"""JavaScript and TypeScript: tests in a scope of their own, and a runner for `describe`, `test` and `expect`.

Names of the submission that tests use are handed to them, so that neither can redeclare the other's. What tests require
by a relative path is the submission. Tests of Jest, Vitest, Mocha or `node:test` are run by `js_runner.txt`, which is
there before the submission, as are copies of `assert`; the nonce comes after the last test. Without such tests it comes
behind the tests' last statement.
"""

import json
import re
from importlib.resources import files

from reward_server.errors import TaskError
from reward_server.testing.endings import Ending, appended, leaves
from reward_server.testing.endings.braces import braces, fitted
from reward_server.testing.harness.modules import as_script

_RUNS = re.compile(r"\b(?:describe|suite|test|it)(?:\.\w+)*\s*(?:\([^()]*\)\s*)?\(\s*[`'\"]|['\"]node:test['\"]")
_OWN = re.compile(r"(?:function|const|let|var)\s+(?:describe|test|it)\b(?!\s*=\s*require)")
_MATCHER = re.compile(r"\.((?:to[A-Z]|lastCalled|nthCalled)\w*)\s*\(")
_EXPECTS = re.compile(r"\bexpect\s*\(")
_NAME = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]*)")
_DECLARES = (
    r"\b(?:function\s*\*?|class|enum)\s+{name}(?![\w$])|\b(?:const|let|var)\b[^;\n]*?[\s,{{\[]{name}(?![\w$])"
    r"|^\s*{name}\s*=(?!=)"
)
_RESERVED = frozenset({
    "arguments", "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default",
    "delete", "do", "else", "enum", "eval", "export", "exports", "extends", "false", "finally", "for", "function", "if",
    "import", "in", "instanceof", "interface", "let", "module", "new", "null", "of", "package", "private", "protected",
    "public", "require", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined",
    "var", "void", "while", "with", "yield",
})  # fmt: skip
_CHECKS = "console.assert = (ok, ...words) => { if (!ok) { throw new Error('Assertion failed ' + words.join(' ')) } };"


def _arm(tests: str, nonce: str) -> str | None:
    if leaves(tests, r"process\.exit"):
        return None
    announce = f"process.stdout.write('\\n' + {nonce!r});"
    tests = as_script(tests)
    if _RUNS.search(tests) is None or _OWN.search(tests) is not None:
        return f";{_CHECKS}\n{tests}\n;{announce}\n"
    runner = _read("runner")
    unknown = set(_MATCHER.findall(tests)) - set(re.findall(r"\bto[A-Z]\w*", runner)) if _EXPECTS.search(tests) else ()
    if unknown:
        raise TaskError(f"tests: of expect, {', '.join(sorted(unknown))} is not offered")
    return f"{_RUNNER_MARK}{_CHECKS}\n{tests}\n;rewardRunner.run(() => {{ {announce} }});\n"


_RUNNER_MARK = "/*reward-runner*/"


def _join(source: str, tests: str) -> str:
    """Put each into a function of its own, unless the tests begin inside of the submission's last block."""
    if _begins_inside(tests) or re.search(r"^\s*(?:export\s+)?(?:declare|namespace)\s", source, re.MULTILINE):
        return appended(fitted(source, tests), tests)
    runs = tests.startswith(_RUNNER_MARK)
    runner = _read("runner") if runs else ""
    source = as_script(source)
    taken = frozenset(_GLOBALS if runs else ())
    names = [name for name in dict.fromkeys(_NAME.findall(tests)) if name not in taken and _declares(source, name)]
    found = " ".join(f"try {{ rewardFound[{json.dumps(name)}] = {name}; }} catch (missing) {{}}" for name in names)
    given = "".join(f", rewardSubmission.found[{json.dumps(name)}]" for name in names)
    own = "const { " + ", ".join(_GLOBALS) + " } = rewardRunner.globals;\n" if runs else ""
    return (
        f"{runner}{_read('scope')}const rewardSubmission = (function (module, exports, require, rewardFound) {{\n"
        f"{source}\n;{found}\nreturn {{ exports: module.exports, found: rewardFound }};\n"
        "}).apply(undefined, (made => [made, made.exports, require, {}])({ exports: {} }));\n"
        f"(function ({', '.join(['require', *names])}) {{ {own}{{\n{tests}\n}} }})(rewardRequire{given});\n"
    )


_GLOBALS = (
    "describe", "suite", "context", "test", "it", "specify", "expect", "jest", "vi", "before", "beforeAll", "after",
    "afterAll", "beforeEach", "afterEach",
)  # fmt: skip


def _read(name: str) -> str:
    return files("reward_server.testing").joinpath(f"harness/js_{name}.txt").read_text()


def _begins_inside(tests: str) -> bool:
    depth = 0
    for _, step in braces(tests):
        depth += step
        if depth < 0:
            return True
    return False


def _declares(source: str, name: str) -> bool:
    return (
        name in source
        and name not in _RESERVED
        and re.search(_DECLARES.format(name=re.escape(name)), source, re.MULTILINE) is not None
    )


ENDINGS = {"javascript": Ending(_arm, _join), "typescript": Ending(_arm, _join)}
