"""`instruction`: IFEval's, IFBench's and IFTrain's verifiable instructions, each checked by a small function.

What is checked is the answer as a reader sees it: no thinking, no HTML comments, no characters that print nothing;
without a letter or digit it is no answer and follows nothing, "no commas" neither. `strict` takes the answer as it is,
`loose` accepts IFEval's eight variants too (without first or last line, without asterisks). Arguments are texts, never
patterns. An unknown instruction or argument is refused with its name, never passed and never 0. Where the references
pay for nothing, or contradict the words of their own prompt, the words decide; `reward_server.instructions` lists how.
"""

from typing import Any, Literal, Self

from pydantic import AliasChoices, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from reward_server.errors import TaskError
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.instructions.answer import Answer, visible_answer
from reward_server.instructions.loose import variants
from reward_server.instructions.stored import Bound, read_instructions
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200


class InstructionTask(Task):
    """Grade a completion by the instructions it had to follow."""

    kind: Literal["instruction"] = "instruction"
    instruction_id_list: list[str] | str | None = None
    """The ids, such as `punctuation:no_comma`; a list or its JSON text."""
    kwargs: list[dict[str, Any] | str | None] | dict[str, Any] | str | None = None
    """The arguments of each, in the same order: objects, null, or their JSON text; null values are left out."""
    ground_truth: list[Any] | dict[str, Any] | str | None = None
    """open-instruct's form instead of the two: a list with one object of `instruction_id` and `kwargs`, or its text."""
    mode: Literal["strict", "loose"] = "strict"
    """`loose` also accepts the answer without its first or last line or without asterisks, for each instruction."""
    combine: Literal["share", "all", "fraction", "binary"] = Field(
        default="share", validation_alias=AliasChoices("combine", "grading_mode")
    )
    """`share`: the share of instructions that were followed; `all`: 1 if all were, else 0. `fraction` and `binary` are
    NeMo-Gym's words for them, and `grading_mode` its name of this field."""

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        try:
            read_instructions(self.instruction_id_list, self.kwargs, self.ground_truth)
        except ValueError as error:
            raise PydanticCustomError("bad_instruction", "{why}", {"why": str(error)}) from None
        return self


def compile_task(task: InstructionTask) -> tuple[Bound, str, bool]:
    """Return the instructions, the mode, and whether all must be followed.

    Raises:
        TaskError: an instruction or argument is unknown; the message names it.
    """
    try:
        bound = read_instructions(task.instruction_id_list, task.kwargs, task.ground_truth)
    except ValueError as error:
        raise TaskError(str(error)) from None
    return bound, task.mode, task.combine in {"all", "binary"}


def grade(compiled: tuple[Bound, str, bool], completion: Completion) -> Verdict:
    """Check each instruction."""
    instructions, mode, every = compiled
    text = visible_answer(completion.text)
    evidence: dict[str, Any] = {"method": mode, "of": len(instructions)}
    if not text:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    answers = [Answer(variant) for variant in (variants(text) if mode == "loose" else [text])]
    found = []
    for instruction, arguments in instructions:
        findings = (instruction.check(answer, **arguments) for answer in answers)
        first = next(findings)
        passed = first.passed or any(finding.passed for finding in findings)
        found.append({"id": instruction.id, "passed": passed, "counted": first.counted})
    followed = sum(entry["passed"] for entry in found)
    evidence |= {"followed": followed, "instructions": found}
    share = followed / len(instructions)
    score = share if not every else float(share == 1)
    outcome = Outcome.CORRECT if score == 1 else Outcome.PARTIAL if score else Outcome.INCORRECT
    return Verdict(outcome, score, text.strip()[:_SHOWN], evidence)


_TWO = {
    "kind": "instruction",
    "instruction_id_list": ["punctuation:no_comma", "length_constraints:number_words"],
    "kwargs": [{}, {"num_words": 5, "relation": "at least"}],
}
_LOOSE = {"kind": "instruction", "instruction_id_list": ["detectable_format:json_format"], "mode": "loose"}
_STORED = {
    "kind": "instruction",
    "ground_truth": '[{"instruction_id": ["keywords:word_once"], "kwargs": [{"keyword": "sea"}]}]',
}

GRADER = Grader(
    task=InstructionTask,
    version=3,
    compile=compile_task,
    fast=grade,
    examples=[
        Example(_TWO, "<think>one, two</think>Rain fell on the grey town.", Outcome.CORRECT),
        Example(_TWO, "Rain, they said, fell on the grey town.", Outcome.PARTIAL),
        Example(_TWO | {"combine": "all"}, "Rain, they said, fell on the grey town.", Outcome.INCORRECT),
        Example(_LOOSE, 'Here you are:\n{"a": 1}', Outcome.CORRECT),
        Example(_STORED, "The sea is calm.", Outcome.CORRECT),
        Example(_STORED, "<think>the sea</think>", Outcome.NO_ANSWER),
    ],
)
