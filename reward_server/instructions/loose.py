"""Loose grading: an instruction counts as followed if one of eight variants of the answer follows it.

The variants are IFEval's: the answer without its first line, its last line, or both ("Sure, here it is:" in front,
"Hope this helps" behind), each also without asterisks. A variant without a letter or digit follows nothing.
"""


def variants(text: str) -> list[str]:
    """Return the distinct variants of an answer, itself first."""
    lines = text.split("\n")
    shorter = ["\n".join(lines[1:]), "\n".join(lines[:-1]), "\n".join(lines[1:-1])]
    plain = [text, *(variant.strip() for variant in shorter)]
    every = dict.fromkeys([*plain, *(variant.replace("*", "") for variant in plain)])
    return [variant for variant in every if any(character.isalnum() for character in variant)]
