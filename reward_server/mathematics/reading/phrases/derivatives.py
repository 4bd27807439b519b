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


_UPRIGHT = re.compile(r"\\(?:mathrm|text|operatorname|rm)\s*\{?\s*d\s*\}?(?=[\s^}]|\s?[a-zA-Z])")
_DOTS = re.compile(r"\\(d{1,3})ot(?![a-z])\s*(?:\{\s*([a-zA-Z])\s*\}|([a-zA-Z]))")
_BY_TIME = re.compile(r"(?<![\\A-Za-z])([a-zA-Z])('{1,3})(?!\()")
_ARGUMENT = re.compile(r"(?<![\\A-Za-z])([a-zA-Z])('{0,3})\(([xt])\)")


def respelled(truth: str, answer: str) -> str | None:
    """Return an answer with its derivatives written as in the ground truth; None where both write them alike."""
    written, answer = answer, _UPRIGHT.sub("d", answer) if "d}" in answer or "rm d" in answer else answer
    truth = _UPRIGHT.sub("d", truth) if "d}" in truth else truth
    if "ot" in answer and "'" in truth and set(_VARIABLE.findall(truth)) <= {"t"}:
        answer = _DOTS.sub(lambda dots: (dots[2] or dots[3]) + "'" * len(dots[1]), answer)
    elif "ot" in truth and "'" in answer and "\\d" in truth and set(_VARIABLE.findall(truth)) <= {"t"}:
        answer = _BY_TIME.sub(lambda primed: rf"\{'d' * len(primed[2])}ot{{{primed[1]}}}", answer)
    if "'" in truth and "'" in answer and _ARGUMENT.search(truth) is None:
        primed = {letter for letter, _ in _BY_TIME.findall(truth)}
        answer = _ARGUMENT.sub(lambda at: at[1] + at[2] if at[1] in primed else at[0], answer)
    return _as_quotients(truth, answer) or (answer if answer != written else None)


def _as_quotients(truth: str, answer: str) -> str | None:
    """Write primes as quotients of differentials, or these as primes, as the ground truth does."""
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
