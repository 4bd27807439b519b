"""How data sets store tests: every form is read into a plan of `judging` or `separate`."""
