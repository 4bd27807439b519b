"""`citation`: an answer whose every claim cites given documents that say it.

For each claim (`reward_server.words.citations` says what one is): it cites at least one document and at most
`max_citations`; every document cited exists and shares a word that carries meaning with it; of the claim's own such
words the share `support` occurs in what it cites, and every number of it does; each quotation of three words or more
occurs there letter by letter, case and white space aside. With `answers`, each must be said in a claim that cites a
document in which it stands; with `ground_truth`, these documents must be cited. `score: share` gives the share of all
these that hold, else all must.

Words are compared, not meanings: a sentence of a document with its number behind it holds, and so does one that turns
the document's words round. Give `answers` wherever the task has some.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from reward_server.errors import TaskError
from reward_server.extraction.region import final_region, is_visible
from reward_server.extraction.tags import inside_tags
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.verdict import Outcome, Verdict
from reward_server.words.citations import NEGATIONS, Claim, claims, content_words, folded

_SHOWN = 300
_LISTED = 10
_LONGEST = 50_000
_MAX_CLAIMS = 500
_MAX_CHARACTERS = 2_000_000
_QUOTED_WORDS = 3
_LEAST_WORDS = 3
_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
"""A letter or digit of a script that puts blanks between words."""
_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…|\[\.\.\.\]|\[…\])\s*")


class CitationTask(Task):
    """Grade an answer with citations."""

    kind: Literal["citation"] = "citation"
    documents: list[str | dict[str, Any]] = Field(min_length=1, max_length=500)
    """What may be cited: texts, which are `1`, `2`, … in their order, or `{"text", "title", "id"}` of which `title` and
    `id` may be left out."""
    answers: list[str | list[str]] | None = None
    """Short answers, or lists of aliases of them, that the text must give, each with a citation that has it."""
    ground_truth: list[int | str] | None = None
    """Identifiers of documents that must be cited."""
    support: float = Field(default=0.5, ge=0, le=1)
    """Share of a claim's meaningful words that must stand in what it cites."""
    max_citations: int = Field(default=3, ge=1, le=100)
    """Documents that one claim may cite."""
    least_claims: int = Field(default=1, ge=1, le=100)
    """Claims that the answer must make."""
    least_words: int | None = Field(default=None, ge=1, le=100)
    """Meaningful words that a claim must have; where omitted, 3 in a task without `answers`, which alone would tell a
    claim from a word of a document, and 1 in others."""
    score: Literal["all", "share"] = "all"
    """Whether everything must hold, or the share of what holds counts."""


@dataclass(frozen=True, slots=True)
class _Document:
    text: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Answer:
    aliases: tuple[str, ...]
    stands_in: frozenset[str]
    """Documents."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    documents: dict[str, _Document]
    answers: tuple[_Answer, ...]
    wanted: tuple[str, ...]
    support: float
    max_citations: int
    least_claims: int
    least_words: int
    share: bool


def compile_task(task: CitationTask) -> _Compiled:
    """Read the documents.

    Raises:
        TaskError: a document has no text, two have one identifier, an answer stands in none of them, or nothing would
            tell an answer from any other text with a number behind it.
    """
    documents: dict[str, _Document] = {}
    for number, given in enumerate(task.documents, 1):
        document = {"text": given} if isinstance(given, str) else given
        text = document.get("text", document.get("contents"))
        if not isinstance(text, str) or not is_visible(text):
            raise TaskError(f"documents[{number - 1}]: needs `text`")
        name, title = str(document.get("id", number)), document.get("title") or ""
        if name in documents:
            raise TaskError(f"documents: two are named {name!r}")
        documents[name] = _Document(folded(f"{title}\n{text}"), content_words(f"{title} {text}"))
    if sum(len(document.text) for document in documents.values()) > _MAX_CHARACTERS:
        raise TaskError(f"documents: more than {_MAX_CHARACTERS} characters")
    answers = tuple(_answer(answer, documents) for answer in task.answers or ())
    wanted = tuple(str(name) for name in task.ground_truth or ())
    if unknown := [name for name in wanted if name not in documents]:
        raise TaskError(f"ground_truth: {unknown[0]!r} is no document")
    if not answers and not wanted and not task.support:
        raise TaskError("support: with 0, and without `answers` or `ground_truth`, any text with a citation is right")
    least_words = task.least_words or (1 if answers else _LEAST_WORDS)
    return _Compiled(
        documents, answers, wanted, task.support, task.max_citations, task.least_claims, least_words,
        task.score == "share",
    )  # fmt: skip


def _answer(given: str | list[str], documents: dict[str, _Document]) -> _Answer:
    aliases = tuple(folded(alias) for alias in ([given] if isinstance(given, str) else given))
    if not aliases or not all(map(is_visible, aliases)):
        raise TaskError("answers: an answer must not be empty")
    stands_in = frozenset(name for name, document in documents.items() if _says(document.text, aliases))
    if not stands_in:
        raise TaskError(f"answers: {aliases[0]!r} stands in no document, so that no citation can be right")
    return _Answer(aliases, stands_in)


def _says(text: str, aliases: tuple[str, ...]) -> bool:
    """Whether one of the aliases stands in a folded text, not as a part of a longer word."""
    return any(re.search(rf"(?<!{_LETTER}){re.escape(alias)}(?!{_LETTER})", text) for alias in aliases)


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the claims, look at each, then at what the whole must give."""
    text, rule = _final_text(completion.text)
    evidence: dict[str, Any] = {"method": "citations", "extraction": rule}
    if not is_visible(text):
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    found, introductions = claims(text[: _LONGEST + 1], compiled.documents)
    if len(text) > _LONGEST or len(found) > _MAX_CLAIMS:
        return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence | {"method": "beyond_bounds"})
    looked_at = [(claim, _fault(compiled, claim)) for claim in found]
    wrong = [(claim, why) for claim, why in looked_at if why]
    sound = [claim for claim, why in looked_at if not why]
    missing = [answer.aliases[0] for answer in compiled.answers if not any(_gives(one, answer) for one in sound)]
    uncited = [name for name in compiled.wanted if not any(name in claim.cited for claim in sound)]
    evidence |= {
        "claims": len(found),
        "wrong": [{"claim": claim.text[:120], "why": why} for claim, why in wrong[:_LISTED]],
        "missing_answers": missing[:_LISTED],
        "not_cited": uncited[:_LISTED],
        "introductions": [line[:80] for line in introductions[:_LISTED]],
    }
    few = max(0, compiled.least_claims - len(found))
    asked = len(found) + few + len(compiled.answers) + len(compiled.wanted)
    failed = len(wrong) + few + len(missing) + len(uncited)
    if not failed and len(introductions) <= len(found):
        return Verdict(Outcome.CORRECT, 1.0, text[:_SHOWN], evidence)
    if not compiled.share or not sound or len(introductions) > len(found):
        return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence)
    return Verdict(Outcome.PARTIAL, (asked - failed) / asked, text[:_SHOWN], evidence)


def _fault(compiled: _Compiled, claim: Claim) -> str:
    """Return what is wrong with a claim, empty where nothing is."""
    unknown = [name for name in claim.cited if name not in compiled.documents]
    if not claim.cited:
        return "cites nothing"
    if unknown:
        return f"cites {unknown[0][:40]!r}, which is no document"
    if len(claim.cited) > compiled.max_citations:
        return f"cites {len(claim.cited)} documents, at most {compiled.max_citations}"
    return next(_unsupported(compiled, claim), "")


def _unsupported(compiled: _Compiled, claim: Claim) -> Iterator[str]:
    """Yield what of a claim does not stand in the documents it cites."""
    words, documents = content_words(claim.text), [compiled.documents[name] for name in claim.cited]
    if len(words) < compiled.least_words:
        yield f"says {len(words)} words that carry meaning, at least {compiled.least_words} are needed"
    said = frozenset[str]().union(*(document.words for document in documents))
    for name in claim.cited:
        if not words & compiled.documents[name].words:
            yield f"{name!r} has nothing to do with it"
    for word in sorted(words - said):
        if any(map(str.isdigit, word)) or word in NEGATIONS:
            yield f"{word[:40]!r} does not stand in what it cites"
    if len(words & said) < compiled.support * len(words):
        yield f"{len(words & said)} of its {len(words)} words stand in what it cites"
    for quote in claim.quotes:
        if len(quote.split()) >= _QUOTED_WORDS and not any(_quotes(document.text, quote) for document in documents):
            yield f"“{quote[:60]}” is no quotation from what it cites"


def _quotes(text: str, quote: str) -> bool:
    """Whether a quotation stands in a folded text, its pieces between ellipses one behind the other."""
    place = 0
    for piece in _ELLIPSIS.split(folded(quote).strip(" .,;:")):
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _gives(claim: Claim, answer: _Answer) -> bool:
    """Whether a claim gives an answer and cites a document that has it."""
    return not answer.stands_in.isdisjoint(claim.cited) and _says(folded(claim.text), answer.aliases)


def _final_text(text: str) -> tuple[str, str]:
    region = final_region(text).text
    tagged = inside_tags(region)
    if len(tagged) > 1:
        return "", "several_answers"
    return (tagged[0], "answer_tag") if tagged else (region.strip(), "whole_text")


_TOWER = {
    "kind": "citation",
    "documents": [
        "The Eiffel Tower in Paris was completed in 1889 for the World's Fair.",
        "Gustave Eiffel was a French engineer. His company built the tower and the Garabit viaduct.",
        "The Great Wall of China is thousands of kilometres long.",
    ],
    "answers": [["Gustave Eiffel", "Eiffel's company"], "1889"],
}

GRADER = Grader(
    task=CitationTask,
    version=2,
    compile=compile_task,
    fast=grade,
    inline_characters=8_192,
    examples=[
        Example(_TOWER, "The tower was completed in 1889 [1]. The company of Gustave Eiffel built it [2].",
                Outcome.CORRECT),
        Example(_TOWER, "The tower was completed in 1889. The company of Gustave Eiffel built it [2].",
                Outcome.INCORRECT),
        Example(_TOWER, "The tower was completed in 1889 [4]. The company of Gustave Eiffel built it [2].",
                Outcome.INCORRECT),
        Example(_TOWER | {"score": "share"}, "The tower was completed in 1889 [1].", Outcome.PARTIAL),
        Example(_TOWER, "", Outcome.NO_ANSWER),
    ],
)  # fmt: skip
