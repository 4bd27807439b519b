"""`docs/parts.md`, the page of reward parts, written from the parts themselves."""

import importlib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from reward_server.rewards import GroupPart, RewardPart, discover, discover_group_parts
from tests.kind_fields import fields_of

_SHOWN = 60
PAGE = Path(__file__).parents[2] / "docs" / "parts.md"
_HEAD = """# Reward parts

<!-- Written by `make docs` from `reward_server/rewards/`: change it there. -->

A verdict says how right an answer is. The **reward** is the sum of weight × part over the parts that a request names,
and null as soon as a part with a weight other than 0 is null. Without `rewards` a request has `{"accuracy": 1}`.

```console
$ curl -s http://127.0.0.1:8000/score -H 'content-type: application/json' -d '{
    "rewards": {"accuracy": 1, "format": 0.5, "length": {"weight": 0.1, "maximum": 400, "buffer": 100}},
    "items": [{"task": {"kind": "math", "ground_truth": "4"},
               "completion": "<think>2+2 is 4</think> <answer>4</answer>"}]}'
{"verdicts": [{"id": 0, "reward": 1.5, "parts": {"accuracy": 1.0, "format": 1.0, "length": 0.0}}]}
```

A part is named with a weight, or with an object of `weight` (1 where it is not said) and options of its own. Weights
are the request's and are never cached: to try others costs nothing. Values stand in `parts`, before weights.
"""
_GROUPS = """
## Parts that see a group

Items of one prompt say the same `group`; `group_size` says how many a whole group has. Of another number, all of its
items are null in that part, and `notes` says so.

```console
$ curl -s http://127.0.0.1:8000/score -H 'content-type: application/json' -d '{
    "rewards": {"accuracy": 1, "group_length": {"weight": 0.2, "group_size": 2}},
    "items": [{"group": "a", "task": {"kind": "math", "ground_truth": "4"}, "completion": "\\\\boxed{4}"},
              {"group": "a", "task": {"kind": "math", "ground_truth": "4"}, "completion": "2+2 makes \\\\boxed{4}"}]}'
{"verdicts": [{"id": 0, "reward": 1.1, "parts": {"accuracy": 1.0, "group_length": 0.5}},
              {"id": 1, "reward": 0.9, "parts": {"accuracy": 1.0, "group_length": -0.5}}]}
```
"""


def page() -> str:
    """Return the page as it should be."""
    alone = [_alone(name, part) for name, part in sorted(discover().items())]
    groups = [_of_group(name, part) for name, part in sorted(discover_group_parts().items())]
    return _HEAD + "".join(alone) + _GROUPS + "".join(groups)


def _alone(name: str, part: RewardPart[Any]) -> str:
    rows = [f"| {_json(options)} | {_text(text)} | {value:.4g} |\n" for options, text, value in part.examples]
    table = "| options | completion (judged right) | value |\n|---|---|--:|\n" + "".join(rows)
    return _section(name, part.options, "##") + table


def _of_group(name: str, part: GroupPart[Any]) -> str:
    rows = [
        f"| {_json(options)} | {', '.join(f'{_text(text)}: {_number(score)}' for text, score in members)} | "
        f"{expected if isinstance(expected, str) else ', '.join(map(_number, expected))} |\n"
        for options, members, expected in part.examples
    ]
    table = "| options | completions with scores | values |\n|---|---|---|\n" + "".join(rows)
    return _section(name, part.options, "###") + table


def _section(name: str, options: type[BaseModel], level: str) -> str:
    """Return the heading, what the module says, and the options the part adds to `weight`."""
    about = (importlib.import_module(f"reward_server.rewards.{name}").__doc__ or "").partition(": ")[2].strip()
    fields = fields_of(options, "option", leave_out={"weight"})
    return f"\n{level} `{name}`\n\n{about[:1].upper()}{about[1:]}\n\n" + (f"{fields}\n\n" if fields else "")


def _json(options: dict[str, Any]) -> str:
    return f"`{json.dumps(options)}`" if options else ""


def _text(text: str) -> str:
    if not text:
        return "nothing"
    shown = json.dumps(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…", ensure_ascii=False)[1:-1]
    shown = shown.replace("\u200b", "\\u200b").replace("|", "\\|")
    return f"```` {shown} ````" if "`" in shown else f"`{shown}`"


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.4g}"
