"""What an earlier run wrote is kept where it holds, and graded again where it does not; nothing finished is lost."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest

from reward_server.files.formats import numbered
from reward_server.files.layout import Layout
from reward_server.files.ledger import Ledger
from reward_server.files.scoring import Item, Record, Scored, score_rows

VERSIONS = {"math": "math/3"}
ROWS = [{"completion": f"{n}", "ground_truth": "1", "id": f"r{n}"} for n in range(5)]


class _Echo:
    """Grades each item as correct, the last of a batch first; breaks off before the item called `stop_at`."""

    def __init__(self, grader: str = "math/3", stop_at: str = "") -> None:
        self.graded: list[str] = []
        self._grader, self._stop_at = grader, stop_at

    async def score(self, items: Sequence[Item]) -> AsyncGenerator[tuple[int, Record], None]:
        for place in reversed(range(len(items))):
            if items[place]["id"] == self._stop_at:
                raise OSError("the machine went away")
            await asyncio.sleep(0)
            self.graded.append(items[place]["id"])
            ours = items[place]["completion"] == "ours"
            yield place, {"id": items[place]["id"], "grader": self._grader, "outcome": "correct", "retryable": ours}


def _run(
    output: Path, rows: list[Any], scorer: _Echo, *, asked: Any = None, versions: dict[str, str] = VERSIONS
) -> list[Scored]:
    async def run() -> list[Scored]:
        with Ledger(output, versions) as ledger:
            work = score_rows(numbered(rows), Layout(), scorer, ledger, asked=asked, batch_size=2)
            scored = [one async for one in work]
            ledger.finish()
        return scored

    return asyncio.run(run())


def _lines(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.read_text().splitlines()]


def test_verdicts_come_as_they_finish_and_end_in_the_order_of_the_rows(tmp_path: Path):
    scored = _run(tmp_path / "out", ROWS, _Echo())
    assert sorted(one.row.number for one in scored) == [0, 1, 2, 3, 4]
    assert [line["row"] for line in _lines(tmp_path / "out")] == [0, 1, 2, 3, 4]


def test_a_second_run_grades_nothing_and_still_tells_of_every_row(tmp_path: Path):
    _run(tmp_path / "out", ROWS, _Echo())
    before, again = _lines(tmp_path / "out"), _Echo()
    scored = _run(tmp_path / "out", ROWS, again)
    assert again.graded == []
    assert len(scored) == 5
    assert all(one.kept for one in scored)
    assert _lines(tmp_path / "out") == before


def test_an_interrupted_run_keeps_every_finished_verdict_even_out_of_order(tmp_path: Path):
    with pytest.raises(OSError, match="went away"):
        _run(tmp_path / "out", ROWS, _Echo(stop_at="r0"))
    kept = {line["id"] for line in _lines(tmp_path / "out")}
    assert "r1" in kept
    with (tmp_path / "out").open("ab") as file:
        file.write(b'{"row": 4, "dig')  # and the last line was written in part
    rest = _Echo()
    _run(tmp_path / "out", ROWS, rest)
    assert set(rest.graded) == {"r0", "r1", "r2", "r3", "r4"} - kept
    assert [line["row"] for line in _lines(tmp_path / "out")] == [0, 1, 2, 3, 4]


def test_a_repaired_row_other_rewards_and_another_grader_are_graded_again(tmp_path: Path):
    _run(tmp_path / "out", ROWS, _Echo())
    repaired = [*ROWS[:2], {**ROWS[2], "ground_truth": "2"}, *ROWS[3:]]
    scorer = _Echo()
    _run(tmp_path / "out", repaired, scorer)
    assert scorer.graded == ["r2"]
    scorer = _Echo()
    _run(tmp_path / "out", repaired, scorer, asked={"format": 1})
    assert len(scorer.graded) == 5
    scorer = _Echo(grader="math/4")
    _run(tmp_path / "out", repaired, scorer, asked={"format": 1}, versions={"math": "math/4"})
    assert len(scorer.graded) == 5


def test_malformed_rows_and_failures_of_ours_are_graded_again(tmp_path: Path):
    rows = [{"completion": "ours", "ground_truth": "1", "id": "a"}, {"text": "x"}, ROWS[0]]
    scored = _run(tmp_path / "out", rows, _Echo())
    assert [one.record.get("error", "")[:22] for one in scored if one.row.number == 1] == ["no column 'completion'"]
    assert _lines(tmp_path / "out")[1]["place"] == "row 2"
    rows[1] = {"completion": "x", "ground_truth": "1", "id": "b"}
    scorer = _Echo()
    _run(tmp_path / "out", rows, scorer)
    assert sorted(scorer.graded) == ["a", "b"]
    assert [line["row"] for line in _lines(tmp_path / "out")] == [0, 1, 2]


def test_an_output_of_an_older_kind_is_graded_again_and_replaced(tmp_path: Path):
    (tmp_path / "out").write_text('{"row": 0, "outcome": "correct", "grader": "math/3"}\nnot a line\n')
    scorer = _Echo()
    _run(tmp_path / "out", ROWS[:1], scorer)
    assert scorer.graded == ["r0"]
    assert [line["id"] for line in _lines(tmp_path / "out")] == ["r0"]


def test_a_fresh_run_drops_earlier_lines_with_its_first_verdict_and_keeps_its_own(tmp_path: Path):
    output = tmp_path / "out"
    _run(output, ROWS, _Echo())
    before = output.read_bytes()
    with Ledger(output, VERSIONS, fresh=True) as ledger:
        assert ledger.kept(0, "") is None
        ledger.write(3, "d", {"error": "malformed"})
        assert output.read_bytes().startswith(before)
        ledger.write(1, "d", {"outcome": "correct"})
        assert [line["row"] for line in _lines(output)] == [3, 1]
        ledger.write(0, "d", {"outcome": "incorrect"})
        assert ledger.finish() == 0
    assert [line["row"] for line in _lines(output)] == [0, 1, 3]
