"""Translations: good and poor ones, copies of the source, other languages, several at once, and padding.

Measured against others: the scores of 300 texts are those of `sacrebleu` for one sentence, for each metric, wherever no
guard gives 0 (`tests/reward_server/kinds/test_translation.py`). What the metric pays is paid: a text that goes
wrong in one word keeps most of it. Known and paid: a reference's words shuffled two and two, half of its words written
with another end each, and in Chinese or Japanese, whose words are not told apart, its characters shuffled two and two.
"""

from typing import Any

from reward_server.cases import Case

_GERMAN = "Die Katze saß gestern Abend auf der alten Matte und sah dem Regen zu."
_ENGLISH = "The cat sat on the old mat last night and watched the rain."
_OTHER = "Last night the cat was sitting on the old mat, watching the rain."
_CAT: dict[str, Any] = {"kind": "translation", "source": _GERMAN, "ground_truth": [_ENGLISH, _OTHER]}
_BLEU = _CAT | {"metric": "bleu"}
_WORDS = _CAT | {"metric": "chrf++"}
_CHINESE: dict[str, Any] = {"kind": "translation", "source": _ENGLISH, "ground_truth": "猫昨晚坐在旧垫子上看着雨。"}
_CHINESE_BLEU = _CHINESE | {"metric": "bleu", "tokenize": "zh"}
_NAME = {"kind": "translation", "source": "Berlin", "ground_truth": "Berlin"}
_TO_GERMAN = {"kind": "translation", "source": _ENGLISH, "ground_truth": _GERMAN}
_BARE: dict[str, Any] = {"kind": "translation", "ground_truth": _ENGLISH}
_OWNED = "Der Hund, den die Frau gestern im Park gesehen hat, gehört dem Nachbarn."
_SEEN = "Gestern hat die Frau im Park den Hund gesehen, der dem Nachbarn gehört."
_BRIDGE = (
    "The committee decided yesterday that the new bridge will be built next year because the old one is no longer safe."
)
_STREWN = (
    "no the year bridge will because decided committee that longer one the built old safe the yesterday is next new be"
)
_LONG = {"kind": "translation", "ground_truth": _BRIDGE}
_SUFFIXED = " ".join(word + "s" * (place % 4 == 0) for place, word in enumerate(_STREWN.split()))

CASES = [
    Case(_CAT, _ENGLISH, "correct"),
    Case(_CAT, _OTHER, "correct", "the second reference"),
    Case(_CAT, f"<answer>{_ENGLISH}</answer>", "correct"),
    Case(_CAT, f"<think>Katze is cat</think>\n{_ENGLISH}\n", "correct"),
    Case(_CAT, f"The translation is below.\n<answer>\n{_OTHER}\n</answer>", "correct"),
    Case(_CAT, "The cat sat on the old mat yesterday evening and looked at the rain.", "partial"),
    Case(_CAT, "A cat sat on an old mat last night, and it watched the rain fall.", "partial"),
    Case(_CAT, _ENGLISH.lower(), "partial", "letters count"),
    Case(_CAT, "Stock prices fell sharply on Tuesday after the bank's report.", "incorrect"),
    Case(_CAT, "", "no_answer"),
    Case(_CAT, "<think>The cat", "no_answer"),
    Case(_BLEU, _ENGLISH, "correct"),
    Case(_BLEU, "The cat sat on the old mat last night and looked at the rain.", "partial"),
    Case(_BLEU, "It was raining when the animal lay down there yesterday.", "incorrect"),
    Case(_WORDS, _ENGLISH, "correct"),
    Case(_WORDS, "The cat sat on the old mat last night and looked at the rain.", "partial"),
    Case(_CHINESE, "猫昨晚坐在旧垫子上看着雨。", "correct"),
    Case(_CHINESE, "昨晚猫坐在旧垫子上看雨。", "partial"),
    Case(_CHINESE_BLEU, "昨晚猫坐在旧垫子上看着雨。", "partial"),
    Case(_NAME, "Berlin", "correct", "a name stays"),
    Case(_TO_GERMAN, _GERMAN, "correct"),
    Case(_TO_GERMAN, "Gestern Abend saß die Katze auf der alten Matte und sah dem Regen zu.", "partial"),
    Case(_BARE, "The cat sat on the old mat last night and looked at the rain.", "partial"),
    Case(_BARE | {"least": 0.99}, "The cat sat on the old mat last night and looked at the rain.", "incorrect"),
    *(
        Case({"kind": "translation", "ground_truth": reference}, text, "partial", "a free order of words")
        for reference, text in [
            (_OWNED, _SEEN),
            (_SEEN, _OWNED),
            ("Sie hat gestern den Hund gesehen.", "Den Hund hat sie gestern gesehen."),
            ("Ich habe ihn gestern dort gesehen.", "Dort habe ich ihn gestern gesehen."),
            ("Poika antoi eilen tytölle uuden kirjan.", "Tytölle antoi poika eilen uuden kirjan."),
            (
                "Вчера в парке старый учитель читал детям новую книгу.",
                "Детям новую книгу читал старый учитель вчера в парке.",
            ),
            (
                "Einen Kuchen habe ich zum Geburtstag meiner Mutter gebacken.",
                "Ich habe meiner Mutter zum Geburtstag einen Kuchen gebacken.",
            ),
        ]
    ),
    *(
        Case({"kind": "translation", "ground_truth": reference}, text, "partial", "words that are said again")
        for reference, text in [
            ("It was a very, very long way to the old house.", "It was a very, very, very long way to the old house."),
            ("He shouted no, no, no, no and ran out of the room.", "He cried no, no, no, no and ran out of the room."),
            (
                "She had a good laugh, hahaha, and went on reading.",
                "She had a good laugh, ha ha ha ha, and went on reading.",
            ),
            ("The cat sat on the old mat for a long time.", "The cat sat on the the old mat for a long time."),
            ("她笑着说哈哈哈哈哈哈哈，然后走了。", "她笑着说哈哈哈哈哈哈，然后离开了。"),
        ]
    ),
    Case(
        _LONG,
        "Yesterday, because the old one is no longer safe, the committee decided that next year the new bridge will be "
        "built.",
        "partial",
        "its clauses in another order",
    ),
]

ATTACKS = [
    Case(task, completion, "", why)
    for task, completion, why in [
        (_CAT, _GERMAN, "the source copied"),
        (_CAT, _GERMAN.upper(), "the source in capitals"),
        (_CAT, _GERMAN.replace("Regen", "rain"), "the source with one word changed"),
        (_TO_GERMAN, _ENGLISH, "the source copied"),
        (_TO_GERMAN, _ENGLISH.replace("rain", "Regen"), "the source with one word changed"),
        (_CHINESE, _ENGLISH, "the source copied"),
        (_CAT, f"{_ENGLISH} {_OTHER}", "both references"),
        (_CAT, f"{_ENGLISH} / {_OTHER} / {_ENGLISH}", "several translations"),
        (_CAT, f"{_GERMAN} {_ENGLISH}", "source and translation"),
        (_CAT, f"{_ENGLISH}" * 50, "a translation over and over"),
        (_CAT, "The cat", "two words"),
        (_CAT, "cat", "one word"),
        (_CAT, "the " * 15, "the most frequent word"),
        (_CAT, "e" * 60, "the most frequent letter"),
        (_CAT, "etaoin shrdlu " * 4, "frequent letters"),
        (_CAT, "the of and to in a is that for it as was with be by", "frequent words"),
        (_CAT, "th he in er an re on at en nd ti es or te of ed is it al", "frequent pairs of letters"),
        (_CAT, "I cannot translate this sentence, I am sorry about that.", "a refusal"),
        (_CAT, "Le chat était assis hier soir sur le vieux tapis et regardait la pluie.", "another language"),
        (_CAT, "猫昨晚坐在旧垫子上看着雨，它很喜欢雨天的声音和气味，一直没有离开。", "another script"),
        (_CAT, f"<answer>{_ENGLISH}</answer><answer>{_OTHER}</answer>", "two answers"),
        (_CAT, f"<think>{_ENGLISH}</think>", "only in the thinking"),
        (_CAT, f"<think>{_ENGLISH}", "in an unfinished thought"),
        (_CAT, "." * 60, "full stops"),
        (_CAT, "\u200b" * 60, "nothing to read"),
        (_CAT, " ".join(_ENGLISH), "letter by letter with a blank between"),
        (_CAT, "x" * 1_000_000, "a million letters"),
        (_CAT, _ENGLISH + " " + "x" * 200, "a translation and noise"),
        (_CAT, " ".join(sorted(_ENGLISH.split())), "its words by the alphabet"),
        (_CAT, " ".join(reversed(_ENGLISH.split())), "its words from last to first"),
        (_CAT, " ".join(_ENGLISH.split()[::2] + _ENGLISH.split()[1::2]), "every other word, then the rest"),
        (_CAT, "The cat sat on on on on on on the old mat mat mat", "its words over and over"),
        (_BLEU, " ".join(reversed(_ENGLISH.split())), "its words from last to first"),
        (_BLEU, _GERMAN, "the source copied"),
        (_BLEU, "the the the the the the the the the the the the", "one word"),
        (_BLEU, "the cat on the mat the cat on the mat " * 3, "a piece over and over"),
        (_WORDS, "the " * 15, "the most frequent word"),
        (_CHINESE, "的的的的的的的的的的的的", "the most frequent character"),
        (_CHINESE, "The cat sat on the mat.", "another language"),
        (_CHINESE_BLEU, "的 一 是 不 了 人 我 在 有 他", "frequent characters"),
        (_LONG, _STREWN, "its words at random"),
        (_LONG, " ".join([*_STREWN.split()[:16], "zq", "xv", "pt", "mm", "kk"]), "most of its words and rubbish"),
        (_LONG, _SUFFIXED, "its words at random, every fourth with another end"),
        (_BARE, f"{_ENGLISH[:-1]} rain rain rain rain rain rain", "its last word six times more"),
        (_LONG, f"{_BRIDGE[:-1]}{' safe' * 6}.", "its last word six times more"),
        (_LONG, f"{_BRIDGE[:-1]}, safe. Safe, safe!", "its last word three times more"),
        (_LONG, f"{_BRIDGE[:-1]} no longer safe no longer safe.", "its last words three times"),
        (_LONG, _BRIDGE.replace("new bridge", "new bridge new bridge new bridge"), "two of its words three times"),
        (_LONG, _BRIDGE.replace("the new", "the the the the the new"), "a word within it five times"),
        (_LONG | {"metric": "bleu"}, f"{_BRIDGE[:-1]}{' safe' * 6}.", "its last word six times more"),
        (_CHINESE, "猫昨晚坐在旧垫子上看着雨雨雨雨雨雨。", "its last character over and over"),
        (_CHINESE, "猫昨晚坐在旧垫子上看着雨看着雨看着雨。", "its last words over and over"),
        (_BARE, "Ann bought three red apples at the market on Monday.", "a sentence of the language"),
    ]
]
