"""From rows as trainers and data sets hold them to tasks and completions.

Trainers disagree on where the ground truth lives and what kind it is. The common key is `data_source`, a data set's
name, by which verl's `default_compute_score` chooses its grader; `task_for` keeps that routing and adds the names of
data sets in wide use. A row that holds a whole task needs no routing.

Our verdicts are scores in [0, 1] whatever the data source; verl's own `math_dapo` gives −1 for a wrong answer, and its
`gsm8k` looks at the last 300 characters only. Neither is imitated.

Pure text and dictionaries: the server's protocols and the trainers' adapters both read rows with it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

ROUTES: tuple[tuple[str, str], ...] = (
    (r"openai/gsm8k|.*gsm8k.*|.*svamp.*|.*asdiv.*", "math"),
    (r"(lighteval|hendrycks)/.*math.*|.*/math-lighteval|.*math[-_]?500|.*math12k", "math"),
    (r"math|math[_-](dapo|verify|reasoning).*|math_dapo_reasoning|.*dapo[-_]math.*", "math"),
    (r"(.*/)?(aime|amc|hmmt|brumo|olympiad|minerva|omni[-_]?math|beyondaime).*|.*/aime[-_]?20\d\d", "math"),
    (r"numina_.*|.*numinamath.*|.*deepscaler.*|.*big[-_]math.*|.*openr1[-_]math.*|.*orz[-_]?math.*", "math"),
    (r".*geometry3k", "math"),
    (r"codecontests|.*code_contests|(.*/)?apps|(.*/)?taco|.*codeforces.*", "code"),
    (r".*livecodebench.*|lcb.*|.*humaneval.*|.*human_eval.*|.*mbpp.*|.*leetcode.*", "code"),
    (r".*kodcode.*|.*deepcoder.*|.*verifiable[-_]coding.*|.*synthetic[-_][12].*code.*|code", "code"),
    (r".*gpqa.*|.*mmlu.*|.*ai2_arc.*|.*commonsense_?qa.*|.*medmcqa.*|mcq|choice", "choice"),
    (r"searchr1_.*|exact", "exact"),
)
"""(pattern of the whole data source name, case ignored; kind of the task). The first that matches decides."""

END_TOKENS = (
    "<|im_end|>",
    "<|endoftext|>",
    "</s>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<end_of_turn>",
    "<eos>",
    "<pad>",
    "<|end|>",
    "<|return|>",
    "<|eom_id|>",
    "<｜end▁of▁sentence｜>",
    "<|EOT|>",
)
"""What tokenizers of common model families write at the end of a completion when special tokens are not skipped."""

_SHORTEST_OVERLAP = 16
"""Characters of a truncated prompt that must be found again, so that no answer is taken for a piece of prompt."""


class UnknownRow(ValueError):  # noqa: N818 - a property of the row
    """The row does not say what kind of task it is, or where its completion starts."""


def kind_of(data_source: str) -> str:
    """Return the kind of task that rows of this data source hold.

    Raises:
        UnknownRow: no route matches; give the rows a whole task, or the kind.
    """
    for pattern, kind in ROUTES:
        if re.fullmatch(pattern, data_source.strip(), re.IGNORECASE):
            return kind
    raise UnknownRow(f"data source {data_source[:80]!r} is not known: give `kind`, or put a whole task into the row")


def task_for(
    ground_truth: Any,
    *,
    kind: str | None = None,
    data_source: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the task of a row.

    The first that applies: a whole task in `extra["task"]` or as the ground truth (a mapping with `kind`, or the JSON
    text of one); the given kind; the route of the data source, which a ground truth
    `{"data_source": …, "ground_truth": …}` may carry itself; mathematics when nothing is said at all.
    `extra["task_fields"]` is added to a routed task: `language`, `options` and so on.

    Raises:
        UnknownRow: the data source has no route.
    """
    extra = extra or {}
    for candidate in (extra.get("task"), ground_truth):
        whole = _mapping(candidate)
        if whole is not None and isinstance(whole.get("kind"), str):
            return {name: value for name, value in whole.items() if value is not None}
    carried = _mapping(ground_truth)
    if carried is not None and "ground_truth" in carried and isinstance(carried.get("data_source"), str):
        return task_for(carried["ground_truth"], kind=kind, data_source=carried["data_source"], extra=extra)
    chosen = kind or (kind_of(data_source) if data_source else "math")
    return {"kind": chosen, **_truth(chosen, ground_truth), **dict(extra.get("task_fields") or {})}


def _truth(kind: str, ground_truth: Any) -> dict[str, Any]:
    """Put the ground truth where tasks of this kind expect it."""
    if kind == "code":
        return {"tests": ground_truth}
    if kind == "exact" and isinstance(ground_truth, Mapping) and "target" in ground_truth:
        target = ground_truth["target"]  # question answering in verl's layout: any of several
        return {"ground_truth": target if isinstance(target, str) else list(target)}
    return {"ground_truth": ground_truth}


def _mapping(value: Any) -> Mapping[str, Any] | None:
    """Return `value` as a mapping if it is one, or the JSON text of one."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, Mapping) else None


def completion_of(query: str, prompt: str) -> str:
    """Cut the prompt off the front of `query` and end tokens off its end.

    `query` is prompt and completion decoded together, so the prompt's white space may have changed on the way through
    the tokenizer, and of a prompt that was too long only the end is there.

    Raises:
        UnknownRow: the query does not start with the prompt; grading it whole could grade the prompt.
    """
    start = _after_same_text(query, prompt)
    if start is None:
        start = _overlap(query, prompt)
    if start is None:
        raise UnknownRow("the query does not start with its prompt, nor with the end of it")
    text = query[start:].rstrip()
    while ended := next((token for token in END_TOKENS if text.endswith(token)), None):
        text = text.removesuffix(ended).rstrip()
    return text


def _after_same_text(query: str, prompt: str) -> int | None:
    """Return where `query` goes on after `prompt`, white space aside, or None when it does not start with it."""
    if query.startswith(prompt):
        return len(prompt)
    position = 0
    for character in prompt:
        if character.isspace():
            continue
        while position < len(query) and query[position].isspace():
            position += 1
        if position == len(query) or query[position] != character:
            return None
        position += 1
    return position


def _overlap(query: str, prompt: str) -> int | None:
    """Return the length of the longest end of `prompt` that starts `query` (by the prefix function, in linear time)."""
    joined = f"{query[: len(prompt)]}\0{prompt}"
    borders = [0] * len(joined)
    for index in range(1, len(joined)):
        length = borders[index - 1]
        while length and joined[index] != joined[length]:
            length = borders[length - 1]
        borders[index] = length + (joined[index] == joined[length])
    return borders[-1] if borders[-1] >= _SHORTEST_OVERLAP else None
