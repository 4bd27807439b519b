"""The forms in which data sets store instructions, as one: pairs of an id and its arguments.

- IFEval, IFBench, NeMo-Gym: `instruction_id_list` with `kwargs`, an object (or null, or its JSON text) each; `kwargs`
  as a whole may be JSON text.
- open-instruct: `ground_truth`, a text (JSON or a Python literal) of a list with one object of `instruction_id` and
  `kwargs`; or that object or list itself. Or an object with `func_name`, a function of open-instruct (`functions`).
"""

import ast
import json
from typing import Any

from reward_server.instructions import Instruction, discover
from reward_server.instructions.functions import as_instruction

_MOST = 64
_LONGEST = 1_000_000

Bound = tuple[tuple[Instruction, dict[str, Any]], ...]
"""Instructions with their arguments."""


def read_instructions(ids: Any, kwargs: Any, ground_truth: Any) -> Bound:
    """Return the instructions of a task, whichever way they are stored.

    Raises:
        ValueError: nothing is given, ids and arguments do not go together, or something is unknown; the message
            names it.
    """
    if (ids is None) == (ground_truth is None):
        raise ValueError("give either instruction_id_list with kwargs, or ground_truth")
    if ground_truth is not None:
        ids, kwargs = _of_open_instruct(ground_truth)
    ids = _decoded(ids, "instruction_id_list")
    ids = [ids] if isinstance(ids, str) else ids
    if not isinstance(ids, list) or not ids or not all(isinstance(name, str) for name in ids):
        raise ValueError("instruction_id_list: must be a list of ids, at least one")
    if len(ids) > _MOST:
        raise ValueError(f"instruction_id_list: more than {_MOST} instructions")
    arguments = _decoded(kwargs, "kwargs") if kwargs is not None else [None] * len(ids)
    arguments = [arguments] if isinstance(arguments, dict) else arguments
    if not isinstance(arguments, list) or len(arguments) != len(ids):
        count = len(arguments) if isinstance(arguments, list) else "no list of"
        raise ValueError(f"kwargs: {count} arguments for {len(ids)} instructions; one object or null each")
    return tuple(_bound(name, _decoded(given, "kwargs")) for name, given in zip(ids, arguments, strict=True))


def _bound(name: str, given: Any) -> tuple[Instruction, dict[str, Any]]:
    known = discover().get(name)
    if known is None:
        family = name.partition(":")[0] + ":"
        near = [other for other in discover() if other.startswith(family)] or sorted(
            {other.partition(":")[0] + ":…" for other in discover()}
        )
        raise ValueError(f"unknown instruction {name!r}; known: {', '.join(near)}")
    if given is not None and not isinstance(given, dict):
        raise ValueError(f"{name}: arguments must be an object, not {type(given).__name__}")
    return known, known.bind(given or {})


def _of_open_instruct(ground_truth: Any) -> tuple[Any, Any]:
    value = _decoded(ground_truth, "ground_truth")
    if isinstance(value, list):
        if len(value) != 1:
            raise ValueError(f"ground_truth: a list of {len(value)}; open-instruct stores one object in it")
        value = _decoded(value[0], "ground_truth")
    if not isinstance(value, dict):
        raise ValueError("ground_truth: must hold an object with instruction_id and kwargs")  # noqa: TRY004
    if "func_name" in value:
        name, arguments = as_instruction(value)
        return [name], [arguments]
    ids = value.get("instruction_id", value.get("instruction_id_list"))
    unknown = set(value) - {"instruction_id", "instruction_id_list", "kwargs"}
    if ids is None or unknown:
        told = f"unknown {', '.join(sorted(map(str, unknown)))}" if unknown else "lacks instruction_id"
        raise ValueError(f"ground_truth: {told}; an object of instruction_id and kwargs is expected")
    return ids, value.get("kwargs")


def _decoded(value: Any, name: str) -> Any:
    """Return what a text of JSON, or of a Python literal, holds; anything else as it is."""
    if not isinstance(value, str) or (value.lstrip()[:1] not in {"[", "{"} and value.strip() != "null"):
        return value
    if len(value) > _LONGEST:
        raise ValueError(f"{name}: longer than {_LONGEST} characters")
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"{name}: neither JSON nor a Python literal: {value[:60]!r}") from None
