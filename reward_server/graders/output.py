"""`output`: what does this program return or print (CRUXEval-O), or which input makes it return this (CRUXEval-I)?

The answer is data and is read by value, never evaluated: a literal, or the whole `f(…) == …` of CRUXEval's prompts,
whose other side must then be the task's own. Decided: values are equal with equal types, so `1` is not `True`, a list
is no tuple and the order in a dictionary does not count; with `form: json` (CodeI/O) numbers compare by value, with
`form: stdout` texts by their lines. An input is run: the program is called with it in a sandbox, and any input that
gives the output is right; an input must be literals alone, so no code of the completion runs.
"""

import ast
import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reward_server.errors import ServiceError, TaskError
from reward_server.extraction.region import final_region
from reward_server.extraction.tags import inside_marks
from reward_server.extraction.texts import FoundText, find_text
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.testing import literals
from reward_server.testing.entry_points import fault_of
from reward_server.testing.judging.shown_values import shown_value
from reward_server.testing.judging.suite import OUTCOMES, certain
from reward_server.testing.judging.values import UnreadableValue, decode, json_equal
from reward_server.testing.literals import NotALiteral
from reward_server.testing.submission.fences import blocks
from reward_server.verdict import Outcome, Verdict
from sandboxes.decoding import with_value
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.sandbox import SandboxError

_SHOWN = 300
_NAME = re.compile(r"[A-Za-z_]\w{0,80}")


class OutputTask(Task):
    """Grade a prediction of a program's output or input."""

    kind: Literal["output"] = "output"
    output: Any
    """What the program returns or prints, as stored: the text of a Python literal; with `form: json` a value or its
    JSON text; with `form: stdout` the text."""
    predict: Literal["output", "input"] = "output"
    """What the completion gives."""
    code: str = ""
    """The program, in Python; needed to predict inputs."""
    input: Any = None
    """The stored input: the text of the arguments (`"'ab', 3"`), or with `form: json` an object of named arguments."""
    entry_point: str = "f"
    """The function that is called."""
    form: Literal["python", "json", "stdout"] = "python"
    """How values are written; see the page of this kind."""
    cpu_seconds: float = Field(default=5.0, gt=0.01, le=60)
    """CPU time for a run of the program."""

    @model_validator(mode="after")
    def _can_run(self) -> "OutputTask":
        if self.predict == "input" and (not self.code.strip() or self.form == "stdout"):
            raise PydanticCustomError("no_program", "predict: an input needs `code`, and another form than `stdout`")
        if not _NAME.fullmatch(self.entry_point):
            raise PydanticCustomError("no_name", "entry_point: not a function's name")
        return self


@dataclass(frozen=True)
class _Compiled:
    task: OutputTask
    expected: Any
    shown: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    checked: list[bool] = field(default_factory=list)
    """Filled once the stored input has been run."""


def compile_task(task: OutputTask) -> _Compiled:
    """Read the stored output.

    Raises:
        TaskError: it is not what the form says, or is empty.
    """
    stored = task.output
    try:
        if task.form == "stdout":
            expected: Any = _lines(str(stored))
            if not any(expected):
                raise TaskError("output: empty, so a completion that says nothing would be right")
        elif task.form == "json":
            expected = literals.strict_json(stored) if isinstance(stored, str) else stored
        else:
            expected = literals.read(stored) if isinstance(stored, str) else stored
    except NotALiteral as error:
        raise TaskError(f"output: {error}") from None
    return _Compiled(task, expected, str(stored)[:_SHOWN])


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").rstrip().splitlines()]


def _found(text: str) -> FoundText:
    region = final_region(text).text
    marked = [inside for _, inside in inside_marks(region, "[ANSWER]", "[/ANSWER]")]
    if marked:
        return FoundText(marked[0] if len(set(marked)) == 1 else "", "answer_mark")
    found = find_text(text)
    fenced = blocks(region)
    if found.rule not in {"answer_tag", "boxed"} and fenced:
        return FoundText(fenced[0].content if len(fenced) == 1 else "", "fenced")
    answer = found.text if found.rule != "whole_text" else region
    inside = blocks(answer) if answer.lstrip().startswith("```") else []
    return FoundText(inside[0].content if len(inside) == 1 else answer, found.rule)


def _sides(compiled: _Compiled, text: str) -> tuple[ast.expr | None, ast.expr | None]:
    """Return the call and the value of `assert f(…) == …`, or one of them."""
    tree = literals.parsed(re.sub(r"^\s*assert\b", "", text.strip().strip("`")))
    call, value = tree, None
    if isinstance(tree, ast.Compare):
        if len(tree.ops) != 1 or not isinstance(tree.ops[0], ast.Eq):
            raise NotALiteral("a comparison other than one ==")
        call, value = tree.left, tree.comparators[0]
    name = compiled.task.entry_point
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name:
        return call, value
    if value is not None:
        raise NotALiteral(f"the left side does not call {name}")
    return None, tree


def _predicted(compiled: _Compiled, text: str) -> Any:
    """Return the output that an answer states."""
    task = compiled.task
    if task.form == "stdout":
        return _lines(text)
    if task.form == "json":
        value = literals.strict_json(text)
        alone = isinstance(value, dict) and set(value) == {"output"} and not isinstance(compiled.expected, dict)
        return value["output"] if alone else value
    call, value_tree = _sides(compiled, text)
    if call is not None and value_tree is None:
        raise NotALiteral("a call, not what it returns")
    if call is not None:
        stated = literals.parsed(f"{task.entry_point}({task.input})") if isinstance(task.input, str) else None
        if stated is not None and ast.dump(stated) != ast.dump(call):
            raise NotALiteral("another call than the task's")
    assert value_tree is not None
    return literals.value_of(value_tree)


def _is_expected(compiled: _Compiled, value: Any) -> bool:
    if compiled.task.form == "json":
        return json_equal(value, compiled.expected)
    return literals.same(value, compiled.expected)


def _call(compiled: _Compiled, text: str) -> str:
    """Return the call that an answer's input makes, spelled from its values."""
    task = compiled.task
    if task.form == "json":
        given = literals.strict_json(text)
        given = given["input"] if isinstance(given, dict) and set(given) == {"input"} else given
        if not isinstance(given, dict) or not all(_NAME.fullmatch(name) for name in given):
            raise NotALiteral("not an object of named arguments")
        return f"{task.entry_point}(**{given!r})"
    try:
        call, value = _sides(compiled, text)
    except NotALiteral:
        call, value = None, None
    if call is None:
        call, value = literals.parsed(f"{task.entry_point}({text.strip().strip('`')})"), None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != task.entry_point:
        raise NotALiteral("not arguments alone")
    if value is not None and not literals.same(literals.value_of(value), compiled.expected):
        raise NotALiteral("states another output than the task's")
    spelled = [repr(literals.value_of(argument)) for argument in call.args]
    for keyword in call.keywords:
        if keyword.arg is None:
            raise NotALiteral("unpacking is no literal")
        spelled.append(f"{keyword.arg}={literals.value_of(keyword.value)!r}")
    return f"{task.entry_point}({', '.join(spelled)})"


def fast(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Compare an output; None where an input has to be run."""
    found = _found(completion.text)
    evidence: dict[str, Any] = {"method": compiled.task.predict, "extraction": found.rule}
    text = found.text
    if not text.strip():
        outcome = Outcome.INCORRECT if found.rule in {"answer_mark", "fenced"} else Outcome.NO_ANSWER
        return Verdict(outcome, 0.0, None, evidence)
    shown = text.strip()[:_SHOWN]
    value, why = _read(compiled, text)
    if why:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | {"method": "not_a_literal", "reason": why})
    if compiled.task.predict == "input":
        return None
    if _is_expected(compiled, value):
        return Verdict(Outcome.CORRECT, 1.0, shown, evidence)
    return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | {"expected": compiled.shown})


def _read(compiled: _Compiled, text: str) -> tuple[Any, str]:
    """Return the output or the call that an answer states, or why it states none."""
    try:
        return (_call if compiled.task.predict == "input" else _predicted)(compiled, text), ""
    except NotALiteral as error:
        return None, str(error)


async def slow(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Run the program on the predicted input.

    Raises:
        TaskError: the stored input does not give the stored output, or the program itself cannot be called.
        ServiceError: there are no sandboxes here, or they failed.
    """
    if resources.sandboxes is None:
        raise ServiceError(resources.lacking)
    call = _call(compiled, _found(completion.text).text)
    async with compiled.lock:
        if not compiled.checked and compiled.task.input is not None:
            stored = compiled.task.input
            arguments = f"**{stored!r}" if isinstance(stored, dict) else str(stored)
            await _check_stored(compiled, f"{compiled.task.entry_point}({arguments})", resources)
            compiled.checked.append(True)
    execution, value = await _run(compiled, call, resources)
    used = round(execution.cpu_seconds, 4)
    evidence = {"method": "input", "call": call[:_SHOWN], "expected": compiled.shown, "cpu_seconds": used}
    if execution.status is not Status.OK:
        if fault := await asyncio.to_thread(fault_of, compiled.task.code, compiled.task.entry_point):
            raise TaskError(fault)
        evidence["error"] = execution.error[:200]
        return Verdict(OUTCOMES[execution.status], 0.0, call[:_SHOWN], evidence, cacheable=certain(execution))
    if _is_expected(compiled, value):
        return Verdict(Outcome.CORRECT, 1.0, call[:_SHOWN], evidence)
    return Verdict(Outcome.INCORRECT, 0.0, call[:_SHOWN], evidence | {"got": shown_value(value)[:_SHOWN]})


async def _check_stored(compiled: _Compiled, call: str, resources: Resources) -> None:
    execution, value = await _run(compiled, call, resources)
    if execution.status is not Status.OK:
        raise TaskError(f"input: the program ends with {execution.status.value} on it: {execution.error[:200]}")
    if not _is_expected(compiled, value):
        raise TaskError(f"input: the program gives {shown_value(value)[:100]}, not the stored output")


async def _run(compiled: _Compiled, call: str, resources: Resources) -> tuple[Execution, Any]:
    program, limits = Program("python", compiled.task.code), Limits(cpu_seconds=compiled.task.cpu_seconds)
    try:
        executions = await resources.sandboxes.run(program, [Invocation(expression=call)], limits, lambda *_: False)
    except SandboxError as failure:
        raise ServiceError(f"the sandbox failed: {failure}") from failure
    execution: Execution = executions[0]
    if execution.encoded:
        execution = await asyncio.to_thread(with_value, execution)
    try:
        return execution, decode(execution.value)
    except UnreadableValue:
        return execution, NotImplemented


def _cache_key(compiled: _Compiled, completion: Completion) -> str:
    call, why = _read(compiled, _found(completion.text).text)
    return why or str(call)


def _environment(_compiled: _Compiled, resources: Resources) -> str:
    return "" if resources.sandboxes is None else str(resources.sandboxes.environment_of("python"))


_CODE = "def f(nums):\n    return sorted((nums.count(n), n) for n in set(nums))"
_OUT = {"kind": "output", "code": _CODE, "input": "[1, 3, 1]", "output": "[(1, 3), (2, 1)]"}
_IN = _OUT | {"predict": "input"}
_JSON = {"kind": "output", "form": "json", "output": {"total": 3, "names": ["a"]}}

GRADER = Grader(
    task=OutputTask,
    version=4,
    compile=compile_task,
    fast=fast,
    slow=slow,
    cache_key=_cache_key,
    environment=_environment,
    needs_sandbox=True,
    inline_characters=16_384,
    estimate_cpu_seconds=lambda compiled: 0.02 if compiled.task.predict == "input" else 0.0,
    examples=[
        Example(_OUT, "[ANSWER]f([1, 3, 1]) == [(1, 3), (2, 1)][/ANSWER]", Outcome.CORRECT),
        Example(_OUT, "<answer>[[1, 3], [2, 1]]</answer>", Outcome.INCORRECT),
        Example(_OUT, "<answer>f([1, 3, 1])</answer>", Outcome.INCORRECT),
        Example(_IN, "<answer>f([3, 1, 1])</answer>", Outcome.CORRECT),
        Example(_IN, "<answer>[3, 3, 1]</answer>", Outcome.INCORRECT),
        Example(_JSON, '```json\n{"names": ["a"], "total": 3.0}\n```', Outcome.CORRECT),
        Example(_OUT, "I would have to run it.", Outcome.INCORRECT),
    ],
)
