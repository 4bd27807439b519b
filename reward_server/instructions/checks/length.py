"""Length: sentences, words, letters and paragraphs counted."""

import re

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer, folded, words_of
from reward_server.instructions.arguments import Count, Position, Relation, Text, compared

_DIVIDER = re.compile(r"\*\*\*|\* \* \*")
_CUT = re.compile(r"[.,?!'\"]")
_CUT_AFTER_APOSTROPHES = re.compile(r"[.,?!\"]|'(?!\w)")


def divided(text: str) -> list[str] | None:
    """Return the paragraphs between dividers `***`; None if one in the middle is empty."""
    pieces = _DIVIDER.split(text)
    if any(not piece.strip() for piece in pieces[1:-1]):
        return None
    return [piece for piece in pieces if piece.strip()]


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs between empty lines."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


@instruction("length_constraints:number_sentences")
def number_sentences(answer: Answer, num_sentences: Count, relation: Relation) -> Finding:
    """So many sentences."""
    return Finding(compared(len(answer.sentences), relation, num_sentences), len(answer.sentences))


@instruction("length_constraints:number_words")
def number_words(answer: Answer, num_words: Count, relation: Relation) -> Finding:
    r"""So many words, counted as `\w+`."""
    return Finding(compared(len(answer.simple_words), relation, num_words), len(answer.simple_words))


@instruction("count:word_count_range")
def word_count_range(answer: Answer, min_words: Count, max_words: Count) -> Finding:
    r"""So many words, counted as `\w+`, both bounds included."""
    if min_words > max_words:
        raise ValueError("min_words is greater than max_words")
    return Finding(min_words <= len(answer.simple_words) <= max_words, len(answer.simple_words))


@instruction("count:unique_word_count")
def unique_words(answer: Answer, N: Count) -> Finding:
    """At least so many different words, in either case."""
    found = len(set(answer.lower_words))
    return Finding(found >= N, found)


@instruction("letters:letter_counting")
def letters(answer: Answer, N: Count, relation: Relation) -> Finding:
    """So many letters, of any script; the reference counts A to Z alone."""
    found = sum(map(str.isalpha, answer.text))
    return Finding(compared(found, relation, N), found)


@instruction("length_constraints:number_paragraphs")
def number_paragraphs(answer: Answer, num_paragraphs: Count) -> Finding:
    """Exactly so many paragraphs between dividers `***`, none of them empty."""
    found = divided(answer.text)
    return Finding(found is not None and len(found) == num_paragraphs, None if found is None else len(found))


@instruction("paragraphs:paragraphs")
def two_divided(answer: Answer) -> Finding:
    """Two paragraphs between dividers `***`."""
    return number_paragraphs(answer, 2)


@instruction("paragraphs:paragraphs2")
def two_separated(answer: Answer) -> Finding:
    """Two paragraphs between empty lines."""
    found = len(paragraphs_of(answer.text))
    return Finding(found == 2, found)


@instruction("length_constraints:nth_paragraph_first_word")
def nth_paragraph_first_word(
    answer: Answer, num_paragraphs: Position, nth_paragraph: Position, first_word: Text
) -> Finding:
    """Exactly so many paragraphs between empty lines, the n-th of which starts with the word."""
    if nth_paragraph > num_paragraphs:
        raise ValueError("nth_paragraph is greater than num_paragraphs")
    found = paragraphs_of(answer.text)
    word, wanted = "", folded(first_word)
    if len(found) >= nth_paragraph:
        cut = _CUT_AFTER_APOSTROPHES if "'" in wanted else _CUT
        word = cut.split(folded(found[nth_paragraph - 1].split()[0].lstrip("'\"*_“‘#>").rstrip("*_:;”’")))[0]
    passed = len(found) == num_paragraphs and word == wanted
    return Finding(passed, {"paragraphs": len(found), "first_word": word[:60]})


@instruction("count:counting_composition")
def composition(answer: Answer, n_sent: Position, n_words: Position) -> Finding:
    """Three paragraphs between dividers, each of so many sentences of so many words; punctuation is no word."""
    paragraphs = divided(answer.text) or []
    found = [[len(words_of(sentence)) for sentence in Answer(text).sentences] for text in paragraphs[:4]]
    return Finding(found == [[n_words] * n_sent] * 3, [counts[:10] for counts in found])
