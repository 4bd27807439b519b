"""C17, optimised; `ONLINE_JUDGE` is defined, as by the judges whose programs ask for it.

Where the folder `units` comes with a program, its tests are a unit of their own (`units_of`).
"""

from sandboxes.languages import Language


def units_of(extension: str) -> str:
    """Return the shell's lines that make `program` of a submission and tests apart from it; `$build` compiles.

    `reward_server/testing/units` says which ways there are and what the files in the one folder of `units` hold. The
    first way whose compilation succeeds is taken; what is left in the directory is the program. Where a tool lacks, no
    program compiles, so that the language is not offered here.
    """
    own = f"solution.{extension}"
    return f"""
for tool in nm ld objcopy awk grep sed tr; do
  command -v $tool >/dev/null || {{ echo "$tool is not installed here" >&2; exit 1; }}
done
unmade() {{ rm -f own.o tests.o hidden.o symbols kept said bare.i whole.{extension} apart.{extension}; }}
refused() {{ [ -s said ] || echo 'the program defines what checks rely on' > said; return 1; }}
apart() {{
  [ -f $units/apart ] && cp $units/apart apart.{extension} && $build -c -o tests.o apart.{extension} 2>said &&
    grep -f $units/kept symbols > kept && ld -r --force-group-allocation -o hidden.o own.o &&
    objcopy --keep-global-symbols=kept hidden.o && $build -o program tests.o hidden.o $libraries 2>said
}}
beside() {{
  {{ cat $units/front; echo "$2"; cat bare.i; echo "$3"; cat $units/tests; }} > whole.{extension}
  $build -DREWARD_WAY="'$1'" -o program whole.{extension} $libraries 2>said
}}
alone() {{
  cat $units/front bare.i > whole.{extension}
  $build -fsyntax-only whole.{extension} 2>said
}}
named() {{ [ -f $units/names ] && beside n "$(cat $units/opening)" "}}
$(cat $units/site $units/names)"; }}
joined() {{
  if tr '\\n' ' ' < bare.i | grep -qE -f $units/crossing; then refused; else beside s; fi
}}
linked() {{
  $build -Dmain=submission_main -c -o own.o {own} || return 1
  nm -g --defined-only own.o > said && awk '{{ print $NF }}' said > symbols && : > said || return 1
  apart && return
  if grep -qE -f $units/behind symbols; then : > said; refused; return; fi
  cp $units/bare apart.{extension}
  $build -E -P -w -Dmain=submission_main apart.{extension} | sed -E '/^[ \\t]*#[ \\t]*(pragma|ident)/d' > bare.i
  if grep -qwE 'asm|__asm|__asm__' bare.i; then : > said; refused; return; fi
  alone && {{ named || joined; }}
}}
if [ -d units ]; then
  units=$(echo units/*)
  linked; status=$?
  [ $status = 0 ] || [ ! -f said ] || cat said >&2
  unmade
  exit $status
fi
"""


_COMPILE = f"""
build='gcc -std=gnu17 -O2 -pipe -DONLINE_JUDGE' libraries=-lm
{units_of("c")}
exec $build -o program solution.c $libraries
"""

LANGUAGE = Language(
    file_name="solution.c",
    aliases=("gcc", "clang", "c99", "c11", "c17", "ansi c"),
    compile=("sh", "-c", _COMPILE),
    run=("./program",),
    version=("gcc", "--version"),
    self_test="#include <stdio.h>\nint main(void) { int c; while ((c = getchar()) != EOF) putchar(c); }\n",
)
