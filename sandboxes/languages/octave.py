"""Octave, which reads most MATLAB programs; functions may stand before the commands that call them."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.m",
    aliases=("matlab",),
    run=("octave-cli", "--no-init-file", "--no-site-file", "--no-history", "--quiet", "{artifact}/solution.m"),
    version=("octave-cli", "--version"),
    self_test="1;\nwhile ischar(line = fgets(stdin))\n  fputs(stdout, line);\nendwhile\n",
    cpu_factor=1.5,
    extra_memory_bytes=256 * 1024 * 1024,
    extra_processes=16,
    limit_address_space=False,
)
