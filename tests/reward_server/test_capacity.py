"""What a load needs follows from unit costs by arithmetic that a reader can do again."""

from typer.testing import CliRunner

from reward_server.cli import app
from reward_server.commands.capacity import UnitCosts, needs


def test_slots_nodes_and_network_follow_from_the_unit_costs():
    costs = UnitCosts(
        slot_seconds_a_verdict=0.04, hub_seconds_a_verdict=0.002, math_seconds=1e-4, kept_bytes=1024, sent_bytes=1500
    )
    found = dict(needs(costs, 1000.0, 0.16, 64))
    assert found["slots, one for each core"] == "200"
    assert found["cores for servers"].startswith("2,")
    assert found["nodes of 64 cores"] == "4"
    assert found["Redis, of one day's verdicts"] == f"{1000 * 1024 * 86400 / 2**30:,.0f} GiB"
    assert found["network, all nodes"] == "0.01 Gbit/s"


def test_where_code_cannot_be_run_it_says_so():
    ended = CliRunner().invoke(app, ["capacity", "--sandbox", "none"])
    assert ended.exit_code == 3
    assert "cannot be measured" in ended.stderr
