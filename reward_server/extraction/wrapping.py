r"""What stands around the words of an answer in LaTeX and Markdown, and the dollar that is a price and no wrapping.

`unwrap` takes all of it away, wherever it stands, for answers that are labels. The others take only what stands around
the whole of a text, for answers that are texts: emphasis goes in pairs alone, so that `A*` stays `A*`.
"""

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


_BLANKS = " \t\r\n\f\v\x85\xa0\u2028\u2029\u3000"
_UNSEEN = "\ufeff\xad" + "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))))
_MARKS = re.compile(r"(?<!\\)(?:\*+|_+|`+)")
_WRAPS = re.compile("[*_`\"'“‘「«]")
_END_MARKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + ".,;:!?。！？"
_PAIRED = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "«": "»"}
_ESCAPED = re.compile(r"(?<!\\)\\([$%_&#{}*`])")
_FENCE = "```"
_MATHEMATICS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))
_WORDS = re.compile(
    r"\\(?:text(?:bf|rm|it|tt|sf|sc|up|md|normal)?|math(?:rm|bf|sf|it|tt)|mbox|emph|boxed|fbox)\s?\{([^{}]{0,300})\}"
)
_SPACE = re.compile(r"\\[ ,;:]|(?<=\w)~(?=\w)|\\quad(?![a-zA-Z])")
_LONGEST = 2_000
"""Characters of a text in which pairs are looked for."""
_MOST_LAYERS = 8
_SIGNS = "*_`"
_ASIDE = 0xE100
_PUT_ASIDE = re.compile("[\ue100-\ue17f]")


def trimmed(text: str) -> str:
    """Return a text without blanks, and marks that print nothing, at its ends."""
    return text.strip(_BLANKS + _UNSEEN).strip()


def without_pairs(span: str, before: str = "") -> str:
    """Return a text without emphasis and quotes around the whole of it.

    `before` is what stands in front of it on its line, where emphasis that ends in the text may begin.
    """
    return layers(span, before)[-1]


def layers(span: str, before: str = "") -> list[str]:
    """Return a text, and what is left of it as emphasis and quotes around the whole of it go, from the outside."""
    found = [trimmed(span)]
    while _WRAPS.search(found[-1]) and len(found[-1]) + len(before) <= _LONGEST and len(found) < _MOST_LAYERS:
        text = found[-1]
        ends = len(text.rstrip(_END_MARKS))
        body = _without_emphasis(before, text[:ends])
        closing = _PAIRED.get(body[:1])
        if closing and len(body) > 2 and body.endswith(closing) and closing not in body[1:-1]:  # noqa: PLR2004
            body = body[1:-1]
        shorter = trimmed(body + text[ends:])
        if shorter == text:
            break
        found, before = [*found, shorter], ""
    return found


def _without_emphasis(before: str, body: str) -> str:
    """Remove the outermost signs at a text's ends whose other half is at the other end of it, or begun before it."""
    since = len(before)
    front, tail = _signs_at_ends(body)
    first, last = since + len(front), since + len(body) - len(tail)
    around = [
        (opening, closing)
        for opening, closing in _pairs(before + body)
        if (closing >= last and opening < first) or (opening < since <= closing < first)
    ]
    if not around:
        return body
    outermost = (before + body)[min(around)[0]]
    gone = {place for pair in around for place in pair if (before + body)[place] == outermost}
    return "".join(sign for place, sign in enumerate(body, since) if place not in gone)


def _pairs(text: str) -> list[tuple[int, int]]:
    """Return the places of signs of emphasis that belong together, each an opening and a closing one.

    As in CommonMark signs inside a word are not paired with others where there are three in all: `**a*b**` is bold.
    """
    opened: dict[str, list[tuple[list[int], bool]]] = {"*": [], "_": [], "`": []}
    pairs: list[tuple[int, int]] = []
    for mark in _MARKS.finditer(text):
        sign, left, right = mark[0][0], text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
        in_word = left.isalnum() and right.isalnum()
        if sign == "_" and in_word:
            continue
        places = list(range(*mark.span()))
        while opened[sign] and left.strip():
            begun, begun_in_word = opened[sign][-1]
            if (in_word or begun_in_word) and len(begun) + len(mark[0]) == 3:  # noqa: PLR2004
                if in_word:
                    break
            elif len(begun) > len(places):
                break
            else:
                pairs += zip(reversed(begun), places, strict=False)
                places = places[len(begun) :]
            opened[sign].pop()
        ends_a_word = left.isalnum() and right not in _SIGNS and not right.isalnum()
        if places and right.strip() and not ends_a_word:
            opened[sign].append((places, in_word))
    return pairs


def signs_around(text: str) -> tuple[str, str]:
    """Return the signs of emphasis that a text begins with, and those that it ends with, its last mark aside."""
    return _signs_at_ends(text.rstrip(_END_MARKS))


def _signs_at_ends(text: str) -> tuple[str, str]:
    """Return the signs of emphasis at a text's ends, in time linear in it; one behind a backslash is none."""
    front = text[: len(text) - len(text.lstrip(_SIGNS))]
    ending = len(text.rstrip(_SIGNS))
    return front, text[ending + text[:ending].endswith("\\") :]


def peeled(text: str) -> str:
    """Return a text without as many of one sign at its end as at its beginning, whatever stands between: `**a*b**`."""
    front, tail = signs_around(text)
    sign, marks = front[:1], text[len(text.rstrip(_END_MARKS)) :]
    size = len(front) - len(front.lstrip(sign)) if sign else 0
    if not size or len(tail) - len(tail.rstrip(sign)) != size or len(text) > _LONGEST:
        return text
    return (text[size : len(text) - len(marks) - size] or text) + marks


def unescaped(text: str) -> str:
    r"""Return a text without the backslashes of `\$ \% \_ \& \# \{ \} \*`."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def unfenced(text: str) -> str:
    """Return what stands between the fences around the whole of a text, or the text."""
    plain = trimmed(text)
    if not plain.startswith(_FENCE) or not plain.endswith(_FENCE) or plain.count(_FENCE) != 2:  # noqa: PLR2004
        return text
    _, newline, content = plain.partition("\n")
    return content.removesuffix(_FENCE).rstrip() if newline else text


def outside_mathematics(text: str) -> str:
    """Return what stands between the delimiters of mathematics around the whole of a text, or the text."""
    if text[:1] not in ("$", "\\"):
        return text
    for opening, closing in _MATHEMATICS:
        inner = text[len(opening) : -len(closing)]
        if text.startswith(opening) and text.endswith(closing) and inner.strip() and closing not in inner:
            return inner.strip()
    return text


def unboxed(content: str, *, keep_escapes: bool = False) -> str:
    """Return the words that LaTeX in a box says: without commands of style; escapes are undone unless they are kept."""
    if "\\" not in content:
        return outside_mathematics(content.strip())
    text = _ESCAPED.sub(lambda found: chr(_ASIDE + ord(found[1])), content)
    for _ in range(3):
        text = _WORDS.sub(r"\1", text)
    text = outside_mathematics(_SPACE.sub(" ", text).strip())
    escape = "\\" if keep_escapes else ""
    return _PUT_ASIDE.sub(lambda found: escape + chr(ord(found[0]) - _ASIDE), text)
