"""Keywords: there, counted, forbidden, at a place. Texts are literal; case and the form of apostrophes do not count."""

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer, folded, words_of
from reward_server.instructions.arguments import Count, Letter, Position, Relation, Text, Texts, compared

_MULTIPLE = (1, 2, 3, 5, 7)


def whole(answer: Answer, word: str) -> int:
    """Count a word or phrase where no letter, digit or underscore stands beside its ends."""
    text, word = answer.lower, folded(word)
    inside = next((n for n in range(1, len(word)) if not (_joins(word[n - 1]) and _joins(word[0]))), len(word))
    found = start = 0
    while (place := text.find(word, start)) >= 0:
        before, behind = text[place - 1 : place], text[place + len(word) : place + len(word) + 1]
        whole = not (_joins(before) and _joins(word[0])) and not (_joins(behind) and _joins(word[-1]))
        found += whole
        start = place + (len(word) if whole else inside)  # "a a" stands in "ba a a", from its second word on
    return found


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_"


@instruction("keywords:existence")
def existence(answer: Answer, keywords: Texts) -> Finding:
    """Every keyword occurs, inside of words too ("plan" in "planet"), as the reference counts."""
    missing = [word for word in keywords if folded(word) not in answer.lower]
    return Finding(not missing, {"missing": missing[:10]})


@instruction("keywords:frequency")
def frequency(answer: Answer, keyword: Text, frequency: Count, relation: Relation) -> Finding:
    """The keyword occurs less than, or at least, so often; inside of words too, as the reference counts."""
    found = answer.lower.count(folded(keyword))
    return Finding(compared(found, relation, frequency), found)


@instruction("keywords:forbidden_words")
def forbidden_words(answer: Answer, forbidden_words: Texts) -> Finding:
    """None of the words occurs as a whole word."""
    found = [word for word in forbidden_words if whole(answer, word)]
    return Finding(not found, {"found": found[:10]})


@instruction("keywords:exclude_word_harder")
def exclude_word(answer: Answer, keyword: Text, instruction: Text | None = None) -> Finding:
    """The word does not occur as a whole word, beside punctuation or in capitals either; the reference looks for it
    between two blanks alone. `instruction` is where the word came from, and is stored beside it.
    """
    del instruction
    found = whole(answer, keyword)
    return Finding(not found, found)


@instruction("keywords:letter_frequency", "letters:letter_counting2")
def letter_frequency(answer: Answer, letter: Letter, let_frequency: Count, let_relation: Relation) -> Finding:
    """The letter, or sign, occurs less than, or at least, so often in either case."""
    found = answer.text.lower().count(letter.lower())
    return Finding(compared(found, let_relation, let_frequency), found)


@instruction("keywords:word_once")
def word_once(answer: Answer, keyword: Text) -> Finding:
    """The keyword occurs exactly once."""
    found = answer.lower.count(folded(keyword))
    return Finding(found == 1, found)


@instruction("keywords:word_count_different_numbers")
def word_count(answer: Answer, keyword: Text, frequency: Count, relation: Relation | None = None) -> Finding:
    """The keyword occurs exactly so often, as the prompt says; the reference follows a `relation` no prompt has."""
    del relation
    found = answer.lower.count(folded(keyword))
    return Finding(found == frequency, found)


@instruction("count:count_increment_word")
def one_then_two(answer: Answer, keyword1: Text, keyword2: Text) -> Finding:
    """The first keyword occurs once, the second twice."""
    found = [answer.lower.count(folded(word)) for word in (keyword1, keyword2)]
    return Finding(found == [1, 2], found)


@instruction("count:keywords_multiple")
def multiple(  # noqa: PLR0917
    answer: Answer, keyword1: Text, keyword2: Text, keyword3: Text, keyword4: Text, keyword5: Text
) -> Finding:
    """The five keywords occur once, twice, three, five and seven times."""
    words = (keyword1, keyword2, keyword3, keyword4, keyword5)
    found = [answer.lower.count(folded(word)) for word in words]
    return Finding(found == list(_MULTIPLE), found)


@instruction("keywords:keyword_specific_position", "words:keywords_specific_position")
def specific_position(answer: Answer, keyword: Text, n: Position, m: Position) -> Finding:
    """The keyword is the m-th word of the n-th sentence, or several from it on, in either case; punctuation is none."""
    words = words_of(folded(answer.sentences[n - 1])) if len(answer.sentences) >= n else []
    wanted = folded(keyword).split()
    found = words[m - 1 : m - 1 + len(wanted)]
    return Finding(found == wanted, " ".join(found)[:60] or None)


@instruction("sentence:keyword")
def in_sentence(answer: Answer, word: Text, N: Position) -> Finding:  # stored so
    """The N-th sentence has the keyword as a whole word."""
    sentence = answer.sentences[N - 1] if len(answer.sentences) >= N else ""
    return Finding(whole(Answer(sentence), word) > 0, sentence[:80] or f"{len(answer.sentences)} sentences")


@instruction("words:words_position")
def second_and_second_last(answer: Answer, keyword: Text) -> Finding:
    """The second word and the second to last are the keyword; one of several words begins and ends there."""
    words, wanted = answer.lower_words, folded(keyword).split()
    found = [" ".join(words[1 : 1 + len(wanted)]), " ".join(words[-1 - len(wanted) : -1])] if len(words) > 2 else None
    return Finding(found == [" ".join(wanted)] * 2, found and [each[:60] for each in found])


@instruction("keywords:start_end")
def start_end(answer: Answer) -> Finding:
    """The first word is the last one too, with nothing behind it, and they are two words."""
    words = answer.lower_words
    if len(words) < 2 or not answer.stripped.lower().endswith(words[-1]):
        return Finding(passed=False, counted="something stands behind the last word" if words else None)
    return Finding(words[0] == words[-1], [words[0][:60], words[-1][:60]])
