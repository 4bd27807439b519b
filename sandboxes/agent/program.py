"""Running a Python submission inside the forked, confined child: as a script, by calling a function, by an expression.

Everything here shares a process with the submission and can be broken by it. It therefore knows nothing worth knowing,
and what it says is taken as what the submission says. Records leave on a socket, four bytes of length before each.
The interpreter is not finalised at the end: that would touch, hence copy, every page shared with the zygote.
"""

import _io
import _thread
import atexit
import builtins
import json
import linecache
import os
import sys
import traceback
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any, NoReturn

from sandboxes.agent.values import UnsupportedValueError, encode

FILE_NAME = "solution.py"
_Stream = _io._IOBase  # noqa: SLF001 - `io.IOBase` asks Python code for each value
_ERROR_CHARACTERS = 500


class _Ends:
    """What runs the two ends of a wire, put here by `wire.ends` where an interpreter is for them.

    Others do without: what tests need is ten times what most programs do, and the kernel copies the tables of all of it
    for every run.
    """

    run_tests: Callable[[str, dict[str, Any]], NoReturn]
    serve_program: Callable[[CodeType, ModuleType, int], NoReturn]
    warm: Callable[[], None] = staticmethod(lambda: None)


ends = _Ends()
PROGRAM, TESTS = "program", "tests"
"""The two ends of a wire; a run that is neither has an empty text there."""


def run(source: bytes, call: dict[str, Any], record: int) -> NoReturn:
    """Compile `source`, do what `call` asks, say what came of it on the socket `record`, end the process."""
    prepare_streams()
    sys.argv = [FILE_NAME, *call["argv"]]
    if call["wire"] == TESTS:
        ends.run_tests(source.decode("utf-8", "surrogatepass"), json.loads(call["setup"]))
    try:
        code = compile(source, path(), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        _send(record, {"compile_error": _last_line(error)})
        os._exit(1)
    if call["wire"] == PROGRAM:
        ends.serve_program(code, enter_module("solution"), call["output_bytes"])
    if is_script(call):
        run_script(code, enter_module("__main__"), record)
    run_call(code, enter_module("solution"), call, record)


def is_script(call: dict[str, Any]) -> bool:
    """Whether no value is asked for."""
    return call["function"] is None and call["expression"] is None


def execute(argv: list[str], environment: dict[str, str]) -> None:
    """Become a program that is no Python; what is wrong with its file is said as a shell says it."""
    try:
        os.execve(argv[0], argv, environment)
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os._exit(127)


def path() -> str:
    """Where the program finds its own source."""
    return os.path.join(os.getcwd(), FILE_NAME)


def read_call(descriptor: int) -> tuple[dict[str, Any], memoryview]:
    """What is asked, and the contents of extra files behind it."""
    data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    end = 8 + int.from_bytes(data[:8], "big")
    return json.loads(data[8:end]), memoryview(data)[end:]


def prepare_streams() -> None:
    """Fresh objects on descriptors 0 to 2: the zygote's own know nothing of what is behind them now."""
    sys.set_int_max_str_digits(0)
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        errors = "backslashreplace" if name == "stderr" else "surrogateescape"
        stream = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115 - never closed
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def keep_source(source: bytes) -> None:
    """In the working directory, for `__file__`, tracebacks, `inspect.getsource` and multiprocessing's spawn."""
    try:
        descriptor = os.open(FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except OSError:
        return
    with open(descriptor, "wb") as file:
        file.write(source)


def enter_module(name: str) -> ModuleType:
    """The empty module that the program is to run in."""
    module = ModuleType(name)
    module.__file__ = path()
    module.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules[name] = module
    return module


def run_script(code: CodeType, module: ModuleType, record: int) -> NoReturn:
    """Run the compiled program to its end, as the interpreter does with a file."""
    status = 0
    try:
        exec(code, module.__dict__)
    except SystemExit as leaving:
        status = _exit_status(leaving)
    except BaseException as error:  # noqa: BLE001 - untrusted code was called
        _tell_of_failure(error, record, {"error": _last_line(error)})
        status = 1
    _leave(status)


def run_call(code: CodeType, module: ModuleType, call: dict[str, Any], record: int) -> NoReturn:
    """Load the compiled program, send the value it gives for `call`."""
    namespace = module.__dict__
    try:
        exec(code, namespace)
        exec(call["setup"], namespace)
        if call["expression"] is not None:
            value = eval(call["expression"], namespace)
        else:
            value = _find(namespace, call["function"])(*call["args"])
        answer = b'{"value":' + encode(value) + b"}"
    except SystemExit as leaving:
        _send(record, {"left": _exit_status(leaving)})
    except UnsupportedValueError as error:
        _send(record, {"unsupported": str(error)})
    except BaseException as error:  # noqa: BLE001 - untrusted code was called
        _tell_of_failure(error, record, {"exception": _last_line(error)})
    else:
        _send_bytes(record, answer)
    _flush()
    os._exit(0)


def _find(namespace: dict[str, Any], name: str) -> Any:
    if "." in name:
        owner, _, method = name.partition(".")
        return getattr(namespace[owner](), method)
    if name in namespace:
        return namespace[name]
    if "Solution" in namespace:
        return getattr(namespace["Solution"](), name)
    raise NameError(f"name {name!r} is not defined")


def _exit_status(leaving: SystemExit) -> int:
    """What CPython makes of the argument of `sys.exit`."""
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code & 0xFF
    sys.stderr.write(f"{leaving.code}\n")
    return 1


def _tell_of_failure(error: BaseException, record: int, message: dict[str, Any]) -> None:
    if isinstance(error, MemoryError):
        message["out_of_memory"] = True
    _send(record, message)
    frames = error.__traceback__
    try:
        linecache.checkcache()
        traceback.print_exception(type(error), error, frames and frames.tb_next, limit=50)
    except BaseException:  # noqa: BLE001 - the submission's own __str__ may raise
        return


def _last_line(error: BaseException) -> str:
    try:
        text = "".join(traceback.format_exception_only(type(error), error)).strip()
        return text.rsplit("\n", 1)[-1][:_ERROR_CHARACTERS]
    except BaseException:  # noqa: BLE001 - the submission's own __str__ may raise
        return type(error).__name__


def _leave(status: int) -> NoReturn:
    """End as CPython would, short of finalising: wait for threads, run exit handlers, flush."""
    threading = sys.modules.get("threading")
    try:
        if threading is not None and not _is_alone(threading):
            threading._shutdown()  # noqa: SLF001 - what CPython itself calls at its end
        atexit._run_exitfuncs()  # noqa: SLF001
    except SystemExit as leaving:
        status = _exit_status(leaving)
    except BaseException:  # noqa: BLE001 - untrusted code was called
        traceback.print_exc()
    _flush()
    os._exit(status)


def _is_alone(threading: ModuleType) -> bool:
    """Whether there is no thread to wait for, and nobody to whom it matters that the main thread is over."""
    return not (_thread._count() or atexit._ncallbacks() or getattr(threading, "_threading_atexits", True))  # noqa: SLF001


def _flush() -> None:
    """The standard streams, also where the submission put its own in their place, and files it left open."""
    main = sys.modules.get("__main__")
    left_open = [value for value in list(vars(main).values()) if isinstance(value, _Stream)] if main else []
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, *left_open):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:  # noqa: BLE001 - the submission may have replaced it
            continue


def _send(record: int, message: dict[str, Any]) -> None:
    _send_bytes(record, json.dumps(message).encode())


def _send_bytes(record: int, payload: bytes) -> None:
    data = memoryview(len(payload).to_bytes(4, "big") + payload)
    while data:
        try:
            data = data[os.write(record, data) :]
        except OSError:
            return
