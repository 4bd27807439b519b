"""Lean 4 proofs: what may stand in one, what is asked of Lean about it, and the server that runs Lean."""
