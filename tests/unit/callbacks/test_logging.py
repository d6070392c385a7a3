"""What all callbacks share, and those that need no framework to be imported."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import RandomizedSearchCV
from sklearn.tree import DecisionTreeRegressor

from ml_jupyter import Experiment, Workspace
from ml_jupyter.callbacks import LightGBMCallback, log_estimator
from ml_jupyter.callbacks.logging import as_number, log_numbers, log_params
from ml_jupyter.testing.isolation import isolated

Env = namedtuple("Env", "params iteration begin_iteration evaluation_result_list")
X = np.arange(40.0).reshape(-1, 1)
Y = X[:, 0] * 2


@pytest.fixture
def run(tmp_path, monkeypatch):
    with isolated(tmp_path / "world"):
        monkeypatch.chdir(tmp_path)
        found = Experiment(Workspace.create("lab"), "fits").start_logging(snapshot_directory=None)
        yield found
        found.complete()


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1.0), (np.float32(0.5), 0.5), (np.array([2.0]).reshape(()), 2.0), (True, 1.0),
     ("3", None), (None, None), ([1, 2], None), (np.arange(3), None), ({}, None)],
)  # fmt: skip
def test_what_is_a_number(value, number):
    assert as_number(value) == number


def test_numbers_are_logged_at_their_step_and_the_rest_is_left(run):
    log_numbers(run, {"loss": 0.5, "name": "adam", "shape": [1, 2]}, step=3)
    assert run.get_metrics() == {"loss": 0.5}
    assert list(run._folder.series("loss").steps) == [3]


def test_parameters_are_flat_and_keep_their_first_value(run):
    log_params(run, {"lr": 0.1, "opt": {"name": "adam"}, "text": "x" * 1000})
    log_params(run, {"lr": 0.2, "more": None})
    kept = run.get_properties()
    assert (kept["param.lr"], kept["param.opt.name"], kept["param.more"]) == ("0.1", "adam", "None")
    assert len(kept["param.text"]) == 500


def test_rounds_of_lightgbm(run):
    callback = LightGBMCallback(run)
    for at in range(3):
        callback(Env({"lr": 1}, at, 0, [("train", "l2", 1 / (at + 1), False)]))
    callback(Env({"lr": 1}, 3, 0, [("cv", "l2", 0.2, False, 0.1)]))
    assert run.get_metrics()["train-l2"] == [1, 1 / 2, 1 / 3]
    assert run.get_metrics()["cv-l2-std"] == 0.1
    assert run.get_properties() == {"param.lr": "1"}


def test_curves_and_score_of_an_estimator(run):
    log_estimator(GradientBoostingRegressor(n_estimators=5).fit(X, Y), X, Y, run=run)
    metrics = run.get_metrics()
    assert len(metrics["train_score"]) == 5
    assert 0 < metrics["score"] <= 1
    assert run.get_properties()["param.n_estimators"] == "5"


def test_candidates_of_a_search_are_child_runs(run):
    space = {"max_depth": [1, 2, 3]}
    search = RandomizedSearchCV(DecisionTreeRegressor(), space, n_iter=2, cv=4, random_state=0)
    log_estimator(search.fit(X, Y), run=run)
    children = sorted(run.get_children(), key=lambda item: item.number)
    depths = [child.get_properties()["param.max_depth"] for child in children]
    assert depths == [str(item["max_depth"]) for item in search.cv_results_["params"]]
    assert [len(child.get_metrics()["test_score"]) for child in children] == [4, 4]
    assert {child.get_status() for child in children} == {"Completed"}
