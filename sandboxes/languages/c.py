"""C17, optimised; `ONLINE_JUDGE` is defined, as by the judges whose programs ask for it."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.c",
    aliases=("gcc", "clang", "c99", "c11", "c17", "ansi c"),
    compile=("gcc", "-std=gnu17", "-O2", "-pipe", "-DONLINE_JUDGE", "-o", "program", "solution.c", "-lm"),
    run=("./program",),
    version=("gcc", "--version"),
    self_test="#include <stdio.h>\nint main(void) { int c; while ((c = getchar()) != EOF) putchar(c); }\n",
)
