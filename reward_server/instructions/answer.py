"""An answer's text with what checks look at: words, sentences, lines, each made once and in linear time."""

import re
from functools import cached_property

from reward_server.extraction.region import final_region
from reward_server.instructions.sentences import split_sentences

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_APOSTROPHES = str.maketrans("’‘‛ʼ＇", "'''''")
_ACCENTS_AS_APOSTROPHES = re.compile(r"(?<=[^\W\d_])[`´](?=[^\W\d_])")
_SIMPLE_WORD = re.compile(r"\w+")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""Characters that print nothing, fillers among letters and signs included."""
_SAYS = re.compile(r"[^\W_]")
_COMMENT, _COMMENT_END, _FENCE = "<!--", "-->", "```"
_OPEN, _CLOSE = "<answer>", "</answer>"


class Answer:
    """One variant of an answer."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def stripped(self) -> str:
        """The text without white space around it."""
        return self.text.strip()

    @cached_property
    def lower(self) -> str:
        """The text in lower case, apostrophes straight."""
        return folded(self.text)

    @cached_property
    def chunks(self) -> list[str]:
        """What stands between white space."""
        return self.text.split()

    @cached_property
    def words(self) -> list[str]:
        """Words, with apostrophes and hyphens inside."""
        return _WORD.findall(self.text)

    @cached_property
    def simple_words(self) -> list[str]:
        r"""Runs of letters, digits and underscores: `\w+`, so that "don't" is two."""
        return _SIMPLE_WORD.findall(self.text)

    @cached_property
    def lower_words(self) -> list[str]:
        """Words in lower case, apostrophes straight."""
        return words_of(self.lower)

    @cached_property
    def sentences(self) -> list[str]:
        """Sentences without white space around them."""
        return split_sentences(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """Lines that have something in them."""
        return [line for line in self.text.split("\n") if line.strip()]


def folded(text: str) -> str:
    """Return a text in lower case, with every apostrophe straight: "don’t" and "don`t" are the word "don't"."""
    text = text.lower()
    if not text.isascii():
        text = text.translate(_APOSTROPHES)
    return _ACCENTS_AS_APOSTROPHES.sub("'", text) if "`" in text or "´" in text else text


def words_of(text: str) -> list[str]:
    """Return the words of a text, with apostrophes and hyphens inside."""
    return _WORD.findall(text)


def visible_answer(completion: str) -> str:
    """Return what a reader of the answer sees: no thinking, no HTML comments, no characters that print nothing.

    Line ends are LF. A text without a letter or digit is no answer: the result is empty then.
    """
    text = final_region(completion, window=max(len(completion), 1)).text
    stripped = text.strip()
    if stripped.startswith(_OPEN) and stripped.find(_CLOSE) == len(stripped) - len(_CLOSE):
        text = stripped[len(_OPEN) : -len(_CLOSE)]
    if _COMMENT in text:
        text = _without_comments(text)
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _SAYS.search(text) else ""


def _without_comments(text: str) -> str:
    """Remove HTML comments outside of fenced blocks; one that is never closed hides the rest."""
    kept = []
    for number, part in enumerate(text.split(_FENCE)):
        if number % 2:
            kept.append(part)
            continue
        pieces = []
        while _COMMENT in part:
            before, _, rest = part.partition(_COMMENT)
            pieces.append(before)
            part = rest.partition(_COMMENT_END)[2]  # noqa: PLW2901
        kept.append("".join([*pieces, part]))
    return _FENCE.join(kept)
