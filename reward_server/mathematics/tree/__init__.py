"""The typed tree that a text is parsed into, and how to walk it: what every other room speaks."""
