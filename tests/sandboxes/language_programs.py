# ruff: noqa: E501 - programs stand as they are
"""For every language four small programs in its own idiom: what a task's programs do, in miniature.

`total` reads n and then n integers, over lines broken anywhere, and prints their sum. `fails` ends with an error while
it runs. `endless` never ends and uses the processor. `deep` calls itself a hundred thousand times and prints the depth
it came back from; None where the language's programmers do not expect that to work.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Programs:
    total: str
    fails: str
    endless: str
    deep: str | None = None


_JAVA = "import java.util.*;\npublic class Solution {{\n  {}\n  public static void main(String[] args) {{ {} }}\n}}\n"
_C = "#include <stdio.h>\n#include <stdlib.h>\n{}\nint main(void) {{ {} }}\n"
_CS = "using System;\nusing System.Linq;\nclass P {{\n  {}\n  static void Main() {{ {} }}\n}}\n"
_GO = "package main\n\nimport {}\n\n{}\nfunc main() {{ {} }}\n"
_SPLIT = "split(/\\s+/)"

PROGRAMS = {
    "ada": Programs(
        total=(
            "with Ada.Text_IO, Ada.Integer_Text_IO; use Ada.Text_IO, Ada.Integer_Text_IO;\nprocedure Total is\n"
            "   N, X : Integer;\n   Sum : Integer := 0;\nbegin\n   Get (N);\n   for I in 1 .. N loop\n      Get (X);\n"
            "      Sum := Sum + X;\n   end loop;\n   Put (Sum, Width => 0);\n   New_Line;\nend Total;\n"
        ),
        fails="procedure Fails is\nbegin\n   raise Program_Error;\nend Fails;\n",
        endless=(
            "procedure Endless is\n   X : Integer := 0 with Volatile;\nbegin\n"
            "   loop\n      X := 1 - X;\n   end loop;\nend Endless;\n"
        ),
    ),
    "awk": Programs(
        total="{ for (i = 1; i <= NF; i++) if (seen++) sum += $i }\nEND { print sum }\n",
        fails="BEGIN { f() = 1 }\n", endless="BEGIN { while (1) x++ }\n",
        deep="function f(n) { return n == 0 ? 0 : 1 + f(n - 1) }\nBEGIN { print f(100000) }\n",
    ),
    "bash": Programs(
        total="read -r n\nsum=0\nfor x in $(cat); do sum=$((sum + x)); done\necho $sum\n",
        fails="set -e\nfalse\n", endless="while :; do :; done\n",
    ),
    "c": Programs(
        total=_C.format(
            "", 'int n, x; long sum = 0; scanf("%d", &n); while (n-- && scanf("%d", &x) == 1) sum += x;'
            ' printf("%ld\\n", sum);',
        ),
        fails=_C.format("", "abort();"), endless=_C.format("", "for (volatile int x = 0;;) x++;"),
        deep=_C.format(
            "__attribute__((noinline)) int f(int n) { volatile char used[256]; used[0] = 1;"
            " return n == 0 ? 0 : used[0] + f(n - 1); }",
            'printf("%d\\n", f(100000));',
        ),
    ),
    "clojure": Programs(
        total='(let [[n & xs] (map parse-long (re-seq #"-?\\d+" (slurp *in*)))] (println (reduce + (take n xs))))\n',
        fails='(throw (Exception. "no"))\n', endless="(loop [x 0] (recur (unchecked-inc x)))\n",
        deep="(defn f [n] (if (zero? n) 0 (inc (f (dec n)))))\n(println (f 100000))\n",
    ),
    "commonlisp": Programs(
        total='(let ((n (read))) (format t "~a~%" (loop repeat n sum (read))))\n',
        fails='(error "no")\n', endless="(loop)\n",
        deep='(defun f (n) (if (zerop n) 0 (1+ (f (1- n)))))\n(format t "~a~%" (f 100000))\n',
    ),
    "cpp": Programs(
        total=(
            "#include <bits/stdc++.h>\nusing namespace std;\nint main() { int n; cin >> n; vector<long> v(n);"
            " for (auto &x : v) cin >> x; cout << accumulate(v.begin(), v.end(), 0L) << endl; }\n"
        ),
        fails="#include <vector>\nint main() { std::vector<int> v; return v.at(3); }\n",
        endless="int main() { for (volatile int x = 0;;) x = x + 1; }\n",
        deep=(
            "#include <iostream>\n__attribute__((noinline)) int f(int n) { volatile char used[256]; used[0] = 1;"
            " return n == 0 ? 0 : used[0] + f(n - 1); }\nint main() { std::cout << f(100000) << '\\n'; }\n"
        ),
    ),
    "csharp": Programs(
        total=_CS.format("", "var w = Console.In.ReadToEnd().Split(new char[0], StringSplitOptions.RemoveEmptyEntries)"
            ".Select(int.Parse).ToList(); Console.WriteLine(w.Skip(1).Take(w[0]).Sum());",
        ),
        fails=_CS.format("", 'throw new Exception("no");'), endless=_CS.format("", "while (true) {}"),
    ),
    "d": Programs(
        total=(
            "import std.stdio, std.algorithm, std.array, std.conv;\nvoid main() {\n"
            "  auto xs = stdin.byLine.map!(l => l.split.map!(to!int).array).join;\n"
            "  writeln(xs[1 .. 1 + xs[0]].sum);\n}\n"
        ),
        fails='void main() { throw new Exception("no"); }\n', endless="void main() { for (int x;;) x++; }\n",
        deep=(
            "import std.stdio;\npragma(inline, false) int f(int n) { return n == 0 ? 0 : 1 + f(n - 1); }\n"
            "void main() { writeln(f(100_000)); }\n"
        ),
    ),
    "elixir": Programs(
        total=(
            "[n | xs] = IO.read(:stdio, :eof) |> String.split() |> Enum.map(&String.to_integer/1)\n"
            "xs |> Enum.take(n) |> Enum.sum() |> IO.puts()\n"
        ),
        fails='raise "no"\n', endless="defmodule E do\n  def loop(x), do: loop(x + 1)\nend\n\nE.loop(0)\n",
        deep="defmodule E do\n  def f(0), do: 0\n  def f(n), do: 1 + f(n - 1)\nend\n\nIO.puts(E.f(100_000))\n",
    ),
    "erlang": Programs(
        total=(
            "-module(total).\n-export([main/0]).\n"
            'main() -> {ok, [N]} = io:fread("", "~d"), io:format("~b~n", [sum(N)]).\n'
            'sum(0) -> 0;\nsum(N) -> {ok, [X]} = io:fread("", "~d"), X + sum(N - 1).\n'
        ),
        fails="main(_) -> error(no).\n", endless="-module(e).\n-export([start/0]).\nstart() -> start().\n",
        deep='main() -> io:format("~b~n", [f(100000)]).\nf(0) -> 0;\nf(N) -> 1 + f(N - 1).\n',
    ),
    "fortran": Programs(
        total=(
            "program total\n  implicit none\n  integer :: n\n  integer, allocatable :: x(:)\n  read (*, *) n\n"
            "  allocate (x(n))\n  read (*, *) x\n  print '(i0)', sum(x)\nend program total\n"
        ),
        fails="program fails\n  error stop 'no'\nend program fails\n",
        endless=(
            "program endless\n  integer, volatile :: x\n  x = 0\n  do\n    x = 1 - x\n  end do\nend program endless\n"
        ),
    ),
    "go": Programs(
        total=_GO.format('("bufio"; "fmt"; "os")', "",
            "in := bufio.NewReader(os.Stdin); var n, x, sum int; fmt.Fscan(in, &n);"
            " for ; n > 0; n-- { fmt.Fscan(in, &x); sum += x }; fmt.Println(sum)",
        ),
        fails=_GO.format('"os"', "", "_ = []int{}[len(os.Args)]"), endless=_GO.format('_ "os"', "", "for { }"),
        deep=_GO.format(
            '"fmt"', "//go:noinline\nfunc f(n int) int { if n == 0 { return 0 }; return 1 + f(n-1) }\n",
            "fmt.Println(f(100000))",
        ),
    ),
    "haskell": Programs(
        total="main :: IO ()\nmain = do\n  (n : xs) <- map read . words <$> getContents\n  print (sum (take n xs))\n",
        fails="main :: IO ()\nmain = print (head ([] :: [Int]))\n",
        endless="main :: IO ()\nmain = loop 0 where\n  loop :: Integer -> IO ()\n  loop n = if n < 0 then pure () else loop (n + 1)\n",
        deep="f :: Int -> Int\nf 0 = 0\nf n = 1 + f (n - 1)\n{-# NOINLINE f #-}\n\nmain :: IO ()\nmain = print (f 100000)\n",
    ),
    "java": Programs(
        total=_JAVA.format(
            "", "Scanner in = new Scanner(System.in); int n = in.nextInt(); long sum = 0;"
            " while (n-- > 0) sum += in.nextInt(); System.out.println(sum);",
        ),
        fails=_JAVA.format("", "List.of().get(3);"), endless=_JAVA.format("", "for (int x = 0;; ) x++;"),
        deep=_JAVA.format(
            "static int f(int n) { return n == 0 ? 0 : 1 + f(n - 1); }", "System.out.println(f(100000));"
        ),
    ),
    "javascript": Programs(
        total=(
            f"const [n, ...xs] = require('fs').readFileSync(0, 'utf8').trim().{_SPLIT}.map(Number);\n"
            "console.log(xs.slice(0, n).reduce((a, b) => a + b, 0));\n"
        ),
        fails="undefined.no;\n", endless="for (;;) {}\n",
        deep="const f = n => n === 0 ? 0 : 1 + f(n - 1);\nconsole.log(f(100000));\n",
    ),
    "kotlin": Programs(
        total=(
            'fun main() {\n  val xs = generateSequence(::readLine).joinToString(" ").trim().split(Regex("\\\\s+"))'
            ".map { it.toInt() }\n  println(xs.drop(1).take(xs[0]).sumOf { it })\n}\n"
        ),
        fails='fun main() { error("no") }\n', endless="fun main() { var x = 0; while (true) x++ }\n",
        deep="fun f(n: Int): Int = if (n == 0) 0 else 1 + f(n - 1)\nfun main() { println(f(100_000)) }\n",
    ),
    "lua": Programs(
        total='local n, sum = io.read("n"), 0\nfor _ = 1, n do sum = sum + io.read("n") end\nprint(sum)\n',
        fails='error("no")\n', endless="while true do end\n",
        deep="local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end\nprint(f(100000))\n",
    ),
    "ocaml": Programs(
        total=(
            'let () =\n  let n = Scanf.scanf " %d" Fun.id in\n'
            '  let xs = List.init n (fun _ -> Scanf.scanf " %d" Fun.id) in\n'
            '  Printf.printf "%d\\n" (List.fold_left ( + ) 0 xs)\n'
        ),
        fails='let () = failwith "no"\n', endless="let () = while true do ignore (Sys.opaque_identity 1) done\n",
        deep="let rec f n = if n = 0 then 0 else 1 + f (n - 1)\nlet () = print_int (f 100_000)\n",
    ),
    "octave": Programs(
        total='n = fscanf(stdin, "%d", 1);\nprintf("%d\\n", sum(fscanf(stdin, "%d", n)));\n',
        fails='error("no");\n', endless="while true\nend\n",
    ),
    "pascal": Programs(
        total=(
            "var n, i, x, sum: integer;\nbegin\n  read(n);\n  sum := 0;\n"
            "  for i := 1 to n do begin read(x); sum := sum + x end;\n  writeln(sum)\nend.\n"
        ),
        fails="uses sysutils;\nbegin\n  raise Exception.Create('no')\nend.\n",
        endless="begin\n  while true do\nend.\n",
        deep=(
            "function f(n: integer): integer;\nbegin\n  if n = 0 then result := 0 else result := 1 + f(n - 1)\nend;\n"
            "begin\n  writeln(f(100000))\nend.\n"
        ),
    ),
    "perl": Programs(
        total="use List::Util 'sum0';\nmy ($n, @xs) = split ' ', do { local $/; <STDIN> };\nprint sum0(@xs[0 .. $n - 1]), \"\\n\";\n",
        fails='die "no";\n', endless="1 while 1;\n",
        deep="no warnings 'recursion';\nsub f { my $n = shift; $n == 0 ? 0 : 1 + f($n - 1) }\nprint f(100000), \"\\n\";\n",
    ),
    "php": Programs(
        total=(
            "<?php\n$words = preg_split('/\\s+/', trim(stream_get_contents(STDIN)));\n"
            "echo array_sum(array_slice($words, 1, (int)$words[0])), PHP_EOL;\n"
        ),
        fails="<?php\nthrow new Exception('no');\n", endless="<?php\nwhile (true) {}\n",
        deep="<?php\nfunction f($n) { return $n == 0 ? 0 : 1 + f($n - 1); }\necho f(100000), PHP_EOL;\n",
    ),
    "python": Programs(
        total="import sys\nn, *xs = map(int, sys.stdin.read().split())\nprint(sum(xs[:n]))\n",
        fails="[][3]\n", endless="while True: pass\n",
        deep=(
            "import sys\nsys.setrecursionlimit(200_000)\n\n\ndef f(n):\n    return 0 if n == 0 else 1 + f(n - 1)\n\n\n"
            "print(f(100_000))\n"
        ),
    ),
    "r": Programs(
        total='x <- scan(file("stdin"), quiet = TRUE)\ncat(sum(x[seq_len(x[1]) + 1]), "\\n", sep = "")\n',
        fails='stop("no")\n', endless="while (TRUE) {}\n",
    ),
    "racket": Programs(
        total="#lang racket\n(define n (read))\n(displayln (for/sum ([_ n]) (read)))\n",
        fails='#lang racket\n(error "no")\n', endless="#lang racket\n(let loop () (loop))\n",
        deep="#lang racket\n(define (f n) (if (zero? n) 0 (add1 (f (sub1 n)))))\n(displayln (f 100000))\n",
    ),
    "ruby": Programs(
        total="n, *xs = $stdin.read.split.map(&:to_i)\nputs xs.first(n).sum\n",
        fails="raise 'no'\n", endless="loop {}\n",
    ),
    "rust": Programs(
        total=(
            "use std::io::*;\nfn main() {\n  let mut text = String::new();\n  stdin().read_to_string(&mut text).unwrap();\n"
            "  let mut numbers = text.split_whitespace().map(|word| word.parse::<i64>().unwrap());\n"
            "  let n = numbers.next().unwrap() as usize;\n"
            '  println!("{}", numbers.take(n).sum::<i64>());\n}\n'
        ),
        fails='fn main() { let text = String::from("x"); text.parse::<i32>().unwrap(); }\n',
        endless="fn main() { let mut x = 0u64; loop { x = std::hint::black_box(x.wrapping_add(1)); } }\n",
        deep=(
            "#[inline(never)]\nfn f(n: u32) -> u32 { let used = std::hint::black_box([1u8; 256]);"
            " if n == 0 { 0 } else { used[7] as u32 + f(n - 1) } }\n"
            'fn main() { println!("{}", f(100_000)); }\n'
        ),
    ),
    "scala": Programs(
        total=(
            "import scala.io.StdIn\nobject Solution extends App {\n"
            '  val xs = Iterator.continually(StdIn.readLine()).takeWhile(_ != null).flatMap(_.split(" ")).map(_.toInt)'
            ".toList\n  println(xs.tail.take(xs.head).sum)\n}\n"
        ),
        fails='object Main extends App { sys.error("no") }\n',
        endless="object Main { def main(args: Array[String]): Unit = { var x = 0; while (true) x += 1 } }\n",
        deep=(
            "object Main {\n  def f(n: Int): Int = if (n == 0) 0 else 1 + f(n - 1)\n"
            "  def main(args: Array[String]): Unit = println(f(100000))\n}\n"
        ),
    ),
    "scheme": Programs(
        total="(define n (read))\n(let loop ((i 0) (sum 0))\n  (if (= i n) (begin (display sum) (newline)) (loop (+ i 1) (+ sum (read)))))\n",
        fails='(error "no")\n', endless="(let loop () (loop))\n",
        deep="(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1)))))\n(display (f 100000))\n",
    ),
    "sql": Programs(
        total=(
            "WITH RECURSIVE word(word, rest, place) AS (\n"
            "  SELECT '', trim(replace(CAST(readfile('/dev/stdin') AS TEXT), char(10), ' ')) || ' ', -1\n"
            "  UNION ALL SELECT substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1), place + 1\n"
            "  FROM word WHERE rest <> ''\n)\nSELECT sum(CAST(word AS INTEGER)) FROM word WHERE place > 0;\n"
        ),
        fails="SELECT * FROM missing;\n",
        endless="WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;\n",
    ),
    "swift": Programs(
        total=(
            "var words: [Int] = []\nwhile let line = readLine() {\n"
            '  words += line.split(separator: " ").map { Int($0)! }\n}\n'
            "print(words.dropFirst().prefix(words[0]).reduce(0, +))\n"
        ),
        fails="let xs: [Int] = []\nprint(xs[CommandLine.arguments.count])\n",
        endless="var x = 0\nwhile true { x &+= 1 }\n",
        deep="@inline(never) func f(_ n: Int) -> Int { n == 0 ? 0 : 1 + f(n - 1) }\nprint(f(100_000))\n",
    ),
    "tcl": Programs(
        total="set xs [lassign [read stdin] n]\nputs [tcl::mathop::+ {*}[lrange $xs 0 $n-1]]\n",
        fails='error "no"\n', endless="while 1 {}\n",
    ),
    "typescript": Programs(
        total=(
            f"const [n, ...xs]: number[] = require('fs').readFileSync(0, 'utf8').trim().{_SPLIT}.map(Number);\n"
            "console.log(xs.slice(0, n).reduce((a: number, b: number): number => a + b, 0));\n"
        ),
        fails="throw new Error('no');\n", endless="for (;;) {}\n",
        deep="const f = (n: number): number => n === 0 ? 0 : 1 + f(n - 1);\nconsole.log(f(100000));\n",
    ),
}  # fmt: skip
