"""What a job used, as JSON: series for charts, and mean and peak in words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any, Dict, Iterable, List, Optional

from ml_jupyter import _words as words
from ml_jupyter.history import system_log
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.system_log import Channel
from ml_jupyter.history.system_use import SystemUse, Use
from ml_jupyter.sdk.views.thinning import thin
from ml_jupyter.sdk.views.values import safe_numbers

_KINDS = ("utilization", "memory", "temperature", "power")


def system_json(
    run: RunFolder,
    names: Optional[Iterable[str]] = None,
    points: int = 1000,
    x_min: Optional[float] = None,
    x_max: Optional[float] = None,
    use: Optional[SystemUse] = None,
) -> Dict[str, Any]:
    """The **system series** of ``docs/http-api.md``.

    Parameters
    ----------
    run : RunFolder
        The run.
    names : iterable of str, optional
        Series to give, unknown ones are passed over; None: all.
    points : int
        Most points of a series, at least 5.
    x_min, x_max : float, optional
        Give only samples between these and their neighbours; milliseconds since the epoch.
    use : SystemUse, optional
        Kept from an earlier call, so that only new samples are read for mean and peak.
    """
    use = (use or SystemUse(run.layout)).refresh(run.state().started)
    wanted = list(use.names.channels if names is None else names)
    found = [
        {
            **_described(use.names.channels[name], use.channels[name]),
            **_thinned(run, name, points, x_min, x_max),
        }
        for name in wanted
        if name in use.names.channels
    ]
    interval = use.names.facts.get("interval_s")
    return {
        "interval_s": interval,
        "series": found,
        "gpus": use.names.gpus,
        "summary": resources_json(run, use),
    }


def resources_json(run: RunFolder, use: Optional[SystemUse] = None) -> Optional[Dict[str, Any]]:
    """The **resources** of ``docs/http-api.md``; None before the first sample."""
    use = (use or SystemUse(run.layout)).refresh(run.state().started)
    if not any(item.samples for item in use.channels.values()):
        return None
    begun = run.state().started or min(item.first for item in use.channels.values() if item.first)
    until = max(item.until for item in use.channels.values())
    memory = _extent(use.channels.get("memory"))
    if memory is not None:
        memory["peak"] = max(memory["peak"], use.memory_peak or 0.0)
    found = {
        "samples": max(item.samples for item in use.channels.values()),
        "seconds": max(0, until - begun) / 1e9,
        "cpu": _extent(use.channels.get("cpu")),
        "memory": memory,
        "read": _extent(use.channels.get("read")),
        "write": _extent(use.channels.get("write")),
        "gpus": [_gpu(item, use) for item in use.names.gpus],
    }
    return {"sentence": sentence(found), **found}


def sentence(resources: Dict[str, Any]) -> str:
    """Mean and peak in plain words."""
    cpu, memory = resources["cpu"], resources["memory"]
    parts = []
    if cpu is not None:
        mean, peak = cpu["mean"] / 100, cpu["peak"] / 100
        noun = "core" if f"{mean:.1f}" == "1.0" else "cores"
        parts.append(f"{mean:.1f} {noun} on average ({peak:.1f} at most)")
    if memory is not None:
        parts.append(f"{words.size(memory['peak'])} of memory at most")
    text = f"Used {words.listed(parts)}." if parts else ""
    return " ".join([text, *map(_gpu_sentence, resources["gpus"])]).strip()


def _gpu_sentence(gpu: Dict[str, Any]) -> str:
    facts = []
    if gpu["idle_percent"] is not None:
        facts.append(f"was idle {gpu['idle_percent']:.0f}% of the time")
    if gpu["memory"] is not None:
        facts.append(f"held {words.size(gpu['memory']['peak'])} at most")
    return f"{gpu['label']} {words.listed(facts)}." if facts else f"{gpu['label']} told nothing."


def _gpu(facts: Dict[str, Any], use: SystemUse) -> Dict[str, Any]:
    of_it = {
        channel.name.rsplit(".", 1)[1]: use.channels[channel.name]
        for channel in use.names.channels.values()
        if channel.gpu == facts.get("uuid")
    }
    busy = of_it.get("utilization")
    return {
        **{key: facts.get(key) for key in ("label", "uuid", "name", "memory_total")},
        "idle_percent": busy.idle_percent if busy is not None and busy.samples else None,
        **{kind: _extent(of_it.get(kind)) for kind in _KINDS},
    }


def _extent(use: Optional[Use]) -> Optional[Dict[str, float]]:
    return {"mean": use.mean, "peak": use.peak} if use is not None and use.samples else None


def _described(channel: Channel, use: Use) -> Dict[str, Any]:
    known = use.samples > 0
    return {
        "name": channel.name,
        "label": channel.label,
        "unit": channel.unit,
        "gpu": channel.gpu,
        "full": channel.full,
        "last": use.last if known else None,
        "peak": use.peak if known else None,
        "mean": use.mean if known else None,
    }


def _thinned(
    run: RunFolder, name: str, points: int, x_min: Optional[float], x_max: Optional[float]
) -> Dict[str, Any]:
    series = system_log.read_series(run.layout, name)
    start = 0 if x_min is None else max(0, bisect_left(series.times, x_min * 1e6) - 1)
    stop = len(series) if x_max is None else bisect_right(series.times, x_max * 1e6) + 1
    values: List[Any] = series.values[start:stop]
    kept = thin(values, points)
    return {
        "count": len(series),
        "times_ms": [series.times[start + at] / 1e6 for at in kept],
        "values": safe_numbers([values[at] for at in kept]),
        "downsampled": len(kept) < len(values),
    }
