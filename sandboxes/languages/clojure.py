"""Clojure, the file run as a script; a `-main` is called only if the script calls it.

Most of a run is the language loading itself: a second of CPU time, hence the factor.
"""

from sandboxes.languages import Language

_RUN = (
    'exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xss64m -Xmx1g'
    ' -cp "$(printf %s: /usr/share/java/clojure.jar /usr/share/java/*spec.alpha.jar)"'
    ' clojure.main {artifact}/solution.clj "$@"'
)

LANGUAGE = Language(
    file_name="solution.clj",
    aliases=("clj",),
    run=("sh", "-c", _RUN, "clojure"),
    version=("clojure", "-e", "(clojure-version)"),
    self_test="(print (slurp *in*))\n(flush)\n",
    cpu_factor=4.0,
    extra_memory_bytes=1024 * 1024 * 1024,
    extra_processes=64,
    limit_address_space=False,
)
