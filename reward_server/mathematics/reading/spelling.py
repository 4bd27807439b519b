"""Unicode and markup become the plain LaTeX the lexer reads; digits, letters and order stay.

Linear in the length of the text. Text in ASCII without markup passes untouched.
"""

import re

from reward_server.mathematics.reading.conventions import LINE_WITH_SPACE, as_in_latex
from reward_server.mathematics.reading.transport import numbered, restored, without_tags
from reward_server.mathematics.reading.typesetting import closing_brace, without_typesetting
from reward_server.normal_forms import normal_form

MAX_LENGTH = 4096
"""Characters beyond which a text is not parsed; it can still be equal as a string."""

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", "0123456789+-()ni", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙ", "0123456789+-()n", strict=True))
_VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
           "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
           "⅐": (1, 7), "⅑": (1, 9), "⅒": (1, 10)}  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩϕϵϑ",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Xi",
            "Pi",
            "Sigma",
            "Phi",
            "Psi",
            "Omega",
            "varphi",
            "varepsilon",
            "vartheta",
        ],
        strict=True,
    )
)
_SIGNS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "﹣": "-", "×": r"\times ", "✕": r"\times ",
    "⋅": r"\cdot ", "·": r"\cdot ", "∙": r"\cdot ", "•": r"\cdot ", "∗": "*", "÷": r"\div ", "∕": "/", "⁄": "/",
    "√": r"\sqrt ", "∛": r"\sqrt[3] ", "∞": r"\infty ", "≤": r"\le ", "≥": r"\ge ", "≦": r"\le ", "≧": r"\ge ",
    "⩽": r"\le ", "⩾": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≅": r"\cong ", "≃": r"\approx ", "≡": r"\equiv ",
    "∪": r"\cup ", "∩": r"\cap ", "∈": r"\in ", "∉": r"\notin ", "∅": r"\emptyset ", "⊂": r"\subset ",
    "⊆": r"\subseteq ", "⊊": r"\subsetneq ", "⊇": r"\supseteq ", "⊃": r"\supset ", "⊋": r"\supsetneq ",
    "∖": r"\setminus ", "±": r"\pm ", "∓": r"\mp ", "°": r"^\circ ", "º": r"^\circ ",
    "∘": r"\circ ", "∠": r"\angle ", "△": r"\triangle ", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}",
    "ℚ": r"\mathbb{Q}", "ℂ": r"\mathbb{C}", "→": r"\to ", "⇒": r"\Rightarrow ", "⇔": r"\Leftrightarrow ",
    "↦": r"\mapsto ", "⟶": r"\to ", "⟹": r"\Rightarrow ", "⟺": r"\Leftrightarrow ", "⇌": r"\rightleftharpoons ",
    "٪": "%", "٫": ".",
    "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ", "…": r"\ldots ", "⋯": r"\cdots ", "′": "'", "″": "''", "’": "'",
    "‘": "'", "“": '"', "”": '"', "⟨": r"\langle ", "⟩": r"\rangle ", "〈": r"\langle ", "〉": r"\rangle ",
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "ℏ": r"\hbar ", "ħ": r"\hbar ", "∶": ":",
    "Å": r"\text{angstrom}",
    "∼": r"\sim ", "∽": r"\sim ", "∦": r"\nparallel ",
    "∂": r"\partial ", "∇": r"\nabla ", "∧": r"\wedge ", "∨": r"\vee ", "∣": "|", "∥": r"\parallel ",  "⊥": r"\perp ",
    "∀": r"\forall ", "∃": r"\exists ", "¬": r"\neg ", "∝": r"\propto ", "℃": r"^\circ C", "℉": r"^\circ F",
    "µ": r"\mu ", "¢": r"\text{ cents}", "。": ".", "，": ",", "、": ",", "；": ";", "：": ":", "（": "(", "）": ")",
    "【": "[", "】": "]", "｛": "{", "｝": "}", "＝": "=", "％": "%", "￥": "¥", "〜": "~", "ℓ": r"\ell ", "𝑖": "i",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2003": " ", "\u3000": " ",
}  # fmt: skip
_DROPPED = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2061\u2062\u2063\ufe0f\u200e\u200f"

_TABLE: dict[int, str | None] = {
    **{ord(c): s for c, s in _SIGNS.items()},
    **{ord(c): rf"\{name} " for c, name in _GREEK.items()},
    **{ord(c): rf"\frac{{{p}}}{{{q}}}" for c, (p, q) in _VULGAR.items()},
    **dict.fromkeys(map(ord, _DROPPED), None),
}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_BETWEEN_STATEMENTS = re.compile(r"(?<=[\w)\]}])\s?(或者?|且)\s?(?=[A-Za-z0-9\\(\[{-])")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ]+")
_LOWERED = re.compile("[₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙ]+")
_ROOT = re.compile("√(\\d+(?:\\.\\d+)?|[A-Za-zα-ω]|π)")

_WRAPPERS = (
    (re.compile(r"^\s*```\w*\n?(.*?)```\s*$", re.DOTALL), 1),
    (re.compile(r"^\s*\*\*(.+?)\*\*\s*$", re.DOTALL), 1),
    (re.compile(r"^\s*`(.+?)`\s*$", re.DOTALL), 1),
)
_SYSTEM = re.compile(r"\\left\s*\\\{\s*\\begin\{(?:array|aligned|matrix|gathered)\}(?:\{[^{}]*\})?")
_ANGSTROM = re.compile(
    r"\\overset\s*\{?\s*\\circ\s*\}?\s*\{?\s*(?:\\(?:text|mathrm)\s*\{)?A\}?\}?|\\mathring\s*\{?(?:\\mathrm\{)?A\}?\}?"
)
_TEXT_DEGREE = re.compile(r"\\text(?:circ|degree)(?![A-Za-z])")
_PRICE = re.compile(r"^(?=[-+]?\$\s?\d)([-+]?)\$")
"""A dollar sign alone before a number is money; two of them are the delimiters of mathematics."""
_MARKUP = re.compile(r"\\[\[\]()]|\$\$|(?<!\\)\$")
_BOX = re.compile(r"\\(?:boxed|fbox|framebox)\s*")
_DOUBLED = re.compile(
    r"\\\\(?=(?:[dtc]?frac|sqrt|text|boxed|left|right|pi|cdot|times|le|ge|in|cup|infty|pm|sin|cos|tan|ln|log|mathrm|circ)\b)"
)
_SURD = re.compile(r"\\surd(?![A-Za-z])")
_JOINED = re.compile(r"(?<=[\d)\]}])(or|and)(?=[A-Z(\[\\\d-])")
_MAY_BE_JOINED = re.compile(r"[\d)\]}](?:or|and)")
_CHINESE_MINUS = re.compile(r"负(?=\s*[\d\\({.])")
_LEADING_SPACE = re.compile(r"(?:\\displaystyle(?![A-Za-z])\s*|\\[,;:! ]\s*|\\q?quad(?![A-Za-z])\s*)+")
_ONE_LINE = re.compile(
    r"\\begin\{(?:aligned|align\*?|gathered|gather\*?|split|equation\*?)\}((?:(?!\\\\|&|\\(?:begin|end)(?![A-Za-z])).)*)"
    r"\\end\{[a-z*]+\}",
    re.DOTALL,
)
"""A display of a single line, which is what stands in it."""
_BRACES_MEAN = re.compile(r"[|:]|\\(?:choose|over|atop|mid)(?![A-Za-z])")
_STARRED_SET = re.compile(r"(\\in\s*(?:\\math(?:bb|bf|rm)\s*\{?[NZQRC]\}?|[NZQRC]))\s*\*(?=\s*(?:$|[,;)\]}.]))")
"""`n \\in N*`, whose star is no multiplication."""
_PROOF_SIGNS = frozenset(".∎□■✓✔Dd")
_EDGE_SPACE = " \t\r\n\f\v\0"


_GIVEN = re.compile(
    r"((?<![A-Za-z])P|\\?Pr|\\mathbb\s*\{P\})(\s*(?:\\left\s*)?[(\[][^()|\[\]]{1,60})\|(?=[^()|\[\]]{1,60}[)\]])"
)
"""The bar of a conditional probability, which opens no absolute value."""


def asciify(text: str) -> str:
    """Rewrite unicode signs as LaTeX; letters of other alphabets stay."""
    text = _RAISED.sub(lambda m: "^{" + "".join(_SUPERSCRIPTS[c] for c in m[0]) + "}", text)
    text = _LOWERED.sub(lambda m: "_{" + "".join(_SUBSCRIPTS[c] for c in m[0]) + "}", text)
    text = _OTHER_DIGIT.sub(lambda m: str(int(m[0])), text)
    text = _BETWEEN_STATEMENTS.sub(r" \1 ", text)
    text = _ROOT.sub(lambda m: rf"\sqrt{{{m[1]}}}", text).translate(_TABLE)
    if not text.isascii():
        text = normal_form("NFKC", text).translate(_TABLE)
    return text


def _unwrap_boxes(text: str) -> str:
    r"""Replace each `\boxed{…}` by its content in braces removed."""
    pieces: list[str] = []
    position = 0
    for match in _BOX.finditer(text):
        if match.end() < len(text) and text[match.end()] == "{" and match.start() >= position:
            end = closing_brace(text, match.end())
            pieces += [text[position : match.start()], text[match.end() + 1 : end]]
            position = end + 1
    return "".join(pieces) + text[position:]


def _without_markdown(text: str) -> str:
    text = _STARRED_SET.sub(r"\1^*", text) if "\\in" in text else text
    for pattern, group in _WRAPPERS:
        match = pattern.match(text)
        text = match[group] if match else text
    return text


def _without_frame(text: str) -> str:
    """Return what stands in a display of one line, or in the braces around everything."""
    if text[:7] == "\\begin{" and (line := _ONE_LINE.fullmatch(text)) is not None:
        text = line[1].strip(_EDGE_SPACE)
    if text[:1] == "{" and closing_brace(text, 0) == len(text) - 1 and not _BRACES_MEAN.search(text):
        return text[1:-1].strip(_EDGE_SPACE)
    return text


def _without_trailing_space(text: str) -> str:
    """Return the text without the thin spaces of LaTeX at its end, and the blanks in front of each."""
    end = len(text)
    while text[end - 1 : end] in {",", ";", ":", "!"} and text[end - 2 : end - 1] == "\\":
        end -= 2
        while end > 0 and text[end - 1].isspace():
            end -= 1
    return text[:end]


def plain(text: str, ignored: list[str] | None = None) -> str:
    """Return the text in ASCII LaTeX, without the delimiters and markup that only say "this is mathematics".

    What is not seen in print, such as a phantom, is added to `ignored`.
    """
    if not text.isprintable():
        text = restored(text)
    if "</" in text or "&" in text:
        text = without_tags(text)
    if not text.isascii():
        text = _CHINESE_MINUS.sub("-", asciify(numbered(text)))
    text = text.strip(_EDGE_SPACE)
    if "\\\\" in text:
        text = LINE_WITH_SPACE.sub(r"\\\\ ", text)
    if "$" in text or "\\(" in text or "\\[" in text or "\\)" in text or "\\]" in text:
        if text.count("$") == 1 and (price := _PRICE.match(text)) is not None:
            text = price[1] + "\\$" + text[price.end() :]
        text = _MARKUP.sub(" ", text).strip(_EDGE_SPACE)
    if "\\" in text or text[-1:] in _PROOF_SIGNS:
        text = without_typesetting(text, [] if ignored is None else ignored)
    text = as_in_latex(text)
    if "\\left" in text and "begin" in text:
        text = _SYSTEM.sub(lambda _match: r"\begin{cases}", text)
    if "|" in text and "P" in text:
        text = _GIVEN.sub(r"\1\2\\mid ", text)
    if "\\textc" in text or "\\textd" in text:
        text = _TEXT_DEGREE.sub(r"\\circ ", text)
    if "\\surd" in text:
        text = _SURD.sub(r"\\sqrt", text)
    if "overset" in text or "mathring" in text:
        text = _ANGSTROM.sub(r"\\text{angstrom}", text)
    if "\\\\" in text and "begin" not in text:
        text = _DOUBLED.sub(r"\\", text)
    if ("or" in text or "and" in text) and _MAY_BE_JOINED.search(text) is not None:
        text = _JOINED.sub(r" \1 ", text)
    if "box" in text:
        text = _unwrap_boxes(text)
        text = _unwrap_boxes(text) if "box" in text else text
    if "*" in text or "`" in text:
        text = _without_markdown(text)
    if text[:1] in "\\{":
        text = _without_frame(text)
    if text[:1] == "\\" and (space := _LEADING_SPACE.match(text)) is not None:
        text = text[space.end() :]
    text = text.rstrip("\\" + _EDGE_SPACE) if text[-1:] == "\\" else text
    text = _without_trailing_space(text) if text[-1:] in ",;:!" else text
    if text[-2:] in {".)", ".]"} and text[-3:-2] not in {"", "."} and not text[-3].isdigit():
        text = text[:-2] + text[-1]  # a full stop that slipped into the bracket
        if ignored is not None:
            ignored.append(".")
    return text.strip(_EDGE_SPACE).rstrip("." + _EDGE_SPACE) if not text.endswith("...") else text
