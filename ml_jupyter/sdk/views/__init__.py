"""Runs as JSON, the shapes of ``docs/http-api.md``: what the server sends and the widget keeps.

Every function returns fresh plain objects that ``json.dumps(..., allow_nan=False)`` accepts.
"""

from __future__ import annotations

from ml_jupyter.sdk.views.comparison import comparison
from ml_jupyter.sdk.views.detail import run_detail
from ml_jupyter.sdk.views.experiments import experiment_json, experiments_json
from ml_jupyter.sdk.views.files import files_json
from ml_jupyter.sdk.views.packages import packages_json
from ml_jupyter.sdk.views.ranks import ranks_json
from ml_jupyter.sdk.views.series import metric_series
from ml_jupyter.sdk.views.snapshot import run_snapshot
from ml_jupyter.sdk.views.summary import run_row, run_summary
from ml_jupyter.sdk.views.system import resources_json, system_json
from ml_jupyter.sdk.views.trials import Trials, sweep_json
from ml_jupyter.sdk.views.values import safe

__all__ = [
    "Trials",
    "comparison",
    "experiment_json",
    "experiments_json",
    "files_json",
    "metric_series",
    "packages_json",
    "ranks_json",
    "resources_json",
    "run_detail",
    "run_row",
    "run_snapshot",
    "run_summary",
    "safe",
    "sweep_json",
    "system_json",
]
