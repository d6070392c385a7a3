"""The table of states: every legal move is taken, any other is refused and changes nothing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ml_jupyter import _ids
from ml_jupyter.exceptions import IllegalTransition
from ml_jupyter.history import records, status
from ml_jupyter.history.workspace import WorkspaceFolder


class RunStates(RuleBasedStateMachine):
    """Two processes' views of one run, moved at random."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.workspace = WorkspaceFolder.create(self.folder / "w", "states")
        self.experiment = self.workspace.create_experiment("states")

    @initialize(first=st.sampled_from([status.NOT_STARTED, status.QUEUED, status.RUNNING]))
    def start(self, first: str) -> None:
        self.run = self.workspace.create_run(
            self.experiment, _ids.new_uuid(), records.SCRIPT, first
        )
        self.other = self.workspace.run(self.run.id)
        self.expected = first

    @rule(new=st.sampled_from(sorted(status.ALL)), mine=st.booleans())
    def move(self, new: str, mine: bool) -> None:
        writer = self.run if mine else self.other
        legal = new in status.LEGAL[self.expected]
        if legal:
            writer.set_status(new)
            self.expected = new
        else:
            with pytest.raises(IllegalTransition, match=self.run.id):
                writer.set_status(new)

    @rule(new=st.sampled_from(sorted(status.ALL)))
    def forged_line_is_passed_over(self, new: str) -> None:
        if new not in status.LEGAL[self.expected]:
            with self.run.layout.events.open("a") as file:
                file.write(f'{{"e":"state","t":1,"s":"{new}"}}\n')

    @invariant()
    def all_readers_agree(self) -> None:
        if hasattr(self, "run"):
            fresh = self.workspace.run(self.run.id)
            assert (
                self.expected
                == self.run.state().status
                == self.other.state().status
                == fresh.state().status
            )

    def teardown(self) -> None:
        shutil.rmtree(self.folder)


TestRunStates = RunStates.TestCase
TestRunStates.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)


def test_terminal_states_are_left_only_by_fail() -> None:
    leaving = {state: status.LEGAL[state] for state in status.TERMINAL}
    assert leaving == {
        "Completed": frozenset({"Failed"}),
        "Failed": frozenset(),
        "Canceled": frozenset(),
    }
