"""Case: capitals, lower case, title case."""

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer
from reward_server.instructions.arguments import Count, Relation, compared
from reward_server.instructions.language import is_language
from reward_server.instructions.vocabulary import MINOR

_SHOUTED = 0.5


@instruction("change_case:capital_word_frequency")
def capital_words(answer: Answer, capital_frequency: Count, capital_relation: Relation) -> Finding:
    """So many words all in capitals; "I" and "A" are such words, as the reference counts."""
    found = sum(map(str.isupper, answer.words))
    return Finding(compared(found, capital_relation, capital_frequency), found)


@instruction("change_case:english_capital")
def english_capital(answer: Answer) -> Finding:
    """English, all in capitals."""
    english = is_language(answer.lower, "en")
    return Finding(answer.text.isupper() and english, {"capital": answer.text.isupper(), "english": english})


@instruction("change_case:english_lowercase")
def english_lowercase(answer: Answer) -> Finding:
    """English, all in lower case."""
    english = is_language(answer.text, "en")
    return Finding(answer.text.islower() and english, {"lower": answer.text.islower(), "english": english})


@instruction("count:lowercase_counting")
def lowercase_words(answer: Answer, N: Count) -> Finding:
    """At most so many words in lower case altogether, as the reference counts."""
    found = sum(map(str.islower, answer.words))
    return Finding(found <= N, found)


@instruction("format:title_case")
def title_case(answer: Answer) -> Finding:
    """Every word but minor ones begins with a capital, the first one too; not all in capitals. The reference refuses
    "of" and "and" in lower case, and accepts capitals throughout.
    """
    words = [word for word in answer.words if word[0].isalpha()]
    small = [word for word in words[1:] if word[0].islower() and word not in MINOR]
    long = [word for word in words if len(word) > 1]
    shouted = sum(map(str.isupper, long)) > _SHOUTED * len(long)
    passed = bool(words) and not words[0][0].islower() and not small and not shouted
    return Finding(passed, {"lower": small[:10], "capitals": shouted})
