"""What stands around the words of an answer in LaTeX and Markdown, and the dollar that is a price and no wrapping."""

import re

_WRAPPED = re.compile(r"\\(?:text(?:bf|rm|it)?|math(?:rm|bf|sf|it)|boxed|fbox)\s?\{([^{}]{0,300})\}")
_DECORATION = re.compile(
    r"\$|\*\*|\\[()\[\]]|\\,|\\ |\\;|[「」『』“”\"`]"
    r"|</?(?:answer|eoa|eoe|final|option|choice|strong|em|b|i|u|code|p|br|span|font)\b[^<>]{0,12}>"
)
_KEPT = "\ue000"
_PRICED = re.compile(
    r"\$\$(?P<display>[^$]{1,300})\$\$|(?<!\\)\$(?P<math>(?:[^$\\\s]|\\.)(?:(?:[^$\\]|\\.){0,300}(?:[^$\\\s]|\\.))?"
    r"|\s(?:[^$\\]|\\.){0,300}\s)\$(?!\s?\d)|\\?\$(?=\s?\d)|(?<=\d)\s?\\?\$(?=[\s.,;!)]*$)"
)
"""Mathematics between dollars, which are taken away, or else the dollar of a price."""


def unwrap(span: str, *, keep_prices: bool = False) -> str:
    """Remove LaTeX and Markdown wrapping around words; a dollar beside a number is a price and may be kept."""
    for _ in range(3):
        if "\\" not in span:
            break
        span = _WRAPPED.sub(r"\1", span)
    if keep_prices and "$" in span:
        span = _PRICED.sub(_without_dollars, span)
    span = _DECORATION.sub("", span).replace(_KEPT, "$").strip()
    return span.lstrip("{").strip() if span.count("{") > span.count("}") else span


def _without_dollars(found: re.Match[str]) -> str:
    return (found["math"] or found["display"] or _KEPT).replace("\\$", _KEPT)
