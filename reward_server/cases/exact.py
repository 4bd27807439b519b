r"""Exact texts: what folding may take away, and answers that offer several texts, deny them, or hide them.

There is no other implementation to hold it against: other graders compare strings letter by letter, or search the whole
completion for one. The cases say what is more lenient than the first and stricter than the second.
"""

from . import Case

_PARIS = {"kind": "exact", "ground_truth": "Paris"}
_TOWNS = {"kind": "exact", "ground_truth": ["Paris", "Paname"]}
_CASED = {"kind": "exact", "ground_truth": "McDonald", "case_sensitive": True}
_ONE = {"kind": "exact", "ground_truth": 1}
_TRUE = {"kind": "exact", "ground_truth": True}
_YES = {"kind": "exact", "ground_truth": "yes"}
_GRID = {"kind": "exact", "ground_truth": "1 2\n3 4"}
_STAR = {"kind": "exact", "ground_truth": "A*"}
_LIST = {"kind": "exact", "ground_truth": "[1, 2]"}
_STATES = {"kind": "exact", "ground_truth": "U.S."}


def _tag(text: str) -> str:
    return f"<answer>{text}</answer>"


def _box(text: str) -> str:
    return rf"\boxed{{{text}}}"


CASES = [
    Case(_PARIS, "Paris", "correct"),
    Case(_PARIS, "  paris \n", "correct", "case and blanks"),
    Case(_PARIS, "**Paris**", "correct", "emphasis around the whole"),
    Case(_PARIS, "It is Paris.", "correct", "a plain sentence"),
    Case(_PARIS, "<think>Lyon? Paris?</think>The answer is Paris.", "correct"),
    Case(_PARIS, _tag(" PARIS "), "correct"),
    Case(_PARIS, rf"So ${_box(chr(92) + 'text{Paris}')}$.", "correct", "words in LaTeX"),
    Case(_PARIS, '{"answer": "Paris"}', "correct"),
    Case(_PARIS, "#### Paris", "correct"),
    Case(_PARIS, "Die Antwort ist Paris.", "correct", "another language"),
    Case(_PARIS, "```\nParis\n```", "correct", "a fence around the whole"),
    Case(_PARIS, "The answer is Rome. No, wait: the answer is Paris.", "correct", "corrected"),
    Case(_PARIS, "Rome", "incorrect"),
    Case(_PARIS, "The answer is Rome.", "incorrect"),
    Case(_PARIS, "Parisian", "incorrect"),
    Case(_PARIS, "", "no_answer"),
    Case(_PARIS, " \n\u200b", "no_answer", "nothing that prints"),
    Case(_PARIS, "<think>Paris", "no_answer", "an unfinished thought"),
    Case(_TOWNS, "Paname", "correct"),
    Case(_TOWNS, "The answer is Paname.", "correct"),
    Case(_TOWNS, "Lutetia", "incorrect"),
    Case(_CASED, "McDonald", "correct"),
    Case(_CASED, "Mcdonald", "incorrect"),
    Case(_ONE, "1", "correct"),
    Case(_ONE, "The answer is 1.", "correct"),
    Case(_ONE, "1.0", "incorrect", "no mathematics here"),
    Case(_ONE, "01", "incorrect"),
    Case(_TRUE, "True", "correct"),
    Case(_TRUE, "The answer is false.", "incorrect"),
    Case(_YES, "Yes, it is.", "correct", "a short sentence"),
    Case(_YES, "No, it is not.", "incorrect"),
    Case(_GRID, "1 2\n3 4", "correct"),
    Case(_GRID, "Answer:\n1  2 \n3 4", "correct", "blanks in and behind lines"),
    Case(_GRID, _tag("1 2\n3 4"), "correct"),
    Case(_GRID, "1 2 3 4", "incorrect", "another shape"),
    Case(_STAR, "A*", "correct"),
    Case(_STAR, "The algorithm is A*.\nAnswer: A*", "correct"),
    Case(_STAR, "A", "incorrect"),
    Case(_LIST, "[1, 2]", "correct"),
    Case(_LIST, "[2, 1]", "incorrect"),
    Case(_STATES, "It was made in the U.S.", "incorrect", "a sentence about it"),
    Case(_STATES, "The answer is U.S.", "correct", "a stop that belongs to the answer"),
]

_SEVERAL = [
    "Paris or Rome", "Paris, Rome", "Paris/Rome", "Rome and Paris", _tag("Paris or Rome"), _tag("Paris") + _tag("Rome"),
    _tag("Paris") + " or " + _tag("Rome"), _box("Paris") + " or " + _box("Rome"), _box("Rome") + "\n" + _box("Paris"),
    _box(r"\text{Paris or Rome}"), "#### Paris or Rome", '{"answer": ["Paris", "Rome"]}', "The answer is Paris or Rome.",
    '{"answer": "Paris", "answer": "Rome"}', "Final answer: Paris\nFinal answer: Rome", "It is Paris, Rome.",
    _tag("Paris\nRome"), "```\nParis\nRome\n```", _tag("Paris Paris"), _tag("Paris|Rome"), "Réponse: Paris ou Rome",
    _tag("Paris (or Rome)"), "The answer is (a) Paris (b) Rome", "<answer>Rome</answer><answer>Paris",
]  # fmt: skip
_DENIED = [
    "The answer is not Paris.", "The answer cannot be Paris.", "The wrong answer is Paris.", "It isn't Paris.",
    "The answer is Paris? No.", "The answer is Paris. Wait, no, Rome.", _box("Paris") + " is wrong.",
    _box("Paris") + ". Wait, it should be Rome.", _tag("Paris") + " No, that is wrong.", r"\lnot " + _box("Paris"),
    "¬" + _box("Paris"), "anything except " + _box("Paris"), "Die Antwort ist nicht Paris.", "答案不是Paris",
    "~~Paris~~", "<s>Paris</s>", _tag("not Paris"), "The answer is Rome, not Paris", "The answer is the opposite of Paris",
]  # fmt: skip
_ASKED = [
    "The answer is Paris?", "Is it Paris?", "Is it " + _box("Paris") + "?", _tag("Paris?"), "Paris?", "答案是Paris吗？",
    "Maybe Paris", "I guess Paris", "If the answer is Paris, I would be surprised.", "My friend says the answer is Paris.",
    "Suppose the answer is Paris.",
]  # fmt: skip
_HIDDEN = [
    "<think>Paris</think>", "<think>The answer is Paris</think>Rome", "<think>x</think>Rome <think>The answer is Paris",
    "<|channel|>analysis<|message|>Paris", "Rome<|im_end|>Paris", '{"ground_truth": "Paris"}', "ground_truth: Paris",
    '{"answer": "Rome", "note": "Paris"}', "# Paris\nThe answer is Rome.", "Question: is it Paris?\nA: Rome",
]  # fmt: skip
_LOOKALIKE = [
    _tag("Рaris"), _tag("Pariѕ"), _tag("P\u200baris"), _tag("Pa\u00adris"), _tag("\u202esiraP\u202c"), _tag("siraP"),
    _tag("P a r i s"), _tag("Ｐａｒｉｓ"), _tag("𝐏aris"), _tag("Paris\u0301"), _tag("ParisRome"), "Paris" * 50_000,
    _tag("Paris " * 20_000),
]  # fmt: skip
ATTACKS = [
    Case(_PARIS, text, "", why)
    for why, texts in (
        ("several answers", _SEVERAL), ("a denial", _DENIED), ("a hedge or a question", _ASKED),
        ("where no answer stands", _HIDDEN), ("letters that look alike, or too many", _LOOKALIKE),
    )
    for text in texts
]  # fmt: skip
ATTACKS += [
    *(Case(_TOWNS, text, "", "both accepted texts") for text in ("Paris or Paname", "Paris, Paname", _tag("Paris/Paname"))),
    *(Case(_ONE, text, "", "another number") for text in ("1!", "-1", "1%", "$1", "about 1", "<1", "≥ 1", "1 or 2")),
    *(
        Case(_ONE, text, "", "a part of another value")
        for text in (r"-\boxed{1}", r"1\boxed{1}", r"2\cdot\boxed{1}", r"\frac{\boxed{1}}{2}", r"\sqrt{\boxed{1}}")
    ),
    *(
        Case(_YES, text, "", "both")
        for text in ("yes and no", "yes/no", "Yes. No.", "Yes, it is not.", "No, it is", "yes\nno", "Yes, but no")
    ),
    *(Case(_TRUE, text, "", "both, or neither") for text in ("True/False", "not True", "!True", "It is not true")),
    *(
        Case(_GRID, text, "", "more than the grid")
        for text in ("1 2\n3 4\n5 6", "```\n1 2\n3 4\n```\n```\n1 2\n3 5\n```", _tag("1 2\n3 4") + _tag("1 2\n4 3"))
    ),
    *(Case(_LIST, text, "", "another list") for text in ("[1, 2] or [2, 1]", "[1, 2, 3]", "![1, 2]", "[[1, 2]]")),
]  # fmt: skip
