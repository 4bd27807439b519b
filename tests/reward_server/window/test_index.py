"""The index of a log: it says what the log says, goes on where it stopped, and is made anew for another file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings
from reward_server.window.records import asking, curves, looking, tasks
from reward_server.window.records.index import LogIndex


def _line(number: int, **more: Any) -> bytes:
    right = number % 3 == 0
    record = {
        "time": 1_800_000_000 + number, "run": "a", "step": number // 8, "group": number // 4, "id": number,
        "outcome": "correct" if right else "incorrect", "score": float(right), "reward": float(right),
        "parts": {"accuracy": float(right), "format": 0.5}, "answer": f"x{number}", "evidence": {"method": "exact"},
        "grader": "exact/2", "cached": False, "elapsed_ms": 2.0, "task": {"kind": "exact", "ground_truth": "x"},
        "completion": f"completion {number}",
    }  # fmt: skip
    return orjson.dumps(record | more) + b"\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"".join(_line(number) for number in range(80)))
    return path


def test_sums_are_the_logs(log: Path):
    index = LogIndex(log)
    index.refresh()
    (run,) = asking.runs(index)
    assert (run["run"], run["steps"], run["verdicts"], run["mean_reward"]) == ("a", 10, 80, 27 / 80)
    curve = curves.curve(index, "a")
    assert curve["step"] == list(range(10))
    assert curve["reward"][0] == 3 / 8
    assert curve["outcomes"]["correct"][0] == 3
    assert curve["parts"]["format"] == [0.5] * 10
    groups = asking.groups(index, "a", 0)
    assert [group["n"] for group in groups["groups"]] == [4, 4]
    assert groups["even"] == 0
    first = {tuple(round(each, 2) for each in group["advantages"]) for group in groups["groups"]}
    assert first == {(1.0, 1.0, -1.0, -1.0), (1.73, -0.58, -0.58, -0.58)}


def test_every_verdict_is_listed_once_and_found_in_its_place(log: Path):
    index = LogIndex(log)
    index.refresh()
    seen: list[int] = []
    for after in (0, 60):
        page = asking.verdicts(index, asking.Wanted(run="a", after=after))
        assert page["total"] == 80
        seen += [row["id"] for row in page["verdicts"]]
    assert sorted(seen) == list(range(1, 81))
    one = asking.verdict(index, 5)
    assert one is not None
    assert one["record"]["completion"] == "completion 4"
    assert [row["id"] for row in one["neighbours"]] == [5, 6, 7, 8]
    assert sum(row["advantage"] for row in one["neighbours"]) == pytest.approx(0)
    assert asking.verdicts(index, asking.Wanted(outcome="no_such"))["total"] == 0
    assert asking.verdict(index, 999) is None


def test_it_goes_on_where_it_stopped_and_waits_for_the_end_of_a_line(log: Path):
    index = LogIndex(log)
    index.refresh()
    half = _line(80)
    with log.open("ab") as file:
        file.write(half[:40])
    index.refresh()
    assert asking.runs(index)[0]["verdicts"] == 80
    with log.open("ab") as file:
        file.write(half[40:] + b"not json\n" + _line(81))
    LogIndex(log).refresh()
    assert asking.runs(index)[0]["verdicts"] == 82
    assert index.progress() == {"read": log.stat().st_size, "total": log.stat().st_size, "unread": 1}


def test_another_file_of_the_same_name_is_indexed_anew(log: Path):
    index = LogIndex(log)
    index.refresh()
    log.write_bytes(_line(7, run="b"))
    index.refresh()
    assert [run["run"] for run in asking.runs(index)] == ["b"]


def test_a_trainers_journal_is_a_log(tmp_path: Path):
    folder = tmp_path / "my-run"
    folder.mkdir()
    (folder / "metrics.jsonl").write_text('{"step": 1, "kind": "train"}\n')
    verdict = {"outcome": "correct", "score": 1.0, "reward": 1.0, "parts": {"accuracy": 1.0}, "grader": "math/3"}
    row = {"step": 1, "kind": "train", "prompt": "1+1", "completion": "2", "verdict": verdict}
    (folder / "samples.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    index = LogIndex(folder)
    index.refresh()
    (run,) = asking.runs(index)
    assert (run["run"], run["verdicts"]) == ("my-run", 1)
    assert curves.curve(index, "my-run")["kinds"] == ["math"]


def test_signals_and_tasks_to_look_at(log: Path):
    more: list[dict[str, Any]] = [
        {"outcome": "undecided", "score": None, "reward": None},
        {"outcome": "violation", "score": 0.0},
        {"outcome": "correct", "score": 1.0, "parts": {"accuracy": 1.0, "format": 0.0}},
        {"outcome": "incorrect", "score": 0.0, "answer": "5 m", "evidence": {"ground_truth": "5 km"}},
        {"outcome": "correct", "score": 1.0, "label": 0},
    ]
    log.write_bytes(
        b"".join(_line(number, **one) for number, one in enumerate(more))
        + b"".join(
            _line(1, group="same", answer="42", outcome="incorrect", score=0.0, task={"ground_truth": "y"})
            for _ in range(6)
        )
    )  # fmt: skip
    index = LogIndex(log)
    index.refresh()
    found = {one["signal"]: one["n"] for one in looking.look(index)["signals"] if one["n"]}
    assert found == {
        "undecided": 1, "cheating": 1, "right_without_format": 1, "near_miss": 1, "disagreement": 1,
        "agreed_on_wrong": 1,
    }  # fmt: skip
    (task,) = looking.look(index)["tasks"]["nobody"]
    assert (task["scored"], task["solved"]) == (6, 0)
    page = asking.verdicts(index, asking.Wanted(signal="near_miss", run="a"))
    assert [row["answer"] for row in page["verdicts"]] == ["5 m"]


def test_a_run_that_names_steps_is_not_stretched_by_what_names_none(log: Path):
    with log.open("ab") as file:
        file.write(_line(81, step=None))
    index = LogIndex(log)
    index.refresh()
    assert curves.curve(index, "a")["step"] == list(range(10))
    over = looking.look(index, "a")["over"]
    assert (over["width"], over["step"]) == (1, list(range(10)))
    assert asking.verdicts(index, asking.Wanted(run="a"))["total"] == 81


def test_a_run_a_kind_and_a_task_narrow_what_is_told(log: Path):
    broken = {"outcome": "ungradable", "score": None, "reward": None, "evidence": {"method": "worker_died"}}
    other = {"grader": "code/4", "elapsed_ms": 100.0, "task": {"ground_truth": "y"}, "prompt": "What is y?", "run": "b"}
    with log.open("ab") as file:
        file.write(b"".join(_line(number, **broken, **other) for number in range(4)))
        file.write(b"".join(_line(number, **other | {"run": "a", "group": "other"}) for number in range(4)))
    index = LogIndex(log)
    index.refresh()
    figures = curves.curve(index, "b")["figures"]
    assert [(one["kind"], one["cause"], one["n"]) for one in figures["causes"]] == [("code", "worker_died", 4)]
    assert figures["milliseconds"]["code"]["p50"] == pytest.approx(100, rel=0.1)
    assert set(curves.curve(index, "a", "exact")["figures"]["milliseconds"]) == {"exact"}
    assert curves.curve(index, "a", "code")["parts"]["format"] == [0.5]
    (breaks,) = looking.look(index, "b")["tasks"]["breaks"]
    assert (breaks["head"], breaks["nulls"]) == ("What is y?", 4)
    assert looking.look(index, "a")["tasks"]["breaks"] == []
    told = tasks.task(index, int(breaks["task"]))
    assert told is not None
    assert {(group["run"], group["n"]) for group in told["groups"]} == {("a", 4), ("b", 4)}
    assert asking.verdicts(index, asking.Wanted())["names"]["run"] == ["a", "b"]
    assert asking.groups(index, "b", 0)["groups"][0]["head"] == "What is y?"


def test_a_task_has_a_curve_in_every_run_and_in_one(log: Path):
    other = {"task": {"ground_truth": "y"}, "grader": "code/4", "group": "other"}
    broken = {"outcome": "ungradable", "score": None, "reward": None}
    with log.open("ab") as file:
        file.write(b"".join(_line(step, **other, step=step, elapsed_ms=8.0) for step in (3, 4)))
        file.write(_line(1, **other, **broken, step=4, run="b"))
    index = LogIndex(log)
    index.refresh()
    number = int(asking.groups(index, "b", 4)["groups"][0]["first"])
    told = asking.verdict(index, number)
    assert told is not None
    whole, one = (tasks.curve(index, int(told["task"]), run) for run in ("", "a"))
    assert whole is not None
    assert one is not None
    assert (whole["step"], whole["n"], whole["reward"], whole["nulls"]) == ([3, 4], [1, 2], [1.0, 0.0], [0, 0.5])
    assert [(each["outcome"], each["id"]) for each in whole["figures"]["causes"]] == [("ungradable", number)]
    assert (one["n"], one["outcomes"]) == ([1, 1], {"correct": [1, 0], "incorrect": [0, 1]})
    assert one["figures"]["milliseconds"]["code"]["p50"] == pytest.approx(8, rel=0.1)
    assert tasks.curve(index, 7) is None


def test_cheating_is_told_over_steps(log: Path):
    log.write_bytes(b"".join(_line(number, outcome="violation") for number in (0, 8, 9, 24)))
    index = LogIndex(log)
    index.refresh()
    over = looking.look(index, "a")["over"]
    assert over["cheating"] == {"exact": [1, 2, 0, 1]}
    assert looking.look(index)["over"] is None


def test_many_ask_a_new_index_at_once(log: Path):
    index = LogIndex(log)
    with ThreadPoolExecutor(12) as pool:
        refreshed = [pool.submit(index.refresh) for _ in range(2)]
        asked = [pool.submit(asking.runs, index) for _ in range(20)]
        assert all(len(one.result()) <= 1 for one in asked)
        assert [one.result() for one in refreshed] == [None, None]
    assert asking.runs(index)[0]["verdicts"] == 80


def test_who_may_read_stored_completions(log: Path):
    given: dict[str, Any] = {"sandbox": "none", "cache_file": "memory", "audit_file": log}
    with TestClient(create_app(Settings(**given))) as client:
        assert client.get("/window/api/runs").status_code == 200
        assert client.get("/window/api/runs", headers={"Host": "evil.example"}).status_code == 403
        assert client.get("/window/api/runs", headers={"Host": "[::1]:8000"}).status_code == 200
    with TestClient(create_app(Settings(**given, api_token="one", reader_token="two"))) as client:
        for token, wanted in (("one", 401), ("two", 200)):
            headers = {"Authorization": f"Bearer {token}", "Host": "rewards.example"}
            assert client.get("/window/api/verdict?id=1", headers=headers).status_code == wanted
        assert client.get("/window/api/plugs", headers={"Authorization": "Bearer two"}).status_code == 401
    with TestClient(create_app(Settings(**given, api_keys='{"tenant":"a","sha256":"%s"}' % ("0" * 64)))) as client:
        assert client.get("/window/api/runs").status_code == 404
        assert "runs" not in client.get("/window/api/about").json()["views"]


def test_what_no_log_can_have_is_refused(log: Path):
    numbers = ("task?id", "verdict?id", "groups?run=a&step", "verdicts?step", "verdicts?group", "verdicts?after")
    names = ("curve?run=a&kind", "curve?run", "look?run", "verdicts?kind", "verdicts?outcome", "verdicts?signal")
    wanted = {
        **{f"{path}={number}": 422 for path in numbers for number in (2**63, -(2**63) - 1, 10**30)},
        **{f"{path}={2**63 - 1}": 404 if path.endswith("id") else 200 for path in numbers},
        "groups?run=a&step=-1": 200, "task?id=-1": 422, "curve?run=": 422, "curve?run=&kind=math": 422,
        **{f"{path}=%ED%A0%80%00": 200 for path in names},
        **{f"{path}={'x' * 600}": 422 for path in names},
    }  # fmt: skip
    app = create_app(Settings(sandbox="none", cache_file="memory", audit_file=log))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert {path: client.get(f"/window/api/{path}").status_code for path in wanted} == wanted


def test_a_step_beyond_what_the_index_holds_does_not_stop_it(log: Path):
    late = {"step": None, "time": 1e300}
    log.write_bytes(_line(0, step=2**63) + _line(1, step=-(2**63)) + _line(2, **late) + _line(3, step=3))
    index = LogIndex(log)
    index.refresh()
    assert asking.verdicts(index, asking.Wanted())["total"] == 4
    assert curves.curve(index, "a")["step"] == [3]
    assert asking.groups(index, "a", 3)["total"] == 1


def test_a_line_that_is_no_longer_what_was_indexed_is_told(log: Path):
    app = create_app(Settings(sandbox="none", cache_file="memory", audit_file=log))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/window/api/verdict?id=80").status_code == 200
        with log.open("r+b") as file:
            file.seek(-40, 2)
            file.write(b"x" * 39)
        answer = client.get("/window/api/verdict?id=80")
    assert (answer.status_code, "audit.jsonl" in answer.text) == (503, True)


def test_an_index_that_cannot_be_written_is_told(log: Path, tmp_path: Path):
    (tmp_path / "audit.jsonl.index").mkdir()
    with TestClient(create_app(Settings(sandbox="none", cache_file="memory", audit_file=log))) as client:
        answer = client.get("/window/api/runs")
        assert answer.status_code == 503
        assert "audit.jsonl.index" in answer.json()["detail"]


def test_rewards_whose_squares_are_beyond_floats_are_shown(log: Path):
    log.write_bytes(_line(0, reward=1e308, group=1, step=1) + _line(0, reward=-1e308, group=1, step=1))
    index = LogIndex(log)
    index.refresh()
    told = asking.verdict(index, 1)
    assert told is not None
    assert [row["reward"] for row in told["neighbours"]] == [1e308, -1e308]
