r"""Words that say for which values a formula holds become conditions, or are dropped where they add nothing.

"f(x) = x + c for any integer c" is `f(x) = x + c, c \in \mathbb{Z}`; "all real numbers except -4" is a set;
"for all x" and "where c is an arbitrary constant" say what is understood without them. Nothing else is rewritten.
"""

import re

CUES = frozenset(
    {"all", "any", "every", "each", "some", "arbitrary", "constant", "constants", "except", "where", "real", "reals",
     "integers", "numbers", "integer"}
)  # fmt: skip
_WORDS = re.compile(r"[A-Za-z]{3,}")
_TEXT = re.compile(r"\\(?:text|mbox|textrm|textnormal)\s*\{([^{}]*)\}")
_DOMAINS = (
    (r"positive\s+integers?|natural\s+numbers?|positive\s+whole\s+numbers?", r"\mathbb{Z}^+"),
    (r"(?:nonnegative|non-negative)\s+integers?|whole\s+numbers?", r"\mathbb{Z}_{\ge 0}"),
    (r"negative\s+integers?", r"\mathbb{Z}^-"),
    (r"(?:nonzero|non-zero)\s+integers?", r"\mathbb{Z}^*"),
    (r"integers?", r"\mathbb{Z}"),
    (r"(?:nonnegative|non-negative)\s+(?:real\s+numbers?|reals?|numbers?)", r"\mathbb{R}_{\ge 0}"),
    (r"(?:nonpositive|non-positive)\s+(?:real\s+numbers?|reals?|numbers?)", r"\mathbb{R}_{\le 0}"),
    (r"(?:nonzero|non-zero)\s+(?:real\s+numbers?|reals?)", r"\mathbb{R}^*"),
    (r"positive\s+(?:real\s+numbers?|reals?|numbers?)", r"\mathbb{R}^+"),
    (r"(?:rational\s+numbers?|rationals?)", r"\mathbb{Q}"),
    (r"(?:complex\s+numbers?)", r"\mathbb{C}"),
    (r"(?:real\s+numbers?|reals?|real\s+values?|real\s+constants?|real\s+values?\s+of|real)", r"\mathbb{R}"),
)
_ANY_DOMAIN = "(?:" + "|".join(pattern for pattern, _ in _DOMAINS) + ")"
_NAME = r"(?:\\?[A-Za-z]+|[A-Za-z])(?:_\{?\w\}?)?"
_NAMES = rf"(?P<names>{_NAME}(?:\s*(?:,|and)\s*{_NAME})*)"
_CONSTANT = re.compile(
    rf"\s*[,;(]?\s*(?:where|with|for|and)\s+(?:(?:any|some|all|every|each|an|a)\s+)?(?:(?:arbitrary|real|fixed)\s+)*"
    rf"(?:constants?|parameters?)\s+{_NAMES}\s*\)?$"
    rf"|\s*[,;(]?\s*(?:(?:where|with|for|and)\s+)?{_NAMES.replace('names', 'names_')}\s+(?:is|are|being)\s+"
    r"(?:(?:an?|any|some|the)\s+)?(?:(?:arbitrary|real|fixed)\s+)*(?:constants?|parameters?|of\s+integration|constants?\s+of\s+integration)\s*\)?$"
)
_CONSTANTS = ("constant", "parameter", "integration")
"""One of these is in whatever fits."""
_DOMAIN = re.compile(
    rf"\s*[,;(]?\s*(?:(?:where|with|for)\s+)(?:any|all|every|each|some|arbitrary)\s+(?:arbitrary\s+)?"
    rf"(?P<domain>{_ANY_DOMAIN})?\s*(?:of\s+)?{_NAMES}\s*\)?$"
    rf"|\s*(?:[,;(]\s*(?:(?:where|with|for|and)\s+)?|(?:where|with|for|and)\s+){_NAMES.replace('names', 'names_')}"
    rf"\s+(?:is|are|being)\s+(?:(?:an?|any|some|arbitrary|all)\s+)*(?P<domain_>{_ANY_DOMAIN})\s*\)?$"
)
_COUNTED = re.compile(
    r"(?<=[\w)}])\s*(?:\\q?quad\s*)?[,;(]\s*(?:\\text\s*\{\s*)?(?:(?:where|with|for)\s*\}?\s+)?(?P<letter>[a-z])\s*=\s*(?:(?P<both>0\s*,\s*\\pm\s*1\s*,\s*\\pm\s*2"
    r"(?:\s*,\s*\\pm\s*3)?)|(?P<first>[01])\s*,\s*(?:1\s*,\s*)?2(?:\s*,\s*3)?)\s*,\s*(?:\\[lc]?dots|\.\.\.)\s*\)?$"
)
"""`n = 0, \\pm 1, \\pm 2, \\ldots` behind a formula."""
_REAL_CONSTANTS = re.compile(
    r"\s*[,;(]\s*(?:C_\{?\d\}?|c_\{?\d\}?)(?:\s*,\s*(?:C_\{?\d\}?|c_\{?\d\}?))*\s*\\in\s*(?:\\mathbb\s*\{?R\}?|R)\s*\)?$"
)
_EXCEPT = re.compile(
    rf"(?:all|any|every)?\s*(?P<domain>{_ANY_DOMAIN})\s*(?:[a-z]\s+)?(?:,?\s*(?:except|excluding|other\s+than|but))\s+(?:for\s+)?"
    r"(?:[a-z]\s*=\s*)?(?P<values>[^a-zA-Z]*(?:\\(?:frac|sqrt|pi|pm|text\s*\{\s*(?:and|or)\s*\})|and|or|[a-z]\s*=|[^a-zA-Z])*)$"
)
_BOUNDS = (
    (r"(?:strictly\s+)?(?:greater|larger|more|bigger)\s+than(?!\s+or)", r"({0}, \infty)"),
    (r"(?:strictly\s+)?(?:less|smaller)\s+than(?!\s+or)", r"(-\infty, {0})"),
    (r"(?:(?:greater|larger)\s+than\s+or\s+equal\s+to|at\s+least)", r"[{0}, \infty)"),
    (r"(?:(?:less|smaller)\s+than\s+or\s+equal\s+to|at\s+most)", r"(-\infty, {0}]"),
)
_BOUNDED = tuple(
    (
        re.compile(
            rf"(?:all|any|every)\s+(?:real\s+numbers?|reals?)\s*(?:[a-z]\s+)?(?:that\s+are\s+)?{words}\s+([^a-zA-Z]+)$"
        ),
        shape,
    )
    for words, shape in _BOUNDS
)
_NONZERO = re.compile(r"(?:(?:all|any|every)\s+)?non-?zero\s+(?:real\s+numbers?|reals?)(?:\s+[a-z])?")
_ALL = re.compile(
    rf"(?:all|any|every)\s+(?P<domain>{_ANY_DOMAIN})?\s*(?:(?P<name>[a-zA-Z])\s*)?"
    r"(?:\s(?:such\s+that|with|where|satisfying|for\s+which)\s+|(?=\s*(?:\\(?:ge|le|ne|gt|lt|geq|leq|neq|geqslant|leqslant|in)\b|[<>=])))"
)


def with_conditions(text: str, ignored: list[str]) -> str:
    """Return the text with its qualifiers as conditions; what was dropped is added to `ignored`."""
    if "=" in text and ("dots" in text or "..." in text) and (counted := _COUNTED.search(text)) is not None:
        numbers = r"\mathbb{Z}" if counted["both"] else r"\mathbb{N}" if counted["first"] == "0" else r"\mathbb{Z}^+"
        return rf"{text[: counted.start()]}, {counted['letter']} \in {numbers}"
    if "_" in text and "\\in" in text and (constants := _REAL_CONSTANTS.search(text)) is not None:
        ignored.append(constants[0].strip(" ,;"))
        return text[: constants.start()]
    if CUES.isdisjoint(_WORDS.findall(text)):
        return text
    plain = " ".join(_TEXT.sub(r" \1 ", text).replace("$", " ").replace("~", " ").split())
    for pattern, shape in _BOUNDED:
        match = pattern.fullmatch(plain)
        if match is not None:
            return shape.format(match[1].strip())
    if _NONZERO.fullmatch(plain):
        return r"\mathbb{R} \setminus \{0\}"
    match = _EXCEPT.fullmatch(plain)
    if match is not None and match["values"].strip(" ,"):
        values = re.sub(r"\s*,?\s*\b(?:and|or)\b\s*", ", ", re.sub(r"[a-z]\s*=", "", match["values"]))
        return rf"{_domain(match['domain'])} \setminus \{{{values.strip()}\}}"
    match = _ALL.match(plain)
    if match is not None:
        rest = plain[match.end() :].strip()
        name = match["name"] or ""
        ignored.append(plain[: match.end()].strip())
        return rest if rest[:1].isalpha() else f"{name} {rest}"
    return _behind(plain, text, ignored)


def _behind(plain: str, text: str, ignored: list[str]) -> str:
    """Rewrite the qualifier at the end of a formula."""
    match = _CONSTANT.search(plain) if any(word in plain for word in _CONSTANTS) else None
    if match is not None and match.start():
        ignored.append(match[0].strip(" ,;"))
        return plain[: match.start()]
    match = _DOMAIN.search(plain)
    if match is None or not match.start():
        return text
    names, domain = match["names"] or match["names_"], match["domain"] or match["domain_"]
    if domain is None:
        ignored.append(match[0].strip(" ,;"))
        return plain[: match.start()]
    return rf"{plain[: match.start()]}, {names} \in {_domain(domain)}"


def _domain(words: str) -> str:
    return next(sign for pattern, sign in _DOMAINS if re.fullmatch(pattern, words))


def domain_of(text: str) -> str:
    """Return the set "all integers n >= 3" and the like range over; empty where a text does not say so."""
    if "all " not in text and "any " not in text and "every " not in text:
        return ""
    match = _ALL.match(" ".join(_TEXT.sub(r" \1 ", text).replace("$", " ").split()))
    return _domain(match["domain"]) if match is not None and match["domain"] else ""
