r"""Sets of letters, measures and statements of no common form: a witness tells them apart, only a proof makes them one.

None of these may be without a score: whoever writes `A \cap B` for `A \cup B` would leave the group instead of losing.
"""

import pytest

from reward_server.graders import Completion
from reward_server.graders.math import GRADER, MathTask
from reward_server.mathematics import parse
from reward_server.mathematics.comparing.witnesses import told_apart
from reward_server.verdict import Outcome

_SAME = (
    (r"A\cup (B\cap C)", r"(A\cup B)\cap(A\cup C)"),
    (r"A\setminus B", r"A\cap \overline{B}"),
    (r"A\setminus B", r"A-B"),
    (r"A^c\cup B", r"(A\cap B^c)^c"),
    (r"A'\cap B'", r"(A\cup B)^c"),
    (r"(A\setminus B)\cup(B\setminus A)", r"A\triangle B"),
    (r"A \cap B", "AB"),
    (r"A\cap B=A", r"A\subseteq B"),
    (r"x \in A\cup B", r"x\in B\cup A"),
    (r"P(A\cup B)", r"P(A)+P(B)-P(A\cap B)"),
    (r"1-P(A\cap B)", r"P(\bar A\cup\bar B)"),
    (r"P(A\cap B)=P(A)P(B)", r"P(B\cap A)=P(B)P(A)"),
    (r"n(A\cup B)", r"n(A)+n(B)-n(A\cap B)"),
    (r"P(A\cap B)=0.3", "0.3"),
    (r"a\equiv b \pmod n", r"b\equiv a \pmod n"),
    (r"x^x>2", "2<x^x"),
    (r"0<x<1", r"x>0 \land x<1"),
    (r"x\ne 2", r"x<2 \lor x>2"),
    (r"\emptyset", r"x<2 \land x>2"),
    (r"\overline{A\cup B}", r"\overline{A}\cap\overline{B}"),
    ("P(A|B)", r"\frac{P(A\cap B)}{P(B)}"),
    ("P(A|B)=0.3", "0.3"),
    ("P(A)=0.4", "P(A^c)=0.6"),
    ("1-P(A)", r"P(\bar A)"),
    (r"\frac{P(B|A)P(A)}{P(B)}", r"P(A\mid B)"),
    (r"P(A\cap B)=P(A)P(B)", "P(A|B)=P(A)"),
    (r"P(X\ge 2)", "1-P(X<2)"),
    (r"P(X\ge 2)=0.3", r"P(2\le X)=0.3"),
    (r"\overrightarrow{AB}", r"-\overrightarrow{BA}"),
    (r"\overrightarrow{AC}", r"\overrightarrow{AB}+\overrightarrow{BC}"),
    (r"\overrightarrow{BA}", r"\overrightarrow{OA}-\overrightarrow{OB}"),
    (r"|\overrightarrow{AB}|", r"|\overrightarrow{BA}|"),
)
_APART = (
    (r"A\cup B", r"A\cap B"),
    (r"A\cup (B\cap C)", r"(A\cup B)\cap C"),
    (r"A\setminus B", r"B\setminus A"),
    (r"A\cap B", "A"),
    (r"A^c\cup B", r"A\cup B"),
    (r"A\triangle B", r"A\cup B"),
    (r"A\cap B=\emptyset", r"A\cup B=\emptyset"),
    (r"A\subset B", r"B\subset A"),
    (r"x \in A\cup B", r"x\in A\cap B"),
    (r"P(A\cap B)", "P(A)P(B)"),
    (r"P(A\cup B)", "P(A)+P(B)"),
    (r"1-P(A\cap B)", r"P(\bar A\cap\bar B)"),
    (r"P(A\cap B)=0.3", r"P(A\cup B)=0.3"),
    (r"\frac{P(A\cap B)}{P(B)}", r"\frac{P(A\cap B)}{P(A)}"),
    (r"n(A\cup B)", "n(A)+n(B)"),
    ("x^x=2", "x^x=3"),
    ("x^x=2", "x^x=2x"),
    ("x^x=2", "3"),
    ("x^x>2", "x^x>3"),
    (r"\gcd(a,b)=1", r"\gcd(a,b)=2"),
    (r"\gcd(a,b)=1", r"\gcd(a,b)>1"),
    ("x! = 6", "x! = 24"),
    ("x^y=y^x", "x^y=2y^x"),
    ("2^x+3^x=5^x", "2^x+3^x=7^x"),
    (r"\sin x = x", r"\cos x = x"),
    (r"a\equiv b \pmod n", r"a\equiv -b \pmod n"),
    (r"\lim_{n\to\infty} a_n = 1", r"\lim_{n\to\infty} a_n = 2"),
    (r"\overline{A\cup B}", r"\overline{A\cap B}"),
    ("P(A|B)", "P(B|A)"),
    ("P(A)=0.4", "P(A^c)=0.4"),
    ("P(A)", r"P(\bar A)"),
    ("5 o'clock", "6 o'clock"),
    ("P(A|B)=0.4", "P(B|A)=0.4"),
    ("P(X=2)=0.4", "P(X=3)=0.4"),
    (r"P(X\ge 2)", r"P(X\ge 3)"),
    ("P(X>2)=0.4", "P(X<2)=0.4"),
    (r"\overrightarrow{AC}", r"\overrightarrow{AB}-\overrightarrow{BC}"),
    ("AB", "-BA"),
    (r"x\ne 2", r"x<2 \land x>2"),
    (r"x<2 \land x>2", r"x\ne 2"),
    (r"x<-1 \text{ or } x>3", r"x<-1 \land x>3"),
)


def _outcome(truth: str, answer: str) -> Outcome | None:
    assert GRADER.fast is not None
    verdict = GRADER.fast(GRADER.compile(MathTask(ground_truth=truth)), Completion(rf"\boxed{{{answer}}}"))
    return None if verdict is None else verdict.outcome


@pytest.mark.parametrize(("truth", "answer"), _SAME)
def test_what_is_proved_the_same_is_right_either_way_round(truth: str, answer: str) -> None:
    assert _outcome(truth, answer) is Outcome.CORRECT
    if answer != "0.3":
        assert _outcome(answer, truth) is Outcome.CORRECT


@pytest.mark.parametrize(("truth", "answer"), _APART)
def test_what_a_witness_tells_apart_is_wrong_and_never_null(truth: str, answer: str) -> None:
    assert _outcome(truth, answer) is Outcome.INCORRECT
    assert _outcome(answer, truth) is Outcome.INCORRECT


@pytest.mark.parametrize(
    ("truth", "answer"),
    [
        ("e^{xy}=1", "xy=0"),
        (r"x^y=2", r"y\ln x=\ln 2"),
        (r"\log_2 x = y", "x = 2^y"),
        (r"\sqrt{x^2+y^2}=2", "x^2+y^2=4"),
        (r"y=Ce^{x}+\sin y", r"y=Ae^{x}+\sin y"),
    ],
)
def test_what_is_the_same_is_never_told_apart_by_points(truth: str, answer: str) -> None:
    found = told_apart(parse(truth), parse(answer))
    assert found is None or found.equal
