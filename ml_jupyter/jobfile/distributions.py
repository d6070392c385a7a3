"""The distributions of a search space, for job files and for the search itself.

Source: the reference of ``azureml.train.hyperdrive``, ``parameter_expressions``.
"""

from __future__ import annotations

from typing import Mapping, Tuple

CHOICE = "choice"
#: Numbers that each distribution takes, in the order of the SDK's functions.
NUMBERS: Mapping[str, Tuple[str, ...]] = {
    CHOICE: (),
    "randint": ("upper",),
    "uniform": ("min_value", "max_value"),
    "quniform": ("min_value", "max_value", "q"),
    "loguniform": ("min_value", "max_value"),
    "qloguniform": ("min_value", "max_value", "q"),
    "normal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
    "lognormal": ("mu", "sigma"),
    "qlognormal": ("mu", "sigma", "q"),
}
