"""Tests of code tasks: how data sets store them, how a program's values are judged, all outside the sandbox.

```text
task ──► stored/ ──► a plan: cases of input and expected value      judging/cases
             │           asserts split into calls and claims          claims/
             │           tests that run beside the program            judging/opaque, endings/
completion ──► programs.py: which program; harness/: what is put around it
             ▼
         judging/judge ──► sandbox (program, inputs) ──► values, outputs ──► comparison, checkers ──► reducers ──► score
```

The sandbox returns values; every comparison happens here, in the server's process, on exact built-in types.

Trust, best first, is part of every verdict's evidence:

- `split`: the process that runs the model's code sees inputs alone; what is expected never enters it;
- `opaque`: tests that cannot be split (unit-test files, test programs of compiled languages) run beside the code, and
  success is a nonce drawn for each run, printed when the last check is through (`endings`). A program that hunts for
  it can in principle find it.
- `exit_status`: a test program whose end could not be found, or one in Awk, Erlang or SQL: status 0 is success, and a
  program that leaves early with it passes.

A task with `require_split` refuses the latter two.
"""
