"""C++20, optimised.

Half of a typical submission's compile time is `<bits/stdc++.h>`. The images carry it precompiled, for exactly these
flags, in a directory of its own; where that directory is missing the compiler passes over it. OpenSSL is
linked where the program includes it, as HumanEval-X and others expect. A program that includes a header of C++23 is
compiled as C++23. `ONLINE_JUDGE` is defined, as by the judges whose programs ask for it.
Tests that come apart from their program are compiled as `c.py` says.
"""

from sandboxes.languages import Language
from sandboxes.languages.c import units_of

PRECOMPILED = "/usr/local/lib/reward-server/precompiled"
"""Holds bits/stdc++.h.gch, made by `g++ -std=gnu++20 -O2 -x c++-header`; a macro it does not mention may be added."""

_NEWER = "print|expected|generator|flat_map|flat_set|mdspan|spanstream|stacktrace|stdfloat"
_COMPILE = f"""
standard=gnu++20; grep -qsE '^ *# *include *<({_NEWER})>' solution.cpp && standard=gnu++23
build="g++ -std=$standard -O2 -pipe -DONLINE_JUDGE -I{PRECOMPILED}"
libraries=$(grep -qs '^ *# *include *<openssl/' solution.cpp && echo -lssl -lcrypto)
{units_of("cpp")}
exec $build -o program solution.cpp $libraries
"""

LANGUAGE = Language(
    file_name="solution.cpp",
    aliases=("c++", "cc", "cxx", "g++", "gnu++", "clang++", "cplusplus", "hpp"),
    compile=("sh", "-c", _COMPILE),
    run=("./program",),
    version=("g++", "--version"),
    self_test="#include <iostream>\nint main() { std::cout << std::cin.rdbuf(); }\n",
    compile_output_bytes=192 * 1024 * 1024,
)
