"""Scala; `object Main`, if it can be run, else the first object that can, is the program."""

from sandboxes.languages import Language

_MAINS = r"""
/^[^ ].*(class|object) / { for (i = 1; i < NF; i++) if ($i == "class") name = $(i + 1) }
/ main\(java.lang.String\[\]\)/ { print name }
"""
_COMPILE = f"""
mkdir classes && scalac -nowarn -d classes solution.scala >&2 || exit 1
cd classes
classes=$(find . -name '*.class' ! -name '*$*' | sed 's|^\\./||;s|\\.class$||;s|/|.|g')
javap -public $classes | awk '{_MAINS}' > ../mains
main=$(grep -x Main ../mains || head -n 1 ../mains)
echo "${{main:-Main}}" > ../main.class.name
"""
_RUN = 'read -r main < {artifact}/main.class.name; exec scala -cp {artifact}/classes "$main" "$@"'

LANGUAGE = Language(
    file_name="solution.scala",
    aliases=("scala2", "scala3"),
    compile=("sh", "-c", _COMPILE),
    run=("sh", "-c", _RUN, "scala"),
    version=("scalac", "-version"),
    self_test="object Main { def main(args: Array[String]): Unit = print(io.Source.stdin.mkString) }\n",
    environment={"JAVA_OPTS": "-XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto -Xss64m -Xmx1g"},
    cpu_factor=2.0,
    extra_memory_bytes=1024 * 1024 * 1024,
    extra_processes=64,
    limit_address_space=False,
    compile_cpu_seconds=60.0,
)
