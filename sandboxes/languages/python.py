"""Python, run by the zygote's own interpreter: no start-up, fork per run, modules already imported."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.py",
    aliases=("py", "python3", "py3", "python 3", "pypy", "pypy3", "cpython", "ipython", "jupyter", "sage"),
    self_test="import sys\nsys.stdout.write(sys.stdin.read())\n",
)
