r"""`choice`: the option a completion chooses, by letter or by the option's own words.

What counts, decided: a letter counts where it is announced and not denied ("cannot be A", "答案不是B"), supposed
("if the answer were A") or taken back ("B is wrong"). Behind it only an explanation or the option's own words
may stand; another option's words contradict it, "or", "but" and the like hedge, and words that are neither are
not passed over: the answer is then not read as a letter. Where the announcement as a whole is one option's text
("B cells" for an option D), that option is chosen. "A or B" for a ground truth of A is wrong. A completion that
names no letter but whose final answer is one option's text (or, with mathematics in it, equals exactly one
option) has chosen that option; inside a sentence an option must stand word for word, so "infrared" is not
"red".

A ground truth of several letters in alphabetical order is a set: every one must be chosen, in any order. Letters out of
order or repeated (`["D", "C", "C"]`) answer several questions: position by position. Numbered answers in the completion
are always compared by position.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from reward_server.errors import TaskError
from reward_server.extraction.afterthoughts import Afterthought
from reward_server.extraction.assertion import is_asserted, is_taken_back, is_withdrawn
from reward_server.extraction.letters import FoundChoice, find_choice, unwrap
from reward_server.extraction.options import (
    OPTION_LETTER,
    OWN_LABEL,
    read_options,
    standing_in,
    stands_plainly,
    words_of,
)
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.mathematics import GroundTruth, compare, compile_ground_truth
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200
_DEFAULT_LETTERS = "ABCDEFGHIJ"
_SHORTEST_OPTION_IN_PROSE = 3
_END_MARKS = re.compile(
    r"^[\s.。!！}\])）\]*$\"'”’;；]*(?:(?:입니다|이다|です|である|だ|है|হল|'dir|dir)(?!\w))?[\s.。!！}\])）\]*$\"'”’;；]*"
)
"""What closes a sentence behind the letter, with the copula of languages that put it last."""
_HEDGES = re.compile(
    r"(?i)[\s,，;；(（]{0,4}(?:or|and|but|maybe|perhaps|possibly|alternatively|also|although|though|unless|if|not sure"
    r"|或|和|但|也|除非)(?![a-z])"
)
_INTRODUCES = re.compile(
    r"(?i)\s*(?:[:：,，(（\-–—=]|\b(?:is|because|since|as|for|which|where|so|with|given|due|that|would|being|based|in|by"
    r"|from|due|it)\b|因为|由于|是|为|正确|选?项|所以|，)\s*"
)
"""What may stand between the letter and an explanation or the option's own words."""
_LABELLED = re.compile(r"\W{0,4}[A-Z]\s?[.)）\]:：、]\**\s")
"""What makes a letter a label in front of an option's text: "A. Paris", "B) Rome"."""
_CONTENT_ENDS = re.compile(r"(?<=[^\d])[.;](?:\s|$)|\s(?:is|because|since|which|as)\s|\n|[)）]\s*$")


_ONLY_NUMBER = re.compile(r"[\s$(=]*([-−]?\d[\d,]*(?:\.\d+)?)[\s$).。]*")


class ChoiceTask(Task):
    """Grade a multiple-choice answer."""

    kind: Literal["choice"] = "choice"
    ground_truth: str | int | list[str | int]
    """The right letter ("C", "(C)", "C)"), its position from 0, or the right option's text; a list where all of several
    letters must be given, or where several questions have one each."""
    options: list[str] | dict[str, str] | str | None = None
    """The options' texts: in order, by letter, or as one text with labels ("A) 3 B) 4"). Without them only letters are
    recognised."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    right: tuple[str, ...]
    by_position: bool
    letters: str
    texts: dict[str, str]
    """Folded text of an option → its letter, where it is unique."""
    words: dict[str, tuple[str, ...]]
    """The words of each option's text that is long enough to be found in a sentence."""
    formulas: dict[str, GroundTruth]


def _right_letter(value: str | int, options: dict[str, str]) -> str:
    """Return the letter a ground truth names, as a letter, a position or an option's text."""
    if isinstance(value, int):
        known = "".join(options) or _DEFAULT_LETTERS
        if not 0 <= value < len(known):
            raise TaskError(f"ground_truth: no option at position {value}")
        return known[value]
    value = unwrap(value).replace("~", " ")
    named = OPTION_LETTER.fullmatch(value)
    letter = named[1].upper() if named else ""
    if letter and (not options or letter in options):
        return letter
    same = [label for label, text in options.items() if _fold(text) == _fold(value)]
    if len(same) == 1:
        return same[0]
    labelled = OWN_LABEL.match(value)
    if labelled and (not options or _fold(value[labelled.end() :]) == _fold(options.get(labelled[1], "\0"))):
        return labelled[1]
    raise TaskError(f"ground_truth: {value[:40]!r} names no option")


def compile_task(task: ChoiceTask) -> _Compiled:
    """Read the options and the right letters.

    Raises:
        TaskError: the ground truth names no option.
    """
    options = read_options(task.options)
    given: list[str | int] = task.ground_truth if isinstance(task.ground_truth, list) else [task.ground_truth]
    if len(given) == 1 and isinstance(given[0], str):
        several = re.fullmatch(r"\s*[(\[]?((?:[A-Z]\s*[,，、;/ ]?\s*){2,26})[)\]]?\s*", given[0])
        if several and not any(_fold(text) == _fold(given[0]) for text in options.values()):
            given = list(re.findall(r"[A-Z]", several[1]))
    if not given:
        raise TaskError("ground_truth: the list is empty")
    right = tuple(_right_letter(value, options) for value in given)
    folded: dict[str, list[str]] = {}
    for letter, text in options.items():
        folded.setdefault(_fold(text), []).append(letter)
    texts = {text: letters[0] for text, letters in folded.items() if len(letters) == 1 and text}
    known = "".join(sorted(set(options or _DEFAULT_LETTERS) | set(right)))
    words = {letter: words_of(text) for text, letter in _plain_texts(options).items()}
    return _Compiled(right, list(right) != sorted(set(right)), known, texts, words, _formulas(options))


def _plain_texts(options: dict[str, str]) -> dict[str, str]:
    """Return the options' texts in lower case, by text, without those too short to be told from a sentence's words."""
    plain = {unicodedata.normalize("NFKC", text).casefold().strip(): letter for letter, text in options.items()}
    return {
        text: letter for text, letter in plain.items() if len(text) >= _SHORTEST_OPTION_IN_PROSE and not text.isdigit()
    }


def _formulas(options: dict[str, str]) -> dict[str, GroundTruth]:
    """Return the options with digits as mathematics; the others are words."""
    found = {}
    for letter, text in options.items():
        if any(character.isdigit() for character in text):
            try:
                found[letter] = compile_ground_truth(text)
            except TaskError:
                continue
    return found


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("\\", "")
    return "".join(character for character in text if not character.isspace() and character not in "$.,;:，。{}*\"'`")


class _Choice(NamedTuple):
    """What was chosen, how it was recognised, and what speaks against it."""

    letters: tuple[str, ...]
    method: str
    problem: str = ""


def _chosen(compiled: _Compiled, found: FoundChoice) -> _Choice:
    if not found.letters:
        return _in_words(compiled, found)
    if found.afterthought is not None and (problem := _reconsidered(compiled, found.letters, found.afterthought)):
        return _Choice(found.letters, "letter", problem)
    if found.rest and (letter := _whole_text(compiled, found.line)):
        return _Choice((letter,), "option_text")
    rest = _END_MARKS.sub("", found.rest)
    taken_back = is_taken_back(found.rest) or is_withdrawn(found.line)
    if taken_back or not rest or _HEDGES.match(rest):
        return _Choice(found.letters, "letter", "taken back" if taken_back else "hedged" if rest else "")
    introduced = _INTRODUCES.match(rest)
    content = rest
    while step := _INTRODUCES.match(content):
        content = content[step.end() :]
    other = _content(compiled, content)
    marked = found.content[:1] in "([（【{" or _LABELLED.match(found.content) is not None
    if introduced is None and not marked and other not in found.letters:
        return _Choice((), "unread", f"unread after the letter: {rest[:60]!r}")
    contradicts = other is not None and other not in found.letters
    problem = f"contradiction: the content is that of {other}" if contradicts else ""
    if not contradicts and _is_another_value(compiled, found.letters, content):
        problem = f"contradiction: {content[:60]!r} is not that option's value"
    return _Choice(found.letters, "letter", problem)


def _reconsidered(compiled: _Compiled, letters: tuple[str, ...], thought: Afterthought) -> str:
    """Return how a remark behind the letters speaks against them: it withdraws them or names another option."""
    if thought.withdrawn:
        return "taken back"
    named = OPTION_LETTER.fullmatch(thought.value)
    other = named[1].upper() if named is not None else _content(compiled, thought.value)
    return "" if other is None or other in letters else f"contradiction: behind the letter {other} is stated"


def _is_another_value(compiled: _Compiled, letters: tuple[str, ...], content: str) -> bool:
    """Tell whether the content is nothing but a number, and the only letter's option has another value."""
    truth = compiled.formulas.get(letters[0]) if len(letters) == 1 else None
    number = _ONLY_NUMBER.fullmatch(content)
    return truth is not None and number is not None and compare(truth, number[1]).equal is False


def _whole_text(compiled: _Compiled, line: str) -> str | None:
    """Return the letter of the option whose text a line is, up to its sentence's end."""
    return compiled.texts.get(_fold(line))


def _content(compiled: _Compiled, content: str) -> str | None:
    """Return the letter of the one option whose text or value this is."""
    content = _CONTENT_ENDS.split(content.strip().strip("()（）"), maxsplit=1)[0]
    letter = compiled.texts.get(_fold(content))
    if letter:
        return letter
    return _by_value(compiled, content)


def _by_value(compiled: _Compiled, content: str) -> str | None:
    """Return the letter of the only option that has this value."""
    equal = [letter for letter, truth in compiled.formulas.items() if compare(truth, content).equal]
    return equal[0] if len(equal) == 1 else None


def _in_words(compiled: _Compiled, found: FoundChoice) -> _Choice:
    """Return the option whose text the announcement is; or, in a sentence, the only one that stands in it whole."""
    for text in (found.content, found.line):
        letter = compiled.texts.get(_fold(text))
        if letter:
            return _Choice((letter,), "option_text")
    letter = _by_value(compiled, found.content)
    if letter:
        return _Choice((letter,), "option_value")
    if found.rule != "last_line" and is_asserted(found.content, len(found.content), found.content):
        named = standing_in(compiled.words, found.content)
        if len(named) == 1 and stands_plainly(next(iter(named)), compiled.words, found.content):
            return _Choice(tuple(named), "option_in_prose")
    return _Choice((), "none")


def grade_fast(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the choice and compare it with the right letters."""
    found = find_choice(completion.text, compiled.letters)
    letters, method, problem = _chosen(compiled, found) if found else _Choice((), "none")
    evidence: dict[str, Any] = {"method": method, "ground_truth": ", ".join(compiled.right)}
    if problem:
        evidence["problem"] = problem
    if found is None or not letters:
        if found is not None:
            evidence |= {"rule": found.rule, "content": found.content[:_SHOWN]}
        outcome = Outcome.INCORRECT if found and found.rule != "last_line" and found.content else Outcome.NO_ANSWER
        return Verdict(
            outcome, 0.0, found.content[:_SHOWN] if found and outcome is Outcome.INCORRECT else None, evidence
        )
    evidence |= {"rule": found.rule, "content": found.content[:_SHOWN]}
    answer = ", ".join(letters)
    if problem:
        return Verdict(Outcome.INCORRECT, 0.0, answer, evidence)
    if _is_right(compiled, letters, numbered=found.numbered):
        return Verdict(Outcome.CORRECT, 1.0, answer, evidence)
    if len(compiled.right) == 1 and len(set(letters)) > 1:
        evidence["hedged"] = True
    return Verdict(Outcome.INCORRECT, 0.0, answer, evidence)


def _is_right(compiled: _Compiled, letters: tuple[str, ...], *, numbered: bool) -> bool:
    if len(compiled.right) == 1:
        return letters[-1:] == compiled.right if numbered else set(letters) == set(compiled.right)
    if numbered or compiled.by_position:
        return letters == compiled.right
    return set(letters) == set(compiled.right)


_C = {"kind": "choice", "ground_truth": "C"}
_WORDS = {"kind": "choice", "ground_truth": 1, "options": ["red", "dark green", "blue", "3"]}

GRADER = Grader(
    task=ChoiceTask,
    version=3,
    compile=compile_task,
    fast=grade_fast,
    examples=[
        Example(_C, "I considered A and B, but the answer is (C).", Outcome.CORRECT),
        Example(_C, "The answer is B or C.", Outcome.INCORRECT),
        Example(_C, "综上，故选C。", Outcome.CORRECT),
        Example(_WORDS, r"\boxed{\text{Dark green}}", Outcome.CORRECT),
        Example({"kind": "choice", "ground_truth": ["A", "C"]}, "ANSWER: C, A", Outcome.CORRECT),
    ],
)
