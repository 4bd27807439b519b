"""Bash, with the tools of the system beside it."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.sh",
    aliases=("sh", "shell", "zsh", "bash script"),
    run=("bash", "{artifact}/solution.sh"),
    version=("bash", "--version"),
    self_test="cat\n",
)
