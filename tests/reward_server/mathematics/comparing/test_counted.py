"""Nouns that count the same things, and nouns that do not."""

import pytest

from reward_server.mathematics.comparing.counted import count_the_same
from reward_server.mathematics.reading.units import unknown_unit

SAME = """boys children|boys people|workers people|friends people|cars vehicles|slices pieces|integers values
apples_per_day apples_each_day|men man|women woman|people persons|cookies cookie|leaves leaf|knives knife|gloves glove
olives olive|pies pie|movies movie|ways possible_arrangements|red_balls balls|students kids|apples_in_total apple
times ways|real_solutions solutions|roots solutions|values solutions|apples_each apples|dollars_per_hour dollars/hour"""
OTHER = """apples oranges|oranges_at_a_time apples|time_oranges apples|unit_oranges apples|odd_numbers even_numbers
real_solutions complex_solutions|boys girls|red_balls blue_balls|people_per_hour people|cats dogs|cars buses
apples_per_day apples_per_week|tall_people short_boys"""


def _agree(pair: str) -> bool:
    left, right = (unknown_unit(nouns.replace("_", " ")) for nouns in pair.split())
    assert count_the_same(left, right) == count_the_same(right, left)
    return count_the_same(left, right)


@pytest.mark.parametrize("pair", SAME.replace("\n", "|").split("|"))
def test_nouns_of_the_same_things_agree(pair: str) -> None:
    assert _agree(pair)


@pytest.mark.parametrize("pair", OTHER.replace("\n", "|").split("|"))
def test_nouns_of_other_things_conflict(pair: str) -> None:
    assert not _agree(pair)
