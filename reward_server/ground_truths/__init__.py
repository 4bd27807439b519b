"""Ground truths as data sets store them: packed, at the end of a solution, or as the whole of one."""
