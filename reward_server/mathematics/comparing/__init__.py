"""Are two trees the same answer? One file for each kind of answer.

`trees` is the door: it finds the rule that fits the two kinds, the ground truth leading.
"""
