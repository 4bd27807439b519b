"""Rows of data sets, and files of them: read as tasks, scored offline, linted.

`rows` is pure, so that a trainer can import it without the server.
"""
