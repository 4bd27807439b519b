"""Tests of code tasks: how data sets store them, how a program's values are judged, all outside the sandbox.

```text
task ──► formats ──► Suite of cases ──► judging ──► sandbox (program, inputs) ──► values ──► comparison ──► reducers
             └── splitting: `assert f(2) == 4` becomes the call `f(2)`, which goes in, and a claim, which stays out
```

The sandbox returns values; every comparison happens here, in the server's process, on exact built-in types.

Trust, best first, is part of every verdict's evidence:

- `split`: the process that runs the model's code sees inputs alone; what is expected never enters it;
- `opaque`: tests that cannot be split (unit-test files, test programs of compiled languages) run beside the code, and
  success is a nonce drawn for each run. A program that hunts for it can in principle find it.
"""
