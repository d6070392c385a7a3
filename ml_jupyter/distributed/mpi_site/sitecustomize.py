"""First on the path of Python in MPI jobs: an exception that nobody catches ends the whole job.

Without this the rank that raised it waits at its exit, in ``MPI_Finalize``, for ranks that wait for
its message, and the job hangs. Source: mpi4py's documentation, "mpi4py.run", which describes the
deadlock.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any


def _end_at_exceptions() -> None:
    before = sys.excepthook

    def hook(kind: Any, value: Any, traceback: Any) -> None:
        before(kind, value, traceback)
        mpi = sys.modules.get("mpi4py.MPI")
        if mpi is None or not mpi.Is_initialized() or mpi.Is_finalized():
            return
        if mpi.COMM_WORLD.size > 1:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(1)

    sys.excepthook = hook


def _make_way() -> None:
    """Run the ``sitecustomize`` that this one hides, if there is one."""
    here = os.path.dirname(os.path.abspath(__file__))
    hidden = [path for path in sys.path if os.path.abspath(path) != here]
    ours = sys.modules.pop("sitecustomize", None)
    sys.path[:], before = hidden, list(sys.path)
    try:
        importlib.import_module("sitecustomize")
    except ImportError:
        if ours is not None:
            sys.modules["sitecustomize"] = ours
    finally:
        sys.path[:] = before


_end_at_exceptions()
_make_way()
