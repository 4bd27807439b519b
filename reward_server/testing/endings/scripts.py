"""PHP, Perl, Ruby, Lua, R, Bash, Tcl and Octave: a statement behind the tests.

Where a runner would end the process itself (LuaUnit, test/unit, minitest) it is run here, and its result looked at.
Tests that call `exit` in a way that cannot be told from passing are left to the exit status.
"""

import re

from reward_server.testing.endings import Ending, appended, leaves
from reward_server.testing.endings.braces import fitted


def _join_curly(source: str, tests: str) -> str:
    return appended(fitted(source, tests), tests)


def _php(tests: str, nonce: str) -> str | None:
    if leaves(tests, r"exit|die"):
        return None
    tests = re.sub(r"\?>\s*\Z", "", re.sub(r"\A\s*<\?php\b", "", tests))
    return f"ini_set('assert.exception', '1');\n{tests}\n;fwrite(STDOUT, \"\\n{nonce}\");\n"


def _join_php(source: str, tests: str) -> str:
    """Put the tests inside `<?php`, whatever the submission ended with."""
    source = re.sub(r"\?>\s*\Z", "", source)
    return _join_curly(source if "<?" in source else f"<?php\n{source}", tests)


def _perl(tests: str, nonce: str) -> str | None:
    if leaves(tests, r"exit"):
        return None
    tests = re.sub(r"^__(END|DATA)__$.*", "", tests, flags=re.MULTILINE | re.DOTALL)
    return f'{tests}\n;{{ local $| = 1; print STDOUT "\\n{nonce}"; }}\n'


_RUBY_RUNNERS = """
if defined?(Test::Unit::AutoRunner)
  Test::Unit::AutoRunner.need_auto_run = false
  exit!(1) unless Test::Unit::AutoRunner.run
end
if defined?(Minitest::Runnable)
  exit!(1) unless Minitest.run([])
end
"""


def _ruby(tests: str, nonce: str) -> str | None:
    if leaves(tests, r"exit!?"):
        return None
    gems = "require 'rubygems'\n" if re.search(r"^\s*require\s", tests, re.MULTILINE) else ""
    tests = re.sub(r"^__END__$.*", "", tests, flags=re.MULTILINE | re.DOTALL)
    return f'{gems}{tests}\n{_RUBY_RUNNERS}$stdout.write("\\n{nonce}")\n$stdout.flush\nexit!(0)\n'


_LUA_RUN = re.compile(r"os\.exit\s*\(\s*(\w+\.LuaUnit(?:\.run|:run\w*)\s*\([^()]*\))\s*(?:,\s*\w+\s*)?\)")
_LUA_BARE_RUN = re.compile(r"^\s*(\w+\.LuaUnit(?:\.run|:run\w*)\s*\([^()]*\))\s*$", re.MULTILINE)


def _lua(tests: str, nonce: str) -> str | None:
    run = r"if (\1) ~= 0 then os.exit(1) end"
    tests = _LUA_BARE_RUN.sub(run, _LUA_RUN.sub(run, tests))
    tests = re.sub(r"os\.exit\s*\(\s*(?:0|true)?\s*\)\s*\Z", "", tests)
    if re.search(r"os\.exit\s*\(\s*(?!1|2|3|false)", tests):
        return None
    return f'{tests}\nio.write("\\n{nonce}")\n'


def _r(tests: str, nonce: str) -> str | None:
    tests = re.sub(r"\b(?:q|quit)\s*\((?:\s*\"no\"\s*,?)?(?:\s*status\s*=\s*0\s*)?\)\s*\Z", "", tests)
    return None if re.search(r"^\s*(?:q|quit)\s*\(", tests, re.MULTILINE) else f'{tests}\ncat("\\n{nonce}")\n'


_BASH_TRAP = """set -E; trap '[ "$BASH_SUBSHELL" -gt 0 ] || echo "assertion failed: $BASH_COMMAND" >&2' ERR\n"""


def _bash(tests: str, nonce: str) -> str | None:
    """The status of the last command was that of the program, and still is; a check that fails is named."""
    tests = re.sub(r"^[ \t]*exit(?:[ \t]+0)?[ \t]*;?\s*\Z", "", tests, flags=re.MULTILINE)
    if re.search(r"\bexit\b(?![ \t]+[1-9])", re.sub(r"(?m)(?:^|\s)#.*$", "", tests)):
        return None
    return (
        f"{_BASH_TRAP}{tests}\nreward_status=$?; [ $reward_status -eq 0 ] || exit $reward_status\nprintf '\\n{nonce}'\n"
    )


def _tcl(tests: str, nonce: str) -> str | None:
    if re.search(r"^\s*exit\b", tests, re.MULTILINE):
        return None
    if "tcltest" in tests:
        tests = re.sub(r"^\s*(?:::)?(?:tcltest::)?cleanupTests\s*$", "", tests, flags=re.MULTILINE)
        tests += "\nif {$::tcltest::numTests(Failed) > 0} { exit 1 }\n"
    return f'{tests}\nputs -nonewline "\\n{nonce}"\n'


def _octave(tests: str, nonce: str) -> str | None:
    """MultiPL-E's tests define `test` and leave the call to whoever runs them."""
    if re.search(r"^\s*(?:exit|quit)\b", tests, re.MULTILINE):
        return None
    defined = re.search(r"^function\s+(?:\w+\s*=\s*)?test\s*\(\s*\)", tests, re.MULTILINE)
    call = "test();\n" if defined and not re.search(r"^test\b", tests, re.MULTILINE) else ""
    return f'{tests}\n{call}printf("\\n%s", "{nonce}");\n'


_OCTAVE_OPENS = re.compile(r"^[ \t]*(?:function|if|for|while|switch|try|do|parfor|unwind_protect)\b", re.MULTILINE)
_OCTAVE_ENDS = re.compile(r"(?:^|[;,])[ \t]*end\w*\b", re.MULTILINE)


def _join_octave(source: str, tests: str) -> str:
    """MultiPL-E's tests begin with the `end` of the function, which a submission that is whole has already."""
    whole = len(_OCTAVE_OPENS.findall(source)) <= len(_OCTAVE_ENDS.findall(source))
    return appended(source, re.sub(r"\A\s*end\b", "", tests) if whole else tests)


ENDINGS = {
    "php": Ending(_php, _join_php),
    "perl": Ending(_perl, _join_curly),
    "ruby": Ending(_ruby),
    "lua": Ending(_lua),
    "r": Ending(_r, _join_curly),
    "bash": Ending(_bash, _join_curly),
    "tcl": Ending(_tcl, _join_curly),
    "octave": Ending(_octave, _join_octave),
}
