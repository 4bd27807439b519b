"""Protocols that run programs: what was printed and how it ended, in each one's own words."""

import base64
import time
from typing import Any

import pytest
from starlette.testclient import TestClient

LOOP = "while True: pass"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


# SandboxFusion


@pytest.mark.parametrize(
    ("code", "status", "run"),
    [
        ("print(input())", "Success", {"status": "Finished", "return_code": 0, "stdout": "hi\n", "stderr": ""}),
        ("raise SystemExit(3)", "Failed", {"status": "Finished", "return_code": 3, "stdout": "", "stderr": ""}),
        (LOOP, "Failed", {"status": "TimeLimitExceeded", "return_code": None, "stdout": "", "stderr": ""}),
        ("import os; os.kill(os.getpid(), 11)", "Failed", {"status": "Finished", "return_code": -11}),
    ],
)
def test_sandboxfusion_says_how_a_program_ended(served: TestClient, code: str, status: str, run: dict[str, Any]):
    body = {"code": code, "stdin": "hi", "language": "python", "run_timeout": 0.3}
    told = served.post("/run_code", json=body).json()
    assert (told["status"], told["compile_result"]) == (status, None)
    assert {name: told["run_result"][name] for name in run} == run


def test_sandboxfusion_passes_files_and_refuses_paths_that_leave(served: TestClient):
    body = {"code": "print(open('d/a.txt').read())", "language": "python", "files": {"d/a.txt": encoded("yo")}}
    assert served.post("/run_code", json=body).json()["run_result"]["stdout"] == "yo\n"
    for name in ("../a.txt", "/etc/a", ""):
        answer = served.post("/run_code", json={**body, "files": {name: encoded("yo")}})
        assert (answer.status_code, "relative path" in answer.json()["detail"]) == (422, True)


def test_sandboxfusion_compiles(served: TestClient):
    right = served.post("/run_code", json={"code": "int main(){return 0;}", "language": "cpp"}).json()
    assert (right["status"], right["compile_result"]["return_code"]) == ("Success", 0)
    wrong = served.post("/run_code", json={"code": "int main(){x;}", "language": "cpp"}).json()
    assert (wrong["status"], wrong["run_result"], wrong["compile_result"]["return_code"]) == ("Failed", None, 1)
    assert "'x' was not declared" in wrong["compile_result"]["stderr"].replace("‘", "'").replace("’", "'")


def test_sandboxfusion_says_what_it_does_not_run(served: TestClient, alone: TestClient):
    assert served.post("/run_code", json={"code": "", "language": "verilog"}).json()["status"] == "SandboxError"
    assert served.post("/run_code", json={"code": "", "language": "brainfuck"}).status_code == 422
    assert alone.post("/run_code", json={"code": "", "language": "python"}).json()["status"] == "SandboxError"


def test_sandboxfusion_runs_cells_in_one_process(served: TestClient):
    told = served.post("/run_jupyter", json={"cells": ["a = 1", "print(a)\na + 1", "1 / 0", "print('never')"]}).json()
    assert told["status"] == "Failed"
    assert [cell["stdout"] for cell in told["cells"]] == ["", "1\n", ""]
    assert told["cells"][1]["display"] == [{"text/plain": "2"}]
    assert told["cells"][2]["error"][0]["ename"] == "ZeroDivisionError"


@pytest.mark.parametrize(
    ("program", "passed"), [("print(int(input()) * 2)", [True, True]), ("print(4)", [True, False])]
)
def test_sandboxfusion_grades_what_is_submitted(served: TestClient, program: str, passed: list[bool]):
    tests = [{"input": {"stdin": "2"}, "output": {"stdout": "4"}}, {"input": {"stdin": "3"}, "output": {"stdout": "6"}}]
    config = {"language": "python", "provided_data": {"id": 7, "content": "double it", "labels": {}, "test": tests}}
    body = {"dataset": "mine", "id": 7, "completion": f"```python\n{program}\n```", "config": config}
    told = served.post("/submit", json=body).json()
    assert (told["id"], told["accepted"], told["extracted_code"].strip()) == (7, all(passed), program)
    assert [test["passed"] for test in told["tests"]] == passed
    assert [test["test_info"] for test in told["tests"]] == tests


def test_a_failure_that_may_pass_is_504_where_only_that_is_asked_again(alone: TestClient):
    tests = [{"input": {"stdin": "2"}, "output": {"stdout": "4"}}]
    body = {"dataset": "m", "id": 1, "completion": "```\nprint(1)\n```", "config": {"provided_data": {"test": tests}}}
    assert alone.post("/submit", json=body).status_code == 504


def test_sandboxfusion_refuses_a_program_for_the_server(served: TestClient):
    body = {"dataset": "m", "id": 1, "completion": "", "config": {"custom_extract_logic": "import os"}}
    answer = served.post("/submit", json=body)
    assert (answer.status_code, "is not run" in answer.json()["detail"]) == (422, True)


# Piston


def test_piston_runs_the_first_file_beside_the_others(served: TestClient):
    files = [{"content": "print(open('b.txt').read())"}, {"name": "b.txt", "content": "eW8=", "encoding": "base64"}]
    told = served.post("/api/v2/execute", json={"language": "py", "version": "*", "files": files}).json()
    assert (told["language"], told["run"]["stdout"], told["run"]["code"]) == ("py", "yo\n", 0)
    assert "compile" not in told


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        (LOOP, {"status": "TO", "signal": "SIGKILL", "code": None, "message": "Time limit exceeded"}),
        ("exit(3)", {"status": "RE", "signal": None, "code": 3}),
        ("import os; os.kill(os.getpid(), 11)", {"status": "SG", "signal": "SIGSEGV", "code": None}),
    ],
)
def test_piston_says_how_a_program_ended(served: TestClient, code: str, ended: dict[str, Any]):
    job = {"language": "python", "version": "3", "files": [{"content": code}], "run_timeout": 300}
    run = served.post("/api/v2/piston/execute/", json=job).json()["run"]
    assert {name: run[name] for name in ended} == ended


def test_piston_lists_what_it_runs_and_refuses_the_rest(served: TestClient):
    named = {one["language"]: one["aliases"] for one in served.get("/api/v2/runtimes").json()}
    assert "py" in named["python"]
    assert "cpp" in named["c++"]
    answer = served.post("/api/v2/execute", json={"language": "cobol", "version": "1", "files": [{"content": ""}]})
    assert (answer.status_code, answer.json()["detail"]) == (400, "cobol-1 runtime is unknown")


# Judge0


def judge0(client: TestClient, **submission: Any) -> dict[str, Any]:
    answer = client.post("/submissions?wait=true&fields=*", json={"language_id": 71, **submission})
    assert answer.status_code == 201
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    ("submission", "status"),
    [
        ({"source_code": "print(input())", "stdin": "hi", "expected_output": "hi"}, "Accepted"),
        ({"source_code": "print(input())", "stdin": "hi", "expected_output": "ho"}, "Wrong Answer"),
        ({"source_code": "1/0"}, "Runtime Error (NZEC)"),
        ({"source_code": LOOP, "cpu_time_limit": 0.3}, "Time Limit Exceeded"),
        ({"source_code": "int main(){x;}", "language_id": 54}, "Compilation Error"),
        ({"source_code": "import os; os.abort()"}, "Runtime Error (SIGABRT)"),
    ],
)
def test_judge0_status_of_a_submission(served: TestClient, submission: dict[str, Any], status: str):
    assert judge0(served, **submission)["status"]["description"] == status


def test_judge0_hands_out_tokens_and_keeps_what_came_of_them(served: TestClient):
    programs = [("print(4)", "4"), ("print(5)", "4")]
    submissions = [
        {"source_code": encoded(code), "expected_output": encoded(out), "language_id": 71} for code, out in programs
    ]
    tokens = served.post("/submissions/batch?base64_encoded=true", json={"submissions": submissions}).json()
    named = ",".join(one["token"] for one in tokens)
    for _ in range(100):
        told = served.get(f"/submissions/batch?base64_encoded=true&fields=*&tokens={named}").json()["submissions"]
        if all(one["status"]["id"] > 2 for one in told):
            break
        time.sleep(0.1)
    assert [one["status"]["id"] for one in told] == [3, 4]
    assert [base64.b64decode(one["stdout"]) for one in told] == [b"4\n", b"5\n"]
    assert told[0]["source_code"] == submissions[0]["source_code"]
    assert served.get("/submissions/nothing").status_code == 404


@pytest.mark.parametrize("field", [{"callback_url": "http://127.0.0.1:9/"}, {"number_of_runs": 3}, {"language_id": 70}])
def test_judge0_refuses_by_name(served: TestClient, field: dict[str, Any]):
    answer = served.post("/submissions", json={"source_code": "", "language_id": 71, **field})
    assert (answer.status_code, next(iter(field)) in answer.json()["detail"]) == (422, True)


def test_judge0_a_failure_of_ours_is_an_internal_error(alone: TestClient):
    assert judge0(alone, source_code="print(1)", expected_output="1")["status"]["description"] == "Internal Error"


@pytest.mark.parametrize("header", [{"X-Auth-Token": "k-0"}, {"X-Api-Key": "k-0"}, {"XRL-Authorization": "Bearer k-0"}])
def test_keys_are_taken_where_clients_put_them(served: TestClient, header: dict[str, str]):
    for name, value in header.items():
        given = {"Authorization": "", name: value}
        assert served.get("/statuses", headers=given).status_code == 200
        assert served.post("/execute_batch", json={"scripts": [], "languages": []}, headers=given).status_code == 200
        wrong = {"Authorization": "", name: value.replace("k-0", "k-1")}
        assert served.get("/statuses", headers=wrong).status_code == 401
        assert served.post("/execute_batch", json={"scripts": [], "languages": []}, headers=wrong).status_code == 401


# open-r1


def test_open_r1_runs_scripts(served: TestClient, alone: TestClient):
    body = {"scripts": ["print(1)", "1/0", LOOP], "languages": ["python"] * 3, "timeout": 1}
    first, second, third = served.post("/execute_batch", json=body).json()
    assert (first["execution"]["text"], first["execution"]["error"], first["exception_str"]) == ("1", None, None)
    assert second["execution"]["error"]["name"] == "ZeroDivisionError"
    assert (third["execution"], "time limit" in third["exception_str"]) == (None, True)
    assert "sandboxes" in alone.post("/execute_batch", json=body).json()[0]["exception_str"]
