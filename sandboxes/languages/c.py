"""C17, optimised; `ONLINE_JUDGE` is defined, as by the judges whose programs ask for it.

Where the folder `units` comes with a program, its tests are a unit of their own (`units_of`).
"""

from sandboxes.languages import Language


def units_of(extension: str) -> str:
    """Return the shell's lines that make `program` of a submission and tests apart from it; `$build` compiles.

    `reward_server/testing/units` says which ways there are and what the files in `units` hold. The first way whose
    compilation succeeds is taken; what is left in the directory is the program.
    """
    own = f"solution.{extension}"
    return f"""
unmade() {{ rm -f own.o tests.o hidden.o kept said bare.i whole.{extension} apart.{extension}; }}
apart() {{
  [ -f units/apart ] && cp units/apart apart.{extension} && $build -c -o tests.o apart.{extension} 2>said || return 1
  nm -g --defined-only own.o | awk '{{ print $NF }}' | grep -f units/kept > kept || return 1
  ld -r --force-group-allocation -o hidden.o own.o && objcopy --keep-global-symbols=kept hidden.o &&
    $build -o program tests.o hidden.o $libraries 2>said
}}
beside() {{
  {{ cat units/front; echo "$2"; cat bare.i; echo "$3"; cat units/tests; }} > whole.{extension}
  $build -DREWARD_WAY="'$1'" -o program whole.{extension} $libraries 2>said
}}
named() {{ [ -f units/names ] && beside n 'namespace reward_submission {{' "}}
$(cat units/site units/names)"; }}
joined() {{
  if tr '\\n' ' ' < bare.i | grep -qE -f units/crossing; then
    [ -s said ] || echo 'the program defines what checks rely on' > said
    return 1
  fi
  beside s
}}
linked() {{
  $build -Dmain=submission_main -c -o own.o {own} || return 1
  apart && return
  if nm -g --defined-only own.o | awk '{{ print $NF }}' | grep -qE -f units/behind; then
    echo 'the program defines what checks rely on' > said
    return 1
  fi
  cp units/bare apart.{extension}
  $build -E -P -w -Dmain=submission_main apart.{extension} | sed '/^[ \\t]*#/d' > bare.i
  named || joined
}}
if [ -d units ]; then
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
