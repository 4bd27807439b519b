"""`score`, of the server and of the trainer's side: the same options, columns, verdicts, summary and exit status."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import reward_server.cli
import trainer_client.cli
from reward_server.files.ledger import Ledger
from tests.trainer_client.live import live_service

ROWS = [
    {"id": "half", "task": {"kind": "math", "ground_truth": "1/2"}, "completion": "\\boxed{0.5}"},
    {"task": {"kind": "math", "ground_truth": "1/2"}, "completion": "\\boxed{0.6}"},
    {"task": {"kind": "math"}, "completion": "a row without a ground truth"},
    {"task": {"kind": "exact", "ground_truth": "x"}, "completion": "x"},
    {"data_source": "openai/gsm8k", "answer": "so it is\n#### 72", "completion": "thus \\boxed{72}"},
    {"task": {"kind": "misspelt", "ground_truth": 1}, "completion": "x"},
]
Score = Callable[..., Result]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with live_service() as running:
        yield running


@pytest.fixture(params=["here", "there", "trainer-client"])
def score(request: pytest.FixtureRequest, url: str, monkeypatch: pytest.MonkeyPatch) -> Score:
    monkeypatch.setenv("REWARD_CACHE_FILE", "memory")
    app = trainer_client.cli.app if request.param == "trainer-client" else reward_server.cli.app
    options = ["--sandbox", "none"] if request.param == "here" else ["--url", url]
    return lambda *arguments: CliRunner().invoke(app, ["score", *map(str, arguments), *options])


def _written(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_row_gets_a_line_and_a_bad_row_does_not_stop_the_rest(score: Score, tmp_path: Path) -> None:
    done = score(_written(tmp_path / "rows.jsonl", ROWS))
    assert done.exit_code == 0, done.output
    records = _records(tmp_path / "rows.verdicts.jsonl")
    assert [record.get("score") for record in records] == [1.0, 0.0, None, 1.0, 1.0, None]
    assert [record.get("id") for record in records] == ["half", 1, None, 3, 4, None]
    assert records[2]["place"] == "rows.jsonl:3"
    assert "ground_truth" in records[2]["error"]
    assert "there is no kind 'misspelt'" in done.output.split("rows.jsonl:6")[1]
    assert "6 rows, 6 of them now" in done.output
    assert "malformed: 2" in done.output


def test_the_same_command_again_grades_only_what_is_malformed_and_tells_of_all(score: Score, tmp_path: Path) -> None:
    file = _written(tmp_path / "rows.jsonl", ROWS)
    score(file)
    _written(file, [*ROWS[:2], {"task": {"kind": "math", "ground_truth": "7"}, "completion": "7"}, *ROWS[3:]])
    done = score(file)
    assert "4 rows were graded by an earlier run" in done.output
    assert "6 rows, 2 of them now" in done.output
    assert _records(tmp_path / "rows.verdicts.jsonl")[2]["score"] == 1.0
    assert "6 rows, 6 of them now" in score(file, "--rewards", '{"format": 1}').output
    assert "6 rows, 6 of them now" in score(file, "--rewards", '{"format": 1}', "--fresh").output


def test_a_data_sets_own_columns_and_its_labels(score: Score, tmp_path: Path) -> None:
    rows = [{"gold": "42", "response": f"\\boxed{{{42 - n % 2}}}", "label": 1, "id": f"q{n}"} for n in range(60)]
    columns = ("--kind", "math", "--completion", "response", "--ground-truth", "gold", "--label", "label")
    done = score(_written(tmp_path / "rows.jsonl", rows), *columns)
    assert done.exit_code == 0, done.output
    assert "30 of 60 = 50.00%" in done.output
    assert "disagree: 30, the first 20:" in done.output
    assert "(id q1): label 1, incorrect, answer '41'" in done.output
    assert done.output.count("label 1, incorrect") == 20


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([], [], "there are no rows"),
        ([{"text": "x"}, [1]], [], "all rows are malformed"),
        ([ROWS[0]], ["--label", "lable"], "--label: no column 'lable'; the row has id, task, completion"),
        ([ROWS[0]], ["--rewards", "{format: 1}"], "--rewards: '{format: 1}' is not JSON"),
        ([ROWS[0]], ["--rewards", '{"formatt": 1}'], "formatt"),
        ([ROWS[0]], ["--set", "kind"], "--set 'kind': expected NAME=…"),
        ([ROWS[0]], ["--on", "id"], "--join and --on go together"),
    ],
)
def test_what_grades_nothing_is_no_success_and_says_why(
    score: Score, tmp_path: Path, rows: list[Any], options: list[str], said: str
) -> None:
    done = score(_written(tmp_path / "rows.jsonl", rows), *options)
    assert done.exit_code != 0
    assert said in done.output, done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("name", ["answers.jsonl", "./answers.jsonl", "link.jsonl"])
def test_verdicts_never_take_the_place_of_what_is_read(score: Score, name: str, tmp_path: Path) -> None:
    file = _written(tmp_path / "answers.jsonl", [{"task": {"kind": "exact", "ground_truth": "B"}, "completion": "B"}])
    (tmp_path / "link.jsonl").symlink_to(file)
    before = file.read_bytes()
    done = score(file, "--output", tmp_path / name)
    assert done.exit_code != 0
    assert "--output" in done.stderr
    assert file.read_bytes() == before


def test_a_misspelt_kind_or_part_is_named_and_costs_no_earlier_verdict(score: Score, tmp_path: Path) -> None:
    file = _written(tmp_path / "rows.jsonl", [{"completion": "\\boxed{1}", "answer": "1"}])
    assert score(file, "--kind", "math", "--ground-truth", "answer").exit_code == 0
    before = (tmp_path / "rows.verdicts.jsonl").read_bytes()
    done = score(file, "--kind", "maths", "--ground-truth", "answer")
    assert done.exit_code != 0
    assert "there is no kind 'maths', did you mean 'math'?" in done.output
    assert (tmp_path / "rows.verdicts.jsonl").read_bytes() == before
    done = score(file, "--kind", "math", "--ground-truth", "answer", "--rewards", '{"lenght": 1}')
    assert done.exit_code != 0
    assert "rewards.lenght: there is no such field, did you mean 'length'?" in done.output


def test_a_misspelt_column_costs_no_earlier_verdict(score: Score, tmp_path: Path) -> None:
    file = _written(tmp_path / "rows.jsonl", [{"response": "\\boxed{1}", "answer": "1"}] * 3)
    columns = ("--kind", "math", "--ground-truth", "answer", "--completion")
    assert score(file, *columns, "response").exit_code == 0
    before = (tmp_path / "rows.verdicts.jsonl").read_bytes()
    done = score(file, *columns, "resp")
    assert done.exit_code != 0
    assert "no column 'resp'" in done.output
    assert "what an earlier run wrote is kept" in done.output
    assert (tmp_path / "rows.verdicts.jsonl").read_bytes() == before
    assert "3 rows were graded by an earlier run" in score(file, *columns, "response").output


def test_a_misspelt_column_costs_no_earlier_verdict_of_a_fresh_run_either(score: Score, tmp_path: Path) -> None:
    file = _written(tmp_path / "rows.jsonl", [{"response": "\\boxed{1}", "answer": "1"}] * 3)
    columns = ("--fresh", "--kind", "math", "--ground-truth", "answer", "--completion")
    assert score(file, *columns, "response").exit_code == 0
    before = (tmp_path / "rows.verdicts.jsonl").read_bytes()
    done = score(file, *columns, "resp")
    assert done.exit_code != 0
    assert "what an earlier run wrote is kept" in done.output
    assert (tmp_path / "rows.verdicts.jsonl").read_bytes() == before
    assert "3 rows, 3 of them now" in score(file, *columns, "response").output
    assert (tmp_path / "rows.verdicts.jsonl").read_bytes().count(b"\n") == 3


def test_a_second_run_at_once_on_one_output_is_refused_and_harms_no_verdict(score: Score, tmp_path: Path) -> None:
    file = _written(tmp_path / "rows.jsonl", [{"response": "\\boxed{1}", "answer": "1"}] * 3)
    columns = ("--kind", "math", "--ground-truth", "answer", "--completion", "response")
    output = tmp_path / "rows.verdicts.jsonl"
    with Ledger(output, {}) as first:
        first.write(0, "", {"outcome": "correct"})
        for more in ((), ("--fresh",)):
            done = score(file, *columns, *more)
            assert done.exit_code != 0
            assert f"another run writes to {output}" in done.output
        assert output.read_bytes().count(b"\n") == 1
    assert score(file, *columns).exit_code == 0


@pytest.mark.parametrize("app", [reward_server.cli.app, trainer_client.cli.app], ids=["server", "trainer"])
def test_an_address_without_a_scheme_is_told_what_was_meant(app: Any, tmp_path: Path) -> None:
    file = _written(tmp_path / "rows.jsonl", ROWS)
    done = CliRunner().invoke(app, ["score", str(file), "--url", "localhost:8000"])
    assert done.exit_code != 0
    assert "http://localhost:8000" in done.output


@pytest.mark.parametrize("app", [reward_server.cli.app, trainer_client.cli.app], ids=["server", "trainer"])
def test_the_token_of_the_environment_is_sent(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REWARD_API_TOKEN", "secret")
    seen = []

    class _Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers["Authorization"])
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), _Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        file = _written(tmp_path / "rows.jsonl", ROWS)
        done = CliRunner().invoke(app, ["score", str(file), "--url", f"http://127.0.0.1:{server.server_port}"])
        server.shutdown()
    assert seen == ["Bearer secret"]
    assert done.exit_code != 0
