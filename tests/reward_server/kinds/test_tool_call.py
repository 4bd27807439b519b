"""Calls agree with BFCL's checker of one function (`ast_checker.simple_function_checker`), written from its source."""

import json
import random
import re
from typing import Any

import pytest

from reward_server.graders import Completion
from reward_server.graders.tool_call import GRADER

_PARAMETERS = {"city": str, "days": int, "area": float, "exact": bool, "tags": list}
_VALUES: dict[str, list[Any]] = {
    "city": ["Paris", "paris", "New York", "new-york", "St. Paul", "st paul", "Rome"],
    "days": [1, 2, 3],
    "area": [1.5, 2.5, 3.5],
    "exact": [True, False],
    "tags": [["a", "b"], ["A", "b"], ["a"], ["b", "a"]],
}
_WRONG: list[Any] = ["1", 1, True, 1.5, None, [], {}, "Oslo"]


def _plain(text: str) -> str:
    """BFCL's `standardize_string`."""
    return re.sub(r"[ \,\.\/\-\_\*\^]", "", text).lower().replace("'", '"')


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return _plain(value)
    return [_folded(one) for one in value] if isinstance(value, list) else value


def _accepts(accepted: dict[str, list[Any]], arguments: dict[str, Any]) -> bool:
    """BFCL's decision: no parameter unknown, each of its type and among the values, the others optional ("")."""
    for name, value in arguments.items():
        if name not in accepted or type(value) is not _PARAMETERS[name]:
            return False
        if _folded(value) not in [_folded(one) for one in accepted[name]]:
            return False
    return all(name in arguments or "" in values for name, values in accepted.items())


def _row(chosen: random.Random) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    names = chosen.sample([*_PARAMETERS], chosen.randint(1, 4))
    accepted = {name: chosen.sample(_VALUES[name], chosen.randint(1, 2)) for name in names}
    arguments = {name: chosen.choice(accepted[name]) for name in names}
    for name in names:
        accepted[name] += [""] if chosen.random() < 0.3 else []
        if chosen.random() < 0.15:
            del arguments[name]
        elif chosen.random() < 0.25:
            arguments[name] = chosen.choice([*_VALUES[name], *_WRONG])
    if chosen.random() < 0.1:
        arguments |= {chosen.choice(["days", "unknown"]): 1}
    return accepted, arguments


@pytest.mark.parametrize("block", range(10))
def test_four_hundred_calls_are_right_where_bfcl_says_so(block: int):
    right = 0
    for seed in range(block * 40, block * 40 + 40):
        accepted, arguments = _row(random.Random(seed))
        task = {"kind": "tool_call", "ground_truth": [{"weather": accepted}]}
        call = json.dumps({"name": "weather", "arguments": arguments})
        verdict = GRADER.fast(
            GRADER.compile(GRADER.task.model_validate(task)), Completion(f"<tool_call>\n{call}\n</tool_call>")
        )
        assert verdict is not None
        expected = _accepts(accepted, arguments)
        assert verdict.score == float(expected), (accepted, arguments, verdict.evidence)
        right += expected
    assert 5 < right < 35
