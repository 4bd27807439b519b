"""Logs to look at: a run of a few steps as a service writes it, with what a person should look at first."""

import random
from typing import Any

STEPS, GROUPS, SIZE = 6, 4, 8
HARM = "<img src=x onerror='window.harmed=1'><script>window.harmed=1</script>\u202e\x1b[31m \\boxed{7}"


def batch(step: int) -> dict[str, Any]:
    """Return a request of one step: groups that are learned, one that nobody solves, one that everybody does."""
    draw = random.Random(step)
    items = []
    for group in range(GROUPS):
        truth = str(10 * step + group)
        for _ in range(SIZE):
            right = group == 1 or (group > 1 and draw.random() < step / STEPS)
            answer = truth if right else str(draw.randint(200, 300))
            text = f"<think>so</think> <answer>{answer}</answer>" if group else f"{HARM} or not \\boxed{{{answer}}}"
            task = {"kind": "math", "ground_truth": truth}
            items.append({"task": task, "completion": text, "group": f"g{group}", "prompt": f"What is {truth}?"})
    items.append({"task": {"kind": "math", "ground_truth": "5 km"}, "completion": "\\boxed{5 m}"})
    items.append({"task": {"kind": "math", "ground_truth": "9"}, "completion": "\\boxed{9}", "prompt": "3 * 3"})
    return {"items": items, "rewards": {"accuracy": 1, "format": 0.5}}
