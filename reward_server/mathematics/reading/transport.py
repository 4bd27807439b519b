r"""What formulas pick up on their way through web pages and JSON, and what they were before.

Tags of HTML that raise, lower or embolden (`x<sup>2</sup>`), its entities (`x &le; 3`), circled numbers, and escapes of
LaTeX that a JSON reader took for its own: `\times` became a tab and "imes", `\frac` a form feed and "rac". An allow
list: a tag with attributes or one that strikes out is not understood, and what holds it is no mathematics.
"""

import re
from html import unescape

_SCRIPT = re.compile(r"<(?P<tag>sup|sub)\s*>(?P<inner>[^<>]{1,200})</(?P=tag)\s*>", re.IGNORECASE)
_LOOKS = re.compile(r"<(?P<tag>b|i|em|strong|u|var|p|span)\s*>(?P<inner>[^<>]{0,2000})</(?P=tag)\s*>", re.IGNORECASE)
_MAX_NESTING = 8
_ENTITY = re.compile(r"&(?P<name>#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,8}\d{0,2});")
_ENTITIES = frozenset(
    str.split(
        "lt gt le ge leq geq ne amp nbsp ensp emsp thinsp times divide minus plusmn middot sdot deg prime Prime radic "
        "infin pi sup2 sup3 sup1 frac12 frac14 frac34 isin notin cup cap sub sube empty sum prod int asymp equiv ang "
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ldots hellip ndash mdash rarr rArr hArr quot"
    )
)
_CIRCLED = {chr(ord("①") + n): n + 1 for n in range(20)} | {chr(ord("❶") + n): n + 1 for n in range(10)}
_CIRCLES = "".join(_CIRCLED)
_ONE_CIRCLE = re.compile(rf"[{_CIRCLES}]")
_BESIDE_CIRCLES = r"(?:[\s,，、;；]|and|和|与|及|\\text\s*\{\s*and\s*\})*"
_ALL_CIRCLED = re.compile(rf"[{_CIRCLES}](?:{_BESIDE_CIRCLES}[{_CIRCLES}])*[\s.。]*")
_AFTER_TAB = (
    r"\t(?=(?:imes|heta|riangle|au|herefore|ext(?:bf|it|rm|circ|degree)?(?=\s*\{|circ|degree|\s)|frac|binom)(?![a-z])"
    r"|frac[{\d]|an\s*[\\(^{]|o\s*[-+\\\d])"
)
_SWALLOWED = (
    ("\a", r"\a(?=[a-z])", r"\\a"),
    ("\b", r"\x08(?=[a-z])", r"\\b"),
    ("\f", r"\\?\f(?=[a-z])", r"\\f"),
    ("\v", r"\v(?=[a-z])", r"\\v"),
    ("\t", _AFTER_TAB, r"\\t"),
    ("\n", r"\n(?=(?:eq|eg|abla|otin|leq|geq|parallel)(?![a-z]))", r"\\n"),
    ("\r", r"\r(?=(?:ight|ho|angle|floor|ceil|ightarrow)(?![a-z]))", r"\\r"),
)
_ESCAPES = tuple((sign, re.compile(pattern), shown) for sign, pattern, shown in _SWALLOWED)


def restored(text: str) -> str:
    r"""Return the text with commands whose backslash and first letter became a control character (`\f` and "rac")."""
    if text.isprintable():
        return text
    for sign, pattern, command in _ESCAPES:
        if sign in text:
            text = pattern.sub(command, text)
    return text


def without_tags(text: str) -> str:
    """Return the text with the tags of HTML as LaTeX, and its entities as the signs they are."""
    if "&" in text and ";" in text:
        text = _ENTITY.sub(_sign, text)
    if "</" not in text:
        return text
    for _ in range(_MAX_NESTING):
        shorter = _LOOKS.sub(lambda found: found["inner"], _SCRIPT.sub(_script, text))
        if shorter == text:
            break
        text = shorter
    return text


def _sign(found: "re.Match[str]") -> str:
    name = found["name"]
    return unescape(found[0]) if name[0] == "#" or name in _ENTITIES else found[0]


def _script(found: "re.Match[str]") -> str:
    inner = found["inner"].strip()
    if found["tag"].lower() == "sub":
        return f"_{{{inner}}}"
    return r"^\circ " if inner in {"o", "°"} else f"^{{{inner}}}"


def numbered(text: str) -> str:
    """Return circled numbers as the list of numbers they are, ②③ as `2, 3`; beside other signs each as a label."""
    if _ONE_CIRCLE.search(text) is None:
        return text
    if _ALL_CIRCLED.fullmatch(text):
        return ", ".join(str(_CIRCLED[sign]) for sign in _ONE_CIRCLE.findall(text))
    return _ONE_CIRCLE.sub(lambda found: rf"\text{{ ({_CIRCLED[found[0]]}) }}", text)
