"""OCaml, to native code; Str and Unix can be used, and Zarith where it is installed."""

from sandboxes.languages import Language

_COMPILE = """
zarith=
[ -f "$(ocamlopt -where)/zarith/zarith.cmxa" ] && zarith="-I +zarith zarith.cmxa"
exec ocamlopt -w -a -I +str -I +unix str.cmxa unix.cmxa $zarith -o program solution.ml
"""

LANGUAGE = Language(
    file_name="solution.ml",
    aliases=("ml", "ocamlopt"),
    compile=("sh", "-c", _COMPILE),
    run=("./program",),
    version=("ocamlopt", "-version"),
    self_test="let () = try while true do print_endline (input_line stdin) done with End_of_file -> ()\n",
    extra_memory_bytes=32 * 1024 * 1024,
    limit_address_space=False,
)
