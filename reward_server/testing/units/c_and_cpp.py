"""C and C++: the tests' unit is made of standard headers and declarations; what they name decides which."""

import re
from collections.abc import Sequence
from secrets import token_hex

from reward_server.testing.endings.braces import braces
from reward_server.testing.units import Apart
from reward_server.testing.units.declarations import Declaration, Unit, read_unit, without_comments, words

_CHECKS = "#undef main\n#undef NDEBUG\n#include <assert.h>\n#include <stdio.h>\n"
"""What `endings.curly` puts in front of armed tests."""
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]((?:[A-Za-z_][\w+-]*/)*[A-Za-z_][\w+.-]*)[>"]', re.MULTILINE)
"""A header by a plain name: a path could lead to the submission's own text."""
_INCLUDE_LINE = re.compile(r"^[ \t]*(?:#|%:)[ \t]*include\b[^\n]*", re.MULTILINE)
_FEATURES = re.compile(
    r"^[ \t]*#[ \t]*define[ \t]+((?:_GNU_SOURCE|_USE_MATH_DEFINES|_(?:POSIX_C|XOPEN|DEFAULT|BSD)_SOURCE"
    r"|__STDC_(?:FORMAT|LIMIT)_MACROS)\b(?:[ \t]+\d+L?)?)[ \t]*$",
    re.MULTILINE,
)
_USING = re.compile(r"^[ \t]*using[ \t]+(?:namespace[ \t]+std|std::\w+)[ \t]*;", re.MULTILINE)
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]+")
_LITERAL = re.compile(r"\(?-?[\d.][\w.]*(?:[eE][+-]\d+)?\)?|\"[^\"\\\n]*\"")
_LIBRARY = frozenset({
    "abs", "fabs", "fabsf", "labs", "llabs", "pow", "sqrt", "round", "floor", "ceil", "fmin", "fmax", "min", "max",
    "isnan", "isinf", "strcmp", "strncmp", "strcasecmp", "strlen", "memcmp", "strstr", "strcpy", "strdup", "memcpy",
    "equal", "count", "find", "sort", "swap", "move", "size", "begin", "end", "is_sorted", "to_string", "make_pair",
    "make_tuple", "get", "printf", "fprintf", "puts", "putchar", "fflush", "exit", "abort", "malloc", "calloc", "free",
    "assert", "any_of", "all_of", "none_of", "is_permutation", "mismatch", "lexicographical_compare", "equal_to",
})  # fmt: skip
"""Functions of the library that tests compare with: theirs, even where the submission has one of the name."""
_STANDARD = frozenset({
    "std", "vector", "string", "map", "set", "unordered_map", "unordered_set", "multiset", "multimap", "pair", "tuple",
    "list", "deque", "stack", "queue", "priority_queue", "array", "optional", "any", "variant", "cout", "cerr", "endl",
    "initializer_list", "function", "size_t", "nullptr_t", "stringstream", "string_view", "wstring", "bitset", "main",
    "submission_main",
})  # fmt: skip
_MORE_THAN_ONE = re.compile(r"\b(?:asm|__asm__|__asm|extern|static|inline|operator|__attribute__|register)\b")
_ONE_FUNCTION = re.compile(r"[^{};]*;")
_ONE_TYPE = re.compile(r"[^{}()]*(?:\{[^()]*\})?[\w\s,*\[\]]*;")
"""What a declaration is once its macros are expanded: no more than that."""
_BEHIND = frozenset({
    "__assert_fail", "__assert", "abort", "exit", "_exit", "puts", "printf", "__printf_chk", "putchar", "fputs",
    "fwrite", "fflush", "bcmp", "memcmp", "strcmp", "strncmp", "strlen", "raise", "main",
})  # fmt: skip
"""Symbols that compiled checks rely on."""


def _take_apart(language: str, source: str, armed: str, nonce: str) -> Apart | None:
    whole = _made_whole(source, armed.removeprefix(_CHECKS))
    if whole is None:
        return None
    source, tests = whole
    unit = read_unit(source)
    own = {name for one in read_unit(tests).declarations if one.function for name in one.names}
    named = words(tests) - own
    wanted = _wanted(unit, named)
    code = without_comments(source)
    features = "".join(f"#define {feature}\n" for feature in _FEATURES.findall(code))
    headers = dict.fromkeys(name for name in _INCLUDE.findall(code) if ".." not in name)
    front = features + "".join(f"#if __has_include(<{name}>)\n#include <{name}>\n#endif\n" for name in headers)
    front += _CHECKS.replace("#undef main\n", "") + _constants(unit, named)
    site = "\n".join(match.strip() for match in _USING.findall(code)) + "\n" if language == "cpp" else ""
    place = token_hex(16)
    mark = f"reward_{place}"
    tests = f"{_mark(nonce, mark)}{tests.replace(chr(34) + nonce + chr(34), f'{mark}()')}\n"
    files = {
        "front": front,
        "tests": tests,
        "site": site,
        "bare": _INCLUDE_LINE.sub("", source),
        "kept": "".join(f"{_symbol(language, name)}\n" for name in sorted(wanted)),
        "behind": "".join(f"^{name}$\n" for name in sorted(_BEHIND | (_LIBRARY & named) - wanted)),
        "crossing": _crossing(language, own | (_LIBRARY & named) - wanted),
    }
    declared = _declared(unit, wanted, named, language)
    if declared is not None:
        files["apart"] = f"{front}{site}{declared}\n{tests}"
    if language == "cpp":
        known = {name for declaration in unit.declarations for name in declaration.names}
        brought = sorted((known & named) - _STANDARD - (_LIBRARY - wanted))
        files["opening"] = f"namespace submission_{place} {{"
        files["names"] = "".join(f"using submission_{place}::{name};\n" for name in brought)
    return Apart(_exported(source, wanted), {f"units/{place}/{name}": text.encode() for name, text in files.items()})


def _made_whole(source: str, tests: str) -> tuple[str, str] | None:
    """Return both with each brace on its own side: MultiPL-E's tests begin with the one that ends the function.

    None where tests have a brace that is not theirs. What braces a submission has is for the compiler to say, which
    reads it alone: one of too many behind `#if 0` may not have it joined as text.
    """
    inside = re.match(r"\s*\}", tests)
    if inside is not None:
        tests = tests[inside.end() :]
    if sum(step for _, step in braces(tests)) != 0:
        return None
    ended = inside is not None and sum(step for _, step in braces(source)) == 1
    return (f"{source}\n}}\n" if ended else source), tests


def _wanted(unit: Unit, named: set[str]) -> frozenset[str]:
    """Return the functions of the submission that tests name: a library's only where they name no other."""
    known = {name for one in unit.declarations if one.function for name in one.names} & named - _STANDARD
    return frozenset(known - _LIBRARY or known)


def _constants(unit: Unit, named: set[str]) -> str:
    """Return the submission's macros that are literals and that tests name: `MAX_SIZE`, where no header has it."""
    found = {name: text for name, text in unit.macros.items() if name in named and _CONSTANT.fullmatch(name)}
    lines = (
        f"#ifndef {name}\n#define {name} {text}\n#endif\n" for name, text in found.items() if _LITERAL.fullmatch(text)
    )
    return "".join(lines)


def _declared(unit: Unit, wanted: frozenset[str], named: set[str], language: str) -> str | None:
    """Return what tests need to know of the functions they call; None where a declaration does not say it all."""
    functions = [one for one in unit.declarations if one.function and wanted & set(one.names)]
    if not functions or not all(one.plain for one in functions):
        return None
    texts = [unit.expanded(one.text) for one in functions]
    if not all(text and _ONE_FUNCTION.fullmatch(text) and not _MORE_THAN_ONE.search(text) for text in texts):
        return None
    types = [one for one in unit.declarations if not one.function and one.text.endswith(";") and one.names]
    needed = _needed(types, [text for text in texts if text], named - _STANDARD - _LIBRARY, unit)
    if needed is None or (language == "cpp" and not all(one.plain for one in needed)):
        return None
    shown = [unit.expanded(one.text) for one in needed]
    if not all(text and _is_one_type(text) for text in shown):
        return None
    return "\n".join(text for text in (*shown, *texts) if text)


def _needed(types: Sequence[Declaration], texts: list[str], named: set[str], unit: Unit) -> list[Declaration] | None:
    """Return the types that declarations or tests mention, and those that these do, in order."""
    mentioned = words("\n".join(texts)) | named
    chosen: set[int] = set()
    for _ in range(20):
        new = {at for at, one in enumerate(types) if at not in chosen and mentioned & set(one.names)}
        if not new:
            return [types[at] for at in sorted(chosen)]
        chosen |= new
        mentioned |= words("\n".join(unit.expanded(types[at].text) or "" for at in new))
    return None


def _is_one_type(text: str) -> bool:
    """Whether a type with its macros expanded is that alone: one body at most, and names behind it."""
    depth = bodies = 0
    for sign in re.findall(r"[{}]", text):
        depth += 1 if sign == "{" else -1
        bodies += depth == 0
    return bodies < 2 and _ONE_TYPE.fullmatch(text) is not None and not _MORE_THAN_ONE.search(text)  # noqa: PLR2004


def _exported(source: str, wanted: frozenset[str]) -> str:
    """Return the submission with the functions under test no longer `static` or `inline`: tests are linked to them."""
    for name in wanted:
        head = rf"^([ \t]*)(?:(?:static|inline)[ \t]+)+(?=[\w:<>,&* \t]{{1,200}}[ \t&*]{name}[ \t]*\()"
        source = re.sub(head, r"\1", source, flags=re.MULTILINE)
    return source


def _symbol(language: str, name: str) -> str:
    return f"^{name}$" if language == "c" else f"^_Z{len(name)}{name}"


def _crossing(language: str, library: frozenset[str] | set[str]) -> str:
    """Return patterns of what a submission beside its tests may not define."""
    if language == "c":
        return "^$^\n"
    names, types = "|".join(sorted(library)) or "assert", "|".join(sorted(_STANDARD))
    return (
        "operator *[=!<>]=?>? *\\([^{};]*,\n"
        "operator *[=!<>]=?>? *\\([^)]*[{[]\n"
        f"(^|[^A-Za-z0-9_.])({names}) *\\([^;{{}}]*\\)[^;{{}}()]*\\{{\n"
        f"(struct|class|union|using) +({types}) *[:={{]\n"
    )


def _mark(nonce: str, name: str) -> str:
    """Return the function that makes the nonce when it is printed: neither the file nor its memory has it before."""
    key = [(7 * at + 41 * len(nonce) + int(nonce[at - 1], 16) * 13 + 1) % 256 for at in range(len(nonce))]
    hidden = [ord(letter) ^ mask for letter, mask in zip(nonce, key, strict=True)]
    size = len(nonce)
    return (
        "#ifndef REWARD_WAY\n#define REWARD_WAY 'o'\n#endif\n"
        f"static const char *{name}(void) {{ static volatile unsigned char hidden[] = {{{_bytes(hidden)}}},"
        f" key[] = {{{_bytes(key)}}}; static char said[{size + 2}]; int at; for (at = 0; at < {size}; at++)"
        f" said[at] = (char)(hidden[at] ^ key[at]); said[{size}] = REWARD_WAY; return said; }}\n#line 1\n"
    )


def _bytes(values: Sequence[int]) -> str:
    return ", ".join(map(str, values))


UNITS = {"c": _take_apart, "cpp": _take_apart}
