"""The memory that a job, or its GPU, held up to the end: from ``RUN/system``."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter.history import system_log
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.system_log import Channel, SystemNames

_MOST_POINTS = 200


def memory_curve(
    layout: RunLayout, names: SystemNames, *, limit: int, peak: int, ended: int
) -> Optional[Dict[str, Any]]:
    """The ``curve`` of a job that ran out of memory; None without a sample.

    Parameters
    ----------
    limit : int
        Bytes that it was allowed; 0: as many as the machine has.
    peak : int
        Bytes that it held at most, also between two samples; 0: not known.
    ended : int
        When it was killed, nanoseconds since the epoch: the place of the peak on the curve.
    """
    channel = names.channels.get("memory")
    if channel is None:
        return None
    times, values = _points(layout, channel)
    largest = names.facts.get("largest_process")
    top = max(peak, int(largest) if isinstance(largest, (int, float)) else 0)
    if top > max(values, default=0.0):
        times.append(ended / 1e6)
        values.append(float(top))
    return _curve(channel, "Memory", limit or channel.full, times, values)


def gpu_curve(
    layout: RunLayout, names: SystemNames, gpu: Optional[int], asked: Optional[int]
) -> Optional[Dict[str, Any]]:
    """The ``curve`` of the GPU that was full; None without a sample.

    Parameters
    ----------
    gpu : int, optional
        Its number as the job counts: the order of the GPUs it was given.
    asked : int, optional
        Bytes that were asked for last and not given.
    """
    channels = [item for item in names.channels.values() if _is_gpu_memory(item)]
    wanted = names.gpus[gpu]["uuid"] if gpu is not None and gpu < len(names.gpus) else None
    channel = next((item for item in channels if item.gpu == wanted), None)
    channel = channel or (channels[0] if len(channels) == 1 else None)
    if channel is None:
        return None
    label = next((g["label"] for g in names.gpus if g.get("uuid") == channel.gpu), "GPU")
    times, values = _points(layout, channel)
    found = _curve(channel, f"Memory of {label}", channel.full, times, values)
    return {**found, "asked": asked}


def free_memory(layout: RunLayout, names: SystemNames) -> Tuple[Optional[float], Optional[float]]:
    """Bytes of memory that the machine had free at the last sample, and in all."""
    channel = names.channels.get("memory_free")
    if channel is None:
        return None, None
    values = system_log.read_series(layout, channel.name).values
    return (values[-1] if values else None), channel.full


def _is_gpu_memory(channel: Channel) -> bool:
    return channel.gpu is not None and channel.name.endswith(".memory")


def _points(layout: RunLayout, channel: Channel) -> Tuple[List[float], List[float]]:
    """The newest samples, each the greatest of its part where there are many."""
    series = system_log.read_series(layout, channel.name)
    stride = -(-len(series) // _MOST_POINTS) or 1
    times, values = [], []
    for start in range(0, len(series), stride):
        part = series.values[start : start + stride]
        at = start + part.index(max(part))
        times.append(series.times[at] / 1e6)
        values.append(series.values[at])
    return times, values


def _curve(
    channel: Channel,
    label: str,
    limit: Optional[float],
    times: List[float],
    values: List[float],
) -> Dict[str, Any]:
    facts: Mapping[str, Any] = {"name": channel.name, "label": label, "unit": "bytes"}
    top = None if limit is None else int(limit)
    return {**facts, "limit": top, "times_ms": times, "values": values, "asked": None}
