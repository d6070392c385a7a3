"""The variables that tell a process which GPUs are its own (surface 5.4)."""

from __future__ import annotations

from typing import Dict, Sequence

VISIBLE = "CUDA_VISIBLE_DEVICES"
COUNT = "AZ_BATCHAI_NUM_GPUS"


def gpu_variables(uuids: Sequence[str]) -> Dict[str, str]:
    """For a process that was given GPUs; nothing for one that asked for none.

    Who asked for no GPU sees what the submitter's notebook sees, as before there was a queue of
    GPUs; what it then holds on one counts as taken (docs/queue.md).

    Parameters
    ----------
    uuids : sequence of str
        ``GPU-…`` or ``MIG-…``. CUDA takes UUIDs in the place of numbers, which change with the
        order of the devices (CUDA C++ Programming Guide, environment variables).
    """
    if not uuids:
        return {}
    return {VISIBLE: ",".join(uuids), COUNT: str(len(uuids))}
