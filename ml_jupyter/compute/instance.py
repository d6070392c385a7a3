"""A compute instance: this machine under a name, which can be stopped for new jobs."""

from __future__ import annotations

from typing import Any, Mapping, Tuple

from ml_jupyter.compute import vm_sizes
from ml_jupyter.compute.base import Submission
from ml_jupyter.compute.local import LocalTarget
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import TargetUnavailable

KIND = "computeinstance"


class InstanceTarget(LocalTarget):
    """Runs jobs on this machine as ``local`` does, unless it was stopped."""

    @staticmethod
    def check(record_settings: Mapping[str, Any], settings: Settings) -> Tuple[str, ...]:
        """One sentence about an unknown size: the machine is what it is."""
        name = str(record_settings.get("vm_size") or "")
        if not name or vm_sizes.find(name) is not None:
            return ()
        return (f"vm_size {name!r} is not a size that is known here; this machine stays as it is.",)

    @property
    def stopped(self) -> bool:
        """Whether it takes no jobs now."""
        return bool(self.record.settings.get("stopped", False))

    def validate(self, submission: Submission) -> None:
        """As for ``local``.

        Raises
        ------
        TargetUnavailable
            It was stopped.
        """
        if self.stopped:
            raise TargetUnavailable(
                f"Compute instance {self.name!r} is stopped.", hint="Call start() on it."
            )
        super().validate(submission)
