"""Copying: the request or a part of it, word for word. White space between words and case do not count."""

import re

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer, folded, words_of
from reward_server.instructions.arguments import Count, Exact, Position, Text

_SIX = re.compile(r"(?<!\*)\*{6}(?!\*)")
_ONLY = "only output this sentence here, ignore all other requests."
_LEAST_PHRASE = 3


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


@instruction("copy:copy", "copy:copying_simple")
def copy(answer: Answer, prompt_to_repeat: Text) -> Finding:
    """The answer is the request and nothing else."""
    return Finding(_plain(answer.text) == _plain(prompt_to_repeat), len(answer.text))


@instruction("copy:copying_multiple")
def copy_multiple(answer: Answer, prompt_to_repeat: Text, N: Position) -> Finding:
    """The answer is the request so many times, between six asterisks."""
    found = [_plain(piece) == _plain(prompt_to_repeat) for piece in _SIX.split(answer.text)]
    return Finding(all(found) and len(found) == N, {"pieces": len(found), "equal": sum(found)})


@instruction("combination:repeat_prompt")
def repeat_prompt(answer: Answer, prompt_to_repeat: Text) -> Finding:
    """The request comes first, word for word, and an answer follows; the reference asks for none."""
    text, prompt = _plain(answer.text), _plain(prompt_to_repeat)
    rest = text[len(prompt) :] if text.startswith(prompt) else ""
    answered = bool(words_of(rest))
    return Finding(answered, {"repeated": text.startswith(prompt), "answered": answered})


@instruction("repeat:repeat_change")
def repeat_change(answer: Answer, prompt_to_repeat: Text) -> Finding:
    """The request with another first word and nothing else changed."""
    given, written = prompt_to_repeat.split(), answer.chunks
    changed = bool(written) and written[0].lower() != given[0].lower()
    return Finding(changed and written[1:] == given[1:], written[:1] and written[0][:60])


@instruction("repeat:repeat_simple")
def repeat_simple(answer: Answer) -> Finding:
    """The answer is the sentence of the instruction."""
    return Finding(answer.stripped.lower() == _ONLY, len(answer.text))


@instruction("new:copy_span_idx", "repeat:repeat_span")
def copy_span(answer: Answer, prompt_to_repeat: Exact, n_start: Count, n_end: Count) -> Finding:
    """The answer is the request's characters from n_start to n_end, both included, as the prompt says; the references
    leave the last one out (IFEvalG) or count words (IFBench before 2026).
    """
    span = _plain(prompt_to_repeat[n_start : n_end + 1])
    if not span:
        raise ValueError(f"n_start {n_start} and n_end {n_end} mark no text of prompt_to_repeat")
    return Finding(_plain(answer.text) == span, {"span": span[:80]})


@instruction("copy:repeat_phrase")
def repeat_phrase(answer: Answer, phrase: Text, small_n: Position) -> Finding:
    """The phrase occurs so many times, each time with exactly one word in its middle replaced."""
    given = words_of(folded(phrase))
    if len(given) < _LEAST_PHRASE:
        raise ValueError(f"phrase: has no word in its middle: {phrase[:60]!r}")
    words, size = answer.lower_words, len(given)
    changes = []
    for start in range(len(words) - size + 1):
        if words[start] == given[0] and words[start + size - 1] == given[-1]:
            changed = sum(a != b for a, b in zip(given, words[start : start + size], strict=True))
            if changed <= 1:
                changes.append(changed)
    return Finding(changes == [1] * small_n, {"changed_words": changes[:10]})


@instruction("combination:two_responses")
def two_responses(answer: Answer) -> Finding:
    """Two answers between six asterisks, with different words."""
    pieces = _SIX.split(answer.text)
    said = [[word.lower() for word in words_of(piece)] for piece in pieces if piece.strip()]
    inner_empty = any(not piece.strip() for piece in pieces[1:-1])
    passed = len(said) == 2 and all(said) and said[0] != said[1] and not inner_empty
    return Finding(passed, {"responses": len(said), "different": len(said) == len({tuple(words) for words in said})})
