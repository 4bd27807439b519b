"""Tests of code tasks: how data sets store them, how a program's values are judged, never where the program runs.

```text
task ──► stored/ ──► a plan: cases of input and expected value      judging/cases
             │           Python test code, in its own process         separate/
             │           test programs of other languages            judging/opaque, endings/, units/
completion ──► programs.py: which program; harness/: what is put around it
             ▼
         judging/judge ──► sandbox (program, inputs) ──► values, outputs ──► comparison, checkers ──► reducers ──► score
```

Trust, best first, is part of every verdict's evidence:

- `separate`: the process that runs the model's code sees inputs alone. Printed output and returned values are compared
  here, asserts that are a call and a literal among them; all other test code of Python runs, as it is stored, in a
  sandbox of its own and reaches the program by calls. Where a test compares two objects that stay with the program, or
  names the class of one, the program compares: `compared_by_program` counts such tests, and a verdict is `opaque` as
  soon as one of them passed;
- `opaque`: test programs of other languages run beside the code, and success is a nonce drawn for each run, printed
  when the last check is through (`endings`). In C, C++, Go, Java and Rust they are compiled apart from it (`units`),
  elsewhere they are one text. A program that hunts for the nonce, or breaks the checks, can forge it;
- `exit_status`: a test program whose end could not be found, or one in Awk, Erlang or SQL: status 0 is success, and a
  program that leaves early with it passes.

A task's `minimum_trust`, or the server's, refuses what is below it.
"""

from typing import Literal, get_args

Trust = Literal["separate", "opaque", "exit_status"]
LEVELS: tuple[str, ...] = get_args(Trust)
"""Best first."""


def suffices(trust: str, minimum: str) -> bool:
    """Say whether a level of trust is as good as another."""
    return LEVELS.index(trust) <= LEVELS.index(minimum)
