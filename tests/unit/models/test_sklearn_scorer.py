"""Estimators and pipelines from files, asked as callers do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ml_jupyter.models.scoring.base import BadInput
from ml_jupyter.models.scoring.scikit_learn import SklearnScorer

X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 1.0]])


def scorer(tmp_path: Path, model: Any, name: str = "model.joblib") -> SklearnScorer:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    joblib.dump(model, tmp_path / name)
    return SklearnScorer(str((tmp_path / name).parent if "/" in name else tmp_path / name))


def test_methods_are_those_of_the_model(tmp_path: Path) -> None:
    made = scorer(tmp_path, make_pipeline(StandardScaler(), LinearRegression()).fit(X, [1, 2, 3]))
    assert made.answer({"data": X.tolist()})["predict"] == pytest.approx([1, 2, 3])
    with pytest.raises(BadInput, match=r"'predict_proba'; this model has predict"):
        made.answer({"data": X.tolist(), "method": "predict_proba"})
    found = scorer(tmp_path, KMeans(2, n_init=1, random_state=0).fit(X))
    assert set(found.answer({"data": X.tolist(), "method": "transform"})) == {"transform"}


def test_a_model_in_a_folder_is_found(tmp_path: Path) -> None:
    model = LinearRegression().fit(X, [1, 2, 3])
    made = scorer(tmp_path, model, "folder/model.pkl")
    assert made.inputs == [{"name": "data", "dtype": "float64", "shape": [None, 2]}]
    joblib.dump(model, tmp_path / "folder" / "other.pkl")
    with pytest.raises(FileNotFoundError, match=r"exactly one file.*holds model\.pkl, other\.pkl"):
        SklearnScorer(str(tmp_path / "folder"))


def test_rows_by_feature(tmp_path: Path) -> None:
    model = LinearRegression().fit(X, [1, 2, 3])
    model.feature_names_in_ = np.array(["a", "b"], dtype=object)
    made = scorer(tmp_path, model)
    rows = [{"b": 1.0, "a": 0.0}, {"a": 2.0, "b": 1.0}]
    assert made.answer({"instances": rows})["predictions"] == pytest.approx([1, 3])
    with pytest.raises(BadInput, match="lacks 'b' of the features: a, b"):
        made.answer({"data": [{"a": 1.0}]})
    with pytest.raises(BadInput, match="has 'c', which is none"):
        made.answer({"data": [{"a": 1.0, "b": 1.0, "c": 1.0}]})
    with pytest.raises(BadInput, match="all be lists, or all be objects"):
        made.answer({"data": [{"a": 1.0, "b": 1.0}, [1.0, 1.0]]})
    with pytest.raises(BadInput, match="without names of features"):
        scorer(tmp_path, LinearRegression().fit(X, [1, 2, 3])).answer({"data": rows})


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="holds a dict"):
        scorer(tmp_path, {"weights": 1})
    (tmp_path / "cut.pkl").write_bytes((tmp_path / "model.joblib").read_bytes()[:10])
    with pytest.raises(ValueError, match="cannot be read as a pickled model"):
        SklearnScorer(str(tmp_path / "cut.pkl"))
