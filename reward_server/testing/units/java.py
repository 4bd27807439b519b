"""Java: tests and submission are compilation units of one package, and every name of the tests means what they say.

A Java unit has no text but its own. What can cross is a name, since a class of the package goes before one that is
imported on demand: where the submission has a top-level class of a name that the tests use for a class of the library
(`java_types.txt`), the tests import the library's by name. MultiPL-E's tests, which are the rest of the submission's
class, become a class of their own that imports the methods they call. Tests' own classes are theirs where the
submission has some of the same name.

Decided: a library's class that tests create raw (`new Stack()`), or that is all they name of the submission, is the
submission's; never one of `java.lang`. What the submission's methods return goes to the tests as plain collections
(`java_plain.txt`), so that `equals` is the library's; objects of other classes of its own compare as it says.
"""

import re
from importlib.resources import files
from secrets import token_bytes, token_hex

from reward_server.testing.endings.braces import braces
from reward_server.testing.harness.java_libraries import library_files
from reward_server.testing.units import Apart
from reward_server.testing.units.java_types import Type, defined_methods, library, top_level, without_texts

_PACKAGE = re.compile(r"^([ \t]*)package[ \t]+[\w.]+[ \t]*;", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(static[ \t]+)?([\w.]+(?:\.\*)?)[ \t]*;", re.MULTILINE)
_LIBRARY = ("java.", "javax.", "org.javatuples.", "org.junit.")
_PUBLIC = re.compile(
    r"\bpublic[ \t]+(?=(?:(?:final|abstract|sealed|strictfp|non-sealed)[ \t]+)*"
    r"(?:class|interface|enum|record|@interface)\b)"
)
_CALL = re.compile(r"(?<![\w.$])(\w+)\s*\(")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_RAW = re.compile(r"\bnew\s+(\w+)\s*\(")
_GENERIC = frozenset({
    "ArrayDeque", "ArrayList", "Deque", "HashMap", "HashSet", "Iterator", "LinkedHashMap", "LinkedHashSet",
    "LinkedList", "List", "Map", "Optional", "Pair", "PriorityQueue", "Queue", "Set", "Stack", "TreeMap", "TreeSet",
    "Triplet", "Vector",
})  # fmt: skip
_ROOTS = frozenset({"java", "javax", "jdk", "sun", "com", "org"})
"""Names at which the library's full names begin."""
_KEYWORDS = frozenset(
    {"if", "for", "while", "switch", "return", "catch", "assert", "new", "super", "this", "synchronized", "try"}
)
_COMPARING = frozenset({"equals", "hashCode", "toString", "compareTo"})


def _take_apart(_language: str, source: str, armed: str, nonce: str) -> Apart | None:
    whole = _made_whole(source, armed)
    if whole is None:
        return None
    source, tests, inside = whole
    place = token_hex(8)
    package, main = f"submission_{place}", f"RewardTests_{place}"
    source, tests = _PACKAGE.sub(r"\1", source), _PACKAGE.sub(r"\1", tests)
    own = top_level(source)
    if not own:
        return None
    source, own, tests = _without_twins(source, own, tests, place, inside=inside)
    tests = tests.replace("RewardTests", main)
    tests = re.sub(r"(?<=org\.junit\.reward\.Runner\.run\()[^()]*", lambda said: said[0].replace('"', f'"{package}.', 1)
                   .replace(', "', f', "{package}.'), tests)  # fmt: skip
    site, tests = _site(source, tests, own, package, inside=inside)
    source = _reached(source, own, tests)
    body, plain = _with_plain_values(source, tests.replace(f'System.out.print("\\n{nonce}");', _mark(nonce)), place)
    if inside:
        body = f"class {main} {{ {body} }}"
    else:
        main = _main_of(top_level(body)) or main
    words = (
        set(_WORD.findall(without_texts(tests)))
        - {each.name for each in top_level(tests)}
        - {each.name for each in own}
    )
    made = {
        "Tests.java": f"package {package}; {site} {_PUBLIC.sub('', body)}\n{plain}",
        "main": f"{package}.{main}\n",
        "package": package,
        "foreign": "".join(f"{name}\n" for name in sorted(words)),
    }
    if _ROOTS & {each.name for each in own}:
        made["refused"] = "the program defines what checks rely on"
    return Apart(
        f"package {package}; {_PUBLIC.sub('', source)}",
        {f"units/{place}/{name}": text.encode() for name, text in made.items()}
        | dict(library_files("java", f"{source}\n{tests}")),
    )  # fmt: skip


def _made_whole(source: str, tests: str) -> tuple[str, str, bool] | None:
    """Return both with each brace on its own side, and whether tests are the rest of the submission's class."""
    steps = list(braces(tests))
    if sum(step for _, step in steps) == 0:
        depth = 0
        for _, step in steps:
            depth += step
            if depth < 0:
                return None
        return source, tests, False
    opening = re.match(r"\s*\}", tests)
    rest = tests[opening.end() :] if opening is not None else tests
    if sum(step for _, step in braces(rest)) != -1 or not rest.rstrip().endswith("}"):
        return None
    lacking = sum(step for _, step in braces(source))
    if not 0 <= lacking <= (2 if opening is not None else 1):
        return None
    return source + "\n}" * lacking, rest.rstrip()[:-1], True


def _without_twins(
    source: str, own: list[Type], tests: str, place: str, *, inside: bool
) -> tuple[str, list[Type], str]:
    """Return both without a top-level class in each: the one with `main` is renamed in the tests, others are theirs."""
    if inside:
        return source, own, tests
    theirs = {each.name: each for each in top_level(tests)}
    main = _main_of(list(theirs.values()))
    for each in reversed(own):
        if each.name in theirs and each.name != main:
            source = f"{source[: each.start]}{source[each.end :]}"
    if main is not None and main in {each.name for each in own}:
        tests = re.sub(rf"\b{main}\b", f"{main}_{place}", tests)
    return source, top_level(source), tests


def _main_of(types: list[Type]) -> str | None:
    return next((each.name for each in reversed(types) if re.search(r"\bvoid\s+main\s*\(", each.text)), None)


def _site(source: str, tests: str, own: list[Type], package: str, *, inside: bool) -> tuple[str, str]:
    """Return the imports of the tests' unit, and the tests without theirs.

    They are the tests', the submission's from the library, and whatever keeps names from meaning the submission's.
    """
    code, said = without_texts(source), without_texts(tests)
    theirs = [(static or "", name) for static, name in _IMPORT.findall(said) if name.startswith(_LIBRARY)]
    brought = [(static or "", name) for static, name in _IMPORT.findall(code) if name.startswith(_LIBRARY)]
    taken = {name.rpartition(".")[2] for static, name in theirs if not static} - {"*"}
    mine = {each.name for each in top_level(tests)}
    chosen = dict.fromkeys(theirs)
    for static, name in brought:
        last = name.rpartition(".")[2]
        if last == "*" or static or last not in taken | mine:
            chosen[static, name] = None
            taken.add(last)
    demanded = ["java.lang", *(name[:-2] for static, name in chosen if not static and name.endswith(".*"))]
    words = set(_WORD.findall(said))
    for name in ("System", "String", *sorted(_library_names(own, said, words, demanded) - taken - mine)):
        found = next((where for where in demanded if name in library().get(where, ())), None)
        if found is not None and name not in taken | mine:
            chosen["", f"{found}.{name}"] = None
    lines = "".join(f"import {static}{name}; " for static, name in chosen)
    if inside:
        lines += "".join(f"import static {package}.{each.name}.{name}; " for each, name in _members(own, said))
    return lines, _IMPORT.sub(" ", tests)


def _library_names(own: list[Type], said: str, words: set[str], demanded: list[str]) -> set[str]:
    """Return the names of the submission's classes that in the tests mean the library's."""
    known = {name for where in demanded for name in library().get(where, ())}
    shared = {each.name for each in own} & words & known
    lang = shared & set(library()["java.lang"])
    raw = set(_RAW.findall(said)) & _GENERIC
    others = {each.name for each in own} & words - known
    methods = {name for each in own for name in defined_methods(each.text)} & set(_CALL.findall(said))
    return lang | (shared - raw if others or methods else set())


def _members(own: list[Type], said: str) -> list[tuple[Type, str]]:
    """Return what tests that were inside a class use of it: methods they call, and types in it that they name."""
    called = set(_CALL.findall(said)) - _KEYWORDS - set(defined_methods(said))
    known = {name for names in library().values() for name in names}
    wanted = set(_WORD.findall(said)) - known - {one.name for one in own}
    found: dict[str, Type] = {}
    for each in sorted(own, key=lambda one: one.name == "Problem"):
        nested = set(re.findall(r"\b(?:class|interface|enum|record)\s+(\w+)", without_texts(each.text)[1:]))
        found |= dict.fromkeys((called & set(defined_methods(each.text))) | (nested & wanted), each)
    return [(each, name) for name, each in sorted(found.items(), key=lambda one: one[0])]


def _reached(source: str, own: list[Type], tests: str) -> str:
    """Return the submission with methods that tests call no longer private."""
    for name in set(_CALL.findall(tests)) & {name for each in own for name in defined_methods(each.text)}:
        source = re.sub(rf"\bprivate[ \t]+(?=[\w<>\[\], \t]{{1,200}}[ \t]{name}[ \t]*\()", "", source)
    return source


def _with_plain_values(source: str, tests: str, place: str) -> tuple[str, str]:
    """Return the tests with the submission's answers made plain where they are used, and the class that does it."""
    methods = set(defined_methods(source)) - set(defined_methods(tests)) - _KEYWORDS
    names = "|".join(sorted(methods & set(_WORD.findall(tests))))
    if not names:
        return tests, ""
    code = without_texts(tests)
    call = re.compile(rf"(?<![\w.$])(?:new\s+\w+\s*(?:<>)?\(\s*\)\s*\.\s*|\w+\s*\.\s*)?(?:{names})\s*\(")
    inserted: list[tuple[int, str]] = []
    for found in call.finditer(code):
        end = _closed(code, found.end() - 1)
        before = code[max(0, found.start() - 60) : found.start()].rstrip()
        used = before.endswith(tuple("(,=!&|?+-*/<:")) or re.search(r"(?<!-)>\Z|\b(?:return|assert)\Z", before)
        then = re.match(r"\s*\.\s*(\w+)", code[end : end + 200]) if end is not None else None
        if end is None or not used or (then is not None and then[1] in methods - _COMPARING):
            continue
        inserted += [(found.start(), f"RewardPlain_{place}.of("), (end, ")")]
    parts, last = [], 0
    for at, text in sorted(inserted, key=lambda one: one[0]):
        parts += [tests[last:at], text]
        last = at
    text = files(__package__).joinpath("java_plain.txt").read_text(encoding="utf-8")
    return "".join(parts) + tests[last:], text.replace("RewardPlain", f"RewardPlain_{place}")


def _closed(code: str, opening: int) -> int | None:
    """Return where the parenthesis at `opening` is closed."""
    depth = 0
    for sign in re.finditer(r"[()]", code[opening:]):
        depth += 1 if sign[0] == "(" else -1
        if depth == 0:
            return opening + sign.end()
    return None


def _mark(nonce: str) -> str:
    """Return the statement that prints the nonce: no file has it as it is printed, no method of its own makes it."""
    key = token_bytes(len(nonce))
    hidden = ", ".join(f"(byte) {ord(letter) ^ mask}" for letter, mask in zip(nonce, key, strict=True))
    masks = ", ".join(f"(byte) {mask}" for mask in key)
    return (
        f"{{ byte[] rewardSaid = {{{hidden}}}, rewardKey = {{{masks}}};"
        " for (int rewardAt = 0; rewardAt < rewardSaid.length; rewardAt++) rewardSaid[rewardAt] ^= rewardKey[rewardAt];"
        ' System.out.print("\\n" + new String(rewardSaid) + "o"); }'
    )


UNITS = {"java": _take_apart}
