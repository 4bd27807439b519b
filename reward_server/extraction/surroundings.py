r"""What stands directly around a box in its formula, which makes another value of it or offers another one.

`1 + \boxed{12}`, `\frac{1}{\boxed{12}}` and `\boxed{12}!` state a value that is not in the box, unless an equals sign
follows: a blank that was to be filled. So does all else between the dollars of one formula that is not on the lists
of what may stand there: in front of the box a sign that says what is equal, found or bounded (`=`, `\approx`, `\in`,
`\le`), punctuation, words; behind it the same, units and conditions. `2\boxed{12}`, `2x > \boxed{12}`, `f(\boxed{12})`
and `\boxed{12}x` are refused. A sign or a bound on a single letter is read with the box: `\pm\boxed{12}` is `\pm 12`,
and `x > \boxed{12}` is `x > 12`, not 12. `x^2` in the box with `+ C` behind it is `x^2 + C`, and "negative", "twice",
"less than" in front of a box are read with it, as is `0.` in `0.\boxed{5}`.
What a bound that can be reached names is its value: `f(x) \ge
\boxed{12}`, as honest solutions end, says 12. `\lnot\boxed{…}` denies it, "Is it \boxed{…}?" only asks. "12 or
\boxed{13}" is two answers. A sign and a blank that begin a line are a bullet or a quotation. Every repetition is
bounded.

Nearly every pattern for what stands in front ends where the box begins, and a search tries it from every letter of the
line. So the end of the line is looked at first: it must be one of the few that the pattern can end with.
"""

import re

_WIDTH, _LINE = 80, 400
_OWN_MINUS = re.compile(r"(?:^|[=(\[:])\s*-(?:[\s~]|\\[,;:! ])*$")
_OPERATOR_BEFORE = re.compile(r"[\w)}\]]\s{0,4}(?:[+/]|\\(?:cdot|times|div|pm|mp)(?![a-zA-Z]))\s{0,4}\$?\s{0,4}$")
_ARGUMENT_BEFORE = re.compile(
    r"\\(?:[dtc]?frac\s{0,2}(?:\{[^{}]{0,40}\}\s{0,2})?|sqrt\s{0,2}(?:\[[^\]]{0,8}\]\s{0,2})?)\{\s{0,4}$"
)
_OPERATOR_BEHIND = re.compile(r"\s{0,4}\\(?:cdot|times|div|pm|mp)(?![a-zA-Z])\s{0,4}[\w\\({]")
_SPOKEN_BEHIND = re.compile(
    r"(?:\$|\\\)|\*\*)?\s{1,4}(?:(?:plus|minus|times|divided by|multiplied by|(?:raised )?to the power(?: of)?)"
    r"\s{1,4}(?:\$|\\\()?(?:[-\d\\]|[a-z](?![a-z]))|or\s{1,4}(?:less|more|fewer|greater|above|below)\b)"
)
"""Arithmetic in words behind a box, and what makes a bound of it."""
_NUMERAL_BEFORE = re.compile(r"(?<![\w.,\\])(?:\d{1,9}(?:\.\d{1,9})?|0\.)$")
_DECIMALS_BEFORE = re.compile(r"(?<![\w.,\\])(0\.\d{0,9}|\d{1,9}\.\d{1,9})$")
"""The beginning of a decimal whose last digits alone are in the box."""
_DIGITS = re.compile(r"\d{1,40}", re.ASCII)
_EXPONENT_BEFORE = re.compile(r"[\w)}\]]\s{0,4}\^\s{0,4}\{?\s{0,4}$")
_WORDS_BEFORE = re.compile(
    r"(?i)(?:^|[:=,($]|(?<!not )(?<!n't )(?<!n’t )\b(?:is|are|was|be|equals|so|thus|hence|therefore))\s{0,3}"
    r"(?<![\w'’-])(?P<words>minus|negative|twice|thrice|(?:one )?half(?: of)?|double|triple"
    r"|(?:(?:less|more|greater|fewer|larger|smaller|bigger|higher|lower) than)"
    r"|the (?:square root|cube root|square|cube|reciprocal|opposite|negative|inverse|double|half|factorial) of)"
    r"\s{1,3}(?:\$|\\\()?\s{0,3}$"
)
"""Words directly in front of a box that are read with it: what they say of its value is not in the box.

Behind what says the value, or at the beginning of a line: "no larger than" bounds by what can be reached, "the triple"
is a noun, and "cannot be negative" speaks of something else.
"""
_WORD_BETWEEN = re.compile(r"[\d)}\]$]\s{1,4}(?:minus|plus|times|divided by)\s{1,3}(?:\$|\\\()?\s{0,3}$")
_ELEMENT_BEFORE = re.compile(r"(?<![A-Za-z])\([^()]{1,60},[^()]{0,60}$")
_STRICT = r"(?P<sign><|>|≠|\\(?:lt|gt|neq?)(?![a-zA-Z])|\\not\s{0,4}=)\s{0,4}\$?\s{0,4}$"
_BOUND_BEFORE = re.compile(rf"[\w)}}\]]\s{{0,4}}{_STRICT}")
_LETTER_BOUND_BEFORE = re.compile(rf"(?<![\w<>/)}}\]^_+*\\-])(?P<letter>\\?[A-Za-z](?:_\w)?)\s{{0,4}}{_STRICT}")
_TAG_BEFORE = re.compile(r"<[/A-Za-z][^<>]{0,60}>\s{0,4}$")
_SIGNS_BEFORE = re.compile(r"(?:\\(?P<name>pm|mp)(?![a-zA-Z])|(?P<sign>[±∓]))\s{0,4}$")
_FORMULA = re.compile(r"(?<!\\)\$\$?|\\[()\[\]]")
_NAMES = (
    "approx|equiv|in|to|[rR]ightarrow|[lL]ong[rR]ightarrow|[lL](?:ong)?eftrightarrow|implies|iff|leq?|leqslant|geq?"
    "|geqslant|cong|lor|vee|sim|simeq|therefore|q?quad|displaystyle|colon|left|[bB]igg?l?|mapsto|bf|text|triangleq"
    "|doteq|coloneqq|fbox|boxed|large|Large|huge|Huge"
)
"""Commands that may stand on either side of a value."""
_MAY_STAND_BEFORE = re.compile(
    rf"(?:[=≈≡∈→⇒⟹≤≥:,;&.?€£¥]|\\[\\$]|\\(?:{_NAMES})|\\[a-z]{{2,12}}\{{[^{{}}]{{0,60}}\}}|(?<![\^_|])\{{"
    r"|(?<![A-Za-z])[(\[]|(?<![\\A-Za-z])[A-Za-z]{2,20}|[\u4e00-\u9fff])(?:[\s~]|\\[,;:! ]){0,9}$"
)
_VALUE_BEFORE = re.compile(
    r"\\(?:overline|bar|neg|vec|hat)\{\s{0,4}$"
    r"|\\(?:[dt]?frac|sqrt|vec|overline|bar|hat|[dt]?binom|lfloor|lceil|mathbb)(?:\{[^{}]{0,60}\}){1,2}\s{0,9}$"
)
_MAY_STAND_BEHIND = re.compile(
    r"(?:[\s~]|\\[,;:! ]){0,9}(?:$|[=≈≡∈→⇒⟹≤≥:,;&.?%)\]}°]|\\(?:[\\%}]|$)|\^\{?\\circ|\+\s{0,4}C|\{\s{0,4}\}"
    r"|\[\\?[a-zA-Z]|/(?:\s{0,9}$|\s{0,4}\\?[A-Za-z]{2})|[mgsFJVKNWACMhLHT](?=[\s.,;:/^$]|$)|[A-Za-z]{2,}"
    rf"|\\(?:{_NAMES}|degree|p?mod|bmod|text\w*|mathrm|mbox|right|end|tag|because|forall|mid|si|qed|square|blacksquare"
    r"|checkmark|bigstar)(?![a-z]))"
)
_NEGATED_BEFORE = re.compile(r"(?:¬|\\(?:neg|lnot|not)(?![a-zA-Z]))\s{0,4}[${(\s]{0,4}$")
_ASKED_BEFORE = re.compile(
    r"(?i)(?:^|[.!?,:;]\s)\s{0,4}(?:(?:so|but|then|or|wait|hmm+)[\s,]{1,4}){0,2}"
    r"(?:is|was|isn['’]t|could|might|would|should|can|may|must)\s+(?:it|that|this|the\s+(?:final\s+)?answer)"
    r"(?:\s+(?:be|not|really|just|maybe)){0,2}[\s$(\\\[*:]{0,6}$"
)
_ASKED_BEHIND = re.compile(r"[\s$)\]}\\*]{0,6}[?？؟]")
_FACTORIAL_BEHIND = re.compile(r"!\s{0,4}(?:\$|\\\)|\\\])")
_EQUALS_BEHIND = re.compile(r"[^$\n]{0,80}?(?:=|\\approx|≈)")
_SPACE = r"(?:[\s~]|\\[,;:! ]|\\q?quad(?![a-zA-Z])){0,6}"
"""Blanks, and what LaTeX writes for them."""
_OR_BEFORE = re.compile(
    rf"(?:^|[\s$(=:])(-?\d{{1,30}}(?:\.\d{{1,30}})?){_SPACE}\$?{_SPACE}"
    rf"(?:or|\\lor|\\vee|\\text\{{{_SPACE}or{_SPACE}\}}){_SPACE}\$?{_SPACE}(?:[A-Za-z]\s?=\s?)?$"
)
_TEX_WORD_BEHIND = re.compile(
    rf"{_SPACE}(?:\\text\{{{_SPACE}(or|and){_SPACE}\}}|\\(l)or(?![a-z])|\\(v)ee(?![a-z])){_SPACE}"
)

_OPERATORS = ("+", "/", "\\cdot", "\\times", "\\div", "\\pm", "\\mp")
_STRICT_SIGNS = ("<", ">", "≠", "\\lt", "\\gt", "\\ne", "\\neq", "=")
_SIGNS = ("\\pm", "\\mp", "±", "∓")
_BETWEEN = ("minus", "plus", "times", "divided by")
_ENDS_OF_WORDS = frozenset({"us", "ve", "ce", "lf", "of", "le", "an"})
"""What the last words of `_WORDS_BEFORE` end with."""


def _end_of(before: str) -> str:
    """Return a line without the blanks, and without the sign that begins a formula, that it ends with."""
    line = before.rstrip()
    if line.endswith("$"):
        return line[:-1].rstrip()
    return line[:-2].rstrip() if line.endswith("\\(") else line


def is_part(text: str, start: int, end: int) -> bool:
    """Tell whether what stands at `start:end` is only a part of the value that its formula states."""
    before, behind = text[max(0, start - _WIDTH) : start].rpartition("\n")[2], text[end : end + _WIDTH]
    ending = _end_of(before)
    part = (
        (ending.endswith(_OPERATORS) and _OPERATOR_BEFORE.search(before) is not None)
        or ((before[-1:].isdecimal() or before.endswith(".")) and _NUMERAL_BEFORE.search(before) is not None)
        or (ending.endswith(_BETWEEN) and _WORD_BETWEEN.search(before) is not None)
        or ("^" in ending and _EXPONENT_BEFORE.search(before) is not None)
        or (_is_bound(before) and not _with_letter(before))
        or _OPERATOR_BEHIND.match(behind) is not None
        or _FACTORIAL_BEHIND.match(behind) is not None
        or _SPOKEN_BEHIND.match(behind) is not None
        or (behind.lstrip()[:1] == "}" and _ARGUMENT_BEFORE.search(before) is not None)
    )
    part = part or _is_amid(text, start, end)
    return part and _EQUALS_BEHIND.match(behind) is None


def _is_amid(text: str, start: int, end: int) -> bool:
    """Tell whether something else than may stand around a value stands around a box in its formula."""
    escaped = text[start - 1 : start] == "\\"
    line = text[max(0, start - _LINE) : start - escaped].rpartition("\n")[2]
    marks = list(_FORMULA.finditer(line, _first_mark(line)))
    if not marks or marks[-1][0] in {"\\)", "\\]"} or (marks[-1][0][-1] == "$" and len(marks) % 2 == 0):
        return False
    before = line[marks[-1].end() :]
    rest = text[end : end + _WIDTH].partition("\n")[0]
    closing = _FORMULA.search(rest)
    behind = rest[: closing.start()] if closing else rest
    if _ELEMENT_BEFORE.search(before) and behind.lstrip(" ~}")[:1] in (")", ","):
        return True
    if before.strip(" ~") and not with_signs(text, start, ""):
        allowed = _MAY_STAND_BEFORE.search(before) is not None and _VALUE_BEFORE.search(before) is None
        if not allowed and not _OWN_MINUS.search(before):
            return True
    return _MAY_STAND_BEHIND.match(behind) is None


def _first_mark(line: str) -> int:
    """Return where a formula may begin or end first, behind the line where nowhere."""
    dollar, command = line.find("$"), line.find("\\")
    if dollar < 0 or command < 0:
        return max(dollar, command) if dollar != command else len(line)
    return min(dollar, command)


def _is_bound(before: str) -> bool:
    if not _end_of(before).endswith(_STRICT_SIGNS):
        return False
    return _BOUND_BEFORE.search(before) is not None and _TAG_BEFORE.search(before) is None


def _with_letter(before: str) -> str:
    """Return the letter and the strict sign that stand in front of a box; empty where nothing of the kind does."""
    found = _LETTER_BOUND_BEFORE.search(before) if _end_of(before).endswith(_STRICT_SIGNS) else None
    return f"{found['letter']} {found['sign']} " if found and _is_bound(before) else ""


def decimals_before(text: str, start: int, content: str) -> str:
    """Return the beginning of the decimal whose last digits are the content of a box at `start`; empty without one."""
    found = _DECIMALS_BEFORE.search(text, max(0, start - 20), start) if _DIGITS.fullmatch(content) else None
    return found[1] if found is not None else ""


def with_signs(text: str, start: int, content: str) -> str:
    """Return the content of a box at `start` with the `±`, or the strict bound on a letter, that it is written with."""
    before = text[max(0, start - _WIDTH) : start].rpartition("\n")[2]
    signs = _SIGNS_BEFORE.search(before) if before.rstrip().endswith(_SIGNS) else None
    if signs is not None and not _OPERATOR_BEFORE.search(before):
        return rf"\{signs['name'] or ('pm' if signs['sign'] == '±' else 'mp')} ({content})"
    return _with_letter(before) + content


def with_words(text: str, start: int, content: str) -> str:
    """Return the content of a box at `start` behind the words that are read with it: "negative", "twice"."""
    before = text[max(0, start - _WIDTH) : start].rpartition("\n")[2]
    found = _WORDS_BEFORE.search(before) if _end_of(before)[-2:].casefold() in _ENDS_OF_WORDS else None
    return f"{found['words'].lower()} {content}" if found else content


def is_negated(text: str, start: int) -> bool:
    """Tell whether a sign of negation stands in front of what begins at `start`."""
    return _NEGATED_BEFORE.search(text, max(0, start - _WIDTH), start) is not None


def is_asked_about(text: str, start: int, end: int) -> bool:
    """Tell whether what stands at `start:end` is only asked about: "Is it …?"."""
    if _ASKED_BEHIND.match(text, end) is None:
        return False
    return _ASKED_BEFORE.search(text[max(0, start - _WIDTH) : start].rpartition("\n")[2]) is not None


def offered_before(text: str, start: int) -> str:
    """Return the number that is offered as an alternative in front of `start`; empty where there is none."""
    before = text[max(0, start - _WIDTH) : start].rpartition("\n")[2]
    found = _OR_BEFORE.search(before) if "or" in before or "\\vee" in before else None
    return found[1] if found else ""


def in_plain_words(behind: str) -> str:
    r"""Return what stands behind a box with an `\text{ or }` or `\lor` that it begins with as the word."""
    found = _TEX_WORD_BEHIND.match(behind)
    return f" {found[1] or 'or'} {behind[found.end() :]}" if found else behind
