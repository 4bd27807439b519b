"""Python test code, run in a process of its own that reaches the program over a wire."""
