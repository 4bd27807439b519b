"""What a C or C++ text declares at its top level, read without a compiler.

Not a parser: what it misreads does not compile as a declaration, and the tests' unit is then made in another way. Every
rule is linear in the text. A text that is longer, or a declaration that is, is not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_COMMENT = re.compile(r'("(?:\\(?s:.)?|[^"\\\n])*+"?)|//(?:\\\n|[^\n])*+|/\*(?s:.)*?(?:\*/|\Z)', re.MULTILINE)
_TOKEN = re.compile(
    r'R"([^()\\\s"]{0,16})\((?s:.)*?(?:\)\1"|\Z)|"(?:\\(?s:.)?|[^"\\\n])*+"?|\b\d[\w\']*+|\'(?:\\(?s:.)?|[^\'\\\n])*+\'?|[(){};]',
    re.MULTILINE,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*+", re.MULTILINE)
_MACRO = re.compile(r"\s*#\s*define\s+(\w+)(\(?)((?s:.)*)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_TYPE = re.compile(r"\s*(?:typedef\s+)?(?:struct|class|union|enum)\b")
_TO_SEMICOLON = re.compile(
    r"\s*(?:typedef\b|(?:(?:static|const)\s+)*(?:struct|class|union|enum)\b[^()]*$)|(?![^()]*\boperator\b)[^()]*="
)
_SPECIFIERS = re.compile(r"\b(?:static|inline|constexpr|extern|__inline__|__inline)\b")
_NOT_PLAIN = re.compile(
    r'\b(?:template|typedef|using|operator|auto|decltype|asm|__asm__|__attribute__|requires)\b|["\[]{2}|"'
)
_LAST_NAME = re.compile(r"\b(\w+) ?(?:\[[^\]]{0,80}\] ?)?$")
_NAMES = re.compile(r"\b(\w+) ?(?:\[[^\]]{0,80}\] ?){0,8}(?=$|=|,|\{)")
_LONGEST = 2_000
_LONGEST_SOURCE = 200_000


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration: its text, without the body where it is a function's."""

    text: str
    names: tuple[str, ...]
    function: bool = False
    plain: bool = False
    """A function that can be declared as it stands, or a type without code in it."""


def without_comments(source: str) -> str:
    """Return the text with a space for each comment, its continued lines kept."""
    return _COMMENT.sub(lambda match: match[1] or " ", source)


def words(text: str) -> set[str]:
    """Return the identifiers outside of comments and strings."""
    return set(_WORD.findall(re.sub(r'"(?:\\(?s:.)?|[^"\\\n])*+"?', " ", without_comments(text))))


@dataclass(frozen=True, slots=True)
class Unit:
    """What a submission declares."""

    declarations: list[Declaration]
    macros: Mapping[str, str]
    """The plain ones, and their text."""
    functions: frozenset[str]
    """Macros with parameters."""

    def expanded(self, text: str) -> str | None:
        """Return a declaration without macros; None where that takes more than putting one text for a word."""
        for _ in range(8):
            found = set(_WORD.findall(text))
            if found & self.functions or len(text) > _LONGEST:
                return None
            if not found & self.macros.keys():
                return text
            text = _WORD.sub(lambda match: self.macros.get(match[0], match[0]), text)
        return None


def read_unit(source: str) -> Unit:
    """Return what a source declares; nothing of one that is too long to look at."""
    if len(source) > _LONGEST_SOURCE:
        return Unit([], {}, frozenset())
    code = without_comments(source)
    macros, functions = {}, set()
    for directive in _DIRECTIVE.findall(code):
        if (macro := _MACRO.match(directive)) is not None:
            if macro[2]:
                functions.add(macro[1])
            else:
                macros[macro[1]] = macro[3].replace("\\\n", " ").strip()
    unit = Unit([], macros, frozenset(functions))
    for written, body in _pieces(_DIRECTIVE.sub("", code)):
        head = " ".join(written.split()) if len(written) <= _LONGEST else ""
        if (declaration := _declaration(head, body)) is not None:
            unit.declarations.append(declaration)
    return unit


def _pieces(code: str) -> Iterator[tuple[str, str | None]]:
    """Yield what stands before each top-level body or semicolon, and the body where there is one."""
    start, depth, parentheses, opened, held = 0, 0, 0, 0, False
    for token in _TOKEN.finditer(code):
        text, at = token[0], token.start()
        if text in "()":
            parentheses += (1 if text == "(" else -1) if depth == 0 else 0
        elif parentheses > 0 or text not in "{};":
            continue
        elif text == "{":
            if depth == 0 and not held:
                opened, held = at, _TO_SEMICOLON.match(code[start : min(at, start + _LONGEST)]) is not None
            depth += 1
        elif text == "}":
            depth -= 1
            if depth == 0 and not held:
                yield code[start:opened], code[opened : at + 1]
                start = at + 1
        elif depth == 0:
            yield code[start:at], (code[opened:at] if held else None)
            start, held = at + 1, False


def _declaration(head: str, body: str | None) -> Declaration | None:
    """Return what is declared by a head, whose runs of blanks are one blank each."""
    if not head:
        return None
    if _TYPE.match(head) and "(" not in head.partition("{")[0]:
        named = re.match(r"(?:typedef\s+)?(?:struct|class|union|enum)(?:\s+(?:struct|class))?\s*(\w*)", head)
        aliases = _LAST_NAME.findall(head) if head.startswith("typedef") else []
        values = re.findall(r"[{,]\s*(\w+)", body or "") if re.match(r"(?:typedef\s+)?enum\b", head) else []
        names = tuple(name for name in ([named[1]] if named else []) + aliases + values if name)
        plain = "(" not in head and "operator" not in head
        return Declaration(f"{head};", names, plain=plain)
    if re.match(r"(?:typedef|using)\b", head):
        alias = re.match(r"using\s+(\w+)\s*=", head) or _LAST_NAME.search(head)
        return Declaration(f"{head};", (alias[1],) if alias else (), plain="(" not in head)
    bare = re.sub(r"^template\s*<[^{;()]*>\s*(?=[\w:])", "", head)
    before, opening, rest = bare.partition("(")
    named = re.search(r"\b(\w+) ?$", before)
    if opening and named and "=" not in before and before[: named.start()].strip():
        return _function(head, before, named[1], rest)
    classes = re.match(r"(?:struct|class)\s+(\w+)", bare)
    found = [classes[1]] if classes else _NAMES.findall(re.split(r"[=({]", bare)[0])
    return Declaration(head, tuple(found))


def _function(head: str, before: str, name: str, rest: str) -> Declaration:
    arguments, _, after = rest.rpartition(")")
    plain = (
        re.fullmatch(r"[\w:<>,&*\s]+", before) is not None
        and (_NOT_PLAIN.search(head) is None or _trailing(head, arguments, after))
        and re.fullmatch(r"\s*(?:noexcept|->[\w:<>,&*\s]+)?\s*", after) is not None
    )
    return Declaration(f"{_SPECIFIERS.sub('', before).strip()}({rest.rstrip()};", (name,), function=True, plain=plain)


def _trailing(head: str, arguments: str, after: str) -> bool:
    """Whether all that is not plain is the `auto` in front of a type that follows."""
    first = re.match(r"(?:(?:static|inline|constexpr)\s+)*auto\b", head)
    return first is not None and after.strip().startswith("->") and not _NOT_PLAIN.search(arguments + after)
