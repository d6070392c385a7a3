"""axe-core in a page: what of a view somebody with a disability cannot use."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.e2e.lab import ROOT

SCRIPT = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
#: axe's own words for what stops people or hinders them much.
GRAVE = ("serious", "critical")
_RUN = """async selector => {
  const found = await axe.run(selector, { resultTypes: ['violations'] });
  return found.violations.map(rule => ({
    id: rule.id,
    impact: rule.impact,
    help: rule.help,
    nodes: rule.nodes.map(node => `${node.target.join(' ')}  ${node.html.slice(0, 160)}\\n      ${
      (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`)
  }));
}"""


def grave(page: Page, selector: str) -> list[str]:
    """What axe finds in a part of a page that is serious or critical, a text for each rule.

    Parameters
    ----------
    page : Page
        A page in which the part is drawn to its end.
    selector : str
        The part; axe fails when there is none.
    """
    assert SCRIPT.exists(), f"{SCRIPT} is missing: run `make prepare`"
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(SCRIPT.read_text("utf-8"))
    return [_said(rule) for rule in page.evaluate(_RUN, selector) if rule["impact"] in GRAVE]


def _said(rule: dict[str, Any]) -> str:
    nodes = "\n    ".join(rule["nodes"][:6])
    return f"{rule['impact']} {rule['id']}: {rule['help']} ({len(rule['nodes'])})\n    {nodes}"
