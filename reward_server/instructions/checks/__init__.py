"""The checks, by family: every file registers its own."""
