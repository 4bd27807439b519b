"""Whatever a line of a log holds, the page draws it: what has another shape than a verdict's is told as text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from reward_server import window
from reward_server.window.records.shown import shown

from .browsing import PHONE, WIDE, Browser
from .recorded import HARM

_SOUND: dict[str, Any] = {
    "run": "odd", "step": 1, "task": {"kind": "math", "ground_truth": "7"}, "completion": "so 7", "answer": "7",
    "outcome": "incorrect", "score": 0.0, "reward": 0.0, "parts": {"accuracy": 0.0}, "elapsed_ms": 1.0,
    "evidence": {"method": "exact"}, "grader": "math/7",
}  # fmt: skip
_DEEP: Any = json.loads("[" * 900 + "]" * 900)
_TEST = {"test": {"a": 1}, "outcome": None, "detail": [1], "expected": {"b": 2}, "cpu_seconds": "x", "memory_bytes": {}}
_ODD: dict[str, dict[str, Any]] = {
    "answer": {"answer": {"a": 1}}, "answer_list": {"answer": [HARM]}, "number": {"completion": 7, "answer": 7},
    "no_completion": {"completion": None}, "chat": {"completion": [{"role": "assistant", "content": "so 7"}]},
    "pieces": {"completion": [1, None]}, "evidence_text": {"evidence": HARM}, "evidence_list": {"evidence": [1]},
    "failed_text": {"evidence": {"failed": "x", "total": 3}},
    "failed_none": {"evidence": {"failed": [None], "total": 1}}, "name": {"parts": {HARM: 1}, "grader": f"{HARM}/1"},
    "tests": {"evidence": {"failed": [_TEST], "tests": [_TEST], "total": 2, "passed": 1}},
    "flags": {"evidence": {"flags": HARM}}, "flag": {"evidence": {"flags": [{"a": 1}]}},
    "rule": {"evidence": {"rule": {"a": 1}, "method": [HARM], "reason": {"a": 1}, "witness": [{"a": 1}]}},
    "parts": {"parts": {"a": "b"}}, "parts_list": {"parts": [1]}, "score": {"score": "x", "reward": True},
    "outcome": {"outcome": "x" * 3000}, "grader": {"grader": {"a": 1}},
    "language": {"task": {"kind": "code", "language": {}}},
    "task": {"task": HARM}, "time": {"time": 1e300, "step": None}, "step": {"step": 2**61},
    "nanoseconds": {"time": 1.8e18},
    "large": {"score": 1e308, "reward": 1e308, "elapsed_ms": 1e300}, "notes": {"notes": [HARM], "elapsed_ms": {}},
}  # fmt: skip


def test_a_sound_verdict_is_shown_as_it_was_written():
    assert shown(_SOUND) == _SOUND
    assert shown({"outcome": "correct"}) == {"outcome": "correct"}


@pytest.mark.parametrize("name", _ODD)
def test_nothing_of_a_line_is_lost(name: str):
    told = json.dumps(shown(_SOUND | _ODD[name]), ensure_ascii=False)
    for value in _ODD[name].values():
        if isinstance(value, str):
            assert json.dumps(value, ensure_ascii=False)[1:80] in told
    assert shown(_SOUND | _ODD[name])["outcome"]


def test_integers_that_the_page_would_round_keep_their_digits():
    told = shown(_SOUND | {"task": {"kind": "math", "ground_truth": [10**30 + 1, -(2**60) - 1, 7]}})
    assert told["task"]["ground_truth"] == [str(10**30 + 1), str(-(2**60) - 1), 7]


_LONG = "Qwen2.5-7B-GRPO-dapo-math-17k-lr1e-6-kl0.001-seed42-2026-11-29"
_VIEWS = ["runs", "runs/run/odd", "runs/list", f"runs/step/odd/{2**61}", "look", "look?run=odd", f"look?run={_LONG}",
          f"runs/run/{_LONG}", f"runs/step/{_LONG}/1", "runs/verdict/1"]  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, serve) -> Iterator[str]:
    """The address of the page on a log of lines in odd shapes."""
    log: Path = tmp_path_factory.mktemp("odd") / "odd.jsonl"
    log.write_text("".join(json.dumps(_SOUND | more) + "\n" for more in [{"run": _LONG}, *_ODD.values()]))
    app = FastAPI()
    window.mount(app, window.of_log(log))
    with serve(app) as url:
        yield url


@pytest.mark.browser
def test_every_line_is_drawn(browser: Browser, odd: str):
    for at, name in enumerate(_ODD, 2):
        browser.open(f"{odd}#/runs/verdict/{at}", ".verdict, .problem")
        assert not browser.all(".problem"), name
        assert browser.run("return window.harmed") is None
        assert browser.overflow() <= 0, name


@pytest.mark.browser
@pytest.mark.parametrize("view", _VIEWS)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_one_odd_line_spoils_no_view(size: tuple[int, int], view: str, browser: Browser, odd: str):
    browser.size(*size)
    browser.open(f"{odd}#/{view}", "table, .tile, .problem, .verdict")
    assert not browser.all(".problem")
    assert browser.overflow() <= 0


@pytest.mark.parametrize("row", [{"answer": _DEEP}, {"evidence": {"x": _DEEP}}, {"completion": _DEEP}])
def test_a_line_that_is_nested_too_deeply_is_said_to_be(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="nested"):
        shown(_SOUND | row)
