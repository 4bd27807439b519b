"""Awk, GNU's."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.awk",
    aliases=("gawk", "mawk"),
    run=("gawk", "-f", "{artifact}/solution.awk"),
    version=("gawk", "--version"),
    self_test="{ print }\n",
)
