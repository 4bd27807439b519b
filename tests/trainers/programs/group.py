"""One group: several completions of one row, one of which a service without sandboxes cannot grade."""

ROW = {
    "kind": "composite",
    "combine": "any",
    "checks": [
        {"task": {"kind": "exact", "ground_truth": "7"}},
        {"task": {"kind": "code", "tests": [{"stdin": "", "stdout": "7"}]}},
    ],
}
"""Right is 7, or a program that prints it."""
RIGHT, WRONG, LOST = "7", "8", "```python\nprint(7)\n```"
ALONE = [RIGHT, WRONG, WRONG]
TOGETHER = [RIGHT, LOST, WRONG, WRONG]
