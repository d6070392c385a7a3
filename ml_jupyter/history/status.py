"""States of a run and the one table of legal moves between them (surface 4.2)."""

from __future__ import annotations

from typing import FrozenSet, Mapping

from ml_jupyter.exceptions import IllegalTransition

NOT_STARTED = "NotStarted"
QUEUED = "Queued"
PREPARING = "Preparing"
PROVISIONING = "Provisioning"
STARTING = "Starting"
RUNNING = "Running"
FINALIZING = "Finalizing"
CANCEL_REQUESTED = "CancelRequested"
COMPLETED = "Completed"
FAILED = "Failed"
CANCELED = "Canceled"
NOT_RESPONDING = "NotResponding"

TERMINAL: FrozenSet[str] = frozenset({COMPLETED, FAILED, CANCELED})
#: States in which some process must hold the run's lock; in others a free lock proves nothing.
OWNED: FrozenSet[str] = frozenset(
    {PREPARING, PROVISIONING, STARTING, RUNNING, FINALIZING, CANCEL_REQUESTED, NOT_RESPONDING}
)

_STOPS = frozenset({CANCEL_REQUESTED, CANCELED, FAILED})

LEGAL: Mapping[str, FrozenSet[str]] = {
    NOT_STARTED: _STOPS | {QUEUED, PREPARING, STARTING, RUNNING},
    QUEUED: _STOPS | {PREPARING, PROVISIONING, STARTING},
    PREPARING: _STOPS | {PROVISIONING, QUEUED, STARTING, RUNNING},
    PROVISIONING: _STOPS | {QUEUED, STARTING, RUNNING},
    STARTING: _STOPS | {RUNNING},
    RUNNING: _STOPS | {FINALIZING, COMPLETED, NOT_RESPONDING},
    NOT_RESPONDING: _STOPS | {QUEUED, RUNNING, FINALIZING},
    FINALIZING: frozenset({COMPLETED, FAILED, CANCELED}),
    CANCEL_REQUESTED: frozenset({CANCELED, FAILED, COMPLETED}),
    COMPLETED: frozenset({FAILED}),
    FAILED: frozenset(),
    CANCELED: frozenset(),
}
ALL: FrozenSet[str] = frozenset(LEGAL)


def check_move(run_id: str, old: str, new: str) -> None:
    """Accept a legal move.

    Raises
    ------
    IllegalTransition
        The table has no such move; the message names the run and both states.
    """
    if new not in LEGAL.get(old, frozenset()):
        raise IllegalTransition(
            f"Run {run_id} is {old} and cannot become {new}.",
            details={"run_id": run_id, "from": old, "to": new},
        )
