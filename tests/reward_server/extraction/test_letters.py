"""The option letters a completion chooses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server.extraction.letters import find_choice

LETTERS = [
    ("ANSWER: B", "B"),
    ("Some reasoning.\nanswer: D", "D"),
    ("The answer is (C).", "C"),
    ("So the correct option is\n\n**(D)**", "D"),
    (r"\boxed{C}", "C"),
    (r"\boxed{\text{(C)}}", "C"),
    (r"I considered A and B, but the answer is \textbf{C}.", "C"),
    ("<answer>B</answer>", "B"),
    ('{"answer": "B"}', "B"),
    ("Step 3: …\nSolution: Choice_B", "B"),
    ("Solution: Choice\\_B: It will be halved.", "B"),
    ("ANSWER: (B) 300", "B"),
    ("### Final Answer: **(B) 300**", "B"),
    ("ANSWER: [B]", "B"),
    ("c", "C"),
    ("B. The second one", "B"),
    ("【答案】 D <eoa>", "D"),
    ("综上，故选C。", "C"),
    ("所以正确答案应该是B选项。", "B"),
    ("先写答案：A，再改为答案：C。", "C"),
    ("ANSWER: A is not right, ANSWER: B. Hope this helps.", "B"),
    ("I first said ANSWER: A but ANSWER: C is correct.", "C"),
    ("ANSWER: A\nreasoning\nANSWER: (B) 300", "B"),
    ("ANSWER: A is wrong.</think>ANSWER: B", "B"),
    ("Option A is too big. Option B is the correct one.", "B"),
    ("The answer is A.\n\nQuestion: next?\nAnswer: D", "A"),
    (r"\[\text{The answer is (B)}\]", "B"),
    ("ANSWER: AB", "AB"),
    ("ANSWER: (A, C)", "AC"),
    ("答案：（A，C）", "AC"),
    ("ANSWER: A and C are right", "AC"),
    ("The answer is A or B.", "AB"),
]


@pytest.mark.parametrize(("completion", "letters"), LETTERS)
def test_the_announced_letters_are_found(completion: str, letters: str):
    found = find_choice(completion, "ABCD")
    assert found is not None
    assert "".join(found.letters) == letters


@pytest.mark.parametrize(
    "completion",
    [
        "",
        "the shape is Z-like",
        "ANSWER: None of the above",
        "ANSWER: A B C D are all plausible",
        "ANSWER: [LETTER]",
        "答案：无法确定",
        "The answer is a matter of taste",
        "<think>ANSWER: B",
    ],
)
def test_where_no_letter_is_chosen_none_is_found(completion: str):
    found = find_choice(completion, "ABCD")
    assert found is None or found.letters == ()


def test_numbered_answers_come_in_order():
    found = find_choice("（1）【答案】 B <eoa>\n（2）【答案】 D <eoa>\n（3）【答案】A", "ABCD")
    assert found is not None
    assert (found.letters, found.numbered) == (("B", "D", "A"), True)


def test_words_instead_of_a_letter_are_kept():
    found = find_choice("The answer is dark green.", "ABCD")
    assert found is not None
    assert (found.letters, found.content) == ((), "dark green")


@given(st.text() | st.text(alphabet="ABCDanswer is():,.\\boxed{}选答案是 \n1", max_size=300))
def test_any_text_is_read_without_error_and_always_alike(text: str):
    found = find_choice(text, "ABCD")
    assert found == find_choice(text, "ABCD")
    assert found is None or set(found.letters) <= set("ABCD")


@given(st.text(alphabet="xyz \n.", max_size=2_000), st.sampled_from("ABCDEFGHIJ"))
def test_a_letter_is_found_after_prose_of_any_length(before: str, letter: str):
    found = find_choice(f"{before}\nThe answer is ({letter}).", "ABCDEFGHIJ")
    assert found is not None
    assert found.letters == (letter,)
