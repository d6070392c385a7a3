"""A run as one HTML file, opened from the disk with the network off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ml_jupyter import Experiment, Run, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

POINTS = 30_000
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with isolated(tmp_path / "world") as found:
        yield found


def recorded(experiment: Experiment, source: Path, rate: float) -> Run:
    """A run with many points, a long log, an image and code that differs from run to run."""
    (source / "train.py").write_text(f"rate = {rate}\nprint('same')\n")
    run = experiment.start_logging(outputs=False, snapshot_directory=source)
    run.log_list("loss", [1 / (1 + n * rate) for n in range(POINTS)])
    run.log("accuracy", 0.5 + rate)
    image = source.parent / "picture.png"
    image.write_bytes(PNG)
    run.log_image("picture", path=str(image))
    log = source.parent / "std_log.txt"
    lines = "".join(f"line {n} of {POINTS}\n" for n in range(POINTS))
    log.write_text(lines + "the needle </script><b>\n")
    run.upload_file("user_logs/std_log.txt", str(log))
    run.complete()
    return run


@pytest.fixture
def runs(settings: Settings, tmp_path: Path) -> list[Run]:
    source = tmp_path / "source"
    source.mkdir()
    experiment = Experiment(Workspace.create("lab"), "digits")
    return [recorded(experiment, source, rate) for rate in (0.125, 0.25)]


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A page without a network, which fails the test when it asks anybody or says an error."""
    yield from watched(browser)


@pytest.fixture
def offline_in_spanish(browser: Browser) -> Iterator[Page]:
    """The same, of a reader whose browser is Spanish."""
    yield from watched(browser, locale="es-MX")


def watched(browser: Browser, **options: str) -> Iterator[Page]:
    size = {"width": 1440, "height": 900}
    context = browser.new_context(offline=True, viewport=size, **options)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert said == []


def test_a_run_opens_from_a_file_for_ever(runs: list[Run], tmp_path: Path, offline: Page) -> None:
    file = runs[1].export_html(tmp_path / "run.html")
    offline.goto(Path(file).as_uri())
    offline.get_by_role("tab", name="Metrics").click()
    chart = offline.locator("figure", has_text="loss").first
    expect(chart).to_have_attribute("aria-label", re.compile("^loss"))
    expect(chart.locator("canvas").first).to_be_visible()
    expect(offline.get_by_alt_text(re.compile("picture")).first).to_be_visible()
    offline.get_by_role("tab", name="Log").click()
    log = offline.get_by_role("log")
    expect(log).to_contain_text("the needle </script><b>")
    tools = offline.get_by_role("toolbar", name="Log")
    tools.get_by_role("searchbox").fill("needle")
    expect(tools.get_by_role("status")).to_have_text("1")
    tools.get_by_role("searchbox").fill("line 4 of")  # far before what the log is opened with
    tools.get_by_role("searchbox").press("Shift+Enter")
    expect(log).to_contain_text(f"line 4 of {POINTS}")
    offline.get_by_role("tab", name="Code").click()
    offline.get_by_label("Compare with").select_option(runs[0].id)
    expect(offline.get_by_text("1 of 1 files differ.")).to_be_visible()
    expect(offline.get_by_text("rate = 0.125")).to_be_visible()
    offline.reload()
    expect(offline.get_by_text("rate = 0.125")).to_be_visible()
    offline.get_by_role("tab", name="Environment").click()
    packages = offline.get_by_role("region", name="Installed packages")
    packages.get_by_role("searchbox").fill("playwright==")
    row = packages.get_by_role("row", name=re.compile("^playwright "))
    expect(row).to_contain_text(metadata.version("playwright"))
    expect(offline.get_by_text("1 thing was left out")).to_be_visible()


def test_several_runs_are_compared_in_one_file(
    runs: list[Run], tmp_path: Path, offline: Page
) -> None:
    file = runs[0].export_html(tmp_path / "runs.html", others=runs[1:])
    offline.goto(Path(file).as_uri())
    table = offline.get_by_role("table")
    expect(table.get_by_role("row", name="accuracy")).to_contain_text("0.6250")
    expect(table.get_by_role("row", name="accuracy")).to_contain_text("0.7500")
    offline.get_by_role("button", name="Charts in one").click()
    expect(offline.get_by_text(re.compile("digits 2")).first).to_be_visible()
    offline.go_back()
    offline.get_by_role("button", name="Differences of the code").click()
    expect(offline.get_by_text("rate = 0.25", exact=True)).to_be_visible()


def test_a_file_speaks_its_readers_language(
    runs: list[Run], tmp_path: Path, offline_in_spanish: Page
) -> None:
    page = offline_in_spanish
    page.goto(Path(runs[0].export_html(tmp_path / "run.html")).as_uri())
    expect(page.get_by_role("tab", name="Métricas")).to_be_visible()
    expect(page.get_by_text("Completada").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es-MX")
