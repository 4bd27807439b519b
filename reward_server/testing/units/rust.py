"""Rust: tests are a module of their own, and every name of theirs means what they say.

The module, of a name drawn anew, stands in a file of its own and first in the submission's crate: macros of the
submission are not in scope there, and its private items can be seen. What the tests name and the submission declares
is brought in name by name, with the submission's own imports from the library; never a glob, nor a name of the prelude.
The module has its own `assert!`, `assert_eq!` and `assert_ne!` (`rust_checks.txt`): they, and the comparisons in
conditions, look at the types of both sides. A type of the submission that the tests do not name compares with nothing
but itself, so that what is expected of the library's types is decided by these. Where values of the submission's types
are compared, its `PartialEq` decides: `tests_unit` is then `compared`, else `own`.

Decided: of the prelude's names and the well-known collections, the tests mean the library's, but where such a name is
all that they use of the submission. A trait of the submission goes to the tests, unless its methods could take the
place of the library's. Tests with macros that are neither the library's nor theirs are joined as text.
"""

import re
from importlib.resources import files
from secrets import token_hex

from reward_server.testing.units import Apart
from reward_server.testing.units.rust_conditions import Edit, condition_edits, edited
from reward_server.testing.units.rust_text import (
    Items,
    brackets,
    flat,
    implementations,
    in_macros,
    items,
    leaves,
    uses,
    without_texts,
    words,
)

_INNER = re.compile(r"#\s*!\s*\[[^\[\]]*\]")
_LIMIT = re.compile(r"#!\[(?:recursion|type_length)_limit\s*=\s*\"\d{1,6}\"\s*\]")
_UNMANGLED = re.compile(r"#\s*\[\s*(?:unsafe\s*\(\s*no_mangle\s*\)|no_mangle)\s*\]")
_BEHIND = re.compile(
    r"\b(?:no_mangle|export_name|link_section|link_name|global_asm|naked_asm|include_str|include_bytes)\b"
    r"|\basm\s*!|\binclude\s*!|::\s*arch\b(?!\s*::\s*(?:x86|aarch64))|\barch\s*::\s*(?!x86|aarch64)"
    r"|\bextern\s+crate\s+\w+\s+as\s+(?:r#)?(?:std|core|alloc)\b|\btrait\s+(?:r#)?[a-z_]"
)
"""What would reach behind the tests' text: symbols, other files, another `std`, traits under a function's name."""
_MACROS = frozenset({
    "assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne", "vec", "format",
    "println", "print", "eprintln", "eprint", "panic", "matches", "write", "writeln", "unreachable", "unimplemented",
    "todo", "dbg", "concat", "stringify", "line", "file", "column", "module_path", "thread_local", "format_args",
    "env", "option_env", "cfg", "macro_rules", "include_str", "include_bytes",
})  # fmt: skip
_PRELUDE = frozenset({
    "Option", "Some", "None", "Result", "Ok", "Err", "Vec", "String", "Box", "ToString", "ToOwned", "Clone", "Copy",
    "Send", "Sync", "Sized", "Drop", "drop", "Fn", "FnMut", "FnOnce", "Iterator", "IntoIterator", "Extend", "Default",
    "DoubleEndedIterator", "ExactSizeIterator", "PartialEq", "Eq", "PartialOrd", "Ord", "AsRef", "AsMut", "Into",
    "From", "TryFrom", "TryInto", "FromIterator", "Hash", "Debug", "i8", "i16", "i32", "i64", "i128", "isize", "u8",
    "u16", "u32", "u64", "u128", "usize", "f32", "f64", "bool", "char", "str", "std", "core", "alloc", "self", "Self",
    "super", "crate", "main", "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return",
    "static", "struct", "trait", "true", "type", "unsafe", "use", "where", "while", "_",
})  # fmt: skip
_LIBRARY = {
    **dict.fromkeys(
        ("HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "BinaryHeap", "LinkedList"), "std::collections"
    ),
    "Rc": "std::rc", "Arc": "std::sync", "Mutex": "std::sync", "RwLock": "std::sync", "RefCell": "std::cell",
    "Cell": "std::cell", "Cow": "std::borrow", "Ordering": "std::cmp", "Reverse": "std::cmp", "Duration": "std::time",
    "FromStr": "std::str", "catch_unwind": "std::panic",
}  # fmt: skip
_METHODS = re.compile(r"\bfn\s+(\w+)")
_LONGEST = 300_000
_WORD = re.compile(r"\w+")
_CALLED = re.compile(r"\.\s*(\w+)\s*(?:::\s*<[^;{}()]{0,100}>\s*)?\(")
_MACRO = re.compile(r"(?<![\w:])(\w+)\s*!\s*[(\[{]")
_DECLARED = re.compile(r"\b(?:fn|struct|enum|union|trait|type|mod|const|static|macro_rules\s*!)\s+(?:mut\s+)?(\w+)")
_AT_ROOT = re.compile(r"\buse\s+(?:super|crate)\s*::\s*(\*\s*;)?")
_MINE = re.compile(r"\b(?:super|crate)\s*::\s*(\w+)")
_GENERIC = re.compile(r"\.into\(\)|\bDefault::default\(\)|\bFrom::from\(")


def _take_apart(_language: str, source: str, armed: str, nonce: str) -> Apart | None:
    announced = f'println!("\\n{nonce}");'
    whole = _made_whole(source.removeprefix("\ufeff"), armed)
    if whole is None or announced not in armed:
        return None
    source, tests = whole
    if len(source) > _LONGEST:
        return Apart('compile_error!("the program is longer than can be told apart from its tests");\n', {})
    said, code = without_texts(tests), without_texts(source)
    if set(_MACRO.findall(said)) - _MACROS - set(_DECLARED.findall(said)) or re.search(r"\bextern\s+crate\b", said):
        return None
    own, theirs = items(code), _theirs(said)
    brought = _brought(own, theirs, said)
    if _is_refused(code, own, brought, said):
        return Apart('compile_error!("the program defines what checks rely on");\n', {})
    place = f"reward_{token_hex(8)}"
    site = [f"super::{name}" for name in sorted(brought)]
    site += [f"super::{name} as _" for name in _traits(own, code, said) if name not in brought]
    site += _imports(own, theirs, said, brought)
    checks = (
        files(__package__).joinpath("rust_checks.txt").read_text(encoding="utf-8").replace("PLACE", f"crate::{place}")
    )
    body = edited(tests, condition_edits(tests, said) + _path_edits(said, place)).replace(announced, "reward_said();")
    head = "".join(f"use {path};" for path in site) + _hidden(nonce) + _named(own, brought, said)
    module = f"#![allow(warnings)]{head}\n{checks}\n{body}\npub fn reward_main() {{ main(); }}\n"
    return Apart(_root(source, code, place), {f"units/{place}/tests.rs": module.encode()})


def _made_whole(source: str, tests: str) -> tuple[str, str] | None:
    """Return both with each brace on its own side: MultiPL-E's tests begin with the one that ends the function.

    None where tests have a bracket that is not theirs; what brackets a submission has is for the compiler to say.
    """
    inside = re.match(r"\s*\}", tests)
    if inside is not None:
        tests = tests[inside.end() :]
    if brackets(without_texts(tests)) is None:
        return None
    code = without_texts(source)
    ended = inside is not None and code.count("{") - code.count("}") == 1
    return (f"{source}\n}}\n" if ended else source), tests


def _theirs(said: str) -> Items:
    """Return what tests declare anywhere, and what they bring in."""
    found = Items()
    for name in _DECLARED.findall(said):
        found.add(name, "own")
    top = flat(said)
    for use in re.finditer(r"\buse\s+([^;]{1,1000});", said):
        for path, name in leaves(use[1]):
            if re.match(r"(?:std|core|alloc)\b", path):
                found.library.append(path)
            if top.startswith("use", use.start()):
                found.add(name, "own")
    return found


def _brought(own: Items, theirs: Items, said: str) -> set[str]:
    """Return the names of the submission that the tests use: a library's only where they use no other."""
    inner = {path.split("::")[1] for path, _ in uses(said) if re.match(r"(?:super|crate)::\w", path)}
    foreign = {path.rpartition("::")[2] for path in theirs.library}
    free = (words(said) | inner | set(_MINE.findall(said))) - _PRELUDE - theirs.kinds.keys() - foreign
    bound = set(re.findall(r"\b(?:let|for)\s+(?:mut\s+)?(\w+)", said))
    known = {
        name for name in free & own.kinds.keys()
        if own.kinds[name] != {"macro_rules"} and not (name in bound and own.kinds[name] <= {"const", "static", "use"})
    }  # fmt: skip
    return {name for name in known if name not in _LIBRARY} or known


def _is_refused(code: str, own: Items, brought: set[str], said: str) -> bool:
    """Whether the submission reaches behind the tests' text, or has a trait where they expect another thing."""
    if _BEHIND.search(_UNMANGLED.sub(_blank, code)) is not None:
        return True
    if any(
        "trait" in said or {"arch", "asm"} <= said for said in (set(_WORD.findall(text)) for text in in_macros(code))
    ):
        return True
    if any(path.endswith("::arch") or _is_trait_by_function_name(path, name) for path, name in uses(code)):
        return True
    if any("use" in own.kinds[name] and (len(own.kinds[name]) > 1 or own.brought[name] > 1) for name in brought):
        return True
    named = brought & set(re.findall(r"\btrait\s+(\w+)", code)) & set(re.findall(r"(\w+)\s*::", said))
    return bool(named) and not named <= set(_harmless(own, code, said))


def _is_trait_by_function_name(path: str, name: str) -> bool:
    """Whether a type or trait of the submission, not a constant, is brought in under a name like a function's."""
    last = path.rpartition("::")[2]
    own = re.match(r"(?:::)?(?:std|core|alloc)\b", path) is None
    return own and last[:1].isupper() and not last.isupper() and name[:1].islower()


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _traits(own: Items, code: str, said: str) -> list[str]:
    """Return the harmless traits whose methods the tests may call."""
    called = set(_CALLED.findall(said))
    return [name for name in _harmless(own, code, said) if called & set(_METHODS.findall(own.traits[name]))]


def _harmless(own: Items, code: str, said: str) -> list[str]:
    """Return the traits none of whose methods the tests may call takes the place of the library's.

    One that is implemented for the submission's types alone may have any method.
    """
    called = set(_CALLED.findall(said))
    types = {name for name, kinds in own.kinds.items() if kinds & {"struct", "enum", "union"}}
    where = implementations(code) if "macro_rules" not in code else None
    library = frozenset(files(__package__).joinpath("rust_methods.txt").read_text(encoding="utf-8").split())
    return [
        name
        for name, body in own.traits.items()
        if (where is not None and where.get(name, set()) <= types) or not called & set(_METHODS.findall(body)) & library
    ]


def _imports(own: Items, theirs: Items, said: str, brought: set[str]) -> list[str]:
    """Return what the submission imports from the library, and what tests use of it without saying so."""
    used = words(said)
    taken = theirs.kinds.keys() | {path.rpartition("::")[2] for path in theirs.library} - {"*"} | brought | _PRELUDE
    found: dict[str, str] = {}
    for path in own.library:
        name = path.rpartition("::")[2]
        if name == "*" or path.endswith(" as _"):
            found[path] = path
        elif name not in taken | _MACROS and (name in used or name[:1].isupper()):
            found[name] = path
    for name in used & _LIBRARY.keys() - taken - found.keys():
        found[name] = f"{_LIBRARY[name]}::{name}"
    return sorted(found.values())


def _path_edits(said: str, place: str) -> list[Edit]:
    """Return the edits of paths to the submission: globs of it go, paths from the root begin at the tests' module."""
    top = flat(said)
    found: list[Edit] = []
    at_root: set[int] = set()
    for use in _AT_ROOT.finditer(said):
        if top.startswith("use", use.start()):
            found.append((use.start(), use.end(), " " if use[1] else "use super::"))
            at_root.update(range(use.start(), use.end()))
    paths = (path for path in re.finditer(r"\bcrate\s*::", said) if path.start() not in at_root)
    return found + [(path.start(), path.end(), f"crate::{place}::") for path in paths]


def _root(source: str, code: str, place: str) -> str:
    """Return the crate's root: the tests' module in front of the submission, on the line where it begins."""
    top = flat(code)
    attributes = [(one.start(), one.end(), " ") for one in _INNER.finditer(top)]
    first = re.search(r"\S", edited(code, [(start, end, " " * (end - start)) for start, end, _ in attributes]))
    head = source[: first.start()] if first is not None else source
    documents: list[Edit] = [(one.end() - 1, one.end(), " ") for one in re.finditer(r"(?m)^[ \t]*/[/*]!", head)]
    mains = [(one.start(1), one.end(1), "submission_main") for one in re.finditer(r"\bfn\s+(main)\b", top)]
    crates = [(one.start(), one.end(), " ") for one in re.finditer(r"(?m)^use (?:rand|regex|md5)\b[^;\n]*;", top)]
    unmangled = [(one.start(), one.end(), " ") for one in _UNMANGLED.finditer(code)]
    limits = "".join(_LIMIT.findall(head))
    front = f'{limits}#[path = "units/{place}/tests.rs"] mod {place}; fn main() {{ {place}::reward_main() }} '
    return front + edited(source, attributes + documents + mains + crates + unmangled)


def _hidden(nonce: str) -> str:
    """Return the nonce as it is kept until it is printed."""
    key = [(7 * at + 41 * len(nonce) + int(nonce[at - 1], 16) * 13 + 1) % 256 for at in range(len(nonce))]
    hidden = [ord(letter) ^ mask for letter, mask in zip(nonce, key, strict=True)]
    kept = (("HIDDEN", hidden), ("MASKS", key))
    return "".join(f"static {name}: [u8; {len(nonce)}] = {values};" for name, values in kept)


def _named(own: Items, brought: set[str], said: str) -> str:
    """Return the types of the submission that the tests name: by themselves, or in one of its modules."""
    types = {"struct", "enum", "union", "type", "trait", "use"}
    names = {name for name in brought if name[:1].isupper() and own.kinds[name] <= types}
    modules = {name for name in brought if own.kinds[name] == {"mod"}}
    for path in re.findall(r"\w+(?:::\w+)+", said):
        parts = path.split("::")
        if modules & set(parts[:-1]):
            names.update(part for part in parts if part[:1].isupper())
    named = ", ".join(f'"{name}"' for name in sorted(names))
    generic = str(_GENERIC.search(said) is not None).lower()
    return f"static REWARD_NAMES: &[&str] = &[{named}]; const REWARD_GENERIC: bool = {generic};"


UNITS = {"rust": _take_apart}
