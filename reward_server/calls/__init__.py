"""Tool calls, read in the forms that models are trained to write, and matched with the expected ones.

The way of a call: text → `reading` (which of the written forms, the calls in order) → `matching` against what
`expected` made of the task's ground truth.
"""
