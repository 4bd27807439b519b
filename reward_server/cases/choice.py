"""Choices by letter, number, word and text: honest answers in many scripts, and answers that choose everything.

Decided against nothing but these cases: there is no reference. Of several right labels "A or C" pays neither.
"""

from reward_server.cases import Case


def _choice(truth: object, options: object = None, **fields: object) -> dict[str, object]:
    return {"kind": "choice", "ground_truth": truth, "options": options, **fields}


_CITIES = ["London", "Paris", "Rome", "Oslo"]
_ABCD = _choice("B", _CITIES)
_ARC = _choice("2", {"1": "London", "2": "Paris", "3": "Rome", "4": "Oslo"})
_NUMBERS = _choice("2", {"1": "4", "2": "3", "3": "2", "4": "1"})
_ALL_THAT_APPLY = _choice(["A", "C"], _CITIES)
_ROMAN = _choice("III", _CITIES, labels=["I", "II", "III", "IV"])
_GREEK = _choice("β", _CITIES, labels=["α", "β", "γ", "δ"])
_CYRILLIC = _choice("Б", _CITIES, labels=["А", "Б", "В", "Г"])
_ARABIC = _choice("ب", _CITIES, labels=["أ", "ب", "ج", "د"])
_HANGUL = _choice("나", _CITIES, labels=["가", "나", "다", "라"])
_JAMO = _choice("ㄱ, ㄷ", _CITIES, labels=["ㄱ", "ㄴ", "ㄷ", "ㄹ"])
_KANA = _choice("イ", _CITIES, labels=["ア", "イ", "ウ", "エ"])
_STEMS = _choice("乙", _CITIES, labels=["甲", "乙", "丙", "丁"])
_CIRCLED = _choice("②", "① London ② Paris ③ Rome ④ Oslo")
_MANY = _choice("AB", [f"the city of number {number}" for number in range(40)])
_FOLIO = _choice("True", labels=["True", "False", "Uncertain"])
_UNCERTAIN = _choice("Uncertain", labels=["True", "False", "Uncertain"])
_BOOLQ = _choice("yes", {"yes": "true", "no": "false"})
_MAYBE = _choice("maybe", labels=["yes", "no", "maybe"])
_LETTERS = _choice("A", {"A": "B", "B": "A", "C": "O", "D": "AB"})

CASES = [
    Case(task, completion, right, why)
    for task, right, completions in [
        (_ABCD, "correct", ["B", "The answer is B.", r"\boxed{B}", "The answer is (B) Paris.", "The answer is Paris.",
                            "Answer: Ｂ", "Ответ: 𝐁", "**B**", "<answer>B</answer>"]),
        (_ABCD, "incorrect", ["The answer is C.", "The answer is (B) Rome.", "The answer is not B.", "B or C"]),
        (_ARC, "correct", ["2", "The answer is 2.", r"\boxed{2}", "(2)", "Answer: (2) Paris", "The answer is Paris.",
                           "Option 2 is correct.", "답: ②", "The correct option is 2", "2. Paris", "答案是2。",
                           "So the best choice is option 2.", "The answer is 2 because it is on the Seine."]),
        (_ARC, "incorrect", ["3", "The answer is 2 or 3.", "Answer: (2) Rome", "The answer is 2.5.", "Answer: 2/3",
                             "Answer: -2", "The answer is 22.", "The answer is not 2."]),
        (_NUMBERS, "correct", ["The answer is (2).", "The answer is option 2.", "Answer: 2) 3", r"\boxed{3}"][:3]),
        (_ALL_THAT_APPLY, "correct", ["A and C", "Answer: A, C", "The answers are C and A.", r"\boxed{A, C}", "AC",
                                      "Answer: London and Rome", "<answer>(A), (C)</answer>"]),
        (_ALL_THAT_APPLY, "incorrect", ["A", "Answer: A, B, C", "Answer: London, Rome and Oslo", "ABCD"]),
        (_ROMAN, "correct", ["III", "The answer is III.", "Answer: (iii)", "Answer: Ⅲ", r"\boxed{III}", "iii"]),
        (_ROMAN, "incorrect", ["II", "The answer is I.", "Answer: IV"]),
        (_GREEK, "correct", ["β", "The answer is β.", "Η απάντηση είναι β.", "Answer: (β) Paris", r"\boxed{β}", "Β"]),
        (_GREEK, "incorrect", ["γ", "The answer is α or β."]),
        (_CYRILLIC, "correct", ["Б", "Ответ: Б", "Ответ: б) Paris", "Правильный ответ — Б.", "**Б**", "Ответ: (Б)"]),
        (_CYRILLIC, "incorrect", ["В", "Ответ: А или Б", "Ответ: Г"]),
        (_ARABIC, "correct", ["ب", "الإجابة هي ب.", "الجواب: (ب)", "الإجابة الصحيحة هي ب"]),
        (_ARABIC, "incorrect", ["ج", "الإجابة هي ا."]),
        (_HANGUL, "correct", ["나", "정답은 나입니다.", "정답: (나)", "정답은 나", "답: 나. Paris"]),
        (_HANGUL, "incorrect", ["다", "정답은 가입니다."]),
        (_JAMO, "correct", ["ㄱ, ㄷ", "정답: ㄱㄷ", "정답은 ㄱ, ㄷ입니다."]),
        (_JAMO, "incorrect", ["ㄱ", "ㄱ, ㄴ, ㄷ"]),
        (_KANA, "correct", ["イ", "答えはイです。", "正解: イ", "答え：（イ）", "Answer: ｲ"]),
        (_KANA, "incorrect", ["ア", "答えはウです。"]),
        (_STEMS, "correct", ["乙", "答案是乙。", "故选乙", "正确答案：乙"]),
        (_STEMS, "incorrect", ["甲", "答案是丙。"]),
        (_CIRCLED, "correct", ["②", "答案是②。", "2", "Answer: (2)", "The answer is Paris."]),
        (_CIRCLED, "incorrect", ["③", "①②"]),
        (_MANY, "correct", ["AB", "The answer is AB.", "Answer: (AB)", "Answer: ab"]),
        (_MANY, "incorrect", ["B", "The answer is AC.", "A, B"]),
        (_FOLIO, "correct", ["True", "The answer is true.", "Therefore, the statement is true.", r"\boxed{\text{True}}",
                             "TRUE", "Answer: **True**", "The conclusion is therefore **true**."]),
        (_FOLIO, "incorrect", ["False", "The answer is uncertain.", "Answer: not true"]),
        (_UNCERTAIN, "correct", ["Uncertain", "The answer is uncertain.", "So the conclusion is uncertain."]),
        (_BOOLQ, "correct", ["yes", "Yes.", "Yes, because it freezes.", "The answer is yes.", "True", "Answer: true"]),
        (_BOOLQ, "incorrect", ["no", "No.", "The answer is no.", "Answer: false"]),
        (_MAYBE, "correct", ["maybe", "Answer: Maybe.", "The answer is maybe."]),
        (_MAYBE, "incorrect", ["yes", "Answer: no"]),
    ]
    for completion in completions
    for why in [""]
] + [Case(_ABCD, "", "no_answer"), Case(_FOLIO, "I cannot say.", "no_answer")]  # fmt: skip

ATTACKS = [
    Case(task, completion, "", why)
    for task, completion, why in [
        (_ABCD, "A, B, C, D", "every letter"),
        (_ABCD, "The answer is A or B.", "two letters"),
        (_ABCD, "The answer is B, or maybe C.", "a hedge behind the letter"),
        (_ABCD, "The answer is B. Wait, no, it is C.", "taken back"),
        (_ABCD, "The answer is (B) London.", "the letter with another option's text"),
        (_ABCD, "The answer is not B.", "denied"),
        (_ABCD, "If the answer were B, we would be done.", "supposed"),
        (_ABCD, "Ответ: В", "a Cyrillic letter that looks alike, and is the third"),
        (_ABCD, "The answer is one of London, Paris, Rome, Oslo.", "every text"),
        (_ABCD, r"\boxed{A} \boxed{B}", "two boxes"),
        (_ABCD, "<answer>A</answer><answer>B</answer>", "two tags"),
        (_ABCD, "<think>B</think>", "only in the thinking"),
        (_ABCD, "B" * 50_000, "one letter many times"),
        (_ARC, "1, 2, 3, 4", "every number"),
        (_ARC, "1 2 3 4", "every number, blanks between"),
        (_ARC, "The answer is 2,000.", "the number begins another"),
        (_ARC, "The answer is 2 %.", "a percentage"),
        (_ARC, "The answer is 2 = 1 + 1.", "an equation"),
        (_ARC, "The answer is 2 or 3.", "two numbers"),
        (_ARC, "The answer is (2) Oslo.", "a number with another option's text"),
        (_ARC, "①②③④", "every circled number"),
        (_ARC, "Answer: -2", "a negative number"),
        (_ARC, "Answer: 0.2", "a decimal"),
        (_NUMBERS, "The answer is 2.", "a number that is a label and another option's text"),
        (_LETTERS, "The answer is A.", "a letter that is a label and another option's text"),
        (_ALL_THAT_APPLY, "A, B, C, D", "every letter where several are right"),
        (_ALL_THAT_APPLY, "London, Paris, Rome and Oslo", "every text where several are right"),
        (_ALL_THAT_APPLY, "A and C, or B", "a set and an alternative"),
        (_ALL_THAT_APPLY, "The answer is A or C.", "one or the other where both are right"),
        (_ALL_THAT_APPLY, "A and/or C", "both, or one of them"),
        (_ALL_THAT_APPLY, "A/C", "a stroke between the letters"),
        (_ALL_THAT_APPLY, r"\boxed{A | C}", "a bar between the letters"),
        (_ALL_THAT_APPLY, "A oder C", "one or the other in German"),
        (_ALL_THAT_APPLY, "答案是A或C。", "one or the other in Chinese"),
        (_ALL_THAT_APPLY, "Ответ: A или C", "one or the other in Russian"),
        (_ALL_THAT_APPLY, "A または C", "one or the other in Japanese"),
        (_ABCD, "The answer is B, else C.", "another letter in case it is wrong"),
        (_ABCD, "The answer is B = C", "two letters made equal"),
        (_ABCD, "The answer is !B", "denied by a sign"),
        (_ROMAN, "I think it is hard to say.", "a pronoun"),
        (_ROMAN, "I, II, III, IV", "every numeral"),
        (_GREEK, "α, β, γ, δ", "every Greek letter"),
        (_GREEK, "The answer is α/β.", "two Greek letters"),
        (_CYRILLIC, "АБВГ", "every Cyrillic letter"),
        (_CYRILLIC, "Ответ: не Б", "denied in Russian"),
        (_CYRILLIC, "Ответ: B", "a Latin letter"),
        (_ARABIC, "أ ب ج د", "every Arabic letter"),
        (_ARABIC, "الإجابة ليست ب", "denied in Arabic"),
        (_HANGUL, "가나다라", "every syllable"),
        (_HANGUL, "정답은 나무입니다.", "the syllable begins a word"),
        (_HANGUL, "정답은 나가 아닙니다.", "denied in Korean"),
        (_KANA, "アイウエ", "every kana"),
        (_KANA, "答えはイではない。", "denied in Japanese"),
        (_STEMS, "甲乙丙丁", "every stem"),
        (_STEMS, "答案不是乙。", "denied in Chinese"),
        (_STEMS, "答案是甲或乙。", "two stems"),
        (_FOLIO, "True or false", "two words"),
        (_FOLIO, "The answer is true/false.", "two words with a slash"),
        (_FOLIO, "The answer is probably true.", "a doubt"),
        (_FOLIO, "The statement is not true.", "denied"),
        (_FOLIO, "It is not the case that the statement is true.", "denied in front"),
        (_FOLIO, "The first premise is true.", "another sentence is true"),
        (_FOLIO, "The answer is true, or rather uncertain.", "taken back"),
        (_FOLIO, "True, False, Uncertain", "every word"),
        (_BOOLQ, "Yes and no.", "both"),
        (_BOOLQ, "yes no", "both, a blank between"),
        (_BOOLQ, "Yes, no, it is no.", "taken back"),
        (_BOOLQ, "No doubt it is yes.", "begins with the other word"),
        (_MAYBE, "yes, no, maybe", "every word"),
        (_MAYBE, "Maybe yes.", "two words"),
        (_MANY, "A B", "the letters of the label apart"),
    ]
]
_CALLED_RIGHT = {"kind": "choice", "ground_truth": "B", "options": ["Paris", "London", "Rome", "Berlin"]}
CASES += [
    Case(_CALLED_RIGHT, completion, "correct", "a conclusion that calls a letter the answer")
    for completion in (
        "Therefore, B is the correct answer.",
        "Therefore, **B** is the correct answer.",
        "Hence, (B) is the correct option.",
        "We get 5.\n\nSo B is the answer.",
        "Consequently, B is right.",
        "C is wrong. Therefore, B is the correct answer.",
        "Paris is in France. B is the best choice.",
    )
]
ATTACKS += [
    Case(_CALLED_RIGHT, completion, "", "not said of B, or not said")
    for completion in (
        "Therefore, A or B is the correct answer.",
        "So B is not the correct answer.",
        "So is B the correct answer?",
        "Suppose this. B is the correct answer? No.",
        "C is wrong. Therefore, A is the correct answer. B is not the correct answer.",
        "It is wrong to say: therefore, B is the correct answer.",
        "A is the correct answer. B is the correct answer.",
        "B is the correct answer. A is the correct answer.",
        "So B is a letter.",
        "Therefore, if B is the correct answer, A is not.",
    )
]
