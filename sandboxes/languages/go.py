"""Go, one file, standard library alone; without the network no module can be fetched.

The compiler and the linker are called directly where the standard library lies compiled beside them, as in the image:
`go build` would compile it anew into an empty cache for every submission, and lock files, which no run may.
"""

from sandboxes.languages import Language

_COMPILE = """
library=$(go env GOROOT)/pkg/$(go env GOOS)_$(go env GOARCH)
if [ -f "$library/fmt.a" ]; then
  go tool compile -p main -I "$library" -o main.o solution.go && exec go tool link -s -w -L "$library" -o program main.o
  exit 1
fi
exec go build -o program solution.go
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
