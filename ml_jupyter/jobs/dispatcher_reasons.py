"""Writing down why runs wait, and only when there is something new to say."""

from __future__ import annotations

from typing import Container, Dict, Mapping, NamedTuple

from ml_jupyter import _time
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.queue_reasons import signature

#: Seconds between two reasons that differ in nothing but sizes and durations: in the first hour of
#: such a reason, when durations are in minutes, and later.
_FIRST_S, _LATER_S, _HOUR_S = 60.0, 600.0, 3600.0


class _Said(NamedTuple):
    """A reason, when it was written, and since when it has been the same but for amounts."""

    text: str
    at: float
    since: float


class SaidReasons:
    """What was said last about each run that waits; events of a run are kept for good."""

    def __init__(self) -> None:
        self._said: Dict[str, _Said] = {}

    def say(self, texts: Mapping[str, str], runs: Mapping[str, RunFolder]) -> None:
        """Write the reasons that are news.

        Parameters
        ----------
        texts : mapping of str to str
            Reasons by the keys of runs.
        runs : mapping of str to RunFolder
            Runs that wait, by the same keys.
        """
        for key, text in texts.items():
            if self._is_news(key, text) and runs[key].state().reason != text:
                runs[key].set_reason(text)

    def keep_only(self, keys: Container[str]) -> None:
        """Forget runs that wait no more."""
        for key in [key for key in self._said if key not in keys]:
            del self._said[key]

    def _is_news(self, key: str, text: str) -> bool:
        said = self._said.get(key)
        if said is not None and text == said.text:
            return False
        now = _time.monotonic()
        if said is None or signature(text) != signature(said.text):
            self._said[key] = _Said(text, now, now)
            return True
        pause = _FIRST_S if now - said.since < _HOUR_S else _LATER_S
        if now - said.at < pause:
            return False
        self._said[key] = _Said(text, now, said.since)
        return True
