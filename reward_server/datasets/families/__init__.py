"""What is known of data sets' columns, one file for each family of them, each with a constant `FORMS`."""

from reward_server.datasets.families import choices, programs, puzzles, structured, texts
from reward_server.datasets.forms import Form

FORMS: tuple[Form, ...] = (*programs.FORMS, *choices.FORMS, *texts.FORMS, *structured.FORMS, *puzzles.FORMS)
"""Every form; which of those that match decides is said in `reward_server.datasets.reading`."""
