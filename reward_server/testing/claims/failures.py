"""How a claim fails, and what ends a loop of test code."""

import ast
import builtins
from collections.abc import Sequence

from reward_server.testing.claims.unknowns import RemoteRaised, Unsplittable

TEST_ERRORS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What evaluating a claim on a value of the wrong type or size raises, as the test itself would have raised."""


def of_one_kind(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of an exception's classes, in their order of inheritance, without a second built-in kind.

    A class may inherit from every built-in exception at once and would be caught by every handler: it counts as the
    first built-in kind it is, with that one's own ancestors. Names that are not built in stay where they come before.
    """
    kinds = [getattr(builtins, name, None) for name in names]
    first = next(
        (at for at, kind in enumerate(kinds) if isinstance(kind, type) and issubclass(kind, BaseException)), -1
    )
    if first < 0:
        return tuple(names)
    ancestors = {kind.__name__ for kind in kinds[first].__mro__}  # type: ignore[union-attr] # it is a class
    return (*names[:first], *(name for name in names[first:] if name in ancestors))


class ClaimFailed(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """A claim is false; what is known about why."""

    def __init__(
        self, source: str, got: str = "", expected: str = "", raised: str = "", *, derived: bool = False
    ) -> None:
        super().__init__(source)
        self.source, self.got, self.expected, self.raised = source, got, expected, raised
        self.derived = derived
        """Whether `got` is computed from more than a value of the program, which may give the expected one away."""


class LoopEnds(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """`break`, or `continue` when `again`."""

    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self.again = again


def source_of(node: ast.stmt) -> str:
    """Return the statement as text, cut for display."""
    return ast.unparse(node)[:400]


FAILURES = (ClaimFailed, RemoteRaised, AssertionError, Unsplittable, *TEST_ERRORS)
"""What a claim fails with in the second walk; in the first it means that the test fails whatever the program does."""


def failure_of(node: ast.stmt, error: BaseException) -> ClaimFailed:
    """Return why the claim that `node` makes is false."""
    if isinstance(error, ClaimFailed):
        return error
    if isinstance(error, RemoteRaised):
        said = str(error)
        return ClaimFailed(source_of(node), raised=said) if error.kinds else ClaimFailed(source_of(node), said)
    return ClaimFailed(f"{source_of(node)}: {type(error).__name__}: {error}")


def by_itself(node: ast.stmt, error: BaseException) -> Unsplittable:
    """Return the refusal of a test that fails before any value of the program is known."""
    return Unsplittable(f"the test fails by itself: {source_of(node)} {error}"[:200])
