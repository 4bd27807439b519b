"""JUnit 5 and 4 in source, for Java tests that are written for them: annotations, assertions, parameters and a runner.

What is here is what one file of tests needs; `require_known` refuses a test file that names more of JUnit than this.
Semantics are those of the user guides (https://docs.junit.org, https://junit.org/junit4): a new instance for each test,
`@BeforeEach` from the outermost class inwards, what a test throws fails it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from reward_server.errors import TaskError

_API, _PARAMS, _OLD = "org.junit.jupiter.api", "org.junit.jupiter.params", "org.junit"
_PROVIDER = f"{_PARAMS}.provider"
_VALUE = 'String value() default "";'
_ANNOTATIONS = {
    _API: {
        **dict.fromkeys(("Test", "BeforeEach", "AfterEach", "BeforeAll", "AfterAll", "Nested"), ""),
        **dict.fromkeys(("Disabled", "DisplayName"), _VALUE),
        **dict.fromkeys(("TestMethodOrder", "DisplayNameGeneration"), "Class<?> value();"),
        "Order": "int value();",
        "RepeatedTest": 'int value(); String name() default "";',
        "Tag": _VALUE,
        "TestInstance": "enum Lifecycle { PER_CLASS, PER_METHOD } Lifecycle value();",
        "Timeout": "long value(); java.util.concurrent.TimeUnit unit() default java.util.concurrent.TimeUnit.SECONDS;",
    },
    _PARAMS: {"ParameterizedTest": 'String name() default "";'},
    _PROVIDER: {
        **dict.fromkeys(("NullSource", "EmptySource", "NullAndEmptySource"), ""),
        "ValueSource": "".join(
            f"{kind}[] {kind.lower()}s() default {{}}; "
            for kind in ("int", "long", "double", "float", "short", "byte", "char", "boolean", "String")
        )
        + "Class<?>[] classes() default {};",
        "CsvSource": "String[] value() default {}; String textBlock() default \"\"; char delimiter() default '\\0'; "
        "String[] nullValues() default {};",
        "MethodSource": "String[] value() default {};",
        "EnumSource": "Class<?> value() default EnumSource.class; String[] names() default {};",
    },
    _OLD: {
        **dict.fromkeys(("Before", "After", "BeforeClass", "AfterClass"), ""),
        "Ignore": _VALUE,
        "Test": "class None extends Throwable {} Class<? extends Throwable> expected() default None.class; "
        "long timeout() default 0;",
    },
}
_TYPES = {
    f"{_API}.MethodOrderer": "public interface MethodOrderer { final class OrderAnnotation implements MethodOrderer {} "
    "final class MethodName implements MethodOrderer {} final class Random implements MethodOrderer {} "
    "final class DisplayName implements MethodOrderer {} }",
    f"{_API}.DisplayNameGenerator": "public interface DisplayNameGenerator { "
    "final class ReplaceUnderscores implements DisplayNameGenerator {} "
    "final class Simple implements DisplayNameGenerator {} final class Standard implements DisplayNameGenerator {} }",
    f"{_API}.function.Executable": "public interface Executable { void execute() throws Throwable; }",
    f"{_API}.function.ThrowingSupplier": "public interface ThrowingSupplier<T> { T get() throws Throwable; }",
    f"{_OLD}.function.ThrowingRunnable": "public interface ThrowingRunnable { void run() throws Throwable; }",
    f"{_PROVIDER}.Arguments": "public interface Arguments { Object[] get(); "
    "static Arguments of(Object... given) { return () -> given; } "
    "static Arguments arguments(Object... given) { return () -> given; } }",
}
_PRIMITIVES = {
    "byte": "Byte", "short": "Short", "int": "Integer", "long": "Long", "float": "Float", "double": "Double",
    "char": "Character",
}  # fmt: skip


def _new_assertions() -> Iterator[str]:
    """Yield JUnit 5's methods: the message comes last, as a text or a supplier of one."""
    messages = (("", "null"), (", String message", "message"), (", Supplier<String> message", "message"))
    for given, said in messages:
        for name, call in (("Equals", "equal"), ("NotEquals", "unequal")):
            for primitive, boxed in _PRIMITIVES.items():
                for one, other in ((primitive, primitive), (primitive, boxed), (boxed, primitive), (boxed, boxed)):
                    yield _method(
                        f"assert{name}({one} expected, {other} actual{given})", f"{call}(expected, actual, {said})"
                    )
            yield _method(f"assert{name}(Object expected, Object actual{given})", f"{call}(expected, actual, {said})")
            wanted = "" if call == "equal" else "!"
            for kind in ("double", "float"):
                near = f'check({wanted}Checks.near(expected, actual, delta), {said}, expected + " and " + actual)'
                yield _method(f"assert{name}({kind} expected, {kind} actual, {kind} delta{given})", near)
        for word, wanted in (("True", ""), ("False", "!")):
            failed = f'{said}, "expected: <{word.lower()}>"'
            yield _method(f"assert{word}(boolean right{given})", f"check({wanted}right, {failed})")
            yield _method(
                f"assert{word}(BooleanSupplier right{given})", f"check({wanted}right.getAsBoolean(), {failed})"
            )
        yield from _about_objects(f"Object actual{given}", f"Object expected, Object actual{given}", said)
        for kind in (*_PRIMITIVES, "boolean", "Object"):
            arrays = f"assertArrayEquals({kind}[] expected, {kind}[] actual"
            yield _method(f"{arrays}{given})", f"arrays(expected, actual, -1, {said})")
            if kind in ("double", "float"):
                yield _method(f"{arrays}, {kind} delta{given})", f"arrays(expected, actual, delta, {said})")
        for name, exactly in (("assertThrows", "false"), ("assertThrowsExactly", "true")):
            head = f"<T extends Throwable> T {name}(Class<T> kind, Executable block{given})"
            yield f"    public static {head} {{ return Checks.thrown(kind, {exactly}, block::execute, {said}); }}"


def _old_assertions() -> Iterator[str]:
    """Yield JUnit 4's methods: the message comes first."""
    for given, said in (("", "null"), ("String message, ", "message")):
        for name, call in (("Equals", "equal"), ("NotEquals", "unequal")):
            for kind in ("long", "Object"):
                pair = f"{given}{kind} expected, {kind} actual"
                yield _method(f"assert{name}({pair})", f"{call}(expected, actual, {said})")
            wanted = "" if call == "equal" else "!"
            for kind in ("double", "float"):
                near = f'check({wanted}Checks.near(expected, actual, delta), {said}, expected + " and " + actual)'
                yield _method(f"assert{name}({given}{kind} expected, {kind} actual, {kind} delta)", near)
        yield _method(f"assertTrue({given}boolean right)", f'check(right, {said}, "expected: <true>")')
        yield _method(f"assertFalse({given}boolean right)", f'check(!right, {said}, "expected: <false>")')
        yield from _about_objects(f"{given}Object actual", f"{given}Object expected, Object actual", said)
        for kind in (*_PRIMITIVES, "boolean", "Object"):
            arrays = f"assertArrayEquals({given}{kind}[] expected, {kind}[] actual"
            if kind in ("double", "float"):
                yield _method(f"{arrays}, {kind} delta)", f"arrays(expected, actual, delta, {said})")
            else:
                yield _method(f"{arrays})", f"arrays(expected, actual, -1, {said})")
        head = f"<T extends Throwable> T assertThrows({given}Class<T> kind, ThrowingRunnable block)"
        yield f"    public static {head} {{ return Checks.thrown(kind, false, block::run, {said}); }}"
    yield "    public static void fail() { throw new AssertionError(); }"
    yield "    public static void fail(String message) { throw new AssertionError(message); }"


def _about_objects(one: str, two: str, said: str) -> Iterator[str]:
    yield _method(f"assertNull({one})", f"same(null, actual, true, {said})")
    yield _method(f"assertNotNull({one})", f"same(null, actual, false, {said})")
    yield _method(f"assertSame({two})", f"same(expected, actual, true, {said})")
    yield _method(f"assertNotSame({two})", f"same(expected, actual, false, {said})")


def _method(head: str, body: str) -> str:
    return f"    public static void {head} {{ Checks.{body}; }}"


def _sources() -> Iterator[tuple[str, str]]:
    """Yield each class's name with its source."""
    retained = "@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)\n"
    for package, annotations in _ANNOTATIONS.items():
        for name, body in annotations.items():
            yield f"{package}.{name}", f"package {package};\n{retained}public @interface {name} {{ {body} }}\n"
    for whole, body in _TYPES.items():
        yield whole, f"package {whole.rpartition('.')[0]};\n{body}\n"
    for package, name, checks in ((_API, "Assertions", _text("assertions")), (_OLD, "Assert", "")):
        methods = "\n".join(_new_assertions() if name == "Assertions" else _old_assertions())
        imports = f"import java.util.*; import java.util.function.*; import {package}.function.*;"
        yield (
            f"{package}.{name}",
            f"package {package};\n{imports}\npublic final class {name} {{\n{methods}\n{checks}}}\n",
        )
        yield f"{package}.Checks", f"package {package};\nfinal class Checks {{\n{_text('checks')}}}\n"
    yield "org.junit.reward.Runner", _text("runner")


def _text(part: str) -> str:
    return files(__package__).joinpath(f"java_junit_{part}.txt").read_text(encoding="utf-8")


@cache
def junit_files() -> Mapping[str, bytes]:
    """Return the library as files of a Java program."""
    return MappingProxyType({f"library/{name.replace('.', '/')}.java": text.encode() for name, text in _sources()})


_IMPORT = re.compile(r"^[ \t]*import\s+(?:static\s+)?(org\.junit\.[\w.*]+)\s*;", re.MULTILINE)
_ASSERTION = re.compile(r"(?<![\w.])(?:(?:Assertions|Assert)\s*\.\s*)?((?:assert|assume)[A-Z]\w*)\s*\(")
_ANNOTATION = re.compile(r"(?<![\w.])@(\w+)")
_NO_CODE = re.compile(r'"""(?s:.)*?(?:"""|\Z)|"(?:\\.|[^"\\\n])*+(?:"|$)|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z)', re.MULTILINE)
"""Texts and comments."""
_TEST = re.compile(r"@(?:Test|ParameterizedTest|RepeatedTest)\b")
_JAVA_LANG = frozenset({"Override", "SuppressWarnings", "Deprecated", "FunctionalInterface", "SafeVarargs"})


def is_junit(tests: str) -> bool:
    """Say whether Java tests are written for JUnit."""
    return _IMPORT.search(tests) is not None


def require_known(tests: str) -> None:
    """Look whether all that tests name of JUnit is here.

    Raises:
        TaskError: something is not, by name.
    """
    names = {path[len("library/") : -len(".java")].replace("/", ".") for path in junit_files()}
    packages = {name.rpartition(".")[0] for name in names}
    defined = set(re.findall(r"\b(\w+)\s*\([^;{}()]{0,300}\)\s*(?:throws [\w., ]{1,200})?\{", tests))
    for imported in _IMPORT.findall(tests):
        parts = imported.removesuffix(".*")
        above = parts.rpartition(".")[0]
        if not ({parts, above, above.rpartition(".")[0]} & names or (imported.endswith(".*") and parts in packages)):
            raise TaskError(f"tests: {imported!r} of JUnit is not in the sandbox")
    for name in set(_ASSERTION.findall(_NO_CODE.sub(" ", tests))) - defined - _methods():
        raise TaskError(f"tests: JUnit's {name!r} is not in the sandbox")
    known = {name.rpartition(".")[2] for name in names} | _JAVA_LANG | set(re.findall(r"@interface\s+(\w+)", tests))
    for name in set(_ANNOTATION.findall(_NO_CODE.sub(" ", tests))) - known - {"interface"}:
        raise TaskError(f"tests: the annotation '@{name}' is not in the sandbox")
    if not _TEST.search(tests):
        raise TaskError("tests: JUnit's file has no test, and no program passes nothing")


@cache
def _methods() -> frozenset[str]:
    library = junit_files()
    sources = (library[f"library/{name.replace('.', '/')}.java"] for name in (f"{_API}.Assertions", f"{_OLD}.Assert"))
    return frozenset(name for source in sources for name in re.findall(r" (assert\w+)\(", source.decode()))
