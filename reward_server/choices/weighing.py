"""Which option an announcement chooses, and what in it speaks against that."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from reward_server.choices.standing import SEPARATORS, is_called_option, is_explained, split
from reward_server.errors import TaskError
from reward_server.extraction.afterthoughts import Afterthought
from reward_server.extraction.assertion import is_asserted, is_taken_back, is_withdrawn
from reward_server.extraction.doubts import is_doubted, means_one_of_them
from reward_server.extraction.labels import LabelReader, reader_of
from reward_server.extraction.letters import FoundChoice
from reward_server.extraction.options import LONGEST_LABEL, LONGEST_LABELS, standing_in, stands_plainly, words_of
from reward_server.extraction.sequences import loose_core
from reward_server.mathematics import GroundTruth, compare, compile_ground_truth
from reward_server.normal_forms import normal_form

_SHORTEST_OPTION_IN_PROSE = 3
_LONGEST_STATED = 200
_END_MARKS = re.compile(
    r"^[\s.。!！}\])）\]*$\"'”’;；]*(?:(?:번?입니다|번?이다|번|が(?:正解|正しい|答え)?(?:です)?|です|である|だ|है|হল|'dir|dir)(?!\w))?[\s.。!！}\])）\]*$\"'”’;；]*"
)
"""What closes a sentence behind the letter, with the copula of languages that put it last."""
_HEDGES = re.compile(
    r"(?i)[\s,，;；(（]{0,4}(?:or|and|but|maybe|perhaps|possibly|alternatively|also|although|though|unless|if|not sure"
    r"|else|otherwise|或|和|但|也|除非)(?![a-z])"
)
_INTRODUCES = re.compile(
    r"(?i)\s*(?:[:：,，(（–—=]|-(?!\w)|\b(?:is|are|because|since|as|for|which|where|so|with|given|due|that|would|being|based|in|by"
    r"|from|due|it)\b|因为|由于|是|为|正确|选?项|所以|，)\s*"
)
"""What may stand between the letter and an explanation or the option's own words."""
_LABELLED = re.compile(r"\W{0,4}\w{1,4}\s?[.)）\]:：、]\**\s")
"""What makes a letter a label in front of an option's text: "A. Paris", "B) Rome"."""
_CONTENT_ENDS = re.compile(r"(?<=[^\d])[.;](?:\s|$)|\s(?:is|because|since|which|as)\s|\n|[)）]\s*$")


_LISTED = re.compile(r"\s*(?:[,，、;；\n]\s*(?:and\s+)?|\s(?:and|&)\s|和|与|及)\s*")
_FOLDED_AWAY = str.maketrans("", "", "\\$.,;:，。{}*\"'`")
_ONLY_NUMBER = re.compile(r"[\s$(=]*([-−]?\d[\d,]*(?:\.\d+)?)[\s$).。]*")


@dataclass(frozen=True, slots=True)
class Question:
    """The options of a question and the right ones, ready to compare with."""

    right: tuple[str, ...]
    by_position: bool
    letters: tuple[str, ...]
    """The labels of all options."""
    aliases: tuple[tuple[str, str], ...]
    """Where the labels are words, options' texts of one word with their labels."""
    texts: dict[str, str]
    """Folded text of an option → its letter, where it is unique."""
    words: dict[str, tuple[str, ...]]
    """The words of each option's text that is long enough to be found in a sentence."""
    formulas: dict[str, GroundTruth]

    @property
    def reader(self) -> LabelReader:
        """What reads the labels."""
        return reader_of(self.letters, self.aliases)


def question_of(options: dict[str, str], right: tuple[str, ...], unnamed: str) -> Question:
    """Prepare a question; `unnamed` are the labels where it has no options."""
    folded_texts: dict[str, list[str]] = {}
    for letter, text in options.items():
        folded_texts.setdefault(fold(text), []).append(letter)
    texts = {text: letters[0] for text, letters in folded_texts.items() if len(letters) == 1 and text}
    labels = tuple(options) if options else tuple(sorted({*unnamed, *right}, key=lambda one: (len(one), one)))
    words = {letter: words_of(text) for text, letter in _plain_texts(options).items()}
    aliases: tuple[tuple[str, str], ...] = ()
    if reader_of(labels).words:
        names = {fold(label) for label in labels}
        aliases = tuple(
            (text, letter)
            for letter, text in options.items()
            if len(text) <= LONGEST_LABEL
            and text.isalpha()
            and fold(text) not in names
            and texts.get(fold(text)) == letter
        )
        if sum(map(len, labels)) + sum(len(text) for text, _ in aliases) > LONGEST_LABELS:
            aliases = ()
    order = [labels.index(letter) for letter in right]
    by_position = order != sorted(set(order))
    return Question(right, by_position, labels, aliases, texts, words, _formulas(options))


def _plain_texts(options: dict[str, str]) -> dict[str, str]:
    """Return the options' texts in lower case, by text, without those too short to be told from a sentence's words."""
    plain = {normal_form("NFKC", text).casefold().strip(): letter for letter, text in options.items()}
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


def fold(text: str) -> str:
    """Return a text as options' texts are compared: case, blanks, punctuation and LaTeX's signs do not count."""
    return "".join(normal_form("NFKC", text).casefold().translate(_FOLDED_AWAY).split())


class Choice(NamedTuple):
    """What was chosen, how it was recognised, and what speaks against it."""

    letters: tuple[str, ...]
    method: str
    problem: str = ""


def chosen(compiled: Question, found: FoundChoice) -> Choice:
    """Return what an announcement chooses."""
    if not found.letters:
        return _in_words(compiled, found)
    if found.afterthought is not None and (problem := _reconsidered(compiled, found.letters, found.afterthought)):
        return Choice(found.letters, "letter", problem)
    if _own_text_follows(compiled, found):
        return _labelled(compiled, found)
    letter = _whole_text(compiled, found.line) if found.rest or len(found.letters) > 1 else None
    if letter is not None and fold(found.line) != fold(found.letters[0]):
        return Choice((letter,), "option_text")
    if problem := _is_ambiguous(compiled, found):
        return Choice(found.letters, "letter", problem)
    return _labelled(compiled, found)


def _labelled(compiled: Question, found: FoundChoice) -> Choice:
    """Return the labels of an announcement, and what behind them speaks against them."""
    rest = _END_MARKS.sub("", found.rest)
    if found.offered and len(compiled.right) > 1:
        return Choice(found.letters, "letter", "offered: one or the other")
    head, behind = split(found)
    if len(compiled.right) > 1 and len(found.letters) > 1 and means_one_of_them(behind):
        return Choice(found.letters, "letter", "offered: one of them")
    if compiled.reader.words and is_doubted(behind):
        return Choice(found.letters, "letter", "doubted")
    taken_back = is_taken_back(found.rest) or is_withdrawn(found.line)
    if taken_back or not rest or _HEDGES.match(rest):
        return Choice(found.letters, "letter", "taken back" if taken_back else "hedged" if rest else "")
    introduced = _INTRODUCES.match(rest)
    content = _explained(rest).lstrip("-")
    other = _content(compiled, content) or compiled.reader.name(loose_core(content))
    marked = found.content[:1] in "([（【{" or _LABELLED.match(found.content) is not None
    understood = introduced is not None or marked
    if all(map(str.isdecimal, found.letters)):
        understood = other is not None or is_explained(head, rest)
        understood = understood or standing_in(compiled.words, rest.lstrip(SEPARATORS)) == set(found.letters)
    if not understood and other not in found.letters:
        return Choice((), "unread", f"unread after the letter: {rest[:60]!r}")
    contradicts = other is not None and other not in found.letters
    problem = f"contradiction: the content is that of {other}" if contradicts else ""
    if not contradicts and _is_another_value(compiled, found.letters, content):
        problem = f"contradiction: {content[:60]!r} is not that option's value"
    return Choice(found.letters, "letter", problem)


def _reconsidered(compiled: Question, letters: tuple[str, ...], thought: Afterthought) -> str:
    """Return how a remark behind the letters speaks against them: it withdraws them or names another option."""
    if thought.withdrawn:
        return "taken back"
    other = compiled.reader.name(loose_core(thought.value)) or _content(compiled, thought.value)
    return "" if other is None or other in letters else f"contradiction: behind the letter {other} is stated"


def _is_another_value(compiled: Question, letters: tuple[str, ...], content: str) -> bool:
    """Tell whether the content is nothing but a number, and the only letter's option has another value."""
    truth = compiled.formulas.get(letters[0]) if len(letters) == 1 else None
    number = _ONLY_NUMBER.fullmatch(content)
    return truth is not None and number is not None and compare(truth, number[1]).equal is False


def _explained(rest: str) -> str:
    """Return what stands behind a label without the words that introduce it."""
    while step := _INTRODUCES.match(rest):
        rest = rest[step.end() :]
    return rest


def _own_text_follows(compiled: Question, found: FoundChoice) -> bool:
    """Tell whether nothing but the option's own text stands behind its label."""
    if len(found.letters) > 1:
        return False
    behind = _explained(split(found)[1].lstrip(" .)）]、*"))
    stated = _CONTENT_ENDS.split(behind.strip().strip("()（）"), maxsplit=1)[0]
    if not stated or len(stated) > _LONGEST_STATED:
        return False
    own = compiled.formulas.get(found.letters[0])
    return compiled.texts.get(fold(stated)) == found.letters[0] or (
        own is not None and compare(own, stated).equal is True
    )


def _is_ambiguous(compiled: Question, found: FoundChoice) -> str:
    """Return what makes labels ambiguous: they are also other options' texts, as in `2. 3` beside `3. 2`.

    Not where they stand as labels do. That the option's own text follows is looked at before.
    """
    others: list[str] = []
    for label in dict.fromkeys(found.letters):
        other = _other_of_value(compiled, label)
        if other is None:
            return ""
        others.append(other)
    if is_called_option(split(found)[0]):
        return ""
    return f"ambiguous: {', '.join(found.letters)} may be a label and the text of {', '.join(others)}"


def _other_of_value(compiled: Question, label: str) -> str | None:
    """Return another option whose text a label is too, or whose value, where the label is a number."""
    other = compiled.texts.get(fold(label))
    if other is None and label.isdecimal():
        own = compiled.formulas.get(label)
        if own is None or not compare(own, label).equal:
            same = (letter for letter, truth in compiled.formulas.items() if compare(truth, label).equal)
            other = next(same, None)
    return None if other == label else other


def _whole_text(compiled: Question, line: str) -> str | None:
    """Return the letter of the option whose text a line is, up to its sentence's end."""
    return compiled.texts.get(fold(line))


def _content(compiled: Question, content: str) -> str | None:
    """Return the letter of the one option whose text or value this is."""
    content = _CONTENT_ENDS.split(content.strip().strip("()（）"), maxsplit=1)[0]
    letter = compiled.texts.get(fold(content))
    if letter:
        return letter
    if compiled.reader.words and (named := compiled.reader.read(content)[0]):
        return named[0]
    return _by_value(compiled, content)


def _by_value(compiled: Question, content: str) -> str | None:
    """Return the letter of the only option that has this value."""
    equal = [letter for letter, truth in compiled.formulas.items() if compare(truth, content).equal]
    return equal[0] if len(equal) == 1 else None


def _in_words(compiled: Question, found: FoundChoice) -> Choice:
    """Return the option whose text the announcement is; or, in a sentence, the only one that stands in it whole."""
    for text in (found.content, found.line):
        letter = compiled.texts.get(fold(text))
        if letter:
            return Choice((letter,), "option_text")
    letter = _by_value(compiled, found.content)
    if letter:
        return Choice((letter,), "option_value")
    if several := _several_texts(compiled, found.content):
        return Choice(several, "option_texts")
    if found.rule != "last_line" and is_asserted(found.content, len(found.content), found.content):
        named = standing_in(compiled.words, found.content)
        if len(named) == 1 and stands_plainly(next(iter(named)), compiled.words, found.content):
            return Choice(tuple(named), "option_in_prose")
    return Choice((), "none")


def _several_texts(compiled: Question, content: str) -> tuple[str, ...]:
    """Return the options whose texts a list is, each whole; nothing where one part is no option's text."""
    if len(compiled.right) == 1:
        return ()
    parts = [part for part in _LISTED.split(content) if part.strip()]
    found = [compiled.texts.get(fold(part)) for part in parts]
    return tuple(label for label in found if label) if len(parts) > 1 and all(found) else ()
