"""What is wrong with a request, in plain words: where it is, what was found there, and the nearest thing that is known.

Pydantic's errors name places through unions and models; here they become rows and fields as the sender wrote them.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, get_args

from pydantic import AliasChoices, BaseModel

from reward_server import graders, rewards
from reward_server.complaints import complaint
from reward_server.exact_json import text_of
from reward_server.wire import ErrorResponse, Item, Problem, ScoreRequest

NAME = "name"
"""The label of a task that is only named."""
_SHOWN = 120
_WAY_OUT = "did you mean"
_ELSEWHERE = "it stands"
_LABELS = frozenset({"str", "int", "float", "bool", "list", "dict"})
"""What pydantic calls the members of a union; no field of ours has such a name."""
_MAX_PROBLEMS = 50
_SENT = '{"items": [{"task": …, "completion": …}]} as JSON; /graders has a request of each kind'
_EMPTY = f"the body is empty: send {_SENT}"
_OTHER_WORDS = {
    "timeout": ("wall_seconds", "cpu_seconds"), "time_limit": ("cpu_seconds",), "cpu_time": ("cpu_seconds",),
    "memory_limit": ("memory_bytes",), "memory": ("memory_bytes",), "output_limit": ("output_bytes",),
    "ground_truth": ("output", "values"), "expected_output": ("output", "ground_truth"),
    "response": ("completion",), "output": ("completion",), "text": ("completion",), "generation": ("completion",),
    "completions": ("items",), "prompts": ("items",), "responses": ("items",), "samples": ("items",),
    "lang": ("language",), "test_cases": ("tests",), "testcases": ("tests",), "cases": ("tests",),
    "input_output": ("tests",), "func_name": ("fn_name",), "function": ("fn_name",), "ignore_case": ("case_sensitive",),
    "choices": ("options",), "weights": ("rewards",), "reward": ("rewards",), "tasks": ("checks",),
    "docs": ("documents",), "passages": ("documents",), "contexts": ("documents",),
    "context": ("documents", "database"),
    "schema": ("database",), "create_table": ("database",), "tolerance": ("within",), "epsilon": ("within",),
    "positive": ("matches",), "negative": ("rejects",), "numbers": ("metadata",), "functions": ("tools",),
    **dict.fromkeys(
        ("gold", "answer", "answers", "solution", "label", "target", "targets", "reference", "references", "expected",
         "expected_answer", "correct_answer", "final_answer", "reference_answer", "gold_answer", "gold_answers",
         "golden_answers", "answerkey", "answer_key", "correct", "truth", "reward_model", "formal_statement", "smiles",
         "query", "sql", "gold_sql", "translation"),
        ("ground_truth",),
    ),
}  # fmt: skip
"""What others call a field that is known here under another name."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean …?` with the nearest known name, or the empty text where none is near."""
    names = list(known)
    for other in _OTHER_WORDS.get(name.lower(), ()):
        if other in names:
            return f", {_WAY_OUT} {other!r}?"
    near = difflib.get_close_matches(name.lower(), names, n=1)
    return f", {_WAY_OUT} {near[0]!r}?" if near else ""


def about_path(scope: Mapping[str, Any], status: int, allowed: str) -> str:
    """Say what is wrong with where a request went, by the status that routing gave it; empty if it says enough."""
    path = str(scope["path"])
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{scope['method']} is not taken at {path[:_SHOWN]}: send {allowed or 'another method'}"
    if status == HTTPStatus.NOT_FOUND:
        return f"there is no {path[:_SHOWN]!r} here{nearest(path[:_SHOWN], scope['app'].state.paths)}; see /docs"
    return ""


def error_response(errors: Iterable[Mapping[str, Any]]) -> ErrorResponse:
    """Describe pydantic's errors: one problem for each field, naming row and path, the value shortened."""
    found: dict[tuple[int | None, tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for error in errors:
        found.setdefault(_place(error["loc"]), []).append(error)
    # A union complains of every member: where one got further into the value, only that complaint helps.
    inner = {(row, path[:depth]) for row, path in found for depth in range(1, len(path))}
    problems = []
    for (row, path), told in found.items():
        if (row, path) not in inner:
            value = _shorten(told[0].get("input"))
            problems.append(Problem(row=row, field=".".join(path), message=_message(told, path), input=value))
    return describe(problems)


def _message(told: Sequence[Mapping[str, Any]], path: Sequence[str]) -> str:
    error = told[0]
    if error["type"] == "unknown_kind":
        return _about_kind(error.get("input"))
    if tuple(error["loc"]) == ("body",):
        return _EMPTY if error["type"] == "missing" else f"the body must be an object: send {_SENT}"
    if error["type"] == "extra_forbidden":
        known = sorted(set(_known_beside(error["loc"], path)))
        name = str(error["loc"][-1])
        near = _elsewhere(name, known, error["loc"]) or nearest(name, known)
        return f"there is no such field{near or '; known are ' + ', '.join(known)}"
    return complaint(told)


def _elsewhere(name: str, known: Sequence[str], location: Sequence[str | int]) -> str:
    """Say where a field stands that is known, but not in this place; empty where it is known nowhere else."""
    kinds = graders.discover()
    if "items" in known and name in {"task", "completion"}:
        return f'; {_ELSEWHERE} in an item: {{"items": [{{"task": …, "completion": …}}]}}'
    called_so = name == "kind" or any(name in _names_in(grader.task) for grader in kinds.values())
    if "task" in known and called_so and not set(_OTHER_WORDS.get(name, ())) & set(known):
        return f'; {_ELSEWHERE} in `task`: {{"task": {{"kind": …, …}}}}'
    kind = next((str(part) for part in location[:-1] if part in kinds), None)
    if kind is None:
        return ""
    if name in Item.model_fields:
        return f"; {_ELSEWHERE} in the item, beside its `task`"
    for outer, field in kinds[kind].task.model_fields.items():
        if any(name in _names_in(inner) for inner in _models_in(field.annotation)):
            return f'; {_ELSEWHERE} in `{outer}`: {{"{outer}": {{"{name}": …}}}}'
    return ""


def _names_in(model: type[BaseModel]) -> Iterator[str]:
    """Yield the fields of a model as they are written."""
    for name, field in model.model_fields.items():
        alias = field.validation_alias or name
        yield str(alias.choices[0]) if isinstance(alias, AliasChoices) else str(alias)


def _about_kind(task: Any) -> str:
    kinds = sorted(graders.discover())
    known = f"the kinds here are {', '.join(kinds)}"
    if not isinstance(task, Mapping):
        return f"a task is an object with a `kind`, or the name of a task in `tasks`; {known}"
    if "kind" not in task:
        return f"the task has no `kind`; {known}"
    kind = task["kind"]
    if not isinstance(kind, str):
        return f"`kind` must be a text; {known}"
    return f"there is no kind {kind[:_SHOWN]!r}{nearest(kind, kinds)}; {known}"


def _known_beside(location: Sequence[str | int], path: Sequence[str]) -> Iterator[str]:
    """Yield the fields that are known in the place where an unknown one was found."""
    kind = next((part for part in location[:-1] if part in graders.discover()), None)
    if path[:1] == ("rewards",):
        known: dict[str, Any] = {**rewards.discover(), **rewards.discover_group_parts()}
        part = known.get(path[1]) if len(path) > 2 else None  # noqa: PLR2004 - rewards, part, option
        yield from part.options.model_fields if part else known
    elif kind is not None:
        start = path.index("task") + 1 if "task" in path else 2
        yield from _fields_at(graders.discover()[str(kind)].task, path[start:-1])
    else:
        yield from Item.model_fields if "items" in location else ScoreRequest.model_fields


def _fields_at(model: type[BaseModel], path: Sequence[str]) -> Iterator[str]:
    if not path:
        yield from _names_in(model)
    elif path[0].isdecimal():
        yield from _fields_at(model, path[1:])
    elif path[0] in model.model_fields:
        for inner in _models_in(model.model_fields[path[0]].annotation):
            yield from _fields_at(inner, path[1:])


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _place(location: Sequence[str | int]) -> tuple[int | None, tuple[str, ...]]:
    """Split pydantic's location into (row, path), leaving out its labels of union members."""
    rest = [part for part in location if part != "body"]
    row: int | None = None
    if rest[:1] == ["header"]:
        return None, tuple(map(str, rest))
    if len(rest) > 1 and rest[0] == "items" and isinstance(rest[1], int):
        row, rest = rest[1], rest[2:]
    path: list[str] = []
    labelled: list[str] = []
    """The place whose label has been left out: a field may be called like a kind."""
    for part in rest:
        names_a_task = path == ["tasks"]
        is_label = isinstance(part, str) and (not part.isidentifier() or part in _LABELS or part[0].isupper())
        is_kind = part == NAME or part in graders.discover()
        after_task = path[-1:] == ["task"] or (path[:1] == ["tasks"] and len(path) == 2)  # noqa: PLR2004
        if after_task and is_kind and labelled != path:
            labelled = list(path)
        elif names_a_task or not is_label:
            path.append(str(part))
    return row, tuple(path)


def describe(problems: list[Problem]) -> ErrorResponse:
    """Return the error body for these problems; the first speaks for all, or the first that knows the way out."""
    ways = (_ELSEWHERE, _WAY_OUT)
    first = next((problem for way in ways for problem in problems if way in problem.message), problems[0])
    where = "request" if first.row is None else f"items[{first.row}]"
    field = f".{first.field}" if first.field else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return ErrorResponse(detail=f"{where}{field}: {first.message}{more}", problems=problems[:_MAX_PROBLEMS])


def _shorten(value: Any) -> str:
    if isinstance(value, dict | list):
        value = f"{type(value).__name__} of {len(value)}"
    text = text_of(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
