"""Java; the class with `main` may have any name, as in most data sets.

The heap may grow to 1 GiB whatever the task allows, because the virtual machine sizes it before it knows the program;
what the task allows counts on top of the runtime's own gigabyte.
"""

from sandboxes.languages import Language

_COMPILE = r"""
name=$(sed -n 's/^[ \t]*public[ \t]\(.*[ \t]\)\{0,1\}\(class\|record\|enum\|interface\)[ \t]\{1,\}\([A-Za-z_$][A-Za-z0-9_$]*\).*/\3/p' Main.java | head -n 1)
file=${name:-Main}.java
[ "$file" = Main.java ] || cp Main.java "$file"
javac -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -nowarn -encoding UTF-8 -d . "$file" || exit 1
main=
for class in "${name:-Main}" Main $(sed -n 's/^[ \t]*\(public \|final \|abstract \)*class[ \t]\{1,\}\([A-Za-z_$][A-Za-z0-9_$]*\).*/\2/p' Main.java); do
  if [ -f "$class.class" ] && grep -q 'void *main *(' Main.java && javap -cp . -public "$class" | grep -q ' main('; then
    main=$class; break
  fi
done
echo "${main:-Main}" > main.class.name
"""

LANGUAGE = Language(
    file_name="Main.java",
    aliases=("java8", "java11", "java17", "java21", "jdk"),
    compile=("sh", "-c", _COMPILE),
    run=(
        "sh",
        "-c",
        "read -r main < {artifact}/main.class.name;"
        ' exec java -XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto -Xss64m -Xmx1g -ea -cp {artifact} "$main" "$@"',
        "java",
    ),
    version=("javac", "-version"),
    self_test=(
        "import java.io.*;\npublic class Main { public static void main(String[] a) throws IOException"
        " { System.in.transferTo(System.out); System.out.flush(); } }\n"
    ),
    cpu_factor=2.0,
    extra_memory_bytes=1024 * 1024 * 1024,
    extra_processes=64,
    limit_address_space=False,
)
