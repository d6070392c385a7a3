"""JupyterLab finds the words of the front end in other languages."""

from __future__ import annotations

from typing import Any

import pytest
from jupyterlab_server.translation_utils import get_installed_packages_locale, get_language_pack


@pytest.fixture(scope="module")
def spanish() -> dict[str, Any]:
    words, problems = get_language_pack("es_ES")
    assert not problems
    return words


def test_spanish_words_come_with_the_language_pack(spanish: dict[str, Any]) -> None:
    ours = spanish["ml_jupyter"]
    assert ours["Runs"] == ["Ejecuciones"]
    assert ours["%1 run"] == ["%1 ejecución", "%1 ejecuciones"]


def test_numbers_are_counted_as_in_the_language_pack(spanish: dict[str, Any]) -> None:
    ours, labs = spanish["ml_jupyter"][""], spanish["jupyterlab"][""]
    assert ours["domain"] == "ml_jupyter"
    assert {key: ours[key] for key in ("language", "plural_forms")} == {
        key: labs[key] for key in ("language", "plural_forms")
    }


def test_the_launcher_has_one_category_for_others(spanish: dict[str, Any]) -> None:
    assert spanish["ml_jupyter"]["Other"] == spanish["jupyterlab"]["Other"]


def test_a_language_without_a_catalogue_has_no_words() -> None:
    words, problems = get_installed_packages_locale("de_DE")
    assert not problems
    assert "ml_jupyter" not in words
