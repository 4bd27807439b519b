"""What goes over HTTP: requests, verdicts and error bodies, as pure pydantic.

A trainer can import this module without FastAPI, SymPy or torch. The models are generic in the task because the
union of tasks is made at start-up from the graders found (`reward_server.http.requests`); trainers may leave it open.
"""

import json
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from reward_server.verdict import Outcome

TaskT = TypeVar("TaskT")
RewardsT = TypeVar("RewardsT")


class WireModel(BaseModel):
    """Unknown fields are refused: a misspelt option that is silently ignored is a wrong label."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Leave the tasks' types, dozens of them, out of the name that `/docs` shows."""
        del params
        return cls.__name__


class TextPart(BaseModel):
    """One part of a message's content in the OpenAI layout; parts that are not text are skipped."""

    type: str = "text"
    text: str = ""


class Message(BaseModel):
    """A chat message as trainers hold it; fields beyond these are ignored."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    role: str
    content: str | list[TextPart] | None = None
    reasoning_content: str | None = None
    """The thinking, when the inference server sends it apart. Answers are never looked for in it."""
    tool_calls: list[dict[str, Any]] | None = None
    """OpenAI's tool calls. What is graded has them behind the content, each as Hermes models write one."""


class Item(WireModel, Generic[TaskT]):
    """One completion to grade."""

    id: str | int | None = None
    """Comes back with the verdict; the row number where omitted."""
    task: TaskT
    """A task, or the name of one in `tasks`."""
    completion: str | list[Message]
    """The model's whole output, or chat messages of which the last assistant message counts."""
    prompt: str | list[Message] | None = None
    """For the audit log and for graders that continue the prompt; never graded, but one that ends in `<think>` says
    that the completion begins inside the thinking."""
    prefilled_think: bool | None = None
    """Whether the prompt opened the thinking, so that the completion begins inside it: without a closing tag it is then
    an unfinished thought and has no answer. Where omitted, the end of `prompt` tells."""
    token_count: Annotated[int, Field(ge=0)] | None = None
    """Tokens of the completion as the trainer counts them, for reward parts that measure tokens."""
    token_ids: Annotated[list[int], Field(max_length=1_000_000)] | None = None
    """The completion's tokens, for `repetition` and `length`."""
    group: str | int | None = None
    """Which items are completions of one prompt, for reward parts that see them together; needed by those alone."""
    finish_reason: str | None = None
    """Why the sampler stopped, as OpenAI's API says it: `stop`, `length`, …. A thought that is open when the length ran
    out stays open: what stands in it is a draft and no answer. For the audit log otherwise."""


class ScoreRequest(WireModel, Generic[TaskT, RewardsT]):
    """A batch of completions."""

    items: Annotated[list[Item[TaskT]], Field(min_length=1)]
    tasks: dict[str, TaskT] = Field(default_factory=dict)
    """Tasks by name, so that the completions of one prompt share one task and its tests travel once."""
    rewards: RewardsT | None = None
    """Reward parts with weights; `{"accuracy": 1.0}` where omitted. R1-Zero's rule is accuracy 1 and format 1."""
    undecided: Literal["null", "zero"] = "null"
    """What an `undecided` answer scores: null leaves it out of its group, zero counts it as wrong."""
    evidence: bool = True
    """False leaves the evidence out of the verdicts, to save bytes, but for the `reason` where there is no score and
    the `flags` of a program that showed signs of cheating."""


class ItemVerdict(WireModel):
    """The verdict of one item."""

    id: str | int
    outcome: Outcome
    score: float | None
    """How right the answer is, in [0, 1]; null for `undecided`, `bad_ground_truth` and `ungradable`."""
    reward: float | None
    """The weighted sum of the parts; null where a part with non-zero weight is null. Leave it out of its group."""
    parts: dict[str, float | None]
    """Each reward part before its weight."""
    answer: str | None
    """What was extracted from the completion."""
    evidence: dict[str, Any]
    """What was compared with what, and which rule decided."""
    grader: str
    """Kind and version, such as `math/3`."""
    cached: bool
    elapsed_ms: float
    """Time spent on this item, waiting included; cached and repeated answers take almost none."""
    notes: dict[str, str] = Field(default_factory=dict)
    """Why reward parts that see a whole group are null, by part; left out where there is nothing to say."""
    retryable: bool
    """True for failures of ours after which the same request may succeed later; not for a language that is missing."""
    index: int | None = None
    """Row of the item in the request; in streamed verdicts only, which come as they finish."""


class ScoreResponse(WireModel):
    """One verdict for each item, in request order."""

    verdicts: list[ItemVerdict]


class Problem(WireModel):
    """One thing that is wrong with a request."""

    row: int | None
    """Index in `items`; null where the problem is not in an item."""
    field: str
    """Dotted path inside the row, or inside the request where row is null."""
    message: str
    input: str
    """The offending value, shortened."""


class ErrorResponse(WireModel):
    """The body of every 4xx answer."""

    detail: str
    """One line for a person."""
    problems: list[Problem] = Field(default_factory=list)


_THINKS = ("<think>", "<thought>", "<reasoning>", "<|begin_of_thought|>", "◁think▷")


def graded_text(item: "Item[Any]") -> tuple[str, str | None]:
    """Return (text, thinking) of an item: a thought that the prompt opened is opened again in the text."""
    text, thinking = completion_text(item.completion)
    prefilled = _opens_thinking(item.prompt) if item.prefilled_think is None else item.prefilled_think
    if prefilled and thinking is None and not text.lstrip().startswith(_THINKS):
        text = f"<think>{text}"
    return text, thinking


def _opens_thinking(prompt: str | list[Message] | None) -> bool:
    if isinstance(prompt, list):
        content = prompt[-1].content if prompt else None
        prompt = content if isinstance(content, str) else None
    return prompt is not None and prompt.rstrip().endswith(_THINKS)


def completion_text(completion: str | list[Message]) -> tuple[str, str | None]:
    """Return (text, thinking) of a completion: the last assistant message counts, an empty text where there is none."""
    if isinstance(completion, str):
        return completion, None
    for message in reversed(completion):
        if message.role == "assistant":
            content = message.content
            if isinstance(content, list):
                content = "".join(part.text for part in content if part.type == "text")
            return (content or "") + _written(message.tool_calls), message.reasoning_content
    return "", None


def _written(tool_calls: list[dict[str, Any]] | None) -> str:
    """Return calls as Hermes models write them; arguments that are text stay as the model wrote them."""
    written = []
    for call in tool_calls or ():
        function = call.get("function", call)
        function = function if isinstance(function, dict) else {}
        arguments = function.get("arguments")
        raw = (arguments.strip() or "{}") if isinstance(arguments, str) else json.dumps(arguments)
        name = json.dumps(function.get("name"))
        written.append(f'\n<tool_call>\n{{"name": {name}, "arguments": {raw}}}\n</tool_call>')
    return "".join(written)


def service_url(text: str) -> str:
    """Return the address of a service without a slash at its end.

    Raises:
        ValueError: it has no scheme, or one that is not HTTP's; the message says what was probably meant.
    """
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        meant = f"http://{text.split('://', 1)[-1].lstrip('/') or '127.0.0.1:8000'}"
        raise ValueError(f"{text!r} is not the address of a service: write it with its scheme, such as {meant}")
    return text.rstrip("/")
