"""Names of sets of numbers: in words, and the indices that pick a part of them."""

SETS_IN_WORDS = {
    "all real numbers": "R", "all reals": "R", "real numbers": "R", "any real number": "R", "all real": "R",
    "全体实数": "R", "任意实数": "R", "all integers": "Z", "integers": "Z", "all positive integers": "Z+",
    "positive integers": "Z+", "all natural numbers": "N", "natural numbers": "N", "all positive real numbers": "R+",
    "positive real numbers": "R+", "positive reals": "R+", "negative real numbers": "R-", "all rational numbers": "Q",
    **{f"{every}{sign} {numbers}": f"R{name}"
       for every in ("", "all ") for numbers in ("real numbers", "reals", "real number")
       for sign, name in (("non-negative", ">=0"), ("nonnegative", ">=0"), ("non-positive", "<=0"),
                          ("nonpositive", "<=0"), ("negative", "-"))},
    **{f"{every}{sign} integers": name
       for every in ("", "all ")
       for sign, name in (("non-negative", "N"), ("nonnegative", "N"), ("negative", "Z-"), ("nonzero", "Z*"),
                          ("non-zero", "Z*"))},
    "complex numbers": "C", "all complex numbers": "C",
}  # fmt: skip
"""What a phrase names, all integers or nonnegative reals."""
SPELLED_SETS = {
    **dict.fromkeys(("Z>0", "Z>=1", "N*", "N+", "N>0", "N>=1", "N1", "N*+"), "Z+"),
    **dict.fromkeys(("Z>=0", "N0", "Z+0", "N>=0"), "N"),
    **dict.fromkeys(("Z<0", "Z<=-1"), "Z-"), **dict.fromkeys(("Z!=0", "Z*"), "Z*"),
    **dict.fromkeys(("R>0", "R*+", "R++"), "R+"), **dict.fromkeys(("R+0", "R>=0"), "R>=0"), "R<0": "R-",
    **dict.fromkeys(("R-0", "R<=0"), "R<=0"), "R!=0": "R*",
}  # fmt: skip
"""One name for all spellings of a part of the numbers; what is not here stays as it was written."""
