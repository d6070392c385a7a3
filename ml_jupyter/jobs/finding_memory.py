"""Failures for want of memory, told by the words of the error: from data to data.

Sources: the messages of the libraries themselves (PyTorch's CUDACachingAllocator.cpp, TensorFlow's
and XLA's RESOURCE_EXHAUSTED, CuPy's ``OutOfMemoryError``, NumPy's ``_ArrayMemoryError``).
"""

from __future__ import annotations

import re
from typing import Any, Dict, Optional, Sequence

from ml_jupyter import _words
from ml_jupyter.jobs.finding_cause import Advice, Cause, Failure
from ml_jupyter.jobs.finding_traceback import Frame

_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40, "GB": 10**9, "MB": 10**6}


def gpu_memory(failure: Failure) -> Optional[Cause]:
    """Out of memory of a GPU, as PyTorch, TensorFlow, JAX, CuPy and CUDA itself say it."""
    text = f"{failure.type}: {failure.message}"
    if not re.search(
        r"CUDA out of memory|CUDA error: out of memory|CUDA_ERROR_OUT_OF_MEMORY|HIP out of memory|"
        r"CUBLAS_STATUS_ALLOC_FAILED|cupy\S*OutOfMemoryError|cudaErrorMemoryAllocation|"
        r"RESOURCE_EXHAUSTED.*(?:allocat|memory)|OOM when allocating tensor",
        text,
        re.DOTALL,
    ):
        return None
    asked, free = (
        _amount(r"(?:Tried to|trying to) allocate", text),
        _before(r"is free|free[;)]", text),
    )
    number = re.search(r"\bGPU:? ?(\d+)", text)
    gpu = int(number.group(1)) if number else None
    which = f"GPU {gpu}" if gpu is not None else "the GPU"
    parts = []
    if asked is not None:
        rest = "" if free is None else f" when {_words.size(free)} of {which} was free"
        parts.append(f"The job asked for {_words.size(asked)}{rest}.")
    advice = (
        Advice("Make the batch smaller, or accumulate gradients over several small batches."),
        Advice("Ask for a GPU with more memory, or for one that nobody else uses."),
    )
    title = f"Ran out of GPU memory{_phase(failure.frames)}."
    return Cause("gpu_memory", title, " ".join(parts) or None, advice, asked, gpu)


def memory(failure: Failure) -> Optional[Cause]:
    """Out of memory of the machine, as Python, NumPy and PyTorch say it."""
    is_array = failure.type.endswith("ArrayMemoryError")
    allocator = "DefaultCPUAllocator" in failure.message
    if failure.type != "MemoryError" and not is_array and not allocator:
        return None
    asked = _amount(r"allocate", failure.message)
    if asked is None:
        plain = re.search(r"allocate (\d+) bytes", failure.message)
        asked = int(plain.group(1)) if plain else None
    text = None if asked is None else f"It asked for {_words.size(asked)} more."
    advice = (Advice("Read the data in parts, or run where there is more memory."),)
    return Cause("memory", "Ran out of memory.", text, advice, asked)


def _phase(frames: Sequence[Frame]) -> str:
    """Which part of a training step it was, where the user's own code says it."""
    for frame in reversed([item for item in frames if item.own]):
        if ".backward(" in frame.code:
            return " in the backward pass"
        if re.search(r"\boptim\w*\.step\(", frame.code):
            return " in the optimizer's step"
        if frame.function == "forward":
            return " in the forward pass"
    return ""


def _amount(words: str, text: str) -> Optional[int]:
    match = re.search(rf"{words}\s+(?:an array of )?([\d.,]+)\s*([KMGT]iB|[MG]B|bytes)", text)
    return _bytes(match)


def _before(words: str, text: str) -> Optional[int]:
    return _bytes(re.search(rf"([\d.]+)\s*([KMGT]iB)\s+(?:{words})", text))


def _bytes(match: Optional[re.Match[str]]) -> Optional[int]:
    if match is None:
        return None
    unit: Dict[str, Any] = _UNITS
    return int(float(match.group(1).replace(",", "")) * unit.get(match.group(2), 1))
