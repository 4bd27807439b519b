"""Announcements of an answer in the languages that MGSM, MMMLU and their like ask for, beside English and Chinese.

German, French, Spanish, Italian, Portuguese, Russian, Arabic, Turkish, Polish, Swahili, Thai, Indonesian, Japanese,
Korean, Hindi, Vietnamese, Bengali, Telugu, Greek, Swedish, Danish, Norwegian, Finnish, Dutch, Czech, Slovak, Hungarian
and Romanian. Only the last characters of a text are searched, and each pattern begins with a literal word.
"""

import re
import unicodedata
from collections.abc import Iterator
from operator import methodcaller
from typing import NamedTuple

from reward_server.words.denials import NOT, WRONG

_WINDOW = 3_000
_MAX_PLACES = 20
_NOUN_AND_VERB = (
    r"(?:opción|opção|opzione|option)\s+(?:correcta|correta|corretta|correcte)(?:\s+(?:es|é|è|est))?",
    r"antwort(?:\s+(?:ist|lautet|wäre))?", r"lösung(?:\s+(?:ist|lautet))?",
    r"réponse(?:\s+(?:finale|correcte|exacte))?(?:\s+est)?",
    r"respuesta(?:\s+(?:final|correcta))?(?:\s+es)?",
    r"risposta(?:\s+(?:finale|corretta|esatta))?(?:\s+è)?",
    r"resposta(?:\s+(?:final|correta|certa))?(?:\s+é)?",
    r"ответ(?:ом)?(?:\s+(?:является|будет|равен))?",
    r"(?:الإجابة|الاجابة|الجواب)(?:\s+(?:النهائية|الصحيحة|النهائي|الصحيح))?(?:\s+(?:هي|هو))?",
    r"(?:doğru\s+)?(?:cevap|cevabı|yanıt|yanıtı)",
    r"(?:prawidłowa\s+|poprawna\s+|ostateczna\s+)?odpowiedź(?:\s+(?:to|brzmi|jest))?",
    r"jibu(?:\s+(?:sahihi|la mwisho))?(?:\s+ni)?",
    r"คำตอบ(?:สุดท้าย|ที่ถูกต้อง)?\s*(?:คือ)?",
    r"jawaban(?:nya)?(?:\s+(?:akhir|yang benar|akhirnya))?(?:\s+adalah)?",
    r"(?:答え|回答|正解|解答)(?:は)?",
    r"(?:정답|답|답변)(?:은|는)?",
    r"(?:अंतिम\s+|सही\s+)?उत्तर(?:\s+है)?",
    r"(?:đáp án|câu trả lời|đáp số)(?:\s+(?:cuối cùng|đúng))?(?:\s+là)?",
    r"(?:চূড়ান্ত\s+|সঠিক\s+)?উত্তর(?:টি)?(?:\s+(?:হল|হলো|হচ্ছে))?",
    r"(?:η\s+)?(?:σωστή\s+|τελική\s+)?απάντηση(?:\s+είναι)?",
    r"(?:తుది\s+|సరైన\s+)?సమాధానం",
    r"(?:slut)?svar(?:et)?(?:\s+(?:är|er|blir))?",
    r"(?:lopullinen\s+)?vastaus(?:\s+on)?",
    r"(?:eind)?antwoord(?:\s+is)?",
    r"(?:správná\s+)?odpov[ěe]ď(?:\s+(?:je|zní))?",
    r"(?:(?:a\s+)?(?:helyes\s+)?válasz|(?:a\s+)?végeredmény)",
    r"răspunsul(?:\s+(?:corect|final))?(?:\s+este)?",
)  # fmt: skip
_VERBS = re.compile(
    r"(?:ist|lautet|est|es|è|é|является|будет|равен|هي|هو|to|brzmi|jest|ni|είναι|คือ|adalah|は|은|는|है|là|হল|হলো|হচ্ছে"
    r"|är|er|blir|on|is|je|zní|este)$",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    rf"(?:(?<!\w)|(?<=[ぁ-ヿ一-鿿가-힣฀-๿]))(?:{'|'.join(_NOUN_AND_VERB)})\s{{0,3}}(?P<mark>(?:[:：—=]|-(?!\d))?)\s{{0,3}}\**\s{{0,3}}",
    re.IGNORECASE,
)
_STEMS = (
    "opci", "opç", "opzi", "option",
    "ntwort", "ösung", "éponse", "espuesta", "isposta", "esposta", "твет", "جابة", "جواب", "evap", "anıt", "dpowied",
    "ibu", "คำตอบ", "awaban", "答え", "回答", "正解", "解答", "답", "उत्तर", "áp án", "trả lời", "áp số", "উত্তর", "సమాధాన",
    "πάντηση", "varet", "var:", "var är", "astau", "ntwoord", "dpov", "álasz", "égeredm", "ăspunsul",
)  # fmt: skip
_ASCII_STEMS = tuple(filter(str.isascii, _STEMS))
_VERB_LAST = re.compile(
    r"(?:cevap|cevabı|yanıt|yanıtı|उत्तर|উত্তর|উত্তরটি|సమాధానం)\s{1,3}(?=\S{1,40}(?:\s(?:है|हैं|হয়|হল))?\s{0,3}[.।!]?\s*(?:\n|$))",
    re.IGNORECASE,
)
"""Nouns of languages that put the verb last, in front of one word that ends its line."""
_COPULA_LAST = re.compile(r"(?:['’][dt][ıiuü]r|\s(?:है|हैं|হয়|হল))(?=[\s.।!]*$)")
_CLAUSE_END = re.compile(r"[,;.!?।。！？，、；\n]")


_END = methodcaller("end")


def without_copula(span: str) -> str:
    """Return a span without the copula that ends it in Turkish, Hindi and Bengali."""
    return _COPULA_LAST.sub("", span) if "'" in span or not span.isascii() else span


def with_ascii_digits(span: str) -> str:
    """Return a span whose digits, of whatever script, are written 0 to 9."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in span)


class Place(NamedTuple):
    """Where an announcement begins, and where what it announces begins."""

    start: int
    end: int


def places(text: str) -> Iterator[Place]:
    """Yield the announcements in these languages, last first.

    An announcement needs its verb or a mark (`:`, `—`); one whose clause denies it is none.
    """
    since = max(0, len(text) - _WINDOW)
    tail = text[since:]
    if not any(map(tail.__contains__, _ASCII_STEMS if tail.isascii() else _STEMS)):
        return
    found = [match for match in _ANNOUNCED.finditer(tail) if match["mark"] or _VERBS.search(match.group().rstrip(" *"))]
    found = sorted([*found, *_VERB_LAST.finditer(tail)], key=_END)
    for match in reversed(found[-_MAX_PLACES:]):
        clause = _CLAUSE_END.search(tail, match.end())
        end = clause.start() if clause else len(tail)
        if not _is_denied(tail, match, end):
            yield Place(since + match.start(), since + match.end())


def _is_denied(text: str, announced: re.Match[str], end: int) -> bool:
    """Tell whether a clause denies what it announces; an answer that is "no" or "false" itself denies nothing."""
    before = max(0, announced.start() - 12)
    for denial in (WRONG, NOT):
        if denial.search(text, before, announced.end()) is not None:
            return True
        found = denial.search(text, announced.end(), end)
        if found is not None and found[0] != text[announced.end() : end].strip(" *:"):
            return True
    return False
