"""The final answer of a completion: which announcement counts, and what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server.extraction import find_answer

FOUND = [
    (r"So \(x=6\cdot 7\). The answer is \boxed{42}.", "42", "boxed"),
    (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}", "boxed"),
    (r"\boxed {42}", "42", "boxed"),
    (r"\boxed 5", "5", "boxed"),
    (r"\boxed5.", "5", "boxed"),
    (r"\fbox{42}", "42", "boxed"),
    (r"\beginboxed{8\sqrt{6}}", r"8\sqrt{6}", "boxed"),
    ("\x08oxed{7}", "7", "boxed"),
    (r"\boxed{\boxed{5}}", "{5}", "boxed"),
    (r"\boxed{\text{The answer is }42}", "42", "boxed"),
    (r"$\boxed{28}\%$", r"28\%", "boxed"),
    (r"$\boxed{5} \text{ is the number}$", "5", "boxed"),
    (r"$x = -\boxed{5}$", "-(5)", "boxed"),
    (r"First \boxed{41}. Wait, recheck: \boxed{42}.", "42", "boxed"),
    (r"My answer is \boxed{3}. (As asked, the answer is within \boxed{}.)", "3", "boxed"),
    (r"Put it in \boxed{your answer}. It is \boxed{3}", "3", "boxed"),
    ("<think>no</think> <answer> 42 </answer>", "42", "answer_tag"),
    ("<answer>The answer is $42$.</answer>", "$42$", "answer_tag"),
    ("<answer>42", "42", "answer_tag"),
    ("<answer>Final answer: 42.</answer>", "42", "final_answer"),
    ("[ANSWER]42[/ANSWER]", "42", "answer_tag"),
    ('```json\n{"reasoning": "so \\"7\\"", "answer": 42}\n```', "42", "json"),
    ('{"answer": "\\\\frac{1}{2}"}', r"\frac{1}{2}", "json"),
    (r'{"answer": "\frac{1}{2}"}', r"\frac{1}{2}", "json"),
    ('{"final_answer": [1, 2]}', "[1, 2]", "json"),
    ("She pays 5+5=10.\n#### 10", "10", "hashes"),
    ("#### Step 2: add\n#### 10 \n\nDone.", "10", "hashes"),
    ("**Final Answer:** 42", "42", "final_answer"),
    ("✅ Final Answer: **42**", "42", "final_answer"),
    ("### Final Answer\n42", "42", "final_answer"),
    ("Final Answer: The final answer is $0$. I hope it is correct.", "$0$", "final_answer"),
    ("The answer is $\\frac{1}{2}$.", "$\\frac{1}{2}$", "answer_is"),
    ("So the answer to the second question is 7.5 kg. Bye.", "7.5 kg", "answer_is"),
    ("The answer is x. Then we stop.", "x", "answer_is"),
    ("The answer is 42! Great.", "42", "answer_is"),
    ("The answer is (n-2)!", "(n-2)!", "answer_is"),
    ("The answer is 5 p.m. on Monday.", "5 p.m. on Monday", "answer_is"),
    ("The answer is not 5. The answer is 6.", "6", "answer_is"),
    ("Answer: 1 hour and 30 minutes", "1 hour and 30 minutes", "answer_is"),
    ("The answer is\n\\[ 9 \\]", "\\[ 9 \\]", "answer_is"),
    ("因此，答案是42。", "42", "answer_is"),
    ("【答案】7", "7", "answer_is"),
    ("They have 20 - 5 = 15 left.\nA: 15", "15", "a_label"),
    ("-5", "-5", "last_resort"),
    ("$x \\in [-2,7]$", "$x \\in [-2,7]$", "last_resort"),
    ("We add them up. Therefore $x \\geq 5$ is the solution.", "x \\geq 5", "last_resort"),
    ("我们计算：33颗/袋 * 26袋 = 858颗。 因此，弗兰克一共有**858颗**糖果。", "858", "last_resort"),
    ("لذا، ناتج العملية الحسابية 79 * 2 - 66 هو **92**.", "92", "last_resort"),
    ("It's not A because it makes no sense, therefore I think it's B", "B", "last_resort"),
    ("It is 3. And there are 4 + 5 = 9 of the others", "9", "last_resort"),
]


@pytest.mark.parametrize(("completion", "answer", "rule"), FOUND)
def test_the_announced_answer_is_found(completion: str, answer: str, rule: str):
    found = find_answer(completion)
    assert found is not None
    assert (found.answer, found.rule) == (answer, rule)


@pytest.mark.parametrize(
    "completion",
    [
        "",
        "   \n ",
        r"\boxed{}",
        r"<think>I guess \boxed{7}",
        r"<think>so 7</think>",
        "The numbers 1, 7 and 42 are interesting for many reasons.",
        "There are 5 options here, but I cannot decide.",
        "We could keep going with this for a very long time and",
    ],
)
def test_where_nothing_is_answered_nothing_is_found(completion: str):
    assert find_answer(completion) is None


@pytest.mark.parametrize(
    ("completion", "parts"),
    [
        (r"The solutions are \boxed{1} and \boxed{2}.", ("1", "2")),
        (r"\boxed{1} or \boxed{2} or \boxed{3}", ("1", "2", "3")),
        (r"\boxed{1} \boxed{2}", ("1", "2")),
        (r"\boxed{1}\n\n\boxed{2}".replace(r"\n", "\n"), ("1", "2")),
        (r"$y_1 = \boxed{a}$ and $y_2 = \boxed{b}$", ("a", "b")),
        (r"$\boxed{(3, 3)} \text{ for part (a) and } \boxed{(1, 1)}$", ("(3, 3)", "(1, 1)")),
        ("<answer>1</answer> <answer>2</answer>", ("1", "2")),
    ],
)
def test_answers_side_by_side_count_together(completion: str, parts: tuple[str, ...]):
    found = find_answer(completion)
    assert found is not None
    assert found.parts == parts
    assert found.readings == (", ".join(parts),)


@pytest.mark.parametrize(
    ("completion", "answer"),
    [
        (r"\boxed{1} no no no \boxed{2}", "2"),
        (r"It is \boxed{1}. But that is wrong, so \boxed{2}", "2"),
        (r"We get \boxed{2} and \boxed{2}.", "2"),
        (r"\boxed{2} = \boxed{1+1}", "1+1"),
        (r"so \boxed{6}. The final answer is positive, because both are.", "6"),
        ("#### 5\nFinal answer: \\boxed{6}", "6"),
        ("\\boxed{5}\n#### 6", "6"),
    ],
)
def test_of_successive_answers_the_last_counts(completion: str, answer: str):
    found = find_answer(completion)
    assert found is not None
    assert (found.answer, found.parts) == (answer, ())


@pytest.mark.parametrize(
    "tail",
    [
        "\n\nProblem: What is 1+1? The answer is 2.",
        "\nQuestion: next\nAnswer: 2",
        "\n\nQ: more?\nA: 2",
        "<|im_end|>\n<|im_start|>user\nanswer: 2",
        "<|endoftext|>The answer is 2.",
        '\n## Question:\nagain\n```json\n{"answer": "2"}\n```',
    ],
)
def test_what_follows_the_end_of_the_answer_does_not_count(tail: str):
    found = find_answer("Adding up, the answer is 42." + tail)
    assert found is not None
    assert found.answer == "42"


def test_a_restated_problem_before_the_answer_is_not_the_end():
    found = find_answer("Solution.\nProblem: what is 6 times 7?\nThe answer is 42.")
    assert found is not None
    assert found.answer == "42"


@pytest.mark.parametrize(
    ("completion", "unit"),
    [
        (r"$\boxed{5}\text{ cm}$", r"\text{ cm}"),
        (r"$\boxed{5}\,\mathrm{~m}^2$ of paper", r"\,\mathrm{~m}^2"),
        (r"$\boxed{5} \text{ is the number}$", ""),
        (r"$\boxed{5} \text{ and } x$", ""),
        (r"$\boxed{5}$ cm", r"\text{ cm}"),
        (r"$\boxed{5}$ cm of rope", r"\text{ cm of rope}"),
        (r"$\boxed{5}$ apples", r"\text{ apples}"),
        (r"$\boxed{5}$ apples, which is all", ""),
    ],
)
def test_a_word_in_the_same_formula_behind_the_box_or_words_that_end_its_line_may_be_its_unit(
    completion: str, unit: str
):
    found = find_answer(completion)
    assert found is not None
    assert (found.answer, found.unit) == ("5", unit)


@pytest.mark.parametrize("where", ["announced", "boxed", "answer_tag"])
def test_a_stricter_place_refuses_other_places(where):
    assert find_answer("it is 42", where) is None
    assert (find_answer(r"\boxed{42}", where) is not None) == (where != "answer_tag")
    assert (find_answer("<answer>42</answer>", where) is not None) == (where != "boxed")


@pytest.mark.parametrize(
    ("completion", "narrow"),
    [
        ("The answer is 25 miles, which is 5 more than before.", "25 miles"),
        ("The answer is 25 dozens of eggs.", "25"),
        ("The answer is $5$ apples.", "5"),
    ],
)
def test_prose_around_an_answer_leaves_a_narrow_reading(completion: str, narrow: str):
    found = find_answer(completion)
    assert found is not None
    assert narrow in found.readings[1:]


@pytest.mark.parametrize(
    "hedge", ["5 or 7", "either 5 or 7", "5, maybe 7", "$5$ or $7$", "between 5 and 7", "5 if n is 7", "5 when n > 7"]
)
def test_a_hedge_has_no_reading_that_picks_one(hedge: str):
    found = find_answer(f"The answer is {hedge}.")
    assert found is not None
    assert not {"5", "7"} & set(found.readings)


@pytest.mark.parametrize("text", ["print(5)", "5!!!!", "eval(5)", "5x", "x5", "f(5)", "5^x", "less than 5", "x > 5"])
def test_a_number_inside_something_else_is_not_read_alone(text: str):
    found = find_answer(f"<answer>{text}</answer>")
    assert found is not None
    assert "5" not in found.readings


@given(st.text() | st.text(alphabet="\\boxed{}<answer>/think#$()[]\"':,.=0123456789 \nA答案是", max_size=300))
def test_any_text_is_read_without_error_and_always_alike(text: str):
    found = find_answer(text)
    assert found == find_answer(text)
    if found is not None:
        assert found.answer == found.readings[0]
        assert 0 <= found.start <= found.end <= len(text)
        assert all(found.readings)


@given(
    before=st.text(alphabet="abc def.\n", max_size=200),
    answer=st.from_regex(r"[1-9][0-9]{0,5}", fullmatch=True),
)
def test_a_boxed_answer_is_found_after_any_prose(before: str, answer: str):
    found = find_answer(f"{before}\\boxed{{{answer}}}")
    assert found is not None
    assert found.answer == answer


HOSTILE = {
    "boxes": "\\boxed{" * 60_000,
    "nested boxes": "\\boxed{" * 2_000 + "}" * 2_000,
    "braces": "{" * 300_000,
    "tags": "<answer>" * 40_000 + "</answer>",
    "answers": "answer " * 50_000,
    "answer is": "the answer is " * 30_000,
    "json": '"answer":' * 40_000,
    "escaped": '{"answer": "' + '\\"' * 200_000,
    "dollars": "$" * 300_000 + "= 5",
    "spaces": " " * 300_000 + "x",
    "hashes": "####" * 100_000,
    "problems": "\nProblem: the answer is 5" * 20_000,
    "thinking": "<think>" * 50_000,
    "labels": "\nA: 5" * 60_000,
    "stars": "answer: " + "**" * 100_000,
    "digits": "the answer is " + "1," * 100_000,
    "chinese": "答案" * 100_000,
    "bold": "answer is " + "**a" * 50_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_in_bounded_time(text: str):
    assert find_answer(text) == find_answer(text)


@pytest.mark.timeout(60)
def test_ten_megabytes_after_the_answer_do_not_hide_a_later_one():
    found = find_answer("\\boxed{1}" + "word " * 2_000_000 + "\\boxed{2}")
    assert found is not None
    assert found.answer == "2"


@pytest.mark.parametrize("completion", ["Antwort -18", "Ответ -18"])
def test_a_hyphen_at_a_number_is_a_minus_and_no_dash(completion: str):
    found = find_answer(completion)
    assert found is None or found.answer != "18"
