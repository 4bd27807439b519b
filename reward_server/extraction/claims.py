"""Sentences that call the statement of a question true, false or uncertain, where those words are the labels.

Only the statement itself counts: not its negation, a half of it, or what somebody says of it. So in front of "the
statement" only a lead word ("therefore"), a reason that ends in a comma ("since Max is a dog,") or a conclusion's "so"
may stand, and behind it only what says which statement it is: its words in quotes or after "that", "in question".
"""

import re

from reward_server.extraction.assertion import is_hearsay

_SURELY = r"(?:(?:therefore|thus|hence|then|indeed|clearly|definitely|certainly|also)\s+){0,2}"
_WHICH = (
    r"(?:\s+(?:in question|above|given|itself|under (?:consideration|evaluation)"
    r"|to (?:be )?(?:evaluated?|judged?|assess(?:ed)?|determined?|proven?))(?![\w'’])"
    r"|\s*[:,]?\s*(?:[\"“«][^\"”»\n]{1,120}[\"”»]|'[^'\n]{1,120}')\s*,?"
    r"|\s*\*{1,2}[^*\n]{1,120}\*{1,2}|\s+\(?\d{1,2}\)?(?!\w)"
    r"|\s+that\s(?:(?!\b(?:and|or|but)\b)[^,;.\n]){1,100}?|,\s+(?:therefore|thus|hence|then),)"
)
CLAIM = (
    r"(?i:\b(?:the|this|our)\s+(?:(?:given|last|final|above)\s+)?(?:statement|conclusion|hypothesis|proposition|claim"
    rf"|conjecture|assertion|question)(?P<gap>{_WHICH}{{0,2}}\s+{_SURELY})(?:is|must be|remains)\s+{_SURELY})"
    r"[*\"'“]{0,3}"
)
"""What is called true, false or uncertain, up to that word."""
_LEAD = (
    r"(?:so|therefore|thus|hence|then|and|accordingly|consequently|finally|overall|clearly|ultimately"
    r"|in (?:conclusion|summary|short)|to (?:conclude|summarize|sum up)|as a result|for (?:this|that|these) reasons?"
    r"|it follows(?:\s+[a-z]+ly)?(?:\s+that)?|(?:final\s+)?(?:conclusion|answer|verdict)|step \d+"
    r"|it (?:can|may|must) (?:therefore |thus |hence )?be (?:concluded|inferred|deduced|seen)(?:\s+[a-z]+ly)?"
    r"(?:\s+that)?"
    r"|from (?:the|these|all) (?:given )?(?:premises|facts|statements|information)"
    r"|the truth(?:[- ]value)? of|it is clear that"
    r"|(?:my|the|our)\s+(?:final\s+)?(?:conclusion|answer|verdict)\s+is\s+that"
    r"|(?:we|i|one)\s+(?:(?:can|may|must|therefore|thus|hence|now|safely|also|will)\s+){0,3}"
    r"(?:conclude|see|infer|deduce|determine|find|know|say|state)(?:\s+that)?"
    r"|(?:this|which|that|it)\s+(?:(?:clearly|directly|also|logically)\s+)?(?:means|implies|shows|proves|confirms)"
    r"(?:\s+that)?)\b"
)
_REASON = (
    r"(?>(?:since|because|as|given|based on|from|by|considering|looking at|according to the|using|under)\b"
    r"[^.;!?\n]{1,300},)"
)
_BESIDE = r"[\s,:;*_>#\"'“(\[•—–-]{0,12}"
_LEADS_ONLY = re.compile(rf"(?i){_BESIDE}(?:\d+[.)]\s*)?(?:(?:{_LEAD}|{_REASON}){_BESIDE}){{0,5}}")
_CONCLUDES = re.compile(
    r"(?i)(?:^|[\s,;—–-])(?:so|therefore|thus|hence|which (?:means|implies|shows)|meaning)(?:\s+that)?\s*,?\s*$"
)
_TOLD = re.compile(
    r"(?i)\b(?:says?|said|thinks?|thought|claim(?:s|ed)|believes?|believed|tells?|told|puts?|wants?|would)\b"
)
_TURNED = re.compile(
    r"(?i)\b(?:opposite|negation|negat(?:e|es|ed|ing)|contrary|converse|inverse|reverse|complement|contradict\w*"
    r"|(?:anything|everything|all|nothing) but|(?:half|parts?|rest|portion|some) of)\b"
)
_OF_ANOTHER = re.compile(
    r"(?i)(?<!\w)(?!(?:letter|number|label|name|text|index|symbol|value|choice|option|selection|identity)s?\s)\w+\s+"
    r"(?:of|to)\s+(?:(?:the|my|our|your|this)\s+)?$"
)
_NEAR = 60


def speaks_of_another(before: str) -> bool:
    """Tell whether what stands in front of "answer" or of a label makes it another thing: "the opposite of the"."""
    return _OF_ANOTHER.search(before[-_NEAR:]) is not None or is_turned(before)


def is_turned(sentence: str) -> bool:
    """Tell whether a sentence speaks of the opposite of what it names."""
    return _TURNED.search(sentence) is not None


def is_claimed_of_the_statement(before: str, gap: str) -> bool:
    """Tell whether a sentence says something of the statement itself: `before` it, and in the `gap` to the verb."""
    if is_turned(before) or is_turned(gap) or is_hearsay(before) or _TOLD.search(before):
        return False
    return _LEADS_ONLY.fullmatch(before) is not None or _CONCLUDES.search(before) is not None
