"""``run.get_system_metrics()``: what the run's job and its GPUs used."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ml_jupyter.history import system_log
from ml_jupyter.history.run_folder import RunFolder


def read_system_metrics(run: RunFolder, name: Optional[str] = None) -> Dict[str, Dict[str, Any]]:
    """The system series of a run by name.

    Parameters
    ----------
    run : RunFolder
        The run.
    name : str, optional
        Only this one; an unknown one gives an empty dict.

    Returns
    -------
    dict
        Name to ``label``, ``unit``, ``gpu`` (UUID or None), ``times`` (seconds since the Unix
        epoch) and ``values`` (in the unit), oldest first.
    """
    found = {}
    for channel in system_log.read_names(run.layout).channels.values():
        if name in (None, channel.name):
            series = system_log.read_series(run.layout, channel.name)
            found[channel.name] = {
                "label": channel.label,
                "unit": channel.unit,
                "gpu": channel.gpu,
                "times": [time / 1e9 for time in series.times],
                "values": list(series.values),
            }
    return found
