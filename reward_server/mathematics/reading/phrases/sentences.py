r"""Short sentences that say a formula: "x is at least 3" is `x \ge 3`, "n is odd" is `n = 2k + 1`, k an integer.

An allow list: a letter as the subject, a written phrase, and the grammar reads what stands behind it, or refuses it.
So "x is 3 more than y" is no equation.
"""

import re
from collections.abc import Callable

from reward_server.mathematics.reading.phrases.words import number_from_words

_CUES = re.compile(
    r"\\mapsto|const|binary|octal|hexadecimal|\bus|\bout of\b|\bin \d|\bis\b|\bthan\b|\bat (?:least|most)\b|\bequal"
    r"|congruent|remainder|\bodd\b|\beven\b|multiples? of|union|intersect|[a-z] ?(?://|\\\|)|\bimplies\b|\bthen\b"
    r"|\bor (?:more|less|fewer|greater|above|below|higher|larger|smaller)"
    r"|^\s*(?:[<>]|\\[gl](?:t|e(?:q|qslant)?)(?![a-z]))"
)
_TEXT = re.compile(r"\\(?:text|mathrm|mbox|textrm)\s*\{([^{}]*)\}")
_SUBJECT = r"(?<![A-Za-z\\])([A-Za-z])\s+"
_IS = r"(?:(?:is|must\s+be|has\s+to\s+be)\s+)?(?:strictly\s+)?"
_VALUE = r"(?=[-+]?\s*(?:\d|\\[dt]?frac|\\sqrt|\\pi|\\infty|\())"
_SIGNS = tuple(
    (re.compile(rf"{_SUBJECT}{_IS}(?:{words})\s+(?=[-+\d\\(a-zA-Z.])"), rf"\1 {sign} ")
    for words, sign in (
        (r"(?:greater|larger|more)\s+than\s+or\s+equal\s+to|at\s+least|no\s+(?:less|smaller)\s+than", r"\\ge"),
        (r"(?:less|smaller)\s+than\s+or\s+equal\s+to|at\s+most|no\s+(?:more|greater|larger)\s+than", r"\\le"),
        (r"(?:greater|larger|bigger|more)\s+than", ">"),
        (r"(?:less|smaller)\s+than", "<"),
        (r"not\s+equal\s+to", r"\\ne"),
        (r"equal\s+to|equals", "="),
    )
)
_SUBJECT_IS = re.compile(r"([A-Za-z])\s+is\s")
_IS_VALUE = re.compile(rf"{_SUBJECT}is\s+{_VALUE}")
_MAPS = re.compile(r"([a-zA-Z])\s*:\s*([a-zA-Z])\s*\\mapsto\s*(?=\S)")
_CONSTANT = re.compile(r"\+\s*(?:an?\s+)?(?:arbitrary\s+)?const(?:ant|\.)?\s*$")
_NUMERAL = re.compile(r"\(?([0-9A-Fa-f]{1,64})\)?\s+\(?(?:in\s+)?(binary|octal|hexadecimal)\)?")
_BASED_BEFORE = re.compile(r"(?:in\s+)?(binary|octal|hexadecimal)\s*:?\s+(?=[0-9A-F]*\d)([0-9A-F]{1,64})")
_BASES = {"binary": 2, "octal": 8, "hexadecimal": 16}
_SETS_JOINED = re.compile(r"([A-Z]|\S*[)\]])\s+(union|intersection|intersect)\s+([A-Z]|[(\[]\S*)")
_SUBJECT_AGAIN = re.compile(
    r"\s+(or|and)\s+(?=(?:(?:strictly\s+)?(?:greater|larger|more|less|smaller)\s+than|at\s+(?:least|most))\b)"
)
_DOLLARS = re.compile(r"(?:USD\s*|US\s?\\?\$\s*)(?=\d)")
_SHARE = re.compile(r"(\d{1,9})\s+(?:out\s+of|in)\s+(\d{1,9})")
_CLASS = r"(?P<residues>-?\d+(?:(?:\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+)-?\d+)*)"
_CONGRUENT = re.compile(
    r"(?:(?:all|the|those)\s+)?(?:(?:those|integers?|numbers?)\s+)?(?:(?P<letter>[a-zA-Z])\s+)?(?:(?:that\s+)?(?:is|are)\s+)?"
    rf"congruent\s+to\s+(?:either\s+)?{_CLASS}\s*,?\s*\(?(?:modulo|mod)\s+(?P<modulus>\d+)\)?"
)
_REMAINDER = re.compile(
    rf"(?P<letter>[a-zA-Z])\s+(?:leaves|has|gives)\s+(?:a\s+)?remainder\s+(?:of\s+)?{_CLASS}\s+(?:when|on)\s+"
    r"(?:divided|division)\s+by\s+(?P<modulus>\d+)"
)
_PARITY = re.compile(
    r"(?:(?:all|any|every)\s+)?(?:the\s+)?(?:(?P<first>positive)\s+)?(?P<parity>odd|even)(?:\s+(?P<second>positive|natural))?"
    r"\s+(?:integers?|numbers?)|(?P<letter>[a-zA-Z])\s+(?:is\s+)?(?P<is>odd|even)"
)
_MULTIPLES = re.compile(
    r"(?:(?:all|any|every)\s+)?(?:the\s+)?(?:(?P<positive>positive)\s+)?(?:integer\s+|integral\s+)?multiples\s+of\s+(?P<step>\d+|\\pi)"
)
_BOUND = (
    r"(?P<value>[-+]?(?:[\d.,]*\d|\\[dt]?frac\{\d+\}\{\d+\}|\d*\\sqrt\{\d+\}|\d*\\pi|\d+/\d+)"
    r"|[a-z]{3,9}(?:[- ][a-z]{3,9})?)"
)
_OR_EQUAL = r"\s+than\s+or\s+equal\s+to"
_LEAST = rf"at\s+least|no\s+(?:less|fewer|smaller)\s+than|(?:greater|more){_OR_EQUAL}|>=|\\ge(?:q|qslant)?(?![a-z])"
_MOST = rf"at\s+most|no\s+(?:more|greater|larger)\s+than|(?:less|fewer){_OR_EQUAL}|<=|\\le(?:q|qslant)?(?![a-z])"
_AS_SENTENCE = r"(?:(?:it\s+is|is|must\s+be)\s+)?"
_BOUNDS = tuple(
    (re.compile(pattern), shape)
    for pattern, shape in (
        (rf"{_AS_SENTENCE}(?:{_LEAST})\s*{_BOUND}", "[{0}, \\infty)"),
        (rf"{_AS_SENTENCE}(?:{_MOST})\s*{_BOUND}", "(-\\infty, {0}]"),
        (rf"{_AS_SENTENCE}(?:(?:greater|more|larger)\s+than|>|\\gt(?![a-z]))\s*{_BOUND}", "({0}, \\infty)"),
        (rf"{_AS_SENTENCE}(?:(?:less|fewer|smaller)\s+than|<|\\lt(?![a-z]))\s*{_BOUND}", "(-\\infty, {0})"),
        (rf"{_BOUND}\s+or\s+(?:more|greater|above|higher|larger)", "[{0}, \\infty)"),
        (rf"{_BOUND}\s+or\s+(?:less|fewer|below|lower|smaller)", "(-\\infty, {0}]"),
    )
)
"""Bounds of something that is not named: "at least 5", "5 or more", `\\ge 5`."""
_THING = r"(?:(?:line|plane|segment)\s+)?((?:\\(?:triangle|angle)\s*)?[A-Z]{1,4}|[a-z])"
_RELATED = tuple(
    (re.compile(rf"{_THING}\s+(?:{words})\s+{_THING}"), sign)
    for words, sign in (
        (r"is\s+parallel\s+to|//|\\\|", "parallel"),
        (r"is\s+perpendicular\s+to", "perp"),
        (r"is\s+similar\s+to", "sim"),
        (r"is\s+congruent\s+to", "cong"),
        (r"is\s+a\s+subset\s+of", "subseteq"),
        (r"is\s+an?\s+(?:element|member)\s+of", "in"),
        (r"implies(?:\s+that)?", "Rightarrow"),
    )
)
_CONDITIONAL = re.compile(rf"[Ii]f\s+{_THING}\s*,?\s+then\s+{_THING}")
_OF_SIGN = re.compile(r"([A-Za-z])\s+(?:is|must\s+be)\s+(non-?zero|non-?negative|non-?positive|positive|negative)")
_COMPARED = {"zero": "\\ne", "negative": "\\ge", "positive": "\\le"}
"""What stands behind "non"."""
_LONGEST = 160


def sentence_in_signs(text: str) -> str:
    """Return a text with the sentences of the tables in signs; the text itself where there are none."""
    if len(text) > _LONGEST or _CUES.search(text.lower()) is None:
        return text
    plain = " ".join(_TEXT.sub(r" \1 ", text).replace("\\ ", " ").replace("~", " ").split())
    for whole, shown in _WHOLE:
        found = whole.fullmatch(plain)
        if found is not None and (signs := shown(found)):
            return signs
    changed = _CONSTANT.sub("+ C", _DOLLARS.sub(r"\\$", _MAPS.sub(r"\1(\2) = ", plain, count=1), count=1))
    subject = _SUBJECT_IS.match(changed)
    if subject is not None:
        changed = _SUBJECT_AGAIN.sub(rf" \1 {subject[1]} is ", changed)
    for pattern, sign in _SIGNS:
        changed = pattern.sub(sign, changed)
    changed = _IS_VALUE.sub(r"\1 = ", changed)
    return text if changed == plain else changed


def _residues(found: "re.Match[str]") -> str:
    residues = re.findall(r"-?\d+", found["residues"])
    if found["letter"]:
        return rf"{found['letter']} \equiv {', '.join(residues)} \pmod{{{found['modulus']}}}"
    return ", ".join(f"{found['modulus']}k + {residue}" for residue in residues) + r", k \in \mathbb{Z}"


def _of_parity(found: "re.Match[str]") -> str:
    letter, positive = found["letter"], bool(found["first"] or found["second"])
    odd = (found["parity"] or found["is"]) == "odd"
    counter = "m" if letter == "k" else "k"
    numbers = r"\mathbb{Z}" if not positive else r"\mathbb{N}" if odd else r"\mathbb{Z}^+"
    named = f"{letter} = " if letter else ""
    return rf"{named}2{counter}{' + 1' if odd else ''}, {counter} \in {numbers}"


def _multiples(found: "re.Match[str]") -> str:
    return rf"{found['step']} k, k \in \mathbb{{Z}}{'^+' if found['positive'] else ''}"


def _bounded(shape: str) -> "Callable[[re.Match[str]], str]":
    def shown(found: "re.Match[str]") -> str:
        value = found["value"]
        number = number_from_words(value) if value.replace("-", "").replace(" ", "").isalpha() else None
        if number is None and value[-1:].isalpha() and "\\" not in value:
            return ""  # another word
        return shape.format(value if number is None else number)

    return shown


def _related(sign: str) -> "Callable[[re.Match[str]], str]":
    return lambda found: rf"{found[1]} \{sign} {found[2]}"


def _of_sign(found: "re.Match[str]") -> str:
    word = found[2].replace("-", "")
    sign = _COMPARED[word[3:]] if word.startswith("non") else ">" if word == "positive" else "<"
    return f"{found[1]} {sign} 0"


_WHOLE: "tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]" = (
    *((pattern, _bounded(shape)) for pattern, shape in _BOUNDS),
    *((pattern, _related(sign)) for pattern, sign in _RELATED),
    (_CONDITIONAL, _related("Rightarrow")),
    (_OF_SIGN, _of_sign),
    (_NUMERAL, lambda found: f"{found[1]}_{{{_BASES[found[2]]}}}"),
    (_BASED_BEFORE, lambda found: f"{found[2]}_{{{_BASES[found[1]]}}}"),
    (_SETS_JOINED, lambda found: rf"{found[1]} \{'cup' if found[2] == 'union' else 'cap'} {found[3]}"),
    (_SHARE, lambda found: rf"\frac{{{found[1]}}}{{{found[2]}}}"),
    (_CONGRUENT, _residues),
    (_REMAINDER, _residues),
    (_PARITY, _of_parity),
    (_MULTIPLES, _multiples),
)
