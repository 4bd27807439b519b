"""Clojure, the file run as a script; a `-main` is called only if the script calls it.

Most of a run is the language loading itself, up to a second of CPU time, hence the factor.
"""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.clj",
    aliases=("clj",),
    run=("clojure", "{artifact}/solution.clj"),
    version=("clojure", "-e", '(println "Clojure" (clojure-version))'),
    self_test="(print (slurp *in*))\n(flush)\n",
    environment={
        "JAVA_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xss64m -Xmx1g"
        " -Dclojure.main.report=stderr"
    },
    cpu_factor=4.0,
    extra_memory_bytes=1024 * 1024 * 1024,
    extra_processes=64,
    limit_address_space=False,
)
