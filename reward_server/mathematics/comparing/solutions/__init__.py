"""Solutions: what equations, inequalities, sets and families hold, over the reals where that can be solved."""
