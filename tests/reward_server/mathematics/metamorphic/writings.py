r"""Ways of writing the same answer. Each is a function of the ground truth's text, its kind and a seeded generator.

A way returns None where it does not apply: where the text has nothing it would change, or where the change would not
be certain to keep the meaning.
"""

import random
import re
from collections.abc import Callable

Way = Callable[[str, str, random.Random], str | None]

SCALARS = frozenset({"integer", "fraction", "decimal", "real", "complex", "expression", "symbol"})
_INTEGER = re.compile(r"-?\d{1,9}")
_FRACTION = re.compile(r"\\[dt]?frac\{(\d+)\}\{(\d+)\}")
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_DEVANAGARI, _ARABIC = (str.maketrans("0123456789", digits) for digits in ("०१२३४५६७८९", "٠١٢٣٤٥٦٧٨٩"))
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_CHINESE = "零一二三四五六七八九"
_SIGNS = (
    r"\pi=π \infty=∞ \cup=∪ \cap=∩ \le=≤ \leq=≤ \ge=≥ \geq=≥ \ne=≠ \neq=≠ \in=∈ \pm=± \times=× \cdot=· \alpha=α "
    r"\theta=θ \lambda=λ \circ=∘ \omega=ω \sigma=σ"
)
_UNICODE = dict(pair.split("=") for pair in _SIGNS.split())


def _inner(text: str) -> str | None:
    """Return the text without its dollar signs; None where they stand between words or mean money."""
    stripped = text.strip()
    if stripped.startswith("$") and stripped.endswith("$") and stripped.count("$") == 2:
        return stripped[1:-1].strip()
    return None if "$" in text or "\\(" in text or "\\[" in text or "\n" in text else stripped


def _wrapped(pattern: str) -> Way:
    def way(text: str, _kind: str, _rng: random.Random) -> str | None:
        inner = _inner(text)
        return None if inner is None else pattern.replace("@", inner)

    return way


def _replaced(pattern: str, replacement: str, *, but: str = r"(?!)") -> Way:
    """Replace every match; not where `but` is in the text."""
    regex, unless = re.compile(pattern), re.compile(but)

    def way(text: str, _kind: str, _rng: random.Random) -> str | None:
        inner = _inner(text)
        if inner is None or not regex.search(inner) or unless.search(inner):
            return None
        return regex.sub(replacement, inner)

    return way


def _scalar(pattern: str, *, kinds: frozenset[str] = SCALARS) -> Way:
    def way(text: str, kind: str, _rng: random.Random) -> str | None:
        inner = _inner(text)
        if (
            inner is None
            or kind not in kinds
            or re.search(
                r"[=<>,;%]|\\(?:text|approx|pm|le|ge|in|infty|mathrm)|[A-Za-z]{3}",
                re.sub(r"\\(?:frac|sqrt|pi|cdot|times|left|right|dfrac|tfrac)", "", inner),
            )
        ):
            return None
        return pattern.replace("@", inner)

    return way


def _of_integer(write: Callable[[int], str | None]) -> Way:
    def way(text: str, kind: str, _rng: random.Random) -> str | None:
        inner = _inner(text)
        return write(int(inner)) if inner is not None and kind == "integer" and _INTEGER.fullmatch(inner) else None

    return way


def in_words(number: int) -> str | None:
    """Write an integer below a million in English words."""
    if abs(number) >= 10**6:
        return None
    if number < 0:
        return f"negative {in_words(-number)}"
    ones, tens = _ONES.split(), _TENS.split()
    if number < 20:
        return ones[number]
    if number < 100:
        return tens[number // 10 - 2] + (f"-{ones[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return f"{ones[number // 100]} hundred" + (f" and {in_words(rest)}" if rest else "")
    rest = number % 1000
    return f"{in_words(number // 1000)} thousand" + (f" {in_words(rest)}" if rest else "")


def in_chinese(number: int) -> str | None:
    """Write an integer below 1000 in Chinese."""
    if abs(number) >= 1000:
        return None
    if number < 0:
        return f"负{in_chinese(-number)}"
    if number < 10:
        return _CHINESE[number]
    if number < 100:
        head = "" if number < 20 else _CHINESE[number // 10]
        return f"{head}十{_CHINESE[number % 10] if number % 10 else ''}"
    rest = number % 100
    if not rest:
        return f"{_CHINESE[number // 100]}百"
    middle = "零" if rest < 10 else "一" if rest < 20 else ""
    return f"{_CHINESE[number // 100]}百{middle}{in_chinese(rest)}"


def _grouped(number: int) -> str | None:
    return f"{number:,}" if abs(number) >= 1000 else None


def _thin_groups(number: int) -> str | None:
    return f"{number:,}".replace(",", r"\,") if abs(number) >= 10_000 else None


def _scientific(number: int) -> str | None:
    digits = str(abs(number)).rstrip("0")
    power = len(str(abs(number))) - 1
    if not number or power < 3 or len(digits) > 6:
        return None
    mantissa = digits[0] + ("." + digits[1:] if digits[1:] else "")
    return f"{'-' if number < 0 else ''}{mantissa} x 10^{power}"


def _unicode_signs(text: str, _kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if inner is None or "\\" not in inner or re.search(r"\\(?:text|mathrm|operatorname|begin)", inner):
        return None
    written = re.sub(r"\\[A-Za-z]+", lambda m: _UNICODE.get(m[0], m[0]), inner)
    return None if written == inner else written


def _superscripts(text: str, _kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if inner is None or not re.search(r"\^\{?-?\d+\}?", inner) or re.search(r"\^[^\d{-]|\^\{[^}]*[^\d}-]", inner):
        return None
    return re.sub(r"\^(?:\{(-?\d+)\}|(-?\d+))", lambda m: (m[1] or m[2]).translate(_SUPERSCRIPT), inner)


def _operators_spaced(text: str, _kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if inner is None or not re.search(r"[+=]", inner) or re.search(r"\\(?:text|mbox|begin)|e\+|\+\}|\{\+", inner):
        return None
    return re.sub(r"\s*([+=])\s*", r"  \1  ", inner)


def _unspaced(text: str, _kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if (
        inner is None
        or " " not in inner
        or re.search(r"[A-Za-z] [A-Za-z\d]|\d \d|\\ |text|mathrm|mbox|\d [A-Za-z]|: ", inner)
    ):
        return None
    return inner.replace(" ", "")


def _sized_brackets(text: str, _kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if inner is None or "(" not in inner or re.search(r"\([a-z]\)\s+\d|left|\\(?:text|begin|p?mod)|\(mod", inner):
        return None
    if inner.count("(") != inner.count(")"):
        return None
    return inner.replace("(", r"\left(").replace(")", r"\right)")


def _items_turned(text: str, kind: str, rng: random.Random) -> str | None:
    inner = _inner(text)
    if (
        inner is None
        or kind not in {"list", "set"}
        or re.search(r"[()=<>|\[\]:]|\\(?:text|cup|cap|ldots|in|dots)|[A-Za-z]{4}", inner)
    ):
        return None
    braces = re.fullmatch(r"\\\{(.*)\\\}", inner)
    body = braces[1] if braces else inner
    if re.search(r"\d,\d{3}(?!\d)|[{}]", body) or "," not in body:
        return None
    items = [item.strip() for item in body.split(",")]
    rng.shuffle(items)
    joined = ", ".join(items)
    return rf"\{{{joined}\}}" if braces else joined


def _named(text: str, kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if (
        inner is None
        or kind not in {"integer", "fraction", "decimal", "real"}
        or re.search(r"[A-Za-z]{3}(?!c|t)|[=<>,%]", re.sub(r"\\[a-z]+", "", inner))
    ):
        return None
    return f"x = {inner}"


def _bottom(text: str, _kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if inner is None or not _FRACTION.fullmatch(inner):
        return None
    return _FRACTION.sub(r"\1/\2", inner)


def _expanded(text: str, _kind: str, rng: random.Random) -> str | None:
    inner = _inner(text)
    match = _FRACTION.fullmatch(inner) if inner is not None else None
    if match is None:
        return None
    factor = rng.randint(2, 9)
    return rf"\frac{{{int(match[1]) * factor}}}{{{int(match[2]) * factor}}}"


WAYS: dict[str, Way] = {
    "dollars": _wrapped("$@$"),
    "parentheses of LaTeX": _wrapped(r"\(@\)"),
    "displayed": _wrapped(r"\[ @ \]"),
    "boxed again": _wrapped(r"\boxed{@}"),
    "displaystyle": _wrapped(r"\displaystyle @"),
    "textcolor": _wrapped(r"\textcolor{red}{@}"),
    "color": _wrapped(r"{\color{blue} @}"),
    "colorbox": _wrapped(r"\colorbox{yellow}{$@$}"),
    "phantom": _wrapped(r"\phantom{0}@"),
    "tag": _wrapped(r"@ \tag{1}"),
    "end of proof": _wrapped(r"@ \quad \blacksquare"),
    "aligned": _wrapped(r"\begin{aligned} @ \end{aligned}"),
    "gathered": _wrapped(r"\begin{gathered} @ \end{gathered}"),
    "thin space": _wrapped(r"\,@\,"),
    "full stop": _wrapped("@."),
    "bold": _wrapped("**@**"),
    "code": _wrapped("`@`"),
    "lead-in": _wrapped("The answer is @"),
    "lead-in of a sentence": _wrapped("Therefore, the final answer is $@$."),
    "label": _wrapped("Answer: @"),
    "underlined": _wrapped(r"\underline{@}"),
    "dfrac": _replaced(r"\\frac", r"\\dfrac"),
    "tfrac": _replaced(r"\\dfrac", r"\\frac"),
    "unsized brackets": _replaced(r"\\(?:left|right)(?![A-Za-z.])\s*", ""),
    "sized brackets": _sized_brackets,
    "unicode minus": _replaced(r"(?<![\d^{_e])-(?=[\d\\a-z])", "−", but=r"\\text|\\begin|mathrm|[A-Za-z]-"),
    "times for cdot": _replaced(r"\\cdot(?![A-Za-z])", r"\\times"),
    "asterisk": _replaced(r"\\(?:cdot|times)(?![A-Za-z])", "*"),
    "leq": _replaced(r"\\le(?![a-z])", r"\\leq"),
    "leqslant": _replaced(r"\\leq?(?![a-z])", r"\\leqslant"),
    "geqslant": _replaced(r"\\geq?(?![a-z])", r"\\geqslant"),
    "unicode signs": _unicode_signs,
    "superscripts": _superscripts,
    "operators spaced out": _operators_spaced,
    "spaces taken out": _unspaced,
    "degree sign": _replaced(r"\^\{?\\circ\}?(?![A-Za-z])", "°"),
    "pi in letters": _replaced(r"(?<=\d)\\pi(?![A-Za-z])", r"*pi", but=r"\\text|_|\^"),
    "matrix brackets": _replaced(r"\{pmatrix\}", "{bmatrix}"),
    "mbox for text": _replaced(r"\\text\{", r"\\mbox{"),
    "mathrm for text": _replaced(r"\\text\{ ?([a-z]{1,3})\}(?!\^)", r"\\mathrm{\1}"),
    "named": _named,
    "slash": _bottom,
    "expanded fraction": _expanded,
    "items in another order": _items_turned,
    "plus zero": _scalar("@ + 0", kinds=frozenset({"integer", "fraction", "real", "expression"})),
    "twice over two": _scalar(r"\frac{2(@)}{2}", kinds=frozenset({"integer", "fraction", "real", "expression"})),
    "double negation": _scalar("-(-(@))", kinds=frozenset({"integer", "fraction", "real", "expression"})),
    "in parentheses": _scalar("(@)"),
    "equal to itself": _scalar("@ = @", kinds=frozenset({"integer", "fraction"})),
    "full-width digits": _of_integer(lambda n: str(n).translate(_FULL_WIDTH)),
    "Devanagari digits": _of_integer(lambda n: str(n).translate(_DEVANAGARI)),
    "Arabic digits": _of_integer(lambda n: str(n).translate(_ARABIC)),
    "underscores of Python": _of_integer(lambda n: f"{n:_}" if n >= 1000 else None),
    "words and digits": _of_integer(lambda n: f"{in_words(n)} ({n})" if in_words(n) else None),
    "bold in symbols": _of_integer(lambda n: rf"\boldsymbol{{{n}}}"),
    "in words": _of_integer(in_words),
    "in Chinese": _of_integer(in_chinese),
    "commas": _of_integer(_grouped),
    "thin groups": _of_integer(_thin_groups),
    "scientific": _of_integer(_scientific),
    "point zero": _of_integer(lambda n: f"{n}.0"),
    "over one": _of_integer(lambda n: rf"\frac{{{n}}}{{1}}"),
    "siunitx": _of_integer(lambda n: rf"\num{{{n}}}"),
    "leading plus": _of_integer(lambda n: f"+{n}" if n > 0 else None),
    "counted": _of_integer(lambda n: f"{n} apples" if n > 1 else None),
    "bold in LaTeX": _of_integer(lambda n: rf"\mathbf{{{n}}}"),
    "in text": _of_integer(lambda n: rf"\text{{{n}}}"),
}
"""Every way by its name."""
