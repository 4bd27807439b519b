"""JavaScript tests as Jest, Mocha and node:test have them, and programs that are modules."""

import pytest

from reward_server.errors import TaskError
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Outcome
from tests.reward_server.graders.conftest import Grade

REQUIRED = "const { sq } = require('./solution');\n"
ASYNC = "const { test } = require('node:test');\nconst assert = require('node:assert/strict');\n" + REQUIRED
ASSERT = "const assert = require('assert');"
RIGHT = "function sq(x) { if (typeof x !== 'number') throw new TypeError('no number'); return x * x }"
MATCHERS = """
import { sq } from '../src/sq.js';
describe('sq', () => {
  let base;
  beforeEach(() => { base = 3; });
  test.each([[1, 1], [2, 4]])('%d gives %d', (x, y) => expect(sq(x)).toBe(y));
  it('matches', async () => {
    expect([sq(base), { a: sq(2), b: undefined }]).toEqual([9, { a: 4 }]);
    expect(() => sq('x')).toThrow(/number/);
    expect({ a: sq(1), b: 2 }).toMatchObject({ a: 1 });
    await expect(Promise.resolve(sq(2))).resolves.toBeCloseTo(4.001);
    expect(sq(2)).not.toBe(5);
    const seen = jest.fn(sq);
    [1, 2].forEach(x => seen(x));
    expect(seen).toHaveBeenCalledTimes(2);
  });
  it.skip('is left out', () => expect(1).toBe(2));
  it('waits', done => setTimeout(() => { expect(sq(2)).toBe(4); done(); }, 5));
});
"""


def graded(grade: Grade, program: str, tests: str) -> Outcome:
    return grade(program, fence="js", language="javascript", tests=tests, cpu_seconds=5).outcome


FORGED = f"const sq = () => 1;\n{ASSERT}\nassert.equal = () => true;"
USED = "test('a', () => { expect(sq(3)).toBe(9) });"


@pytest.mark.parametrize(
    ("program", "tests"),
    [
        (RIGHT, MATCHERS),
        (f"export {RIGHT}", MATCHERS),
        (f"export default {RIGHT}", f"import sq from './sq';\n{USED}"),
        (f"{RIGHT}\nmodule.exports = {{ sq }};", ASYNC + "test('a', async () => { assert.equal(await sq(3), 9); });"),
        ("const sq = x => x * x;\nmodule.exports = sq;", f"const sq = require('./sq');\n{USED}"),
        ("const assert = require('assert');\nconst sq = x => x * x;", f"{ASSERT}\nassert(sq(3) === 9);"),
        ("class Box { get() { return 1 } }", "console.assert(new Box().get() === 1);"),
    ],
)
def test_tests_run_whatever_the_submission_calls_its_own(grade: Grade, program: str, tests: str) -> None:
    assert graded(grade, program, tests) is Outcome.CORRECT


@pytest.mark.parametrize(
    ("program", "tests", "outcome"),
    [
        (RIGHT.replace("x * x", "x + x"), MATCHERS, Outcome.INCORRECT),
        (RIGHT.replace("x * x", "x + 1"), f"{ASYNC}test('a', async () => assert.equal(sq(3), 9));", Outcome.INCORRECT),
        ("function sq(x) { process.exit(0) }", MATCHERS, Outcome.RUNTIME_ERROR),
        (FORGED, f"{ASSERT}\nassert.equal(sq(3), 9);", Outcome.INCORRECT),
        ("const sq = () => 1;\nfunction test() {}\nconst expect = () => ({ toBe() {} });", USED, Outcome.INCORRECT),
    ],
)  # fmt: skip
def test_what_is_wrong_fails(grade: Grade, program: str, tests: str, outcome: Outcome) -> None:
    assert graded(grade, program, tests) is outcome


def test_a_matcher_that_is_not_offered_breaks_the_row() -> None:
    task = CodeTask(language="javascript", tests="test('a', () => expect(f()).toMatchSnapshot());")
    with pytest.raises(TaskError, match="toMatchSnapshot"):
        GRADER.compile(task)


def test_java_programs_have_javatuples(grade: Grade) -> None:
    program = (
        'import org.javatuples.*;\nclass Problem { static Pair<Long, String> f(long x) { return Pair.with(x, "a"); }\n'
        "static Triplet<Long, Long, Long> g() { return new Triplet<>(1L, 2L, 3L).setAt0(4L); }\n"
    )
    tests = (
        'public static void main(String[] a) { assert(f(1L).equals(Pair.with(1L, "a")));\n'
        'assert(f(1L).getValue1().equals("a")); assert(g().toString().equals("[4, 2, 3]")); } }'
    )
    assert grade(program + "}", fence="java", language="java", tests=tests).outcome is Outcome.CORRECT
    assert (
        grade(program.replace('"a"', '"b"') + "}", fence="java", language="java", tests=tests).outcome
        is Outcome.INCORRECT
    )
