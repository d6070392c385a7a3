"""Bringing runs of another tool into a workspace: each whole or not at all, and never twice."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, Optional

from ml_jupyter import _ids, _time
from ml_jupyter._mlflow_address import NAME_TAG
from ml_jupyter.exceptions import (
    ImportSourceInvalid,
    RunLocked,
    RunNotFound,
    UserErrorException,
)
from ml_jupyter.history import events, lock, packages, records, status
from ml_jupyter.history.adopting import adopt_run
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.parameters import LOGGED
from ml_jupyter.history.records import ExperimentRecord, RunRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.importers.foreign import ForeignRun, RunFacts, understanding
from ml_jupyter.importers.report import ImportReport, Progress
from ml_jupyter.importers.run_writer import RunWriter
from ml_jupyter.jobs.git import without_credentials

#: Fact of a run that was brought in: ``tool``, ``source``, ``fingerprint``, ``id`` and ``time``.
FACT = "import"


class Bringing:
    """An import that is going on.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the runs go.
    tool, source : str
        Name of the other tool, and where its history lies.
    experiment : str, optional
        All runs go there, whatever they belonged to.
    """

    def __init__(
        self, workspace: WorkspaceFolder, tool: str, source: str, experiment: Optional[str] = None
    ) -> None:
        self.workspace = workspace
        self.report = ImportReport()
        self._tool = tool
        self._source = source
        self._experiment = None if experiment is None else _ids.check_name(experiment, "Experiment")
        self._experiments: Dict[str, ExperimentRecord] = {}

    def bring(self, runs: List[ForeignRun], progress: Progress) -> None:
        """Bring runs in, parents before their children.

        Raises
        ------
        RunLocked
            Another import into this workspace is going on.
        StorageFailed
            The system refused to write; what is here already stays.
        """
        with only_import(self.workspace):
            for done, run in enumerate(runs):
                progress(done, len(runs), run.where)
                try:
                    self._bring(run)
                except UserErrorException as error:
                    self.report.failed.append((run.where, str(error)))
            progress(len(runs), len(runs), "")

    def experiment(self, name: str) -> ExperimentRecord:
        """Our experiment for what the other tool calls so; its own name is kept in a tag."""
        wanted = self._experiment or _ids.experiment_name_for(name)
        if wanted not in self._experiments:
            found = self.workspace.create_experiment(wanted)
            if self._experiment is None and wanted != name and NAME_TAG not in found.tags:
                found = self.workspace.update_experiment(found.id, set_tags={NAME_TAG: name})
            self._experiments[wanted] = found
        return self._experiments[wanted]

    def _bring(self, run: ForeignRun) -> None:
        present = self._present(run)
        if present is not None and _imported(present).get("fingerprint") == run.fingerprint:
            self.report.unchanged += 1
            return
        experiment = self.experiment(run.experiment)
        if present is not None:
            experiment = self.workspace.experiment(present.record.experiment_id)
        written: List[RunWriter] = []

        def fill(layout: RunLayout, number: int) -> RunRecord:
            with understanding(run.where):
                with RunWriter(layout) as writer:
                    facts = run.read(writer)
                    self._write_events(writer, run, facts, present)
                written.append(writer)
                return self._record(run, facts, experiment, number)

        adopt_run(self.workspace, experiment, run.run_id, fill, replaced=present)
        self.report.points += written[0].points
        self.report.files += written[0].files
        if present is None:
            self.report.new += 1
        else:
            self.report.renewed += 1

    def _present(self, run: ForeignRun) -> Optional[RunFolder]:
        try:
            found = self.workspace.run(run.run_id)
        except RunNotFound:
            return None
        if _imported(found).get("tool") != self._tool:
            raise ImportSourceInvalid(
                f"A run {run.run_id} is here already that was not imported from {self._tool}.",
                hint="Import into another workspace, or delete that run first.",
            )
        return found

    def _record(
        self, run: ForeignRun, facts: RunFacts, experiment: ExperimentRecord, number: int
    ) -> RunRecord:
        root = run.parent and (self._root_of(run.parent) or run.parent)
        return RunRecord(
            id=run.run_id,
            number=number,
            experiment_id=experiment.id,
            experiment=experiment.name,
            type=records.INTERACTIVE,
            created=facts.started,
            status=status.RUNNING,
            user=facts.user,
            host=facts.host,
            display_name=facts.name,
            parent_id=run.parent,
            root_id=root,
            target=facts.target,
            git=_shown(facts.git),
            tags=dict(facts.tags),
            properties={LOGGED + key: value for key, value in facts.params.items()},
        )

    def _root_of(self, run_id: str) -> Optional[str]:
        try:
            return self.workspace.run(run_id).record.root_id
        except RunNotFound:
            return None

    def _write_events(
        self, writer: RunWriter, run: ForeignRun, facts: RunFacts, present: Optional[RunFolder]
    ) -> None:
        began = facts.started
        noted = {
            FACT: {
                "tool": self._tool, "source": self._source, "fingerprint": run.fingerprint,
                "id": run.origin or run.run_id, "time": _time.now_ns(),
            },
            **_shown(facts.noted),
        }  # fmt: skip
        if facts.packages is not None:
            fact = facts.packages.fact()
            packages.store(self.workspace.layout, fact["digest"], facts.packages.content())
            noted[packages.FACT] = fact
        writer.add_event(events.FACTS, began, set=noted)
        if facts.description:
            writer.add_event(events.DETAILS, began, description=facts.description)
        if run.children:
            writer.add_event(events.CHILD, began, ids=list(run.children))
        ended = max(began, facts.ended or writer.last)
        if facts.archived:
            writer.add_event(events.DETAILS, ended, archived=True)
        writer.add_event(events.STATE, ended, s=facts.status, reason=facts.reason)
        for entry in _changes_of(present):
            values = {key: value for key, value in entry.items() if key not in ("e", "t")}
            writer.add_event(entry["e"], entry["t"], **values)


def folder_of(workspace: Any) -> WorkspaceFolder:
    """The folder of a ``Workspace``; of None, that of the workspace that is meant here."""
    if workspace is None:
        from ml_jupyter.sdk.workspace import Workspace

        workspace = Workspace.from_config()
    found: WorkspaceFolder = getattr(workspace, "_folder", workspace)
    return found


def _shown(values: Mapping[str, Any]) -> Dict[str, Any]:
    """Values without the passwords of addresses in them, such as that of a Git remote."""
    return {
        key: without_credentials(value) if isinstance(value, str) else value
        for key, value in values.items()
    }


def _imported(run: RunFolder) -> Mapping[str, Any]:
    found = run.state().facts.get(FACT)
    return found if isinstance(found, dict) else {}


def _changes_of(run: Optional[RunFolder]) -> Iterator[Dict[str, Any]]:
    """What people changed of a run after it was brought in: its tags, name and description."""
    if run is None:
        return
    entries, _ = events.read(run.layout.events)
    ended = False
    for _, entry in entries:
        if ended and entry["e"] in (events.TAGS, events.DETAILS):
            yield entry
        ended = ended or entry["e"] == events.STATE


@contextmanager
def only_import(workspace: WorkspaceFolder) -> Iterator[None]:
    """Keep other imports out of a workspace."""
    try:
        held = lock.acquire(workspace.layout.root / ".import", 0)
    except RunLocked as error:
        raise RunLocked(
            f"Another import into {workspace.layout.root} is going on.",
            hint="Wait for its end, then import again: what is here is passed over.",
        ) from error
    try:
        yield
    finally:
        held.release()
