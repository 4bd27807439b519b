"""IFBench's whole tasks (`custom:…`): each prompt has one answer that a few lines can check."""

import csv
import datetime as dt
import re
from itertools import pairwise

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer, words_of
from reward_server.instructions.vocabulary import CAPITALS
from reward_server.normal_forms import normal_form

_MULTIPLES = [14, 21, 28, 35, 42, 49]
_QUESTION = re.compile(r"^[ \t#*]*Question\b[ \t]*\d*[ \t]*[.:);]?[*]*", re.MULTILINE)
_OPTION = re.compile(r"[*]*[A-Ea-e][.):][*]*\s*\S")
_COUNTRIES = 52
_EAGLE = "bald eagle"
_NAPOLEON = (dt.date(1769, 8, 15), dt.date(1821, 5, 5))
_FENCE = re.compile(r"\A```\w*\n(.*)\n```\Z", re.DOTALL)


def _plain(text: str) -> str:
    return normal_form("NFKD", text).encode("ascii", "ignore").decode("ascii")


@instruction("custom:multiples")
def multiples(answer: Answer) -> Finding:
    """The multiples of 7 from 10 to 50, in order, and no other number."""
    found = [int(number) for number in re.findall(r"\d{1,9}", answer.text)[:50]]
    return Finding(found == _MULTIPLES, found[:10])


@instruction("custom:mcq_count_length")
def questions(answer: Answer) -> Finding:
    """Four questions labelled "Question", of five options each, each longer than the one before."""
    starts = list(_QUESTION.finditer(answer.stripped))
    ends = [*(match.start() for match in starts[1:]), len(answer.stripped)]
    lengths, options = [], []
    for match, end in zip(starts, ends, strict=False):
        lines = [line.strip() for line in answer.stripped[match.end() : end].split("\n")]
        first = next((number for number, line in enumerate(lines) if _OPTION.match(line)), len(lines))
        lengths.append(len(" ".join(lines[:first]).strip()))
        options.append(sum(_OPTION.match(line) is not None for line in lines))
    begins = bool(starts) and starts[0].start() == 0
    passed = begins and options == [5, 5, 5, 5] and all(a < b for a, b in pairwise(lengths))
    return Finding(passed, {"options": options[:6], "lengths": lengths[:6]})


@instruction("custom:reverse_newline")
def countries(answer: Answer) -> Finding:
    """At least 52 different lines from Zimbabwe on, in reverse alphabetical order."""
    lines = [_plain(line).strip(" \t*-.,0123456789)") for line in answer.lines]
    start = next((number for number, line in enumerate(lines) if "Zimbabwe" in line), len(lines))
    names = [line for line in lines[start:] if line]
    passed = len(set(names)) >= _COUNTRIES and names == sorted(names, reverse=True)
    return Finding(passed, len(names))


@instruction("custom:word_reverse")
def word_reverse(answer: Answer) -> Finding:
    """Read backwards by word, the answer names the bald eagle; read forwards it does not."""
    words = answer.lower_words
    passed = _EAGLE in " ".join(words[::-1]) and _EAGLE not in " ".join(words) and len(words) > 3
    return Finding(passed, " ".join(words[:10])[:80])


@instruction("custom:character_reverse")
def character_reverse(answer: Answer) -> Finding:
    """Read backwards by letter, the answer names the bald eagle."""
    return Finding(_EAGLE[::-1] in answer.lower and _EAGLE not in answer.lower, answer.lower[:60])


@instruction("custom:sentence_alphabet")
def sentence_alphabet(answer: Answer) -> Finding:
    """26 sentences that begin with A to Z."""
    letters = "".join(words[0][0].lower() for words in map(words_of, answer.sentences) if words)
    return Finding(letters == "abcdefghijklmnopqrstuvwxyz", letters[:40])


@instruction("custom:european_capitals_sort")
def capitals(answer: Answer) -> Finding:
    """The capitals north of 45 degrees from north to south, as IFBench lists them."""
    found = [name.strip(" .\n") for name in _plain(answer.text).split(",") if name.strip()]
    return Finding(tuple(found) == CAPITALS, len(found))


def _table(answer: Answer, delimiter: str) -> list[list[str]]:
    """Return the raw fields of the lines; quotation marks stay on, and a delimiter inside of them parts nothing."""
    text = _FENCE.sub(r"\1", answer.stripped)
    rows = []
    for line in text.split("\n"):
        try:
            fields = next(csv.reader([line.strip().replace('"', '"""')], delimiter=delimiter), [])
        except csv.Error:
            fields = []
        rows.append([field.strip() for field in fields])
    return rows


def _is_table(rows: list[list[str]], columns: str, count: int) -> bool:
    header = [field.strip('"') for field in rows[0]]
    filled = all(len(row) == len(header) and all(any(map(str.isalnum, field)) for field in row) for row in rows[1:])
    return header == columns.split() and len(rows) == count + 1 and filled


@instruction("custom:csv_city")
def csv_city(answer: Answer) -> Finding:
    """Seven rows of ID, Country, City, Year, Count, parted by commas, none empty."""
    rows = _table(answer, ",")
    return Finding(_is_table(rows, "ID Country City Year Count", 7), {"rows": len(rows) - 1})


@instruction("custom:csv_special_character")
def csv_special(answer: Answer) -> Finding:
    """Fourteen rows of ProductID, Category, Brand, Price, Stock; a quoted field has a special character."""
    rows = _table(answer, ",")
    special = any(re.fullmatch(r'"[^"]*[^\w\s"][^"]*"', field) for row in rows[1:] for field in row)
    return Finding(_is_table(rows, "ProductID Category Brand Price Stock", 14) and special, {"rows": len(rows) - 1})


@instruction("custom:csv_quotes")
def csv_quotes(answer: Answer) -> Finding:
    """Three rows of StudentID, Subject, Grade, Semester, Score, parted by tabs, every field quoted."""
    rows = _table(answer, "\t")
    quoted = all(len(field) > 1 and field[0] == '"' == field[-1] for row in rows for field in row)
    return Finding(_is_table(rows, "StudentID Subject Grade Semester Score", 3) and quoted, {"rows": len(rows) - 1})


@instruction("custom:date_format_list")
def dates(answer: Answer) -> Finding:
    """Different dates in Napoleon's life, as YYYY-MM-DD, parted by commas and nothing else."""
    found = [date.strip() for date in answer.stripped.rstrip(".").split(",")]
    try:
        read = [dt.date.fromisoformat(date) for date in found if len(date) == 10]
    except ValueError:
        read = []
    lived = all(_NAPOLEON[0] <= date <= _NAPOLEON[1] for date in read)
    passed = len(read) == len(found) == len(set(read)) and lived
    return Finding(passed, len(found))
