"""Pascal on Free Pascal, in Delphi mode unless the program names another; a large stack, because recursion is common.

The compiler's own settings file is passed over, so that a program means the same everywhere.
"""

from sandboxes.languages import Language

_COMPILE = """
units=$(ls -d /usr/lib/*/fpc/$(fpc -iV)/units/*-linux /usr/lib/fpc/$(fpc -iV)/units/*-linux 2>/dev/null | head -n 1)
exec fpc -n -l- -v0e -Mdelphi -Sgic -O2 -dONLINE_JUDGE -Cs67107839 "-Fu$units/*" "-Fu$units/rtl" -oprogram solution.pas
"""

LANGUAGE = Language(
    file_name="solution.pas",
    aliases=("pas", "fpc", "freepascal", "free pascal", "delphi"),
    compile=("sh", "-c", _COMPILE),
    run=("./program",),
    version=("fpc", "-iW"),
    self_test="var line: ansistring;\nbegin\n  while not eof do begin readln(line); writeln(line) end\nend.\n",
    limit_address_space=False,
)
