"""What all frameworks' callbacks do: numbers become metrics, settings become parameters."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from ml_jupyter.history.parameters import LOGGED
from ml_jupyter.sdk.run import Run

_LONGEST = 500


def run_or_current(run: Optional[Run]) -> Run:
    """The run that was given, or that of this job; outside one, a stand-in that prints."""
    return Run.get_context() if run is None else run


def log_numbers(run: Run, values: Mapping[str, Any], step: Optional[int] = None) -> None:
    """Log what is a number, or an array or tensor of one; leave the rest."""
    for name, value in values.items():
        number = as_number(value)
        if number is not None:
            run.log(str(name), number, step=step)


def as_number(value: Any) -> Optional[float]:
    """The number that a value is, or None; text that looks like one is none."""
    if value is None or isinstance(value, (str, bytes)):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        return None


def log_params(run: Run, values: Mapping[str, Any]) -> None:
    """Keep settings as parameters; one that the run has already stays what it is.

    Parameters
    ----------
    values : mapping
        Mappings in it are kept by their keys, ``a.b``; None and long texts are cut short.
    """
    found = {f"{LOGGED}{key}": text for key, text in _flat("", values).items()}
    present = run.get_properties()
    new = {key: text for key, text in found.items() if key not in present}
    if new:
        run.add_properties(new)


def _flat(prefix: str, values: Mapping[str, Any]) -> Dict[str, str]:
    found: Dict[str, str] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found.update(_flat(f"{name}.", value))
        else:
            found[name] = str(value)[:_LONGEST]
    return found
