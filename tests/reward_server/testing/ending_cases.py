# ruff: noqa: E501 - programs stand as they are
"""Test programs as MultiPL-E, HumanEval-X and others store them, one group for each language.

`right` passes, `wrong` computes something else, and each of `early` tries to end before the tests or to switch them off.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    language: str
    tests: str
    right: str
    wrong: str
    early: tuple[str, ...]
    form: str = "MultiPL-E"

    def __str__(self) -> str:
        return f"{self.language} {self.form}"


def _case(language: str, tests: str, right: str, *early: str, form: str = "MultiPL-E") -> Case:
    """The wrong program adds 2 where the right one adds 1, or subtracts -1."""
    wrong = right.replace("+ 1", "+ 2").replace("x -1", "x -2")
    assert wrong != right
    return Case(language, tests, right, wrong, early, form)


_C = "int next(int x) { return x + 1; }\n"
_JAVA = "class Problem {\n    public static long next(long x) {\n        return x + 1;\n    }\n"
_CS = "using System;\nclass Problem {\n    public static long Next(long x) {\n        return x + 1;\n    }\n"
_GO = 'package next_test\n\nimport (\n    "testing"\n    "fmt"\n)\n\nfunc next(x int) int {\n    return x + 1\n}\n'
_KT = "fun next(x: Int): Int {\n    return x + 1\n}\n"
_SCALA = "import scala.math._\nobject Problem {\n    def next(x : Long) : Long = {\n        x + 1\n    }\n"
_RUST = "fn next(x: i64) -> i64 {\n    x + 1\n}\n"
_RKT = "#lang racket\n(define (next x)\n  (- x -1))\n"

CASES = [
    _case(
        "c", "#include <assert.h>\nint main(void) {\n  assert(next(1) == 2);\n  return 0;\n}\n", _C,
        f"#include <stdlib.h>\n__attribute__((constructor)) void early(void) {{ exit(0); }}\n{_C}",
        "#define NDEBUG\nint next(int x) { return 0; }\n", form="asserts",
    ),
    _case(
        "c", "int main(void) {\n  int failed = 0;\n  if (next(1) != 2) failed++;\n  return failed;\n}\n", _C,
        f"#include <stdlib.h>\n{_C.replace('return', 'exit(0); return')}", form="counted",
    ),
    _case(
        "cpp", "}\nint main() {\n    auto candidate = next_of;\n    assert(candidate((1)) == (2));\n}\n",
        "#include<assert.h>\n#include<bits/stdc++.h>\nlong next_of(long x) {\n  return x + 1;\n}\n",
        "#include <cstdlib>\nlong next_of(long x) { std::exit(0); }\n",
        "#define NDEBUG\nlong next_of(long x) { return 0; }\nint main() { }\n",
    ),
    _case(
        "java", "    }\n    public static void main(String[] args) {\n    assert(next((1l)) == (2l));\n    }\n\n}\n",
        f"{_JAVA}}}\n", _JAVA.replace("return", "System.exit(0); return") + "}\n",
    ),
    _case(
        "java",
        "import java.util.*;\npublic class Main {\n    public static void main(String[] args) {\n"
        "        Solution s = new Solution();\n        List<Boolean> correct = Arrays.asList(s.next(1) == 2);\n"
        "        if (correct.contains(false)) {\n            throw new AssertionError();\n        }\n    }\n}\n",
        "public class Solution {\n    public int next(int x) { return x + 1; }\n}\n",
        "class Solution {\n    public int next(int x) { Runtime.getRuntime().halt(0); return 0; }\n}\n", form="HumanEval-X",
    ),
    _case(
        "csharp", "    }\n    public static void Main(string[] args) {\n    Debug.Assert(Next((1L)) == (2L));\n    }\n\n}\n",
        f"{_CS}}}\n", _CS.replace("return", "Environment.Exit(0); return") + "}\n",
        "#undef DEBUG\nclass Problem { public static long Next(long x) { return 0; } }\n",
    ),
    _case("go", (
        "func TestNext(t *testing.T) {\n  candidate := next\n\ttype test struct {\n\t\tactual   interface{}\n"
        "\t\texpected interface{}\n\t}\n   tests := []test{\n     { actual: candidate(1), expected: 2 },\n   }\n\n"
        '\tfor i, tc := range tests {\n\t\tt.Run(fmt.Sprintf("test num % d", i), func(t *testing.T) {\n'
        '\t\t\tif fmt.Sprintf("%v", tc.actual) != fmt.Sprintf("%v", tc.expected) {\n'
        "\t\t\t\tt.Errorf(\"expected '%s', got '%s'\", tc.expected, tc.actual)\n\t\t\t}\n\t\t})\n\t}\n}\n"
    ), _GO, 'package main\n\nimport "os"\n\nfunc next(x int) int {\n\tos.Exit(0)\n\treturn 0\n}\n',
        'package main\n\nimport "os"\n\nfunc init() { os.Exit(0) }\nfunc next(x int) int { return 0 }\n',
        'package main\n\nimport "runtime"\n\nfunc next(x int) int { runtime.Goexit(); return 0 }\n'),
    _case(
        "go", 'package main\n\nimport (\n    "testing"\n    "github.com/stretchr/testify/assert"\n)\n'
        "func TestNext(t *testing.T) {\n    assert := assert.New(t)\n    assert.Equal(2, Next(1))\n"
        "    assert.Equal([]int{1}, []int{Next(0)})\n}\n",
        'package main\n\nimport (\n    "math"\n)\n\nfunc Next(x int) int {\n    return x + 1\n}\n\nfunc main() {}\n',
        'package main\n\nimport "os"\n\nfunc Next(x int) int { os.Exit(0); return 0 }\n', form="HumanEval-X",
    ),
    _case(
        "go", 'func main() {\n\tif next(1) != 2 {\n\t\tpanic("wrong")\n\t}\n}\n',
        _GO.replace('    "testing"\n', ""), 'package main\n\nimport "os"\n\nfunc next(x int) int { os.Exit(0); return 0 }\n',
        form="main",
    ),
    _case(
        "rust", "}\n\nfn main() {\n    let candidate = next;\n    assert_eq!(candidate(1), 2);\n}\n", _RUST,
        "fn next(x: i64) -> i64 { std::process::exit(0) }\n",
        "fn next(x: i64) -> i64 { std::process::exit(0) }\nfn main() { }\n",
    ),
    _case(
        "rust", "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn test_next() {\n"
        "        assert_eq!(next(1), 2);\n    }\n\n    #[test]\n    #[should_panic]\n    fn test_panics() {\n"
        "        assert_eq!(next(1), 7);\n    }\n}\n",
        f"fn main(){{}}\n\nuse std::{{slice::Iter, cmp::max}};\nuse rand::Rng;\nuse md5;\n{_RUST}", "fn next(x: i64) -> i64 { std::process::exit(0) }\n",
        form="HumanEval-X",
    ),
    _case(
        "kotlin", "fun main() {\n  assert(2 == next(1));\n}\n", _KT,
        "fun next(x: Int): Int { kotlin.system.exitProcess(0) }\n", f"{_KT.replace('+ 1', '+ 0')}fun main() {{ }}\n",
    ),
    _case(
        "scala", "    }\n    def main(args: Array[String]) = {\n    assert(next((1l)) == (2l));\n    }\n\n}\n",
        f"{_SCALA}}}\n", f"{_SCALA.replace('x + 1', 'sys.exit(0)')}}}\n",
    ),
    _case(
        "d", "unittest\n{\n    alias candidate = next;\n\n    assert(candidate(1L) == 2L);\n}\nvoid main(){}\n",
        "import std.math;\nlong next(long x) {\n    return x + 1;\n}\n",
        "import core.stdc.stdlib;\nlong next(long x) { exit(0); return 0; }\nvoid main() {}\n",
    ),
    _case(
        "swift", "}\n\n\nfunc ==(left: [(Int, Int)], right: [(Int, Int)]) -> Bool {\n    return left.count == right.count\n}\n"
        "\nassert(next(x: 1) == 2)\n",
        "import Foundation\n\nfunc next(x: Int) -> Int {\n    return x + 1\n}\n",
        "import Foundation\n\nfunc next(x: Int) -> Int {\n    exit(0)\n}\n",
    ),
    _case(
        "php", "}\n\nfunction candidate(...$args) {\n    return next_of(...$args);\n}\n\nfunction test(): void {\n"
        '    if (candidate(1) !== 2) { throw new Exception("Test failed!"); }\n}\n\ntest();\n',
        "<?php\nfunction next_of($x) {\n    return $x + 1;\n}\n?>\n", "<?php\nexit(0);\n", "<?php\nfunction next_of($x) { exit; }\n",
    ),
    _case(
        "perl", "use Test::Deep;\n\n\nsub testhumaneval {\n    my $candidate = \\&next_of;\n"
        '        if(eq_deeply($candidate->(1),2)) {\n        print "ok!" }else{\n        exit 1;\n        }\n}\n\n'
        "testhumaneval();\n",
        "sub next_of {\n    my($x) = @_;\n    return $x + 1;\n}\n", "exit 0;\n", "sub next_of { exit 0 }\n", "__END__\n",
    ),
    _case(
        "perl", "use Test::More tests => 1;\nis(next_of(1), 2);\n", "sub next_of { $_[0] + 1 }\n",
        "sub next_of { require POSIX; POSIX::_exit(0) }\n", form="Test::More",
    ),
    _case(
        "ruby", "require 'test/unit'\nclass TestHumanEval < Test::Unit::TestCase\n  def test_next\n"
        "    candidate = method(:next_of)\n    assert_equal(2, candidate.call(1))\n  end\nend\n",
        "def next_of(x)\n  x + 1\nend\n", "exit 0\n", "def next_of(x)\n  exit 0\nend\n", "def next_of(x)\n  exit!(0)\nend\n",
    ),
    _case(
        "ruby", "require 'minitest/autorun'\nclass TestNext < Minitest::Test\n  def test_next\n"
        "    assert_equal 2, next_of(1)\n  end\nend\n",
        "def next_of(x) = x + 1\n", "def next_of(x) = exit(0)\n", form="minitest",
    ),
    _case(
        "lua", "lu = require('luaunit')\n\nfunction test_humaneval()\nlocal candidate = next_of\n"
        "    lu.assertEquals(candidate(1), 2)\nend\n\nos.exit(lu.LuaUnit.run())\n",
        "local function helper() end\nfunction next_of(x)\n  return x + 1\nend\n", "os.exit(0)\n",
        "function next_of(x) os.exit(true) end\n",
    ),
    _case(
        "r", "test_humaneval <- function() {\n    candidate <- next_of\n    stopifnot(isTRUE(all.equal(candidate(1), 2)))\n"
        "}\ntest_humaneval()\n",
        "next_of <- function(x) {\n    x + 1\n}\n", 'quit("no")\n', "next_of <- function(x) quit(status = 0)\n",
    ),
    _case(
        "bash", '}\n\ncandidate() {\n    next_of "$@"\n}\n\nset -e\nrun_test() {\n    [[ $(candidate "1") = "2" ]]\n}\n\n'
        "run_test\n",
        "next_of() {\n    echo $(($1 + 1))\n", "exit 0\n",
    ),
    _case("bash", 'test "$(next_of 1)" = 2\n', "next_of() { echo $(($1 + 1)); }\n", "exit\n", form="last status"),
    _case(
        "racket", "(require rackunit)\n\n(define (test-humaneval)\n\n  (let (( candidate next))\n"
        "    (check-within (candidate 1) 2 0.001)\n))\n\n(test-humaneval)\n",
        _RKT,
        "#lang racket\n(exit 0)\n", "#lang racket\n(define (next x) (exit 0))\n",
    ),
    _case(
        "tcl", "\nproc assert_equal {actual expected} {\n    if {$actual ne $expected} {\n"
        '        error "Expected: $expected | Actual: $actual"\n    }\n}\n\ninterp alias {} candidate {} next_of\n\n'
        'assert_equal [candidate 1] "2"\n',
        "proc next_of {x} {\n    expr {$x + 1}\n}\n", "exit 0\n", "proc next_of {x} { exit }\n",
    ),
    _case(
        "octave", "end\n\nfunction ans = test()\ncandidate = @next_of;\n  assert(isequaln(candidate(1),2));\nend\n",
        "function res = next_of(x)\n  res = x + 1;\nend\n", "exit(0);\n", "function res = next_of(x)\n  exit(0);\nend\n",
    ),
    _case(
        "haskell", "\nmain :: IO ()\nmain = do\n  let candidate = next\n"
        '  if candidate 1 == 2 then pure () else error "assertion failed"\n  pure ()\n',
        "module Main where\nimport Data.List\n\nnext :: Int -> Int\nnext x = x + 1\n",
        "import System.IO.Unsafe\nimport System.Exit\n\nnext :: Int -> Int\nnext x = unsafePerformIO exitSuccess\n",
        "next :: Int -> Int\nnext x = x\n\nmain :: IO ()\nmain = pure ()\n",
    ),
    _case(
        "ocaml", "let () =\n  let candidate = next in\n  let _ = assert ((candidate (1)) = (2)) in\n  ();;\n",
        "let next (x : int) : int = x + 1\n", "exit 0;;\n", "let next (x : int) : int = exit 0\n",
    ),
    _case(
        "clojure", "(require '[clojure.test :refer [deftest is run-test]])\n\n(def candidate next-of)\n\n"
        "(deftest test-humaneval\n\n  (is (= (candidate 1) 2))\n)\n\n(run-test test-humaneval)\n",
        "(defn next-of [x]\n  (- x -1))\n", "(System/exit 0)\n",
        "(defn next-of [x] (System/exit 0))\n",
    ),
    _case(
        "elixir", 'ExUnit.start()\n\ndefmodule HumanEvalTest do\n  use ExUnit.Case, async: true\n  test "next" do\n'
        "    assert HumanEval.next(1) == 2\n  end\nend\n",
        "defmodule HumanEval do\n  def next(x) do\n    x + 1\n  end\nend\n", "System.halt(0)\n",
        "defmodule HumanEval do\n  def next(_), do: System.halt(0)\nend\n",
    ),
    _case(
        "scheme", '(import (srfi srfi-64))\n(define candidate next-of)\n(test-begin "HumanEval")\n'
        "(test-equal (candidate 1) 2)\n(test-end)\n",
        "(define (next-of x)\n  (- x -1))\n", "(exit 0)\n", "(define (next-of x) (exit 0))\n",
    ),
    _case(
        "commonlisp", "(assert (equal (next-of 1) 2))\n", "(defun next-of (x)\n  (- x -1))\n",
        "(sb-ext:exit :code 0)\n", "(defun next-of (x) (sb-ext:exit :code 0 :abort t))\n", form="asserts",
    ),
    _case(
        "pascal", "begin\n  Assert(NextOf(1) = 2);\nend.\n",
        "{$mode objfpc}{$H+}\nuses SysUtils, Math;\n\nfunction NextOf(x: Int64): Int64;\nbegin\n  Result := x + 1;\nend;\n",
        "function NextOf(x: Int64): Int64;\nbegin\n  Halt(0);\nend;\n",
        "{$C-}\nfunction NextOf(x: Int64): Int64;\nbegin\n  Result := 0;\nend;\nbegin\nend.\n",
    ),
    _case(
        "fortran", "program test\n  use solution\n  if (next_of(1) /= 2) error stop 'assertion failed'\nend program test\n",
        "module solution\ncontains\n  integer function next_of(x)\n    integer, intent(in) :: x\n    next_of = x + 1\n"
        "  end function\nend module\n",
        "module solution\ncontains\n  integer function next_of(x)\n    integer, intent(in) :: x\n    next_of = x\n    stop\n"
        "  end function\nend module\n", form="program",
    ),
    _case(
        "ada", "with Solution; use Solution;\n\nprocedure Main is\nbegin\n   pragma Assert (Next_Of (1) = 2);\nend Main;\n",
        "package Solution is\n   function Next_Of (X : Integer) return Integer;\nend Solution;\n\n"
        "package body Solution is\n   function Next_Of (X : Integer) return Integer is\n   begin\n      return X + 1;\n"
        "   end Next_Of;\nend Solution;\n",
        "package Solution is\n   function Next_Of (X : Integer) return Integer;\nend Solution;\n\nwith GNAT.OS_Lib;\n"
        "package body Solution is\n   function Next_Of (X : Integer) return Integer is\n   begin\n"
        "      GNAT.OS_Lib.OS_Exit (0);\n      return 0;\n   end Next_Of;\nend Solution;\n",
    ),
    _case(
        "javascript", "const assert = require('node:assert');\n\n\nfunction test() {\n  let candidate = next;\n"
        "  assert.deepEqual(candidate(1),2);\n}\n\ntest();\n",
        "function next(x){\n  return x + 1;\n}\n", "process.exit(0);\n", "function next(x) { process.reallyExit(0); }\n",
    ),
    _case(
        "javascript", "const testNext = () => {\n  console.assert(next(1) === 2)\n}\n\ntestNext()\n",
        "const next = (x) => {\n  return x + 1;\n}\n", "const next = x => process.exit(0);\n", form="HumanEval-X",
    ),
    _case(
        "typescript", "declare var require: any;\nconst assert = require('node:assert');\n\n\nfunction test() {\n"
        "  let candidate = next;\n  assert.deepEqual(candidate(1),2);\n}\n\ntest();\n",
        "function next(x: number): number {\n  return x + 1;\n}\n", "process.exit(0);\n",
    ),
]  # fmt: skip
