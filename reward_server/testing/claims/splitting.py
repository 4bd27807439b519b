"""Split test code into calls, which go into the sandbox, and claims about their values, which stay outside.

`assert f(2) == 4`, `check(candidate)` of HumanEval, the loops over `inputs` and `results` of EvalPlus, MBPP's lists of
asserts and plain pytest functions all become the same thing: a sequence of *steps* (calls to the program, spelled as
source) and a number of *claims*. `split` walks the statements once without any value and notes the steps; `Split.judge`
walks them again with the values. A claim is one statement of a test (an assert, a helper called on a value, a loop over
a value) that needs the program's values to be decided.

Test code that `evaluation` cannot follow raises `Unsplittable`; the caller then falls back to opaque tests.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reward_server.testing.claims.evaluation import Evaluator
from reward_server.testing.claims.failures import ClaimFailed
from reward_server.testing.claims.makers import Makers, makers_of
from reward_server.testing.claims.recording import Recording, Replay, Returned, Step
from reward_server.testing.claims.statements import Statements
from reward_server.testing.claims.syntax import code_nodes
from reward_server.testing.claims.unknowns import Foreign, Unsplittable
from reward_server.testing.claims.vocabulary import PROGRAM_MODULES
from reward_server.testing.judging.outputs import shown
from reward_server.testing.submission.python_source import parsed

__all__ = ["MAX_TESTS", "Claim", "Returned", "Split", "Step", "split"]

MAX_STEPS = 150_000
"""Syntax nodes evaluated in the first walk before the test code is declared too long to interpret."""
_LONGER_REPLAY = 4
"""Times as many in the second, which goes through what the program returned."""
MAX_TESTS = 32 * 1024 * 1024
"""Characters of test code that are parsed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The outcome of one claim."""

    holds: bool
    source: str = ""
    got: str = ""
    expected: str = ""
    raised: str = ""
    """The exception the program raised instead of giving a value."""
    derived: bool = False
    """Whether `got` is computed from more than a value of the program."""


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
    makers: Makers = field(repr=False, default_factory=Makers)
    literals: dict[int, bytes] = field(repr=False, default_factory=dict)

    def judge(self, returned: Mapping[int, Returned], *, stop_at_failure: bool) -> list[Claim]:
        """Decide the claims with the values of the steps.

        Raises:
            Unsplittable: the second walk left the path of the first.
        """
        replay = Replay(self.steps, returned)
        evaluator = Evaluator(replay, self.literals, self.makers, _LONGER_REPLAY * MAX_STEPS)
        walk = _walk(self.tree, self.prelude, self.entry_point, evaluator, replay, stop_at_failure=stop_at_failure)
        return [_claim(failure) for failure in walk.claims]


def split(test_code: str, entry_point: str | None = None, prelude: str = "") -> Split:
    """Return the steps and claims of `test_code`; `prelude` is what the task puts in front of every program.

    Raises:
        Unsplittable: the code cannot be judged from outside.
    """
    tree, before = parsed(test_code, MAX_TESTS), parsed(prelude, MAX_TESTS)
    if tree is None or before is None:
        raise Unsplittable("the test code does not parse")
    roots = frozenset({entry_point.split("(")[0].split(".")[0]} if entry_point else set())
    recording, makers, literals = Recording(), makers_of(tree, roots), dict[int, bytes]()
    evaluator = Evaluator(recording, literals, makers, MAX_STEPS)
    walk = _walk(tree, before, entry_point, evaluator, recording, stop_at_failure=False)
    steps = recording.steps()
    imports = [
        node for node in code_nodes(tree) if isinstance(node, ast.Import | ast.ImportFrom) and not _of_program(node)
    ]
    setup = _needed_imports(imports, steps)
    return Split(tree, before, entry_point, setup, steps, len(walk.claims), makers, literals)


def _walk(
    tree: ast.Module,
    prelude: ast.Module,
    entry_point: str | None,
    evaluator: Evaluator,
    remotes: Recording | Replay,
    *,
    stop_at_failure: bool,
) -> Statements:
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
        if any(re.search(rf"\b{re.escape(name)}\b", text) for name in names):
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
        derived=failure.derived,
    )
