"""What MLflow's tracking interface promises."""

import math
import sys

import pytest
from mlflow.entities import (
    Dataset,
    DatasetInput,
    ExperimentTag,
    InputTag,
    Metric,
    Param,
    RunStatus,
    RunTag,
    ViewType,
)
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

try:
    from mlflow.entities import (
        LoggedModelInput,
        LoggedModelOutput,
        LoggedModelParameter,
        LoggedModelStatus,
        LoggedModelTag,
    )
except ImportError:
    LoggedModelInput = None

since_3 = pytest.mark.skipif(LoggedModelInput is None, reason="MLflow 2 has not this")


def code_of(call, *arguments, **named):
    with pytest.raises(MlflowException) as caught:
        call(*arguments, **named)
    return caught.value.error_code


def names(found):
    return sorted(item.name for item in found)


# -- experiments


def test_the_default_experiment_is_there(store):
    assert store.get_experiment("0").name == "Default"
    assert names(store.search_experiments()) == ["Default"]


@pytest.mark.parametrize("name", ["plain", "My team/First try: ü 1.5", "x" * 400])
def test_an_experiment_keeps_its_name_and_tags(store, name):
    made = store.create_experiment(name, tags=[ExperimentTag("team", "blue")])
    found = store.get_experiment_by_name(name)
    assert (found.experiment_id, found.name, found.tags) == (made, name, {"team": "blue"})
    assert found.lifecycle_stage == "active"
    assert store.get_experiment(made).name == name
    assert code_of(store.create_experiment, name) == "RESOURCE_ALREADY_EXISTS"


def test_unknown_experiments(store):
    assert store.get_experiment_by_name("nothing") is None
    assert code_of(store.get_experiment, "987654321") == "RESOURCE_DOES_NOT_EXIST"


def test_deleting_and_restoring_an_experiment(store, experiment, run):
    store.delete_experiment(experiment)
    assert names(store.search_experiments()) == ["Default"]
    assert names(store.search_experiments(ViewType.DELETED_ONLY)) == ["first"]
    assert store.get_run(run).info.lifecycle_stage == "deleted"
    code = code_of(store.create_run, experiment, "ann", 0, [], "x")
    assert code in ("INVALID_STATE", "INVALID_PARAMETER_VALUE")  # MLflow's stores differ here
    assert code_of(store.create_experiment, "first") == "RESOURCE_ALREADY_EXISTS"
    store.restore_experiment(experiment)
    assert names(store.search_experiments()) == ["Default", "first"]
    assert store.get_run(run).info.lifecycle_stage == "active"


def test_renaming_an_experiment(store, experiment):
    store.rename_experiment(experiment, "a/b")
    assert store.get_experiment(experiment).name == "a/b"
    assert store.get_experiment_by_name("first") is None
    store.rename_experiment(experiment, "plain")
    assert store.get_experiment_by_name("plain").experiment_id == experiment


@since_3
def test_tags_of_an_experiment(store, experiment):
    store.set_experiment_tag(experiment, ExperimentTag("a", "1"))
    store.set_experiment_tag(experiment, ExperimentTag("a", "2"))
    store.set_experiment_tag(experiment, ExperimentTag("b", "3"))
    store.delete_experiment_tag(experiment, "b")
    assert store.get_experiment(experiment).tags == {"a": "2"}
    assert code_of(store.delete_experiment_tag, experiment, "b") == "RESOURCE_DOES_NOT_EXIST"


def test_searching_experiments(store):
    for name in ("ab", "abc", "b"):
        store.create_experiment(name, tags=[ExperimentTag("long", str(len(name) > 1))])
    assert names(store.search_experiments(filter_string="name LIKE 'a%'")) == ["ab", "abc"]
    assert names(store.search_experiments(filter_string="tags.long = 'False'")) == ["b"]
    page = store.search_experiments(order_by=["name DESC"], max_results=3)
    assert [item.name for item in page] == ["b", "abc", "ab"]
    rest = store.search_experiments(order_by=["name DESC"], max_results=3, page_token=page.token)
    assert [item.name for item in rest] == ["Default"]
    assert code_of(store.search_experiments, max_results=0) == "INVALID_PARAMETER_VALUE"


# -- runs


def test_a_run_keeps_what_it_was_made_with(store, experiment):
    tags = [RunTag("a", "1"), RunTag("mlflow.source.name", "train.py")]
    run = store.create_run(experiment, "ann", 1_234, tags, "one")
    found = store.get_run(run.info.run_id)
    assert found.info.run_name == "one"
    assert (found.info.status, found.info.start_time, found.info.end_time) == (
        "RUNNING",
        1_234,
        None,
    )
    assert (found.info.user_id, found.info.experiment_id) == ("ann", experiment)
    assert found.data.tags["a"] == "1"
    assert found.data.tags["mlflow.runName"] == "one"
    assert found.data.tags["mlflow.source.name"] == "train.py"
    assert found.data.metrics == {}
    assert found.data.params == {}


def test_a_run_without_a_name_gets_one(store, experiment):
    assert store.create_run(experiment, "ann", 0, [], None).info.run_name


def test_two_names_for_a_run(store, experiment):
    tags = [RunTag("mlflow.runName", "other")]
    code = code_of(store.create_run, experiment, "ann", 0, tags, "one")
    assert code == "INVALID_PARAMETER_VALUE"


def test_unknown_runs(store):
    assert code_of(store.get_run, "0" * 32) == "RESOURCE_DOES_NOT_EXIST"
    code = code_of(store.get_run, "../../etc")
    assert code in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST")
    assert code_of(store.create_run, "987654321", "a", 0, [], "x") == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_ending_a_run_and_taking_it_up_again(store, run, status):
    info = store.update_run_info(run, RunStatus.from_string(status), 5_000, None)
    assert (info.status, info.end_time) == (status, 5_000)
    assert store.get_run(run).info.status == status
    assert store.update_run_info(run, RunStatus.RUNNING, None, None).status == "RUNNING"
    store.log_metric(run, Metric("late", 1.0, 1, 0))
    info = store.update_run_info(run, RunStatus.FINISHED, 9_000, "new")
    assert (info.status, info.end_time, info.run_name) == ("FINISHED", 9_000, "new")
    assert store.get_run(run).data.tags["mlflow.runName"] == "new"


def test_a_run_below_another(store, experiment, run):
    tags = [RunTag(MLFLOW_PARENT_RUN_ID, run)]
    child = store.create_run(experiment, "ann", 0, tags, "below").info.run_id
    assert store.get_run(child).data.tags[MLFLOW_PARENT_RUN_ID] == run
    wanted = f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{run}'"
    found = store.search_runs([experiment], wanted, ViewType.ACTIVE_ONLY)
    assert [item.info.run_id for item in found] == [child]


def test_deleting_and_restoring_a_run(store, experiment, run):
    store.delete_run(run)
    assert store.get_run(run).info.lifecycle_stage == "deleted"
    assert list(store.search_runs([experiment], "", ViewType.ACTIVE_ONLY)) == []
    assert len(store.search_runs([experiment], "", ViewType.DELETED_ONLY)) == 1
    assert code_of(store.set_tag, run, RunTag("a", "1")) in (
        "INVALID_PARAMETER_VALUE",
        "INVALID_STATE",
    )
    store.restore_run(run)
    assert store.get_run(run).info.lifecycle_stage == "active"


# -- logging


def test_metrics_and_their_history(store, run):
    for step, value in [(2, 0.5), (0, 3.0), (1, -1.0)]:
        store.log_metric(run, Metric("loss", value, 1_000 + step, step))
    history = store.get_metric_history(run, "loss")
    assert sorted((m.step, m.timestamp, m.value) for m in history) == [
        (0, 1_000, 3.0),
        (1, 1_001, -1.0),
        (2, 1_002, 0.5),
    ]
    (newest,) = store.get_run(run).data._metric_objs
    assert (newest.key, newest.value, newest.step, newest.timestamp) == ("loss", 0.5, 2, 1_002)
    assert list(store.get_metric_history(run, "other")) == []


def test_what_is_no_number_is_a_value(store, run):
    store.log_metric(run, Metric("big", math.inf, 1, 0))
    assert store.get_run(run).data.metrics["big"] >= sys.float_info.max  # SQL knows no infinity
    store.log_metric(run, Metric("loss", math.nan, 1, 0))
    assert math.isnan(store.get_run(run).data.metrics["loss"])
    assert math.isnan(store.get_metric_history(run, "loss")[0].value)


def test_the_newest_of_several_points_at_a_step(store, run):
    points = [Metric("a", 1.0, 10, 3), Metric("a", 2.0, 30, 3), Metric("a", 9.0, 20, 3)]
    store.log_batch(run, points, [], [])
    assert store.get_run(run).data.metrics["a"] == 2.0


def test_names_of_metrics(store, run):
    store.log_metric(run, Metric("a/b c.d-e", 1.0, 1, 0))
    assert store.get_run(run).data.metrics == {"a/b c.d-e": 1.0}
    for name in ("", "../up", "/abs"):
        assert code_of(store.log_metric, run, Metric(name, 1.0, 1, 0)) == "INVALID_PARAMETER_VALUE"
    assert code_of(store.log_metric, run, Metric("a", "text", 1, 0)) == "INVALID_PARAMETER_VALUE"


@since_3
def test_pages_of_a_history(store, run):
    store.log_batch(run, [Metric("a", float(i), i, i) for i in range(25)], [], [])
    first = store.get_metric_history(run, "a", max_results=10)
    second = store.get_metric_history(run, "a", max_results=10, page_token=first.token)
    third = store.get_metric_history(run, "a", max_results=10, page_token=second.token)
    assert [m.value for m in [*first, *second, *third]] == [float(i) for i in range(25)]
    assert not third.token


def test_parameters_never_change(store, run):
    store.log_param(run, Param("lr", "0.1"))
    store.log_param(run, Param("lr", "0.1"))
    assert code_of(store.log_param, run, Param("lr", "0.2")) == "INVALID_PARAMETER_VALUE"
    store.log_param(run, Param("empty", ""))
    assert store.get_run(run).data.params == {"lr": "0.1", "empty": ""}


def test_a_batch_with_a_parameter_twice(store, run):
    params = [Param("a", "1"), Param("a", "2")]
    assert code_of(store.log_batch, run, [], params, []) == "INVALID_PARAMETER_VALUE"
    assert store.get_run(run).data.params == {}


def test_a_batch(store, run):
    store.log_batch(
        run,
        [Metric("a", 1.0, 1, 0), Metric("b", 2.0, 1, 0)],
        [Param("p", "1"), Param("q", "2")],
        [RunTag("t", "x"), RunTag("mlflow.runName", "other")],
    )
    found = store.get_run(run)
    assert found.data.metrics == {"a": 1.0, "b": 2.0}
    assert found.data.params == {"p": "1", "q": "2"}
    assert found.data.tags["t"] == "x"
    assert found.info.run_name == "other"


def test_tags(store, run):
    for key, value in [("a", "1"), ("a", "2\nlines ü"), ("b", "3"), ("mlflow.note.content", "n")]:
        store.set_tag(run, RunTag(key, value))
    store.delete_tag(run, "b")
    tags = store.get_run(run).data.tags
    assert tags["a"] == "2\nlines ü"
    assert tags["mlflow.note.content"] == "n"
    assert "b" not in tags
    assert code_of(store.delete_tag, run, "b") == "RESOURCE_DOES_NOT_EXIST"


# -- searching


@pytest.fixture
def three(store, experiment):
    found = []
    for number in range(3):
        run = store.create_run(experiment, "ann", 1_000 + number, [], f"run {number}").info.run_id
        metrics, params = [Metric("acc", number / 2, 1, 0)], [Param("size", str(number))]
        store.log_batch(run, metrics, params, [RunTag("odd", str(number % 2))])
        found.append(run)
    store.update_run_info(found[2], RunStatus.FINISHED, 5_000, None)
    return found


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ("metrics.acc > 0.2", [1, 2]),
        ("params.size = '1'", [1]),
        ("tags.odd = '0' and metrics.acc < 0.9", [0]),
        ("attributes.status = 'FINISHED'", [2]),
        ("attributes.run_name LIKE '%1'", [1]),
        ("tags.odd != '1'", [0, 2]),
        ("attributes.start_time > 1000", [1, 2]),
        ("", [0, 1, 2]),
    ],
)
def test_filters(store, experiment, three, wanted, numbers):
    found = store.search_runs([experiment], wanted, ViewType.ACTIVE_ONLY)
    assert sorted(three.index(item.info.run_id) for item in found) == numbers


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ([], [2, 1, 0]),
        (["metrics.acc ASC"], [0, 1, 2]),
        (["tags.odd DESC", "params.size DESC"], [1, 2, 0]),
        (["attributes.start_time ASC"], [0, 1, 2]),
    ],
)
def test_orders_and_pages(store, experiment, three, order, numbers):
    first = store.search_runs([experiment], "", ViewType.ALL, 2, order)
    rest = store.search_runs([experiment], "", ViewType.ALL, 2, order, first.token)
    assert [three.index(item.info.run_id) for item in [*first, *rest]] == numbers


def test_a_wrong_filter(store, experiment):
    code = code_of(store.search_runs, [experiment], "nonsense ~ 1", ViewType.ALL)
    assert code == "INVALID_PARAMETER_VALUE"


# -- inputs, outputs, logged models


def test_datasets_of_a_run(store, run):
    dataset = Dataset("iris", "abc", "local", "{}", schema="{}", profile="{}")
    for _ in range(2):
        store.log_inputs(run, [DatasetInput(dataset, [InputTag("mlflow.data.context", "train")])])
    (found,) = store.get_run(run).inputs.dataset_inputs
    assert dict(found.dataset) == dict(dataset)
    assert [(tag.key, tag.value) for tag in found.tags] == [("mlflow.data.context", "train")]


@since_3
def test_logged_models(store, experiment, run):
    model = store.create_logged_model(
        experiment,
        "m",
        run,
        [LoggedModelTag("a", "1")],
        [LoggedModelParameter("p", "2")],
        "agent",
    )
    assert model.status == LoggedModelStatus.PENDING
    store.log_outputs(run, [LoggedModelOutput(model.model_id, 3)])
    store.log_inputs(run, models=[LoggedModelInput(model.model_id)])
    store.log_metric(run, Metric("acc", 0.5, 1, 0, model_id=model.model_id, run_id=run))
    assert store.finalize_logged_model(model.model_id, LoggedModelStatus.READY).status == "READY"
    store.set_logged_model_tags(model.model_id, [LoggedModelTag("b", "2")])
    store.delete_logged_model_tag(model.model_id, "a")
    found = store.get_logged_model(model.model_id)
    assert (found.name, found.source_run_id, found.model_type) == ("m", run, "agent")
    assert (found.tags, found.params) == ({"b": "2"}, {"p": "2"})
    assert [(m.key, m.value) for m in found.metrics] == [("acc", 0.5)]
    outputs = store.get_run(run).outputs.model_outputs
    assert [(item.model_id, item.step) for item in outputs] == [(model.model_id, 3)]
    inputs = store.get_run(run).inputs.model_inputs
    assert [item.model_id for item in inputs] == [model.model_id]


@since_3
def test_points_that_are_sent_again_for_a_model_are_there_once(store, experiment, run):
    model = store.create_logged_model(experiment, "net", run).model_id
    points = [Metric("loss", 1.0 / (1 + step), 10 + step, step) for step in range(3)]
    store.log_batch(run, points, [], [])
    first = points[0]
    again = Metric("loss", first.value, first.timestamp, 0, model_id=model, run_id=run)
    store.log_batch(run, [again], [], [])
    late = Metric("loss", 0.1, 20, 1, model_id=model, run_id=run)
    store.log_batch(run, [late], [], [])
    found = store.get_metric_history(run, "loss")
    assert sorted((item.step, item.timestamp) for item in found) == [
        (0, 10), (1, 11), (1, 20), (2, 12),
    ]  # fmt: skip
    assert 0.1 in [item.value for item in store.get_logged_model(model).metrics]


@since_3
def test_searching_and_deleting_logged_models(store, experiment):
    made = [store.create_logged_model(experiment, name).model_id for name in ("a", "b")]
    found = store.search_logged_models([experiment], "name = 'b'")
    assert [item.model_id for item in found] == made[1:]
    store.delete_logged_model(made[1])
    assert [item.model_id for item in store.search_logged_models([experiment])] == made[:1]
    assert code_of(store.get_logged_model, made[1]) == "RESOURCE_DOES_NOT_EXIST"
    assert code_of(store.get_logged_model, "m-none") == "RESOURCE_DOES_NOT_EXIST"
