"""What a tree is worth: exact numbers, balls with a proven error, polynomials, matrices. Depends on `tree` alone."""
