"""Racket, compiled to bytecode once."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.rkt",
    aliases=("rkt",),
    compile=("raco", "make", "solution.rkt"),
    run=("racket", "{artifact}/solution.rkt"),
    version=("racket", "--version"),
    self_test="#lang racket/base\n(require racket/port)\n(copy-port (current-input-port) (current-output-port))\n",
    directories=("/etc/racket",),
    cpu_factor=1.5,
    extra_memory_bytes=256 * 1024 * 1024,
    limit_address_space=False,
)
