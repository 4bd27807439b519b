"""Ada 2022 on GNAT, assertions on; the last library-level procedure with a body is the main program."""

from sandboxes.languages import Language

_MAIN = r"s/^procedure[ \t]\{1,\}\([A-Za-z0-9_]*\)[ \t]*\(is.*\)\{0,1\}$/\1/Ip"
_COMPILE = f"""
gnatchop -q -w solution.ada >&2 || exit 1
main=$(sed -n 's/\\r$//;{_MAIN}' solution.ada | tail -n 1 | tr A-Z a-z)
exec gnatmake -q -gnat2022 -gnata -O2 -o program "${{main:-main}}.adb" >&2
"""

LANGUAGE = Language(
    file_name="solution.ada",
    aliases=("adb", "gnat"),
    compile=("sh", "-c", _COMPILE),
    run=("./program",),
    version=("gnatmake", "--version"),
    self_test=(
        "with Ada.Text_IO; use Ada.Text_IO;\nprocedure Echo is\nbegin\n   while not End_Of_File loop\n"
        "      Put_Line (Get_Line);\n   end loop;\nend Echo;\n"
    ),
    compile_cpu_seconds=60.0,
)
