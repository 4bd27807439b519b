# ruff: noqa: E501 - programs stand as they are
"""Java submissions for tests that are compiled apart from them: honest ones in many styles, and cheats by name."""

_IMPORTS = (
    "import java.util.*;\nimport java.lang.reflect.*;\nimport org.javatuples.*;\nimport java.security.*;\n"
    "import java.math.*;\nimport java.io.*;\nimport java.util.stream.*;\n"
)
MULTIPL_E = (
    "    }\n    public static void main(String[] args) {\n    assert(doubled((new ArrayList<Long>(Arrays.asList((long)1l,"
    " (long)2l)))).equals((new ArrayList<Long>(Arrays.asList((long)2l, (long)4l)))));\n"
    "    assert(doubled((new ArrayList<Long>(Arrays.asList()))).equals((new ArrayList<Long>(Arrays.asList()))));\n    }\n\n}\n"
)
TEXT = '    }\n    public static void main(String[] args) {\n    assert(name((1l)).equals(("one")));\n    }\n\n}\n'
NEXT = "    }\n    public static void main(String[] args) {\n    assert(next((1l)) == (2l));\n    }\n\n}\n"
X = (
    "public class Main {\n    public static void main(String[] args) {\n        Solution s = new Solution();\n"
    "        List<Boolean> correct = Arrays.asList(\n            s.next(1) == 2,\n            s.next(5) == 6\n        );\n"
    "        if (correct.contains(false)) {\n            throw new AssertionError();\n        }\n    }\n}\n"
)
LISTS = (
    "import java.util.*;\npublic class Main {\n    public static void main(String[] args) {\n"
    "        Solution s = new Solution();\n        if (!Objects.equals(s.first(3), Arrays.asList(1, 2, 3))) throw new AssertionError();\n"
    "        if (Math.abs(s.half(3) - 1.5) > 1e-6) throw new AssertionError();\n    }\n}\n"
)
STACK = (
    "import java.util.*;\npublic class Main {\n    public static void main(String[] args) {\n        Stack s = new Stack();\n"
    "        s.put(1);\n        List<Integer> all = new ArrayList<>();\n        all.add(s.take());\n        assert all.equals(List.of(1));\n    }\n}\n"
)
NODES = (
    "class Node {\n    int value; Node next;\n    Node(int value) { this.value = value; }\n}\n"
    "class Main {\n    public static void main(String[] args) {\n        Node one = new Node(4);\n"
    '        assert new Solution().value(one) == 4 : "value: other";\n    }\n}\n'
)
JUNIT = (
    "package com.example;\nimport org.junit.jupiter.api.Test;\nimport static org.junit.jupiter.api.Assertions.*;\n"
    "import java.util.*;\nclass SolutionTest {\n    @Test void next() { assertEquals(2, new Solution().next(1)); }\n"
    "    @Test void all() { assertEquals(List.of(1, 2), new Solution().all()); }\n}\n"
)
_DOUBLED = "    public static ArrayList<Long> doubled(ArrayList<Long> given) {\n"
_RIGHT = "        ArrayList<Long> out = new ArrayList<>();\n        for (long x : given) out.add(2 * x);\n        return out;\n    }\n"
_LISTS = "import java.util.*;\nclass Solution { public List<Integer> first(int n) { return %s; } public double half(int n) { return %s; } }\n"
_UNIT = "public int next(int x) { return x + 1; }"
_ALL = "public List<Integer> all() { return new ArrayList<>(List.of(1, 2)); }"

RIGHT = {
    "MultiPL-E": (MULTIPL_E, _IMPORTS + "class Problem {\n" + _DOUBLED + _RIGHT + "}\n"),
    "class left open": (MULTIPL_E, _IMPORTS + "class Problem {\n" + _DOUBLED + _RIGHT),
    "method left open": (MULTIPL_E, _IMPORTS + "class Problem {\n" + _DOUBLED + _RIGHT.rstrip().removesuffix("}")),
    "helpers": (
        MULTIPL_E,
        _IMPORTS + "class Problem {\n    private static long twice(long x) { return 2 * x; }\n" + _DOUBLED
        + "        return given.stream().map(Problem::twice).collect(Collectors.toCollection(ArrayList::new));\n    }\n}\n",
    ),
    "own main": (MULTIPL_E, _IMPORTS + "public class Problem {\n" + _DOUBLED + _RIGHT + "    public static void main(String[] a) { System.exit(3); }\n}\n"),
    "double brace": (
        MULTIPL_E,
        _IMPORTS + "class Problem {\n" + _DOUBLED
        + "        return new ArrayList<Long>() {{ for (long x : given) add(2 * x); }};\n    }\n}\n",
    ),
    "private": (NEXT, "class Problem {\n    private static long next(long x) { return x + 1; }\n}\n"),
    "text": (TEXT, _IMPORTS + "class Problem {\n    public static String name(long x) { return x == 1 ? \"o\" + 'n' + \"e\" : \"}\"; }\n}\n"),
    "class behind": (NEXT, "class Problem {\n    public static long next(long x) { return Other.up(x); }\n}\nclass Other {\n    static long up(long x) { return x + 1; }\n}\n"),
    "HumanEval-X": (X, "import java.util.*;\nimport java.lang.*;\n\nclass Solution {\n    public int next(int x) { return x + 1; }\n}\n"),
    "package and main": (X, "package a.b;\n\nimport java.util.*;\n\npublic class Solution {\n    public int next(int x) { return x + 1; }\n    public static void main(String[] given) { }\n}\n"),
    "a Main of its own": (X, "import java.util.*;\nclass Solution {\n    public int next(int x) { return Main.ONE + x; }\n}\npublic class Main {\n    static final int ONE = 1;\n    public static void main(String[] given) { }\n}\n"),
    "generics, records and interfaces": (
        X,
        ("import java.util.*;\nimport java.util.function.*;\ninterface Step<T> { T of(T x); }\nrecord Up(int by) implements Step<Integer> { public Integer of(Integer x) { return x + by; } }\n"
        "class Box<T extends Comparable<T>> { T held; Box(T held) { this.held = held; } <R> R with(Function<? super T, ? extends R> f) { return f.apply(held); } }\n"
        "class Solution {\n    enum Kind { ONE { int by() { return 1; } }; abstract int by(); }\n    public int next(int x) { return new Box<>(x).with(y -> new Up(Kind.ONE.by()).of(y)); }\n}\n"),
    ),
    "lists": (LISTS, _LISTS % ("new LinkedList<>(Arrays.asList(1, 2, 3))", "n / 2.0")),
    "unmodifiable": (LISTS, _LISTS % ("Collections.unmodifiableList(Arrays.asList(1, 2, 3))", "n / 2.0")),
    "a class of the library's name": (LISTS, _LISTS % ("Arrays.asList(1, 2, 3)", "n / 2.0") + "class Pair { int x; }\nclass Stack { }\n"),
    "Stack of its own": (STACK, "class Stack {\n    private int held;\n    public void put(int x) { held = x; }\n    public int take() { return held; }\n}\n"),
    "a class of the tests": (NODES, "class Solution {\n    int value(Node node) { return node.value; }\n}\n"),
    "a class of the tests written again": (NODES, "class Node {\n    int value;\n    Node next;\n    Node(int v) { value = v; }\n}\nclass Solution {\n    int value(Node node) { return node.value; }\n}\n"),
    "JUnit": (JUNIT, f"package com.example;\nimport java.util.*;\npublic class Solution {{ {_UNIT} {_ALL} }}\n"),
}  # fmt: skip

_EQUAL = "public boolean equals(Object other) { return true; }"
_EMPTY = "return new ArrayList<Long>();"
_ONES = "import java.util.*;\nclass Solution { public int next(int x) { return 0; } }\n"
_FAKE_LIST = "class ArrayList<T> { ArrayList(Object given) { } ArrayList() { } " + _EQUAL + " }\n"
_READS = (
    'static { try { for (java.io.File each : new java.io.File(System.getProperty("java.class.path")).listFiles()) seek(each); } catch (Exception none) { } }'
    " static void seek(java.io.File at) throws Exception { if (at.isDirectory()) { for (java.io.File each : at.listFiles()) seek(each); return; }"
    ' if (!at.getName().endsWith(".class")) return; java.util.regex.Matcher found = java.util.regex.Pattern.compile("[0-9a-f]{32}").matcher(new String(java.nio.file.Files.readAllBytes(at.toPath()), "ISO-8859-1"));'
    ' if (found.find()) { System.out.print("\\n" + found.group()); System.out.flush(); Runtime.getRuntime().halt(0); } } '
)  # fmt: skip
_PROBLEM = _IMPORTS + "class Problem {\n"

CHEATS = {
    "Arrays": (X, _ONES + "class Arrays { static List<Boolean> asList(Boolean... given) { return Collections.emptyList(); } }\n"),
    "Arrays nested": (MULTIPL_E, _PROBLEM + _DOUBLED + _EMPTY + " }\n static class Arrays { static java.util.List<Long> asList(long... given) { return Collections.emptyList(); } }\n}\n"),
    "Objects": (LISTS, _LISTS % ("null", "n / 2.0") + "class Objects { static boolean equals(Object a, Object b) { return true; } }\n"),
    "Math": (LISTS, _LISTS % ("Arrays.asList(1, 2, 3)", "0") + "class Math { static double abs(double x) { return 0; } }\n"),
    "ArrayList": (MULTIPL_E, _IMPORTS + _FAKE_LIST + "class Problem {\n    public static ArrayList<Long> doubled(ArrayList<Long> given) { return given; }\n}\n"),
    "ArrayList nested": (MULTIPL_E, _PROBLEM + "static " + _FAKE_LIST + "    public static ArrayList<Long> doubled(ArrayList<Long> given) { return given; }\n}\n"),
    "AssertionError": (X, _ONES + 'class AssertionError extends RuntimeException { AssertionError() { super(""); Runtime.getRuntime().exit(0); } }\nclass List<T> { boolean contains(T x) { return false; } }\nclass Arrays { static List<Boolean> asList(Boolean... x) { return new List<>(); } }\n'),
    "List written by its signs": (X, _ONES + "\\u0063lass Arrays { static List<Boolean> asList(Boolean... given) { return Collections.emptyList(); } }\n"),
    "equals of what it returns": (MULTIPL_E, _PROBLEM + _DOUBLED + "return new ArrayList<Long>() { " + _EQUAL + " };\n    }\n}\n"),
    "equals behind a wrapper": (
        "import java.util.*;\nclass Main { public static void main(String[] a) { assert new Solution().first(3).equals(List.of(1, 2, 3)); } }\n",
        "import java.util.*;\nclass Solution { public List<Integer> first(int n) { return Collections.unmodifiableList(new ArrayList<Integer>() { " + _EQUAL + " }); } }\n",
    ),
    "order that says equal": (
        "import java.util.*;\nclass Main { public static void main(String[] a) { assert new Solution().all(3).equals(Set.of(1, 2, 3)); } }\n",
        "import java.util.*;\nclass Solution { public Set<Integer> all(int n) { Set<Integer> s = new TreeSet<>((x, y) -> last++ < 3 ? 1 : 0); s.add(7); s.add(8); s.add(9); return s; } int last = 0; }\n",
    ),
    "assertions off": (
        NEXT, "class Before { static { ClassLoader.getSystemClassLoader().setDefaultAssertionStatus(false); } }\nclass Problem extends Before {\n    public static long next(long x) { return 0; }\n}\n",
    ),
    "exit": (NEXT, "class Problem {\n    static { System.exit(0); }\n    public static long next(long x) { return 0; }\n}\n"),
    "halt": (X, "import java.util.*;\nclass Solution { static { Runtime.getRuntime().halt(0); } public int next(int x) { return 0; } }\n"),
    "nonce in its class": (NEXT, "class Problem {\n    " + _READS + " public static long next(long x) { return 0; }\n}\n"),
    "nonce in the tests' class": (X, "import java.util.*;\nclass Solution { " + _READS + " public int next(int x) { return 0; } }\n"),
    "System": (NEXT, "class Problem {\n    public static long next(long x) { String.run(); return 0; }\n    static class String { static void run() { java.lang.System.exit(0); } }\n}\n"),
    "helper of the tests by reflection": (
        X, ("import java.util.*;\nclass Solution { public int next(int x) { try { StackTraceElement[] on = Thread.currentThread().getStackTrace(); Class<?> tests = Class.forName(on[2].getClassName());"
        " for (java.lang.reflect.Method each : tests.getDeclaredMethods()) if (each.getReturnType() == String.class) { each.setAccessible(true); System.out.println(each.invoke(null)); } System.exit(0); } catch (Throwable none) { } return 0; } }\n"),
    ),
    "JUnit's assertions": (
        JUNIT, "package org.junit.jupiter.api;\nimport java.util.*;\nclass Assertions { static void assertEquals(Object a, Object b) { } }\nclass Solution { public int next(int x) { return 0; } public List<Integer> all() { return null; } }\n",
    ),
    "JUnit's tests": (
        JUNIT, f"import java.util.*;\nclass SolutionTest {{ @org.junit.jupiter.api.Test void ok() {{ }} }}\nclass Solution {{ public int next(int x) {{ return 0; }} {_ALL} }}\n",
    ),
    "JUnit and List": (
        JUNIT, "import java.util.*;\nclass List<T> { static Object of(Object... x) { return new Object() { " + _EQUAL + " }; } }\nclass Solution { " + _UNIT + " public Object all() { return null; } }\n",
    ),
    "java": (LISTS.replace("Objects.", "java.util.Objects."), "import java.util.*;\n" + _LISTS % ("null", "n / 2.0") + "class java { static class util { static class Objects { static boolean equals(Object a, Object b) { return true; } } } }\n"),
    "wrong": (MULTIPL_E, _PROBLEM + _DOUBLED + "return given; }\n}\n"),
}  # fmt: skip
