"""Rust, one file, standard library alone, optimised.

Where the folder `units` comes with a program, its tests are a module in a file there, which the source names:
`reward_server/testing/units/rust.py`.
"""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.rs",
    aliases=("rs",),
    compile=("rustc", "-O", "--edition", "2021", "-o", "program", "solution.rs"),
    run=("./program",),
    version=("rustc", "--version"),
    home=("rustc", "--print", "sysroot"),
    self_test="fn main() { std::io::copy(&mut std::io::stdin(), &mut std::io::stdout()).unwrap(); }\n",
    compile_cpu_seconds=60.0,
)
