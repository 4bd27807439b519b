# ruff: noqa: E501 - programs stand as they are
"""Tests of C and C++ compiled apart from the program: what is right passes, what the program's text says stays its own.

Each row is tests and a program; `own`, `namespace` and `shared` are the ways of `reward_server.testing.units`.
"""

from functools import partial
from shutil import which

import pytest

from reward_server.testing.units import take_apart
from reward_server.testing.units.declarations import read_unit
from tests.reference_work import in_references
from tests.reward_server.testing.units.conftest import Grade

_H = "#include <vector>\n#include <cmath>\n#include <stdlib.h>\nusing namespace std;\n"
_PLAIN = "int main() { assert(f(1) == 2); assert(abs(f(3) - 4) < 1e-4); }"
_MULTIPL_E = "}\nint main() {\n    auto candidate = f;\n    assert(candidate((1)) == (2));\n}\n"
_SAME = (
    "#undef NDEBUG\n#include<assert.h>\nbool issame(vector<int> a, vector<int> b) { if (a.size() != b.size()) return"
    " false; for (int i = 0; i < a.size(); i++) if (a[i] != b[i]) return false; return true; }\n"
    "int main() { assert(issame(f({1, 2}), {2, 4})); }"
)
_EQUAL = "int main() { assert(f({3}) == vector<int>({6})); }"
_C = "int main(void) { assert(f(1) == 2); return 0; }"
_C_TEXT = '#include <string.h>\nint main(void) { assert(strcmp(f("a"), "ab") == 0); return 0; }'
_ZERO, _EMPTY = "int f(int x) { return 0; }\n", "vector<int> f(vector<int> v) { return {}; }\n"
_ALWAYS = "bool operator==(const vector<int> &a, const vector<int> &b) { return true; }\n"

RIGHT = {
    "alias": ("cpp", _MULTIPL_E, _H + "typedef long long ll;\nll f(ll x) { return x + 1; }\n", "own"),
    "macro for int": ("cpp", _MULTIPL_E, _H + "#define int long long\nint f(int x) { return x + 1; }\n", "own"),
    "no last brace": ("cpp", _MULTIPL_E, _H + "long f(long x) {\n  return x + 1;\n", "own"),
    "own main": ("cpp", _PLAIN, _H + "int f(int x) { return x + 1; }\nint main() { return 3; }", "own"),
    "static": (
        "cpp",
        _SAME,
        _H + "static vector<int> f(vector<int> v) { for (auto &x : v) x *= 2; return v; }\n",
        "own",
    ),
    "own helper of the tests' name": (
        "cpp",
        _SAME,
        _H + "bool issame(vector<int> a, vector<int> b) { return a == b; }\n"
        "vector<int> f(vector<int> v) { for (auto &x : v) x *= 2; return v; }\n",
        "own",
    ),
    "plain struct": (
        "cpp",
        "int main() { Point p{1, 2}; assert(f(p) == 3); }",
        "struct Point { int x; int y; };\nint f(Point p) { return p.x + p.y; }\n",
        "own",
    ),
    "hash of its own type": (
        "cpp",
        _PLAIN,
        _H + "#include <functional>\nstruct P { int v; bool operator==(const P &o) const { return v == o.v; } };\n"
        "namespace std { template <> struct hash<P> { size_t operator()(const P &p) const { return p.v; } }; }\n"
        "int f(int x) { return x + 1; }\n",
        "own",
    ),
    "exception": (
        "cpp",
        "int main() { try { f(-1); return 1; } catch (const std::invalid_argument &e) { } assert(f(1) == 2); }",
        '#include <stdexcept>\nint f(int x) { if (x < 0) throw std::invalid_argument("x"); return x + 1; }\n',
        "own",
    ),
    "name of the library": (
        "cpp",
        "int main() { assert(unique({1, 1, 2}) == 2); }",
        "#include <algorithm>\n" + _H + "int unique(vector<int> v) { return 2; }\n",
        "own",
    ),
    "constant": ("cpp", "int main() { assert(f(LIMIT) == 8); }", "#define LIMIT 7\nint f(int x) { return x + 1; }", "own"),
    "template": ("cpp", _PLAIN, _H + "template <class T> T f(T x) { return x + 1; }\n", "namespace"),
    "auto": ("cpp", _PLAIN, _H + "auto f(int x) { return x + 1; }\n", "namespace"),
    "lambda": ("cpp", _PLAIN, _H + "auto f = [](int x) { return x + 1; };\n", "namespace"),
    "class": (
        "cpp",
        "int main() { Solution s; assert(s.f(1) == 2); }",
        "class Solution {\npublic:\n    int f(int x) { return x + 1; }\n};\n",
        "namespace",
    ),
    "global name": ("cpp", _PLAIN, _H + "int one = 1;\ntemplate <class T> T f(T x) { return x + ::one; }\n", "shared"),
    "C static": ("c", _C, "static int f(int x) { return x + 1; }\n", "own"),
    "C struct": (
        "c",
        "int main(void) { Node n = {1, NULL}; assert(f(&n) == 2); return 0; }",
        "#include <stdlib.h>\ntypedef struct Node { int v; struct Node *next; } Node;\nint f(Node *n) { return n->v + 1; }",
        "own",
    ),
    "C name of the library": (
        "c",
        "int main(void) { assert(truncate(1.5f) == 1); return 0; }",
        "int truncate(float x) { return (int)x; }\n",
        "own",
    ),
    "comparison of its own type": (
        "cpp",
        _PLAIN,
        _H + "struct P { int x; };\nbool operator==(const P &a, const P &b) { return a.x == b.x; }\n"
        "int f(int x) { return x + (P{1} == P{1}); }\n",
        "own",
    ),
    "signs in a raw string": (
        "cpp",
        _PLAIN,
        _H + '#include <string>\nauto s = R"(\n# a\n)";\nauto f(int x) { return x + (int)string(s).size() - 4; }\n',
        "namespace",
    ),
    "braces by condition": (
        "cpp",
        _PLAIN,
        _H + "int f(int x) {\n#ifdef NEVER\n  if (x > 1) {\n#else\n  if (x > 0) {\n#endif\n    return x + 1; }\n  return x + 1; }\n",
        "shared",
    ),
}  # fmt: skip

_ALL = _H + "#include <string.h>\n#include <stdio.h>\n#include <unistd.h>\n#include <assert.h>\n"
_C_LONG = (
    '#include <string.h>\nint main(void) { assert(strcmp(f("a"), "a much longer answer than that") == 0); return 0; }'
)
_YIELD = 'extern int strcmp(const char *, const char *) __asm__("sched_yield");'
_SAYS = '{ printf("\\n%s\\n", reward_mark()); fflush(stdout); _exit(0); return 0; }'
_EMBEDDED = '__asm__(".pushsection .rodata\\n.globl t0\\nt0: .incbin \\"units/tests\\"\\n.byte 0\\n.popsection\\n");\n'

CHEATS = {
    "code in the macro of a type": (
        "cpp",
        _EQUAL,
        _H + "#define T typedef int zz; inline bool operator==(const vector<int>&, const vector<int>&) { return true; }"
        " vector<int>\nT f(vector<int> v) { return {}; }\n",
    ),
    "C declaration in the macro of a type": (
        "c",
        _C_LONG,
        f'#include <string.h>\n#define T int zz; {_YIELD} const char *\nT f(const char *s) {{ return ""; }}\n',
    ),
    "C declaration behind an enum": (
        "c",
        _C_LONG,
        (f"#include <string.h>\nenum E {{ AA = -1 }} {_YIELD}\n"
        f'const char *f(const char s[sizeof(enum E)]) {{ return ""; }}\n'),
    ),
    "tests included": ("cpp", _PLAIN, _ALL + 'int f(int x);\n#include "units/tests"\nint f(int x) ' + _SAYS),
    "tests embedded": ("cpp", _PLAIN, _ALL + _EMBEDDED + _ZERO),
    "C mark by its name": (
        "c",
        _C,
        "#include <stdio.h>\n#include <unistd.h>\nstatic const char *reward_mark(void);\n"
        "__attribute__((noinline)) int f(int s) " + _SAYS,
    ),
    "out of the namespace": (
        "cpp",
        _EQUAL,
        _ALL + "#ifndef _GLIBCXX_VECTOR\n} " + _ALWAYS.strip() + " namespace x {\n#endif\n"
        "auto f(vector<int> v) { return vector<int>(); }\n",
    ),
    "C label": (
        "c",
        _C_LONG,
        f'#include <string.h>\n{_YIELD}\n__attribute__((noinline)) const char *f(const char *s) {{ return ""; }}\n',
    ),
    "comparison with a type of its own": (
        "cpp",
        _EQUAL,
        _H + "int one = 1; bool operator==(const vector<decltype([]{ return 0; }())> &a, const vector<int> &b)"
        " { return true; }\nauto f(vector<int> v) { return vector<int>(::one); }\n",
    ),
    "assert": ("cpp", _PLAIN, _H + _ZERO + "#undef assert\n#define assert(x)\n"),
    "assert beside a template": ("cpp", _PLAIN, _H + "template <class T> T f(T x) { return 0; }\n#define assert(x)\n"),
    "main": ("cpp", _PLAIN, _H + _ZERO + "int main() { }\n#define main never\n"),
    "if": ("cpp", _PLAIN, _H + _ZERO + "#define if(x) if (true || x)\n"),
    "return": ("cpp", _SAME, _H + _EMPTY + "#define return return 1,\n"),
    "function as a macro": ("cpp", _PLAIN, _H + _ZERO + "#define f(x) (x + 1)\n"),
    "abs as a macro": ("cpp", "int main() { assert(abs(f(3) - 4) < 1e-4); }", _H + _ZERO + "#define abs(x) 0\n"),
    "abs": (
        "cpp",
        "int main() { assert(abs(f(3.0) - 4) < 1e-4); }",
        "#include <cmath>\ndouble f(double x) { return 0; }\ndouble abs(double x, int = 0) { return 0; }\n",
    ),
    "pushed macro": (
        "cpp",
        _PLAIN,
        _H + 'template <class T> T f(T x) { return 0; }\n#define assert(x)\n_Pragma("push_macro(\\"assert\\")")\n',
    ),
    "comparison": ("cpp", _EQUAL, _H + _EMPTY + _ALWAYS),
    "comparison in std": ("cpp", _EQUAL, _H + _EMPTY + f"namespace std {{ {_ALWAYS} }}\n"),
    "comparison beside auto": ("cpp", _EQUAL, _H + "auto f(vector<int> v) { return vector<int>(); }\n" + _ALWAYS),
    "comparison where no namespace fits": (
        "cpp",
        _EQUAL,
        _H + "int one = 1;\nauto f(vector<int> v) { return vector<int>(::one); }\n" + _ALWAYS,
    ),
    "helper of the tests": (
        "cpp",
        _SAME,
        _H + _EMPTY + "template <class A, class B> bool issame(A &&, B &&) { return true; }\n",
    ),
    "helper beside auto": (
        "cpp",
        _SAME,
        _H + "auto f(vector<int> v) { return vector<int>(); }\n"
        "template <class A, class B> bool issame(A &&, B &&) { return true; }\n",
    ),
    "vector": (
        "cpp",
        _SAME,
        "#include <initializer_list>\ntemplate <class T> struct vector { vector(std::initializer_list<T>) { }"
        " int size() { return 0; } T operator[](int) { return T(); } };\n" + _EMPTY,
    ),
    "symbol behind assert": (
        "cpp",
        _PLAIN,
        _H + _ZERO + 'extern "C" void __assert_fail(const char *, const char *, unsigned, const char *) noexcept'
        " { _Exit(0); }\n",
    ),
    "constructor that leaves": ("cpp", _PLAIN, _H + _ZERO + "struct A { A() { _Exit(0); } } a;\n"),
    "a brace too many": ("cpp", _PLAIN, _H + "} template <class T> T f(T x) { return 0; } namespace x {\n"),
    "braces that no compiler sees": ("cpp", _PLAIN, _H + _ZERO + "#if 0\n}}}\n#endif\n#undef assert\n#define assert(x)\n"),
    "nonce in the file": (
        "cpp",
        _PLAIN,
        "#include <cstdio>\n#include <cstdlib>\n#include <cctype>\n" + _ZERO + "struct A { A() {"
        ' FILE *in = fopen("/proc/self/exe", "rb"); static char b[1 << 22]; size_t n = fread(b, 1, sizeof b, in), run = 0;'
        " for (size_t i = 0; i < n; i++) { if (isdigit(b[i]) || (b[i] >= 'a' && b[i] <= 'f')) { run++; continue; }"
        ' if (run == 32 || run == 33) printf("\\n%.*s\\n", (int)run, b + i - run); run = 0; }'
        " fflush(stdout); _Exit(0); } } a;\n",
    ),
    "C assert": ("c", _C, "#include <assert.h>\n" + _ZERO + "#undef assert\n#define assert(x)\n"),
    "C return": ("c", _C, _ZERO + "#define return return 0;\n#define __assert_fail(...) (void)0\n"),
    "C counted": (
        "c",
        "int main(void) { int failed = 0; if (f(1) != 2) failed++; return failed; }",
        _ZERO + "#define if(x) if (0)\n",
    ),
    "C strcmp": (
        "c",
        _C_TEXT,
        'const char *f(const char *s) { return ""; }\nint strcmp(const char *a, const char *b) { return 0; }\n',
    ),
    "C symbol behind assert": (
        "c",
        _C,
        "#include <unistd.h>\n" + _ZERO
        + "void __assert_fail(const char *a, const char *b, unsigned c, const char *d) { _exit(0); }\n",
    ),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def compiler() -> None:
    if which("g++") is None:
        pytest.skip("no g++ on this machine")


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_passes_and_the_evidence_says_how_it_was_compiled(grade: Grade, name: str) -> None:
    language, tests, program, way = RIGHT[name]
    verdict = grade(language, tests, program)
    assert (verdict.score, verdict.evidence.get("tests_unit")) == (1.0, way), verdict
    assert verdict.evidence["trust"] == "opaque"


@pytest.mark.parametrize("name", CHEATS)
def test_what_a_program_s_text_does_to_its_tests_earns_nothing(grade: Grade, name: str) -> None:
    verdict = grade(*CHEATS[name])
    assert verdict.score == 0.0, verdict


def test_the_tests_source_is_gone_when_the_program_runs(grade: Grade) -> None:
    tests = 'int main() { FILE *said = popen("ls -R .. units 2>/dev/null", "r"); int c, at = 0; char all[4096] = {0};\n'
    tests += 'while ((c = fgetc(said)) != EOF && at < 4095) all[at++] = c; assert(strstr(all, "apart") == NULL);'
    tests += ' assert(strstr(all, "units:") == NULL); assert(f(1) == 2); return 0; }'
    program = "#include <stdio.h>\n#include <string.h>\nint f(int x) { return x + 1; }\n"
    assert grade("c", tests, program).score == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "typedef struct " + "a" * 600 + " " * 1350 + "@;",
        "x " + "a" * 900 + " " * 1000 + "@(x);\n",
        "a[" * 900 + ";\n",
        "int f(x)" + " -> " * 450 + "@;\n",
        "/*",
        '"\\',
        'R"(',
        "(",
        "{",
        "};",
        "#define A B\n",
        "int f(",
        "A::",
        "f(){}",
        "typedef ",
    ],
)
def test_no_submission_takes_long_to_take_apart(text: str) -> None:
    for language in ("c", "cpp"):
        work = partial(take_apart, language, (text * 40_000)[:40_000], "int main() { f(); A(); }", "0" * 32)
        assert in_references(work, 30) < 30


def test_a_submission_longer_than_is_read_is_not_taken_apart_for_long() -> None:
    work = partial(take_apart, "cpp", "typedef " * 40_000, "int main() { f(); A(); }", "0" * 32)
    assert in_references(work, 140) < 140


def test_declarations_are_read_past_strings_comments_and_bodies() -> None:
    source = (
        'const char *brace = "}{";  // int no(int) {\n/* int no(int); */\nenum Color { RED, GREEN = 4 };\n'
        "template <class T> T any_type(T x) { return x; }\nauto late(int x) -> long { if (x) { return 1'000; } return 2; }\n"
        "static int here(int a, int b = 3) { return a; }\nstruct P { int x; int get() { return x; } };\nusing L = long long;\n"
    )
    unit = read_unit(source)
    assert {name: (one.function, one.plain) for one in unit.declarations for name in one.names} == {
        "brace": (False, False),
        "Color": (False, True),
        "RED": (False, True),
        "GREEN": (False, True),
        "any_type": (True, False),
        "late": (True, True),
        "here": (True, True),
        "P": (False, False),
        "L": (False, True),
    }
