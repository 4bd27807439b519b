"""R; standard input is `file("stdin")`."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.R",
    aliases=("rscript",),
    run=("Rscript", "--vanilla", "{artifact}/solution.R"),
    version=("Rscript", "--version"),
    self_test='writeLines(readLines(file("stdin")))\n',
    directories=("/etc/R",),
    cpu_factor=1.5,
    extra_memory_bytes=128 * 1024 * 1024,
    extra_processes=8,
    limit_address_space=False,
)
