"""scikit-learn: a fitted estimator or search, in one line. Needs no import of it."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter.callbacks.logging import as_number, log_numbers, log_params, run_or_current
from ml_jupyter.sdk.run import Run

#: Attributes in which estimators keep what each iteration has given.
_CURVES = ("loss_curve_", "validation_scores_", "train_score_", "validation_score_", "oob_scores_")
_SPLIT = re.compile(r"split(\d+)_(test|train)_(.+)")


def log_estimator(
    estimator: Any,
    X: Any = None,  # noqa: N803 (its name everywhere in scikit-learn)
    y: Any = None,
    run: Optional[Run] = None,
) -> None:
    """Log a fitted estimator: its parameters, learning curves and score; of a search, all trials.

    Each candidate of a search (``GridSearchCV`` and its relatives) becomes a child run with its
    parameters, the scores of the splits and their mean.

    Parameters
    ----------
    estimator : object
        It was fitted.
    X, y : array, optional
        Data to score it on.
    run : Run, optional
        Where to; default: the run of this job.

    Examples
    --------
    >>> log_estimator(search.fit(X, y), X_test, y_test)  # doctest: +SKIP
    """
    found = run_or_current(run)
    results = getattr(estimator, "cv_results_", None)
    if isinstance(results, Mapping) and "params" in results:
        _log_search(found, estimator, results)
    else:
        log_params(found, {"estimator": type(estimator).__name__, **_simple(estimator)})
        _log_curves(found, estimator)
    if X is not None:
        log_numbers(found, {"score": estimator.score(X, y)})


def _simple(estimator: Any) -> Dict[str, Any]:
    """Parameters that are no estimators themselves; theirs stand beside them, ``step__name``."""
    values: Mapping[str, Any] = estimator.get_params()
    return {
        key: value
        for key, value in values.items()
        if not hasattr(value, "get_params") and not _holds_estimators(value)
    }


def _holds_estimators(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(
        isinstance(item, tuple) and any(hasattr(part, "fit") for part in item) for item in value
    )


def _log_curves(run: Run, estimator: Any) -> None:
    for name in _CURVES:
        values = getattr(estimator, name, None)
        if values is not None and len(values):
            for step, value in enumerate(values):
                log_numbers(run, {name.rstrip("_"): value}, step)


def _log_search(run: Run, search: Any, results: Mapping[str, Any]) -> None:
    candidates: List[Mapping[str, Any]] = list(results["params"])
    log_params(run, {"search": type(search).__name__, "candidates": len(candidates)})
    log_params(run, {f"best.{key}": value for key, value in best_of(search).items()})
    log_numbers(run, {"best_score": getattr(search, "best_score_", None)})
    for index, params in enumerate(candidates):
        child = run.child_run(name=f"candidate {index}")
        log_params(child, params)
        for name, column in results.items():
            if name != "params" and not name.startswith("param_"):
                _log_result(child, name, column[index])
        child.complete()


def _log_result(run: Run, name: str, value: Any) -> None:
    """One value of a candidate: those of the splits become a series, a point each."""
    split = _SPLIT.fullmatch(name)
    if split is None:
        log_numbers(run, {name: value})
    elif as_number(value) is not None:
        number, part, score = split.groups()
        log_numbers(run, {f"{part}_{score}": value}, int(number))


def best_of(search: Any) -> Mapping[str, Any]:
    """The parameters of the best candidate; empty where the search did not choose one."""
    found: Mapping[str, Any] = getattr(search, "best_params_", None) or {}
    return found
