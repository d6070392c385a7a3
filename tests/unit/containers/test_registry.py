"""Credentials of registries, and the names of images."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.containers import registry
from ml_jupyter.containers.registry import Credentials


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load({"HOME": str(tmp_path)})


def test_reference_leads_back_and_tells_nothing(settings: Settings) -> None:
    reference = registry.keep(settings, "registry.example", "me", "secret")
    assert "me" not in reference.values()
    assert "secret" not in str(reference)
    assert registry.find(settings, reference) == Credentials("registry.example", "me", "secret")
    assert registry.find(settings, None) is None
    assert registry.find(settings, {"key": "../../etc/passwd"}) is None


def test_last_password_counts(settings: Settings) -> None:
    first = registry.keep(settings, "registry.example", "me", "old")
    second = registry.keep(settings, "registry.example", "me", "new")
    found = registry.find(settings, first)
    assert first == second
    assert found is not None
    assert found.password == "new"


def test_what_is_not_used_is_forgotten(settings: Settings) -> None:
    old = registry.keep(settings, "registry.example", "me", "secret")
    (path,) = (settings.state / "credentials").glob("*.json")
    long_ago = time.time() - 100 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    registry.keep(settings, "other.example", "me", "secret")
    assert registry.find(settings, old) is None


def test_credentials_are_not_in_the_text_of_the_object() -> None:
    assert repr(Credentials("a", "me", "secret")) == "Credentials(address='a')"


@pytest.mark.parametrize(
    ("image", "address", "name"),
    [
        ("team/image:1", "registry.example", "registry.example/team/image:1"),
        ("team/image:1", "https://registry.example/v2/", "registry.example/team/image:1"),
        ("registry.example/image", "registry.example", "registry.example/image"),
        ("image", "docker.io", "image"),
        ("image", None, "image"),
        ("localhost:5000/image", "localhost:5000", "localhost:5000/image"),
    ],
)
def test_names_of_images(image: str, address: str | None, name: str) -> None:
    assert registry.full_name(image, address) == name
