r"""What programs, plain TeX and hand-written formulas spell in their own way, as LaTeX does: `5C2`, `1_000`, `3{,}5`.

Linear in the length of the text.
"""

import re

_ARRAY = re.compile(r"(?<![A-Za-z\\])(?:array|[Mm]atrix)(?=\(\s*\[)")
_LOG_WITH_BASE = re.compile(r"(?<![A-Za-z\\])log(2|10)(?=\()")
_PERCENT_NAME = re.compile(r"(?<![\d\\])%(?=(?:pi|e|i)\b)")
"""The constants of Maxima."""
_CHOOSE = re.compile(
    r"(?<![\w.^_\\}])(?:(\d{1,4})\s?|(?:\{\s*\})?[\^_]\{?(\d{1,4})\}?\s*)C_?\{?(\d{1,4})\}?(?![\w.,^])"
)
"""`5C2` and `{}_5C_2`."""
_DISTRIBUTED = re.compile(r"^([A-Z](?:_\w)?\s*)~(\s*\\?[A-Z][A-Za-z]{0,9}\()")
"""`X ~ N(0, 1)`, whose tilde is no blank."""
LINE_WITH_SPACE = re.compile(r"\\\\\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*\]")
"""The end of a line with the space to leave behind it."""
_COMMA_IN_BRACES = re.compile(r"(?<=\d)\{,\}(?=(?:\d{1,2}|\d{4,})(?!\d))")
_UPRIGHT_CROSS = re.compile(r"\\(?:text|mathrm|textrm)\s*\{\s*x\s*\}(?=(?:\\[,;: ]|[\s~])*10\s*\^)")
_GROUPED_IN_PYTHON = re.compile(r"(?<![\w.])\d{1,3}(?:_\d{3})+(?![\w.])")
_PLAIN_TEX = re.compile(r"\\([pbv]?matrix|cases)\s*\{((?:[^{}]|\{[^{}]*\}){1,400})\}")
_BARE_COMMAND = re.compile(r"(?<![A-Za-z\\])(?=[dt]?frac\s*\{[^{}]*\}\s*\{|sqrt\s*\{)")
"""A command that lost its backslash on its way."""
_REMAINDER = re.compile(r"\b([a-z])\s*%\s*(\d+)\s*==?\s*(\d+)")
_QUOTIENT_OF_DIFFERENTIALS = re.compile(
    r"(?<![A-Za-z\\])(d|\\partial\s?)(?:\^\{?([23])\}?)?\s?([a-zA-Z])\s?/\s?(d|\\partial\s?)([a-zA-Z])(?:\^\{?([23])\}?)?(?![A-Za-z_\d])"
)
_ROMAN = re.compile(r"\\rm\s*\{([^{}]{1,20})\}")
_CURRENCY_CODE = re.compile(r"(USD|EUR|GBP|CNY|JPY|INR)\s?(?=\d)([\d.,]*\d)")
_MODULE = re.compile(r"\b(?:np|numpy|math|cmath|sympy|sp)\.(?=[A-Za-z])")
"""The module in front of a name in Python."""


def as_in_latex(text: str) -> str:
    """Return a text with what programs, plain TeX and hand-written formulas spell in their own way as LaTeX does."""
    if "y." in text or "p." in text or "h." in text:
        text = _MODULE.sub("", text)
    if text[:1] in "UEGCJI" and (money := _CURRENCY_CODE.fullmatch(text)) is not None:
        return rf"{money[2]} \text{{ {money[1]}}}"
    if "(" in text or "%" in text or "C" in text:
        text = _called(text)
    return _from_plain_tex(text) if "{" in text or "_" in text or "/" in text else text


def _called(text: str) -> str:
    if "~" in text:
        text = _DISTRIBUTED.sub(r"\1\\sim \2", text)
    if "[" in text:
        text = _ARRAY.sub("", text)
    if "log" in text:
        text = _LOG_WITH_BASE.sub(r"log_{\1}", text)
    if "%" in text:
        text = _PERCENT_NAME.sub("", _REMAINDER.sub(r"\1 \\equiv \3 \\pmod{\2}", text))
    return _CHOOSE.sub(r"\\binom{\1\2}{\3}", text) if "C" in text else text


def _from_plain_tex(text: str) -> str:
    """Write what plain TeX, Python and other conventions spell in their own way as LaTeX does."""
    if "\\rm" in text:
        text = _ROMAN.sub(r"\\mathrm{\1}", text)
    if "{,}" in text:
        text = _COMMA_IN_BRACES.sub(".", text)
    if "x}" in text or "x }" in text:
        text = _UPRIGHT_CROSS.sub(r"\\times ", text)
    if "_" in text:
        text = _GROUPED_IN_PYTHON.sub(lambda m: m[0].replace("_", ""), text)
    if "matrix{" in text or "\\cases{" in text or "matrix {" in text:
        text = _PLAIN_TEX.sub(r"\\begin{\1}\2\\end{\1}", text)
    if "frac" in text or "sqrt" in text:
        text = text if "\\" in text else _BARE_COMMAND.sub(r"\\", text)
    if "/" in text and ("d" in text or "partial" in text):
        text = _QUOTIENT_OF_DIFFERENTIALS.sub(_as_fraction, text)
    return text


def _as_fraction(found: "re.Match[str]") -> str:
    above, below, order, power = found[1].strip(), found[4].strip(), found[2], found[6]
    if above != below or order != power:
        return found[0]
    sign = above if above == "d" else above + " "
    raised = f"^{order}" if order else ""
    return rf"\frac{{{sign.strip()}{raised} {found[3]}}}{{{sign}{found[5]}{raised}}}"
