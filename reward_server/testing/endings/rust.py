"""Rust: `main`, or functions marked `#[test]`, which become plain ones that a `main` of ours calls.

Whatever `main` a submission brings, HumanEval-X's prompts begin with an empty one, gives way, and so do the crates that
prompt imports without need. A test that should panic is called where a panic is caught.
"""

import re

from reward_server.testing.endings import Ending, leaves
from reward_server.testing.endings.braces import block, closing, fitted

_MAIN = r"^(?:pub\s+)?fn\s+main\s*\(\s*\)"
_ATTRIBUTES = r"((?:#\[[^\]]*\]\s*|//[^\n]*\n\s*)*)"
_TEST = re.compile(
    rf"{_ATTRIBUTES}#\[test\]\s*{_ATTRIBUTES}(?:pub\s+)?fn\s+(\w+)\s*\(\s*\)\s*(->\s*Result<[^{{]*>\s*)?(?=\{{)"
)
_MODULE = re.compile(r"^([ \t]*)(?:pub\s+)?mod\s+(\w+)\s*(?=\{)", re.MULTILINE)


def _arm(tests: str, nonce: str) -> str | None:
    announce = f'println!("\\n{nonce}");'
    if leaves(tests, "process::exit"):
        return None
    found = block(tests, _MAIN)
    if found is not None:
        return f"{tests[: found[1]]}; {announce} {tests[found[1] :]}"
    tests = re.sub(r"#\[cfg\(test\)\]\s*", "", tests)
    modules = [(match[2], match.end(), closing(tests, match.end())) for match in _MODULE.finditer(tests)]
    calls = []
    for test in _TEST.finditer(tests):
        path = [name for name, start, end in modules if start < test.start() and (end is None or test.start() < end)]
        calls.append(_call("::".join([*path, test[3]]), panics="should_panic" in test[0], fallible=bool(test[4])))
    if not calls:
        return None
    tests = _TEST.sub(lambda match: f"pub fn {match[3]}() {match[4] or ''}", tests)
    tests = _MODULE.sub(r"\1pub mod \2 ", tests)
    return f"{tests}\nfn main() {{\n    {' '.join(calls)}\n    {announce}\n}}\n"


def _call(path: str, *, panics: bool, fallible: bool) -> str:
    if panics:
        return f"assert!(std::panic::catch_unwind(|| {{ {path}(); }}).is_err());"
    return f"{path}().unwrap();" if fallible else f"{path}();"


def _join(source: str, tests: str) -> str:
    source = re.sub(r"^use (?:rand|regex|md5)\b[^;\n]*;[ \t]*$", "", source, flags=re.MULTILINE)
    source = re.sub(_MAIN, "#[allow(dead_code)] fn submission_main()", source, flags=re.MULTILINE)
    return f"{fitted(source, tests)}\n{tests}\n"


ENDINGS = {"rust": Ending(_arm, _join)}
