"""Haskell on GHC, optimised, `assert` kept; the module is `Main`, named or not.

GHC's own packages can be imported (containers, text, bytestring, mtl, array, ...) and what the image has beside them.
"""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.hs",
    aliases=("hs", "ghc"),
    compile=("ghc", "-v0", "-O1", "-fno-ignore-asserts", "-package-env=-", "-o", "program", "solution.hs"),
    run=("./program",),
    version=("ghc", "--version"),
    self_test="main :: IO ()\nmain = interact id\n",
    directories=("/var/lib/ghc",),
    extra_memory_bytes=32 * 1024 * 1024,
    extra_processes=8,
    limit_address_space=False,
    compile_cpu_seconds=60.0,
)
