"""Tcl."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.tcl",
    aliases=("tclsh",),
    run=("tclsh", "{artifact}/solution.tcl"),
    version=("sh", "-c", "echo 'puts [info patchlevel]' | tclsh"),
    self_test="puts -nonewline [read stdin]\n",
)
