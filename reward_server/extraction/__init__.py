r"""The final answer of a whole completion.

Theory of operation. The final region of the completion is found first (`region`). In it, explicit announcements are
collected: boxes, answer tags, JSON answer fields, `####`, "final answer". The one that stands last counts, because a
model may correct itself; of boxes or tags side by side all count together (`parts`), because offering several answers
is not answering. If there is none, the last "the answer is", "A:" or 答案 counts; if there is none either, an ending
that can only be read in one way (`prose.last_resort`). If the text seems to run on into another problem, only what
precedes it is searched, provided that an answer was announced there.

What it does not do: it never looks at the ground truth, so the same text always yields the same answer; it does not
judge mathematics; it does not find code (the `code` grader has its own rules).

Time is linear in the searched window (`region.WINDOW`), plus a scan of the whole text for thinking tags.
"""

from collections.abc import Iterator
from itertools import chain
from operator import attrgetter
from typing import Literal, NamedTuple

from reward_server.extraction import boxes, languages, prose, questions, statements
from reward_server.extraction.afterthoughts import afterthought
from reward_server.extraction.assertion import is_withdrawn
from reward_server.extraction.region import final_region, overflow_starts

Where = Literal["any", "announced", "boxed", "answer_tag"]
"""Which announcements are accepted: every rule; all but the last resort; boxes alone; answer tags alone."""


_MARKED = frozenset({"boxed", "answer_tag"})
"""Rules that find an answer by its mark alone, whatever is said in front of it."""
_DELIMITED = frozenset({"boxed", "answer_tag", "json", "hashes"})
"""Rules by which the completion says itself where its answer begins and ends: all of that is the answer."""


class FoundAnswer(NamedTuple):
    """The final answer of a completion and how it was found."""

    answer: str
    """The answer as the completion wrote it, without decoration; parts are joined by commas."""
    rule: str
    """`boxed`, `answer_tag`, `json`, `hashes`, `final_answer`, `answer_is`, `a_label`, `other_language` or
    `last_resort`."""
    start: int
    """Where its span begins in the completion, in characters."""
    end: int
    parts: tuple[str, ...] = ()
    """Two or more different answers offered side by side; empty for a single answer."""
    unit: str = ""
    """A word in LaTeX directly behind the box, which may be the answer's unit."""
    written: str = ""
    """What a tag, box, field or label holds, words and lines as they stand; of several tags, each other text once."""

    @property
    def readings(self) -> tuple[str, ...]:
        """The ways to read the answer, widest first; `answer` is the first."""
        if self.parts or self.rule in _DELIMITED:
            return (self.answer,)
        found = prose.readings(self.answer)
        if self.rule == "other_language":  # its words are not understood: only what the answer begins with is read
            found = tuple(reading for reading in found if self.answer.startswith(reading))
        return found


def find_answer(completion: str, where: Where = "any") -> FoundAnswer | None:
    """Return the final answer of the completion, or None if it gives none."""
    text, offset = final_region(completion)
    if not text or text.isspace():
        return None
    for start in overflow_starts(text):
        found = _announced(text[:start], offset, where)
        if found is not None:
            return _reconsidered(text[:start], offset, found)
    found = _announced(text, offset, where)
    if found is not None:
        return _reconsidered(text, offset, found)
    ending = prose.last_resort(text) if where == "any" and not statements.ends_with_another_value(text) else None
    return _single(ending, "last_resort", offset, offset + len(text)) if ending else None


def _reconsidered(text: str, offset: int, found: FoundAnswer) -> FoundAnswer | None:
    """Return an announced answer with what is stated behind it instead as another part; None where it is withdrawn."""
    thought = afterthought(
        text, found.start - offset, found.end - offset, found.answer, in_words=found.rule not in _MARKED
    )
    if thought is None:
        return found
    if thought.withdrawn:
        return None
    parts = (*(found.parts or (found.answer,)), prose.clean(thought.value) or thought.value)
    return found._replace(answer=", ".join(parts), parts=parts)


def _announced(text: str, offset: int, where: Where) -> FoundAnswer | None:
    """Return the last explicit announcement, or else the last plain one."""
    candidates: list[FoundAnswer] = []
    if "oxed" in text or "\\f" in text:
        candidates += _from_boxes(text, offset)
    if where == "boxed":
        return candidates[0] if candidates and candidates[0].answer else None
    if "nswer>" in text or "NSWER" in text:
        tags = _from_tags(text, offset)
        if where == "answer_tag":
            return tags[0] if tags else None
        candidates += tags
    if where == "answer_tag":
        return None
    if 'nswer"' in text or "nswer'" in text:
        candidates += _placed(statements.json_field(text), offset)
    if "####" in text:
        candidates += _placed(statements.hashes(text), offset)
    if not candidates:
        return _in_words(text, offset)
    last = max(candidates, key=_START)
    if not last.answer:
        return None
    return _last_said(chain(_said_final(text, last.start - offset, offset), (last,)))


_START = attrgetter("start")
_REMARK = 60
"""Characters behind an announced sentence in which it may be withdrawn."""


class _Question(NamedTuple):
    """An announcement that is only asked and that nothing behind it answers."""

    about: str
    before: str
    start: int


def _last_said(announced: Iterator[FoundAnswer | _Question]) -> FoundAnswer | None:
    """Return the first answer of what is announced, last first; None where a question behind it is about another."""
    asked: list[_Question] = []
    for found in announced:
        if isinstance(found, _Question):
            asked.append(found)
            continue
        behind = [question for question in asked if question.start > found.start]
        doubtful = any(questions.is_about(question.about, question.before, found.answer) for question in behind)
        return None if doubtful else found
    return None


def _said_final(text: str, since: int, offset: int) -> Iterator[FoundAnswer | _Question]:
    """Yield what was announced as the final answer after the character `since`, last first."""
    rest = statements.lowercase(text[since:] if since > 0 else text)
    if "final" not in rest and "最" not in rest:
        return
    for start, final in statements.phrases(text[-len(rest) :], rest):
        if final:
            found = _sentence(text, start + len(text) - len(rest), offset, "final_answer")
            if found is not None and (isinstance(found, _Question) or prose.is_stated(found.answer)):
                yield found


def _in_words(text: str, offset: int) -> FoundAnswer | None:
    """Return the last answer announced by words: as final, or else at all, or else by a label."""
    return _last_said(
        chain(_announced_in_words(text, offset), _labelled(text, offset), _in_another_language(text, offset))
    )


def _announced_in_words(text: str, offset: int) -> Iterator[FoundAnswer | _Question]:
    """Yield the open questions behind the last answer announced as final, or else at all, and then that answer."""
    plain: FoundAnswer | None = None
    lower = statements.lowercase(text)
    finals = "final" in lower or "最" in lower
    for start, final in statements.phrases(text, lower):
        if plain is not None and not final:
            continue
        found = _sentence(text, start, offset, "final_answer" if final else "answer_is")
        if isinstance(found, FoundAnswer) and finals and not final:
            plain = found
        elif found is not None:
            yield found
    if plain is not None:
        yield plain


def _labelled(text: str, offset: int) -> Iterator[FoundAnswer]:
    if "A:" in text or "A：" in text:
        yield from _placed(statements.line_label(text), offset)


def _in_another_language(text: str, offset: int) -> Iterator[FoundAnswer | _Question]:
    """Yield the answers announced in one of `languages`, last first."""
    for place in languages.places(text):
        found = _sentence(text, place.end, offset, "other_language")
        if isinstance(found, FoundAnswer):
            said = languages.with_ascii_digits(prose.clean(languages.without_copula(found.answer)))
            yield found._replace(answer=said)
        elif found is not None:
            yield found


def _placed(statement: statements.Statement | None, offset: int) -> list[FoundAnswer]:
    if statement is None:
        return []
    found = _single(statement.content, statement.rule, offset + statement.start, offset + statement.end)
    return [found._replace(written=statement.content)]


def _from_boxes(text: str, offset: int) -> list[FoundAnswer]:
    group = boxes.last_boxes(text)
    if not group:
        return []
    contents = list(dict.fromkeys(prose.clean(box.content) or box.content for box in group))
    start, end = offset + group[0].start, offset + group[-1].end
    if len(contents) == 1:
        box = group[-1]
        return [FoundAnswer(contents[0], "boxed", start, end, unit=box.unit, written=box.content)]
    joined = ", ".join(contents)
    return [FoundAnswer(joined, "boxed", start, end, tuple(contents))]


def _from_tags(text: str, offset: int) -> list[FoundAnswer]:
    """Return the last tag's answer, together with the tags side by side with it."""
    group = statements.last_answer_tags(text)
    if not group:
        return []
    contents = list(dict.fromkeys(_inner(tag.content) for tag in group))
    start, end = offset + group[0].start, offset + group[-1].end
    if len(contents) == 1:
        written = ", ".join(dict.fromkeys(tag.content for tag in group))
        return [_single(contents[0], "answer_tag", start, end)._replace(written=written)]
    joined = ", ".join(contents)
    return [FoundAnswer(joined, "answer_tag", start, end, tuple(contents))]


def _inner(content: str) -> str:
    """Return the answer inside a tag that also holds words ("The answer is 5")."""
    found = _announced(content, 0, "any") if len(content) < boxes.MAX_PARTS * 64 else None
    return found.answer if found is not None else content


def _sentence(text: str, start: int, offset: int, rule: str) -> FoundAnswer | _Question | None:
    """Return what is announced from `start` to the end of its sentence; None where it is nothing, or denied."""
    while start < len(text) and text[start].isspace():
        start += 1
    end = prose.sentence_end(text, start)
    line_end = text.find("\n", end, end + _REMARK)
    line = text[start : line_end if line_end >= 0 else min(len(text), end + _REMARK)]
    asked = questions.is_asked(text, start, end)
    about = questions.without_tag(text[start:end]) if asked else ""
    reply = questions.reply(about, text[end : end + _REMARK]) if asked else ""
    if reply == "no":
        return None
    if not reply and is_withdrawn(line):
        asked, end = False, start + len(line)
    answer = prose.clean(about if asked else text[start:end])
    if not answer:
        return None
    if asked and not reply:
        return _Question(answer, text[max(0, start - _REMARK) : start], offset + start)
    return FoundAnswer(answer, rule, offset + start, offset + end)


def _single(content: str, rule: str, start: int, end: int) -> FoundAnswer:
    answer = prose.clean(content) or content
    return FoundAnswer(answer, rule, start, end)
