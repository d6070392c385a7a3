"""What is usual: who made a run, when, of what, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from ml_jupyter.history import events, records, status
from ml_jupyter.history.records import RunRecord
from ml_jupyter.testing import generated_log, generated_series, generated_words
from ml_jupyter.testing.generated_run import GeneratedRun

#: How usual runs end, in percent.
_ENDS = (("good", 78), ("failed", 12), ("stopped", 6), ("archived", 4))
_DAYS = 60


@dataclass(frozen=True)
class Facts:
    """Facts of a run before it is written.

    Attributes
    ----------
    experiment : str
        Name of its experiment.
    minutes_ago : float
        How long before the newest time it was made.
    minutes : float
        How long it ran.
    of_record : mapping
        Further fields of its record.
    """

    experiment: str
    minutes_ago: float
    minutes: float
    of_record: Mapping[str, Any]

    @classmethod
    def remarkable(
        cls, name: str, place: int, parent: RunRecord | None, changes: Mapping[str, Any]
    ) -> Facts:
        """Those of a remarkable run: the newest ones, so that they stand at the top."""
        given = dict(changes)
        user, host = generated_words.PEOPLE[0]
        usual_ones = {
            "type": records.SCRIPT,
            "status": status.RUNNING if name == "lost" else status.NOT_STARTED,
            "user": user,
            "host": host,
            "display_name": name,
            "parent_id": parent.id if parent else None,
            "root_id": (parent.root_id or parent.id) if parent else None,
            "definition": {"script": "train.py", "arguments": ["--epochs", "60"]},
            "git": _git(Random(name)),
        }
        experiment = parent.experiment if parent else "digits"
        return cls(experiment, 70.0 - 4 * place, 2.5, {**usual_ones, **given})

    def fill(self, run: GeneratedRun, rng: Random, points: int, *, live: bool) -> None:
        """Give a usual run its metrics, its log and its end."""
        losses = generated_series.loss(rng, points)
        run.start()
        run.metric("loss", losses)
        if rng.random() < 0.7:
            run.metric("val_accuracy", generated_series.accuracy(rng, points))
        run.log(generated_log.training(losses[:20]))
        if live:
            return
        end = rng.choices([name for name, _ in _ENDS], [share for _, share in _ENDS])[0]
        if end == "failed":
            run.fail(rng.choice(generated_words.FAILURES))
        elif end == "stopped":
            run.cancel(run.record.user)
        else:
            run.complete()
        if end == "archived":
            run.event(events.DETAILS, run.ended, archived=True)


def usual(rng: Random, number: int, of: int) -> Facts:
    """Facts of a usual run; a greater number is a newer one."""
    user, host = rng.choices(generated_words.PEOPLE, (5, 3, 2, 1))[0]
    model, data = rng.choice(generated_words.MODELS), rng.choice(generated_words.DATASETS)
    rate = f"{10 ** rng.uniform(-5, -1):.1e}"
    words = ["--model", model, "--data", data, "--learning-rate", rate]
    tags = {key: rng.choice(values) for key, values in generated_words.TAGS if rng.random() < 0.3}
    record = {
        "type": records.SCRIPT if rng.random() < 0.85 else records.INTERACTIVE,
        "status": status.NOT_STARTED,
        "user": user,
        "host": host,
        "display_name": f"{model}-{data}-{number}",
        "definition": {"script": "train.py", "arguments": words},
        "git": _git(rng),
        "tags": tags,
    }
    share = (of - number + rng.random()) / of
    minutes_ago = 90 + share * (_DAYS * 24 * 60 - 200)
    return Facts(rng.choice(generated_words.EXPERIMENTS), minutes_ago, rng.uniform(0.2, 80), record)


def _git(rng: Random) -> dict[str, Any]:
    return {
        "repository": generated_words.REPOSITORY,
        "branch": rng.choice(generated_words.BRANCHES),
        "commit": f"{rng.getrandbits(160):040x}",
        "dirty": rng.random() < 0.3,
    }
