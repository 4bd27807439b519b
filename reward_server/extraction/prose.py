r"""From a place in running text to an answer: where the sentence ends, what is decoration, what is the core.

A span may be readable in more than one way ("25 miles, which is 5 more than before"). `readings` lists them, widest
first, and every narrower reading is offered only where it is unique, so that no reading picks one of several
different numbers: a hedged sentence has no narrow reading.
"""

import re

from reward_server.extraction.assertion import denies, is_hearsay

_MAX_SENTENCE = 2_000
_FEW_WORDS = 6
"""A line of so few words is an answer rather than a sentence about one."""

_END = re.compile(
    r"(?<!\.[a-zA-Z])(?<!\bapprox)(?:[.?]|(?<![)!])!)(?=[*\")'\]]{0,3}(?:\s|$))|[。！？।]|\n|<\||[<\[]/[A-Za-z]"
)
_MATH_OPEN = {"$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_MATH = re.compile(r"\$\$(.{1,1000}?)\$\$|\$([^$]{1,1000})\$|\\\[(.{1,1000}?)\\\]|\\\((.{1,1000}?)\\\)", re.DOTALL)
_BOLD = re.compile(r"(?<![\w*)])\*\*(?=[^\s*])([^*\n]{1,400}?)(?<=\S)\*\*(?![\w*(])")
_CJK = re.compile(r"[一-鿿]")
_LAST_BOLD = re.compile(r"(?:(?!\*\*).)*\*\*([^*]{1,80})\*\*$")
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "「": "」"}
_PREFACE = re.compile(
    r"(?i)(?:\\(?:text|textbf|mathrm|mathbf)\{\s*)?(?:(?:so|thus|hence|therefore),?\s+)?"
    r"(?:(?:the\s+|my\s+|our\s+)?(?:final\s+|correct\s+)?answer(?:\s+is)?\s*[:=]?|that)\s*\}?\s*(?=\S)"
)
_LEAD = re.compile(r"(?i)(?:(?:so|thus|hence|therefore|then|it follows that)\b|所以|因此|故)[,:，]?\s*(?=\S)")
_COPULA = re.compile(r"\b(?:is|are|equals)\b[:：]?\s{0,4}|[是为][:：]?\s{0,4}")
_CHOOSES = re.compile(r"(?i)\b(?:or|either|not|but|and|if|unless)\b|或|不")
_POLITE_END = re.compile(r"(?i)\s*I hope (?:it|this) is correct\.?\s*$")
_DOUBLED = re.compile(r"\\\\(?=[a-zA-Z]{2})")
_CLAUSE = re.compile(
    r"(?:,|;|\s[-–—])?\s+(?:(?:which|because|since|where|as|so|in total|altogether|after|given|for"
    r"|using|I hope|per\s+the)\b|i\.e\.|e\.g\.)|，|（|\s\((?!\s?or\b)"
)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.^_\\(])(?:[-−+](?=[\d$.£€¥]))?[$£€¥]?\s?(?:\d{1,3}(?:,\d{3})++(?!\d)|\d++)?(?:(?<=\d)|\.(?=\d))"
    r"(?:\.?\d++)?(?:\s?/\s?\d++)?(?:\s?\\?%)?(?![A-Za-z0-9^(_!])"
)
_ALTERNATIVES = re.compile(
    r"(?i)\b(?:or|either|not|but|except|between|plus|minus|times|divided|neither)\b|[+*=<>]|或|不|除"
)
_BOUNDS = re.compile(
    r"(?i)\b(?:than|least|most|above|below|under|over|within|up to|until|mod|modulo|exceeds?|multiples?|factors?"
    r"|powers?|roots?|squared?|half|twice|double|triple|base|divisors?|prime)\b|[多少大小]于|至[多少]|倍"
)
_COMPUTATION = re.compile(r"\s*[(（](?=[^()（）]*\d)[-\d\s.,+*/×÷−=$€£¥%x·]{3,80}[)）]\s*$")
"""A bracket at the end that shows how the number before it was computed: digits and operators alone."""
_PLAIN_WORDS = 14
_PLAIN = re.compile(r"[A-Z][\w'’,$€£¥%. -]*")
_TRAILING = " \t\n\r*_`,;:："
_STARRED = re.compile(r"(?:\^|\\math(?:bb|bf|rm|cal)\s?\{?[NZQRC]\}?|(?:\\in|∈)\s?[NZQRC]|[ℕℤℚℝℂ])$")
"""What a star behind it belongs to."""
_REFUSES = re.compile(
    r"(?i)\b(?:cannot|can't|can not|could not|unable|not sure|unsure|don't know|do not know|unclear|impossible to say"
    r"|guess|maybe|perhaps|interesting|need more|not enough|i don't)\b|无法|不知道|不确定"
)
_YES_OR_NO = re.compile(r"(?i)[\s*_\"'“]*(?:yes|no|true|false|是|否)[\s*_\"'”.!。]*")
"""A whole text that answers and denies nothing else."""
_CONCLUDES = re.compile(
    r"(?i)(?:=|≈|[:：]\s*(?=\$|\\\(|\\\[)|\\approx|\\leq?\b|\\geq?\b|\\lt\b|\\gt\b|[<>]|\b(?:therefore|thus|hence|so|total|equals?|gives?|get|gets"
    r"|is|are|was|has|have|will|there|left)\b|因此|所以|一共|共|还|答)"
)
_ENDING = re.compile(
    r"(?i)\b(?:is|are|was|be|equals?|gives?|get|gets|of|it's)\s+(?P<value>[-−]?[$£€¥]?\d[^\s]{0,60}(?:\s+[^\s\d]{1,20}){0,3}"
    r"|\(?(?-i:[A-H])\)?)$"
)


def sentence_end(text: str, start: int) -> int:
    """Return where the statement beginning at `start` ends: at its sentence, line or closing mathematics."""
    limit = min(len(text), start + _MAX_SENTENCE)
    position = start
    for opening, closing in _MATH_OPEN.items():
        if text.startswith(opening, start):
            found = text.find(closing, start + len(opening), limit)
            if found >= 0:
                position = found + len(closing)
                if text[found - 1] == ".":
                    return position
            break
    if text.startswith("\\begin{", start):
        found = text.rfind("\\end{", start, limit)
        position = found if found >= 0 else start
    end = _END.search(text, position, limit)
    return end.start() if end else limit


def clean(span: str) -> str:
    """Remove decoration that is not part of an answer: emphasis, quotes, end marks, "the answer is"."""
    answer = _bare(span)
    if answer.startswith('\\"'):
        answer = answer[2:].removesuffix('\\"').strip(_TRAILING)
    answer = single_backslashes(answer)
    if "**" in answer:
        answer = _BOLD.sub(r"\1", answer)
    if answer and _PREFACE.match(answer):
        answer = _PREFACE.sub("", answer, count=1)
    lead = _LEAD.match(answer)
    if lead:
        answer = answer[lead.end() :]
    closing = _QUOTES.get(answer[:1])
    if closing and answer.endswith(closing) and len(answer) > 2:  # noqa: PLR2004 - both quotes and a content
        answer = answer[1:-1]
    answer = _bare(answer)
    if answer.endswith((".", "。")) and not answer.endswith(("..", "\\.")):
        answer = _bare(answer[:-1])
    return answer


def _bare(text: str) -> str:
    r"""Strip blanks, emphasis and marks at both ends; the star of `\mathbb{N}^*` and `N*` is part of the name."""
    bare = text.strip(_TRAILING)
    if "*" not in text or _STARRED.search(bare) is None:
        return bare
    end = text.find(bare) + len(bare)
    return bare + "*" if text[end : end + 1] == "*" != text[end + 1 : end + 2] else bare


def single_backslashes(text: str) -> str:
    r"""Undo one escaping too many (`\\frac`), unless the text has rows that end in `\\`."""
    return _DOUBLED.sub(r"\\", text) if "\\\\" in text and "\\begin" not in text else text


def math_segments(span: str) -> list[str]:
    """Return the contents of the span's delimited mathematics, in order."""
    if "$" not in span and "\\(" not in span and "\\[" not in span:
        return []
    return [next(group for group in match.groups() if group is not None).strip() for match in _MATH.finditer(span)]


def readings(span: str) -> tuple[str, ...]:
    """Return the ways to read a cleaned span, widest first; a narrow one is there only if it is the only one."""
    found = [span]
    if len(span) <= _MAX_SENTENCE and not denies(span):
        clause = _CLAUSE.search(span)
        if clause and clause.start():
            found.append(clean(span[: clause.start()]))
        stated = _after_copula(span[: clause.start()] if clause and clause.start() else span)
        if stated:
            found.append(stated)
        segments = math_segments(span)
        if len(set(segments)) == 1 and _only_math(span):
            found.append(clean(segments[0]))
        elif not segments:
            number = only_number(span)
            if number:
                found.append(number)
            elif clause:
                number = only_number(span[: clause.start()])
                if number:
                    found.append(number)
    return tuple(dict.fromkeys(reading for reading in found if reading))


def _after_copula(span: str) -> str | None:
    """Return what a plain sentence says its subject is: all that follows the last "is"."""
    copula = next(iter([*_COPULA.finditer(span)][-1:]), None)
    if copula is None or not copula.start() or _CHOOSES.search(span, 0, copula.start()):
        return None
    return clean(span[copula.end() :])


def _only_math(span: str) -> bool:
    """Tell whether the words around a span's mathematics hold no number of their own."""
    return not re.search(r"\d", _MATH.sub("", span))


def only_number(span: str) -> str | None:
    """Return the number a span of words states, if it has exactly one and does not bound or modify it."""
    if "\\" in span.replace("\\%", "").replace("\\$", "") or "^" in span or _ALTERNATIVES.search(span):
        return None
    numbers = list(_NUMBER.finditer(span))
    if len({number.group().strip() for number in numbers}) != 1 or _BOUNDS.search(span, 0, numbers[0].start()):
        return None
    return numbers[0].group().strip()


_UNIT_WORD = r"(?!(?:or|and|but|not|as|if|so|per)\b)[A-Za-z°µΩ%][A-Za-z°µΩ%/^{}\d²³-]*"
_SECOND_WORD = (
    r"(?!(?:less|plus|minus|times|is|was|as|this|its|perhaps|always|sometimes|besides|thus|\w+wards)\b)[a-z]+s"
    r"|feet|people|children|men|women|old|long|tall|high|wide|deep|left|remaining|each|Celsius|Fahrenheit"
)
_IT_IS = re.compile(
    r"(?:(?:[Ss]o|[Tt]hus|[Hh]ence|[Tt]herefore|[Tt]hen)\b,?\s*)?(?:[Ii]t|[Tt]hat|[Tt]his)(?:['’]s|\s+(?:is|was|equals))\s+"
    r"(?P<value>(?:\$[^$]{1,400}\$|\\\(.{1,400}\\\)"
    r"|(?=[\d\\$£€¥(+−-])(?:[^A-Za-z\\]|\\[A-Za-z]+|\\[^A-Za-z]|(?:sin|cos|tan|log|ln|sqrt|pi|mod)(?![A-Za-z])"
    r"|(?<![A-Za-z])[A-Za-z](?![A-Za-z])){1,400}?)"
    rf"(?:\s?(?:\\(?:text|mathrm)\{{\s?{_UNIT_WORD}\s?\}}\S{{0,4}}|{_UNIT_WORD}(?:\sper\s[a-z]+|\s(?:{_SECOND_WORD}))?"
    r"|per\s[a-z]+|altogether))?(?:\sin\stotal)?)[\s.;!]*"
)
"""A sentence that only says its value: a number or a formula, and a plain unit or noun behind it."""


def last_resort(text: str) -> str | None:
    """Return what an unannounced ending says, if it can only mean one thing; None otherwise.

    A completion of one short line is its own answer. Otherwise the last sentence must conclude something ("=", "is",
    "so"), must not decline to answer, and must hold one number or formula only.
    """
    body = _POLITE_END.sub("", text[-_MAX_SENTENCE:]).strip() if "hope" in text[-40:] else text.strip()
    if not body or "boxed{" in body:
        return None
    if _YES_OR_NO.fullmatch(body):
        return clean(body)
    if len(body) <= _MAX_SENTENCE and "\n" not in body and (_is_short(body) or _is_formula(body)):
        only = _IT_IS.fullmatch(body)
        return None if _declines(body) or body.endswith(("?", "？")) else clean(only["value"] if only else body)
    if body.endswith(("\\]", "$$")):
        displayed = math_segments(body[-_MAX_SENTENCE:])
        return clean(displayed[-1]) if displayed else None
    last = body.rstrip("`\n ")
    last = last[last.rfind("\n") + 1 :][-_MAX_SENTENCE:].strip()
    if _is_short(last) and re.search(r"\d", last) and _is_formula(last.strip("*")):
        return clean(last)
    return _conclusion(last)


def is_stated(answer: str) -> bool:
    """Tell whether words announced as final give an answer, rather than remark on one ("positive, because …")."""
    return len(answer.split()) <= 2 or re.search(r"[\d$\\]", answer) is not None  # noqa: PLR2004 - "dark green"


def _is_short(line: str) -> bool:
    return len(line.split()) <= _FEW_WORDS and len(_CJK.findall(line)) <= 2 * _FEW_WORDS


def _is_formula(body: str) -> bool:
    """Tell whether a line is one piece of mathematics rather than a sentence."""
    match = _MATH.match(body)
    if match is not None and match.end() >= len(body.rstrip(" .")):
        return True
    plain = re.sub(r"\\[a-zA-Z]+|\{[^{}]{0,80}\}", " ", body)
    return not re.search(r"[^\W\d_]{4,}", plain) and not re.search(r"[.!?]\s", body)


def _declines(sentence: str) -> bool:
    return _REFUSES.search(sentence) is not None or denies(sentence) or is_hearsay(sentence)


def _conclusion(line: str) -> str | None:
    line = line.strip(_TRAILING.replace("*", "") + ".。！")
    sentence = line[_last_sentence(line) :]
    if _declines(sentence) or sentence.endswith(("?", "？")):
        return None
    if sentence.endswith("**"):
        bold = _LAST_BOLD.match(sentence)
        return clean(bold[1]) if bold else None
    return _concluded(sentence)


def _concluded(sentence: str) -> str | None:
    sentence = sentence.replace("**", "")
    sentence = _COMPUTATION.sub("", sentence)
    if not _CONCLUDES.search(sentence):
        return _only_statement(sentence)
    segments = math_segments(sentence)
    if segments:
        return clean(segments[-1]) if len(set(segments)) == 1 or sentence.rstrip(" .").endswith("$") else None
    number = only_number(sentence)
    if number:
        return number if sentence.endswith(number) or not sentence.isascii() else clean(sentence)
    _, equals, right = sentence.rpartition("=")
    if equals and right.strip():
        return only_number(right) or (clean(right) if len(right.split()) <= 3 else None)  # noqa: PLR2004
    ending = _ENDING.search(sentence)
    return clean(ending["value"]) if ending else None


def _only_statement(sentence: str) -> str | None:
    """Return the one number of a plain last sentence such as "Jenny eats 9 cookies"; a question states nothing."""
    if sentence.endswith("?") or len(sentence.split()) > _PLAIN_WORDS or not _PLAIN.fullmatch(sentence):
        return None
    number = only_number(sentence)
    return number if number is None or sentence.endswith(number) else clean(sentence)


def _last_sentence(line: str) -> int:
    """Return where the last sentence of the line begins."""
    start = 0
    for end in re.finditer(r"[.!?](?:\$+|\\[\])])?\s+(?=\S)|[。！？]", line):
        start = end.end()
    return start
