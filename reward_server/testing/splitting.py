"""Split test code into calls, which go into the sandbox, and claims about their values, which stay outside.

`assert f(2) == 4`, `check(candidate)` of HumanEval, the loops over `inputs` and `results` of EvalPlus, MBPP's lists of
asserts and plain pytest functions all become the same thing: a sequence of *steps* (calls to the program, spelled as
source) and a number of *claims*. `split` walks the statements once without any value and notes the steps; `Split.judge`
walks them again with the values. A claim is one statement of a test (an assert, a helper called on a value, a loop over
a value) that needs the program's values to be decided.

Test code that `evaluation` cannot follow raises `Unsplittable`; the caller then falls back to opaque tests.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reward_server.testing.evaluation import MAX_STEPS, Evaluator
from reward_server.testing.failures import ClaimFailed
from reward_server.testing.outputs import shown
from reward_server.testing.programs import parsed
from reward_server.testing.spelling import code_nodes
from reward_server.testing.statements import PROGRAM_MODULES, Statements
from reward_server.testing.unknowns import UNKNOWN, Foreign, Remote, RemoteRaised, Unsplittable

MAX_TESTS = 32 * 1024 * 1024
"""Characters of test code that are parsed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call to the program. `keep` names a variable that holds its result for later steps."""

    source: str
    keep: str | None
    wanted: bool
    """Whether a claim looks at the value, which must then be able to leave the sandbox."""
    claim: int | None
    """The claim that needs this step; None for steps that every later claim may need."""
    absorbed: bool
    """Part of a later step's source, and not to be run by itself."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What one step gave: a value, or the names of the raised exception's classes."""

    value: Any = None
    raised: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The outcome of one claim."""

    holds: bool
    source: str = ""
    got: str = ""
    expected: str = ""
    raised: str = ""
    """The exception the program raised instead of giving a value."""


@dataclass(frozen=True, slots=True)
class Split:
    """Test code split into steps and claims; immutable but for the cache of its literals."""

    tree: ast.Module
    prelude: ast.Module
    entry_point: str | None
    setup: str
    """Statements that the program's process needs before the steps: the tests' imports."""
    steps: tuple[Step, ...]
    claims: int
    literals: dict[int, bytes] = field(repr=False, default_factory=dict)

    def judge(self, returned: Mapping[int, Returned], *, stop_at_failure: bool) -> list[Claim]:
        """Decide the claims with the values of the steps.

        Raises:
            Unsplittable: the second walk left the path of the first.
        """
        replay = _Replay(self.steps, returned)
        walk = _walk(self.tree, self.prelude, self.entry_point, replay, self.literals, stop_at_failure=stop_at_failure)
        return [_claim(failure) for failure in walk.claims]


def split(test_code: str, entry_point: str | None = None, prelude: str = "") -> Split:
    """Return the steps and claims of `test_code`; `prelude` is what the task puts in front of every program.

    Raises:
        Unsplittable: the code cannot be judged from outside.
    """
    tree, before = parsed(test_code, MAX_TESTS), parsed(prelude, MAX_TESTS)
    if tree is None or before is None:
        raise Unsplittable("the test code does not parse")
    recording = _Recording()
    literals: dict[int, bytes] = {}
    walk = _walk(tree, before, entry_point, recording, literals, stop_at_failure=False)
    steps = tuple(
        Step(source, recording.kept.get(index), index in recording.wanted, claim, index in recording.absorbed)
        for index, (source, claim) in enumerate(recording.calls)
    )
    imports = [
        node for node in code_nodes(tree) if isinstance(node, ast.Import | ast.ImportFrom) and not _of_program(node)
    ]
    return Split(tree, before, entry_point, _needed_imports(imports, steps), steps, len(walk.claims), literals)


def _walk(
    tree: ast.Module,
    prelude: ast.Module,
    entry_point: str | None,
    remotes: "_Recording | _Replay",
    literals: dict[int, bytes],
    *,
    stop_at_failure: bool,
) -> Statements:
    foreign = frozenset({entry_point.split("(")[0].split(".")[0]} if entry_point else set())
    evaluator = Evaluator(remotes, literals, foreign, MAX_STEPS)
    statements = Statements(evaluator, remotes, stop_at_failure=stop_at_failure)
    remotes.statements = statements
    statements.run(tree, Foreign(entry_point) if entry_point else None, prelude)
    return statements


def _needed_imports(imports: Sequence[ast.Import | ast.ImportFrom], steps: Sequence[Step]) -> str:
    """Keep the imports whose names appear in a step; importing numpy for the claims alone would cost 100 ms a run."""
    text = "\n".join(step.source for step in steps)
    kept: list[str] = []
    for node in imports:
        names = [(alias.asname or alias.name).split(".")[0] for alias in node.names]
        if any(f"{name}." in text or f"{name}(" in text for name in names):
            kept.append(ast.unparse(node))
    return "\n".join(kept)


def _of_program(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module in PROGRAM_MODULES


def _claim(failure: ClaimFailed | None) -> Claim:
    if failure is None:
        return Claim(holds=True)
    return Claim(
        holds=False,
        source=shown(failure.source),
        got=shown(failure.got),
        expected=shown(failure.expected),
        raised=shown(failure.raised),
    )


class _Recording:
    """The first walk: every call is noted, no value is known."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int | None]] = []
        self.wanted: set[int] = set()
        self.kept: dict[int, str] = {}
        self.absorbed: set[int] = set()
        self.touches = 0
        self.statements: Statements | None = None

    replaying = False

    def call(self, source: str) -> Remote:
        self.calls.append((source, self.statements.current_claim if self.statements else None))
        return Remote(len(self.calls) - 1, source)

    def keep(self, remote: Remote) -> Remote:
        """Give the result of a call a name that later calls can use."""
        name = f"_reward_{remote.index}"
        self.kept[remote.index] = name
        self.calls[remote.index] = (remote.source, None)
        return Remote(remote.index, name)

    def value(self, remote: Remote) -> Any:
        self.wanted.add(remote.index)
        self.touches += 1
        return UNKNOWN

    def absorb(self, remote: Remote) -> None:
        if remote.index not in self.kept:
            self.absorbed.add(remote.index)

    def done(self, remote: Remote) -> None:
        """Note a call made for its effect."""
        source, _ = self.calls[remote.index]
        if self.statements is not None and not self.statements.guarding:
            self.calls[remote.index] = (source, None)


class _Replay:
    """The second walk: the same calls are met in the same order and their values looked up."""

    def __init__(self, steps: Sequence[Step], returned: Mapping[int, Returned]) -> None:
        self.returned = returned
        self.indices: dict[str, list[int]] = {}
        for index, step in reversed(list(enumerate(steps))):
            self.indices.setdefault(step.source, []).append(index)
        self.touches = 0
        self.statements: Statements | None = None

    replaying = True

    def call(self, source: str) -> Remote:
        waiting = self.indices.get(source)
        if not waiting:
            raise Unsplittable("the second walk met a call that the first did not")
        index = waiting.pop() if len(waiting) > 1 else waiting[0]
        return Remote(index, source)

    def absorb(self, _remote: Remote) -> None:
        return

    def keep(self, remote: Remote) -> Remote:
        return Remote(remote.index, f"_reward_{remote.index}")

    def value(self, remote: Remote) -> Any:
        self.touches += 1
        returned = self.returned.get(remote.index)
        if returned is None:
            raise RemoteRaised(("NoResult",), "the program ended before this call")
        if returned.raised:
            raise RemoteRaised(returned.raised, returned.message)
        return returned.value

    def done(self, remote: Remote) -> None:
        returned = self.returned.get(remote.index)
        if returned is not None and returned.raised:
            raise RemoteRaised(returned.raised, returned.message)
