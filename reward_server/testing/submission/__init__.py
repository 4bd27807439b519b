"""The submission: found in a completion, made whole, and read as source as far as that is needed."""
