"""From text to trees: spelling made plain, tokens, expressions, units, statements, words."""
