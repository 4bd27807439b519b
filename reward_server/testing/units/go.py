"""Go: the submission is a package of its own, and every name of the tests means what they say.

Nothing of another package is seen by tests but its exported names, which the tests' file imports: imports, shadowed
names of the language (`len`, `true`) and helpers of the submission stay behind. What the tests name of it is exported
by being given another name in both texts, wherever it stands; so are fields of types that the tests name. Tests' own
declarations are theirs where the submission has some of the same name. `tests_unit` is then `own`, or `compared` where
types of the submission have methods by which `fmt`, `errors` and the tests compare (`String`, `Equal`).

Where that does not compile, as for submissions that use types of the tests, both are files of one package, `shared`:
imports belong to a file, and a submission that declares a name of the language is refused there.

Decided: a name of the language (`max`) is the submission's where it is all that the tests name of it.
"""

import re
from collections.abc import Iterator, Sequence
from secrets import token_bytes, token_hex

from reward_server.testing.endings.braces import braces
from reward_server.testing.endings.go import KNOWN, TESTIFY
from reward_server.testing.units import Apart
from reward_server.testing.units.go_text import (
    UNIVERSE,
    File,
    Import,
    Token,
    assigned,
    blanked,
    is_operand,
    read,
    renamed,
)

_LONGEST = 300_000
_ROOTS = frozenset({"main", "init", "_"})
_FOREIGN = frozenset({"C", "embed", "plugin"})
_DIRECTIVES = re.compile(
    r"//go:(?:linkname|cgo_|embed|wasm|uintptr|systemstack|nowritebarrier|yeswritebarrier)|//export|//cgo|/\*line"
)
_SYSCALL = Import("reward_syscall", "syscall")
_SET_FREELY = frozenset({"os.Stdout", "os.Stdin", "os.Stderr", "os.Args", "flag.Usage", "flag.CommandLine"})
"""Variables of the library that programs may set: what the tests say does not pass through them."""
_COMPARING = frozenset(
    {
        "String",
        "GoString",
        "Error",
        "Format",
        "Equal",
        "Equals",
        "Compare",
        "Cmp",
        "Less",
        "Is",
        "As",
        "Unwrap",
        "MarshalJSON",
        "MarshalText",
    }
)
_BY_METHODS = re.compile(
    r"\bfmt\.(?:S|F)?[Pp]rint|\bfmt\.(?:Append|Errorf)|\berrors\.(?:Is|As)\b|\.(?:String|Error|Equals?|Compare|Cmp|Less|Is)\(|\bjson\.|\bcmp\.|\bEqualError\(|\bErrorIs\("
)
_STANDARD = {
    path.rpartition("/")[2]: path
    for path in (
        "math/rand", "math/big", "math/bits", "math/cmplx", "container/heap", "container/list", "container/ring",
        "unicode/utf8", "unicode/utf16", "encoding/json", "encoding/hex", "encoding/base64", "encoding/binary",
        "path/filepath", "sync/atomic", "io/ioutil", "crypto/sha256", "crypto/md5", "regexp", "sync", "unicode",
        "bufio", "context", "slices", "maps", "cmp", "iter", "runtime", "path", "log", "hash",
    )
}  # fmt: skip


def _take_apart(_language: str, source: str, armed: str, nonce: str) -> Apart | None:
    announced = f'os.Stdout.WriteString("\\n{nonce}")'
    whole = _made_whole(source.removeprefix("\ufeff"), armed)
    if whole is None or announced not in armed:
        return None
    source, tests = whole
    place = token_hex(8)
    if len(source) > _LONGEST:
        return _refused(place, "the program is longer than can be told apart from its tests")
    tests = tests.replace(announced, f"reward_said_{place}()")
    own, theirs = read(source), read(tests)
    library, said = _imports(own, theirs.imports), _imports(theirs, own.imports)
    if _is_refused(own, library):
        return _refused(place, "the program defines what checks rely on")
    exported = _exported(own, theirs, {each.called for each in (*library, *said)}, place)
    hidden = {name: f"own_{place}_{name}" for name in own.top.keys() & theirs.top.keys() - {"_", "init"}}
    compared = bool(own.methods & _COMPARING and _BY_METHODS.search(tests))
    source, tests = blanked(source, own.heads), blanked(tests, theirs.heads)
    package, mark = f"submission_{place}", f"Reward_{place}"
    head = [*said, _SYSCALL, Import(".", package)]
    end = f"{_said(nonce, place, b'p' if compared else b'o')}var _ = {mark}\n"
    files = {"package": f"{package}\n", "tests.go": _file("main", head, renamed(tests, theirs.tokens, exported), end)}
    if _may_share(own, said):
        mains = renamed(source, _without_members(own.tokens), {"main": f"main_{place}"})
        files["shared/solution.go"] = _file("main", library, mains, "")
        kept = {name: f"{name}_{place}" for name, kind in theirs.top.items() if kind in ("var", "const")}
        body = renamed(tests, _without_members(theirs.tokens), kept)
        files["shared/tests.go"] = _file("main", [*said, _SYSCALL], body, _said(nonce, place, b"s"))
    return Apart(
        _file(package, library, renamed(source, own.tokens, hidden | exported), f"var {mark} = 0\n"),
        {f"units/{place}/{name}": text.encode("utf-8", "surrogatepass") for name, text in files.items()},
    )


def _refused(place: str, why: str) -> Apart:
    return Apart("package refused\n", {f"units/{place}/refused": f"{why}\n".encode()})


def _made_whole(source: str, tests: str) -> tuple[str, str] | None:
    """Return both with each brace on its own side: MultiPL-E's tests begin with the one that ends the function.

    None where tests have a brace that is not theirs.
    """
    inside = re.match(r"\s*\}", tests)
    if inside is not None:
        tests = tests[inside.end() :]
    depth = 0
    for _, step in braces(tests):
        depth += step
        if depth < 0:
            return None
    if depth != 0:
        return None
    ended = inside is not None and sum(step for _, step in braces(source)) == 1
    return (f"{source}\n}}\n" if ended else source), tests


def _is_refused(own: File, library: list[Import]) -> bool:
    """Whether the submission reaches behind names: by the linker, other languages, or variables of the library."""
    if any(_DIRECTIVES.match(said) for said in own.directives) or any(each.path in _FOREIGN for each in library):
        return True
    paths = {each.called: each.path for each in library}
    return any(
        f"{paths.get(name, '')}.{member}" not in _SET_FREELY
        for name, member in _changed(own)
        if name in paths or (not name and "." in paths and member not in own.top)
    )


def _changed(own: File) -> Iterator[tuple[str, str]]:
    """Yield each capital word that is assigned to or whose address is taken, with what stands in front of its dot."""
    for left in assigned(own.tokens):
        if left and left[0].text not in ("var", "const", "type"):
            yield from _members(left)
    for place, token in enumerate(own.tokens):
        if token.text == "&" and place and not is_operand(own.tokens[place - 1]):
            following = [each for each in own.tokens[place + 1 : place + 40] if each.text != "("][:4]
            if not {"{", "["} & {each.text for each in following[1:]}:
                yield from _members(following[:3])


def _members(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.text[:1].isupper():
            behind = place > 1 and tokens[place - 1].text == "."
            yield (tokens[place - 2].text if behind else ""), token.text


def _may_share(own: File, said: Sequence[Import]) -> bool:
    """Whether the submission leaves the language's names, the tests' imports and how types of theirs compare alone."""
    if own.top.keys() & (UNIVERSE | {each.called for each in said}):
        return False
    return not any(
        methods & _COMPARING for kind, methods in own.given.items() if kind not in own.top.keys() - own.aliases
    )


def _exported(own: File, theirs: File, packages: set[str], place: str) -> dict[str, str]:
    """Return new names for those of the submission that the tests use and could not see."""
    words = theirs.words
    wanted = words & (own.top.keys() | own.methods | {word for body in own.members.values() for word in body})
    for name in words & own.members.keys():
        wanted |= own.members[name]
    known = {name for name in words & own.top.keys() - theirs.top.keys() if name[:1].isupper()}
    names = {name for name in wanted if not name[:1].isupper()} - UNIVERSE - packages - _ROOTS - theirs.top.keys()
    if not known and not names & own.top.keys():
        names |= own.top.keys() & words & UNIVERSE
    return {name: f"R{place[:4]}_{name}" for name in names}


def _imports(file: File, others: Sequence[Import]) -> list[Import]:
    """Return what a file imports and uses, and what it uses of the library without saying so."""
    used, only = file.qualifiers()
    kept = [each for each in dict.fromkeys(file.imports) if each.name in (".", "_") or each.called in used]
    known = {each.called: each for each in others if not each.name}
    known |= {name: Import("", path) for name, path in _STANDARD.items() if name not in known}
    known |= {name: Import("", path) for name, path in KNOWN.items()}
    there = {each.called for each in file.imports} | file.top.keys()
    found = kept + [known[name] for name in sorted(only - there) if name in known]
    return [each for each in found if not each.path.startswith(TESTIFY)]


def _without_members(tokens: list[Token]) -> list[Token]:
    """Return the tokens without those behind a dot."""
    return [
        token for before, token in zip([None, *tokens], tokens, strict=False) if before is None or before.text != "."
    ]


def _file(package: str, imports: list[Import], body: str, end: str) -> str:
    lines = "".join(f'import {each.name} "{each.path}"; ' for each in imports)
    return f"package {package}; {lines}{body}\n{end}"


def _said(nonce: str, place: str, way: bytes) -> str:
    """Return the function that says that the tests are through; what it prints lies nowhere as it is printed."""
    said = f"\n{nonce}".encode() + way + b"\n"
    masks = token_bytes(len(said))
    hidden = ", ".join(str(one ^ other) for one, other in zip(said, masks, strict=True))
    return (
        f"var reward_hidden_{place} = [...]byte{{{hidden}}}\n"
        f"var reward_masks_{place} = [...]byte{{{', '.join(map(str, masks))}}}\n"
        f"func reward_said_{place}() {{\n\tvar said [len(reward_hidden_{place})]byte\n\tfor at := range said {{\n"
        f"\t\tsaid[at] = reward_hidden_{place}[at] ^ reward_masks_{place}[at]\n\t}}\n"
        f"\tfor at := 0; at < len(said); {{\n\t\twritten, failed := reward_syscall.Write(1, said[at:])\n"
        f"\t\tif failed != nil {{\n\t\t\treturn\n\t\t}}\n\t\tat += written\n\t}}\n}}\n"
    )


UNITS = {"go": _take_apart}
