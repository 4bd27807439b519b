"""How a label stands in its announcement: as a label ("option 2", "(2)", "2) Paris"), or as what may be a value."""

import re

from reward_server.extraction.letters import FoundChoice
from reward_server.extraction.sequences import bracketed

SEPARATORS = " ,，;:：(（-–—"
"""What may stand between a label and an explanation."""
_LABELLED_BY_NUMBER = re.compile(
    r"\W{0,4}\d{1,3}\s?(?:[.)）\]、]\**\s*[^\W\d]|\s?[:：–—-]\**\s+(?:(?i:the|an?)\s|[A-Z][a-z]))"
)
_CALLED = (
    r"(?i:option|choice|letter|选项|選項|opción|opção|opzione|вариант|الخيار|επιλογή|選択肢|선택지|보기)[\s_\\:#]{{0,4}}"
    r"[(（\[]?{label}(?!\w)|(?<![a-zA-Z0-9])[(（\[【]\s?{label}\s?[)）\]】]"
)
"""What makes a label one that might be a value or another option's text: "option 2", "(2)"."""
_EXPLAINS = re.compile(
    r"(?i)(?:because|since|given|based|due to|where|so(?!\s+far)|therefore|thus|hence"
    r"|which\s+(?:is|are|corresponds|says|states|means|reads|matches|represents|describes)|(?:it|this|that)(?:['’]s|\s+is)"
    r"|is\s+(?:(?:the|most)\s+)*(?:correct|right|best|only|accurate|true)|as\s+(?:it|the|this|that|we|they|in|\w+ed|shown))\b"
    r"|因为|因為|由于|所以|正确|正確|(?:but\s+)?not\s+(?:option\s+)?\(?\d{1,3}\b"
)
"""What behind a number explains a choice, and is no more of a value."""


def split(found: FoundChoice) -> tuple[str, str]:
    """Return the announcement up to the labels' end, and all that its line says behind them."""
    at = len(found.content) - len(found.rest)
    if found.content.endswith(found.rest) and found.line.startswith(found.content[:at]):
        return found.content[:at], found.line[at:]
    text = found.line or found.content
    at = text.rfind(found.rest) if text.endswith(found.rest) else text.find(found.rest)
    return (text[:at], text[at:]) if at >= 0 else (text, found.rest)


def is_explained(head: str, rest: str) -> bool:
    """Tell whether a number is a label by how it stands or what follows: "(2)", "option 2", "2) Paris", "2, since"."""
    if is_called_option(head) or _LABELLED_BY_NUMBER.match(head + rest):
        return True
    return _EXPLAINS.match(rest.lstrip(SEPARATORS)) is not None


def is_called_option(head: str) -> bool:
    """Tell whether an announcement up to its labels calls one an option."""
    return re.search(_CALLED.format(label=r"\w{1,3}"), bracketed(head)) is not None
