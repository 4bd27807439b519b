"""C++20, optimised."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.cpp",
    compile=("g++", "-std=gnu++20", "-O2", "-pipe", "-o", "program", "solution.cpp"),
    run=("./program",),
    version=("g++", "--version"),
    self_test="#include <iostream>\nint main() { std::cout << std::cin.rdbuf(); }\n",
)
