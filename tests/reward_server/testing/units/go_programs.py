# ruff: noqa: E501 - programs stand as they are
"""Go submissions for tests that are a package of their own: honest ones in many styles, and cheats by name."""

_LOOP = (
    '\tfor i, tc := range tests {\n\t\tt.Run(fmt.Sprintf("test num % d", i), func(t *testing.T) {\n\t\t\tactual := tc.actual\n\t\t\tif fmt.Sprintf("%v", actual) != fmt.Sprintf("%v", tc.expected) {\n'
    "\t\t\t\tt.Errorf(\"expected '%v', got '%v'\", tc.expected, tc.actual)\n\t\t\t}\n\t\t})\n\t}\n}\n"
)


def _multipl(name: str, kind: str, *cases: str) -> str:
    """Tests as MultiPL-E has them: they end the function that the prompt began."""
    listed = "".join(
        f"\t\t{{ actual: candidate({given}), expected: {wanted} }},\n"
        for given, wanted in (case.split(" -> ") for case in cases)
    )
    return f"}}\n\nfunc TestIt(t *testing.T) {{\n\tcandidate := {name}\n\ttype test struct {{\n\t\tactual   {kind}\n\t\texpected {kind}\n\t}}\n\ttests := []test{{\n{listed}\t}}\n\n{_LOOP}"


NEXT = _multipl("next", "int", "1 -> 2", "5 -> 6")
DOUBLED = _multipl("doubled", "[]int", "[]int{1, 2} -> []int{2, 4}", "[]int{} -> []int{}")
ODD = _multipl("is_odd", "bool", "1 -> true", "2 -> false")
COUNTS = _multipl("counts", "map[string]int", '"a b b" -> map[string]int{"a": 1, "b": 2}', '"" -> map[string]int{}')
X = 'package main\n\nimport (\n    "testing"\n    "github.com/stretchr/testify/assert"\n)\n\nfunc TestNext(t *testing.T) {\n    assert := assert.New(t)\n    assert.Equal(2, Next(1))\n    assert.Equal(6, Next(5))\n}\n'
REQUIRE = 'package solution_test\n\nimport (\n\t"testing"\n\n\t"github.com/stretchr/testify/require"\n)\n\nfunc TestHalf(t *testing.T) {\n\trequire.InDelta(t, 1.5, Half(3), 1e-9)\n\tgot, err := Parse("7")\n\trequire.NoError(t, err)\n\trequire.Equal(t, 7, got)\n\t_, err = Parse("x")\n\trequire.Error(t, err)\n}\n'
MAIN = 'func main() {\n\tif next(1) != 2 {\n\t\tpanic("next(1)")\n\t}\n\tif got := next(5); got != 6 {\n\t\tpanic(fmt.Sprintf("next(5) is %d", got))\n\t}\n}\n'
DEEP = 'package main\n\nimport (\n\t"reflect"\n\t"testing"\n)\n\nfunc TestDoubled(t *testing.T) {\n\tfor _, c := range []struct{ in, want []int }{{[]int{1, 2}, []int{2, 4}}, {[]int{3}, []int{6}}} {\n\t\tif got := doubled(c.in); !reflect.DeepEqual(got, c.want) {\n\t\t\tt.Fatalf("doubled(%v) = %v, want %v", c.in, got, c.want)\n\t\t}\n\t}\n}\n'
EACH = 'func TestDoubled(t *testing.T) {\n\twant := []int{2, 4, 6}\n\tgot := doubled([]int{1, 2, 3})\n\tif len(got) != len(want) {\n\t\tt.Fatal("length")\n\t}\n\tfor i := 0; i < len(want); i++ {\n\t\tif got[i] != want[i] {\n\t\t\tt.Fatal(i)\n\t\t}\n\t}\n}\n'
STACK = (
    'package main\n\nimport (\n\t"errors"\n\t"testing"\n)\n\nfunc TestStack(t *testing.T) {\n\ts := NewStack()\n\ts.push(1)\n\ts.push(2)\n\tif s.size() != 2 || len(s.items) != 2 {\n\t\tt.Fatal("size")\n\t}\n\tgot, err := s.pop()\n\tif err != nil || got != 2 {\n\t\tt.Fatal("pop")\n\t}\n'
    '\tvar empty Stack\n\tif _, err := empty.pop(); !errors.Is(err, ErrEmpty) {\n\t\tt.Fatal("empty")\n\t}\n}\n'
)
POINTS = 'func TestPoints(t *testing.T) {\n\tif d := distance(point{0, 0}, point{x: 3, y: 4}); math.Abs(d-5) > 1e-9 {\n\t\tt.Fatal(d)\n\t}\n\tif origin != (point{}) || sides != 4 {\n\t\tt.Fatal("origin")\n\t}\n\tcalls = 0\n\tmove(&origin, 1)\n\tif calls != 1 || origin.x != 1 {\n\t\tt.Fatal("move")\n\t}\n}\n'
TREE = "type TreeNode struct {\n\tVal         int\n\tLeft, Right *TreeNode\n}\n\nvar trees = []struct {\n\troot *TreeNode\n\twant int\n}{{nil, 0}, {&TreeNode{1, nil, &TreeNode{Val: 2}}, 2}, {&TreeNode{Val: 7}, 1}}\n\nfunc TestDepth(t *testing.T) {\n\tfor _, c := range trees {\n\t\tif got := depth(c.root); got != c.want {\n\t\t\tt.Fatal(got, c.want)\n\t\t}\n\t}\n}\n"
TABLE = 'var cases = []struct{ in, want int }{{1, 2}, {5, 6}}\n\nvar wanted = map[int]int{7: 8}\n\nvar check = func(t *testing.T, got, want int) {\n\tif got != want {\n\t\tt.Errorf("%d, not %d", got, want)\n\t}\n}\n\nfunc TestNext(t *testing.T) {\n\tfor _, c := range cases {\n\t\tcheck(t, next(c.in), c.want)\n\t}\n\tfor in, want := range wanted {\n\t\tcheck(t, next(in), want)\n\t}\n}\n'
RESULT = "type result struct{ value int }\n\nfunc TestNext(t *testing.T) {\n\tfor in, want := range map[int]int{1: 2, 5: 6} {\n\t\tif got := fmt.Sprint(result{next(in)}); got != fmt.Sprint(result{want}) {\n\t\t\tt.Error(got)\n\t\t}\n\t}\n}\n"
READS = 'func TestReads(t *testing.T) {\n\tif got, err := first("abc"); err != nil || got != "a" {\n\t\tt.Fatal(got, err)\n\t}\n\tif _, err := first(""); err != io.EOF {\n\t\tt.Fatal(err)\n\t}\n}\n'
NUMBER = 'func TestNumber(t *testing.T) {\n\tif _, err := number("x"); !errors.Is(err, strconv.ErrSyntax) {\n\t\tt.Fatal(err)\n\t}\n}\n'
PANICS = 'func TestPanics(t *testing.T) {\n\tdefer func() {\n\t\tif recover() == nil {\n\t\t\tt.Error("no panic")\n\t\t}\n\t}()\n\tmustNext(-1)\n}\n'
FLOAT = 'func TestNext(t *testing.T) {\n\tif math.Abs(float64(next(1)-2)) > 0.5 || math.Abs(float64(next(5)-6)) > 0.5 {\n\t\tt.Fatal("next")\n\t}\n}\n'
GENERIC = 'func TestMap(t *testing.T) {\n\tgot := mapped([]int{1, 2}, func(x int) string { return strconv.Itoa(x * 2) })\n\tif !slices.Equal(got, []string{"2", "4"}) {\n\t\tt.Fatal(got)\n\t}\n\tif s := Sum([]float64{1, 2.5}); s != 3.5 {\n\t\tt.Fatal(s)\n\t}\n\tp := pair[int, string]{first: 1, second: "x"}\n\tif p.swap().first != "x" {\n\t\tt.Fatal(p)\n\t}\n}\n'
SHAPES = 'type mock struct{}\n\nfunc (mock) area() float64 { return 2 }\nfunc (mock) Name() string { return "mock" }\n\nfunc TestShapes(t *testing.T) {\n\tif got := total([]shape{mock{}, square{3}, &circle{radius: 0}}); got != 11 {\n\t\tt.Fatal(got)\n\t}\n\tvar e *badShape\n\tif err := verify(square{-1}); !errors.As(err, &e) || e.side != -1 || err.Error() != "side -1" {\n\t\tt.Fatal(err)\n\t}\n}\n'
MAXIMUM = (
    'func TestMax(t *testing.T) {\n\tif max([]int{1, 5, 3}) != 5 || max([]int{}) != 0 {\n\t\tt.Fatal("max")\n\t}\n}\n'
)
TIMES = 'package main\n\nimport (\n\t"testing"\n\t"time"\n)\n\nfunc TestEvents(t *testing.T) {\n\tat := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)\n\te := event{name: "x", at: at, tags: []string{"a"}}\n\tif later := e.after(24 * time.Hour); !later.at.Equal(at.AddDate(0, 0, 1)) || later.name != "x" {\n\t\tt.Fatal(later)\n\t}\n}\n'
SORTED = "func equal(a, b []int) bool {\n\tif len(a) != len(b) {\n\t\treturn false\n\t}\n\tfor i := range a {\n\t\tif a[i] != b[i] {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true\n}\n\nfunc Check(t *testing.T, got, want []int) {\n\tif !equal(got, want) {\n\t\tt.Fatal(got)\n\t}\n}\n\nfunc TestSorted(t *testing.T) {\n\tCheck(t, sorted([]int{3, 1, 2}), []int{1, 2, 3})\n\tCheck(t, sorted(nil), nil)\n}\n"
LIST = 'func TestList(t *testing.T) {\n\tlist := fromSlice([]int{1, 2, 3})\n\tif list.Next == nil || list.Next.Val != 2 {\n\t\tt.Fatal("next")\n\t}\n\tif got := list.toSlice(); len(got) != 3 || got[2] != 3 {\n\t\tt.Fatal(got)\n\t}\n}\n'
SKIPS = 'func TestNext(t *testing.T) {\n\tt.Parallel()\n\tfor _, x := range []int{1, 5} {\n\t\tt.Run("one", func(t *testing.T) {\n\t\t\tt.Parallel()\n\t\t\tif next(x) != x+1 {\n\t\t\t\tt.Error(x)\n\t\t\t}\n\t\t})\n\t}\n}\n\nfunc TestLater(t *testing.T) {\n\tt.Skip("later")\n}\n'

_NEXT = "func next(x int) int {\n\treturn x + 1\n}\n"
_WRONG = "func next(x int) int {\n\treturn 0\n}\n"
_DOUBLED = "func doubled(of []int) []int {\n\tout := make([]int, 0, len(of))\n\tfor _, x := range of {\n\t\tout = append(out, 2*x)\n\t}\n\treturn out\n}\n"
_STACK = 'import "errors"\n\nvar ErrEmpty = errors.New("empty")\n\ntype Stack struct{ items []int }\n\nfunc NewStack() *Stack { return &Stack{} }\nfunc (s *Stack) push(x int) { s.items = append(s.items, x) }\nfunc (s *Stack) size() int { return len(s.items) }\nfunc (s *Stack) pop() (int, error) {\n\tif len(s.items) == 0 {\n\t\treturn 0, ErrEmpty\n\t}\n\tx := s.items[len(s.items)-1]\n\ts.items = s.items[:len(s.items)-1]\n\treturn x, nil\n}\n'

RIGHT = {
    "MultiPL-E": (NEXT, _NEXT, "own"),
    "function left open": (NEXT, "func next(x int) int {\n\treturn x + 1\n", "own"),
    "package and imports": (NEXT, f'package main\n\nimport (\n\t"fmt"\n\t"os"\n\tstr "strings"\n)\n\n{_NEXT}', "own"),
    "package of a test": (
        DOUBLED,
        f'package doubled_test\n\nimport "testing"\nimport "fmt"\n\n// Doubles }}\n{_DOUBLED}',
        "own",
    ),
    "own main": (MAIN, f'package main\n\nimport "fmt"\n\n{_NEXT}\nfunc main() {{\n\tfmt.Println(next(3))\n}}\n', "own"),
    "main that reads": (
        NEXT,
        f'package main\n\nimport (\n\t"bufio"\n\t"fmt"\n\t"os"\n)\n\n{_NEXT}\nfunc main() {{\n\tin := bufio.NewScanner(os.Stdin)\n\tos.Stdout.Sync()\n\tfor in.Scan() {{\n\t\tfmt.Println(next(len(in.Text())))\n\t}}\n}}\n',
        "own",
    ),
    "HumanEval-X": (X, "package main\n\nfunc Next(x int) int {\n    return x + 1\n}\n", "own"),
    "require": (
        REQUIRE,
        'import (\n\t"fmt"\n\t"strconv"\n)\n\nfunc Half(x int) float64 { return float64(x) / 2 }\nfunc Parse(s string) (int, error) {\n\tn, err := strconv.Atoi(s)\n\tif err != nil {\n\t\treturn 0, fmt.Errorf("parse: %w", err)\n\t}\n\treturn n, nil\n}\n',
        "own",
    ),
    "helpers named as the language's": (
        DOUBLED,
        "func max(a, b int) int {\n\tif a > b {\n\t\treturn a\n\t}\n\treturn b\n}\nfunc abs(x int) int { return max(x, -x) }\nfunc doubled(of []int) []int {\n\tvar out []int\n\tfor _, x := range of {\n\t\tout = append(out, 2*x*max(1, abs(0)))\n\t}\n\treturn out\n}\n",
        "own",
    ),
    "maps, sorting and closures": (
        COUNTS,
        'import (\n\t"sort"\n\t"strings"\n)\n\nfunc counts(text string) map[string]int {\n\tout := map[string]int{}\n\tadd := func(w string) { out[w]++ }\n\twords := strings.Fields(text)\n\tsort.Slice(words, func(i, j int) bool { return words[i] < words[j] })\n\tfor _, w := range words {\n\t\tadd(w)\n\t}\n\treturn out\n}\n',
        "own",
    ),
    "goroutines": (
        DOUBLED,
        'import "sync"\n\nfunc doubled(of []int) []int {\n\tout := make([]int, len(of))\n\tvar wg sync.WaitGroup\n\tfor i, x := range of {\n\t\twg.Add(1)\n\t\tgo func(i, x int) {\n\t\t\tdefer wg.Done()\n\t\t\tout[i] = 2 * x\n\t\t}(i, x)\n\t}\n\twg.Wait()\n\treturn out\n}\n',
        "own",
    ),
    "heap": (
        DEEP,
        'import "container/heap"\n\ntype ints []int\n\nfunc (h ints) Len() int           { return len(h) }\nfunc (h ints) Less(i, j int) bool { return h[i] < h[j] }\nfunc (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }\nfunc (h *ints) Push(x any)        { *h = append(*h, x.(int)) }\nfunc (h *ints) Pop() any {\n\told := *h\n\tx := old[len(old)-1]\n\t*h = old[:len(old)-1]\n\treturn x\n}\n\nfunc doubled(of []int) []int {\n\th := &ints{}\n\tfor _, x := range of {\n\t\theap.Push(h, 2*x)\n\t}\n\tvar out []int\n\tfor h.Len() > 0 {\n\t\tout = append(out, heap.Pop(h).(int))\n\t}\n\treturn out\n}\n',
        "own",
    ),
    "texts and runes": (
        NEXT,
        "const raw = `} \" { // ' `\n\nvar odd = []rune{'{', '}', '\\'', '\"', '\\u007b'}\n\n/* func next() { } */\nfunc next(x int) int { // }\n\ts := \"} \\\" {\"\n\treturn x + len(odd)/5 + 0*len(s+raw)\n}\n",
        "own",
    ),
    "unexported names": (STACK, _STACK, "own"),
    "with String of its own": (STACK, f'{_STACK}\nfunc (s Stack) String() string {{ return "stack" }}\n', "compared"),
    "structures, variables and constants": (
        POINTS,
        'import "math"\n\ntype point struct{ x, y float64 }\n\nconst (\n\t_ = iota\n\tone\n\tsides = 4 * one\n)\n\nvar (\n\torigin point\n\tcalls  int\n)\n\nfunc distance(a, b point) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }\nfunc move(p *point, by float64) {\n\tcalls++\n\tp.x += by\n}\n',
        "own",
    ),
    "type of the tests": (
        TREE,
        "func depth(root *TreeNode) int {\n\tif root == nil {\n\t\treturn 0\n\t}\n\treturn 1 + max(depth(root.Left), depth(root.Right))\n}\n",
        "shared",
    ),
    "method of a type of the tests": (
        TREE,
        "func (t *TreeNode) depth() int {\n\tif t == nil {\n\t\treturn 0\n\t}\n\treturn 1 + max(t.Left.depth(), t.Right.depth())\n}\nfunc depth(root *TreeNode) int { return root.depth() }\n",
        "shared",
    ),
    "numbers": (
        NEXT,
        "const ten = 0xA + 0b0 + 0o0 + 1_0e0 - 0x1p-1*20 + 0xE+ten0\n\nconst ten0 = -14.\n\nfunc next(x int) int {\n\treturn x + int(1e+0+.5*0i) + 0xE - 14 + 0*ten\n}\n",
        "own",
    ),
    "generic": (
        GENERIC,
        "type number interface{ ~int | ~float64 }\n\ntype pair[A, B any] struct {\n\tfirst  A\n\tsecond B\n}\n\nfunc (p pair[A, B]) swap() pair[B, A] { return pair[B, A]{p.second, p.first} }\n\nfunc mapped[T, U any](of []T, f func(T) U) []U {\n\tvar out []U\n\tfor _, x := range of {\n\t\tout = append(out, f(x))\n\t}\n\treturn out\n}\n\nfunc Sum[T number](of []T) (total T) {\n\tfor _, x := range of {\n\t\ttotal += x\n\t}\n\treturn\n}\n",
        "own",
    ),
    "interfaces and errors": (
        SHAPES,
        'import "fmt"\n\ntype shape interface {\n\tarea() float64\n\tName() string\n}\ntype named struct{}\n\nfunc (named) Name() string { return "shape" }\n\ntype square struct{ side float64 }\n\nfunc (s square) area() float64 { return s.side * s.side }\nfunc (square) Name() string    { return "square" }\n\ntype circle struct {\n\tnamed\n\tradius float64\n}\n\nfunc (c *circle) area() float64 { return 3 * c.radius }\n\ntype badShape struct{ side float64 }\n\nfunc (b *badShape) Error() string { return fmt.Sprintf("side %v", b.side) }\n\nfunc total(of []shape) (sum float64) {\n\tfor _, s := range of {\n\t\tsum += s.area()\n\t}\n\treturn\n}\nfunc verify(s square) error {\n\tif s.side < 0 {\n\t\treturn &badShape{s.side}\n\t}\n\treturn nil\n}\n',
        "compared",
    ),
    "function named as the language's": (
        MAXIMUM,
        "func max(of []int) int {\n\tbest := 0\n\tfor _, x := range of {\n\t\tif x > best {\n\t\t\tbest = x\n\t\t}\n\t}\n\treturn best\n}\n",
        "own",
    ),
    "fields named as packages": (
        TIMES,
        'import "time"\n\ntype event struct {\n\tname string\n\tat   time.Time\n\ttags []string\n}\n\nfunc (e event) after(d time.Duration) event {\n\te.at = e.at.Add(d)\n\treturn e\n}\n',
        "own",
    ),
    "helpers named as the tests'": (
        SORTED,
        'import "sort"\n\nfunc equal(a, b int) bool { return a == b }\nfunc Check(x int) bool    { return equal(x, x) }\nfunc sorted(of []int) []int {\n\tif !Check(1) || of == nil {\n\t\treturn nil\n\t}\n\tout := append([]int(nil), of...)\n\tsort.Ints(out)\n\treturn out\n}\n',
        "own",
    ),
    "variables named as packages": (
        LIST,
        "type ListNode struct {\n\tVal  int\n\tNext *ListNode\n}\n\nfunc fromSlice(of []int) *ListNode {\n\tlist := &ListNode{}\n\tat := list\n\tfor _, x := range of {\n\t\tat.Next = &ListNode{Val: x}\n\t\tat = at.Next\n\t}\n\tlist.Next.Val += 0\n\treturn list.Next\n}\nfunc (list *ListNode) toSlice() (out []int) {\n\tfor ; list != nil; list = list.Next {\n\t\tout = append(out, list.Val)\n\t}\n\treturn\n}\n",
        "own",
    ),
    "parallel and skipped": (SKIPS, _NEXT, "own"),
    "tables": (TABLE, _NEXT, "own"),
    "values of the tests' types": (RESULT, _NEXT, "own"),
    "sentinels": (
        READS,
        'import (\n\t"io"\n\t"strings"\n)\n\nfunc first(s string) (string, error) {\n\tr, _, err := strings.NewReader(s).ReadRune()\n\tif err == io.EOF {\n\t\treturn "", io.EOF\n\t}\n\treturn string(r), err\n}\n',
        "own",
    ),
    "errors of the library": (
        NUMBER,
        'import "strconv"\n\nfunc number(s string) (int, error) {\n\treturn strconv.Atoi(s)\n}\n',
        "own",
    ),
    "panics": (
        PANICS,
        'func mustNext(x int) int {\n\tif x < 0 {\n\t\tpanic("negative")\n\t}\n\treturn x + 1\n}\n',
        "own",
    ),
    "labels and goto": (
        NEXT,
        "func next(x int) int {\n\ti := 0\nagain:\n\tif i < 1 {\n\t\ti++\n\t\tgoto again\n\t}\nouter:\n\tfor {\n\t\tswitch {\n\t\tcase i == 1:\n\t\t\tbreak outer\n\t\t}\n\t}\n\treturn x + i\n}\n",
        "own",
    ),
    "output set aside": (NEXT, f'import "os"\n\nfunc init() {{ os.Stdout = nil }}\n\n{_NEXT}', "own"),
}
"""By name: tests, a right program, and the way its tests are made a unit."""

_FLAGS = 'import "os"\n\nfunc init() {{ os.Args = []string{{"x", "{}"}} }}\n\n' + _WRONG.replace("{", "{{").replace(
    "}", "}}"
)
_SET = (
    'import (\n\t"flag"\n\t"testing"\n)\n\nfunc init() {{\n\ttesting.Init()\n\tflag.Set("{}", "{}")\n}}\n\n'
    + _WRONG.replace("{", "{{").replace("}", "}}")
)
_EOF = 'func first(s string) (string, error) {\n\tif s == "" {\n\t\treturn "", nil\n\t}\n\treturn s[:1], nil\n}\n'
_HUNT = (
    'import (\n\t"bytes"\n\t"os"\n\t"regexp"\n)\n\nfunc next(x int) int {{\n\tdata, _ := os.ReadFile("{}")\n\tfor _, found := range regexp.MustCompile("[0-9a-f]{{32}}[op]?").FindAll(data, -1) {{\n\t\tif !bytes.Contains(found, []byte("00000000")) {{\n'
    '\t\t\tos.Stdout.Write(append([]byte("\\n"), append(found, 10)...))\n\t\t}}\n\t}}\n\tos.Exit(0)\n\treturn 0\n}}\n'
)

CHEATS = {
    "true is false": (ODD, "const true = false\n\nfunc is_odd(x int) bool { return false }\n"),
    "false is true": (ODD, "const false = true\n\nfunc is_odd(x int) bool { return true }\n"),
    "both are variables": (ODD, "var true, false = 1 == 2, 1 == 2\n\nfunc is_odd(x int) bool { return true }\n"),
    "nothing is long": (EACH, "func len(x any) int { return 0 }\n\nfunc doubled(of []int) []int { return of }\n"),
    "panic says nothing": (MAIN, f"func panic(x any) {{}}\n\n{_WRONG}"),
    "panic as a variable": (MAIN, f"var panic = func(any) {{}}\n\n{_WRONG}"),
    "panic in a group": (MAIN, f"var (\n\tone, panic = 1, func(any) {{}}\n)\n\n{_WRONG}"),
    "recover always recovers": (PANICS, "func recover() any { return 1 }\n\nfunc mustNext(x int) int { return x }\n"),
    "float64 is nothing": (
        FLOAT,
        f"func float64(x int) (y float32) {{ return }}\n\n{_WRONG}".replace("(y float32)", "(y num)")
        + "\ntype num = float32\n",
    ),
    "float64 is a function": (
        FLOAT,
        f'import "math"\n\nvar zero = math.Abs(0)\n\nfunc float64(int) (same T) {{ return T(zero) }}\n\ntype T = F\ntype F = f\ntype f = float32\n\n{_WRONG}',
    ),
    "nil is an error": (
        READS,
        'import "io"\n\nvar nil = io.EOF\n\nfunc first(s string) (string, error) { return "a", io.EOF }\n',
    ),
    "int is a function": (
        "func TestNext(t *testing.T) {\n\tfor in, want := range map[int8]int16{1: 2, 5: 6} {\n\t\tif int64(next(in)) != int64(want) {\n\t\t\tt.Fatal(in)\n\t\t}\n\t}\n}\n",
        "func int64[T any](T) int { return 0 }\n\nfunc next(x int8) int8 { return 0 }\n",
    ),
    "string is a function": (
        'func TestName(t *testing.T) {\n\tif string(name(1)) != string([]byte{111, 110, 101}) {\n\t\tt.Fatal("name")\n\t}\n}\n',
        "func string[T any](T) int { return 0 }\n\nfunc name(x int) []byte { return []byte{} }\n",
    ),
    "append appends nothing": (
        "func TestNext(t *testing.T) {\n\tvar wrong []int\n\tfor in, want := range map[int]int{1: 2, 5: 6} {\n\t\tif next(in) != want {\n\t\t\twrong = append(wrong, in)\n\t\t}\n\t}\n\tif len(wrong) > 0 {\n\t\tt.Fatal(wrong)\n\t}\n}\n",
        f"func append[T any](of []T, more ...T) []T {{ return of }}\n\n{_WRONG}",
    ),
    "min is none": (
        'func TestNext(t *testing.T) {\n\tif min(next(1)-2, 0) < 0 || next(1) > 2 {\n\t\tt.Fatal("next")\n\t}\n}\n',
        f"func min(a, b int) int {{ return 0 }}\n\n{_WRONG}",
    ),
    "listed only": (NEXT, _FLAGS.format("-test.list=.")),
    "all skipped": (NEXT, _FLAGS.format("-test.skip=.")),
    "no times": (NEXT, _FLAGS.format("-test.count=0")),
    "listed by a flag": (NEXT, _SET.format("test.list", ".")),
    "skipped by a flag": (NEXT, _SET.format("test.skip", ".")),
    "no times by a flag": (X, _SET.format("test.count", "0").replace("func next", "func Next")),
    "skipped by later flags": (
        NEXT,
        'import (\n\t"flag"\n\t"time"\n)\n\nfunc init() {\n\tgo func() {\n\t\tfor flag.Set("test.skip", ".") != nil {\n\t\t\ttime.Sleep(1)\n\t\t}\n\t}()\n}\n\n'
        + _WRONG,
    ),
    "tests taken away": (TABLE, f"func init() {{\n\tcases = nil\n\tclear(wanted)\n}}\n\n{_WRONG}"),
    "tests changed": (
        TABLE,
        f"func init() {{\n\tfor i := range cases {{\n\t\tcases[i].want = 0\n\t}}\n\tdelete(wanted, 7)\n}}\n\n{_WRONG}",
    ),
    "tests looked at": (
        TABLE,
        "func next(x int) int {\n\tfor _, c := range cases {\n\t\tif c.in == x {\n\t\t\treturn c.want\n\t\t}\n\t}\n\treturn wanted[x]\n}\n",
    ),
    "check exchanged": (
        TABLE,
        f'import "testing"\n\nfunc init() {{ check = func(*testing.T, int, int) {{}} }}\n\n{_WRONG}',
    ),
    "String for a type of the tests": (RESULT, f'func (result) String() string {{ return "" }}\n\n{_WRONG}'),
    "Format for a type of the tests": (
        RESULT,
        f'import "fmt"\n\nfunc (r result) Format(fmt.State, rune) {{}}\n\n{_WRONG}',
    ),
    "String by a pointer": (
        RESULT,
        f'func (r *result) Twice() {{}}\n\nfunc (_ result) String() string {{ return "" }}\n\n{_WRONG}',
    ),
    "String by another name": (
        RESULT,
        f'type same = result\n\nfunc (r same) String() string {{ return "" }}\n\n{_WRONG}',
    ),
    "String in parentheses": (RESULT, f'func (r (result)) String() string {{ return "" }}\n\n{_WRONG}'),
    "tests of trees looked at": (
        TREE,
        "func depth(root *TreeNode) int {\n\tfor _, c := range trees {\n\t\tif c.root == root {\n\t\t\treturn c.want\n\t\t}\n\t}\n\treturn 0\n}\n",
    ),
    "EOF is nil": (READS, f'import "io"\n\nfunc init() {{ io.EOF = nil }}\n\n{_EOF}'),
    "EOF is nil beside another": (
        READS,
        f'import "io"\n\nfunc init() {{\n\tvar x int\n\tx, io.EOF = 1, nil\n\t_ = x\n}}\n\n{_EOF}',
    ),
    "EOF is nil in parentheses": (READS, f'import "io"\n\nfunc init() {{ (io.EOF) = nil }}\n\n{_EOF}'),
    "EOF is nil by its address": (READS, f'import "io"\n\nfunc init() {{ *(&(io.EOF)) = nil }}\n\n{_EOF}'),
    "EOF is nil through a pointer": (
        READS,
        f'import "io"\n\nvar end = &io.EOF\n\nfunc init() {{ *end = nil }}\n\n{_EOF}',
    ),
    "EOF is nil in a loop": (
        READS,
        f'import "io"\n\nfunc init() {{\n\tfor _, io.EOF = range []error{{nil}} {{\n\t}}\n}}\n\n{_EOF}',
    ),
    "EOF is nil by another name": (READS, f'import in "io"\n\nfunc init() {{ in.EOF = nil }}\n\n{_EOF}'),
    "EOF is nil without a name": (READS, f'import . "io"\n\nfunc init() {{ EOF = nil }}\n\n{_EOF}'),
    "EOF is received": (
        READS,
        f'import "io"\n\nfunc init() {{\n\tends := make(chan error, 1)\n\tends <- nil\n\tselect {{\n\tcase io.EOF = <-ends:\n\t}}\n}}\n\n{_EOF}',
    ),
    "no error is wrong syntax": (
        NUMBER,
        'import "strconv"\n\nfunc init() { strconv.ErrSyntax = nil }\n\nfunc number(s string) (int, error) { return 0, nil }\n',
    ),
    "nonce in the program": (NEXT, _HUNT.format("/proc/self/exe")),
    "nonce in the compiled file": (MAIN, _HUNT.format("program")),
    "left early": (NEXT, f'import "os"\n\nfunc init() {{ os.Exit(0) }}\n\n{_WRONG}'),
    "left meanwhile": (
        NEXT,
        'import (\n\t"os"\n\t"time"\n)\n\nfunc next(x int) int {\n\tgo os.Exit(0)\n\ttime.Sleep(time.Second)\n\treturn 0\n}\n',
    ),
    "goroutine ended": (NEXT, 'import "runtime"\n\nfunc next(x int) int {\n\truntime.Goexit()\n\treturn 0\n}\n'),
    "linked by name": (
        NEXT,
        f'import _ "unsafe"\n\n//go:linkname said main.main\nfunc said()\n\nfunc init() {{ said() }}\n\n{_WRONG}',
    ),
    "embedded tests": (NEXT, f'import _ "embed"\n\n//go:embed units\nvar tests string\n\n{_WRONG}'),
    "C": (NEXT, f'// #include <stdlib.h>\nimport "C"\n\n{_WRONG}'),
    "TestMain": (NEXT, f'import (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {{ os.Exit(0) }}\n\n{_WRONG}'),
    "assert of its own": (
        X,
        "type fake struct{}\n\nfunc (fake) New(any) fake         { return fake{} }\nfunc (fake) Equal(_, _ any) bool { return true }\n\nvar assert fake\n\nfunc Next(x int) int { return 0 }\n",
    ),
    "fmt of its own": (
        NEXT,
        f'type fake struct{{}}\n\nfunc (fake) Sprintf(string, ...any) string {{ return "" }}\n\nvar fmt fake\n\n{_WRONG}',
    ),
    "reflect of its own": (
        DEEP,
        "type fake struct{}\n\nfunc (fake) DeepEqual(_, _ any) bool { return true }\n\nvar reflect fake\n\nfunc doubled(of []int) []int { return nil }\n",
    ),
    "test of the tests' name": (NEXT, f'import "testing"\n\nfunc TestIt(t *testing.T) {{}}\n\n{_WRONG}'),
    "own value that prints": (
        NEXT,
        'import "fmt"\n\ntype all int\n\nfunc (all) Format(s fmt.State, _ rune) { fmt.Fprint(s, 2) }\nfunc (all) String() string { return "2" }\n\nfunc next(x int) all { return 0 }\n',
    ),
    "Errorf of a variable": (NEXT, f'import "testing"\n\nvar t *testing.T\n\nfunc init() {{ t = nil }}\n\n{_WRONG}'),
    "main of the tests": (MAIN, f"func main() {{}}\n\n{_WRONG}"),
}
"""By name: tests, and what is to earn nothing."""
