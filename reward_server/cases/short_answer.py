"""Short answers: the rules of SQuAD, HotpotQA and GAIA, and answers that offer everything.

Measured against others: 400 pairs of answers score as SQuAD's exact match and F1 and GAIA's exact match score them
(`tests/reward_server/kinds/test_short_answer.py`). They differ, on purpose, where those scripts drop a sign that says
something (`C++` is not `C`, `-5` not `5`, `12:30` not `1230`, `12%` not `12`, `Paris?` not `Paris`), and where numbers
and dates are compared by value (`1,000` and `1000.0`, `5 March 2024` and `March 5, 2024`).
"""

from . import Case

_PARIS = {"kind": "short_answer", "ground_truth": ["Paris", "City of Paris"]}
_GAIA = {"kind": "short_answer", "normalize": "gaia", "ground_truth": "J. K. Rowling"}
_F1 = {"kind": "short_answer", "match": "f1", "ground_truth": "the Battle of Hastings"}
_LIST = {"kind": "short_answer", "match": "all", "ground_truth": ["apples", ["pears", "a pear"], "plums"]}
_ORDER = _LIST | {"ordered": True}
_BANDS = {"kind": "short_answer", "match": "all", "ground_truth": ["Simon & Garfunkel", "ABBA", "Earth, Wind and Fire"]}
_NUMBER = {"kind": "short_answer", "ground_truth": 1500}
_DATE = {"kind": "short_answer", "ground_truth": "March 5, 2024"}
_YES = {"kind": "short_answer", "match": "f1", "ground_truth": "yes"}


def _answer(text: str) -> str:
    return f"<answer>{text}</answer>"


_PRICE = {"kind": "short_answer", "ground_truth": "$5"}

CASES = [
    Case(_PRICE, "$5.00", "correct"),
    Case(_PRICE, "5", "correct"),
    Case(_PRICE, "£5", "incorrect"),
    Case(_PRICE, "-€5", "incorrect"),
    Case(_PARIS, "Paris", "correct"),
    Case(_PARIS, "paris.", "correct"),
    Case(_PARIS, "<think>Lyon?</think>The answer is Paris.", "correct"),
    Case(_PARIS, _answer("the city of Paris"), "correct"),
    Case(_PARIS, _answer("Rome"), "incorrect"),
    Case(_PARIS, "", "no_answer"),
    Case(_PARIS, "I do not know.\nIt may be in France.", "no_answer"),
    Case({"kind": "short_answer", "ground_truth": {"text": ["Paris"], "answer_start": [3]}}, "Paris", "correct"),
    Case({"kind": "short_answer", "ground_truth": {"value": "NYC", "aliases": ["New York"]}}, "New York", "correct"),
    Case({"kind": "short_answer", "ground_truth": {"value": "NYC", "aliases": ["New York"]}}, "nyc", "correct"),
    Case({"kind": "short_answer", "ground_truth": {"target": ["Paris"]}}, _answer("Paris"), "correct"),
    Case(_GAIA, _answer("JK Rowling"), "correct"),
    Case(_GAIA, _answer("J.K.Rowling"), "correct"),
    Case(_GAIA, _answer("J. R. Rowling"), "incorrect"),
    Case(_GAIA | {"normalize": "squad"}, _answer("JK Rowling"), "incorrect"),
    Case(_F1, _answer("Battle of Hastings"), "correct"),
    Case(_F1, _answer("Hastings"), "partial"),
    Case(_F1 | {"least_f1": 0.9}, _answer("Hastings"), "incorrect"),
    Case(_F1, _answer("Waterloo"), "incorrect"),
    Case(_YES, _answer("Yes"), "correct"),
    Case(_YES, _answer("no"), "incorrect"),
    Case(_LIST, _answer("plums, a pear and apples"), "correct"),
    Case(_LIST, _answer("1. apples\n2. pears\n3. plums"), "correct"),
    Case(_LIST, _answer("apples; pears"), "incorrect"),
    Case(_LIST, _answer("apples, pears, plums, figs"), "incorrect"),
    Case(_ORDER, _answer("apples, pears, plums"), "correct"),
    Case(_ORDER, _answer("pears, apples, plums"), "incorrect"),
    Case(_NUMBER, _answer("1,500"), "correct"),
    Case(_NUMBER, _answer("1500.0"), "correct"),
    Case(_NUMBER, _answer("$1,500"), "correct"),
    Case(_NUMBER, _answer("1501"), "incorrect"),
    Case({"kind": "short_answer", "ground_truth": "12%"}, _answer("12"), "incorrect"),
    Case({"kind": "short_answer", "ground_truth": "12%"}, _answer("12.0%"), "correct"),
    Case(_DATE, _answer("5 March 2024"), "correct"),
    Case(_DATE, _answer("2024-03-05"), "correct"),
    Case(_DATE, _answer("March 6, 2024"), "incorrect"),
    Case(_DATE, _answer("March 2024"), "incorrect"),
    Case(_DATE, _answer("05/03/2024"), "incorrect", "two readings"),
    Case({"kind": "short_answer", "ground_truth": "2024-03-25"}, _answer("25/03/2024"), "correct"),
    Case({"kind": "short_answer", "ground_truth": "x²", "normalize": "exact"}, _answer("x²"), "correct"),
    Case({"kind": "short_answer", "ground_truth": "巴黎"}, _answer("巴黎。"), "correct"),
]

ATTACKS = [
    Case(_PARIS, completion, "", why)
    for completion, why in [
        ("Paris or Rome", "two answers"),
        (_answer("e5"), "an exponent without a number"),
        (_answer("+-5"), "two signs"),
        (_answer("Paris, Rome"), "a list for one answer"),
        (_answer("Paris/Rome"), "a slash"),
        (_answer("Paris; City of Paris"), "two aliases"),
        (_answer("not Paris"), "a denial"),
        (_answer("Paris?") + _answer("Rome"), "two tags"),
        ("<think>Paris</think>", "only in the thinking"),
        ("<think>Paris", "in an unfinished thought"),
        (_answer(""), "nothing"),
        (_answer("\u200b"), "a zero-width space"),
        (_answer("the"), "nothing is left after folding"),
        (_answer("..."), "punctuation alone"),
        (_answer("P a r i s"), "blanks inside"),
        (_answer("Paris Paris"), "twice"),
        (_answer("Parisian"), "longer"),
        (_answer("ParisRome"), "glued"),
        (_answer("Рaris"), "a Cyrillic letter"),
        (_answer("any city"), "a class"),
        (_answer("Paris" * 100_000), "half a megabyte"),
        ("\n".join(f"<answer>{city}</answer>" for city in ("Rome", "Paris", "Oslo")), "all candidates tagged"),
        ("The answer is Rome. The answer is not Paris.", "denied last"),
    ]
]
ATTACKS += [
    Case(_YES, _answer("yes and no"), "", "both"),
    Case(_YES, _answer("yes no"), "", "both without a word between"),
    Case(_YES, _answer("noanswer"), "", "the mark of no answer"),
    Case(_LIST, _answer("apples, pears, plums, apples"), "", "a member twice"),
    Case(_LIST, _answer("pears, a pear, plums"), "", "one member by two aliases"),
    Case(_LIST, _answer(", ".join(f"fruit{n}" for n in range(5000)) + ", apples, pears, plums"), "", "every fruit"),
    Case(_NUMBER, _answer("1499-1501"), "", "a range"),
    Case(_NUMBER, _answer("about 1500"), "", "a hedge"),
    Case(_NUMBER, _answer("1500 or 1600"), "", "two numbers"),
    Case(_NUMBER, _answer("1,50,0"), "", "commas in wrong places"),
    Case(_NUMBER, _answer("15e99999999"), "", "an exponent to compute"),
    Case(_NUMBER, _answer("-1500"), "", "another sign"),
    Case(_DATE, _answer("5 March 2024 or 6 March 2024"), "", "two dates"),
    Case(_DATE, _answer("March 2024 5 6"), "", "two days"),
]
CASES += [
    Case(_LIST, "- apples\n- pears\n- plums", "correct", "a list of lines"),
    Case(_LIST, "1. plums\n2. apples\n3. a pear", "correct"),
    Case(_LIST, "apples\npears\nplums", "correct"),
    Case(_ORDER, "1. apples\n2. pears\n3. plums", "correct"),
    Case(_ORDER, "1. plums\n2. pears\n3. apples", "incorrect"),
    Case(_LIST, "apples, pears & plums", "correct"),
    Case(_LIST, "- apples\n- pears", "incorrect"),
    Case(_BANDS, "ABBA, Simon & Garfunkel and Earth, Wind and Fire", "correct", "members that hold what separates"),
    Case(_BANDS, "- Earth, Wind and Fire\n- ABBA\n- Simon & Garfunkel", "correct"),
    Case(_BANDS, "Earth, Wind, Fire, ABBA, Simon and Garfunkel", "incorrect"),
    Case(_DATE, "the 5th of March 2024", "correct"),
    Case(_DATE, "Tuesday, March 5, 2024", "correct", "the day of the week that it was"),
    Case(_DATE, "Tue 5 Mar 2024", "correct"),
    Case(_DATE, "2024年3月5日", "correct"),
    Case(_DATE, "2024年5月3日", "incorrect"),
]
ATTACKS += [
    Case(_DATE, "Monday, March 5, 2024", "", "another day of the week"),
    Case(_DATE, "Tuesday Monday, March 5, 2024", "", "two days of the week"),
    Case(_LIST, "- apples\n- pears\n- plums\n- grapes", "", "one more"),
    Case(_LIST, "I am not sure:\n- apples\n- pears\n- plums", "", "words in front"),
    Case(_LIST, "- apples\n- pears\n- plums\n\n- apples\n- pears\n- figs", "", "two lists"),
    Case(_BANDS, "Simon, Garfunkel, ABBA, Earth, Wind and Fire", "", "members in pieces"),
    Case(_LIST, "apples\nnot pears\nplums", "", "denied"),
]
