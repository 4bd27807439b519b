"""The public functions: compiling, lists, parts, kinds, evidence."""

import pytest

from reward_server.errors import TaskError
from reward_server.mathematics import MathOptions, classify, compare, compile_ground_truth, equivalent, parse
from reward_server.mathematics.tree.nodes import Number, Words


@pytest.mark.parametrize("broken", ["", "   ", "$$", [], ["5", ""], None, {"a": 1}])
def test_an_unusable_ground_truth_is_a_broken_row(broken: object):
    with pytest.raises(TaskError):
        compile_ground_truth(broken)  # type: ignore[arg-type]


def test_numbers_are_ground_truths():
    assert compare(compile_ground_truth(5), "5.0").equal
    assert compare(compile_ground_truth(0.25), r"\frac14").equal
    assert compare(compile_ground_truth(5.0), "5").equal


def test_any_of_several_ground_truths_is_enough():
    truth = compile_ground_truth(["5", r"\frac12"])
    assert compare(truth, "0.5").equal
    assert compare(truth, "5").equal
    assert compare(truth, "6").equal is False


def test_all_parts_are_asked_for_and_each_earns_its_share():
    truth = compile_ground_truth(["5", r"\frac12"], MathOptions(combine="all"))
    assert compare(truth, "0.5, 5").equal is True
    half = compare(truth, "0.5, 6")
    assert (half.equal, half.score) == (False, 0.5)
    surplus = compare(truth, "0.5, 5, 6")
    assert surplus.equal is False
    assert surplus.score == pytest.approx(2 / 3)
    in_order = compile_ground_truth(["5", r"\frac12"], MathOptions(combine="all", ordered=True))
    assert compare(in_order, "0.5, 5").equal is False


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("42", "integer"), (r"\frac12", "fraction"), ("0.5", "decimal"), ("[0,1)", "interval"), ("(1,2)", "tuple"),
        (r"\{1,2\}", "set"), ("1,2", "list"), ("x=3", "equation"), ("x<3", "inequality"), (r"\text{odd}", "text"),
        (r"\sqrt2", "real"), ("x+1", "expression"), ("3+i", "complex"), (r"5\text{ cm}", "quantity"), ("B", "choice"),
        (r"\begin{pmatrix}1\\2\end{pmatrix}", "matrix"), (r"10\%", "percent"), ("52_8", "based_integer"),
        (r"k\pi, k\in\mathbb{Z}", "family"), ("12:30", "time"), (r"\pm2", "plus_minus"), (r"\int_0^1x\,dx", "analysis"),
    ],
)  # fmt: skip
def test_a_ground_truth_has_a_kind(text: str, kind: str):
    assert classify(compile_ground_truth(text)) == kind


def test_a_difference_comes_with_a_witness():
    for truth, answer in (
        (r"\sqrt2", r"\sqrt3"),
        ("3", "4"),
        ("x+1", "x+2"),
        (r"\sin x", r"\cos x"),
        ("(1,2)", "(1,3)"),
    ):
        found = compare(compile_ground_truth(truth), answer)
        assert found.equal is False
        assert "witness" in found.evidence, (truth, answer)


def test_what_is_undecided_says_why():
    found = compare(compile_ground_truth("1"), r"\lim_{x\to0}\frac{\sin x}{x}")
    assert found.equal is None
    assert found.evidence["reason"]


def test_the_form_of_an_answer_can_be_demanded():
    exact = compile_ground_truth(r"\frac12", MathOptions(form="exact"))
    assert compare(exact, "1/2").equal is True
    assert compare(exact, "0.5").equal is False
    decimal = compile_ground_truth("0.5", MathOptions(form="decimal"))
    assert compare(decimal, "0.50").equal is True
    assert compare(decimal, "1/2").equal is False


def test_options_hash_and_refuse_what_they_do_not_know():
    assert hash(MathOptions()) == hash(MathOptions())
    with pytest.raises(ValueError, match="tolerence"):
        MathOptions(tolerence="exact")  # type: ignore[call-arg]


def test_parse_returns_the_usual_reading():
    assert isinstance(parse("42"), Number)
    assert isinstance(parse("a triangle"), Words)


def test_equivalence_of_unusable_texts_is_that_of_strings():
    assert equivalent("", "").equal is False
    assert equivalent("?", "5").equal is False
