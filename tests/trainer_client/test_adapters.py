"""Every adapter, built in or added later, keeps these promises; then what each of them promises alone."""

import asyncio
import importlib.util
import json
import math
import pickle
import statistics
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reward_server.datasets import UnknownRow
from reward_server.verdict import Outcome
from tests.trainer_client.fakes import FakeService, fake_service
from trainer_client import RequestRejected, Reward, RewardClient, pair
from trainer_client.adapters import Adapter, discover, openrlhf, trl, verl
from trainer_client.client import column_functions
from trainer_client.client.coalescing import Coalescer
from trainer_client.client.errors import Ungradable
from trainer_client.client.sharing import Calls

A = {"kind": "exact", "ground_truth": "A"}
BROKEN = {"kind": "broken"}

each_adapter = pytest.mark.parametrize("adapter", discover().values(), ids=discover())


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    monkeypatch.setattr("trainer_client.client.client._REGRADE_WAIT_SECONDS", 0.001)
    with fake_service() as running:
        yield running


@each_adapter
def test_rewards_are_the_services_in_order(adapter: Adapter, service: FakeService) -> None:
    completions = [*"ABAABB", "", "A"]
    rewards = adapter.as_called(service.url, pair([A] * 8, completions))
    assert rewards == [float(text == "A") for text in completions]


@each_adapter
def test_an_ungradable_completion_is_never_a_silent_zero(adapter: Adapter, service: FakeService) -> None:
    told = adapter.as_called(service.url, pair([A, BROKEN, A], "AAB"))
    assert told in ([1.0, None, 0.0], [None, None, None]), "left out alone, or the step does not happen"
    assert adapter.ungradable


@each_adapter
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(group=st.lists(st.sampled_from("AB"), min_size=2, max_size=8), lost=st.integers(0, 8))
def test_siblings_of_an_ungradable_completion_have_the_advantages_of_the_group_without_it(
    adapter: Adapter, service: FakeService, group: list[str], lost: int
) -> None:
    lost = min(lost, len(group))
    tasks = [A] * len(group)
    told = adapter.as_called(
        service.url, pair([*tasks[:lost], BROKEN, *tasks[lost:]], [*group[:lost], "A", *group[lost:]])
    )
    alone = [float(text == "A") for text in group]
    rest = [reward for place, reward in enumerate(told) if place != lost]
    assert told[lost] is None
    assert rest == [None] * len(group) or advantages(rest) == advantages(alone)


def advantages(rewards: list[Any]) -> list[float]:
    spread = statistics.pstdev(rewards)
    return [(reward - statistics.fmean(rewards)) / (spread + 1e-6) for reward in rewards]


@each_adapter
def test_what_the_trainer_asks_for_together_is_one_post(
    adapter: Adapter, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = {"quiet_seconds": 3.0, "longest_seconds": 10.0}  # threads may start late on a busy machine
    monkeypatch.setattr(Coalescer.__init__, "__kwdefaults__", patience)
    adapter.as_called(service.url, pair([A] * 16, ["A"] * 16))
    assert [len(request["items"]) for request in service.requests] == [16]
    assert len(service.requests[0]["tasks"]) == 1


@each_adapter
def test_the_configuration_lines_are_in_the_docstring(adapter: Adapter) -> None:
    module = importlib.import_module(f"trainer_client.adapters.{adapter.trainer}")
    assert "http://127.0.0.1:8000" in (module.__doc__ or "")


def called(function: Any, completions: list[Any], **columns: Any) -> Any:
    answer = function(prompts=[""] * len(completions), completions=completions, completion_ids=[], **columns)
    return asyncio.run(answer) if asyncio.iscoroutine(answer) else answer


both_faces = pytest.mark.parametrize("face", [trl.RewardFunction, trl.BlockingRewardFunction])


@both_faces
@pytest.mark.parametrize(
    "columns",
    [
        {"task": [A, BROKEN]},
        {"task": ['{"kind": "exact", "ground_truth": "A"}', '{"kind": "broken"}']},
        {"task": [A | {"tests": None}, BROKEN | {"ground_truth": None}]},
    ],
    ids=["tasks", "JSON", "filled up by Arrow"],
)
def test_trl_takes_whole_tasks_from_a_column(face: Any, columns: Any, service: FakeService) -> None:
    masks = {"nulls": "mask"} if face is trl.BlockingRewardFunction else {}
    assert called(face(service.url, **masks), ["A", "A"], **columns) == [1.0, None]


@both_faces
@pytest.mark.parametrize("column", ["ground_truth", "solution", "answer"])
def test_trl_takes_ground_truths_of_one_kind(face: Any, column: str, service: FakeService) -> None:
    assert called(face(service.url, kind="exact"), ["A", "A"], **{column: ["A", "B"]}) == [1.0, 0.0]


def test_trl_routes_verl_shaped_rows_by_their_data_source(service: FakeService) -> None:
    columns = {"data_source": ["openai/gsm8k", "searchR1_nq"], "reward_model": [{"ground_truth": "72"}] * 2}
    called(trl.RewardFunction(service.url), ["A", "A"], **columns)
    assert [item["task"]["kind"] for item in service.requests[0]["items"]] == ["math", "short_answer"]


def test_trl_without_a_ground_truth_column_says_which_columns_it_knows() -> None:
    with pytest.raises(UnknownRow, match="ground_truth, answer"):
        called(trl.RewardFunction("http://127.0.0.1:9"), ["A"], difficulty=[1])


def test_trl_chat_messages_are_sent_as_they_are(service: FakeService) -> None:
    messages = [[{"role": "assistant", "content": "A"}]]
    called(trl.RewardFunction(service.url), messages, task=[A])
    assert service.requests[0]["items"][0]["completion"] == messages[0]


def test_trl_parts_share_one_post_and_an_ungradable_completion_has_no_part(service: FakeService) -> None:
    (accuracy,) = functions = trl.parts(service.url, {"accuracy": 1})
    assert [function.__name__ for function in functions] == ["accuracy"]
    first, second = Calls(Reward(service.url), ["a", "b"]), ["A", "A"]
    columns = {"task": [A, BROKEN]}
    assert first.graded("a", second, columns) is first.graded("b", second, columns)
    assert called(accuracy, ["A", "A"], **columns) == [1.0, None]
    assert len([request for request in service.requests if len(request["items"]) == 2]) == 2


@both_faces
def test_trl_parts_of_the_next_batch_are_asked_for_again(face: Any, service: FakeService) -> None:
    function = trl.parts(service.url, {"accuracy": 1}, function=face)[0]
    batch = ["A"]
    assert called(function, batch, task=[A]) == [1.0]
    batch[0] = "B"
    assert called(function, batch, task=[A]) == [0.0]


def test_trl_logs_outcomes_parts_and_the_share_without_verdict(service: FakeService) -> None:
    extra: dict[str, list[Any]] = {}
    metrics: dict[str, float] = {}
    loggers = {"log_extra": extra.__setitem__, "log_metric": metrics.__setitem__}
    called(trl.RewardFunction(service.url), ["A", "B", "A", "A"], task=[A, A, A, BROKEN], **loggers)
    assert extra["outcome"] == ["correct", "incorrect", "correct", "ungradable"]
    assert {name: value for name, value in metrics.items() if value} == {
        "unscored_share": 0.25, "parts/accuracy": pytest.approx(2 / 3),
        "outcome/correct": 0.5, "outcome/incorrect": 0.25, "outcome/ungradable": 0.25,
    }  # fmt: skip
    assert metrics["cached_share"] == metrics["cheating_share"] == metrics["outcome/time_limit"] == 0.0
    assert extra["no_reward_because"] == ["", "", "", "ungradable"]


def test_trl_blocking_functions_raise_where_a_trainer_would_make_a_zero(service: FakeService) -> None:
    with pytest.raises(Ungradable):
        called(trl.BlockingRewardFunction(service.url), ["A", "A"], task=[A, BROKEN])


def test_trl_other_functions_have_no_say_where_we_have_none(service: FakeService) -> None:
    def length_bonus(completions: list[str], **_: Any) -> list[float]:
        return [float(len(text)) for text in completions]

    async def constant(completions: list[str], **_: Any) -> list[float]:
        return [0.5] * len(completions)

    functions = trl.masked(trl.RewardFunction(service.url), length_bonus, constant)
    batch = ["A", "A", "BB"]

    async def step() -> list[Any]:
        calls = (one(prompts=[""] * 3, completions=batch, task=[A, BROKEN, A], trainer_state=None) for one in functions)
        return await asyncio.gather(*calls)

    assert asyncio.run(step()) == [[1.0, None, 0.0], [1.0, None, 2.0], [0.5, None, 0.5]]
    assert next(len(request["items"]) for request in service.requests) == 3
    assert [one.__name__ for one in functions] == ["reward", "length_bonus", "constant"]


def test_trl_releases_that_do_not_await_objects_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_functions, "version", lambda _: "1.4.0")
    with pytest.raises(RuntimeError, match="BlockingRewardFunction"):
        trl.RewardFunction("http://127.0.0.1:9")
    trl.BlockingRewardFunction("http://127.0.0.1:9")


def test_trl_a_dotted_path_is_configured_by_the_environment(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARD_URL", service.url)
    trl._from_environment.cache_clear()
    assert trl.reward([""] * 2, ["A", "A"], task=[A, BROKEN], trainer_state=None) == [1.0, None]
    trl._from_environment.cache_clear()


def test_one_broken_row_among_many_is_null_and_named_once(
    service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    function = trl.RewardFunction(service.url, kind="exact")
    misspelt = {"kind": "misspelt"}
    rows = [A, {"kind": None, "answer": "1", "gold": "2"}, misspelt, misspelt, A]
    columns = {
        "task": [json.dumps(row) if row.get("kind") else None for row in rows],
        "answer": [None, "1", None, None, None],
        "gold": [None, "2", None, None, None],
    }
    assert called(function, ["A"] * 5, **columns) == [1.0, None, None, None, 1.0]
    assert [len(request["items"]) for request in service.requests] == [4, 2]
    assert len([record for record in caplog.records if "`gold`" in record.message]) == 1
    assert "unknown kind" in caplog.text


def test_one_bad_row_of_many_costs_one_more_post_even_when_it_occurs_twice(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = {"quiet_seconds": 0.5, "longest_seconds": 10.0}  # the calls may straggle on a busy machine
    monkeypatch.setattr(Coalescer.__init__, "__kwdefaults__", patience)
    rows = [(A, "A")] * 30 + [({"kind": "misspelt"}, "A")] * 2 + [({"kind": "exact", "ground_truth": "B"}, "B")] * 32
    results = verl_scores(service.url, *rows)
    assert [isinstance(result, RequestRejected) for result in results] == [
        row[0].get("kind") == "misspelt" for row in rows
    ]
    assert [len(request["items"]) for request in service.requests] == [64, 62]
    assert "items[30].task.kind" in str(results[30])


@both_faces
def test_trl_functions_are_picklable_and_keep_their_name(face: Any, service: FakeService) -> None:
    function = face(service.url, name="truth")
    called(function, ["A"], task=[A])
    copied = pickle.loads(pickle.dumps(function))
    assert copied.__name__ == "truth"
    assert called(copied, ["A"], task=[A]) == [1.0]
    assert len(pickle.loads(pickle.dumps(trl.parts(service.url, {"accuracy": 1, "format": 1})))) == 2


def verl_scores(url: str, *rows: tuple[Any, str], **settings: Any) -> list[Any]:
    async def batch() -> list[Any]:
        calls = (
            verl.compute_score("any", text, "", {"task": task}, url=url, reward_model_tokenizer=None, **settings)
            for task, text in rows
        )
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(batch())


def test_verl_gives_every_sample_the_same_numeric_keys(service: FakeService) -> None:
    settings = {"rewards": {"accuracy": 1, "format": 0.5}, "on_ungradable": "zero"}
    results = verl_scores(service.url, (A, "A"), (A, "B"), (BROKEN, "A"), **settings)
    keys = ["score", "acc", "ungradable", "format", "unscored_share", "cached_share", "cheating_share"]
    assert [list(result) for result in results] == [[*keys, *(f"outcome/{one.value}" for one in Outcome)]] * 3
    assert [result["ungradable"] for result in results] == [0.0, 0.0, 1.0]
    assert all(type(value) is float for result in results for value in result.values())


def test_verl_raises_for_the_ungradable_sample_alone(service: FakeService) -> None:
    right, ungradable = verl_scores(service.url, (A, "A"), (BROKEN, "A"))
    assert right["score"] == 1.0
    assert isinstance(ungradable, Ungradable)


def test_verl_rows_are_routed_by_data_source(service: FakeService) -> None:
    asyncio.run(verl.compute_score("HuggingFaceH4/MATH-500", "A", r"\frac12", {"index": 1}, url=service.url))
    assert service.requests[0]["items"][0]["task"] == {"kind": "math", "ground_truth": r"\frac12"}


def test_verl_takes_numpy_and_omegaconf_values(service: FakeService) -> None:
    numpy = pytest.importorskip("numpy")
    truth = {"target": numpy.array(["Paris", "Paname"], dtype=object)}
    asyncio.run(verl.compute_score("searchR1_nq", "A", truth, {"index": numpy.int64(1)}, url=service.url))
    assert service.requests[0]["items"][0]["task"] == {"kind": "short_answer", "ground_truth": ["Paris", "Paname"]}


def test_verl_loads_the_plug_by_its_path_as_a_plain_coroutine_function() -> None:
    spec = importlib.util.spec_from_file_location("custom_module", verl.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert asyncio.iscoroutinefunction(module.compute_score)


def test_a_malformed_sample_fails_alone_among_strangers(service: FakeService) -> None:
    rows = [(A, "A"), ({"kind": "misspelt"}, "A"), (A, "B"), ({"kind": "exact", "ground_truth": object()}, "A")]
    first, malformed, third, unencodable = verl_scores(service.url, *rows)
    assert (first["score"], third["score"]) == (1.0, 0.0)
    assert isinstance(malformed, RequestRejected)
    assert isinstance(unencodable, TypeError)


def test_a_full_window_is_sent_at_once(service: FakeService) -> None:
    client = RewardClient(service.url, batch_items=4)
    coalescer = Coalescer(client, quiet_seconds=0.05)

    async def batch() -> list[float | None]:
        calls = (coalescer.score(A, text) for text in "ABABABABAB")
        return [verdict.reward for verdict in await asyncio.gather(*calls)]

    assert asyncio.run(batch()) == [1.0, 0.0] * 5
    assert sorted(len(request["items"]) for request in service.requests) == [2, 4, 4]


def test_a_caller_that_gives_up_does_not_disturb_the_others(service: FakeService) -> None:
    coalescer = Coalescer(RewardClient(service.url))

    async def batch() -> float | None:
        abandoned = asyncio.create_task(coalescer.score(A, "B"))
        kept = asyncio.create_task(coalescer.score(A, "A"))
        await asyncio.sleep(0)
        abandoned.cancel()
        return (await kept).reward

    assert asyncio.run(batch()) == 1.0


@pytest.mark.parametrize(("choice", "shown"), [("nan", math.nan), ("zero", 0.0)])
def test_openrlhf_gets_tensors_and_numbers_only(
    choice: str, shown: float, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("REWARD_SERVER_URL", service.url)
    monkeypatch.setenv("REWARD_SERVER_UNGRADABLE", choice)
    labels = ['{"kind": "exact", "ground_truth": "A"}', '{"kind": "broken"}']
    result = openrlhf.reward_func(["Q: A<|im_end|>\n", "Q: A</s>"], ["Q: ", "Q:"], labels)
    assert result["rewards"].tolist() == [1.0, pytest.approx(shown, nan_ok=True)]
    logs = {name: value.tolist() for name, value in result["extra_logs"].items()}
    assert {name: values for name, values in logs.items() if any(values)} == {
        "ungradable": [0.0, 1.0], "accuracy": [1.0, 0.0], "outcome/correct": [1.0, 0.0],
        "outcome/ungradable": [0.0, 1.0], "unscored_share": [0.0, 1.0],
    }  # fmt: skip


def test_openrlhf_raises_for_an_ungradable_rollout_unless_told_otherwise(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("REWARD_SERVER_URL", service.url)
    with pytest.raises(Ungradable):
        openrlhf.reward_func(["Q A"], ["Q"], ['{"kind": "broken"}'])
