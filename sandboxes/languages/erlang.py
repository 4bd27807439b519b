"""Erlang, compiled; `main/0`, else `start/0`, else `main/1` with the arguments is the program.

A file without `-module` gets one, and one without `-export` exports everything, as escripts do. What `elixir.py` says
of the virtual machine holds here.
"""

from sandboxes.languages import Language
from sandboxes.languages.elixir import SCHEDULERS, settled

_COMPILE = r"""
module=$(sed -n 's/^-module(\([A-Za-z0-9_@]*\)).*/\1/p' solution.erl | head -n 1)
options=
grep -q '^-export' solution.erl || options='+export_all +nowarn_export_all'
mkdir code
{ [ -n "$module" ] || echo '-module(solution).'; echo '-file("solution.erl", 0).'; sed '1s/^#!.*//' solution.erl; } \
  > "code/${module:-solution}.erl"
erlc $options -o code "code/${module:-solution}.erl" >&2 || exit 1
echo "${module:-solution}" > module.name
"""
_START = (
    "try [M|A]=init:get_plain_arguments(),{module,X}=code:ensure_loaded(list_to_atom(M)),"
    "case [erlang:function_exported(X,F,0)||F<-[main,start]] of"
    " [true,_]->X:main(); [_,true]->X:start(); _->X:main(A) end of _->halt(0)"
    ' catch C:R:S->io:format(standard_error,"~p ~p~n~p~n",[C,R,S]),halt(1) end.'
)
_RUN = "read -r module < {artifact}/module.name; " + settled(
    f'erl -noshell {SCHEDULERS} -pa {{artifact}}/code -eval "$0" -extra "$module" "$@"'
)

LANGUAGE = Language(
    file_name="solution.erl",
    aliases=("erl",),
    compile=("sh", "-c", _COMPILE),
    run=("sh", "-c", _RUN, _START),
    version=("erl", "+V"),
    self_test=(
        "-module(echo).\n-export([main/0]).\n"
        'main() -> case io:get_line("") of eof -> ok; Line -> io:put_chars(Line), main() end.\n'
    ),
    cpu_factor=2.0,
    extra_memory_bytes=256 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
    own_refusals=("socket",),
)
