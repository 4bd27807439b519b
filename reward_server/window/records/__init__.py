"""Records of verdicts as they were written down, and an index of them that answers at once however many there are."""
