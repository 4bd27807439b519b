"""D on LDC, optimised, assertions and bounds checks on; the standard library is Phobos.

`unittest` blocks are left out, as by any compiler that is not told otherwise; a test program made of them is given a
`main` that runs them.
"""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.d",
    aliases=("dlang", "d_ut", "ldc", "ldc2", "dmd"),
    compile=("ldc2", "-O2", "-of=program", "solution.d"),
    run=("./program",),
    version=("ldc2", "--version"),
    self_test="import std.stdio;\nvoid main() { foreach (line; stdin.byLine) writeln(line); }\n",
    directories=("/etc/ldc2.conf",),
    extra_memory_bytes=32 * 1024 * 1024,
    extra_processes=8,
    limit_address_space=False,
    compile_cpu_seconds=60.0,
)
