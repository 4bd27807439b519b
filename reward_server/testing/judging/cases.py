"""Tests that are pairs of an input and an expected output or value: each is one run in a process of its own."""

# ruff: noqa: ARG002 - every plan has the same signatures

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reward_server.testing.harness import calls
from reward_server.testing.harness.java_libraries import library_files
from reward_server.testing.harness.site import Call, mentions_nodes, needs_site, site_setup, spelled
from reward_server.testing.harness.surroundings import surrounded
from reward_server.testing.judging.outputs import CompareMode, OutputRule, Tolerance, shown
from reward_server.testing.judging.shown_values import shown_value
from reward_server.testing.judging.suite import TestResult, Weighing, failed_run, measured
from reward_server.testing.judging.values import (
    JSON_SLACK,
    UnreadableValue,
    decode,
    json_equal,
    python_equal,
    unordered_equal,
)
from reward_server.verdict import Outcome
from sandboxes import decoding
from sandboxes.execution import Execution, Invocation, Program, Status

_LARGE_OUTPUT = 1024 * 1024
"""Bytes of output beyond which comparing it takes the event loop milliseconds."""


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How a returned value is compared; `python` means `==` between Python values, else JSON's reading of them."""

    python: bool = False
    unordered: bool = False
    tolerance: Tolerance = JSON_SLACK

    def agrees(self, got: Any, expected: Any) -> bool:
        """Say whether the value is the expected one."""
        if self.python:
            return python_equal(got, expected)
        if self.unordered:
            return unordered_equal(got, expected, self.tolerance)
        return json_equal(got, expected, self.tolerance)


def rules_of(
    mode: CompareMode, absolute: float | None, relative: float | None, *, ignore_case: bool
) -> tuple[OutputRule, ValueRule]:
    """Return how outputs and values are compared; tolerances that are omitted are 1e-6, for values 0 and 1e-9."""
    near = Tolerance(1e-6 if absolute is None else absolute, 1e-6 if relative is None else relative)
    slack = Tolerance(0.0 if absolute is None else absolute, 1e-9 if relative is None else relative)
    unordered = mode is CompareMode.UNORDERED
    return OutputRule(mode, ignore_case, near), ValueRule(unordered=unordered, tolerance=slack)


@dataclass(frozen=True, slots=True)
class Case:
    """One input with what is expected; `accepted` lists every value that counts as right."""

    name: str
    invocation: Invocation
    accepted: tuple[Any, ...]
    """Bytes for programs judged by what they print, values for called functions."""
    weighing: Weighing = field(default_factory=Weighing)
    call: Call | None = None
    """What is called in Python, where a function is: the invocation in parts."""

    @property
    def given(self) -> bytes:
        """What the program reads, on standard input or in a file."""
        return next(iter(self.invocation.files.values()), self.invocation.stdin)


@dataclass(frozen=True)
class CasesPlan:
    """Cases of one kind: all judged by their output (`rule` is an OutputRule), or all by their value."""

    cases: tuple[Case, ...]
    rule: OutputRule | ValueRule
    language: str = "python"
    checked: bool = False
    """A checker judges the outputs afterwards; here a run passes when it ends well."""
    starter: str = ""
    """The task's own code, whose types say what a called function takes and gives."""

    @property
    def trust(self) -> str:
        """Expected outputs never enter the sandbox."""
        return "separate"

    @property
    def tested(self) -> str | None:
        """The function that is called, if one is."""
        call = self.cases[0].call
        return call.function if call is not None else self.cases[0].invocation.function

    @property
    def weighings(self) -> Sequence[Weighing]:
        """One for each case."""
        return [case.weighing for case in self.cases]

    def for_submission(self, source: str) -> "CasesPlan":
        """Return itself, but for calls that need to be made as LeetCode makes them (`harness.site`)."""
        if calls.typed(self.language) and mentions_nodes(source, self.starter):
            return replace(self, cases=tuple(replace(case, accepted=_or_no_node(case)) for case in self.cases))
        made = [case.call for case in self.cases if case.call is not None]
        if not made or not (any(call.design for call in made) or needs_site(source, self.starter)):
            return self
        setup = site_setup(source, self.starter)
        return replace(self, cases=tuple(_on_site(case, setup) for case in self.cases))

    def program(self, source: str, language: str) -> Program:
        """Return the submission, with what the data sets' harnesses provide."""
        if self._harnessed:
            return Program(language, calls.harnessed(language, source, self.cases[0].invocation))
        whole = surrounded(source) if language == "python" else source
        return Program(language, whole, library_files(language, whole))

    def invocations(self, *, stop_at_failure: bool) -> Sequence[Invocation]:
        """Return one run for each case."""
        invocations = [case.invocation for case in self.cases]
        return [calls.as_script_run(each) for each in invocations] if self._harnessed else invocations

    @property
    def _harnessed(self) -> bool:
        return isinstance(self.rule, ValueRule) and self.language in calls.languages()

    def is_long(self, execution: Execution) -> bool:
        """Say whether judging the run is no work for the event loop."""
        if execution.status is not Status.OK or self.checked:
            return False
        most = _LARGE_OUTPUT if isinstance(self.rule, OutputRule) else decoding.DECODED_AT_ONCE
        return bool(execution.encoded) or max(len(execution.stdout), len(execution.written)) > most

    def judge(self, index: int, execution: Execution, *, stop_at_failure: bool) -> list[TestResult]:
        """Compare what the run gave with what the case expects."""
        case, execution = self.cases[index], printed(self.cases[index], execution)
        execution = calls.with_value(execution) if self._harnessed else decoding.with_value(execution)
        if execution.status is not Status.OK:
            return [failed_run(case.name, execution)]
        if self.checked:
            return [measured(TestResult(case.name, Outcome.CORRECT, got=shown(execution.stdout)), execution)]
        if isinstance(self.rule, OutputRule):
            result = _judge_output(case, execution, self.rule)
        else:
            result = _judge_value(case, execution, self.rule)
        return [measured(result, execution)]


def printed(case: Case, execution: Execution) -> Execution:
    """Return the run with what counts as its output: a file, where the case names one."""
    return replace(execution, stdout=execution.written) if case.invocation.output_file else execution


def _or_no_node(case: Case) -> tuple[Any, ...]:
    """Return what is accepted where nodes are meant: no node is an empty list."""
    return (*case.accepted, []) if None in case.accepted else case.accepted


def _on_site(case: Case, setup: str) -> Case:
    """Return the case with its call made the site's way."""
    assert case.call is not None
    accepted = case.accepted if case.call.design else _or_no_node(case)
    invocation = replace(case.invocation, function=None, args=(), expression=spelled(case.call), setup=setup)
    return replace(case, accepted=accepted, invocation=invocation)


def _judge_output(case: Case, execution: Execution, rule: OutputRule) -> TestResult:
    difference = None
    for accepted in case.accepted:
        difference = rule.difference(execution.stdout, accepted)
        if difference is None:
            return TestResult(case.name, Outcome.CORRECT)
    return TestResult(
        case.name,
        Outcome.INCORRECT,
        expected=shown(case.accepted[0]),
        got=shown(execution.stdout),
        detail=_in_words(difference) if execution.stdout.strip() else _silence(case),
    )


def _silence(case: Case) -> str:
    """Return how a program gave nothing."""
    name = case.invocation.output_file
    return f"nothing was written to the file {name!r}" if name else "nothing was printed"


def _in_words(difference: str | None) -> str:
    """Return where two outputs differ; a count of lines or tokens is all there is, where the others are equal."""
    counted = str(difference).endswith((" lines", " tokens", "more than expected"))
    return f"the number of lines or tokens differs: {difference}" if counted else f"differs at {difference}"


def _judge_value(case: Case, execution: Execution, rule: ValueRule) -> TestResult:
    try:
        value = decode(execution.value)
    except UnreadableValue as problem:
        return TestResult(case.name, Outcome.INCORRECT, expected=shown_value(case.accepted[0]), detail=str(problem))
    if any(rule.agrees(value, accepted) for accepted in case.accepted):
        return TestResult(case.name, Outcome.CORRECT)
    return TestResult(
        case.name,
        Outcome.INCORRECT,
        expected=shown_value(case.accepted[0]),
        got=shown_value(value),
        detail="other value",
    )


def expected_bytes(output: Any) -> bytes:
    """Return the expected output as bytes; data sets store it as text, a list of lines, or any JSON value.

    Raises:
        ValueError: it is nothing that can be printed.
    """
    if output is None:
        raise ValueError("no expected output")
    if isinstance(output, bytes):
        return output
    if isinstance(output, list):
        return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in output).encode()
    return (output if isinstance(output, str) else json.dumps(output)).encode("utf-8", "surrogatepass")


def input_bytes(stored: Any) -> bytes:
    """Return what a program reads; a text whose every line ends as on Windows gets the line ends of this system.

    Raises:
        ValueError: it is nothing that can be read.
    """
    text = expected_bytes(stored)
    ends = text.count(b"\r\n")
    return text.replace(b"\r\n", b"\n") if ends and ends == text.count(b"\n") == text.count(b"\r") else text
