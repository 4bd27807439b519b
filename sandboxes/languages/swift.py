"""Swift with Foundation, optimised, assertions kept: statements at the top level, or a type with `@main`."""

from sandboxes.languages import Language

_COMPILE = """
library=
grep -q '^[ \\t]*@main' solution.swift && library=-parse-as-library
exec swiftc -O -assert-config Debug -suppress-warnings $library -module-cache-path cache -o program solution.swift
"""

LANGUAGE = Language(
    file_name="solution.swift",
    aliases=("swiftlang", "swift5", "swift6"),
    compile=("sh", "-c", _COMPILE),
    run=("./program",),
    version=("swiftc", "--version"),
    self_test="while let line = readLine() { print(line) }\n",
    environment={"SWIFT_BACKTRACE": "enable=no"},
    extra_memory_bytes=64 * 1024 * 1024,
    extra_processes=16,
    limit_address_space=False,
    compile_cpu_seconds=60.0,
)
