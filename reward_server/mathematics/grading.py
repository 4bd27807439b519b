"""Compile a ground truth once, compare answers with it often.

The ground truth leads: its kind, stated precision, unit and order decide how the answer is read. Both sides may have
several readings; they are the same where any two readings are, different where the usual readings are proved so and
no other pair agrees.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from reward_server.errors import TaskError
from reward_server.mathematics.comparing.bounds import is_comparable, is_short, may_stay_open
from reward_server.mathematics.comparing.degenerate import no_value
from reward_server.mathematics.comparing.identity import NODE_BUDGET, Finding
from reward_server.mathematics.comparing.kinds import kind_of
from reward_server.mathematics.comparing.numbers import as_number, compare_reading
from reward_server.mathematics.comparing.parts import compare_all
from reward_server.mathematics.comparing.scalars import Scalar
from reward_server.mathematics.comparing.written import in_one_word, same_words, with_ignored
from reward_server.mathematics.comparison import Comparison
from reward_server.mathematics.options import MathOptions
from reward_server.mathematics.reading.phrases.choices import choice_of, chosen, several
from reward_server.mathematics.reading.phrases.derivatives import respelled
from reward_server.mathematics.reading.phrases.directions import direction_of
from reward_server.mathematics.reading.phrases.qualifiers import domain_of
from reward_server.mathematics.reading.spelling import MAX_LENGTH, plain
from reward_server.mathematics.reading.texts import readings
from reward_server.mathematics.tree.nodes import Expr, Group, Listing, Number, Ratio, SetOf, SetOperation, Words
from reward_server.mathematics.tree.walk import lower_symbols
from reward_server.mathematics.values.balls import Budget

_PLAIN_INTEGER = re.compile(r"[-+]?\d{1,15}", re.ASCII)
_SHOWN = 120
_TOO_LONG, _LONGEST_TRUTH = 4 * MAX_LENGTH, 100_000
"""Characters beyond which an answer is only compared as a string."""
DEFAULT = MathOptions()
_WHOLE = frozenset({"significant", "stated", "exact"})
"""Tolerances under which an integer is only itself."""
_ROUNDED = re.compile(r"\\approx|\\simeq|≈|≃|\b(?:approximately|approx|about|roughly)\b\.?|约", re.IGNORECASE)
"""What says that a ground truth is rounded."""


class NoValueError(TaskError):
    """A ground truth is an expression without a value, such as `1/0`."""


@dataclass(frozen=True, slots=True)
class _Truth:
    """One ground truth text with its readings."""

    text: str
    spellings: frozenset[str]
    readings: tuple[Expr, ...]
    numbers: tuple[Scalar | None, ...]
    """What each reading states where it is a plain number."""
    choice: "tuple[str, _Truth | None] | None"
    """The right letter where it names an option, with the option's content where that can be compared."""
    several: frozenset[str] | None
    domain: str
    """The set that "all integers n" ranges over, where it says so."""
    ignored: tuple[str, ...]
    """Words of the text that a rule stepped over."""
    options: MathOptions
    direction: str
    """The direction of a quantity, where it says one: "north"."""
    number: fmpq | None
    """Its value where it is a plain integer, for the shortest way."""


@dataclass(frozen=True)
class GroundTruth:
    """A compiled ground truth; make it with `compile_ground_truth`."""

    options: MathOptions
    parts: tuple[_Truth, ...] = field(repr=False)


def compile_ground_truth(ground_truth: str | float | list[Any], options: MathOptions = DEFAULT) -> GroundTruth:
    """Read a ground truth. A list is any-of or all-of, as `options.combine` says.

    Raises:
        TaskError: it is empty, not a text or number, or an undefined expression.
    """
    if not 1 <= len(given := ground_truth if isinstance(ground_truth, list) else [ground_truth]) <= 100:
        raise TaskError("a ground truth needs between 1 and 100 values")
    return GroundTruth(options, tuple(_compiled(item, options) for item in given))


def _compiled(item: object, options: MathOptions) -> _Truth:
    if not isinstance(item, str | int | float) or len(text := str(item)) > _LONGEST_TRUTH:
        raise TaskError(
            f"a ground truth is a text or a number of at most {_LONGEST_TRUTH} characters, not {type(item).__name__}"
        )
    if options.tolerance == "significant" and _ROUNDED.search(text):
        options = options.model_copy(update={"tolerance": "stated"})
    if isinstance(item, float) and abs(item) < 10**15 and item.is_integer():
        text = str(int(item))
    if not (cleaned := plain(text)):
        raise TaskError("the ground truth is empty")
    ignored: list[str] = []
    quantity, direction = direction_of(cleaned)
    text, cleaned = (quantity, quantity) if direction else (text, cleaned)
    rounded = _ROUNDED.match(cleaned)
    shorter = cleaned[rounded.end() :] if rounded is not None else text
    trees = tuple(_cased(tree, options) for tree in readings(shorter, ignored))
    if isinstance(trees[0], Words) and not trees[0].text and len(cleaned) <= MAX_LENGTH:
        raise TaskError("the ground truth holds nothing to compare with")
    if (reason := no_value(trees[0])) is not None:
        raise NoValueError(f"the ground truth has no value: {reason}")
    trees = tuple(tree for tree in trees if no_value(tree) is None)
    alone = trees[0] if len(trees) == 1 and options.form is None and options.tolerance in _WHOLE else None
    value = alone.value if isinstance(alone, Number) and alone.places is None else None
    spellings, numbers = frozenset((text.strip(), cleaned)), tuple(map(as_number, trees))
    words = _option(text, options), several(text), domain_of(text), tuple(ignored)
    return _Truth(text, spellings, trees, numbers, *words, options, direction, value)


def _option(text: str, options: MathOptions) -> tuple[str, _Truth | None] | None:
    found = choice_of(text)
    if found is None or not found[1]:
        return found and (found[0], None)
    try:
        return found[0], _compiled(found[1], options)
    except TaskError:
        return found[0], None  # a letter whose content holds nothing to compare with


def _cased(tree: Expr, options: MathOptions) -> Expr:
    return tree if options.case_sensitive else lower_symbols(tree)


def compare(ground_truth: GroundTruth, answer: str) -> Comparison:
    """Compare an answer with a compiled ground truth. Never raises on any text."""
    parts = ground_truth.parts
    if len(parts) == 1:
        return _shown(_against(parts[0], answer), parts[0], answer)
    if ground_truth.options.combine == "all":
        return compare_all([part.readings for part in parts], answer, ground_truth.options)
    return _any_of(ground_truth, answer)


def is_worth_deciding(ground_truth: GroundTruth, answer: str) -> bool:
    """Tell whether more work on an undecided comparison may make it right: the answer is short and of its kind."""
    return _any_part(ground_truth, answer, is_comparable)


def may_stay_undecided(ground_truth: GroundTruth, answer: str) -> bool:
    """Tell whether an honest answer could be left undecided against the ground truth."""
    return _any_part(ground_truth, answer, may_stay_open)


def _any_part(ground_truth: GroundTruth, answer: str, test: Callable[[Expr, Expr], bool]) -> bool:
    parts = [part for part in ground_truth.parts if is_short(part.text, answer)]
    if ground_truth.options.combine == "all":
        first, *others = (part.text for part in ground_truth.parts)
        return is_short(first, answer, *others)
    if not parts:
        return False
    tree = parse(answer)
    return any(test(reading, tree) for part in parts for reading in part.readings)


def _any_of(ground_truth: GroundTruth, answer: str) -> Comparison:
    findings = [(_against(part, answer), part) for part in ground_truth.parts]
    for wanted in (True, None, False):
        for found, part in findings:
            if found.equal is wanted:
                return _shown(found, part, answer)
    raise AssertionError("a ground truth has at least one part")


def _against(part: _Truth, answer: str) -> Finding:
    options = part.options
    answer = answer.strip()
    if part.direction:
        answer, direction = direction_of(plain(answer))
        if direction != part.direction:
            return Finding(False, "direction", {"witness": [part.direction, direction]})
    as_written = answer in part.spellings and options.form is None
    if len(answer) > _TOO_LONG and not as_written:
        return Finding(None, "none", {"reason": "too long"})
    if part.number is not None and _PLAIN_INTEGER.fullmatch(answer):
        difference = abs(part.number - int(answer))
        evidence = {"witness": {"difference": str(difference)}} if difference else {}
        return Finding(difference == 0, "exact_rational", evidence)
    if as_written and answer:
        return Finding(True, "string")
    if part.domain and part.domain != domain_of(answer) and _leaves_domain(answer):
        return Finding(False, "domain", {"witness": f"the ground truth ranges over {part.domain}"})
    if part.choice is not None and (found := _choice(part.choice, answer, options)) is not None:
        return found
    if part.several is not None and part.several == several(answer):
        return Finding(True, "option_letters")
    found = _by_readings(part, answer, options)
    derived = None if found.equal is not False else respelled(part.text, answer)
    return found if derived is None or not (again := _by_readings(part, derived, options)).equal else again


def _leaves_domain(answer: str) -> bool:
    """Tell whether an answer ranges over other numbers than the ground truth says, or over an interval."""
    return bool(domain_of(answer)) or any(isinstance(tree, Group | SetOperation) for tree in readings(answer))


def _choice(choice: tuple[str, _Truth | None], answer: str, options: MathOptions) -> Finding | None:
    """Compare option letters; None where the answer is no letter but may be the option's content."""
    letter, content = choice
    picked = chosen(answer)
    if picked is not None:
        if picked[0] == letter and content is not None and picked[1] and not _same_content(content, picked[1], options):
            return Finding(False, "option_content", {"witness": "the right letter with another option's content"})
        return Finding(picked[0] == letter, "option_letter")
    return None if content is None else _by_readings(content, answer, options)


def _same_content(content: _Truth, stated: str, options: MathOptions) -> bool:
    """Tell whether the content stated behind the right letter is that option's; words of explanation state none."""
    if _by_readings(content, stated, options).equal:
        return True
    return not any(map(str.isdigit, stated)) and any(map(str.isdigit, content.text))


def _by_readings(part: _Truth, answer: str, options: MathOptions) -> Finding:
    first: Finding | None = None
    ignored: list[str] = []
    budget = Budget(NODE_BUDGET)
    undecided: Finding | None = None
    spoken = part.readings[0]
    in_words = isinstance(spoken, Words)
    keep_case = not isinstance(spoken, Words) or any(map(str.isupper, spoken.text))
    for reading in readings(answer, ignored):
        tree = _cased(reading, options)
        in_words = in_words or isinstance(tree, Words)
        missing = None if type(tree) is Number else no_value(tree)
        for truth, number in zip(part.readings, part.numbers, strict=True):
            if isinstance(tree, Ratio) and first is not None and first.method == "clock":
                continue
            if isinstance(tree, Group | SetOf) and type(truth) is Listing and type(part.readings[0]) is Number:
                continue  # `1,234` may be two numbers, but no pair
            if missing is not None:
                first = first or Finding(False, "no_value", {"reason": missing})
                continue
            found = compare_reading(truth, number, tree, options, budget)
            if found.equal or (type(tree) is Number and type(truth) is Number and first is None):
                return with_ignored(found, ignored, part.ignored)
            first = first or found
            if found.equal is None:
                undecided = undecided or found
    assert first is not None
    if in_words and same_words(part.text, answer, keep_case=keep_case):
        return Finding(True, "text")
    return in_one_word(part.text, answer) or undecided or first


def _shown(found: Finding, part: _Truth, answer: str) -> Comparison:
    evidence = {"ground_truth": part.text[:_SHOWN], "answer": answer.strip()[:_SHOWN], **found.evidence}
    return Comparison(found.equal, found.method, evidence)


def equivalent(left: str, right: str, options: MathOptions = DEFAULT) -> Comparison:
    """Tell whether two answers are the same, whichever is the ground truth: the same result both ways round."""
    compiled: list[GroundTruth] = []
    without_value = ""
    for text in (left, right):
        try:
            compiled.append(compile_ground_truth(text, options))
        except NoValueError as error:
            without_value = str(error)
        except TaskError as error:
            return Comparison(left.strip() == right.strip() != "", "string", {"reason": str(error)})
    if without_value:
        return Comparison(equal=None, method="no_value", evidence={"reason": without_value})
    one, other = compiled
    forward, backward = compare(one, right), compare(other, left)
    if forward.equal == backward.equal:
        return forward
    if True in (forward.equal, backward.equal):
        return forward if forward.equal else backward
    return forward if forward.equal is None else backward


def classify(ground_truth: GroundTruth) -> str:
    """Return the kind of a ground truth: integer, fraction, decimal, interval, text and so on, or `choice`."""
    part = ground_truth.parts[0]
    return "choice" if part.choice is not None else kind_of(part.readings[0])


def parse(text: str) -> Expr:
    """Return the usual reading of a text; `Words` where it is not mathematics."""
    return next(readings(text))
