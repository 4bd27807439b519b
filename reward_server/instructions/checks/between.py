"""Counts between two bounds, as one instruction: "exactly", "at most" and "around" of RLVR-IFeval (`functions`)."""

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer
from reward_server.instructions.arguments import Count, Text
from reward_server.instructions.checks.keywords import whole


def _between(found: int, least: int, most: int) -> Finding:
    if least > most:
        raise ValueError("least is greater than most")
    return Finding(least <= found <= most, found)


@instruction("between:words")
def words(answer: Answer, least: Count, most: Count) -> Finding:
    r"""So many words, counted as `\w+`."""
    return _between(len(answer.simple_words), least, most)


@instruction("between:sentences")
def sentences(answer: Answer, least: Count, most: Count) -> Finding:
    """So many sentences."""
    return _between(len(answer.sentences), least, most)


@instruction("between:capital_words")
def capital_words(answer: Answer, least: Count, most: Count) -> Finding:
    """So many words all in capitals."""
    return _between(sum(map(str.isupper, answer.words)), least, most)


@instruction("between:keyword")
def keyword(answer: Answer, keyword: Text, least: Count, most: Count) -> Finding:
    """The keyword, a word or several ("ice cream", "don't"), occurs so often as a whole."""
    return _between(whole(answer, keyword), least, most)
