"""Plans: does what a completion writes lead from the start to the goal? Any plan that does counts.

Theory of operation. A problem is made once for each task into a `Check` of `puzzles.data`: by `domains` and
`simulation` from PDDL, by `blocks` from the English of PlanBench, by `routes` from a graph or a grid, by `schedules`
from tasks with durations. It reads the whole answer, carries it out step by step and raises `Violation` with the step
and the condition that fails; what is not read is a violation too. Nothing is searched for: whether a problem can be
solved at all only a reference plan shows. `expressions` reads PDDL's parentheses; every text is bounded, and so are
the steps.
"""
