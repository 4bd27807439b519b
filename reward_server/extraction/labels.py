"""Reads option labels at the beginning of an announcement: letters of any script, numbers, or words such as "true".

A label ends where its word or number ends: "C" is not the beginning of "Cat", "2" not of "2.5", "2/3" or "2 %", "나"
not of "나무". Capital letters must be capitals, unless nothing else is said or a bracket stands behind ("c)"); words
are read in any case. "Probably true" is not read as "true": where words are the labels, a doubt is another answer.
"""

import re
from functools import lru_cache

from reward_server.extraction.assertion import behind_denial, is_asserted, is_taken_back
from reward_server.extraction.sequences import LATIN, ROMAN, folded, look_alikes, numbered, plainly

_PREFIX = re.compile(
    r"(?i)[\s:：*_.,，、\-–—#>\"'“”‘’`|/\\✅☑✔→⇒]{0,6}(?:(?:(?:the|my)\s+)?(?:correct\s+|right\s+|best\s+|final\s+)?"
    r"(?:answer|option|choice|letter|statement|therefore|thus|then|clearly|(?:most )?(?:likely|probably)|definitely"
    r"|is\b|选项|选择|應選|应选|選|选|是|为|為|应该是|ข้อ|opción|opção|opzione|вариант|الخيار|الاختيار|επιλογή|選択肢|선택지|보기)"
    r"(?:\s+(?:is|would be|should be))?\\?[\s_:：]{0,6}){0,3}"
)
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|\n+")
_CONCLUDES = re.compile(
    r"(?i)[\s*_]*(?:so|thus|hence|therefore|then|consequently|accordingly|in conclusion)\b[*_]*,?\s+(?:therefore\s+)?"
)
_IS_ANSWER = re.compile(
    r"(?i)[\s*_)`]*(?:is|must be|has to be|would be)\s+(?:(?:therefore|thus)\s+)?(?:the\s+)?"
    r"(?:(?:most|only|final)\s+)*(?:(?:correct|right|best)(?:\s+(?:answer|option|choice|one))?|answer)[\s*_.!]*"
)
_MOST_SENTENCES = 40
_LONGEST_CALL = 200
_DOUBTED = re.compile(r"(?i)likely|probably")
_JOINING = ("and", "or", "und", "oder", "et", "ou", "и", "или", "и/или", "και", "ή", "أو", "または", "및", "또는")
_SIGNS = r"[,，、;；/&|+]|和|与|與|或|及|と|와|과"
_JOINED = re.compile(rf"{_SIGNS}|\b(?:{'|'.join(_JOINING)})\b|\bو")
_OFFERED = re.compile(r"[/|或]|\b(?:or|oder|ou|или|ή|أو)\b|または|또는")
"""What joins labels of which one or the other is meant: "A or C" and "A/C" are not both of them."""
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0900-\u0903\u093a-\u094f\u064b-\u065f"
_GOES_ON = r"(?:입니다|이다|이고|번|です|である|が|を|は|だ|选项|選項|选?项|是|为|為|正确|正確|と|와|과|및)"
_APART = rf"(?:(?![\w'’^{_MARKS}])|(?={_GOES_ON}))"
_BESIDE = r"[^\w~¬∼≁≠]{0,6}"
_IN_FRONT = r"[^\w~¬∼≁≠!]{0,6}"
"""What may stand beside a label that is all that is said: no sign that denies it."""
_SPREADSHEET = frozenset(numbered(26 * 27))
_WRITTEN = {"ا": "[اأإآ]", "ه": "هـ?"}


_NUMBER = (
    rf"(?<![\d.\-−–/^$€£¥₩₹])\d{{1,3}}(?![\w'’^{_MARKS}]|\.\d|,(?!\d{{1,2}}(?!\d))\d|\s?[=+*^/×·<>≤≥%°]|\s?[-−–]\s?\d)"
)
_VALUED = re.compile(r"[-−–—>≥‹›<≤≠~≈±√∛/|¬]")
"""What in front of a number makes it a value, even with a blank between them."""
_PRIMED = re.compile(r"\s?['’′^]")
_QUOTED = re.compile(r"['‘’][\s(]{0,2}$")
"""What makes another name of a label (`B'` is not B), and an opening quotation mark in front of it."""
_ASKS = re.compile(r"(?i)[\W_]*is\s+(?:the|my)\b")
_AS_LABEL = re.compile(
    r"(?i)(?:option|choice|letter|选项|選項|opción|opção|opzione|вариант|الخيار|επιλογή|選択肢|선택지|보기)\W*$"
)
"""What in front of a number makes it a label."""
_GOES_ON_AS_VALUE = re.compile(r"\s?(?:[!$€£¥%‰°₩₹…√π²³⁻½¼¾]|\\)")
_CLOSED_BY = ("()", "[]", "（）", "【】", "{}")
_LETTERED = r"[A-Z]{1,2}(?![a-zA-Z0-9'’_^])"
_NUMERAL = r"[IVX]{1,5}(?![\w'’^-])"
"""Patterns of all labels of a sequence; whether there is an option of that name is looked up."""


def _is_coded(label: str, labels: tuple[str, ...]) -> bool:
    """Tell whether several characters are a number in letters: IV, AB."""
    return ("I" in labels and "A" not in labels and label in ROMAN) or ("A" in labels and label in _SPREADSHEET)


def _written(label: str) -> str:
    return _WRITTEN.get(folded(label)) or re.escape(label)


def _inside(label: str, labels: tuple[str, ...]) -> str:
    """Return the pattern of a label between brackets."""
    if label.isdecimal():
        return r"\d{1,3}"
    if len(label) > 1 and _is_coded(label, labels):
        return "[IVX]{1,5}" if label in ROMAN and "A" not in labels else "[A-Z]{1,2}"
    return _written(label)


def _bare(label: str, labels: tuple[str, ...]) -> str:
    """Return the pattern of a label without brackets."""
    if label in LATIN and not any(len(other) > 1 and _is_coded(other, labels) for other in labels):
        return rf"{label}(?![a-zA-Z0-9'’_^])"
    if label.isdecimal():
        return _NUMBER
    if len(label) == 1 and label not in LATIN:
        case = "" if label.isupper() else "i"
        return rf"(?{case}:{_written(label)}){_APART}|(?i:{_written(label)})(?=[)）])"
    if _is_coded(label, labels):
        return _NUMERAL if "I" in labels and label in ROMAN else _LETTERED
    words = r"[\s_-]{1,3}".join(map(re.escape, folded(label).split()))
    return rf"(?i:{words})(?![\w'’^-])"


def _separator(labels: list[str]) -> str:
    taken = {folded(label) for label in labels}
    words = "|".join(re.escape(word) for word in _JOINING if word not in taken)
    return rf"(?:\s{{0,4}}(?:{_SIGNS}|\b(?:{words})\b|\bو\s?)){{0,3}}\s{{0,4}}"


class LabelReader:
    """Reads the labels of one question."""

    def __init__(self, labels: tuple[str, ...], aliases: tuple[tuple[str, str], ...] = ()) -> None:
        alike = look_alikes(labels)
        self._names = {folded(other): label for other, label in (*alike.items(), *aliases)}
        self._names |= {folded(label): label for label in labels}
        self.latin = all(label in LATIN for label in labels) and not aliases
        """Whether all are capital letters of the Latin alphabet."""
        self.words = any(len(label) > 1 and not label.isdecimal() and not _is_coded(label, labels) for label in labels)
        """Whether some are words."""
        written = sorted((*labels, *(alias for alias, _ in aliases)), key=len, reverse=True)
        patterns = (
            [f"[{''.join(labels)}](?![a-zA-Z0-9'’_^])"] if self.latin else [_bare(one, labels) for one in written]
        )
        patterns += [rf"[{''.join(alike)}]{_APART}"] if alike else []
        self.pattern = f"(?:{'|'.join(dict.fromkeys(patterns))})"
        """The labels without brackets."""
        inside = "|".join(dict.fromkeys([*(_inside(label, labels) for label in written), *alike]))
        one = rf"(?:[(\[（【{{]\s?(?{'' if self.latin else 'i'}:{inside})\s?[)\]）】}}]|{self.pattern})"
        several = rf"{one}(?:{_separator(written)}{one}){{0,25}}"
        self._one = re.compile(one)
        self._listed = re.compile(rf"{several}\s{{0,2}}[)\]）】}}]?|[(\[（【{{]\s?{several}\s{{0,2}}[)\]）】}}]?")
        self._run = self._runs(written)
        lettered = (label for label in written if not label.isdecimal())
        whole = "|".join(dict.fromkeys([*(_inside(label, labels) for label in lettered), *alike]))
        self._whole = re.compile(rf"{_IN_FRONT}((?i:{whole})){_BESIDE}" if whole else r"(?!)")

    def _runs(self, written: list[str]) -> re.Pattern[str]:
        """Return the pattern of labels side by side, "AC" or "ㄱㄷ"; nothing for numbers and words."""
        single = "".join(re.escape(label) for label in written if len(label) == 1 and not label.isdecimal())
        if not single or any(label.isdecimal() or (len(label) > 1 and label.isascii()) for label in written):
            return re.compile(r"(?!)")
        ends = "(?![a-zA-Z0-9])" if self.latin else rf"(?:(?!\w)|(?={_GOES_ON}))"
        return re.compile(rf"[(\[（【]?\s?((?:[{single}]){{2,26}})\s?[)\]）】]?{ends}")

    def name(self, written: str) -> str | None:
        """Return the label that a text is, in whatever case."""
        return self._names.get(folded(written))

    def read(self, span: str) -> tuple[tuple[str, ...], str]:
        """Return the labels a cleaned announcement begins with, none where it names none, and what follows them."""
        labels, rest, _ = self._read(span)
        return labels, rest

    def offers(self, span: str) -> bool:
        """Tell whether the labels that `read` finds stand there as alternatives."""
        return _OFFERED.search(self._read(span)[2]) is not None

    def _read(self, span: str) -> tuple[tuple[str, ...], str, str]:
        """Return the labels, what follows them, and the list in which several of them stand as it is written."""
        span = plainly(span)
        prefix = _PREFIX.match(span)
        body = span[prefix.end() :] if prefix else span
        if prefix and (_ASKS.match(prefix.group()) or (self.words and _DOUBTED.search(prefix.group()))):
            return (), "", ""
        body = behind_denial(body.lstrip(" \t\n:：*_-.#"))
        at = len(span) - len(body)
        run = self._run.match(span, at)
        if run:
            labels, rest = tuple(self._names[folded(one)] for one in run.group(1)), span[run.end() :]
            return ((), "", "") if is_taken_back(rest) else (labels, rest, "")
        listed = self._listed.match(span, at)
        if listed is None:
            whole = self._whole.fullmatch(body)
            if whole and _PRIMED.match(body, whole.end(1)) and not _QUOTED.search(span[: at + whole.start(1)]):
                whole = None
            only = self.name(whole.group(1)) if whole else None
            return ((only,) if only else ()), "", ""
        labels, rest = self._named(listed.group()), span[at + len(listed.group().rstrip()) :]
        if is_taken_back(rest) or not labels or self._is_text(labels, listed.group(), rest):
            return (), "", ""
        if all(map(str.isdecimal, labels)) and _is_value(span[:at], listed.group().strip(), rest):
            return (), "", ""
        return labels, rest, listed.group()

    def _is_text(self, labels: tuple[str, ...], listed: str, rest: str) -> bool:
        """Tell whether what looks like labels begins a sentence: labels side by side, or an article."""
        only_listed = len(labels) > 1 and not _JOINED.search(listed) and rest.lstrip()[:1].isalpha()
        return only_listed or (listed.strip() == labels[0] and labels[0] in {"A", "I"} and _is_word(rest))

    def _named(self, written: str) -> tuple[str, ...]:
        """Return the labels of a list; none where one is no option's."""
        found = [self.name(one.group().strip("()[]{}（）【】 ")) for one in self._one.finditer(written)]
        return tuple(label for label in found if label) if all(found) else ()


def _is_value(before: str, listed: str, rest: str) -> bool:
    """Tell whether numbers that are labels are values where they stand: "> 2", "- 2", "(2, ∞)", "[2, 3)", "2!"."""
    called = not listed[0].isdecimal() and before[-1:].isspace()
    if (_VALUED.search(before) and not called) or any(
        listed.count(one[0]) > listed.count(one[1]) for one in _CLOSED_BY
    ):
        return True
    return listed[0].isdecimal() and _AS_LABEL.search(before) is None and _GOES_ON_AS_VALUE.match(rest) is not None


def _is_word(rest: str) -> bool:
    """Tell whether a bare "A" or "I" goes on as the article or the pronoun."""
    following = re.match(r"\s+([a-z]+)", rest)
    return following is not None and following.group(1) not in (
        "is",
        "because",
        "since",
        "as",
        "and",
        "but",
        "which",
        "with",
    )


@lru_cache(maxsize=256)
def reader_of(labels: tuple[str, ...], aliases: tuple[tuple[str, str], ...] = ()) -> LabelReader:
    """Return the reader of these labels, made once."""
    return LabelReader(labels, aliases)


def called_the_answer(text: str, reader: LabelReader) -> tuple[tuple[str, ...], str, str]:
    """Return the labels that sentences call the answer, the last of these sentences, and what stands behind its label.

    "So B is the correct answer." Empty where the text does not end in such a sentence.
    """
    sentences = [one for one in _SENTENCE.split(text) if one.strip()][-_MOST_SENTENCES:]
    called = _called(sentences[-1], reader) if sentences else None
    if called is None or not is_asserted(text, text.rfind(called[1])):
        return (), "", ""
    letters = [one[0] for one in (_called(sentence, reader) for sentence in sentences) if one is not None]
    return tuple(dict.fromkeys(letters)), *called[1:]


def _called(sentence: str, reader: LabelReader) -> tuple[str, str, str] | None:
    """Return the label that a sentence calls the answer, the sentence, and what stands behind its label."""
    sentence = sentence[lead.end() :] if (lead := _CONCLUDES.match(sentence)) else sentence
    letters, rest = reader.read(sentence) if len(sentence) <= _LONGEST_CALL else ((), "")
    return (letters[0], sentence, rest) if len(letters) == 1 and _IS_ANSWER.fullmatch(rest) else None
