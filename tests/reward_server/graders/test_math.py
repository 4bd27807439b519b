"""The `math` grader: how ground truths are stored, where answers stand, what is refused, what stays open."""

import asyncio
import random
from typing import Any

import pytest

from reward_server.errors import TaskError, WorkerError
from reward_server.graders import Completion, Resources
from reward_server.graders.math import GRADER, MathTask, compile_task, grade_fast, grade_slow
from reward_server.grading.workers import Ran, WorkerPool
from reward_server.mathematics.symbolic.tier import Question
from reward_server.verdict import Outcome, Verdict


def grade(ground_truth: Any, completion: str, **fields: Any) -> Verdict | None:
    return grade_fast(compile_task(MathTask(ground_truth=ground_truth, **fields)), Completion(completion))


def outcome(ground_truth: Any, completion: str, **fields: Any) -> Outcome:
    verdict = grade(ground_truth, completion, **fields)
    assert verdict is not None
    return verdict.outcome


@pytest.mark.parametrize(
    ("stored", "answer"),
    [
        ("42", "42"),
        (42, "42"),
        (0.5, "0.5"),
        ("$42$", "42"),
        ("033", "33"),
        ("She buys <<2*21=42>>42.\n#### 42", "42"),
        ("It costs that.\n#### 1,000", "1000"),
        (r"We get $x=6\cdot 7 = \boxed{42}$, as claimed.", "42"),
        (r"so \boxed{\frac{1}{2}}.", r"\frac{1}{2}"),
        (["41", "42"], "42"),
        ([41, 42], "42"),
        ('["41", "42"]', "42"),
    ],
)
def test_a_ground_truth_is_taken_as_data_sets_store_it(stored: Any, answer: str):
    assert outcome(stored, rf"\boxed{{{answer}}}") is Outcome.CORRECT


@pytest.mark.parametrize("stored", ["", "  ", [], float("nan"), float("inf"), "#### ", r"\boxed{}"])
def test_an_unusable_ground_truth_is_a_broken_row(stored: Any):
    with pytest.raises(TaskError):
        compile_task(MathTask(ground_truth=stored))


@pytest.mark.parametrize(
    "completion",
    [
        r"\boxed{42}",
        "<think>41?</think><answer>42</answer>",
        "#### 42",
        "The final answer is **42**.",
        '{"answer": "42"}',
        "因此，答案是42。",
        "\\boxed{41}. Wait, that is wrong. \\boxed{42}",
        r"either way \boxed{42} or \boxed{42.0}",
    ],
)
def test_an_announced_right_answer_is_correct(completion: str):
    assert outcome("42", completion) is Outcome.CORRECT


@pytest.mark.parametrize(
    "completion",
    [
        r"\boxed{41} and \boxed{42}",
        r"\boxed{42} or \boxed{43}",
        r"\boxed{42}, \boxed{43}, \boxed{44}",
        r"\boxed{42} \boxed{43}",
        "<answer>42</answer><answer>43</answer>",
        "<answer>42 or 43</answer>",
        "The answer is 42 or 43.",
        "The answer is either 42 or 43, I am not sure.",
        r"\boxed{42}. Hmm, no: \boxed{43}",
    ],
)
def test_hedging_earns_nothing(completion: str):
    verdict = grade("42", completion)
    assert verdict is None or verdict.outcome in (Outcome.INCORRECT, Outcome.UNDECIDED)
    assert verdict is None or not verdict.score


def test_a_unit_behind_the_box_counts():
    assert outcome("5 cm", r"$\boxed{0.05}\text{ m}$") is Outcome.CORRECT
    assert outcome("5 cm", r"$\boxed{5}\text{ m}$") is Outcome.INCORRECT
    assert outcome("5 cm", r"$\boxed{5}$") is Outcome.CORRECT
    assert outcome("5", r"$\boxed{5}\text{ altogether}$") is Outcome.CORRECT


def test_a_completion_without_an_answer_is_told_apart_from_a_wrong_one():
    assert outcome("42", "I do not know what to say about this.") is Outcome.NO_ANSWER
    assert outcome("42", r"\boxed{41}") is Outcome.INCORRECT


def test_the_evidence_says_where_the_answer_stood_and_what_decided():
    verdict = grade("1/2", r"so \boxed{0.5}")
    assert verdict is not None
    assert verdict.answer == "0.5"
    assert {"method", "rule", "ground_truth", "answer"} <= set(verdict.evidence)
    assert verdict.evidence["rule"] == "boxed"


def test_verdicts_do_not_depend_on_what_was_graded_before():
    completions = [rf"\boxed{{{value}}}" for value in (*range(30), "1/2", "a+b", "x", r"\pi", "(1,2)", "cat")] * 2
    fresh = {text: grade("7", text) for text in completions}
    compiled = compile_task(MathTask(ground_truth="7"))
    random.Random(7).shuffle(completions)
    assert all(grade_fast(compiled, Completion(text)) == fresh[text] for text in completions)


def test_ten_megabytes_are_graded_inline():
    assert outcome("42", "so " * 3_400_000 + r"\boxed{42}") is Outcome.CORRECT


class _Workers:
    """Answers as scripted instead of running anything."""

    def __init__(self, ran: Ran[Any] | WorkerError) -> None:
        self.ran = ran
        self.asked: list[Question] = []

    async def run(self, _function: Any, question: Question, _cpu_seconds: float) -> Ran[Any]:
        self.asked.append(question)
        if isinstance(self.ran, WorkerError):
            raise self.ran
        return self.ran


_INTEGRAL = (r"\frac{1}{3}", r"\boxed{\int_0^1 x^2 \sin(x) e^{x} dx}")


def _slow(workers: Any) -> Verdict:
    compiled = compile_task(MathTask(ground_truth=_INTEGRAL[0]))
    return asyncio.run(grade_slow(compiled, Completion(_INTEGRAL[1]), Resources(workers=workers)))


def test_what_nobody_can_compute_is_no_answer_to_a_number():
    verdict = _slow(_Workers(Ran(None, "cpu", 3.0)))
    assert (verdict.outcome, verdict.evidence["method"]) == (Outcome.INCORRECT, "beyond_bounds")


def test_a_dead_worker_is_our_failure():
    with pytest.raises(WorkerError):
        _slow(_Workers(WorkerError("a worker process died")))


def test_without_workers_it_stays_undecided():
    verdict = _slow(None)
    assert (verdict.outcome, verdict.score) == (Outcome.UNDECIDED, None)


def test_the_cache_key_is_the_answer_not_the_words_around_it():
    assert GRADER.cache_key is not None
    compiled = compile_task(MathTask(ground_truth="1"))
    keys = [GRADER.cache_key(compiled, Completion(text)) for text in (r"a \boxed{2}", r"bb \boxed{2}", r"a \boxed{3}")]
    assert keys[0] == keys[1] != keys[2]


def test_one_cache_key_has_one_verdict():
    compiled = compile_task(MathTask(ground_truth="1"))
    texts = [r"a \boxed{2}", r"much longer words before \boxed{2} and after"]
    assert len({GRADER.cache_key(compiled, Completion(text)) for text in texts if GRADER.cache_key}) == 1
    assert grade_fast(compiled, Completion(texts[0])) == grade_fast(compiled, Completion(texts[1]))


@pytest.mark.timeout(120)
def test_sympy_decides_what_tier_0_leaves_open():
    async def use() -> list[Verdict]:
        pool = WorkerPool(1)
        verdicts = []
        for truth, answer in SLOW:
            compiled = compile_task(MathTask(ground_truth=truth))
            verdict = grade_fast(compiled, Completion(rf"\boxed{{{answer}}}"))
            if verdict is None:
                verdict = await grade_slow(compiled, Completion(rf"\boxed{{{answer}}}"), Resources(workers=pool))
            verdicts.append(verdict)
        await pool.close()
        return verdicts

    for (truth, answer), verdict in zip(SLOW, asyncio.run(use()), strict=True):
        assert verdict.outcome is Outcome.CORRECT, (truth, answer, verdict.evidence)


SLOW = [
    (r"\frac{1}{3}", r"\int_0^1 x^2 dx"),
    (r"\frac{\pi^2}{6}", r"\sum_{k=1}^{\infty} \frac{1}{k^2}"),
    ("1", r"\lim_{x \to 0} \frac{\sin x}{x}"),
    (r"\frac{\sqrt\pi}{2}", r"\int_0^{\infty} e^{-x^2}\,dx"),
]


@pytest.mark.parametrize(
    "answer",
    [
        r"\sqrt" * 60 + "x",
        "x" * 300,
        ",".join("1" * 400),
        "(" * 5000,
        r"2^{2^{2^{2^{2^{9}}}}}",
        r"\log 0",
        r"x^2 e^x < \sin x",
        r"\int_0^1 e^{e^{x^2}}dx" * 20,
        r"\{x: x e^x = 1\}",
    ],
)
@pytest.mark.parametrize("truth", ["1", "x+1", r"(1,2)", r"\{1,2\}", r"k\pi, k\in\mathbb{Z}"])
def test_nobody_makes_a_verdict_null(truth: str, answer: str):
    compiled = compile_task(MathTask(ground_truth=truth))
    completion = Completion(rf"\boxed{{{answer}}}")
    verdict = grade_fast(compiled, completion)
    if verdict is None:
        resources = Resources(workers=_Workers(Ran(None, "cpu", 3.0)))
        verdict = asyncio.run(grade_slow(compiled, completion, resources))
    assert verdict.score == 0.0


@pytest.mark.parametrize(
    "completion",
    [
        "Twice the answer is 12.",
        "The negative of the answer is 12",
        "Half of the answer is 12",
        "The answer plus one is 12",
        "The answer doubled is 12",
        "One more than the answer is 12.",
        "The square of the answer is 12.",
        "Answer: 12 at least",
        "Answer: 12 at most",
        r"\boxed{12} \text{ or } 13",
        r"$\boxed{12} \lor 13$",
        r"12 or \boxed{13}",
        r"$1 + \boxed{12}$",
        r"$\boxed{12}!$",
        r"$\frac{1}{\boxed{12}}$",
        r"$\sqrt{\boxed{12}}$",
        r"$\boxed{12}\cdot 5$",
        r"It cannot be \boxed{12}.",
    ],
)
def test_what_makes_another_value_of_an_announced_one_is_not_dropped(completion: str):
    truth = "13" if "{13}" in completion else "12"
    assert outcome(truth, completion) is not Outcome.CORRECT


@pytest.mark.parametrize(
    "completion",
    [
        "The value of the answer is 12.",
        "The answer to 5 plus 7 is 12.",
        "The answer is, at last, 12.",
        r"$5 + 7 = \boxed{12}$",
        r"$1 + \boxed{12} = 13$",
        r"The answer is $\boxed{12}$!",
        r"So it is \boxed{12}! Great.",
        "- \\boxed{12}",
        "Steps:\n\n+ \\boxed{12}",
        r"Thus $x = \boxed{12}$ apples in total.",
        r"$\boxed{12} \text{ or } 12$",
        r"The remainder cannot be 13, so it is \boxed{12}.",
    ],
)
def test_what_stands_around_an_answer_and_changes_nothing_costs_nothing(completion: str):
    assert outcome("12", completion) is Outcome.CORRECT


def test_a_unit_in_words_behind_a_box_is_read():
    assert outcome("12 m", r"\boxed{12} km") is Outcome.INCORRECT
    assert outcome("12 km", r"It is $\boxed{12}$ km.") is Outcome.CORRECT
    assert outcome("12", r"\boxed{12} km") is Outcome.CORRECT
