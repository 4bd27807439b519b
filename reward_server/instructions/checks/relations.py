"""IFBench's sentences: how many of each sort, and what each has to do with the next."""

from itertools import pairwise

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer, words_of
from reward_server.instructions.arguments import Count, Exact, Percentage
from reward_server.instructions.vocabulary import STOP_WORDS

_CLOSING = "\"'”’)]*_ "
_NEAR = 2.0


def _sorts(answer: Answer) -> dict[str, int]:
    ends = [sentence.rstrip(_CLOSING)[-1:] for sentence in answer.sentences]
    return {name: ends.count(sign) for name, sign in (("declarative", "."), ("questions", "?"), ("exclamations", "!"))}


@instruction("ratio:sentence_type")
def sentence_type(answer: Answer) -> Finding:
    """Twice as many sentences with a full stop as with a question mark, and a question."""
    found = _sorts(answer)
    return Finding(found["declarative"] == 2 * found["questions"] > 0, found)


@instruction("ratio:sentence_balance")
def sentence_balance(answer: Answer) -> Finding:
    """As many statements as questions as exclamations, and one of each."""
    found = _sorts(answer)
    return Finding(len(set(found.values())) == 1 and found["questions"] > 0, found)


@instruction("ratio:stop_words")
def stop_words(answer: Answer, percentage: Percentage) -> Finding:
    """At most so many percent of the words are English stop words."""
    words = answer.simple_words
    share = 100 * sum(word.lower() in STOP_WORDS for word in words) / len(words)
    return Finding(share <= percentage, round(share, 1))


@instruction("ratio:overlap")
def overlap(answer: Answer, reference_text: Exact, percentage: Percentage) -> Finding:
    """So many percent, give or take two, of the answer's different character trigrams are the reference's."""
    found, given = (
        {text[place : place + 3] for place in range(len(text) - 2)} for text in (answer.text, reference_text)
    )
    share = 100 * len(found & given) / len(found) if found else -10.0
    return Finding(abs(share - percentage) <= _NEAR, round(share, 1))


@instruction("ratio:sentence_words")
def sentence_words(answer: Answer) -> Finding:
    """Three sentences of the same number of characters, no word in two of them; the reference forgets the words."""
    lengths = [len(sentence) for sentence in answer.sentences]
    words = [{word.lower() for word in words_of(sentence)} for sentence in answer.sentences]
    different = len(words) == 3 and not (words[0] & words[1] or words[1] & words[2] or words[0] & words[2])
    return Finding(different and len(set(lengths)) == 1, {"characters": lengths[:5], "different_words": different})


@instruction("sentence:increment")
def increment(answer: Answer, small_n: Count) -> Finding:
    """Every sentence has exactly so many words more than the one before; two sentences or more."""
    counts = [sum(any(map(str.isalnum, chunk)) for chunk in sentence.split()) for sentence in answer.sentences]
    return Finding(len(counts) > 1 and all(b - a == small_n for a, b in pairwise(counts)), counts[:20])


@instruction("sentence:alliteration_increment")
def alliteration(answer: Answer) -> Finding:
    """Every sentence has more words in alliteration than the one before; two sentences or more."""
    counts = []
    for sentence in answer.sentences:
        letters = [word[0].lower() for word in words_of(sentence)]
        counts.append(_alliterated(letters))
    return Finding(len(counts) > 1 and all(a < b for a, b in pairwise(counts)), counts[:20])


def _alliterated(letters: list[str]) -> int:
    """Count the words that begin like a neighbour."""
    same = [a == b for a, b in pairwise(letters)]
    return sum(left or right for left, right in zip([False, *same], [*same, False], strict=True)) if letters else 0


@instruction("words:last_first")
def last_first(answer: Answer) -> Finding:
    """The last word of every sentence is the first of the next; two sentences or more."""
    words = [[word.lower() for word in words_of(sentence)] for sentence in answer.sentences]
    wrong = [[a[-1:], b[:1]] for a, b in pairwise(words) if a[-1:] != b[:1]]
    return Finding(len(words) > 1 and not wrong, wrong[:5])
