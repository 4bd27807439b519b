"""Which language a text is in: CLD2's shares, and the script where that tells it alone."""

import re

import pycld2

from reward_server.words.scripts import LANGUAGES, NAMES, OWN_SCRIPT, WORD

_LONGEST = 12_000
"""Characters looked at from the beginning, and as many from the end."""
_ALIKE = {
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "jw": "jv",
    "fil": "tl",
    "zh-hant": "zh",
    "in": "id",
    "hr": "sr",
    "bs": "sr",
}
_LEAST = 0.75
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)


def code_of(language: str) -> str:
    """Return the two-letter code of a language's code or English name: `zh-cn` is `zh`.

    Raises:
        ValueError: the language is none that can be told here.
    """
    name = language.strip().lower()
    code = NAMES.get(name, re.split(r"[-_]", name)[0])
    code = NAMES.get(code, code)
    if code not in LANGUAGES:
        raise ValueError(f"{language[:20]!r} is no known language: write a code such as {', '.join(sorted(LANGUAGES))}")
    return code


def share_of(text: str, language: str) -> float:
    """Return the share of a text that is in a language, 0 where that cannot be told; code and addresses have none."""
    text = _CONTROL.sub(" ", _CODE.sub(" ", text))
    if len(text) > 2 * _LONGEST:
        text = f"{text[:_LONGEST]} {text[-_LONGEST:]}"
    by_script = _share_by_script(text, language)
    if by_script is not None:
        return by_script
    try:
        _, _, details = pycld2.detect(text, bestEffort=True)
    except pycld2.error:
        details = ()  # a character that CLD2 takes for none: nothing can be told
    shares = {code: percent for _, code, percent, _ in details if code != "un"}
    same = _ALIKE.get(language, language)
    told = sum(percent for code, percent in shares.items() if _ALIKE.get(code.lower(), code.split("-")[0]) == same)
    return told / total if (total := sum(shares.values())) else 0.0


def is_language(text: str, language: str) -> bool:
    """Tell whether most of a text is in a language."""
    return share_of(text, language) >= _LEAST


def _share_by_script(text: str, language: str) -> float | None:
    """Return the share of the words in a language that is written in a script of its own; None for other languages."""
    if language not in {"zh", *OWN_SCRIPT.values()}:
        return None
    counts: dict[str, int] = {}
    for match in WORD.finditer(text):
        script = str(match.lastgroup)
        counts[script] = counts.get(script, 0) + 1
    han, kana = counts.pop("han", 0), counts.get("kana", 0)
    if language == "ja":
        counts["kana"] = kana + (han if kana else 0)
    elif han:
        counts["chinese"] = han
    total = sum(counts.values())
    own = sum(count for script, count in counts.items() if OWN_SCRIPT.get(script) == language)
    return own / total if total else 0.0
