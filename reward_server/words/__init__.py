"""Short answers in words: normalisations of question-answering data sets, and comparison under them."""
