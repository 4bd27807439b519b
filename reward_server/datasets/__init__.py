"""Rows of data sets as they are stored, read as tasks: one reader for commands, protocols, adapters and `POST /score`.

What is known of data sets is data: `families/` has one file for each family of them, `sources` their names. `reading`
has the rule. A row that could be read in two ways is an error that names both, never a guess.

Pure text and dictionaries: a trainer's machine imports it without the server.
"""

from reward_server.datasets.forms import AmbiguousRow, UnknownRow
from reward_server.datasets.reading import read_row, task_for
from reward_server.datasets.sources import kind_of

__all__ = ["AmbiguousRow", "UnknownRow", "kind_of", "read_row", "task_for"]
