"""Go's text as far as it takes to tell names apart: tokens, what stands at the top of a file, members of types."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<remark>//[^\n]*|/\*(?s:.)*?(?:\*/|\Z))"
    r"|(?P<text>`[^`]*+(?:`|\Z)|\"(?:\\[^\n]|[^\"\\\n])*+\"?|'(?:\\[^\n]|[^'\\\n])*+'?)"
    r"|(?P<word>[^\W\d]\w*)|(?P<number>0[xX][\da-fA-F_.]+(?:[pP][-+]?\d+)?i?|\.?\d[\d_.]*(?:[eE][-+]?\d+)?\w*)|(?P<line>\n)"
    r"|(?P<sign><<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|==|!=|<=|>=|:=|[-+*/%&|^]=|<<|>>|&\^|[^\s\w])",
    re.MULTILINE,
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_KEYWORDS_THAT_END = frozenset({"break", "continue", "fallthrough", "return"})
KEYWORDS = frozenset({
    "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go",
    "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type",
    "var",
})  # fmt: skip
UNIVERSE = frozenset({
    "any", "bool", "byte", "comparable", "complex64", "complex128", "error", "float32", "float64", "int", "int8",
    "int16", "int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "true",
    "false", "iota", "nil", "append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "make",
    "max", "min", "new", "panic", "print", "println", "real", "recover",
})  # fmt: skip


class Token(NamedTuple):
    """One token; ends of statements that Go puts at ends of lines are `;` without a width."""

    kind: str
    text: str
    start: int
    end: int


class Import(NamedTuple):
    """One import, with the name it was given, if any."""

    name: str
    path: str

    @property
    def called(self) -> str:
        """The name that it is used by."""
        parts = [part for part in self.path.split("/") if not re.fullmatch(r"v\d+", part)]
        return self.name or parts[-1]


@dataclass(slots=True)
class File:
    """What a file declares."""

    tokens: list[Token]
    top: dict[str, str] = field(default_factory=dict)
    """Names of the package, each with the keyword it is declared by."""
    aliases: set[str] = field(default_factory=set)
    """Types among them that may be other names for other types."""
    methods: set[str] = field(default_factory=set)
    given: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Methods by the name of their receiver's type."""
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Words inside `struct` and `interface`, by the type that is declared so; under "" those of others."""
    imports: list[Import] = field(default_factory=list)
    heads: list[tuple[int, int]] = field(default_factory=list)
    """Where package clause and imports stand."""
    directives: list[str] = field(default_factory=list)

    @property
    def words(self) -> set[str]:
        """Every identifier."""
        return {token.text for token in self.tokens if token.kind == "word"} - KEYWORDS

    def qualifiers(self) -> tuple[set[str], set[str]]:
        """Return the words in front of a dot and a capital that are used so, and those of them that are only."""
        used, otherwise = set[str](), set[str]()
        before = ""
        for token, dot, then in zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False):
            if token.kind == "word" and before != ".":
                (used if dot.text == "." and then.text[:1].isupper() else otherwise).add(token.text)
            before = token.text
        return used, used - otherwise


def read(text: str) -> File:
    """Read a file, or a part of one; what is no Go is for the compiler to say."""
    file = File(list(_tokens(text)))
    file.directives = [
        found[0] for found in _TOKEN.finditer(text) if found[0].startswith(("//go:", "//export ", "//cgo", "/*line"))
    ]
    tokens, place, depth, told = file.tokens, 0, 0, 0
    while place < len(tokens):
        token = tokens[place]
        if depth == 0 and token.text in ("package", "import"):
            place = _head(file, place)
            continue
        if depth == 0 and token.text == "func":
            _function(file, place)
        elif depth == 0 and token.text in ("type", "var", "const"):
            _declared(file, place)
        if token.text in ("struct", "interface") and place >= told:
            told = _members(file, place)
        depth = max(0, depth + (token.text in _OPENING) - (token.text in _CLOSING))
        place += 1
    return file


def _tokens(text: str) -> Iterator[Token]:
    ends = False
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "line" or (kind == "remark" and "\n" in found[0]):
            if ends:
                yield Token("sign", ";", found.start(), found.start())
            ends = False
        elif kind != "remark":
            yield Token(kind, found[0], found.start(), found.end())
            ends = (
                kind in ("text", "number")
                or found[0] in (")", "]", "}", "++", "--")
                or (kind == "word" and (found[0] not in KEYWORDS or found[0] in _KEYWORDS_THAT_END))
            )
    if ends:
        yield Token("sign", ";", len(text), len(text))


def assigned(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield what stands in front of each `=`, `+=`, `++` and the like, as far as it is no part of something else."""
    waiting: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in _OPENING:
            waiting.append([token])
        elif token.text in _CLOSING:
            inner = waiting.pop() if len(waiting) > 1 else []
            if token.text == "}":
                waiting[-1].clear()
            elif token.text == ")" and not (waiting[-1] and is_operand(waiting[-1][-1])):
                waiting[-1] += inner[1:]
            else:
                waiting[-1].append(token)
        elif token.text in (";", ":"):
            waiting[-1].clear()
        else:
            if token.text in ("++", "--") or (token.text.endswith("=") and token.text not in _COMPARISONS):
                yield waiting[-1]
                waiting[-1].clear()
            waiting[-1].append(token)


def is_operand(token: Token) -> bool:
    """Whether an operator behind the token has it on its left."""
    if token.kind == "word":
        return token.text not in KEYWORDS
    return token.text in (")", "]", "}") or token.kind in ("number", "text")


_COMPARISONS = frozenset({"==", "!=", "<=", ">=", ":="})


def _head(file: File, place: int) -> int:
    """Read a package clause or an import; return what follows it."""
    tokens, first = file.tokens, place
    name = ""
    place += 1
    depth = 0
    while place < len(tokens) and not (tokens[place].text == ";" and depth == 0):
        token = tokens[place]
        depth += (token.text == "(") - (token.text == ")")
        if tokens[first].text == "import":
            if token.kind == "text":
                file.imports.append(Import(name, token.text[1:-1]))
                name = ""
            elif token.kind == "word" or token.text == ".":
                name = token.text
        place += 1
    end = tokens[place].end if place < len(tokens) else tokens[-1].end
    file.heads.append((tokens[first].start, end))
    return place + 1


def _function(file: File, place: int) -> None:
    """`func name` or `func (receiver) name`."""
    tokens = file.tokens
    place += 1
    if place < len(tokens) and tokens[place].text == "(":
        first, place = place, _behind(tokens, place)
        if place < len(tokens) and tokens[place].kind == "word":
            file.methods.add(tokens[place].text)
            receiver = [token.text for token in tokens[first + 1 : min(place, first + 6)] if token.text not in "*()"]
            named = receiver[1] if len(receiver) > 1 and receiver[1] != "[" else receiver[0] if receiver else ""
            file.given[named].add(tokens[place].text)
    elif place < len(tokens) and tokens[place].kind == "word":
        file.top.setdefault(tokens[place].text, "func")


def _declared(file: File, place: int) -> None:
    """`type name`, `var a, b`, or several in parentheses."""
    tokens, keyword = file.tokens, file.tokens[place].text
    place += 1
    grouped = place < len(tokens) and tokens[place].text == "("
    place += grouped
    while place < len(tokens):
        while place < len(tokens) and tokens[place].kind == "word" and tokens[place].text not in KEYWORDS:
            file.top.setdefault(tokens[place].text, keyword)
            if keyword == "type" and place + 1 < len(tokens) and tokens[place + 1].text in ("=", "["):
                file.aliases.add(tokens[place].text)
            if keyword == "type" or place + 1 >= len(tokens) or tokens[place + 1].text != ",":
                break
            place += 2
        if not grouped:
            return
        while place < len(tokens) and tokens[place].text not in (";", ")"):
            place = _behind(tokens, place) if tokens[place].text in _OPENING else place + 1
        if place < len(tokens) and tokens[place].text == ")":
            return
        place += 1


def _members(file: File, place: int) -> int:
    """Note the words of a type's body; return what follows it."""
    tokens = file.tokens
    if place + 1 >= len(tokens) or tokens[place + 1].text != "{":
        return place
    owner = next((token.text for token in reversed(tokens[max(0, place - 40) : place])
                  if file.top.get(token.text) == "type"), "")  # fmt: skip
    end = _behind(tokens, place + 1)
    found = {token.text for token in tokens[place + 2 : end] if token.kind == "word"}
    file.members[owner] |= found - KEYWORDS
    return end


def _behind(tokens: Sequence[Token], place: int) -> int:
    """Return the place behind the bracket that closes the one at `place`."""
    depth = 0
    while place < len(tokens):
        depth += (tokens[place].text in _OPENING) - (tokens[place].text in _CLOSING)
        place += 1
        if depth == 0:
            break
    return place


def renamed(text: str, tokens: Sequence[Token], names: dict[str, str]) -> str:
    """Return the text with some words exchanged for others, but for what is blank by now."""
    made, at = [], 0
    for token in tokens:
        if token.kind == "word" and token.text in names and text.startswith(token.text, token.start):
            made += [text[at : token.start], names[token.text]]
            at = token.end
    return "".join([*made, text[at:]])


def blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text with some parts blank, lines kept."""
    made, at = [], 0
    for start, end in spans:
        made += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join([*made, text[at:]])
