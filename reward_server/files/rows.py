"""Completions as trainers send them: prompt and completion decoded together, with the tokenizer's end tokens.

Pure text: the server's protocols and the trainers' adapters both read with it. What the rows' tasks are is read by
`reward_server.datasets`.
"""

from reward_server.datasets import UnknownRow, task_for

__all__ = ["END_TOKENS", "UnknownRow", "completion_of", "task_for"]

END_TOKENS = (
    "<|im_end|>",
    "<|endoftext|>",
    "</s>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<end_of_turn>",
    "<eos>",
    "<pad>",
    "<|end|>",
    "<|return|>",
    "<|eom_id|>",
    "<｜end▁of▁sentence｜>",
    "<|EOT|>",
)
"""What tokenizers of common model families write at the end of a completion when special tokens are not skipped."""

_SHORTEST_OVERLAP = 16
"""Characters of a truncated prompt that must be found again, so that no answer is taken for a piece of prompt."""


def completion_of(query: str, prompt: str) -> str:
    """Cut the prompt off the front of `query` and end tokens off its end.

    `query` is prompt and completion decoded together, so the prompt's white space may have changed on the way through
    the tokenizer, and of a prompt that was too long only the end is there.

    Raises:
        UnknownRow: the query does not start with the prompt; grading it whole could grade the prompt.
    """
    start = _after_same_text(query, prompt)
    if start is None:
        start = _overlap(query, prompt)
    if start is None:
        raise UnknownRow("the query does not start with its prompt, nor with the end of it")
    text = query[start:].rstrip()
    while ended := next((token for token in END_TOKENS if text.endswith(token)), None):
        text = text.removesuffix(ended).rstrip()
    return text


def _after_same_text(query: str, prompt: str) -> int | None:
    """Return where `query` goes on after `prompt`, white space aside, or None when it does not start with it."""
    if query.startswith(prompt):
        return len(prompt)
    position = 0
    for character in prompt:
        if character.isspace():
            continue
        while position < len(query) and query[position].isspace():
            position += 1
        if position == len(query) or query[position] != character:
            return None
        position += 1
    return position


def _overlap(query: str, prompt: str) -> int | None:
    """Return the length of the longest end of `prompt` that starts `query` (by the prefix function, in linear time)."""
    joined = f"{query[: len(prompt)]}\0{prompt}"
    borders = [0] * len(joined)
    for index in range(1, len(joined)):
        length = borders[index - 1]
        while length and joined[index] != joined[length]:
            length = borders[length - 1]
        borders[index] = length + (joined[index] == joined[length])
    return borders[-1] if borders[-1] >= _SHORTEST_OVERLAP else None
