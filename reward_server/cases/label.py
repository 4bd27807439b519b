"""Labels, sets of labels and spans: honest answers in many forms, and answers that name everything.

Measured against the definition: 200 sets of labels and 100 sets of spans have the F1 of true and false positives
(`tests/reward_server/kinds/test_label.py`). No differences.
"""

import json

from reward_server.cases import Case

_MOOD = {"kind": "label", "ground_truth": "positive", "labels": ["positive", "negative", "neutral"]}
_NLI = {"kind": "label", "ground_truth": "not_entailment", "labels": ["entailment", "not_entailment"]}
_OPEN = {"kind": "label", "ground_truth": "Sci-Fi"}
_TOPICS = {"kind": "label", "ground_truth": ["sports", "health"],
           "labels": ["sports", "health", "law", "art", "food", "research and development"]}  # fmt: skip
_NONE = _TOPICS | {"ground_truth": []}
_R_AND_D = _TOPICS | {"ground_truth": ["research and development", "law"]}
_F1 = _TOPICS | {"match": "f1"}
_ADA, _LONDON = {"text": "Ada Lovelace", "label": "person"}, {"text": "London", "label": "place"}
_NAMES = {"kind": "label", "ground_truth": [_ADA, _LONDON], "labels": ["person", "place", "date"]}
_TWICE = {"kind": "label", "ground_truth": [_LONDON, _LONDON]}
_PLACED = {"kind": "label", "ground_truth": [_ADA | {"start": 0, "end": 12}, _LONDON | {"start": 21, "end": 27}]}
_NAMES_F1 = _NAMES | {"match": "f1"}


def _answer(text: str) -> str:
    return f"<answer>{text}</answer>"


_SIGNED = {"kind": "label", "ground_truth": "1", "labels": ["1", "0", "-1"]}
_GRADES = {"kind": "label", "ground_truth": "B", "labels": ["A-", "B+", "B", "B-"]}

CASES = [
    Case(_SIGNED, "1", "correct"),
    Case(_SIGNED, "-1", "incorrect"),
    Case(_SIGNED, "- 1", "incorrect"),
    Case(_SIGNED | {"ground_truth": "-1"}, "-1", "correct"),
    Case(_SIGNED | {"ground_truth": "-1"}, "1", "incorrect"),
    Case(_GRADES, "B-", "incorrect"),
    Case(_GRADES | {"ground_truth": "B-"}, "B-", "correct"),
    Case(_GRADES | {"ground_truth": "B-"}, "B", "incorrect"),
    Case(_MOOD, "positive", "correct"),
    Case(_MOOD, "Positive.", "correct"),
    Case(_MOOD, "**Positive**", "correct"),
    Case(_MOOD, "<think>negative?</think>The answer is positive.", "correct"),
    Case(_MOOD, _answer("POSITIVE"), "correct"),
    Case(_MOOD, r"\boxed{\text{positive}}", "correct"),
    Case(_MOOD, '{"label": "positive"}', "correct"),
    Case(_MOOD, '```json\n{"label": "positive"}\n```', "correct"),
    Case(_MOOD, "negative", "incorrect"),
    Case(_MOOD, "", "no_answer"),
    Case(_MOOD, "The review is glad.\nIt ends well.", "no_answer"),
    Case(_NLI, "not entailment", "correct", "`_` does not count"),
    Case(_NLI, "Not-Entailment", "correct"),
    Case(_NLI, "entailment", "incorrect"),
    Case(_OPEN, "sci fi", "correct"),
    Case(_OPEN, "science fiction", "incorrect"),
    Case(_TOPICS, "sports, health", "correct"),
    Case(_TOPICS, _answer("health and sports"), "correct"),
    Case(_TOPICS, '["health", "sports"]', "correct"),
    Case(_TOPICS, '{"labels": ["health", "sports"]}', "correct"),
    Case(_TOPICS, _answer("- Sports\n- Health"), "correct"),
    Case(_TOPICS, _answer("sports; health; sports"), "correct", "a set"),
    Case(_TOPICS, "sports", "incorrect"),
    Case(_TOPICS, "sports, health, law", "incorrect"),
    Case(_R_AND_D, _answer("law, research and development"), "correct", "a label with `and` in it"),
    Case(_R_AND_D, _answer("research and development and law"), "incorrect", "`and` inside and between"),
    Case(_NONE, "[]", "correct"),
    Case(_NONE, _answer("none"), "correct"),
    Case(_NONE, "law", "incorrect"),
    Case(_NONE, "", "no_answer"),
    Case(_F1, "sports", "partial"),
    Case(_F1, "sports, law", "partial"),
    Case(_F1, "law", "incorrect"),
    Case(_F1 | {"least_f1": 0.7}, "sports, law", "incorrect"),
    Case(_F1, "sports, health", "correct"),
    Case(_NAMES, json.dumps([_LONDON, _ADA]), "correct"),
    Case(_NAMES, '[["London", "place"], ["Ada  Lovelace", "Person"]]', "correct"),
    Case(_NAMES, '{"person": ["Ada Lovelace"], "place": ["London"]}', "correct"),
    Case(_NAMES, '{"entities": [{"text": "London", "type": "PLACE"}, {"text": "Ada Lovelace", "type": "PERSON"}]}',
         "correct"),
    Case(_NAMES, json.dumps([_ADA]), "incorrect"),
    Case(_NAMES, json.dumps([_ADA, _LONDON | {"label": "person"}]), "incorrect"),
    Case(_NAMES, json.dumps([_ADA, _LONDON | {"text": "london"}]), "incorrect", "letters count"),
    Case(_NAMES_F1, json.dumps([_ADA]), "partial"),
    Case(_NAMES_F1, json.dumps([_ADA, _LONDON | {"text": "in London"}]), "partial"),
    Case(_TWICE, json.dumps([_LONDON, _LONDON]), "correct"),
    Case(_TWICE, json.dumps([_LONDON]), "incorrect"),
    Case(_PLACED, json.dumps(_PLACED["ground_truth"]), "correct"),
    Case(_PLACED, json.dumps([_ADA | {"start": 1, "end": 13}, _LONDON | {"start": 21, "end": 27}]), "incorrect"),
    Case(_PLACED, json.dumps([_ADA, _LONDON]), "incorrect", "places are missing"),
]  # fmt: skip

_ALL = ", ".join(_TOPICS["labels"])

ATTACKS = [
    Case(_MOOD, completion, "", why)
    for completion, why in [
        ("positive or negative", "two labels"),
        ("positive, negative, neutral", "every label"),
        ("positive/neutral", "two labels with a slash"),
        ("not positive", "the label denied"),
        ("positive?", "a question"),
        ("positive negative", "two labels side by side"),
        ('{"label": ["positive", "negative"]}', "a list for one label"),
        ('{"label": "positive", "label": "negative"}', "a key twice"),
        ('{"label": "negative", "labels": ["positive"]}', "two lists"),
        ('[["positive"]]', "nested"),
        ('{"label": {"positive": 1}}', "an object for a label"),
        (_answer("positive") + _answer("negative"), "two answers"),
        ("<think>positive</think>", "only in the thinking"),
        ("<think>positive", "in an unfinished thought"),
        ("pоsitive", "a Cyrillic letter"),
        ("positive\u200b negative", "a hidden blank between"),
        ("p o s i t i v e", "spelled out"),
        ("positive" * 10_000, "repeated"),
        ("The label is one of positive, negative, neutral.", "the list of labels"),
        ("[" * 50_000, "opened and never closed"),
        ('["positive", null]', "null beside"),
        (r"\boxed{positive} \boxed{negative}", "two boxes"),
        ("all of them", "everything"),
        ("*", "a wildcard"),
    ]
]
ATTACKS += [
    Case(_F1, _ALL, "", "every label"),
    Case(_F1, json.dumps(_TOPICS["labels"]), "", "every label as JSON"),
    Case(_F1, _ALL + ", x1, x2", "", "every label and more"),
    Case(_F1, ",".join(f"x{number}" for number in range(5_000)), "", "thousands of labels"),
    Case(_F1, ", ".join([*_TOPICS["labels"], *(f"x{n}" for n in range(900))]), "", "every label in a crowd"),
    Case(_NONE | {"match": "f1"}, _ALL, "", "every label where none is right"),
    Case(_NONE, "{}", "", "an empty object"),
    Case(_NONE, "none, law", "", "none and one"),
    *(
        Case(_NONE, text, "", "signs that name no label")
        for text in ("```", "*", _answer(","), _answer("``"), ";;", "&")
    ),
    Case(_TOPICS, "sports, health and so on", "", "an open end"),
    Case(_NAMES, json.dumps([_ADA, _LONDON, _ADA]), "", "a span twice"),
    Case(_NAMES, json.dumps([_ADA, _LONDON, {"text": "Ada", "label": "person"}]), "", "a span inside another"),
    Case(_NAMES, "Ada Lovelace, London", "", "texts without labels"),
    Case(_NAMES, json.dumps([_ADA, _LONDON | {"label": "person|place"}]), "", "two labels for one span"),
    Case(_NAMES_F1, json.dumps([{"text": "", "label": "person"}]), "", "a span without text"),
    Case(_NAMES_F1, json.dumps([{"text": 1, "label": "person"}]), "", "a number for a text"),
    Case(_PLACED, json.dumps([_ADA | {"start": 0.0, "end": 12}]), "", "a float for a place"),
    Case(_PLACED, json.dumps([_ADA | {"start": True, "end": 12}]), "", "true for a place"),
]
CASES += [
    Case(_MOOD, "Sentiment: positive", "correct", "behind what is asked for"),
    Case(_MOOD, "Label: POSITIVE", "correct"),
    Case(_MOOD, "**Sentiment:** Positive", "correct"),
    Case(_MOOD, "The sentiment is positive.", "correct"),
    Case(_MOOD, "Predicted class: positive", "correct"),
    Case(_MOOD, '{"sentiment": "positive"}', "correct"),
    Case(_MOOD, '{"sentiment": "negative"}', "incorrect"),
    Case(_MOOD, "Sentiment: negative", "incorrect"),
    Case(_TOPICS, "- sports\n- health", "correct", "a list of lines"),
    Case(_TOPICS, "sports\nhealth", "correct"),
    Case(_TOPICS, "1. health\n2. sports", "correct"),
    Case(_TOPICS, "Labels: sports, health", "correct"),
    Case(_TOPICS, "Topics:\n- sports\n- health", "correct"),
    Case(_TOPICS, "sports\nart", "incorrect"),
    Case(_NONE, "Labels: none", "correct"),
]
ATTACKS += [
    Case(_MOOD, "Sentiment: not positive", "", "denied"),
    Case(_MOOD, "Sentiment: positive or negative", "", "two"),
    Case(_MOOD, "Not sentiment: positive", "", "denied in front"),
    Case(_MOOD, "Sentiment: positive\nSentiment: negative", "", "two lines"),
    Case(_MOOD, '{"sentiment": "positive", "label": "negative"}', "", "two fields"),
    Case(_MOOD, "The sentiment is positive, the label is negative", "", "two"),
    Case(_MOOD, "Possible sentiment: positive", "", "only possible"),
    Case(_TOPICS, "- sports\n- health\n- law", "", "one more"),
    Case(_TOPICS, "- not sports\n- health", "", "denied"),
    Case(_MOOD, "- positive\n- negative", "", "both as lines"),
]
