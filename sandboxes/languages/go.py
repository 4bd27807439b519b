"""Go, one file, standard library alone; without the network no module can be fetched."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.go",
    aliases=("golang",),
    compile=("go", "build", "-o", "program", "solution.go"),
    run=("./program",),
    version=("go", "version"),
    self_test=('package main\n\nimport (\n\t"io"\n\t"os"\n)\n\nfunc main() {\n\tio.Copy(os.Stdout, os.Stdin)\n}\n'),
    environment={
        "GOCACHE": "{artifact}/cache",
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
        "GO111MODULE": "off",
    },
    extra_memory_bytes=64 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
    compile_cpu_seconds=60.0,
)
