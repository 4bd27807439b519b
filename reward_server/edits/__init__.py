"""Edits of files as a completion writes them: unified diffs and SEARCH/REPLACE blocks, read and applied."""
