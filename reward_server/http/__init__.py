"""What speaks HTTP: bodies in, requests validated, verdicts out."""
