"""A queue of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.jobs_lab import JobLab


@pytest.fixture
def lab(isolated_settings: Settings, tmp_path: Path) -> JobLab:
    return JobLab(isolated_settings, tmp_path)
