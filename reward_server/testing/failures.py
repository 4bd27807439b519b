"""How a claim fails, and what ends a loop of test code."""

import ast

TEST_ERRORS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What evaluating a claim on a value of the wrong type or size raises, as the test itself would have raised."""


class ClaimFailed(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """A claim is false; what is known about why."""

    def __init__(self, source: str, got: str = "", expected: str = "", raised: str = "") -> None:
        super().__init__(source)
        self.source, self.got, self.expected, self.raised = source, got, expected, raised


class LoopEnds(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """`break`, or `continue` when `again`."""

    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self.again = again


def source_of(node: ast.stmt) -> str:
    """Return the statement as text, cut for display."""
    return ast.unparse(node)[:400]
