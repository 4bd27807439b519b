"""Verdicts without a score are counted by cause, so that a policy that learns to hide shows."""

from reward_server.grading.scoring import Graded
from reward_server.telemetry.metrics import Metrics
from reward_server.verdict import Outcome, Verdict, ungradable


def test_nulls_are_counted_by_grader_outcome_and_cause():
    metrics = Metrics()
    undecided = Verdict(Outcome.UNDECIDED, None, "x", {"method": "sympy"})
    for verdict in (undecided, undecided, ungradable("the sandbox failed"), Verdict(Outcome.CORRECT, 1.0)):
        metrics.observe(Graded(verdict, "math/2"))
    found = {
        (sample.labels["outcome"], sample.labels["cause"]): sample.value
        for metric in metrics.collect()
        for sample in metric.samples
        if sample.name == "reward_nulls_total"
    }
    assert found == {("undecided", "sympy"): 2, ("ungradable", "none"): 1}
