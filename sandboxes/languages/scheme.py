"""Scheme on Guile, compiled to its bytecode once, without the cache in a home directory."""

from sandboxes.languages import Language

_COMPILE = '(use-modules (system base compile)) (compile-file "solution.scm" #:output-file "solution.go")'

LANGUAGE = Language(
    file_name="solution.scm",
    aliases=("scm", "guile"),
    compile=("guile", "--no-auto-compile", "-c", _COMPILE),
    run=("guile", "--no-auto-compile", "-c", '(load-compiled "{artifact}/solution.go")'),
    version=("guile", "--version"),
    self_test=(
        "(use-modules (ice-9 rdelim))\n"
        "(let loop ((line (read-line)))\n  (unless (eof-object? line) (display line) (newline) (loop (read-line))))\n"
    ),
    environment={"GUILE_AUTO_COMPILE": "0"},
    extra_memory_bytes=64 * 1024 * 1024,
    extra_processes=8,
    limit_address_space=False,
)
