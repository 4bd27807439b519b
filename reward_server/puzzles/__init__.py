"""Puzzles: is what a completion writes a solution? Any solution counts, not only the one that is stored.

Theory of operation. `catalogue` says how each puzzle is decided: by a checker of solutions (`arithmetic`, `grids`,
`graphs`, `logic`, `moves`, `letters`), by equality with the only answer (`equality`), by mathematics, or, where neither
exists, by reasoning-gym's own scorer in a worker process (`library`). A checker is made once for each task from the
puzzle's data (`data`), reads the whole answer text (`reading`) and raises `Violation` with the constraint that is
broken; text that it does not read is a violation too. Work is bounded by the length of the answer.
"""
