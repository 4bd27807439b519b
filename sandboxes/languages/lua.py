"""Lua 5.4."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.lua",
    aliases=("lua5.4",),
    run=("lua5.4", "{artifact}/solution.lua"),
    version=("lua5.4", "-v"),
    self_test='io.write(io.read("a"))\n',
)
