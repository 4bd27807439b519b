r"""Two ways to write one derivative: `y'` and `\frac{dy}{dx}`.

The prime does not say by what is derived. It is the letter x where a text speaks of one, else t; `y' = 2x` is
`\frac{dy}{dx} = 2x` and not `\frac{dy}{dt} = 2x`.
"""

import re

_PRIMED = re.compile(r"(?<![\\A-Za-z])([a-zA-Z])('{1,3})(?:\(([xt])\)|(?!\())")
_ORDER = r"(?:\^\{?([23])\}?)?"
_QUOTIENT = re.compile(
    rf"\\[dt]?frac\s*\{{\s*d{_ORDER}\s*([a-zA-Z])\s*\}}\s*\{{\s*d\s*([a-zA-Z])\s*(?:\^\{{?[23]\}}?)?\s*\}}"
    rf"|(?<![\\A-Za-z])d{_ORDER}\s?([a-zA-Z])\s?/\s?d\s?([a-zA-Z])(?:\^\{{?[23]\}}?)?(?![A-Za-z])"
)
_VARIABLE = re.compile(r"(?<![\\A-Za-z])([xt])(?![A-Za-z])")


def respelled(truth: str, answer: str) -> str | None:
    """Return an answer with its derivatives written as in the ground truth; None where both write them alike."""
    if "'" in truth and "d" in answer:
        letters = set(_VARIABLE.findall(truth))
        variable = "x" if "x" in letters else "t" if letters else ""
        if all(not variable or variable == (found[3] or found[6]) for found in _QUOTIENT.finditer(answer)):
            changed = _QUOTIENT.sub(lambda found: _letter(found) + "'" * _order(found), answer)
            return changed if changed != answer else None
    if "'" in answer and "d" in truth:
        quotients = {(_letter(found), _order(found)): found for found in _QUOTIENT.finditer(truth)}
        letters = set(_VARIABLE.findall(_QUOTIENT.sub(" ", truth)))
        variable = "x" if "x" in letters else "t" if letters else ""
        if quotients and all(not variable or variable == (q[3] or q[6]) for q in quotients.values()):
            changed = _PRIMED.sub(lambda found: _spelled(found, quotients), answer)
            return changed if changed != answer else None
    return None


def _letter(found: "re.Match[str]") -> str:
    return found[2] or found[5]


def _order(found: "re.Match[str]") -> int:
    return int(found[1] or found[4] or 1)


def _spelled(found: "re.Match[str]", quotients: dict[tuple[str, int], "re.Match[str]"]) -> str:
    quotient = quotients.get((found[1], len(found[2])))
    return quotient[0] if quotient is not None else found[0]
