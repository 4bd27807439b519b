"""The one reader of rows: from whatever columns a data set has to the task that its completions answer.

The first that applies:

1. a whole task: in `task`, as the ground truth (an object with a `kind`), or the row itself where it has a `kind`;
2. the form of a data set that is known (`families`), told by its columns;
3. a ground truth in a column that is called so, of the kind that is given, or that the row's data source or ability
   says, or that its form shows (tests, options); mathematics where nothing is said at all.

Where what is said and what is seen differ, or several columns may be the ground truth, the row is refused and the
message names both: a wrong label that no log shows is worse than a row that is lost.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reward_server.datasets.families import FORMS
from reward_server.datasets.forms import AmbiguousRow, Form, UnknownRow, at, mapping
from reward_server.datasets.saying import SOURCES, Said, said_of
from reward_server.datasets.shapes import options_of, shape_of
from reward_server.datasets.sources import kind_of
from reward_server.datasets.truths import ADVICE, PROBLEMS, TRUTHS, find_truth

_TRUTH_FIELDS = {"code": "tests", "schema": "schema"}
_ONE_TEXT = frozenset({"math", "exact", "short_answer", "choice"})
"""Kinds whose task is an answer: a form of one of them serves the others."""


def read_row(
    row: Any, *, kind: str | None = None, dataset: str | None = None, column: str | None = None
) -> dict[str, Any]:
    """Return the task that a row of a data set holds.

    `kind`, `dataset` (the data set's name) and `column` (the ground truth's, dotted for nested objects) say what the
    row may not say of itself; a data set of several kinds, or one that is not known, leaves the kind to the row. `row`
    is a mapping of columns, or a list of messages of which one holds a ground truth.

    Raises:
        AmbiguousRow: it can be read in two ways; both are named.
        UnknownRow: it has no ground truth that is known, or of a kind that is not known; its columns are named.
    """
    columns = _columns(row)
    whole = _whole_task(columns, kind)
    if whole is not None and column is None:
        return whole
    said = said_of(columns, kind, dataset)
    if column is not None:
        return _answered(columns, column, said)
    form = _form(columns, said)
    if form is not None and form.refusal:
        raise UnknownRow(f"a row of {form.name}: {form.refusal}")
    if form is not None and form.undecided and said.kind != form.kind:
        raise AmbiguousRow(f"a row of {form.name}: {form.undecided}")
    task = _plain(columns, said) if form is None else _formed(columns, form, said)
    if "options" in task:
        task["options"] = options_of(task["options"])
    added = mapping(at(columns, "task_fields") or at(columns, "extra_info.task_fields"))
    return {**task, **(added or {})}


def task_for(
    ground_truth: Any,
    *,
    kind: str | None = None,
    data_source: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the task of a ground truth that comes alone, as labels do; errors as in `read_row`.

    `extra` may hold a whole task in `task`, and in `task_fields` what is added to the task. A label that is an object
    (or its JSON text) with a `ground_truth` and a `data_source` or a `kind` is a row of its own.
    """
    extra = extra or {}
    label = mapping(ground_truth)
    if label is not None and "ground_truth" in label and any(label.get(name) for name in (*SOURCES, "kind")):
        return read_row({**extra, **label}, kind=None if label.get("kind") else kind)
    row = {"ground_truth": ground_truth, "data_source": data_source}
    return read_row(
        {name: extra[name] for name in ("task", "task_fields", "options") if extra.get(name)} | row, kind=kind
    )


def _answered(row: Mapping[str, Any], column: str, said: Said) -> dict[str, Any]:
    """Return the task of a row whose ground truth stands in a column that was named."""
    truth = at(row, column)
    if truth is None:
        raise UnknownRow(f"no column {column!r} with a ground truth; the row has {', '.join(map(str, list(row)[:20]))}")
    task = _of_truth(row, column, truth, said)
    options = next((value for name in ("options", "choices") if (value := row.get(name))), None)
    if options is None or said.kind not in (None, "choice") or task["kind"] not in ("math", "choice"):
        return task
    return {"kind": "choice", "ground_truth": truth, "options": options_of(options)}


def _columns(row: Any) -> Mapping[str, Any]:
    """Return a row as columns: of ORZ's conversations the message that holds the ground truth, of a wrapped row it."""
    wrapped = _wrapped(row)
    if wrapped is not None:
        return _columns(wrapped)
    messages = row
    if isinstance(row, Mapping):
        messages = [row[key] for key in ("0", "1")] if {"0", "1"} <= row.keys() else row.get("conversations")
    if isinstance(messages, Sequence) and not isinstance(messages, str):
        held = [mapping(one) or {} for one in messages]
        found = [one for one in held if one.get("ground_truth") is not None]
        if len(found) == 1:
            value = at(found[0], "ground_truth.value")
            return {"ground_truth": found[0]["ground_truth"] if value is None else value, "problem": ""}
    if not isinstance(row, Mapping):
        raise UnknownRow(f"the row is {type(row).__name__}, not an object with columns")
    return row


def _wrapped(row: Any) -> Any:
    """Return the row that stands in `row`, as a task of `POST /score` has it, or in a column `task` or a label so."""
    if not isinstance(row, Mapping):
        return None
    for holder in (row, at(row, "task"), at(row, "extra_info.task"), row.get("ground_truth")):
        held = mapping(holder)
        if held is not None and isinstance(held.get("row"), Mapping | list) and not isinstance(held.get("kind"), str):
            return held["row"]
    return None


def _whole_task(row: Mapping[str, Any], kind: str | None) -> dict[str, Any] | None:
    told = row.get("kind")
    own = row if isinstance(told, str) and kind in (None, told) and _is_task(row) else None
    held = (at(row, "task"), at(row, "extra_info.task"), at(row, "reward_model.ground_truth"), row.get("ground_truth"))
    for candidate in (*held, own):
        whole = mapping(candidate)
        if whole is not None and isinstance(whole.get("kind"), str):
            fields = {name: value for name, value in whole.items() if value is not None}
            return {name: value for name, value in fields.items() if whole is not row or name not in _NO_FIELDS}
    return None


_NO_FIELDS = frozenset(
    {"id", "completion", "prompt_text", "finish_reason", "token_count", "token_ids", "prefilled_think"}
)


def _is_task(row: Mapping[str, Any]) -> bool:
    """Tell whether a row with a `kind` is a task written flat: it then has its ground truth, and no problem."""
    return any(row.get(name) is not None for name in ("ground_truth", "tests")) and not any(
        row.get(name) is not None for name in (*PROBLEMS, *SOURCES, "reward_model")
    )


def _form(row: Mapping[str, Any], said: Said) -> Form | None:
    """Return the form of a data set that the row has; the one that needs most, where several match."""
    found = [form for form in FORMS if form.matches(row)]
    found = [one for place, one in enumerate(found) if not _is_told_better(one, found[:place], found[place + 1 :])]
    if said.kind is not None and len(found) > 1:
        found = [form for form in found if form.kind == said.kind] or found
    if not found:
        return None
    for other in found[1:]:
        if (other.kind, other.task) != (found[0].kind, found[0].task):
            raise AmbiguousRow(f"the row reads as {_seen(found[0])}, and as {_seen(other)}: {ADVICE}")
    return found[0]


def _is_told_better(one: Form, before: Sequence[Form], behind: Sequence[Form]) -> bool:
    """Tell whether another form knows all columns that this one needs; of two that know each other's, the first."""
    needs = one.required()
    if any(needs <= other.known() for other in before):
        return True
    return any(needs <= other.known() and not other.required() <= one.known() for other in behind)


def _seen(form: Form) -> str:
    shown = ", ".join(f"`{path}`" for path in form.paths() if not path.endswith("?"))
    return f"{form.kind} with {shown} ({form.name})"


def _formed(row: Mapping[str, Any], form: Form, said: Said) -> dict[str, Any]:
    used = {path.removesuffix("?") for path in form.paths()} | set(form.marks) | set(form.agrees) | set(form.beside)
    others = [path for path in TRUTHS if path.split(".")[0] not in {p.split(".")[0] for p in used}]
    for path in others:
        value = at(row, path)
        if value is not None and not isinstance(value, Mapping | list):
            raise AmbiguousRow(f"the row reads as {_seen(form)}, and `{path}` may be its ground truth: {ADVICE}")
    task = form.read(row)
    if form.agrees:
        _agree(row, form, task)
    if said.kind in (None, form.kind):
        return task
    if {said.kind, form.kind} <= _ONE_TEXT and ("options" not in task or said.by == "`kind`"):
        return {"kind": said.kind, "ground_truth": task["ground_truth"]}
    raise AmbiguousRow(f"{said.by} says {said.kind}, but the row reads as {_seen(form)}: {ADVICE}")


def _agree(row: Mapping[str, Any], form: Form, task: Mapping[str, Any]) -> None:
    """Refuse a row whose columns name different options."""
    options = options_of(task["options"])
    if not isinstance(options, Mapping | list):
        return  # the kind refuses them by name
    texts = list(options.values()) if isinstance(options, Mapping) else options
    labels = list(options) if isinstance(options, Mapping) else [chr(ord("A") + place) for place in range(len(texts))]
    first = _place(task["ground_truth"], labels, texts)
    for path in form.agrees:
        other = at(row, path)
        place = None if other is None else _place(other, labels, texts)
        if place is not None and first is not None and place != first:
            truth = next(iter(form.paths()))
            raise AmbiguousRow(f"`{truth}` is {task['ground_truth']!r} and `{path}` is {other!r}: {ADVICE}")


def _place(named: Any, labels: Sequence[str], texts: Sequence[str]) -> int | None:
    """Return the place of the option that a letter, a position or a text names."""
    if isinstance(named, int):
        return named
    text = str(named).strip()
    if text.strip("().: ") in labels:
        return labels.index(text.strip("().: "))
    if text in texts:
        return texts.index(text)
    return int(text) if text.isdecimal() else None


def _plain(row: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """Return the task of a row of no form: a ground truth by its column's name, of the kind that is said or seen."""
    return _of_truth(row, *find_truth(row), said)


def _of_truth(row: Mapping[str, Any], path: str, truth: Any, said: Said) -> dict[str, Any]:
    if isinstance(truth, list | tuple) and len(truth) == 1 and isinstance(row.get("dataset"), list | tuple):
        truth = truth[0]
    seen = shape_of(truth)
    if said.kind is not None and seen is not None and seen != said.kind and said.by != "`kind`":
        raise AmbiguousRow(f"{said.by} says {said.kind}, but `{path}` looks like a ground truth of {seen}: {ADVICE}")
    kind = said.kind or seen
    if kind is None and said.unknown:
        kind_of(said.unknown)
    if kind is None and isinstance(truth, list) and any(isinstance(one, bool) for one in truth):
        raise UnknownRow(f"`{path}` is a list of truth values, of which mathematics would take any: say the kind")
    kind = kind or "math"
    return {"kind": kind, **_fields(kind, truth), **_beside(row, kind)}


def _fields(kind: str, truth: Any) -> dict[str, Any]:
    """Put the ground truth where tasks of this kind expect it."""
    held = mapping(truth)
    if kind in _ONE_TEXT and held is not None and len(held.keys() & {"target", "ground_truth"}) == 1:
        target = held.get("target", held.get("ground_truth"))  # verl's layout of question answering: any of several
        return {"ground_truth": list(target) if isinstance(target, list | tuple) else target}
    return {_TRUTH_FIELDS.get(kind, "ground_truth"): truth}


def _beside(row: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return what a row of no form says beside its ground truth that changes how programs and options are read."""
    names = {"code": ("language", "entry_point", "fn_name", "metadata"), "choice": ("options", "choices")}
    found = {name: row[name] for name in names.get(kind, ()) if row.get(name)}
    if "choices" in found:
        found = {"options": found["choices"]}
    return {name: value for name, value in found.items() if name != "metadata" or at(row, "metadata.func_name")}
