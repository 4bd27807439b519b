"""C++20, optimised.

Half of a typical submission's compile time is `<bits/stdc++.h>`. The images carry it precompiled, for exactly these
flags, in a directory of its own; where that directory is missing the compiler passes over it.
"""

from sandboxes.languages import Language

PRECOMPILED = "/usr/local/lib/reward-server/precompiled"
"""Holds bits/stdc++.h.gch, made by `g++ -std=gnu++20 -O2 -x c++-header`."""

LANGUAGE = Language(
    file_name="solution.cpp",
    aliases=("c++", "cc", "cxx", "cpp17", "cpp20", "c++17", "c++20", "g++", "gnu++17", "gnu++20", "cplusplus"),
    compile=("g++", "-std=gnu++20", "-O2", "-pipe", f"-I{PRECOMPILED}", "-o", "program", "solution.cpp"),
    run=("./program",),
    version=("g++", "--version"),
    self_test="#include <iostream>\nint main() { std::cout << std::cin.rdbuf(); }\n",
    compile_output_bytes=192 * 1024 * 1024,
)
