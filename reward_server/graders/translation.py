"""`translation`: a text against reference translations, by chrF, chrF++ or BLEU, with guards.

The translation is the inside of the one `<answer>` tag, else the whole final text: a sentence in front of it is part of
it. The score is `sacrebleu`'s for one sentence over 100, the best over the references; below `least` it is 0, because
two unrelated texts of one language share a quarter of their letters. A reference itself scores 1. Four guards give 0
whatever the metric says: a length beyond `max_length_ratio` times a reference's, or below its inverse (a text that
offers several translations); a copy of the source, or of most of it; a text in another language than the references,
where both can be told; words of the references in no order of theirs, or over and over. What no metric of letters sees
is meaning: "not" left out costs a few points. Nor is the order of phrases judged, which many languages leave free:
exchanged halves cost little, and a reference cut into pairs of words that are shuffled is paid.

Needs the extra `translation`; without it items are `ungradable`.
"""

import importlib.util
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from reward_server.errors import NotInstalled, TaskError
from reward_server.extraction.region import final_region, is_visible
from reward_server.extraction.tags import inside_tags
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.verdict import Outcome, Verdict
from reward_server.words.chrf import Counts, counts_of, grams_of
from reward_server.words.chrf import score as chrf
from reward_server.words.detection import are_alike, language_of
from reward_server.words.order import Words, in_common, is_ordered, words_in
from reward_server.words.rows import Rows, rows_of, said_over_and_over, units_of

_SHOWN = 300
_LONGEST = 20_000
_SLACK = 10
"""Characters by which a length may differ whatever the ratio, for references of a word or two."""
_LEAST = {"chrf": 0.3, "chrf++": 0.3, "bleu": 0.1}
_COPY = 0.8
"""chrF against the source from which a text that is nearer to the source than to a reference is a copy."""
_REPEATED, _ORDERED = 6, 7
"""Words from which it is looked at whether they are repeated, and whether in order; few words have hardly one."""
_MANY = 14
"""Words in common from which three of five are enough to look at it."""
_PUNCTUATION = str.maketrans("", "", ".,;:!?\"'()«»„“”¿¡")
_LACKING = "sacrebleu is not installed here: `pip install sacrebleu` into the server's environment"


class TranslationTask(Task):
    """Grade a translation."""

    kind: Literal["translation"] = "translation"
    ground_truth: str | list[str]
    """The reference translation, or several of which the nearest counts."""
    source: str | None = None
    """The text that was to be translated. Needed to see that it was only copied."""
    metric: Literal["chrf", "chrf++", "bleu"] = "chrf"
    """What the score is; chrF agrees better with people on single sentences than BLEU does."""
    least: float | None = Field(default=None, ge=0, le=1)
    """A smaller score is 0; where omitted, 0.3 for chrF and 0.1 for BLEU."""
    tokenize: Literal["13a", "intl", "char", "zh", "none"] = "13a"
    """How BLEU cuts words."""
    max_length_ratio: float = Field(default=1.75, gt=1, le=10)
    """Length against a reference's, at most this and at least its inverse: in characters, ten aside, and in words, two
    aside, since chrF does not see blanks."""


@dataclass(frozen=True)
class _Compiled:
    references: tuple[str, ...]
    folded: frozenset[str]
    source: str
    metric: Any
    letters: Any
    """chrF, by which copies are told whatever the metric is."""
    of_references: list[list[Counts]]
    of_source: list[Counts]
    words: tuple[Words, ...]
    """Each reference's."""
    most: Counter[str]
    """How often each word stands at most in one of them."""
    rows: tuple[Rows, ...]
    """What stands over and over in each reference itself."""
    vocabulary: frozenset[str]
    name: str
    least: float
    ratio: float
    language: str | None


def lacking(_resources: Resources | None = None) -> str:
    """Return what to install, empty where nothing is missing."""
    return "" if importlib.util.find_spec("sacrebleu") else _LACKING


def compile_task(task: TranslationTask) -> _Compiled:
    """Read the references.

    Raises:
        TaskError: there is none, one has nothing to read in it, or is longer than 20,000 characters.
        ServiceError: `sacrebleu` is not installed.
    """
    given = [task.ground_truth] if isinstance(task.ground_truth, str) else task.ground_truth
    references = tuple(dict.fromkeys(" ".join(text.split()) for text in given))
    if not references or not all(map(is_visible, references)):
        raise TaskError("ground_truth: a reference translation must not be empty")
    if max(map(len, references)) > _LONGEST:
        raise TaskError(f"ground_truth: longer than {_LONGEST} characters; send paragraphs")
    if lacking():
        raise NotInstalled(_LACKING)
    from sacrebleu.metrics import BLEU, CHRF  # noqa: PLC0415 - an extra

    source = " ".join((task.source or "").split())
    letters = metric = CHRF()
    if task.metric == "chrf++":
        metric = CHRF(word_order=2)
    counts = [counts_of(reference, metric) for reference in references]
    if task.metric == "bleu":
        metric = BLEU(
            tokenize=task.tokenize, effective_order=True, references=[[reference] for reference in references]
        )
    languages = {language_of(text) for text in references}
    least = _LEAST[task.metric] if task.least is None else task.least
    words = tuple(words_in(_words(text)) for text in references)
    units = [units_of(text, of_it.row) for text, of_it in zip(references, words, strict=True)]
    most = Counter[str]()
    for of_it in words:
        most |= of_it.counts
    return _Compiled(
        references, frozenset(map(str.casefold, references)), source, metric, letters, counts,
        counts_of(source, letters), words, most,
        tuple(map(rows_of, units)), frozenset().union(*units),
        task.metric, least, task.max_length_ratio, languages.pop() if len(languages) == 1 else None,
    )  # fmt: skip


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the translation, pass the guards, measure."""
    text, rule = _find_translation(completion.text)
    evidence: dict[str, Any] = {
        "method": compiled.name,
        "extraction": rule,
        "ground_truth": compiled.references[0][:_SHOWN],
    }
    if not is_visible(text):
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    shown = text[:_SHOWN]
    if text in compiled.references:
        return Verdict(Outcome.CORRECT, 1.0, shown, evidence | {"method": "reference"})
    guard = _guard(compiled, text)
    if guard:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | guard)
    score = _score(compiled, text)
    copy = _copied(compiled, text) or _strewn(compiled, text)
    evidence |= {"score": round(score, 4), "least": compiled.least}
    if copy:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | copy)
    if score < compiled.least or score <= 0:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence)
    score = min(score, 1.0)
    return Verdict(Outcome.CORRECT if score == 1 else Outcome.PARTIAL, score, shown, evidence)


def _guard(compiled: _Compiled, text: str) -> dict[str, Any]:
    """Return what a guard has to say against a text, before anything is measured; empty if nothing."""
    for unit, slack, count in (("characters", _SLACK, len), ("words", _SLACK // 4, lambda written: written.count(" "))):
        lengths = [count(reference) for reference in compiled.references]
        longest = max(max(lengths) * compiled.ratio, max(lengths) + slack)
        shortest = min(min(lengths) / compiled.ratio, min(lengths) - slack)
        if not shortest <= count(text) <= longest:
            return {"method": "length", unit: count(text), "of_references": lengths[:10]}
    if compiled.language is not None and text.casefold() not in compiled.folded:
        language = language_of(text)
        if language is not None and not are_alike(language, compiled.language):
            return {"method": "another_language", "language": language, "of_references": compiled.language}
    return {}


def _score(compiled: _Compiled, text: str) -> float:
    if compiled.name == "bleu":
        return float(compiled.metric.corpus_score([text], None).score / 100)
    return chrf(grams_of(text, compiled.metric), compiled.of_references, compiled.metric)


def _copied(compiled: _Compiled, text: str) -> dict[str, Any]:
    """Return that a text is a copy of the source, empty if it is not, or if the source is not known."""
    if not compiled.source or compiled.source.casefold() in compiled.folded:
        return {}
    words, of_source = set(text.casefold().split()), set(compiled.source.casefold().split())
    if len(words & of_source) < _COPY / 2 * len(words) and " " in compiled.source:
        return {}
    given = grams_of(text, compiled.letters)
    like_source = chrf(given, [compiled.of_source], compiled.letters)
    if like_source < _COPY:
        return {}
    like_reference = chrf(given, [counts[: len(given)] for counts in compiled.of_references], compiled.letters)
    return {"method": "copied", "like_source": round(like_source, 4)} if like_source > like_reference else {}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.casefold().translate(_PUNCTUATION).split())


def _strewn(compiled: _Compiled, text: str) -> dict[str, Any]:
    """Return that a text is the words of every reference in no order of theirs, or over and over; empty if it is not.

    In no order: four words of five are a reference's, or three of five and many, and in none are they ordered.
    Over and over: a third of the words are the references', beyond the times that they stand in any, or one or some of
    them stand in a row as often as in none (`words.rows`).
    """
    row = _words(text)
    if said_over_and_over(units_of(text, row), compiled.rows, compiled.vocabulary):
        return {"method": "repeated_words"}
    if len(row) < _REPEATED:
        return {}
    words = words_in(row)
    ordered = strewn = False
    for reference in compiled.words:
        common = in_common(words.counts, reference.counts)
        strewn |= 5 * common >= (3 if common >= _MANY else 4) * len(row)
        ordered |= common > 0 and is_ordered(words, reference, common)
    of_them = words.counts.keys() & compiled.most.keys()
    if 3 * sum(max(0, words.counts[word] - compiled.most[word]) for word in of_them) >= len(row):
        return {"method": "repeated_words"}
    return {"method": "words_in_no_order"} if strewn and not ordered and len(row) >= _ORDERED else {}


def _find_translation(text: str) -> tuple[str, str]:
    """Return (translation, rule); white space runs are single blanks."""
    region = final_region(text).text
    tagged = list(dict.fromkeys(" ".join(inside.split()) for inside in inside_tags(region)))
    if len(tagged) > 1:
        return "", "several_answers"
    return (tagged[0], "answer_tag") if tagged else (" ".join(region.split()), "whole_text")


_CAT = {
    "kind": "translation",
    "source": "Die Katze saß gestern Abend auf der alten Matte.",
    "ground_truth": ["The cat sat on the old mat last night.", "Last night the cat was sitting on the old mat."],
}

GRADER = Grader(
    task=TranslationTask,
    version=4,
    compile=compile_task,
    fast=grade,
    lacking=lacking,
    inline_characters=1_000,
    state=lambda compiled: f"<answer>{compiled.references[0]}</answer>",
    examples=[
        Example(_CAT, "<answer>The cat sat on the old mat last night.</answer>", Outcome.CORRECT),
        Example(_CAT, "Yesterday evening the cat sat on the old mat.", Outcome.PARTIAL),
        Example(_CAT, "Die Katze saß gestern Abend auf der alten Matte.", Outcome.INCORRECT),
        Example(_CAT, "It rained for most of the afternoon in town.", Outcome.INCORRECT),
        Example(_CAT, "", Outcome.NO_ANSWER),
    ],
)
