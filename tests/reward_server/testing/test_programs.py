"""The program a completion submits is found where models put it, and nowhere else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server.testing.harness.surroundings import surrounded
from reward_server.testing.submission.completing import complete_program
from reward_server.testing.submission.fences import blocks
from reward_server.testing.submission.programs import extract_program
from reward_server.testing.submission.replies import begun


def program(text: str, language: str = "python", **told: Any) -> str | None:
    found = extract_program(text, language, **told)
    return None if found is None else found.source


def python(text: str) -> str | None:
    return program(text)


def test_a_block_that_imports_the_solution_is_an_example_of_its_use() -> None:
    text = "```python\ndef f(x):\n    return x\n```\nUse:\n```python\nfrom solution import f\nprint(f(3))\n```"
    for wanted in ("f", None):
        assert program(text, wanted=wanted) == "def f(x):\n    return x\n"
    own = "```python\ndef g(x):\n    return x\n```\n```python\nfrom scipy.special import comb\nf = comb\n```"
    assert program(own, wanted="f") == "from scipy.special import comb\nf = comb\n"


@pytest.mark.parametrize(
    ("completion", "program"),
    [
        ("so:\n```python\nx = 1\n```\ndone", "x = 1\n"),
        ("```python\ndraft = 1\n```\nbetter:\n```py\nfinal = 2\n```", "final = 2\n"),
        ("```python\nx = 1\n```\nit prints\n```\n1 2 3\n```", "x = 1\n"),
        ("```bash\npip install a\n```\n```\nx = 1\n```\n```text\n1 ) 2\n```", "x = 1\n"),
        ("~~~python\ns = '```'\n~~~", "s = '```'\n"),
        ("````python\nd = '''\n```\n'''\n````", "d = '''\n```\n'''\n"),
        ("```python\nx = 1```", "x = 1"),
        ("```python\nx = 1\n", "x = 1\n"),
        ("<think>```python\nx = 0\n```</think><answer>```python\nx = 1\n```</answer>", "x = 1\n"),
        ("<answer>print(1)</answer>", "print(1)"),
        ("def f(x):\n    return x\n", "def f(x):\n    return x\n"),
        ("    return x + 1\n", "    return x + 1\n"),
    ],
)
def test_the_last_block_of_the_language_after_thinking_is_the_program(completion: str, program: str) -> None:
    assert python(completion) == program


@pytest.mark.parametrize(
    "completion",
    [
        "",
        "yes",
        "I would sort the list.",
        "```cpp\nint main() {}\n```",
        "```python\n\n```",
        "<think>```python\nx = 1\n```",
    ],
)
def test_no_program_is_invented(completion: str) -> None:
    assert python(completion) is None


def test_other_languages_keep_their_last_closed_block() -> None:
    text = "```cpp\nint main() {}\n```\nshorter:\n```cpp\nint ma"
    assert program(text, "cpp") == "int main() {}\n"


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("haskell", "main :: IO ()\nmain = interact id\n"),
        ("scheme", "(define (f x)\n  (+ x 1))\n(display (f 1))\n"),
        ("elixir", "defmodule F do\n  def f(x), do: x\nend\n"),
        ("kotlin", "fun main() = println(1)\n"),
        ("pascal", "var n: integer;\nbegin\n  read(n)\nend.\n"),
    ],
)
def test_a_program_without_a_fence_is_known_by_its_lines(language: str, source: str) -> None:
    assert program(source, language) == source
    assert program("First sort them.\nThen count the pairs.", language) is None


PROMPT = 'from typing import List\n\ndef helper(x):\n    return x\n\ndef f(xs: List[int]) -> int:\n    """Sum."""\n'


def test_a_body_continues_the_prompt_and_a_whole_function_keeps_its_imports() -> None:
    continued = complete_program("    return sum(xs)\n", PROMPT, "f", python=True)
    assert continued == PROMPT + "    return sum(xs)\n"
    unindented = complete_program("return sum(xs)\n", PROMPT, "f", python=True)
    namespace: dict[str, object] = {}
    exec(unindented, namespace)
    assert namespace["f"]([1, 2]) == 3
    whole = complete_program("def f(xs: List[int]):\n    return helper(1)\n", PROMPT, "f", python=True)
    assert whole.startswith("from typing import List")
    assert "def helper" in whole
    assert '"""Sum."""' not in whole


@given(st.text(alphabet="`~ab\n #python", max_size=200))
def test_any_text_is_read_without_raising_and_blocks_are_in_order(text: str) -> None:
    python(text)
    assert all(block.content in text for block in blocks(text))


def test_the_block_that_defines_what_the_tests_call_comes_before_examples_of_its_use() -> None:
    text = "```python\ndef f(x):\n    return x\n```\nSo:\n```python\nprint(f(2))\n```"
    assert program(text) == "def f(x):\n    return x\n\nprint(f(2))\n"
    assert program(text, wanted="f") == "def f(x):\n    return x\n"
    assert program(text, wanted="g") == program(text)
    twice = text.replace("print(f(2))", "def f(x):\n    return 2 * x")
    assert program(twice, wanted="Solution.f") == "def f(x):\n    return 2 * x\n"


DRAFT = "n = int(input())\nif n:\n    print(n + 1)\n"


@pytest.mark.parametrize(
    "last",
    [
        "import os; print(int(os.read(0, 1<<20))**2)",
        "read = input; print(int(read())**2)",
        "for line in iter(input, '9'): print(line)",
        "import sys\nfor line in sys.__stdin__: print(line)",
        "print(7)",
        "n = 8\nprint(n + 1)",
        "print(9)  # whatever comes",
    ],
)
def test_a_last_program_with_something_new_in_it_is_the_one(last: str) -> None:
    assert program(f"```python\n{DRAFT}```\nBetter:\n```python\n{last}\n```", reads=True) == f"{last}\n"


@pytest.mark.parametrize(
    "last",
    [
        "if n:\n    print(n + 1)",
        "print(n + 1)",
        "print(n + 1, end='')",
        "m = 8",
        "def f(x):\n    return x + 1",
        "if n:",
    ],
)
def test_a_part_of_a_program_that_reads_is_not_taken_for_it(last: str) -> None:
    assert program(f"```python\n{DRAFT}```\nHere\n```python\n{last}\n```\nsays so.", reads=True) == DRAFT
    assert program(f"```python\n{DRAFT}```\nHere\n```python\n{last}\n```\nsays so.") != DRAFT


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        (
            "class Solution:\n    def f(self, x: List[int]): return inf",
            ["from math import inf", "from typing import List"],
        ),
        ("def f(x): return math.gcd(x, len(Counter(x)))", ["from collections import Counter", "import math"]),
        ("from math import *\ndef f(x: List[int]): return inf", ["from typing import List"]),
        ("def f(inf, List=3): return [count for count in inf]", []),
        ("from math import inf\ndef f(x): return inf", []),
        ("def f(:", []),
    ],
)
def test_what_harnesses_import_is_imported_where_it_is_used_and_not_defined(source: str, imports: list[str]) -> None:
    lines = surrounded(source).split("\n")
    assert sorted(lines[: len(imports)]) == imports
    assert "\n".join(lines[len(imports) :]) == source


FUNCTION = "def f(x):\n    return x\n"


@pytest.mark.parametrize(
    "completion",
    [
        f"```python\n{FUNCTION}```\nOutput:\n```\nEnter a number: 3\n```",
        f"```\n{FUNCTION}```\nExample:\n```\nInput: nums = [1,2]\nOutput: 3\n```",
        f"> ```python\n> {FUNCTION.strip().replace(chr(10), chr(10) + '> ')}\n> ```",
        f"[PYTHON]{FUNCTION}[/PYTHON]",
        f"[PYTHON]\n```python\n{FUNCTION}```\n[/PYTHON]",
        f"<code>{FUNCTION}</code>",
        f"<code>{FUNCTION}</code> I write <code> before and </code",
        f"```\npython\n{FUNCTION}```",
        f"```python\n{FUNCTION}```".replace("\n", "\r\n"),
        f"Here is the code: ```python\n{FUNCTION}```",
        f"Solution: ```\n{FUNCTION}```",
        *(f"```{tag}\n{FUNCTION}```" for tag in ("Python3.11", "ipython", "python:solution.py", '{.python file="a"}')),
    ],
)
def test_a_program_is_found_however_its_block_is_marked(completion: str) -> None:
    assert (python(completion) or "").strip() == FUNCTION.strip()


@pytest.mark.parametrize(
    "source",
    [
        "# strips </think> tags\ndef f(x):\n    return x\n",
        "def f(x):\n    return x.split('</think>')\n",
        'def f(x):\n    """\n    ```\n    f(1)\n    ```\n    """\n    return x\n',
    ],
)
def test_marks_that_a_program_mentions_do_not_end_it(source: str) -> None:
    assert python(f"<think>hm</think>\n```python\n{source}```\nDone.") == source


def test_a_thought_that_is_opened_again_behind_a_draft_is_still_a_thought() -> None:
    draft = "<think>a</think>\n```python\ndraft = 1\n```\n<think>\n```python\nx = 1\n</think>"
    again = f"{draft}\n```python\n{FUNCTION}```"
    assert python(again) == FUNCTION


@pytest.mark.parametrize(
    ("prefix", "completion"),
    [
        ("```python\n", FUNCTION + "```"),
        ("Sure:\n```python\n", f"```python\n{FUNCTION}```"),
        ("```python\ndef f(x):\n", "    return x\n```\nIt returns x."),
        ("<think>\n", f"draft ```python\nx = 0\n```\n</think>\n```python\n{FUNCTION}```"),
    ],
)
def test_what_the_prompt_began_is_read_in_front(prefix: str, completion: str) -> None:
    assert python(begun(prefix, completion)) == FUNCTION
