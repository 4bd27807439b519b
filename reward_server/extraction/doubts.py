"""What behind a label leaves it open: a doubt ("true, I guess"), or that only one of several is meant ("pick one")."""

import re

from reward_server.words.denials import DOUBT

_DOUBTFUL = (
    r"(?:most|very|quite|highly|more than|almost)?\s*(?:probabl[ey]|likely|perhaps|maybe|possibl[ey]|presumably"
    r"|apparently|seemingly|supposedly|allegedly|arguably|hopefully|mostly|mainly|partly|partially|sometimes|usually"
    r"|often|doubtful\w*|debatable|tentative\w*|uncertain\w*|unsure|unclear)\b"
    r"|(?:i|we)\s+(?:\w+\s+)?(?:guess|think|suppose|assume|believe|suspect|hope|imagine|cannot|can['’]t|could be)\b"
    r"|(?:i['’]?m|i am|am)?\s*not\s+(?:\w+\s+){0,2}(?:sure|certain|confident)\b"
    r"|(?:it|so it)\s+(?:seems|appears|might|may)\b"
    r"|as far\b|in my opinion\b|more or less\b|(?:kind|sort) of\b|at least\b|if\b|unless\b|or\b|with (?:some|low|little"
    r"|medium|moderate|limited|reservations?|doubts?|caveats?)\b|(?:in|for|under) (?:some|most|many|certain|part|a way"
    r"|a sense|general)\b|to (?:some|a certain|an) (?:degree|extent)\b|a guess\b|guess\w*|\?"
)
_DOUBT_BEHIND = re.compile(
    rf"(?i)(?:^[\s*_\"'”’)\]}}]*|[,;:：，；(（\[—–…]\s*|[.!。！]\s+|\.{{2,}}\s*|\s-\s)"
    rf"(?:(?:and|but|though|although|yet|well|that(?:['’]s| is)|it(?:['’]s| is)|this is)\s+)?(?:{_DOUBTFUL})"
)
_EXPLAINS = re.compile(r"(?i)\b(?:because|since|as (?!far\b)|for (?!some\b|most\b|many\b|certain\b))|因为|因為|由于")
_ELSEWHERE = re.compile(r"[\s,;:，；（(—–-]*")
_ONE_OF = re.compile(
    r"(?i)\b(?:(?:pick|choose|select|take|guess)\s+(?:\w+\s+)?(?:one|either|any)|one\s+(?:of|is|or|only|at|will|must|can)"
    r"|(?:only|just|exactly|at least|at most|any|either)\s+(?:\w+\s+)?one|either|neither|not both|any of|whichever"
    r"|which(?:\s+one|\s+of|\W*$)|both (?:are )?possible|alternativ\w+)\b|其一|之一|任选|任選|其中一个|其中一個|二选一"
    r"|二選一|どちらか|いずれか|둘 중 하나"
)


def is_doubted(behind: str) -> bool:
    """Tell whether a clause behind a word that is a label doubts it; a doubt in a reason is none."""
    stated = _EXPLAINS.split(behind, maxsplit=1)[0]
    if _DOUBT_BEHIND.search(stated) is not None:
        return True
    first = stated[_ELSEWHERE.match(stated).end() :]  # type: ignore[union-attr]
    found = DOUBT.search(first)
    return found is not None and found.start() == 0


def means_one_of_them(behind: str) -> bool:
    """Tell whether what stands behind several labels says that only one of them is meant."""
    return _ONE_OF.search(_EXPLAINS.split(behind, maxsplit=1)[0]) is not None
