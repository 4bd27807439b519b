r"""A direction behind a quantity: "5 km north", "10 m/s to the left", `3 \text{ units upward}`.

The words of the table below stand for one direction each. A quantity with a direction is the same only as the same
quantity in the same direction: the opposite one, another one and none at all are wrong, not undecided.
"""

import re

_WORDS = {
    "north": ("north", "northward", "northwards", "northerly"),
    "south": ("south", "southward", "southwards", "southerly"),
    "east": ("east", "eastward", "eastwards", "easterly"),
    "west": ("west", "westward", "westwards", "westerly"),
    "northeast": ("northeast", "north-east", "north east"),
    "northwest": ("northwest", "north-west", "north west"),
    "southeast": ("southeast", "south-east", "south east"),
    "southwest": ("southwest", "south-west", "south west"),
    "up": ("up", "upward", "upwards"),
    "down": ("down", "downward", "downwards"),
    "left": ("left", "leftward", "leftwards"),
    "right": ("right", "rightward", "rightwards"),
    "forward": ("forward", "forwards"),
    "backward": ("backward", "backwards"),
    "clockwise": ("clockwise",),
    "counterclockwise": ("counterclockwise", "counter-clockwise", "anticlockwise", "anti-clockwise"),
}
_NAMES = {word: direction for direction, words in _WORDS.items() for word in words}
_TEXT = re.compile(r"\\(?:text|mbox|textrm|mathrm)\s*\{([^{}]*)\}")
_DIRECTION = re.compile(
    rf"(?P<rest>.*\d.*?)[\s,]+(?:(?:due|directly|vertically|horizontally|straight|towards?|in|to)\s+)*(?:the\s+)?"
    rf"(?P<word>{'|'.join(sorted(_NAMES, key=len, reverse=True))})(?:\s+direction)?[\s.]*",
    re.IGNORECASE,
)
_ENDS = frozenset("thnpdesy")
"""Last letters of the words above and of "direction"."""
_LONGEST = 120


def direction_of(text: str) -> tuple[str, str]:
    """Return a quantity without the direction behind it, and that direction; the text and nothing without one."""
    bare = text.rstrip(" .}$")
    if not bare or bare[-1] not in _ENDS or len(text) > _LONGEST:
        return text, ""
    match = _DIRECTION.fullmatch(" ".join(_TEXT.sub(r" \1 ", text).split()).strip("$"))
    if match is None:
        return text, ""
    return match["rest"].strip(" ,"), _NAMES[match["word"].lower()]
