"""Common Lisp on SBCL, as a script: each form is compiled when it is read, an unhandled error ends the program."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.lisp",
    aliases=("lisp", "common-lisp", "common lisp", "common_lisp", "sbcl"),
    run=(
        "sbcl",
        "--dynamic-space-size",
        "2GB",
        "--control-stack-size",
        "200MB",
        "--script",
        "{artifact}/solution.lisp",
    ),
    version=("sbcl", "--version"),
    self_test='(loop for line = (read-line nil nil) while line do (format t "~a~%" line))\n',
    extra_memory_bytes=128 * 1024 * 1024,
    extra_processes=4,
    limit_address_space=False,
)
