"""Proof by SymPy, in processes that can be killed: what exact numbers and balls leave undecided."""
