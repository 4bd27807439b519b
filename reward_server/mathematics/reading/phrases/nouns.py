"""Nouns that count: "12 red apples" is twelve of something, "12 is wrong" is not.

A phrase counts as a noun by its form alone: modifiers, a head, and at most one phrase behind "of", "per", "in" and the
like. The head is a plural, one of the nouns that have no plural ending, an abbreviation, or, behind one or a fraction,
a singular. Words of grammar (to be, negations, comparisons, connectives) stand in no such phrase, and neither do words
that make another value of the number before them.
"""

import re

from reward_server.mathematics.reading.phrases.spoken import DENYING, VALUE_CHANGING
from reward_server.words.denials import denies_elsewhere

split = str.split

_GRAMMAR = frozenset(
    split(
        "a am an and are as at be been being but by can cannot could did do does done either else equal equals ever "
        "except fewer for from had has have he her hers him his how however i if in into is isnt it its just less let "
        "lets many may me might more most much must my near neither never no none nor not nothing now of off on only "
        "or other our out over per perhaps please plus rather shall she should since so some such than that the their "
        "them then there these they this those though thus to too under unless until up upon us very was we were what "
        "when where whether which while who whom whose why will with within without wont would yet you your"
    )
)
REFUSED_WORDS = frozenset(word for word in (_GRAMMAR | VALUE_CHANGING) if len(word) > 2) - {"the", "let", "may", "mod"}
"""Words that no run of letters in a formula spells: "not", "but", "minus" where no number follows."""
_OTHER_VALUE = VALUE_CHANGING | DENYING
_NOT_MEASURED = _GRAMMAR | VALUE_CHANGING | {"least", "most", "best", "worst"}
_FOLLOWED = frozenset({"of", "per", "in", "for", "from", "on", "at", "each", "every"})
"""Words that may open one more phrase behind the head."""
_ASIDES = frozenset({"approximately", "approx", "exactly", "exact", "total", "altogether", "overall", "in"})
_CLOSING = frozenset(
    {
        "total",
        "altogether",
        "overall",
        "left",
        "remaining",
        "each",
        "per",
        "in",
        "ago",
        "later",
        "earlier",
        "long",
        "old",
    }
)
_DIMENSIONS = frozenset(
    split(
        "long wide tall high deep thick old away apart each total altogether left remaining overall length width "
        "height depth radius diameter area volume circumference perimeter"
    )
)
_ARTICLES = frozenset({"a", "an", "the", "each", "every", "one", "total"})
_NO_PLURAL_ENDING = frozenset(
    split(
        "people children men women feet geese mice teeth fish sheep deer oxen cattle dice data media police money "
        "water milk rice sand sugar flour juice paint time distance area volume length width height weight mass speed "
        "score age cash profit change wavelength units unit pi staff furniture luggage text homework work land space "
        "percent criteria vertices indices matrices formulae species series"
    )
)
_CLASSIFIERS = frozenset(
    "个只条张本支枝根块片颗粒头匹辆架台件套双对副组种类样次回遍趟步年月日天周岁元角分米克吨升人名位棵朵株束把盒箱袋包瓶杯碗盘桶"
    "篮筐排列行页篇章节道题层楼间座所家户班队份倍度里斤两寸尺個隻條張塊顆頭輛臺雙對種樣歲圓頁節題層樓間戶隊兩"
)
_ATTACHED = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")
_COUNTERS = re.compile(
    "(?:개|명|원|번|마리|시간|분|초|살|권|장|대|잔|병|쪽|점|도|일|년|주|つ|こ|にん|ほん|まい)?(?:입니다|이다|예요|이에요|です|である|だ)?"
)
"""Korean and Japanese counters, and the copula that ends a sentence."""
_SCALES = re.compile(
    r"(?i)тысяч|миллион|миллиард|полов|дважды|вдвое|ألف|مليون|نصف|ضعف|हज़ार|हजार|लाख|करोड़|आध|হাজার|লাখ|พัน|หมื่น|แสน|ล้าน"
    r"|χιλιάδες|εκατ"
)
_CHINESE_NOUN = re.compile(r"[\u4e00-\u9fff]{1,6}")
_DENYING = frozenset("不非没无错否未别勿")
_BETWEEN = frozenset(
    split("of the in for to a an our its their his her my this that we from on at with by and all which you she he "
          "they your has have")
)  # fmt: skip
"""Words of grammar that a name may hold: "the number of apples she has"."""
_OPENING = frozenset(split("so thus hence therefore then and finally the our its this that their his her my a an"))
_HEDGES = frozenset({"can", "could", "may", "might", "would", "should"})
"""Verbs that a name may hold ("points that could be in the set") but not end with ("the answer could be")."""
_COPULAS = frozenset({"is", "are", "equals", "was", "were", "be", "will"})
_LETTERS = re.compile(r"[A-Za-z']+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_MAX_WORDS = 8


def is_counted(phrase: str, *, single: bool) -> bool:
    """Tell whether a phrase can be what is counted; `single` where the number is one or no integer."""
    words = phrase.split()
    if not words or len(words) > _MAX_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return False
    if denies_elsewhere(phrase):
        return False
    if not phrase.isascii():
        return _is_counted_elsewhere(phrase)
    lowered = [word.lower() for word in words]
    if lowered == ["times"] or _ASIDES.issuperset(lowered):
        return True
    if not _OTHER_VALUE.isdisjoint(lowered):
        return False
    while lowered and len(lowered) > 1 and lowered[-1] in _CLOSING:
        lowered.pop()
    cut = next((place for place, word in enumerate(lowered) if place and word in _FOLLOWED), len(lowered))
    head, behind = lowered[:cut], lowered[cut + 1 :]
    while behind and behind[0] in _ARTICLES:
        behind = behind[1:]
    if (
        not head
        or not _GRAMMAR.isdisjoint(head)
        or not _GRAMMAR.isdisjoint(behind)
        or (cut < len(lowered) and not behind)
    ):
        return False
    return _is_head(words[cut - 1], single=single and len(head) == 1)


def says_what_is_measured(phrase: str) -> bool:
    """Tell the same of the words behind a known unit: "of flour", "per day", "long", "in total"."""
    words = [word.lower() for word in phrase.split()]
    if not all(_WORD.fullmatch(word) for word in words) or len(words) > _MAX_WORDS or denies_elsewhere(phrase):
        return False
    if words[0] in _FOLLOWED:
        words = words[1:]
        while words and words[0] in _ARTICLES - {"total"}:
            words = words[1:]
        return bool(words) and _NOT_MEASURED.isdisjoint(words)
    return _DIMENSIONS.issuperset(words)


def _is_head(word: str, *, single: bool) -> bool:
    lowered = word.lower()
    if lowered in _NO_PLURAL_ENDING or (word.isupper() and 2 <= len(word) <= 5):
        return True
    if lowered.endswith("s") and not lowered.endswith(("ss", "us", "ous", "less")):
        return len(lowered) > 2
    return single and len(lowered) > 2 and not lowered.endswith(("ly", "ed", "ing"))


def _is_counted_elsewhere(phrase: str) -> bool:
    """Tell the same in other scripts: in Chinese behind a classifier, in Japanese and Korean one of the counters.

    Elsewhere a short phrase counts that begins with no word for thousands, millions, halves or doubles.
    """
    if _CHINESE_NOUN.fullmatch(phrase):
        return phrase[0] in _CLASSIFIERS and _DENYING.isdisjoint(phrase)
    if _ATTACHED.match(phrase):
        return _COUNTERS.fullmatch(phrase) is not None
    return len(phrase) <= 24 and len(phrase.split()) <= 2 and _SCALES.match(phrase) is None


def is_label(phrase: str) -> bool:
    """Tell whether words in front of a colon or of "is" can name a value: no negation, nothing that denies it."""
    words = [word.lower() for word in phrase.split()]
    while words and words[0] in _ARTICLES:
        words = words[1:]
    content = [word for word in words if word not in _BETWEEN]
    if denies_elsewhere(phrase):
        return False
    return bool(phrase.split()) and _GRAMMAR.isdisjoint(content) and DENYING.isdisjoint(content)


def names_a_value(lead_in: str) -> bool:
    """Tell whether a lead-in such as "So the total number of apples is" does no more than name what follows."""
    words = [word.lower() for word in _LETTERS.findall(lead_in.replace("\\text", " "))]
    while words and words[0] in _OPENING:
        words = words[1:]
    while words and words[-1] in _COPULAS:
        words = words[:-1]
    if words and words[-1] in _HEDGES:
        return False
    words = [word for word in words if word not in _HEDGES and word not in _COPULAS]
    return not words or words == ["there"] or is_label(" ".join(words))
