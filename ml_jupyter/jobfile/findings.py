"""What is wrong with a job file: a place, a key, what is wrong and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, NamedTuple, Optional

from ml_jupyter.exceptions import JobFileInvalid

ERROR = "error"
WARNING = "warning"


class Place(NamedTuple):
    """Where something stands: line and column from 1; ``file`` is ``--set`` for overrides."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or doubtful.

    Attributes
    ----------
    place : Place
        Where.
    key : str
        Dotted path, ``distribution.process_count``; empty for the whole file.
    message : str
        What is wrong, and in brackets what would be right.
    severity : str
        ``error`` or ``warning``.
    """

    place: Place
    key: str
    message: str
    severity: str = ERROR

    def __str__(self) -> str:
        where = self.place.file
        if self.place.line:
            where += f":{self.place.line}:{self.place.column}"
        key = f"{self.key}: " if self.key else ""
        return f"{where}: {self.severity}: {key}{self.message}"

    def to_json(self) -> Dict[str, Any]:
        """The finding for programs."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "key": self.key,
            "message": self.message,
            "severity": self.severity,
        }


class Report:
    """Collects findings while a file is read."""

    def __init__(self) -> None:
        self.findings: List[Finding] = []

    def error(self, place: Place, key: str, message: str, right: Optional[str] = None) -> None:
        """Note what keeps the file from being used; ``right`` is what would be right."""
        self._add(place, key, message, right, ERROR)

    def warn(self, place: Place, key: str, message: str, right: Optional[str] = None) -> None:
        """Note what is doubtful."""
        self._add(place, key, message, right, WARNING)

    @property
    def warnings(self) -> List[Finding]:
        """The doubtful ones."""
        return [item for item in self.findings if item.severity == WARNING]

    def raise_errors(self) -> None:
        """Raise when there is an error among the findings.

        Raises
        ------
        JobFileInvalid
            With every finding, warnings too.
        """
        if any(item.severity == ERROR for item in self.findings):
            raise JobFileInvalid(sorted(self.findings, key=_order))

    def _add(
        self, place: Place, key: str, message: str, right: Optional[str], severity: str
    ) -> None:
        text = f"{message} ({right})" if right else message
        finding = Finding(place, key, text, severity)
        if finding not in self.findings:
            self.findings.append(finding)


def _order(finding: Finding) -> Any:
    return (finding.severity != ERROR, finding.place.file == "--set", finding.place)
