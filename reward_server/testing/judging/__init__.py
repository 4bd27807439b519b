"""What tests say of a program: cases run, values and outputs compared, checkers heard, results reduced."""
