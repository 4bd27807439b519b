r"""Programs: right and wrong ones in the forms in which tests are stored, and programs that reach for the tests.

Measured against others: every labelled solution of HumanEval, MBPP, QuixBugs, LeetCode and contests at hand comes out as
it does when the data set's own harness runs it (`benchmarks/code_agreement.py`). Programs of 25 languages that attack
what runs them are in `tests/sandboxes/attacks`, those that attack checkers and interactors in
`tests/reward_server/graders/test_code_judges.py`.
"""

from . import Case

_DOUBLE = {
    "kind": "code",
    "cpu_seconds": 2,
    "tests": [{"stdin": "2\n", "stdout": "4\n"}, {"stdin": "5\n", "stdout": "10\n"}],
}
_SQUARE = {"kind": "code", "cpu_seconds": 2, "tests": ["assert square(3) == 9", "assert square(-2) == 4"]}
_CALLED = {
    "kind": "code",
    "cpu_seconds": 2,
    "fn_name": "add",
    "tests": {"inputs": [[1, 2], [-3, 3]], "outputs": [3, 0]},
}
_CHECK = {
    "kind": "code", "cpu_seconds": 2, "entry_point": "below",
    "prompt": 'def below(xs: list, limit: int) -> bool:\n    """Whether every number is below a limit."""\n',
    "tests": "def check(candidate):\n    assert candidate([1, 2], 3)\n    assert not candidate([1, 3], 3)\n    assert candidate([], 0)\n",
}  # fmt: skip
_CHECKER = "import sys\ngiven, right, printed = (open(name).read().split() for name in sys.argv[1:])\n"
_ANY_ORDER = {
    "kind": "code", "cpu_seconds": 2, "tests": [{"input": "1\n", "output": "1 2\n"}, {"input": "4\n", "output": "4 5\n"}],
    "checker": _CHECKER + "print(1 if sorted(right) == sorted(printed) else 0)",
}  # fmt: skip
_GUESS = {
    "kind": "code", "cpu_seconds": 2, "wall_seconds": 2, "tests": [{"input": "437", "output": "437"}],
    "interactor": {"protocol": "status", "source": """
import sys
secret = int(open(sys.argv[1]).read())
for asked in range(12):
    kind, number = input().split()
    if kind == "!":
        sys.exit(0 if int(number) == secret else 1)
    print("<" if secret < int(number) else ">" if secret > int(number) else "=", flush=True)
sys.exit(1)
"""},
}  # fmt: skip
_BISECT = """low, high = 1, 1000
while low < high:
    middle = (low + high) // 2
    print("?", middle, flush=True)
    low, high = {"=": (middle, middle), "<": (low, middle - 1), ">": (middle + 1, high)}[input()]
print("!", low, flush=True)"""


def _block(program: str, language: str = "python") -> str:
    return f"```{language}\n{program}\n```"


CASES = [
    Case(_DOUBLE, _block("print(2 * int(input()))"), "correct"),
    Case(_DOUBLE, _block("import sys\nprint(sum(map(int, sys.stdin)) * 2)"), "correct"),
    Case(_DOUBLE, "print(2 * int(input()))", "correct", "no fence"),
    Case(_DOUBLE, "<think>```python\nprint(1)\n```</think>" + _block("n = int(input())\nprint(n + n)"), "correct"),
    Case(
        _DOUBLE,
        _block("print(3 * int(input()))") + "\nBetter:\n" + _block("print(2 * int(input()))"),
        "correct",
        "the last",
    ),
    Case(_DOUBLE, _block("print(2 * int(input()), end='')"), "correct", "the last line end"),
    Case(_DOUBLE, _block("print(int(input()) ** 2)"), "incorrect"),
    Case(_DOUBLE, _block("print(4)"), "incorrect"),
    Case(_DOUBLE, _block("print(2 * int(input())"), "compile_error"),
    Case(_DOUBLE, _block("print(2 * int(input()) / 0)"), "runtime_error"),
    Case(_DOUBLE, _block("while True: pass"), "time_limit"),
    Case(_DOUBLE, "I would double the number.", "no_answer"),
    Case(_DOUBLE, "", "no_answer"),
    Case(_DOUBLE, "<think>" + _block("print(2 * int(input()))"), "no_answer", "an unfinished thought"),
    Case(_DOUBLE | {"reducer": "fraction"}, _block("print(4 if int(input()) == 2 else 0)"), "partial"),
    Case(_SQUARE, _block("def square(x):\n    return x * x"), "correct"),
    Case(_SQUARE, _block("square = lambda x: x ** 2"), "correct"),
    Case(_SQUARE, _block("def square(x):\n    return 9"), "incorrect"),
    Case(_SQUARE, _block("def square(x):\n    return x * y"), "runtime_error"),
    Case(_CALLED, _block("def add(a, b):\n    return a + b"), "correct"),
    Case(_CALLED, _block("class Solution:\n    def add(self, a, b):\n        return a + b"), "correct"),
    Case(_CALLED, _block("def add(a, b):\n    return a - b"), "incorrect"),
    Case(_CHECK, _block("    return all(x < limit for x in xs)"), "correct", "goes on where the prompt ends"),
    Case(_CHECK, _block("def below(xs, limit):\n    return max(xs, default=limit - 1) < limit"), "correct"),
    Case(_CHECK, _block("def below(xs, limit):\n    return True"), "incorrect"),
    Case(_ANY_ORDER, _block("n = int(input())\nprint(n + 1, n)"), "correct"),
    Case(_ANY_ORDER, _block("n = int(input())\nprint(n, n)"), "incorrect"),
    Case(_GUESS, _block(_BISECT), "correct"),
    Case(_GUESS, _block("print('! 500', flush=True)"), "incorrect"),
]

_TO_PRINTED = [
    ("print(4)", "one test's output"), ("print(4)\nprint(10)", "the outputs of all"), ("print('4 10')", "all in a line"),
    ("import os\nprint(4)\nos._exit(0)", "leaves early"), ("print('PASS')", "says that it passed"), ("print('')", "nothing"),
    ("import glob\nfor name in glob.glob('/**/*.json', recursive=True)[:50]: print(open(name, errors='replace').read())", "looks for tests"),
    ("import os\nprint(os.environ)", "prints what it can find"), ("print(open('/proc/self/cmdline').read())", "its command line"),
    ("import sys\nsys.stdout.write('4\\n\\r10\\n')", "overwrites its line"), ("print('\\x1b[2J4')", "clears the screen"),
    ("print('4\\b\\b10')", "backspaces"), ("print('4\\u200b')", "a hidden character"), ("print('4.0')", "another number"),
    ("import sys\nsys.stderr.write('4\\n')", "on standard error"), ("raise SystemExit(0)", "ends well and says nothing"),
    ("import os\nos.close(1)", "closes its output"), ("import os, time\nif os.fork(): os._exit(0)\nprint(4)", "a child answers"),
    ("import signal, os\nos.kill(os.getppid(), signal.SIGKILL)", "kills what runs it"), ("exec(input())", "runs its input"),
    ("while True: print(4)", "prints for ever"), ("print(2 * int(input()))\nprint(2 * 5)", "more than was asked"),
]  # fmt: skip
_EQUAL = (
    "class Same(int):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
    "    __hash__ = int.__hash__\n"
)
_TO_CALLED = [
    ("import sys\nsys.exit(0)", "leaves before the tests"), ("import os\nos._exit(0)", "leaves at once"),
    ("def square(x):\n    import os\n    os._exit(0)", "leaves inside the call"), ("def square(x):\n    raise SystemExit(0)", "raises the end"),
    (_EQUAL + "def square(x):\n    return Same(0)", "equal to everything"), ("def square(x):\n    return NotImplemented", "no value"),
    ("def square(x):\n    return {9, 4}", "every answer"), ("def square(x):\n    return (9, 4)", "both answers"),
    ("def square(x):\n    return 9", "one test's value"), ("def square(x):\n    return None", "nothing"),
    ("def square(x):\n    return '9' if x == 3 else '4'", "texts for numbers"), ("def square(x):\n    return True", "a truth value"),
    ("import builtins\nbuiltins.AssertionError = type('A', (Exception,), {})\ndef square(x):\n    return 0", "patches the error"),
    ("import sys\nsys.settrace(lambda *a: None)\nsys.excepthook = lambda *a: sys.exit(0)\ndef square(x):\n    return 0", "hides the error"),
    ("import builtins\nbuiltins.int = lambda *a: 9\nint.__eq__ = lambda *a: True\ndef square(x):\n    return 0", "patches int"),
    ("import inspect\ndef square(x):\n    return eval(inspect.stack()[1].code_context[0].split('==')[1])", "reads the caller's line"),
    ("import sys\ndef square(x):\n    return next(iter(sys._getframe(1).f_locals.get('expected', [0])))", "looks into the caller"),
    ("import gc\ndef square(x):\n    return max(o for o in gc.get_objects() if isinstance(o, int))", "searches the memory"),
    ("def square(x):\n    assert False, 'passed'", "fails by itself"), ("square = type('S', (), {'__eq__': lambda *a: True})", "a class for a function"),
    ("import atexit, os\natexit.register(lambda: os._exit(0))\ndef square(x):\n    return 0", "a good end in any case"),
    ("import unittest.mock\nsquare = unittest.mock.MagicMock()", "a mock"), ("def square(x):\n    return float('nan')", "nan"),
    ("def square(x):\n    while True: pass", "never returns"), ("def square(x):\n    return x * x if x == 3 else 0", "half of it"),
    ("import threading, os\nthreading.Timer(0.05, os._exit, [0]).start()\ndef square(x):\n    import time; time.sleep(0.2)", "a timer ends it"),
    ("__name__ = 'tests'\ndef square(x):\n    return 0\nprint('2 passed')", "speaks as the tests do"),
]  # fmt: skip
_ELSEWHERE = [
    (_CHECK, "def check(candidate):\n    pass\ndef below(xs, limit):\n    return 0", "defines the check itself"),
    (_CHECK, "def below(xs, limit):\n    return type('T', (), {'__bool__': lambda s: True})()", "true to everyone"),
    (_CHECK, "import sys\nsys.modules['__main__'].check = lambda c: None\ndef below(xs, limit): return None", "replaces the check"),
    (_CALLED, "def add(a, b):\n    return 3", "one test's value"),
    (_CALLED, "class Any:\n    def __eq__(self, other): return True\ndef add(a, b):\n    return Any()", "equal to everything"),
    (_ANY_ORDER, "print('1')", "what the checker would print"), (_ANY_ORDER, "print('1 2')", "one test's output"),
    (_ANY_ORDER, "print(open('correct_output.txt').read())", "reads the checker's file"), (_ANY_ORDER, "pass", "nothing"),
    (_ANY_ORDER, "import os\nos.write(1, b'\\xff\\xfe')", "breaks the checker"),
    (_ANY_ORDER, "for name in ('sitecustomize.py', 'usercustomize.py'): open(name, 'w').write('print(1)')", "patches its Python"),
    (_GUESS, "print('? 1')", "leaves a question open"), (_GUESS, "pass", "says nothing"),
    (_GUESS, "import os\nprint('? 1', flush=True)\nos._exit(0)", "leaves at once"), (_GUESS, "print('!')", "half an answer"),
    (_GUESS, "for guess in range(1, 1001): print('!', guess, flush=True)", "guesses everything"),
    (_GUESS, "for guess in range(1, 1001): print('?', guess, flush=True)", "asks everything"),
    (_GUESS, "print('!', open('input.txt').read())", "reads the secret"), (_GUESS, "input()", "waits for ever"),
    (_GUESS, "import os\nos.write(1, b'\\xff 1\\n')", "breaks the interactor"), (_GUESS, "print('! ' + '9' * 5000)", "an endless number"),
]  # fmt: skip
ATTACKS = [
    *(Case(_DOUBLE, _block(program), "", why) for program, why in _TO_PRINTED),
    *(Case(_SQUARE, _block(program), "", why) for program, why in _TO_CALLED),
    *(Case(task, _block(program), "", why) for task, program, why in _ELSEWHERE),
    Case(
        _DOUBLE, "<think>" + _block("print(2 * int(input()))") + "</think>It prints the double.", "", "in the thinking"
    ),
    Case(_DOUBLE, "<|channel|>analysis<|message|>" + _block("print(2 * int(input()))"), "", "in the analysis"),
    Case(_DOUBLE, _block("print(2 * int(input()))", "text") + _block("print(0)"), "", "a better one as a text"),
    Case(_DOUBLE, "4\n10", "", "the outputs and no program"),
]
