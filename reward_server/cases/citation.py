"""Answers with citations: sound ones in many forms, and ones that only look as if they cited.

There is no reference that decides without a model: ALCE asks one whether a document entails a claim.
"""

from typing import Any

from reward_server.cases import Case

_EIFFEL = "The Eiffel Tower in Paris was completed in 1889 for the World's Fair. It is 330 metres tall."
_GUSTAVE = "Gustave Eiffel was a French engineer. His company built the tower and the Garabit viaduct."
_WALL = "The Great Wall of China is thousands of kilometres long. It is visible from nearby hills."
_TOWER: dict[str, Any] = {"kind": "citation", "documents": [_EIFFEL, _GUSTAVE, _WALL], "answers": ["1889"]}
_NAMED = {"kind": "citation", "documents": [{"id": "fair", "title": "Eiffel Tower", "text": _EIFFEL},
          {"id": "man-1", "text": _GUSTAVE}], "answers": ["1889"]}  # fmt: skip
_BOTH = _TOWER | {"ground_truth": [1, 2]}
_SHARE = _BOTH | {"score": "share"}
_TWO = _TOWER | {"least_claims": 2}
_CHINESE = {"kind": "citation", "documents": ["埃菲尔铁塔于1889年完工。", "长城很长。"], "answers": ["1889"]}
_FREE = {"kind": "citation", "documents": [_EIFFEL, _GUSTAVE, _WALL]}
_LONG = {"kind": "citation", "documents": ["The Nile is 6,650 km long.", "The Amazon is 6400 km long."]}
_A = "The Eiffel Tower was completed in 1889"
_B = "The company of Gustave Eiffel built the tower"

CASES = [
    Case(_FREE, f"{_A} [1].", "correct"),
    Case(_FREE | {"least_words": 1}, "The tower [1].", "correct", "asked for in words"),
    Case(_FREE, "Gustave Eiffel was an engineer [2].", "correct"),
    Case(_TOWER, f"{_A} [1].", "correct"),
    Case(_TOWER, f"{_A}. [1]", "correct", "behind the full stop"),
    Case(_TOWER, f"{_A}.[1] {_B}.[2]", "correct"),
    Case(_TOWER, f"{_A} [1][2].", "correct"),
    Case(_TOWER, f"{_A} [1, 2].", "correct"),
    Case(_TOWER, f"{_A} [1-2].", "correct"),
    Case(_TOWER, f"{_A} [Document 1].", "correct"),
    Case(_TOWER, f"{_A} [^1].", "correct"),
    Case(_TOWER, f"{_A}【1†source】.", "correct"),
    Case(_TOWER, f"<think>hm</think><answer>{_A} [1].</answer>", "correct"),
    Case(_TOWER, f"# The tower\n\nWhat is known:\n- {_A} [1]\n- {_B} [2]", "correct", "a heading and an introduction"),
    Case(_TOWER, f'{_A}, "for the World\'s Fair" [1].', "correct", "a quotation"),
    Case(_TOWER, f"{_A} “for the World’s Fair … in Paris” [1].", "incorrect", "pieces in another order"),
    Case(
        _TOWER, "The tower “in Paris was completed … for the World’s Fair”, and so in 1889 [1].", "correct", "ellipsis"
    ),
    Case(_TOWER, f"{_A}, as Dr. Eiffel of the company says [1][2].", "correct", "an abbreviation"),
    Case(_TOWER, f"{_A}.", "incorrect"),
    Case(_TOWER, f"{_A} [1]. {_B}.", "incorrect", "the second claim cites nothing"),
    Case(_TOWER, f"{_B} [2].", "incorrect", "the answer is missing"),
    Case(_TOWER, "", "no_answer"),
    Case(_NAMED, f"{_A} [fair]. {_B} [man-1].", "correct"),
    Case(_NAMED, f"{_A} [fair, man-1].", "correct"),
    Case(_NAMED, f"{_A} [1].", "incorrect", "numbers are no names here"),
    Case(_BOTH, f"{_A} [1]. {_B} [2].", "correct"),
    Case(_BOTH, f"{_A} [1].", "incorrect"),
    Case(_SHARE, f"{_A} [1].", "partial"),
    Case(_SHARE, f"{_A} [1]. {_B}.", "partial"),
    Case(_TWO, f"{_A} [1].", "incorrect"),
    Case(_TWO, f"{_A} [1]. It is 330 metres tall [1].", "correct"),
    Case(_CHINESE, "埃菲尔铁塔于1889年完工[1]。", "correct"),
    Case(_CHINESE, "埃菲尔铁塔于1889年完工。[1]长城很长。[2]", "correct"),
    Case(_CHINESE, "埃菲尔铁塔于1889年完工。长城很长。[2]", "incorrect"),
]

ATTACKS = [
    Case(_TOWER, completion, "", why)
    for completion, why in [
        ("Hello [1].", "a greeting with a citation"),
        ("1889 [1]. Yes. Surely.", "an answer and claims without citations"),
        ("[1]", "a citation alone"),
        ("[1] [2] [3]", "citations alone"),
        (f"{_A} [7].", "a document that is not there"),
        (f"{_A} [0].", "a document zero"),
        (f"{_A} [-1].", "a negative document"),
        (f"{_A} [1][2][3].", "a document that has nothing to do with it"),
        (f"{_A} [1-999].", "every number"),
        (f"{_A} [2].", "the wrong document"),
        (f"{_A} [3].", "another wrong document"),
        ("The Eiffel Tower was completed in 1890 [1].", "another year"),
        ("The Eiffel Tower was not completed in 1889 [1].", "the claim denied"),
        ("The Eiffel Tower wasn't completed in 1889 [1].", "the claim denied in short"),
        (f"{_A} [1]. It was painted purple by ancient Martians [1].", "an invention with a citation"),
        (f"{_A} [1]. Its architect loved bananas and submarines [2].", "an invention with another citation"),
        (f"{_A} [1]. 42 people fell [1].", "a number from nowhere"),
        (f'{_A}, "the pride of all French engineers alive" [1].', "an invented quotation"),
        (f"{_A} “completed in 1889 by the Garabit viaduct company” [1].", "a quotation of two documents"),
        (f"{_A} [1](http://example.org).", "a link that looks like a citation"),
        (f"{_A} (1).", "a number in parentheses"),
        (f"{_A} [one].", "a word"),
        (f"{_A} [sic].", "a remark"),
        (f"{_A} [1", "never closed"),
        (f"<think>{_A} [1].</think>", "only in the thinking"),
        (f"<answer>{_A} [1].</answer><answer>{_B} [2].</answer>", "two answers"),
        ("# " + _A + "\n" + _B + " [2].", "the answer in a heading"),
        (f"# Birds\n# Fish\n# Trees\n{_A} [1].", "more headings than claims"),
        ("[" * 20_000 + _A, "brackets that never close"),
        ((_A + " [1]. ") * 600, "one claim six hundred times"),
        (_A + " [1]" * 20_000 + ".", "one citation over and over, beyond the bounds"),
        ("x" * 1_000_000, "a million letters"),
        ("1889 " * 100, "the answer over and over"),
        ("Document 1 says so. [1]", "a reference without content"),
        (f"{_A}\u200b[\u200b1\u200b].", "invisible characters in the citation"),
    ]
]
ATTACKS += [
    Case(_SHARE, "Hello [1].", "", "a greeting, where a share counts"),
    Case(_SHARE, "Hello. Bye. Yes. 1889.", "", "nothing cited, where a share counts"),
    Case(_SHARE, "# 1889\n## Tower [x]\n## Paris", "", "headings, where a share counts"),
]
ATTACKS += [
    Case(_FREE, completion, "", why)
    for completion, why in [
        ("Tower [1].", "a word of the document"),
        ("1889 [1].", "a number of the document"),
        ("Wall [3]. Gustave [2].", "a word of each"),
        ("metres tall [1]", "two words"),
        ("Tower tower tower tower [1].", "one word, often"),
        (f"{_A} [1]. Wall [3].", "a word beside a claim"),
    ]
]
CASES += [
    Case(_LONG, "The Nile is 6650 km long [1].", "correct", "thousands without their comma"),
    Case(_LONG, "The Amazon is 6,400 km long [2].", "correct", "thousands with a comma"),
    Case(_LONG, "The Nile is 6,650 km and the Amazon 6,400 km long [1, 2].", "correct"),
]
ATTACKS += [
    Case(_LONG, "The Nile is 66,50 km long [1].", "", "another number"),
    Case(_LONG, "The Nile is 6,651 km long [1].", "", "another number"),
    Case(_LONG, "The Nile is 6 km and 650 km long [1].", "", "pieces of a number"),
    Case(_LONG, "The Amazon is 400 km long [2].", "", "a piece of a number"),
]
