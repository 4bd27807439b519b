"""Which column is what: one rule, and a row that does not say it is told what it has."""

from typing import Any

import pytest

from reward_server.files.formats import RowError
from reward_server.files.layout import Layout, column, join_table, selected


def test_columns_constants_and_a_joined_file_make_the_item():
    layout = Layout(
        columns={"completion": "output.text", "task.tests": "tests", "prompt": "hint?"},
        constants={"task.kind": "code"},
        joined=join_table([{"problem": "p", "tests": ["t"]}], "problem"),
        join_on="problem",
    )
    item = layout.item({"problem": "p", "output": {"text": "x"}})
    assert item == {"completion": "x", "task": {"tests": ["t"], "kind": "code"}}


@pytest.mark.parametrize(
    ("row", "task"),
    [
        ({"ground_truth": "5"}, {"kind": "math", "ground_truth": "5"}),
        ({"answer": "B", "data_source": "cais/mmlu"}, {"kind": "choice", "ground_truth": "B"}),
        ({"task": '{"kind": "exact", "ground_truth": "x"}'}, {"kind": "exact", "ground_truth": "x"}),
        ({"task": {"kind": "exact", "ground_truth": "x", "fold": None}}, {"kind": "exact", "ground_truth": "x"}),
        ({"solution": "5", "answer": "5"}, {"kind": "math", "ground_truth": "5"}),
    ],
)
def test_a_row_without_a_task_of_its_own_gets_one_from_its_ground_truth(row: dict[str, Any], task: dict[str, Any]):
    assert Layout().item({"completion": "c", **row}) == {"completion": "c", "task": task}


@pytest.mark.parametrize(
    ("row", "columns", "said"),
    [
        ({"respons": "c", "id": 1}, {"completion": "response"}, "no column 'response', did you mean 'respons'"),
        ({"text": "c", "gold": "5"}, {}, "no column 'completion'; the row has text, gold; name.*--completion"),
        ({"completion": "c", "truth": "5"}, {}, "no column with a ground truth .*completion, truth .*--ground-t"),
        ({"completion": "c", "answer": "5", "solution": "x = 5"}, {}, "`answer` .* and `solution` .* may both"),
        ({"completion": "c", "answer": "5", "data_source": "unheard/of"}, {}, "unheard/of.*--kind"),
        ([1], {}, "the row is list"),
        (RowError("not JSON"), {}, "not JSON"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_item_is_told_what_it_has_and_what_helps(row: Any, columns: dict[str, str], said: str):
    with pytest.raises(RowError, match=said):
        Layout(columns=columns).item(row)


def test_columns_reach_into_nested_rows_and_may_be_missing_where_marked():
    row = {"reward_model": {"ground_truth": "7"}, "a.b": 1}
    assert column(row, "reward_model.ground_truth") == "7"
    assert column(row, "a.b") == 1
    assert column(row, "extra.hint?") is None


def test_rows_are_chosen_by_their_columns_and_broken_ones_are_seen():
    rows = [{"kind": "a"}, {"kind": "b"}, RowError("x")]
    assert [selected(row, {"kind": {"a"}}) for row in rows] == [True, False, True]


def test_a_key_that_joins_two_rows_is_refused():
    with pytest.raises(RowError, match="several rows whose p is 1"):
        join_table([{"p": 1}, {"p": 1}], "p")
