"""Java; the class with `main` may have any name and package, as in most data sets.

The file is named after what looks like its public class; where javac knows better, it is asked for the name.

Where the folder `units` comes with a program, its tests are a compilation unit of their own, beside the submission's in
one package: `reward_server/testing/units/java.py`. A class of the submission that was not foreseen there, of a name the
tests use, has it refused.

Sources of libraries are found in the folder `library`, if the program brings one; classes that are used are compiled.

The heap may grow to 1 GiB whatever the task allows, because the virtual machine sizes it before it knows the program;
what the task allows counts on top of the runtime's own gigabyte.
"""

from sandboxes.languages import Language

_NAME = r"\([A-Za-z_$][A-Za-z0-9_$]*\)"
_PUBLIC = rf"s/^[ \t]*public[ \t]\(.*[ \t]\)\{{0,1\}}\(class\|record\|enum\|interface\)[ \t]\{{1,\}}{_NAME}.*/\3/p"
_ANY = rf"s/^[ \t]*\(public \|final \|abstract \)*class[ \t]\{{1,\}}{_NAME}.*/\2/p"
_FIND = r"""
/[{]$/ { for (i = 1; i < NF; i++) if ($i == "class" || $i == "interface") { type = $(i + 1); sub(/<.*/, "", type) } }
/ static .* main\(java\.lang\.String/ {
  plain = type; sub(/.*[.]/, "", plain)
  place = index(wanted, " " plain " "); if (!place) place = 1000000
  if (!chosen || place < best) { chosen = type; best = place }
}
END { print chosen ? chosen : "Main" }
"""
_QUICK = "-J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1"
_COMPILE = f"""
if [ -d units ]; then
  units=$(echo units/*)
  if [ -f $units/refused ]; then cat $units/refused >&2; exit 1; fi
  javac {_QUICK} -nowarn -proc:none -encoding UTF-8 -sourcepath library -d . Main.java $units/Tests.java >&2 || exit 1
  (cd "$(cat $units/package)" && ls | sed -n 's/[.]class$//p') > classes
  if grep -qxF -f $units/foreign classes; then echo 'the program defines what checks rely on' >&2; exit 1; fi
  rm classes && cp $units/main main.class.name
  exit
fi
compile() {{
  file=$1.java
  [ "$file" = Main.java ] || cp Main.java "$file"
  said=$(javac {_QUICK} -nowarn -encoding UTF-8 -sourcepath .:library -d . "$file" 2>&1)
}}
name=$(sed -n '{_PUBLIC}' Main.java | head -n 1)
name=${{name:-Main}}
if ! compile "$name"; then
  other=$(printf '%s\n' "$said" | sed -n 's/.* should be declared in a file named {_NAME}[.]java$/\\1/p' | head -n 1)
  [ "$other" ] && name=$other && compile "$name" || {{ printf '%s\n' "$said" >&2; exit 1; }}
fi
others=$(sed -n '{_ANY}' Main.java | tr '\n' ' ')
find . -name '*.class' ! -name '*$*' -exec javap -public {{}} + > main.class.name
awk -v "wanted= $name Main $others" '{_FIND}' main.class.name > main.class.found && mv main.class.found main.class.name
"""
_RUN = (
    "read -r main < {artifact}/main.class.name;"
    " exec java -DONLINE_JUDGE=true"
    ' -XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto -Xss64m -Xmx1g -ea -cp {artifact} "$main" "$@"'
)

LANGUAGE = Language(
    file_name="Main.java",
    aliases=("jdk", "openjdk"),
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
