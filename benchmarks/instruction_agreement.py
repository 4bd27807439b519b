"""Agreement of `instruction` with the reference code of IFEval and IFBench, which `if-verifiable` packages.

    pip install if-verifiable && python benchmarks/instruction_agreement.py [--data FOLDER]

Every instruction of the shipped cases judges its own cases, twenty completions of others and, where the folder of
labelled data is given, twenty answers of models. Where the reference needs NLTK's data, which it downloads when it is
imported, and cannot have it, the row is left out and counted. Exits 1 where a difference has no reason below.
"""

import argparse
import gzip
import json
import logging
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from if_verifiable.ifbench import instructions_registry as ifbench  # type: ignore[import-not-found]
from if_verifiable.ifeval import instructions_registry as ifeval  # type: ignore[import-not-found]

from reward_server.cases import cases
from reward_server.graders import Completion, discover

_OTHERS, _LONGEST = 20, 1_500
_IDS = "instruction_id_list"
_STRICT = {"kind", _IDS, "kwargs"}
_APOSTROPHES = "every apostrophe is one: the reference takes \u2019 and ' for different signs"
_NOTHING = "a text with nothing to look at fails: one line, one sentence, one word, no quotation"
_WORDS = "words are runs of letters and digits with apostrophes and hyphens inside; the reference counts signs alone"
_REASONS = {
    "change_case:english_lowercase": "a text whose language cannot be told may be English; langdetect guesses",
    "words:alphabet": _NOTHING, "words:no_consecutive": _WORDS,
    "keywords:existence": _APOSTROPHES, "keywords:frequency": _APOSTROPHES, "startend:end_checker": _APOSTROPHES,
    "keywords:forbidden_words": _APOSTROPHES, "length_constraints:nth_paragraph_first_word": _APOSTROPHES,
    "sentence:keyword": _APOSTROPHES + "; a keyword is a whole word, not a part of one",
    "keywords:letter_frequency": "a letter that is none of a to z: the reference draws another at random",
    "language:response_language": "a text whose language cannot be told is in none; the reference lets it pass",
    "detectable_content:number_placeholders": "the text of a link is no placeholder",
    "detectable_format:number_bullet_lists": "a rule (---) is no bullet",
    "detectable_format:number_highlighted_sections": "signs inside a fenced block highlight nothing",
    "detectable_format:multiple_sections": "a section begins its line",
    "count:unique_word_count": _WORDS, "words:repeats": _WORDS, "words:prime_lengths": _WORDS,
    "count:conjunctions": _WORDS, "words:palindrome": "the same palindrome again is no further one",
    "count:pronouns": "indefinite and demonstrative pronouns are pronouns; the reference knows personal ones alone",
    "count:words_japanese": _NOTHING, "format:line_indent": _NOTHING, "format:quote_unquote": _NOTHING,
    "format:sub-bullets": _NOTHING, "ratio:sentence_type": _NOTHING, "ratio:sentence_balance": _NOTHING,
    "sentence:increment": _NOTHING, "sentence:alliteration_increment": _NOTHING, "words:last_first": _NOTHING,
    "words:paragraph_last_first": _NOTHING, "format:newline": "a rule of stars (* * *) is no line",
    "ratio:sentence_words": "its prompt asks for different words in all sentences, which the reference does not see",
    "repeat:repeat_span": "its prompt says that the indices are of characters; the reference counts words",
}  # fmt: skip
"""Why an instruction is decided otherwise than by its reference."""


def _rows(folder: Path | None) -> list[tuple[str, dict[str, Any], str, bool]]:
    """Return instruction, arguments, text and whether this service finds it followed."""
    chosen, grader = random.Random(3), discover()["instruction"]
    single = [case for case in cases("instruction") if case.task.keys() <= _STRICT and len(case.task[_IDS]) == 1]
    short = [case.completion for case in single if len(case.completion) < _LONGEST]
    answers: list[str] = []
    if folder is not None:
        with gzip.open(folder / "grading" / "responses.jsonl.gz", "rt") as lines:
            answers = [
                text for line in lines if len(text := json.loads(line)["response"]) < _LONGEST and "<" not in text
            ]
    found, tasks = [], {json.dumps(case.task, sort_keys=True): case.task for case in single}
    for task in tasks.values():
        (name,) = task[_IDS]
        compiled = grader.compile(grader.task.model_validate(task))
        own = [case.completion for case in single if case.task[_IDS] == [name]]
        for text in own + chosen.sample(short, _OTHERS) + chosen.sample(answers, min(_OTHERS, len(answers))):
            verdict = grader.fast(compiled, Completion(text))
            assert verdict is not None
            found.append((name, (task.get("kwargs") or [{}])[0] or {}, text, verdict.score == 1))
    return found


def main() -> None:
    """Compare, and print what differs and why."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    logging.disable(logging.CRITICAL)
    compared, different, lacking = Counter[str](), Counter[str](), 0
    for name, kwargs, text, ours in _rows(arguments.parse_args().data):
        reference = ifeval.INSTRUCTION_DICT.get(name) or ifbench.INSTRUCTION_DICT.get(name)
        if reference is None:
            continue
        try:
            checker = reference(name)
            checker.build_description(**{key: value for key, value in kwargs.items() if value is not None})
            theirs = bool(text.strip() and checker.check_following(text))
        except LookupError:
            lacking += 1
            continue
        compared[name] += 1
        different[name] += theirs != ours
    for name, count in sorted((+different).items()):
        print(f"{name:<48}{count:>4} of {compared[name]}: {_REASONS.get(name, 'NO REASON')}")
    total, off = compared.total(), different.total()
    print(f"{total} texts under {len(compared)} instructions, {off} decided otherwise; {lacking} lacked NLTK's data")
    if not (+different).keys() <= _REASONS.keys():
        sys.exit(1)


if __name__ == "__main__":
    main()
