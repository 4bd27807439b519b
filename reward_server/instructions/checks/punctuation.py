"""Punctuation: signs that must not, or must, occur."""

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer

_COMMAS, _DOTS, _EXCLAMATIONS = ",，،、﹐", ".．…․", "!！‼⁉¡"
_INTERROBANGS = ("?!", "!?", "‽", "⁉")


def _without(answer: Answer, signs: str) -> Finding:
    found = sum(answer.text.count(sign) for sign in signs)
    return Finding(not found, found)


@instruction("punctuation:no_comma")
def no_comma(answer: Answer) -> Finding:
    """No comma, of any script."""
    return _without(answer, _COMMAS)


@instruction("punctuation:punctuation_dot")
def no_dot(answer: Answer) -> Finding:
    """No dot, in an ellipsis or a number either."""
    return _without(answer, _DOTS)


@instruction("punctuation:punctuation_exclamation")
def no_exclamation(answer: Answer) -> Finding:
    """No exclamation mark."""
    return _without(answer, _EXCLAMATIONS)


@instruction("count:punctuation")
def every_mark(answer: Answer) -> Finding:
    """Full stop, comma, exclamation and question mark, semicolon, colon, and an interrobang besides them."""
    text = answer.text
    interrobang = next((sign for sign in _INTERROBANGS if sign in text), None)
    rest = text.replace(interrobang, "", 1) if interrobang else text
    missing = [sign for sign in ".,!?;:" if sign not in rest] + ([] if interrobang else ["?!"])
    return Finding(not missing, {"missing": missing})
