"""Are two written answers the same mathematics? Decided in microseconds, with evidence, or reported as undecided.

```text
text ──reading──► tree ──values──► numbers, polynomials, sets ──comparing──► equal, different, or
                                                                                └──symbolic──► proof by SymPy
```

`grading` compiles a ground truth once and compares answers with it; `options` are its policies, `comparison` its
result.
"""

from reward_server.mathematics.comparison import Comparison
from reward_server.mathematics.grading import GroundTruth, classify, compare, compile_ground_truth, equivalent, parse
from reward_server.mathematics.options import MathOptions

__all__ = [
    "Comparison",
    "GroundTruth",
    "MathOptions",
    "classify",
    "compare",
    "compile_ground_truth",
    "equivalent",
    "parse",
]
