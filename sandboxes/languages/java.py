"""Java; the class with `main` may have any name, as in most data sets.

The heap may grow to 1 GiB whatever the task allows, because the virtual machine sizes it before it knows the program;
what the task allows counts on top of the runtime's own gigabyte.
"""

from sandboxes.languages import Language

_NAME = r"\([A-Za-z_$][A-Za-z0-9_$]*\)"
_PUBLIC = rf"s/^[ \t]*public[ \t]\(.*[ \t]\)\{{0,1\}}\(class\|record\|enum\|interface\)[ \t]\{{1,\}}{_NAME}.*/\3/p"
_ANY = rf"s/^[ \t]*\(public \|final \|abstract \)*class[ \t]\{{1,\}}{_NAME}.*/\2/p"
_COMPILE = f"""
name=$(sed -n '{_PUBLIC}' Main.java | head -n 1)
file=${{name:-Main}}.java
[ "$file" = Main.java ] || cp Main.java "$file"
javac -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -nowarn -encoding UTF-8 -d . "$file" || exit 1
main=
for class in "${{name:-Main}}" Main $(sed -n '{_ANY}' Main.java); do
  if [ -f "$class.class" ] && javap -cp . -public "$class" | grep -q ' main('; then
    main=$class; break
  fi
done
echo "${{main:-Main}}" > main.class.name
"""
_RUN = (
    "read -r main < {artifact}/main.class.name;"
    ' exec java -XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto -Xss64m -Xmx1g -ea -cp {artifact} "$main" "$@"'
)

LANGUAGE = Language(
    file_name="Main.java",
    aliases=("java8", "java11", "java17", "java21", "jdk"),
    compile=("sh", "-c", _COMPILE),
    run=("sh", "-c", _RUN, "java"),
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
