"""Go, one file, standard library alone; without the network no module can be fetched.

The compiler and the linker are called directly where the standard library lies compiled beside them, as in the image:
`go build` would compile it anew into an empty cache for every submission, and lock files, which no run may.

Where the folder `units` comes with a program, its tests are a package of their own that imports the submission's
(`reward_server/testing/units/go.py`); where that does not compile, both are files of one package, if it has these.
"""

from sandboxes.languages import Language

_COMPILE = """
set -- $(go env GOROOT GOOS GOARCH)
library=$1/pkg/$2_$3
if [ -f "$library/fmt.a" ]; then direct=yes; else direct=; fi
one() {
  if [ -z "$direct" ]; then go build -o "$top/program" "$@"; return; fi
  go tool compile -p main -I "$library" -I "$top" -o "$top/main.o" "$@" || return
  go tool link -s -w -L "$library" -L "$top" -o "$top/program" "$top/main.o"
}
own() {
  if [ "$direct" ]; then go tool compile -p "$package" -I "$library" -pack -o "$package.a" solution.go || return; fi
  if [ -z "$direct" ]; then mkdir -p "gopath/src/$package" && cp solution.go "gopath/src/$package" || return; fi
  one "$units/tests.go"
}
top=$PWD
if [ -d units ]; then
  units=$(echo units/*)
  if [ -f "$units/refused" ]; then cat "$units/refused" >&2; exit 1; fi
  package=$(cat "$units/package")
  export GOPATH=$top/gopath
  said=$(own 2>&1)
  status=$?
  if [ $status != 0 ] && [ -d "$units/shared" ]; then
    said=$(cd "$units/shared" && one solution.go tests.go 2>&1)
    status=$?
  fi
  rm -rf main.o "$package.a" gopath
  [ $status = 0 ] || printf '%s\\n' "$said" >&2
  exit $status
fi
one solution.go
"""

LANGUAGE = Language(
    file_name="solution.go",
    aliases=("golang",),
    compile=("sh", "-c", _COMPILE),
    run=("./program",),
    version=("go", "version"),
    self_test='package main\n\nimport (\n\t"io"\n\t"os"\n)\n\nfunc main() {\n\tio.Copy(os.Stdout, os.Stdin)\n}\n',
    environment={
        "GOCACHE": "{artifact}/cache",
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
        "GOTELEMETRY": "off",
        "CGO_ENABLED": "0",
        "GO111MODULE": "off",
    },
    extra_memory_bytes=64 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
    compile_cpu_seconds=60.0,
)
