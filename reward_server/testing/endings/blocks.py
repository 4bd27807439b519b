"""Ada, Fortran and Pascal: the end of the main program, which the tests bring."""

import re

from reward_server.testing.endings import Ending, appended


def _last(pattern: str, text: str) -> re.Match[str] | None:
    matches = list(re.finditer(pattern, text, re.MULTILINE | re.IGNORECASE))
    return matches[-1] if matches else None


def _ada(tests: str, nonce: str) -> str | None:
    begun = _last(r"^procedure\s+(\w+)\s+is\b", tests)
    end = _last(rf"^end\s+{begun[1]}\s*;", tests) if begun else None
    if begun is None or end is None or _last(r"^exception\b", tests[begun.end() :]):
        return None
    announce = f'Ada.Text_IO.New_Line; Ada.Text_IO.Put ("{nonce}");\n'
    head = f"{tests[: begun.start()]}with Ada.Text_IO;\n{tests[begun.start() : end.start()]}"
    return f"{head}{announce}{tests[end.start() :]}"


def _fortran(tests: str, nonce: str) -> str | None:
    begun = _last(r"^\s*program\s+\w+\s*$", tests)
    end = _last(r"^\s*end\s*(?:program\b.*)?$", tests)
    if begun is None or end is None or end.start() < begun.end():
        return None
    contains = re.search(r"^\s*contains\s*$", tests[begun.end() :], re.MULTILINE | re.IGNORECASE)
    place = begun.end() + contains.start() if contains else end.start()
    return f"{tests[:place]}\nprint '(/,a)', '{nonce}'\n{tests[place:].lstrip(chr(10))}"


def _pascal(tests: str, nonce: str) -> str | None:
    """What follows the first `end.` is no program: tests behind a submission with a main program never run."""
    end = re.search(r"\bend\s*\.", tests, re.IGNORECASE)
    if end is None:
        return None
    return f"{{$C+}}\n{tests[: end.start()]}; WriteLn; Write('{nonce}') {tests[end.start() :]}"


def _join_pascal(source: str, tests: str) -> str:
    """Leave out the submission's own main program."""
    main = _last(r"^begin\b", source)
    own = main is not None and re.search(r"\bend\s*+\.\s*+\Z", source[main.end() :], re.IGNORECASE)
    return appended(source[: main.start()] if main is not None and own else source, tests)


ENDINGS = {"ada": Ending(_ada), "fortran": Ending(_fortran), "pascal": Ending(_pascal, _join_pascal)}
