"""The answer itself, from what a data set stores: a value, a container, a solution with its answer marked."""

import math

from reward_server.errors import TaskError
from reward_server.exact_json import text_of
from reward_server.extraction import find_answer
from reward_server.extraction.containers import unpacked as held_in
from reward_server.extraction.prose import single_backslashes
from reward_server.mathematics.reading.transport import restored

Value = str | bool | int | float

_PLACEHOLDERS = frozenset(("proof", "notfound", "not found", "nan", "null", "n/a", "tbd", "see solution"))
"""What data sets write where there is no answer (NuminaMath-1.5: "proof", "notfound")."""


def unpack_ground_truth(value: Value | list[Value]) -> str | list[str]:
    r"""Return the answer itself from what a data set stores: after `####`, in the last `\boxed`, in a container.

    Raises:
        TaskError: it is empty or not a finite number.
    """
    if isinstance(value, list):
        unpacked = [unpack_ground_truth(item) for item in value]
        flat = [text for item in unpacked for text in (item if isinstance(item, list) else [item])]
        if not flat:
            raise TaskError("ground_truth: the list is empty")
        return flat
    if isinstance(value, float) and not math.isfinite(value):
        raise TaskError("ground_truth: not a finite number")
    held = held_in(value) if isinstance(value, str) else value
    if held is not value and not (isinstance(held, str) and held == value):
        return unpack_ground_truth(held)
    text = single_backslashes(restored(text_of(held)).strip())
    if "####" in text:
        text = text.rpartition("####")[2].strip()
    elif "\\boxed" in text or "\\fbox" in text:
        found = find_answer(text, "boxed") or find_answer(text + "}", "boxed")
        text = found.answer if found else ""
        if "answer" in text and (announced := find_answer(text, "announced")) is not None:
            text = announced.answer  # \boxed{- The final answer is (B) 1.}
    if not text:
        raise TaskError("ground_truth: empty")
    if text.strip(" .").casefold() in _PLACEHOLDERS:
        raise TaskError(f"ground_truth: {text!r} is a placeholder, not an answer")
    return text
