"""What a Rust text declares, read without a compiler: its tokens are those of the compiler, its items those at the top.

Every rule is linear in the text. Macros are not expanded: what they declare is not known.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"//[^\n]*|/\*|[bc]?r(#{0,255})\"(?s:.)*?(?:\"\1|\Z)|[bc]?\"(?:\\(?s:.)?|[^\"\\])*+(?:\"|\Z)"
    r"|b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]{1,10}\}|[^\n])|[^\\'\n])'|'\w+|\w+|[^\S\n]+|."
)
_COMMENT = re.compile(r"/\*|\*/")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_ITEM = re.compile(
    r"\b(?:(fn|struct|enum|union|trait|type|mod|const|static)\s+(?:mut\s+|unsafe\s+)?|(macro_rules)\s*!\s*)"
    r"((?:r#)?[A-Za-z_]\w*)"
)
_USE = re.compile(r"\buse\s+([^;]{1,600}+);")
_BODY = re.compile(r"[^{};]{0,400}+\{")
_MACRO = re.compile(r"\w\s*!\s*(?:\w+\s*)?([(\[{])")
_IMPLEMENTED = re.compile(r"\bimpl\b([^{;]{0,300})([{;]?)")
_FOR = re.compile(r"\bfor\b(?!\s*<)")
_BLANKS = {0x200E: " ", 0x200F: " "}
"""Blanks to the compiler that `\\s` does not know."""
_DEEPEST, _LONGEST_PATH = 20, 500
_VARIANT = re.compile(r"(?:^|,)\s*(?:#\s*\[[^\]]{0,200}\]\s*)*([A-Za-z_]\w*)")


def without_texts(source: str) -> str:
    """Return the source with blanks for comments and what is in quotes; every other sign stays where it is."""
    parts: list[str] = []
    at = 0
    while (token := _TOKEN.search(source, at)) is not None:
        text, start, end = token[0], token.start(), token.end()
        if text == "/*":
            end = _comment_end(source, end)
        parts.append(source[at:start])
        is_text = text[:2] in ("//", "/*") or '"' in text or (text[-1] == "'" and len(text) > 1)
        parts.append(re.sub(r"[^\n]", " ", source[start:end]) if is_text else source[start:end])
        at = end
    return ("".join(parts) + source[at:]).translate(_BLANKS)


def _comment_end(source: str, at: int) -> int:
    depth = 1
    for sign in _COMMENT.finditer(source, at):
        depth += 1 if sign[0] == "/*" else -1
        if depth == 0:
            return sign.end()
    return len(source)


def brackets(code: str) -> dict[int, int] | None:
    """Return where each bracket of a text without texts is closed; None where they do not fit."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for sign in re.finditer(r"[()\[\]{}]", code):
        if sign[0] in "([{":
            opened.append(sign.start())
        elif not opened or code[opened[-1]] != _PAIRS[sign[0]]:
            return None
        else:
            found[opened.pop()] = sign.start()
    return found if not opened else None


def flat(code: str) -> str:
    """Return a text without texts with blanks for what stands in brackets."""
    parts, depth, at = [], 0, 0
    for sign in re.finditer(r"[()\[\]{}]", code):
        parts.append(code[at : sign.start()] if depth <= 0 else re.sub(r"[^\n]", " ", code[at : sign.start()]))
        depth += 1 if sign[0] in "([{" else -1
        parts.append(sign[0] if depth <= 0 or (depth == 1 and sign[0] in "([{") else " ")
        at = sign.end()
    return "".join(parts) + code[at:]


@dataclass(slots=True)
class Items:
    """What a text declares at its top level."""

    kinds: dict[str, set[str]] = field(default_factory=dict)
    """Names, and the words with which they are declared; `use` for those brought in from the text's own modules."""
    brought: Counter[str] = field(default_factory=Counter)
    """How often a `use` brings in each name."""
    library: list[str] = field(default_factory=list)
    """What is brought in from the library: paths, and globs."""
    traits: dict[str, str] = field(default_factory=dict)
    """Bodies of traits."""
    modules: dict[str, str] = field(default_factory=dict)
    """Bodies of modules and enumerations whose names no glob has brought in yet."""

    def add(self, name: str, kind: str) -> None:
        """Note a name."""
        self.kinds.setdefault(name.removeprefix("r#"), set()).add(kind)

    def bring(self, path: str, name: str) -> None:
        """Note what one leaf of a `use` brings in. A library's under another name could stand for a check: left out."""
        if re.match(r"(?:::)?(?:std|core|alloc)\b", path):
            if name in ("_", path.rpartition("::")[2]):
                self.library.append(f"{path} as _" if name == "_" else path)
        elif name != "*":
            self.add(name, "use")
            self.brought[name] += 1
        elif (body := flat(self.modules.pop(path.split("::")[-2] if "::" in path else "", ""))).strip():
            for match in (*_ITEM.finditer(body), *_VARIANT.finditer(body)):
                self.add(match[match.lastindex or 0], "use")


def items(code: str) -> Items:
    """Return what a text without texts declares."""
    found, top = Items(), flat(code)
    for item in _ITEM.finditer(top):
        kind, name = item[1] or item[2], item[3]
        found.add(name, kind)
        if kind in ("enum", "trait", "mod") and (opening := _BODY.match(top, item.end())) is not None:
            closing = top.find("}", opening.end())
            bodies = found.traits if kind == "trait" else found.modules
            bodies[name] = code[opening.end() : closing if closing >= 0 else len(code)]
    for path, name in uses(code, top):
        found.bring(path, name)
    return found


def uses(code: str, top: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield paths and names of all that a text brings in, or that its top level does."""
    for use in _USE.finditer(code):
        if top is None or top.startswith("use", use.start()):
            yield from leaves(use[1])


def implementations(code: str) -> dict[str, set[str]] | None:
    """Return for each word in front of `for` in the head of an `impl` the types that it may be implemented for.

    A type is empty where it is no plain name, or where the `impl` is not at the top; None where one cannot be read.
    """
    found: dict[str, set[str]] = {}
    top = flat(code)
    for impl in _IMPLEMENTED.finditer(code):
        before, *target = _FOR.split(impl[1])
        if not impl[2]:
            return None
        named = re.match(r"\s*([A-Z]\w*)\s*(?:<|where\b|\Z)", target[0]) if len(target) == 1 else None
        at_top, generic = top.startswith("impl", impl.start()), set(re.findall(r"\w+", before))
        for word in generic if target else ():
            plain = named is not None and at_top and word != named[1] and named[1] not in generic
            found.setdefault(word, set()).add(named[1] if named is not None and plain else "")
    return found


def in_macros(code: str) -> Iterator[str]:
    """Yield what macros are defined or called with."""
    pairs, at = brackets(code) or {}, 0
    while (macro := _MACRO.search(code, at)) is not None:
        at = pairs.get(macro.start(1), macro.end())
        yield code[macro.start(1) : at]


def leaves(tree: str) -> Iterator[tuple[str, str]]:
    """Yield the paths that a `use` brings in, and the names under which it does; none that are too long."""
    stack: list[str] = []
    prefix = part = alias = ""
    for sign in [*re.findall(r"::|[{},*]|\bas\s+\w+|\w+", tree.replace("r#", "")), ","]:
        if sign == "{":
            stack.append(prefix)
            prefix, part = prefix + part, ""
        elif sign in {",", "}"}:
            if part:
                path = (prefix + part).removesuffix("::self")
                yield path, alias or path.rpartition("::")[2]
            part = alias = ""
            if sign == "}" and stack:
                prefix = stack.pop()
        elif sign.startswith("as") and sign[2:3].isspace():
            alias = sign[2:].strip()
        else:
            part += sign
        if len(stack) > _DEEPEST or len(prefix) > _LONGEST_PATH:
            return


def words(code: str) -> set[str]:
    """Return the free words of a text without texts: no fields, no methods, none behind `::`, no macros."""
    found = re.findall(r"(?<![\w'])(?<![^.]\.)(?<!::)(?:r#)?([A-Za-z_]\w*)(?!\w)(?!\s*!(?!=))", code)
    return set(found)
