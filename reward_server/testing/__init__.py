"""Tests of code tasks: how data sets store them, how a program's values are judged, all outside the sandbox.

```text
task ──► formats ──► Suite of cases ──► judging ──► sandbox (program, inputs) ──► values ──► comparison ──► reducers
             └── splitting: `assert f(2) == 4` becomes the call `f(2)`, which goes in, and a claim, which stays out
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
