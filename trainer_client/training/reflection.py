"""Counting the words by which a model shows that it looks back on what it wrote.

The English list is the one of DeepSeek-R1 (https://doi.org/10.1038/s41586-025-09422-z, Extended Data Fig. 1), merged
by its authors from the lists of three experts. The paper gives no Chinese list; ours holds what those ten words are
usually written as, and is counted by occurrence because Chinese has no spaces.

Not covered: whether the model means it. A frequency is a symptom, and only its change over training says anything.
"""

import re
from collections import Counter

ENGLISH = ("wait", "mistake", "however", "but", "retry", "error", "verify", "wrong", "evaluate", "check")
CHINESE = ("等等", "等一下", "错误", "然而", "但是", "不过", "重试", "重新", "验证", "不对", "评估", "检查")

PATTERN = re.compile(rf"\b(?:{'|'.join(ENGLISH)})\b|{'|'.join(CHINESE)}", re.IGNORECASE)


def count_reflective_words(text: str) -> Counter[str]:
    """Return how often each reflective word occurs, English ones as whole words in any case."""
    return Counter(match.group().lower() for match in PATTERN.finditer(text))
