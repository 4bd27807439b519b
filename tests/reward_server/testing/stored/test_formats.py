"""Tests are understood in every form data sets store them in; what has no test or no known form is a broken row."""

import base64
import gzip
import json
import pickle
import zlib
from typing import Any

import pytest

from reward_server.errors import TaskError
from reward_server.testing.judging.cases import CasesPlan
from reward_server.testing.judging.opaque import OpaquePlan
from reward_server.testing.separate.plan import SeparatePlan
from reward_server.testing.stored import formats, packing
from reward_server.testing.stored.formats import Reading, plan_tests
from reward_server.testing.stored.packing import unpack

PAIRS = [{"input": "1\n", "output": "2\n"}, {"input": "3\n", "output": "6\n"}]
APPS = {"inputs": ["1\n", "3\n"], "outputs": ["2\n", "6\n"]}


def plan(stored: Any, language: str = "python", **reading: Any) -> Any:
    return plan_tests(stored, Reading(language, **reading)).plan


def stdin_of(stored: Any) -> list[tuple[bytes, bytes]]:
    return [(case.invocation.stdin, case.accepted[0]) for case in plan(stored).cases]


@pytest.mark.parametrize(
    "stored",
    [
        PAIRS,
        [{"stdin": "1\n", "stdout": "2\n"}, {"stdin": "3\n", "stdout": "6\n"}],
        [["1\n", "2\n"], ["3\n", "6\n"]],
        APPS,
        json.dumps(APPS),
        json.dumps(json.dumps(APPS)),
        {"input": ["1\n", "3\n"], "output": ["2\n", "6\n"]},
        {"test_cases": [dict(test, type="stdin_stdout") for test in PAIRS], "language": "python"},
        [dict(test, testtype="stdin") for test in PAIRS],
        {"public_test_cases": json.dumps(PAIRS[:1]), "private_test_cases": json.dumps(PAIRS[1:])},
        {"packed": base64.b64encode(zlib.compress(json.dumps(PAIRS).encode())).decode()},
        base64.b64encode(zlib.compress(pickle.dumps(json.dumps(PAIRS)))).decode(),
        {"inputs": [["1", ""], ["3", ""]], "outputs": [["2", ""], ["6", ""]]},
        {"inputs": ["1\r\n", "3\r\n"], "outputs": ["2\n", "6\n"]},
        {
            "public_tests": {"input": ["1\n"], "output": ["2\n"]},
            "private_tests": {"input": [], "output": []},
            "generated_tests": {"input": ["3\n"], "output": ["6\n"]},
        },
        {"official_tests": PAIRS, "generated_tests": 17, "time_limit": 2.0},
        {"official_tests": PAIRS[:1], "generated_tests": PAIRS[1:]},
        {"ground_truth": json.dumps(APPS), "dataset_type": "taco"},
        json.dumps(
            {"language": "python", "test_cases": [{**test, "type": "stdin_stdout", "fn_name": None} for test in PAIRS]}
        ),
        [{"stdin": "1\n", "expected_stdout": "2\n"}, {"stdin": "3\n", "expected_stdout": "6\n"}],
    ],
)
def test_programs_on_standard_input(stored: Any) -> None:
    assert stdin_of(stored) == [(b"1\n", b"2\n"), (b"3\n", b"6\n")]


@pytest.mark.parametrize(
    ("stored", "reading"),
    [
        ({"inputs": [[1, [2]], [3, [4]]], "outputs": [[5], [6]], "fn_name": "f"}, {}),
        ({"inputs": ["1\n[2]", "3\n[4]"], "outputs": ["[5]", "[6]"], "fn_name": "f"}, {}),
        ([{"input": "1\n[2]", "output": "5", "testtype": "functional"},
          {"input": "3\n[4]", "output": "6"}], {"function": "f"}),
        ([{"type": "function_call", "fn_name": "f", "input": [1, [2]], "output": 5},
          {"type": "function_call", "fn_name": "f", "input": [3, [4]], "output": 6}], {}),
        ([{"args": [1, [2]], "output": 5}, {"args": [3, [4]], "output": 6}], {"function": "f"}),
        ([{"input": "1\n[2]", "output": "5", "testtype": "functional"},
          {"input": "3\n[4]", "output": "6", "testtype": "functional"}], {"starter": "f"}),
        ([{"input": "1\n[2]", "output": "5", "testtype": "functional", "metadata": {"func_name": "f"}},
          {"input": "3\n[4]", "output": "6", "testtype": "functional", "metadata": '{"func_name": "f"}'}], {}),
        ([{"type": "function_call", "fn_name": "f", "input": [1, [2]], "output": [5]},
          {"type": "function_call", "fn_name": "f", "input": [3, [4]], "output": [6]}], {}),
    ],
)  # fmt: skip
def test_called_functions(stored: Any, reading: dict[str, Any]) -> None:
    cases = plan(stored, **reading).cases
    assert [(case.invocation.function, case.invocation.args) for case in cases] == [("f", (1, [2])), ("f", (3, [4]))]
    assert all(wanted in case.accepted for wanted, case in zip((5, 6), cases, strict=True))


def test_named_arguments_and_whole_keys() -> None:
    (case,) = plan([{"input": "nums = [2, 7], on = true", "output": "[0, 1]"}], function="Solution().two").cases
    assert case.invocation.expression == "Solution().two(nums=[2, 7], on=True)"
    (case,) = plan([{"input": "nums = [2, 7]", "output": "[0, 1]"}], function="two").cases
    assert case.invocation.expression == "(two if 'two' in globals() else Solution().two)(nums=[2, 7])"
    (case,) = plan({"inputs": [[{"1": 2}, {"a": 1}]], "outputs": [[3]], "fn_name": "f"}).cases
    assert case.invocation.expression == "(f if 'f' in globals() else Solution().f)({1: 2}, {'a': 1})"


@pytest.mark.parametrize(
    "stored",
    [
        ["assert f(1) == 2", "assert f(3) == 6"],
        [{"assert_code": "assert f(1) == 2"}, {"assert_code": "assert f(3) == 6"}],
        {"test_list": ["assert f(1) == 2", "assert f(3) == 6"], "test_setup_code": "import math", "test_imports": []},
        json.dumps({"assert_case": ["assert f(1) == 2", "assert f(3) == 6"]}),
        "def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(3) == 6\n",
        {
            "test": "def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(3) == 6\n",
            "entry_point": "f",
        },
        "from solution import f\ndef test_f():\n    assert f(1) == 2\n    assert f(3) == 6\n",
        [{"expr": "f(1)", "expected_repr": "2"}, {"expr": "f(3)", "expected": 6}],
    ],
)
def test_code_is_run_as_it_is_stored(stored: Any) -> None:
    code = plan(stored, entry_point="f")
    assert isinstance(code, SeparatePlan)
    assert code.trust == "separate"
    assert "(1)" in code.tests
    assert "(3)" in code.tests


def test_test_programs_of_other_languages_are_opaque_and_say_so() -> None:
    test_program = plan("int main() { return f(1) != 2; }", "cpp")
    assert isinstance(test_program, OpaquePlan)
    assert test_program.trust == "opaque"


@pytest.mark.parametrize(
    "stored",
    [
        [], {}, "", "[]", "{}", None, 3, [1], [{}], [{"input": "1"}], {"inputs": [], "outputs": []},
        {"inputs": ["1"], "outputs": []}, {"what": 1}, "assert True", "def f(:", ["assert f(1) == 1", {"input": "1"}],
        [{"type": "function_call", "input": [1], "output": 1}], [{"args": [1], "output": 1}],
        [{"input": "1", "output": None}], [{"input": "1", "output": "1", "weight": -1}],
        [{"input": "1", "output": "1"}, {"args": [1], "fn_name": "f", "output": 1}],
    ],
)  # fmt: skip
def test_rows_without_tests_or_form_are_broken(stored: Any) -> None:
    with pytest.raises(TaskError, match="tests"):
        plan(stored)


def test_a_pickle_is_never_loaded() -> None:
    class Hostile:
        def __reduce__(self) -> Any:
            return print, ("executed",)

    inner: list[Any] = ["x"]
    for stored in (Hostile(), [Hostile()], {"a": {1, 2}}, [inner, inner], b"raw"):
        with pytest.raises(TaskError, match="pickle"):
            unpack(base64.b64encode(zlib.compress(pickle.dumps(stored))).decode())


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "stored", [PAIRS, ["assert f(1) == 2"], {"a": [1, 2.5, None, True, -7, 2**70], "b": {}}, [[], ""]]
)
def test_a_pickle_of_plain_values_is_read_without_loading_it(stored: Any, protocol: int) -> None:
    raw = pickle.dumps(stored, protocol=protocol)
    for packed in (zlib.compress(raw), gzip.compress(raw)):
        assert unpack(base64.b64encode(packed).decode()) == stored


def test_json_in_gzip_is_read() -> None:
    assert unpack(base64.b64encode(gzip.compress(json.dumps(PAIRS).encode())).decode()) == PAIRS


def test_a_decompression_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_UNPACKED", 1000)
    with pytest.raises(TaskError, match="more than"):
        unpack(base64.b64encode(zlib.compress(b"0" * 100_000)).decode())


def test_functions_are_called_where_a_harness_exists() -> None:
    stored = {"inputs": [[1]], "outputs": [2], "fn_name": "f"}
    assert isinstance(plan(stored, "javascript"), CasesPlan)
    with pytest.raises(TaskError, match="functions can be called"):
        plan(stored, "ruby")


def test_test_code_beyond_what_is_read_is_refused_by_its_length_unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_TESTS", 1000)
    monkeypatch.setattr(formats, "parse", None)
    with pytest.raises(TaskError, match="1800 characters of test code, 1000 are read"):
        plan_tests("assert f(1) == 23\n" * 100, Reading("python", None, "f"))
