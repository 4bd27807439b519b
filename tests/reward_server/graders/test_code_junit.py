# ruff: noqa: E501 - programs stand as they are
"""Java tests written for JUnit 5 and JUnit 4."""

import shutil

import pytest

from reward_server.errors import TaskError
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Outcome
from tests.reward_server.graders.conftest import Grade

pytestmark = pytest.mark.skipif(shutil.which("javac") is None, reason="no javac on this machine's PATH")
RIGHT = """
package com.example;
import java.util.*;
public class Bank {
    private int held;
    public int put(int more) { if (more < 0) throw new IllegalArgumentException("negative"); held += more; return held; }
    public static List<Integer> sorted(List<Integer> given) { List<Integer> made = new ArrayList<>(given); Collections.sort(made); return made; }
    public double half(double x) { return x / 2; }
    public static void main(String[] given) { System.exit(0); }
}
"""
NEW = """package com.example;

import static org.junit.jupiter.api.Assertions.*;
import com.example.Bank;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.*;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.*;

@DisplayName("a bank")
public class BankTest {
    static int made;
    private Bank bank;

    @BeforeAll static void first() { made = 0; }
    @BeforeEach void open() { bank = new Bank(); made++; }

    @Test @DisplayName("adds up")
    void adds() {
        assertEquals(2, bank.put(2));
        assertEquals(5, bank.put(3), "two and three");
        Integer boxed = bank.put(0);
        assertEquals(5, boxed);
        assertNotEquals(6, boxed);
    }

    @Test void refuses() {
        IllegalArgumentException problem = assertThrows(IllegalArgumentException.class, () -> bank.put(-1));
        assertTrue(problem.getMessage().contains("negative"));
        assertAll(() -> assertNotNull(problem), () -> assertNull(null));
    }

    @Test void sorts() {
        assertIterableEquals(List.of(1, 2, 3), Bank.sorted(List.of(3, 1, 2)));
        assertArrayEquals(new int[] {1, 2}, Bank.sorted(List.of(2, 1)).stream().mapToInt(i -> i).toArray());
        assertEquals(0.5, bank.half(1), 1e-9);
        assertDoesNotThrow(() -> bank.half(0));
    }

    @Disabled @Test void isLeftOut() { fail("never"); }

    @ParameterizedTest @ValueSource(ints = {1, 2, 40}) void takes(int more) { assertEquals(more, bank.put(more)); }
    @ParameterizedTest @CsvSource({"1, 2, 3", "4, '5', 9"}) void pairs(int a, int b, long sum) { bank.put(a); assertEquals(sum, bank.put(b)); }
    @ParameterizedTest @MethodSource("rows") void given(List<Integer> given, int first) { assertEquals(first, Bank.sorted(given).get(0)); }
    static Stream<Arguments> rows() { return Stream.of(Arguments.of(List.of(2, 1), 1), Arguments.of(List.of(7), 7)); }

    @Nested class Full {
        @BeforeEach void fill() { bank.put(100); }
        @RepeatedTest(2) void has() { assertSame(bank, bank); assertEquals(101, bank.put(1)); }
    }
    @AfterAll static void last() { assertTrue(made > 5); }
}
"""
OLD = """
import org.junit.*;
import static org.junit.Assert.assertEquals;
public class BankTest {
    private Bank bank;
    @Before public void open() { bank = new Bank(); }
    @Test public void adds() { bank.put(2); assertEquals("five", 5, bank.put(3)); assertEquals(0.5, bank.half(1.0), 0.0001); }
    @Test(expected = IllegalArgumentException.class) public void refuses() { bank.put(-1); }
    @Test(timeout = 1000) public void sorts() { Assert.assertArrayEquals(new Object[] {1, 2}, Bank.sorted(java.util.Arrays.asList(2, 1)).toArray()); }
    @Ignore @Test public void isLeftOut() { Assert.fail(); }
}
"""
WRONG = {
    "adds": RIGHT.replace("held += more", "held = more"),
    "takes what it should refuse": RIGHT.replace("more < 0", "more < -9"),
    "refuses otherwise": RIGHT.replace("IllegalArgumentException", "IllegalStateException"),
    "sorts": RIGHT.replace("Collections.sort(made);", ""),
    "halves": RIGHT.replace("x / 2", "x / 2 + 0.001"),
    "leaves early": RIGHT.replace("held += more", "System.exit(0)"),
}


def _graded(grade: Grade, program: str, tests: str) -> Outcome:
    return grade(program, fence="java", language="java", tests=tests, cpu_seconds=5).outcome


@pytest.mark.parametrize("tests", [NEW, OLD], ids=["JUnit 5", "JUnit 4"])
def test_a_right_program_passes_and_wrong_ones_do_not(grade: Grade, tests: str) -> None:
    assert _graded(grade, RIGHT, tests) is Outcome.CORRECT
    for name, program in WRONG.items():
        assert _graded(grade, program, tests) in (Outcome.INCORRECT, Outcome.RUNTIME_ERROR), name


def test_a_file_without_a_test_that_runs_pays_nobody(grade: Grade) -> None:
    tests = "import org.junit.jupiter.api.*;\nclass T { @Disabled @Test void t() { Assertions.fail(); } }"
    assert _graded(grade, RIGHT, tests) is Outcome.INCORRECT


@pytest.mark.parametrize(
    ("tests", "named"),
    [
        ("import org.junit.jupiter.api.io.TempDir;\nclass T { @Test void t() {} }", "TempDir"),
        ("import org.junit.jupiter.api.*;\nclass T { @TestFactory Object t() { return null; } }", "TestFactory"),
        ("import org.junit.*;\nclass T { @Test public void t() { Assert.assertThat(1, is(1)); } }", "assertThat"),
        ("import org.junit.runners.Parameterized;\nclass T { @Test public void t() {} }", "Parameterized"),
        ("import org.junit.jupiter.api.*;\nclass T { void t() {} }", "no test"),
        ("import org.hamcrest.Matchers;\nclass T { }", "hamcrest"),
        ("import junit.framework.TestCase;\nclass T extends TestCase { }", "junit.framework"),
    ],
)
def test_what_is_not_here_of_junit_is_refused_by_name(tests: str, named: str) -> None:
    with pytest.raises(TaskError, match=named):
        GRADER.compile(CodeTask(language="java", tests=tests))
