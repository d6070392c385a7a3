"""Whatever the text, reading it ends soon, in a job or in findings."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobfile.read import load

_KEYS = """
command type code inputs outputs environment compute distribution trial
search_space objective limits resources data path mode image build docker target
name tags script services timeout_minutes algorithm values min_value conda_file
python mpi $schema
"""
#: Longer than any machine needs, shorter than anything that hangs.
soon = settings(deadline=timedelta(seconds=10), suppress_health_check=[HealthCheck.too_slow])
KEYS = st.sampled_from(_KEYS.split())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["command", "sweep", "pytorch", "choice", "local", "azureml:a:1", "."]),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


@soon
@given(st.dictionaries(KEYS, TREES, max_size=8))
def test_any_tree(tree):
    _read(yaml.safe_dump(tree))


@soon
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_any_text(text):
    _read(text)


@soon
@given(st.text(alphabet="ab&*<<: []{}-\n!#'|>%@", min_size=1, max_size=60))
def test_any_punctuation(text):
    _read(text)


def _read(text: str) -> None:
    try:
        made = load("job.yml", text=text)
    except UserErrorException:
        return
    else:
        assert made.job.type in ("command", "sweep")
        assert Path(made.dialect).name == made.dialect
