"""Perl."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.pl",
    aliases=("pl", "perl5"),
    run=("perl", "{artifact}/solution.pl"),
    version=("perl", "-e", 'print "perl $^V\\n"'),
    self_test="print while <STDIN>;\n",
)
