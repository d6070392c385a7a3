"""Which parameters of a sweep mattered for a good result.

Run as a program it reads one JSON object from standard input and prints one: a server asks it so,
because Optuna and what it stands on are large.

Method: PED-ANOVA (S. Watanabe, A. Bansal, F. Hutter, IJCAI 2023, https://arxiv.org/abs/2304.10255)
as Optuna computes it: how differently the best trials are spread over a parameter than all trials.
"""

from __future__ import annotations

import json
import math
import sys
import warnings
from typing import Any, Dict, Mapping, Sequence, Tuple

from ml_jupyter.sweeps.plan import MAXIMIZE
from ml_jupyter.sweeps.search import study
from ml_jupyter.sweeps.space import Parameter

METHOD = "PED-ANOVA"
#: Fewer trials say nothing about a parameter.
LEAST_TRIALS = 10
#: Trials that the best part has to hold, and the part that it is otherwise. Source: Optuna's
#: reference of ``PedAnovaImportanceEvaluator``.
_BEST_TRIALS, _BEST_PART = 5, 0.1


def best_part(count: int) -> float:
    """Which part of so many trials counts as the best: a tenth, and at least five trials."""
    return max(_BEST_PART, _BEST_TRIALS / count)


def importance(
    space: Sequence[Parameter],
    scored: Sequence[Tuple[Mapping[str, Any], float]],
    *,
    maximize: bool,
) -> Dict[str, float]:
    """How much each parameter had to do with a trial being among the best.

    Parameters
    ----------
    space : sequence of Parameter
        What was searched.
    scored : sequence of (parameters, value)
        Trials with the best value that each logged; values that are not finite are left out.
    maximize : bool
        Whether more is better.

    Returns
    -------
    dict of str to float
        Shares that sum to 1, the greatest first; empty: too few trials, or no parameter made a
        difference.

    Raises
    ------
    MissingDependency
        Optuna is not installed.
    """
    usable = [(parameters, value) for parameters, value in scored if math.isfinite(value)]
    made = study(space, usable, maximize=maximize)
    count = len(made.trials)
    if count < LEAST_TRIALS:
        return {}
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of equal values: then nothing is told, see below
        found = get_param_importances(
            made,
            evaluator=PedAnovaImportanceEvaluator(target_quantile=best_part(count)),
            normalize=False,
        )
    total = sum(found.values())
    if not total > 0:
        return {}
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return {name: float(value / total) for name, value in ordered}


def main() -> int:
    """Answer the question on standard input: ``space``, ``trials``, ``goal``."""
    asked = json.load(sys.stdin)
    space = [Parameter.from_json(name, item) for name, item in asked["space"].items()]
    scored = [(parameters, float(value)) for parameters, value in asked["trials"]]
    json.dump(importance(space, scored, maximize=asked["goal"] == MAXIMIZE), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
