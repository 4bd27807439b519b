r"""What stands beside or behind an answer and takes it back: in twenty languages, for every grader that finds answers.

The lists are by class, not complete; a new way to take an answer back belongs here first.
"""

import pytest

from reward_server.graders import Completion, discover
from reward_server.verdict import Outcome

_TAKEN_BACK = [
    "So \\boxed{42}. Wait, it should be 11.",
    "So \\boxed{42}. Actually the answer is 11.",
    "So \\boxed{42}. Actually, 11.",
    "So \\boxed{42}. No, 11.",
    "So \\boxed{42} – no wait, 11",
    "So \\boxed{42}. Hmm, that is wrong.",
    "So \\boxed{42}. That's not right.",
    "So \\boxed{42}. I made a mistake. It is 11.",
    "So \\boxed{42}. Correction: 11.",
    "So \\boxed{42}. Sorry, I meant 11.",
    "So \\boxed{42}. Scratch that.",
    "So \\boxed{42}. On second thought, it is 11.",
    "So \\boxed{42}. Or maybe 11.",
    "So \\boxed{42}. or 11",
    "So \\boxed{42}. Wait, it should be $11$.",
    "So \\boxed{42}. Wait, it should be $\\frac{1}{2}$.",
    "So \\boxed{42}. Ignore that, the answer is 11",
    "So \\boxed{42}. The correct answer is 11.",
    "So \\boxed{42}. The real value is 11.",
    "So \\boxed{42} is wrong.",
    "\\boxed{42} is the wrong answer",
    "\\boxed{42} is clearly wrong.",
    "The answer can't possibly be \\boxed{42}.",
    "It is not even \\boxed{42}.",
    "So \\boxed{42} is incorrect. The answer is 11.",
    "So \\boxed{42} is not the answer.",
    "So \\boxed{42}. I take that back.",
    "So \\boxed{42} but I think the answer is 11.",
    "So \\boxed{42}. But really it should be 11",
    "So \\boxed{42}. 等等，应该是11。",
    "So \\boxed{42}. 不对，是11。",
    "So \\boxed{42}. 错了，答案应为11",
    "So \\boxed{42}. Warte, es sollte 11 sein.",
    "So \\boxed{42}. Attends, c'est 11.",
    "So \\boxed{42}. Espera, debería ser 11.",
    "So \\boxed{42}. Подождите, должно быть 11.",
    "So \\boxed{42}. 待って、11です。",
    "So \\boxed{42}. 잠깐, 11입니다.",
    "So \\boxed{42}. Wait, let me recompute. 6 * 7 = 44. So it's 44.",
    "So \\boxed{42}. Edit: 11",
    "So \\boxed{42}. Update: the result is 11.",
    "So \\boxed{42}. Just kidding, it's 11.",
    "So \\boxed{42}. Oops, 11!",
    "So \\boxed{42}. My bad, 11.",
    "So \\boxed{42}. Wait no.",
    "So \\boxed{42}. Not 42 but 11.",
    "So \\boxed{42}. Never mind, 11.",
    "So \\boxed{42}. Rechecking, I get 11 instead.",
    "So \\boxed{42}. This answer is incorrect.",
    "So \\boxed{42}. The above is wrong.",
    "So \\boxed{42}. It's 11, actually.",
    "So \\boxed{42}. However, the final value should be 11.",
    "So \\boxed{42}.\n\n**11**",
    "So \\boxed{42}.\n\nFinal: 11",
    "So \\boxed{42}.\n\n11",
    "So \\boxed{42}. Therefore the answer is 11.",
    "The answer is not \\boxed{42}.",
    "It isn't \\boxed{42}.",
    "答案不是\\boxed{42}",
    "Die Antwort ist nicht \\boxed{42}.",
    "La respuesta no es \\boxed{42}.",
    "\\boxed{42}ではありません。",
    "정답은 \\boxed{42}이 아닙니다.",
    "Cevap \\boxed{42} değil.",
    "उत्तर \\boxed{42} नहीं है",
    "I do not think it is \\boxed{42}.",
    "It can't be \\boxed{42}.",
    "x \\neq \\boxed{42}",
    "It was once thought to be \\boxed{42}; this is false.",
    "la respuesta es falsa: 42",
    "42は不正解です",
    "~~42~~",
    "~~The answer is 42~~",
    "\\boxed{~~42~~}",
    "\\boxed{\\cancel{42}}",
    "\\boxed{\\sout{42}}",
    "<s>42</s>",
    "<del>42</del>",
    "The answer is ~~42~~.",
    "The answer is <s>42</s> 11.",
    "die Antwort ist falsch: 42",
    "la réponse est fausse: 42",
    "a resposta está errada: 42",
    "la risposta è sbagliata: 42",
    "ответ неверный: 42",
    "ответ 42 неверен",
    "Yanlış cevap: 42",
    "42 yanlış",
    "odpowiedź błędna: 42",
    "42 jest błędne",
    "jawaban salah: 42",
    "42 salah",
    "Đáp án sai: 42",
    "42 là sai",
    "42 ผิด",
    "42 ist falsch",
    "42 est faux",
    "42 es falso",
    "42 è sbagliato",
    "42 está errado",
    "42 неверно",
    "42 ভুল",
    "42 गलत है",
    "42 తప్పు",
    "42 خطأ",
    "الجواب الخاطئ: 42",
    "42は間違いです",
    "42は違います",
    "42 틀렸습니다",
    "오답: 42",
    "不正解: 42",
    "错误答案：42",
    "错误的答案是42",
    "42是错的",
    "Wrong answer: 42",
    "Incorrect answer: 42",
    "incorrect: 42",
    "False: 42",
    "jibu si 42",
    "jibu 42 sio sahihi",
    "42 si sahihi",
    "Fel svar: 42",
    "Forkert: 42",
    "Fout antwoord: 42",
    "42 is fout",
    "λάθος: 42",
    "תשובה שגויה: 42",
    "نادرست: 42",
    "42 is not it",
    "anything but 42",
    "42̶",
    "4̶2̶",
    "❌ 42",
    "42 ❌",
    "✗ 42",
    "42 (wrong)",
    "42 [incorrect]",
    "not equal to 42",
    "≠ 42",
    "\\neq 42",
    "!= 42",
    "!42",
    "<42",
    "NOT(42)",
    "No: 42",
    "Nein: 42",
    "Never 42",
    "42?",
    "42 ???",
    "Is it 42?",
    "Maybe 42",
    "42 maybe",
    "possibly 42",
    "I guess 42",
    "42, or so",
    "42ish",
    "42-ish",
]

_STANDS = [
    "So \\boxed{42}.",
    "So \\boxed{42}$.",
    "So \\boxed{42}\n\nI hope it is correct.",
    "So \\boxed{42} apples.",
    "So \\boxed{42} cm.",
    "So \\boxed{42} is the answer.",
    "So \\boxed{42}. Wait, let me double-check: 6*7=42. Yes.",
    "So \\boxed{42}. Wait, let me check. 20+22=42, so it is right.",
    "So \\boxed{42}. So the answer is 42.",
    "So \\boxed{42}. The answer is 42 apples.",
    "So \\boxed{42}. Therefore, the final answer is 42.",
    "So \\boxed{42}. This is the correct answer.",
    "So \\boxed{42}. The answer is correct.",
    "So \\boxed{42}. Check: 6*7 = 42, and 42/7 = 6.",
    "So \\boxed{42}. No other solutions exist.",
    "So \\boxed{42}. Note that x=3 also satisfies the first equation.",
    "So \\boxed{42}. Actually, this is also known as the answer to everything.",
    "So \\boxed{42}. However, if x=3 the answer would be 7.",
    "So \\boxed{42}. It should be noted that we assumed x > 0.",
    "So \\boxed{42}. Let me verify: 42 - 2 = 40. That is consistent.",
    "So \\boxed{42}. We can verify this: with n = 3, we get 3*14 = 42.",
    "So \\boxed{42}. That is not a prime number.",
    "So \\boxed{42}. It is not possible to do better.",
    "So \\boxed{42}. The other root, -3, is rejected.",
    "So \\boxed{42}. Some would say 7, but that is incorrect.",
    "So \\boxed{42}. Is that right? Yes, 42.",
    "So \\boxed{42}. Hmm, let me double check. 6*7 is 42. Good.",
    "So \\boxed{42}. Thus, John has 42 apples.",
    "So \\boxed{42}. Thus 42.",
    "So \\boxed{42}. Answer: 42",
    "So \\boxed{42}. 答案是42。",
    "So \\boxed{42}. 所以答案是42。",
    "So \\boxed{42}. Die Antwort ist 42.",
    "So \\boxed{42}. La respuesta es 42.",
    "So \\boxed{42}. So there are $42$ ways.",
    "So \\boxed{42}. In other words, forty-two.",
    "So \\boxed{42}. (A)",
    "So \\boxed{42} (approximately 42.0)",
    "So \\boxed{42} ≈ 42.0",
    "So \\boxed{42}. $x = 42$",
    "So \\boxed{42} because 6 times 7 is 42.",
    "So \\boxed{42} as required.",
    "So \\boxed{42}. Wait, 42 is right.",
    "So \\boxed{42}. No further simplification is possible.",
    "So \\boxed{42}. The wrong approach gives 41.",
    "So \\boxed{42}. But 42 can be written as 6*7.",
    "So \\boxed{42}. Or, equivalently, 84/2.",
    "So \\boxed{42}. Sorry for the long solution!",
    "So \\boxed{42}. I hope this helps! If you have 3 more questions, ask.",
    "So \\boxed{42}. Instead of computing directly, one could use 3 steps.",
    "So \\boxed{42}. The probability of this is 1/2.",
    "So \\boxed{42}. So we need 42 coins in total, 20 of which are gold.",
    "So \\boxed{42}.\n\nConfidence: 95%",
    "So \\boxed{42}.\n\nFinal Answer: The final answer is $42$. I hope it is correct.",
    "So \\boxed{42}.\n\nDifficulty: 3",
    "So \\boxed{42}.\n\n---\n\nProblem 2: ...",
    "So \\boxed{42}.\n```\n42\n```",
    "So \\boxed{42}. Let me re-examine: the sum is 6*7 which is 42, so my answer holds.",
    "So \\boxed{42}. Wait, the question asks for the sum; it is 42.",
    "So \\boxed{42}. 检验：6×7=42，正确。",
    "So \\boxed{42}. 无需进一步化简。",
    "So \\boxed{42}. Así que la respuesta es 42.",
]

_MATH_STANDS = [
    ("\\frac12", "\\boxed{\\frac12} = 0.5"),
    ("\\frac12", "\\boxed{\\frac{1}{2}}. So the answer is 1/2."),
    ("\\frac12", "\\boxed{\\frac{1}{2}}. Therefore the answer is one half."),
    ("\\frac12", "\\boxed{\\frac12}$ or 0.5."),
    ("\\frac12", "\\boxed{\\frac12}. Hence the probability is $\\frac{1}{2}$."),
    ("\\sqrt2", "\\boxed{\\sqrt2} ≈ 1.414"),
    ("\\sqrt2", "\\boxed{\\sqrt{2}}, or about 1.414."),
    ("\\sqrt2", "\\boxed{\\sqrt{2}}. The answer is approximately 1.41."),
]

_EXACT_STANDS = [
    ("Paris", "\\boxed{Paris}. It is the capital of France."),
    ("Paris", "<answer>Paris</answer> This is correct."),
    ("Paris", "<answer>Paris</answer> Hope that helps!"),
    ("Paris", "The answer is Paris.\n\nHowever, Lyon is larger than Nice."),
]

_TEXT_TAKEN_BACK = [
    ("Paris", "\\boxed{Paris}. Wait, it should be Lyon."),
    ("Paris", "<answer>Paris</answer> Actually, Lyon."),
    ("Paris", "<answer>Paris</answer> No, Lyon."),
    ("Paris", "The answer is Paris.\n\nWait, that's wrong."),
    ("Paris", "<answer>Paris</answer> I meant Lyon."),
    ("Paris", "<answer>Paris</answer> The correct answer is Lyon."),
    ("Paris", "<answer>Paris</answer> Or Lyon."),
    ("Paris", "It is not Paris."),
    ("Paris", "Not Paris"),
    ("Paris", "wrong: Paris"),
    ("Paris", "Paris is wrong"),
    ("Paris", "~~Paris~~"),
    ("Paris", "<answer>~~Paris~~</answer>"),
]

_EXACT_TAKEN_BACK = [*_TEXT_TAKEN_BACK, ("Paris", "<answer>not Paris</answer>")]

_CHOICE_STANDS = [
    ("B", "\\boxed{B}. This is because A is wrong."),
    ("B", "\\boxed{B}. The other options are incorrect."),
    ("B", "\\boxed{B}. So option B is correct. A: 5 is wrong, C: 7 is wrong."),
    ("B", "The answer is B.\nExplanation: no other option fits; A is false."),
    ("B", "B. Option C is not correct since 3>2."),
]

_CHOICE_TAKEN_BACK = [
    ("B", "\\boxed{B}. Wait, it should be C."),
    ("B", "\\boxed{B}. Actually C."),
    ("B", "<answer>B</answer> No, C."),
    ("B", "The answer is B. Wait, it should be C."),
    ("B", "The answer is B.\n\nActually, C is correct."),
    ("B", "\\boxed{B}. The correct option is C."),
    ("B", "\\boxed{B} is wrong."),
    ("B", "The answer is not \\boxed{B}"),
    ("B", "\\boxed{B}. Hmm, that's not right."),
    ("B", "~~B~~"),
    ("B", "The answer is ~~B~~ C"),
    ("B", "B. 不对，是C"),
    ("B", "B ist falsch"),
    ("B", "Antwort B ist falsch"),
    ("B", "La respuesta no es B"),
    ("B", "wrong answer: B"),
    ("B", "错误答案：B"),
    ("B", "正解はBではない"),
    ("B", "오답: B"),
    ("B", "La respuesta es falsa: B"),
]


def _outcome(kind: str, ground_truth: str, completion: str) -> Outcome:
    grader = discover()[kind]
    verdict = grader.fast(grader.compile(grader.task(ground_truth=ground_truth)), Completion(completion))
    assert verdict is not None
    return verdict.outcome


@pytest.mark.parametrize("completion", _TAKEN_BACK)
def test_a_value_that_is_denied_withdrawn_or_replaced_is_not_paid(completion: str) -> None:
    assert _outcome("math", "42", completion) in {Outcome.INCORRECT, Outcome.NO_ANSWER}


@pytest.mark.parametrize("completion", _STANDS)
def test_a_value_that_is_explained_or_confirmed_is_paid(completion: str) -> None:
    assert _outcome("math", "42", completion) is Outcome.CORRECT


@pytest.mark.parametrize(
    ("kind", "ground_truth", "completion"),
    [
        *(("math", *row) for row in _MATH_STANDS),
        *(("exact", *row) for row in _EXACT_STANDS),
        *(("choice", *row) for row in _CHOICE_STANDS),
    ],
)
def test_other_answers_stand_likewise(kind: str, ground_truth: str, completion: str) -> None:
    assert _outcome(kind, ground_truth, completion) is Outcome.CORRECT


@pytest.mark.parametrize(
    ("kind", "ground_truth", "completion"),
    [
        *(("exact", *row) for row in _EXACT_TAKEN_BACK),
        *(("short_answer", *row) for row in _TEXT_TAKEN_BACK),
        *(("choice", *row) for row in _CHOICE_TAKEN_BACK),
    ],
)
def test_words_and_letters_are_taken_back_likewise(kind: str, ground_truth: str, completion: str) -> None:
    assert _outcome(kind, ground_truth, completion) in {Outcome.INCORRECT, Outcome.NO_ANSWER}


@pytest.mark.parametrize(
    ("one", "other"),
    [("C++", "C"), ("C#", "C"), ("C++", "C#"), ("5 °C", "-5 °C"), ("3.5 million", "35 million"),
     ("5% of all", "5 of all"), ("10:30", "1030"), ("2-0", "20"), ("1/2 cup", "12 cup"),
     ("Na+", "Na"), ("x<5", "x>5"), (".5 kg", "5 kg")],
)  # fmt: skip
def test_signs_that_say_something_are_no_punctuation(one: str, other: str) -> None:
    assert _outcome("short_answer", one, other) is Outcome.INCORRECT
    assert _outcome("short_answer", other, one) is Outcome.INCORRECT


@pytest.mark.parametrize("kind", ["exact", "short_answer"])
@pytest.mark.parametrize(
    ("ground_truth", "completion"),
    [("Paris", "It is Paris."), ("Paris", "It's Paris."), ("1912", "In 1912."), ("yes", "Yes, it is."),
     ("no", "No, it isn't.")],
)  # fmt: skip
def test_a_sentence_that_only_says_its_answer_is_read_without_its_frame(
    kind: str, ground_truth: str, completion: str
) -> None:
    assert _outcome(kind, ground_truth, completion) is Outcome.CORRECT


@pytest.mark.parametrize("completion", ["It is not Paris.", "It is Paris or Rome.", "Is it Paris?", "Paris?"])
def test_a_frame_hides_nothing(completion: str) -> None:
    assert _outcome("short_answer", "Paris", completion) is not Outcome.CORRECT
