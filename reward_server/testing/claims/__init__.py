"""Test code split into calls, which go in, and claims, which stay out, by evaluating it a second time here."""
