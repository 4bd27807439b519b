r"""LaTeX that changes how a formula looks and not what it says: colours, phantoms, tags, boxes, spacing, siunitx.

Each command is rewritten as what a reader of the printed page sees. `\textcolor{red}{5}` is `5`, `\phantom{0}5` is `5`,
`\qty{3}{\metre\per\second}` is `3 \text{m/s}`. A command that strikes its argument out (`\cancel`) is not here.
"""

import re

SHOWS_NOTHING = {
    "phantom": 1, "hphantom": 1, "vphantom": 1, "tag": 1, "label": 1, "hspace": 1, "vspace": 1, "color": 1,
    "mathcolor": 1, "pagecolor": 1, "fontsize": 2, "rule": 2, "eqno": 0, "qedhere": 0, "null": 0,
}  # fmt: skip
"""Commands whose arguments, so many, are not seen or are no part of the formula."""
SHOWS_LAST = {
    "textcolor": 2, "colorbox": 2, "fcolorbox": 3, "bbox": 1, "mathord": 1, "mathbin": 1, "mathrel": 1, "mathpunct": 1,
    "mathinner": 1, "underline": 1, "uline": 1, "mathclap": 1, "mathrlap": 1, "mathllap": 1, "smash": 1,
    "raisebox": 2, "scalebox": 2, "texorpdfstring": 1, "hl": 1, "highlight": 1, "enclose": 2, "class": 2, "style": 2,
}  # fmt: skip
"""Commands of so many arguments that show the last one."""
_QUANTITIES = {"num": 1, "SI": 2, "qty": 2, "si": 1, "unit": 1, "ang": 1, "SIrange": 3, "numrange": 2, "numlist": 1}

_COMMAND = re.compile(
    r"\\("
    + "|".join(sorted({*SHOWS_NOTHING, *SHOWS_LAST, *_QUANTITIES}, key=len, reverse=True))
    + r")(?![A-Za-z])\*?\s*"
)
_OPTION = re.compile(r"\[[^\[\]]{0,80}\]\s*")
_SCRIPT_BEFORE = re.compile(r"(?:[\^_]|\\(?:[dtc]?frac|[dt]?binom)\s*(?:\{[^{}]*\})?|\\sqrt\s*(?:\[[^\]]*\])?)\s*$")
_LETTERS_BEFORE = re.compile(r"\\[A-Za-z]+$")
_END_OF_PROOF = re.compile(
    r"(?<![-+*/=<>^_,(\[{])(?:(?:\s|~|\\quad|\\qquad|\\hfill|\\[,;: ])+|(?=\\(?:blacksquare|qed)|[∎■✓✔]))(?:\$\s*)?"
    r"(?:\\(?:square|blacksquare|Box|qed|qedsymbol|QED|checkmark)|\\text\s*\{\s*(?:Q\.?E\.?D\.?|q\.?e\.?d\.?)\s*\}"
    r"|Q\.?E\.?D\.?|[∎□■✓✔])\s*[.$]*\s*$"
)
_ENDS_PROOF = frozenset("exdlDk∎□■✓✔")
"""How the signs for the end of a proof end themselves, without closing brace."""
_ENDING = 200
"""Characters at the end of a text in which a sign for the end of a proof is looked for."""
_EMPTY_BEFORE_DEGREE = re.compile(r"\{\s*\}\s*(?=\^\s*\{?\s*\\(?:circ|degree|prime))")
_SPACING = re.compile(r"\\(?:hskip|kern|mskip|mkern|vskip)\s*-?\d*\.?\d+\s*(?:pt|em|ex|mu|cm|mm|in)\b")
_UNIT_WORD = re.compile(r"\\([A-Za-z]+)\s*|([^\\]+)")
_UNIT_PREFIXES = ("tera", "giga", "mega", "kilo", "hecto", "deca", "deci", "centi", "milli", "micro", "nano", "pico")
_UNIT_MARKS = {"per": "/", "squared": "^2", "cubed": "^3", "square": "square ", "cubic": "cubic ", "percent": "percent",
               "degreeCelsius": "°C", "celsius": "°C", "degree": "degree", "of": "", "cdot": "*", "times": "*",
               "mu": "μ", "Omega": "Ω"}  # fmt: skip
_MAX_COMMANDS = 60


def without_typesetting(text: str, ignored: list[str]) -> str:
    """Return the text as it is seen in print; what is not seen there is added to `ignored`.

    Linear but for the nesting of the commands, which is bounded.
    """
    if "\\" in text:
        text = _seen(text, ignored)
        if "{" in text and "^" in text:
            text = _EMPTY_BEFORE_DEGREE.sub("", text)
        if "k" in text:
            text = _SPACING.sub(" ", text)
    last = text.rstrip().rstrip(".$").rstrip()
    if last[-1:] == "}":
        last = last[:-1].rstrip().rstrip(".")
    if last[-1:] not in _ENDS_PROOF:
        return text
    end = _END_OF_PROOF.search(text, max(0, len(text) - _ENDING))
    if end is not None:
        ignored.append(end[0].strip())
        text = text[: end.start()]
    return text


def _seen(text: str, ignored: list[str]) -> str:
    for _ in range(_MAX_COMMANDS):
        match = _COMMAND.search(text)
        if match is None:
            break
        name = match[1]
        count = SHOWS_NOTHING.get(name, SHOWS_LAST.get(name, _QUANTITIES.get(name, 0)))
        arguments, end = _arguments(text, match.end(), count)
        before = text[: match.start()]
        if name in SHOWS_NOTHING:
            ignored.append(text[match.start() : end])
            shown = " " if count != 1 or name in {"hspace", "tag", "label"} else ""
        elif name in SHOWS_LAST:
            shown = arguments[-1] if arguments else ""
        else:
            shown = _quantity(name, arguments)
        if shown and name not in SHOWS_NOTHING and _SCRIPT_BEFORE.search(before[-200:]):
            shown = "{" + shown + "}"
        elif shown[:1].isalpha() and _LETTERS_BEFORE.search(before[-20:]):
            shown = " " + shown
        text = before + shown + text[end:]
    return text


def _arguments(text: str, position: int, count: int) -> tuple[list[str], int]:
    """Return the braced arguments, or the one character that stands for one, and where they end."""
    found: list[str] = []
    for _ in range(count):
        while (option := _OPTION.match(text, position)) is not None:
            position = option.end()
        while position < len(text) and text[position].isspace():
            position += 1
        if text[position : position + 1] != "{":
            found.append(text[position : position + 1])
            position += 1
            continue
        end = closing_brace(text, position)
        found.append(text[position + 1 : end])
        position = end + 1
    return found, min(position, len(text))


def _quantity(name: str, arguments: list[str]) -> str:
    """Write a siunitx command as plain mathematics."""
    if name in {"si", "unit"}:
        return r"\text{ " + _unit(arguments[0]) + "}"
    if name == "ang":
        parts = arguments[0].split(";")
        return "".join(
            part.strip() + mark for part, mark in zip(parts, ("^\\circ ", "' ", "'' "), strict=False) if part.strip()
        )
    number = re.sub(r"(?<=\d)[\s~]+(?=\d)", "", arguments[0])
    if name == "numlist":
        return number.replace(";", ", ")
    if name in {"SIrange", "numrange"}:
        number = f"[{number}, {arguments[1]}]"
    return number if len(arguments) == 1 or name == "numrange" else number + r"\text{ " + _unit(arguments[-1]) + "}"


def _unit(text: str) -> str:
    r"""Write `\kilo\metre\per\second\squared` as `kilometre/second^2`."""
    pieces: list[str] = []
    for match in _UNIT_WORD.finditer(text):
        word = match[1]
        if word is None:
            pieces.append(match[2].replace(".", "*"))
            continue
        mark = _UNIT_MARKS.get(word)
        if pieces and mark is None and pieces[-1][-1:].isalnum() and not pieces[-1].endswith(_UNIT_PREFIXES):
            pieces.append("*")
        pieces.append(word if mark is None else mark)
    return "".join(pieces)


def closing_brace(text: str, opening: int) -> int:
    """Return the index of the brace that closes the one at `opening`, or the end of the text."""
    depth = 0
    escaped = False
    for index in range(opening, len(text)):
        char = text[index]
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return index
    return len(text)
