"""Regular expressions from outside: bounded before they run, and matched where they can be ended."""
