"""What may lie in the repository: no path of a machine, no registry, nothing large."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT, tracked

LARGEST_BYTES = 1_000_000
BINARY = {".png", ".ico", ".woff2", ".gz", ".zip"}
# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a home folder": re.compile(r"/" + r"(home|Users)/(?!user\b|me\b|you\b|mara\b)[a-z][\w.-]+/"),
    "root's folder": re.compile(r"(?<![\w.])/" + r"root/"),
    "a working folder": re.compile(r"(?<![\w.])/" + r"(work|workspace|opt/(pypi|wheels))/[\w.]"),
    "a registry's host": re.compile(r"registry\." + r"(npmjs|yarnpkg)|files\.python" + r"hosted"),
    "a lock file's address": re.compile(r'"resol' + r'ved"\s*:'),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*" + r"PRIVATE KEY-----"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in tracked()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


def test_no_tracked_file_is_large():
    large = [
        str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_size > LARGEST_BYTES
    ]
    assert large == []


def test_no_built_file_is_tracked():
    built = ("ml_jupyter/labextension/", "ml_jupyter/static/", "labextension/lib/", "dist/")
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [name for name in names if name.startswith(built)] == []
