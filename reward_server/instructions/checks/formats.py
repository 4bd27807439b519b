"""IFEval's and IFTrain's formats: bullets, sections, highlights, placeholders, JSON, wrappings, beginnings and ends."""

import re

from reward_server.documents.reading import DocumentError, read
from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer, folded, words_of
from reward_server.instructions.arguments import Count, Text

_PLACEHOLDER = re.compile(r"\[([^\[\]\n]+)\](?!\()")
_CHECKBOX = re.compile(r"\s*[xX✓]?\s*")
_BULLET = re.compile(r"[*+-][ \t]+\S")
_HIGHLIGHT = re.compile(r"(?<!\*)(\*{1,3})(?![\s*])([^\n*]+)(?<!\s)\1(?!\*)")
_TITLE = re.compile(r"<<([^<>\n]+)>>")
_OPTIONS = ("My answer is yes.", "My answer is no.", "My answer is maybe.")
_JSON_FENCE = re.compile(r"```(?:json|Json|JSON)?[ \t]*\n?")
_QUOTES = {'"': '"', "“": "”", "„": "“"}
_BIGRAM = re.compile(r"<<[^\s<>]+(?:\s[^\s<>]+)?>>[.,!?;:]?")
_SENTENCE_JOINT = re.compile(r"(?<=[.!?])-(?=\S)")


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


@instruction("detectable_content:number_placeholders")
def placeholders(answer: Answer, num_placeholders: Count) -> Finding:
    """At least so many `[…]` with something inside; no links, no check boxes."""
    found = [
        inside for inside in _PLACEHOLDER.findall(answer.text) if _says(inside) and not _CHECKBOX.fullmatch(inside)
    ]
    return Finding(len(found) >= num_placeholders, len(found))


@instruction("detectable_content:postscript")
def postscript(answer: Answer, postscript_marker: Text) -> Finding:
    """The marker stands behind a blank, and text behind it."""
    marker = {"P.S.": r"p\.\s?s\.", "P.P.S": r"p\.\s?p\.\s?s\.?"}.get(postscript_marker)
    pattern = re.compile(rf"(?:(?<=\s)|(?<=[*_(])|\A)(?:{marker or re.escape(folded(postscript_marker))})")
    ends = [match.end() for match in pattern.finditer(answer.lower)]
    return Finding(bool(ends) and _says(answer.text[ends[-1] :]), len(ends))


@instruction("detectable_format:number_bullet_lists")
def bullets(answer: Answer, num_bullets: Count) -> Finding:
    """Exactly so many lines that begin with `*`, `-` or `+` and a blank; rules, negative numbers and emphasis do not
    count, which they do in the reference.
    """
    found = sum(_BULLET.match(line.lstrip()) is not None and _says(line) for line in answer.lines)
    return Finding(found == num_bullets, found)


@instruction("detectable_format:constrained_response")
def constrained_response(answer: Answer) -> Finding:
    """Exactly one of "My answer is yes.", "… no." and "… maybe."; the reference accepts all of them together."""
    found = [option for option in _OPTIONS if option in answer.text]
    return Finding(len(found) == 1, found)


@instruction("detectable_format:number_highlighted_sections")
def highlights(answer: Answer, num_highlights: Count) -> Finding:
    """At least so many spans between asterisks, as Markdown reads them: no blank inside the first one."""
    found = sum(_says(match[2]) for match in _HIGHLIGHT.finditer(answer.text))
    return Finding(found >= num_highlights, found)


@instruction("detectable_format:multiple_sections")
def sections(answer: Answer, section_spliter: Text, num_sections: Count) -> Finding:
    """At least so many sections: a line begins with the splitter and a number of its own, and text follows."""
    number = re.compile(rf"[ \t#*_>\-]*{re.escape(section_spliter)}\s?[#*_]*(\d+)(.*)", re.DOTALL)
    filled: set[str] = set()
    current = ""
    for line in answer.lines:
        found = number.match(line)
        current, line = (found[1], found[2]) if found else (current, line)  # noqa: PLW2901
        if current and _says(line):
            filled.add(current)
    return Finding(len(filled) >= num_sections, len(filled))


@instruction("detectable_format:json_format")
def json_format(answer: Answer) -> Finding:
    """The whole answer, in a fence or not, is one JSON object or list; no duplicate keys, no NaN, no bare value."""
    text = answer.stripped
    if text.startswith("```") and text.endswith("```"):
        text = _JSON_FENCE.sub("", text.removesuffix("```"), count=1)
    try:
        value = read(text, "json")
    except DocumentError as error:
        return Finding(passed=False, counted=str(error)[:100])
    return Finding(isinstance(value, dict | list), type(value).__name__)


@instruction("detectable_format:title")
def title(answer: Answer) -> Finding:
    """A title in double angular brackets."""
    found = [text for text in _TITLE.findall(answer.text) if _says(text)]
    return Finding(bool(found), found[:1] and found[0][:60])


@instruction("startend:end_checker")
def end(answer: Answer, end_phrase: Text) -> Finding:
    """The answer ends with the phrase; quotation marks behind it do not count, nor does case."""
    text = folded(answer.stripped.strip('"'))
    return Finding(text.endswith(folded(end_phrase)), text[-60:])


@instruction("startend:quotation")
def quotation(answer: Answer) -> Finding:
    """Double quotation marks, straight or curly, around the whole answer."""
    text = answer.stripped
    return Finding(len(text) > 1 and _QUOTES.get(text[0]) == text[-1], [text[:1], text[-1:]])


@instruction("detectable_format:square_brackets")
def square_brackets(answer: Answer) -> Finding:
    """Every word in square brackets of its own."""
    wrong = [chunk for chunk in answer.chunks if not (chunk[0] == "[" and chunk[-1] == "]" and _says(chunk))]
    wrong += [chunk for chunk in answer.chunks if chunk.count("[") > 1]
    return Finding(not wrong, {"outside": [chunk[:40] for chunk in wrong[:5]]})


@instruction("detectable_format:bigram_wrapping")
def bigrams(answer: Answer) -> Finding:
    """Every two words in double angular brackets; an odd last word alone in them."""
    rest = _BIGRAM.sub("", answer.text)
    found = _BIGRAM.findall(answer.text)
    single = sum(not any(map(str.isspace, pair)) for pair in found)
    odd = single > 1 or (single == 1 and any(map(str.isspace, found[-1])))
    return Finding(bool(found) and not rest.strip() and not odd, {"pairs": len(found), "outside": rest.strip()[:60]})


@instruction("detectable_format:sentence_hyphens")
def sentence_hyphens(answer: Answer) -> Finding:
    """Two sentences or more, joined by hyphens without blanks. Hyphens inside of words are none of them; the reference
    cuts there too.
    """
    pieces = _SENTENCE_JOINT.split(answer.stripped)
    whole = all(piece == piece.strip() and len(Answer(piece).sentences) == 1 for piece in pieces)
    return Finding(len(pieces) > 1 and whole, len(pieces))


def _end_words(answer: Answer, word: str, place: int) -> Finding:
    found = [words[place] for words in map(words_of, map(folded, answer.sentences)) if words]
    wrong = [other for other in found if other != folded(word)]
    return Finding(bool(found) and not wrong, {"sentences": len(found), "others": [other[:40] for other in wrong[:5]]})


@instruction("first_word:first_word_sent")
def first_words(answer: Answer, first_word: Text) -> Finding:
    """Every sentence begins with the word."""
    return _end_words(answer, first_word, 0)


@instruction("last_word:last_word_sent")
def last_words(answer: Answer, last_word: Text) -> Finding:
    """Every sentence ends with the word, before its punctuation."""
    return _end_words(answer, last_word, -1)


@instruction("first_word:first_word_answer")
def first_word(answer: Answer, first_word: Text) -> Finding:
    """The answer begins with the word."""
    found = answer.lower_words[:1]
    return Finding(found == [folded(first_word)], found)


@instruction("last_word:last_word_answer")
def last_word(answer: Answer, last_word: Text) -> Finding:
    """The answer ends with the word, before its punctuation."""
    found = answer.lower_words[-1:]
    return Finding(found == [folded(last_word)], found)


@instruction("format:list")
def list_with(answer: Answer, sep: Text) -> Finding:
    """The separator stands in front of two items or more, each with text behind it."""
    items = [piece for piece in answer.text.split(sep)[1:] if _says(piece)]
    return Finding(len(items) > 1, len(items))


@instruction("format:options")
def options(answer: Answer, options: Text) -> Finding:
    """The answer is one of the options and nothing else; they are parted by `/`, ` or ` or commas."""
    parts = options.split("/") if "/" in options else re.split(r"\bor\b", options)
    parts = parts if len(parts) > 1 else options.split(",")
    found = " ".join(answer.lower_words)
    return Finding(found in {" ".join(words_of(folded(part))) for part in parts} - {""}, found[:60])


@instruction("format:output_template")
def output_template(answer: Answer) -> Finding:
    """The three labels in order, from the beginning, each with text of its own behind it."""
    found = re.fullmatch(r"[\s*#]*My Answer:(.*?)My Conclusion:(.*?)Future Outlook:(.*)", answer.text, re.DOTALL)
    filled = [_says(_PLACEHOLDER.sub("", part)) for part in found.groups()] if found else []
    return Finding(bool(filled) and all(filled), {"filled": filled})


@instruction("format:no_whitespace")
def no_whitespace(answer: Answer) -> Finding:
    """No white space, at the ends either."""
    found = sum(map(str.isspace, answer.text))
    return Finding(not found, found)
