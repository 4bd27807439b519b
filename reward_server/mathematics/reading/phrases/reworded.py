r"""What the grammar does not read, once more in other words: another language in English, plain text and code in LaTeX.

Allow lists, each a whole phrase or a written shape. Nothing is dropped: "keine Lösung" is "no solution", `\$15 dollars`
is `\$15`, and what then still is in no grammar stays words. A rewording never changes a text that was read.
"""

import re

from reward_server.mathematics.reading.unit_table import units

split = str.split

_COUNTED = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn",
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit",
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez - doce trece catorce quince dieciséis diecisiete",
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici",
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete",
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать",
)
_NUMBERS = {word: number for words in _COUNTED for number, word in enumerate(split(words)) if word != "-"}
"""Number words of other languages that are no words of another number in English."""
_PHRASES = {
    "keine lösung": "no solution", "keine lösungen": "no solution", "es gibt keine lösung": "no solution",
    "pas de solution": "no solution", "aucune solution": "no solution", "il n'y a pas de solution": "no solution",
    "no hay solución": "no solution", "no hay soluciones": "no solution", "sin solución": "no solution",
    "ninguna solución": "no solution", "nessuna soluzione": "no solution", "non ci sono soluzioni": "no solution",
    "sem solução": "no solution", "não há solução": "no solution", "нет решений": "no solution",
    "решений нет": "no solution", "нет решения": "no solution", "brak rozwiązań": "no solution",
    "çözüm yok": "no solution", "해가 없다": "no solution", "해 없음": "no solution", "解なし": "no solution",
    "không có nghiệm": "no solution", "vô nghiệm": "no solution", "tidak ada solusi": "no solution",
}  # fmt: skip
_WORDS = {
    **dict.fromkeys(("oder", "ou", "или", "veya", "lub", "または", "또는", "hoặc", "atau"), "or"),
    **dict.fromkeys(("und", "et", "и", "ve", "oraz", "および", "그리고", "và", "dan"), "and"),
    **dict.fromkeys(("wurzel aus", "quadratwurzel aus", "racine carrée de", "racine de", "raíz cuadrada de",
                     "raíz de", "radice quadrata di", "radice di", "raiz quadrada de", "raiz de", "корень из",
                     "квадратный корень из", "根号"), r"\sqrt"),
    **dict.fromkeys(("prozent", "pour cent", "por ciento", "per cento", "por cento", "процентов", "процента",
                     "процент", "パーセント", "퍼센트"), r"\%"),
    **dict.fromkeys(("januar", "janvier", "enero", "gennaio", "января"), "January"),
    **dict.fromkeys(("februar", "février", "febrero", "febbraio", "февраля"), "February"),
    **dict.fromkeys(("märz", "mars", "marzo", "março", "марта"), "March"),
    **dict.fromkeys(("avril", "abril", "aprile", "апреля"), "April"),
    **dict.fromkeys(("mai", "mayo", "maggio", "maio", "мая"), "May"),
    **dict.fromkeys(("juni", "juin", "junio", "giugno", "junho", "июня"), "June"),
    **dict.fromkeys(("juli", "juillet", "julio", "luglio", "julho", "июля"), "July"),
    **dict.fromkeys(("août", "agosto", "августа"), "August"),
    **dict.fromkeys(("septembre", "septiembre", "settembre", "setembro", "сентября"), "September"),
    **dict.fromkeys(("oktober", "octobre", "octubre", "ottobre", "outubro", "октября"), "October"),
    **dict.fromkeys(("novembre", "noviembre", "novembro", "ноября"), "November"),
    **dict.fromkeys(("dezember", "décembre", "diciembre", "dicembre", "dezembro", "декабря"), "December"),
    **dict.fromkeys(("tag", "tage", "jours", "días", "giorni", "dias", "дней", "дня"), "days"),
    **dict.fromkeys(("stunde", "stunden", "heures", "heure", "horas", "hora", "ore", "часов", "часа", "час"), "hours"),
    **dict.fromkeys(("minuten", "minutos", "minuti", "минут", "минуты"), "minutes"),
    **dict.fromkeys(("sekunden", "secondes", "segundos", "secondi", "секунд", "секунды"), "seconds"),
    "小时": " hours ", "分钟": " minutes ",
}  # fmt: skip
_WORD = re.compile(
    r"(?<![^\W\d_])(?:"
    + "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True) if ord(word[0]) < 0x3000)
    + r")(?![^\W\d_])|"
    + "|".join(word for word in sorted(_WORDS, key=len, reverse=True) if ord(word[0]) >= 0x3000),
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{1,2})\.?\s+(?:de\s+)?([A-Z][a-z]{2,8})\s+(?:de\s+)?(\d{4})")
_TEXT = re.compile(r"\\(?:text|mbox|textrm)\s*\{([^{}]*)\}")
_MONEY_TWICE = re.compile(r"\\?\$\s*([\d.,]*\d)\s*(?:dollars?|USD|US dollars)")
_MONEY_BEHIND = re.compile(r"([-+]?[\d.,]*\d)\s*\\?([$€£¥₹])")
_UNIT_IN_BRACKETS = re.compile(r"([-+]?\d[^\[\]()]{0,40}?)\s*(?:\[\s*([^\[\]]{1,20}?)\s*\]|\(\s*([^()]{1,20}?)\s*\))")
_SET_IN_BRACES = re.compile(r"\{([^{}|]{1,30})\|([^{}|]{1,100})\}")
_TRUNCATED = re.compile(r"([-+]?\d+\.\d{3,30})\s*(?:\\[lc]?dots|\.{3,})\.?")
_HOURS = split("one two three four five six seven eight nine ten eleven twelve")
_PAST = re.compile(
    r"(?P<part>a quarter|quarter|half|five|ten|twenty|twenty-five)\s+(?P<way>past|to)\s+(?P<hour>[a-z]{3,6}|\d{1,2})"
    r"(?:\s+(?P<half>[ap]\.?m\.?|in the (?:morning|afternoon|evening)))?",
    re.IGNORECASE,
)
_PARTS = {"a quarter": 15, "quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25}
_COMBINATIONS = re.compile(r"(?<![A-Za-z\\])C_(?:\{([^{}]{1,20})\}|(\w))\s*\^(?:\{([^{}]{1,20})\}|(\w))")
_PLAIN_UNITS = re.compile(r"([-+]?[\d.,]*\d)\s*\\[dt]?frac\{([A-Za-z]{1,3})\}\{([A-Za-z]{1,3})(?:\^\{?(\d)\}?)?\}")
_ALL_WHOLE = re.compile(r"(.+[+])\s*([^+]+?)\s*(?:\\cdot\s*)?\\mathbb\s*\{?Z\}?")
_UNIT_SIGNS = re.compile(r"[/* ]|\^\{?-?\d\}?")
_CLOSING, _BEGINS_NUMBER = frozenset(")]}"), frozenset("0123456789-.")
_LONGEST = 120


def reworded(text: str) -> str | None:
    """Return a text that was not read in other words; None where none of the tables fits."""
    if len(text) > _LONGEST:
        return None
    plain = " ".join(_TEXT.sub(r" \1 ", text).replace("~", " ").split())
    if (truncated := _TRUNCATED.fullmatch(plain)) is not None:
        return truncated[1]
    plain = plain.strip(" .")
    folded = plain.lower()
    if folded in _PHRASES:
        return _PHRASES[folded]
    if folded in _NUMBERS:
        return str(_NUMBERS[folded])
    for change in (_in_english, _as_clock, _in_signs):
        other = change(plain)
        if other is not None and other != plain:
            return other
    return None


def _in_english(text: str) -> str | None:
    english = _WORD.sub(lambda found: _WORDS[found[0].lower()], text)
    if english == text:
        return None
    english = english.replace(r"\sqrt ", r"\sqrt")
    return _DAY.sub(r"\1 \2 \3", re.sub(r"\\sqrt\s*(\d+)", r"\\sqrt{\1}", english)).strip()


def _as_clock(text: str) -> str | None:
    """Write "a quarter to four in the afternoon" in digits."""
    found = _PAST.fullmatch(text)
    if found is None:
        return None
    name = found["hour"].lower()
    hour = int(name) if name.isdigit() else _HOURS.index(name) + 1 if name in _HOURS else 0
    if not 1 <= hour <= 12:
        return None
    minute = _PARTS[found["part"].lower()]
    if found["way"].lower() == "to":
        hour, minute = (hour - 2) % 12 + 1, 60 - minute
    half = (found["half"] or "").lower()
    half = "am" if half.startswith("a") or "morning" in half else "pm" if half else ""
    return f"{hour}:{minute:02} {half}".strip()


def _in_signs(text: str) -> str | None:
    if (money := _MONEY_TWICE.fullmatch(text)) is not None:
        return rf"\${money[1]}"
    if (money := _MONEY_BEHIND.fullmatch(text)) is not None:
        return ("\\" if money[2] == "$" else "") + money[2] + money[1]
    if (described := _SET_IN_BRACES.fullmatch(text)) is not None:
        return rf"\{{{described[1]} \mid {described[2]}\}}"
    if " & " in text and "begin" not in text:
        return text.replace(" & ", " and ")
    return None


def second_spelling(text: str) -> str | None:
    r"""Return what a formula may mean as well: `5 [kg]`, `9.8\frac{m}{s^2}`, `C_n^k`, `1 + 2\mathbb{Z}`."""
    last = text[-1:]
    if last in _CLOSING and text[:1] in _BEGINS_NUMBER:
        return _with_unit(text)
    if "C_" in text and "^" in text:
        spelled = _COMBINATIONS.sub(_binomial, text)
        return spelled if spelled != text else None
    if last in "Z}" and "bb" in text and "\\in" not in text and (found := _ALL_WHOLE.fullmatch(text)) is not None:
        return rf"{found[1]} {found[2]} k, k \in \mathbb{{Z}}"
    return None


def _binomial(found: "re.Match[str]") -> str:
    return rf"\binom{{{found[1] or found[2]}}}{{{found[3] or found[4]}}}"


def _with_unit(text: str) -> str | None:
    """Return `5 [kg]` and `5 (kg)` with the unit as text; None where the brackets hold none."""
    if text[-1] == "}":
        plain = _PLAIN_UNITS.fullmatch(text)
        if plain is None or plain[2] not in units() or plain[3] not in units():
            return None
        return rf"{plain[1]} \text{{ {plain[2]}/{plain[3]}^{plain[4] or 1}}}"
    found = _UNIT_IN_BRACKETS.fullmatch(text)
    name = (found[2] or found[3]) if found is not None else ""
    if found is None or not all(part in units() for part in _UNIT_SIGNS.split(name) if part):
        return None
    return rf"{found[1]} \text{{ {name}}}"
