"""Words beside mathematics: names, units of time, numbers in words, labels, qualifiers, remarks."""
