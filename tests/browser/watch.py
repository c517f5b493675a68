"""What a page must not do unnoticed: errors in the console, refused content, answers of 500, things wider than the screen."""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

POLITE = ("409", "422")  # refusals the product shows to the person: the console tells of them too
WORST = {"serious", "critical"}
AXE = Axe()
FINDINGS = {"resultTypes": ["violations"]}
CONTRAST = {**FINDINGS, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
SETTLED = """async () => {
  for (let quiet = 0, frame = 0; quiet < 3 && frame < 90; frame += 1) {  // what hovers changes with the next frame
    await new Promise(requestAnimationFrame);
    quiet = document.getAnimations().length ? 0 : quiet + 1;
  }
}"""
WIDER = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = (one) => one && (getComputedStyle(one).overflowX !== 'visible' || getComputedStyle(one).position === 'fixed');
  const kept = (one) => { for (let up = one; up !== document.body; up = up.parentElement) if (scrolls(up)) return true; };
  const wide = [...document.body.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > room + 1 || box.left < -1) && !kept(one);
  });
  return [`${document.documentElement.scrollWidth} > ${room}`, ...wide.slice(-6).map((one) => one.outerHTML.slice(0, 200))];
}"""


@dataclass
class Watch:
    """Collects what went wrong on a page; ``allowed`` are statuses the test provokes itself."""

    page: Page
    problems: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=lambda: set(POLITE))

    def __post_init__(self) -> None:
        self.page.on("console", self.on_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("response", self.on_response)

    def on_console(self, message: ConsoleMessage) -> None:
        """A message of the console: errors and refused content count, provoked answers do not."""
        if message.type != "error" and "Content Security Policy" not in message.text:
            return
        if "Failed to load resource" in message.text and any(
            f"status of {code}" in message.text for code in self.allowed
        ):
            return
        self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_response(self, response: Response) -> None:
        """An answer of the server."""
        if response.status >= 400 and str(response.status) not in self.allowed:
            self.problems.append(f"{response.status} {response.request.method} {response.url}")

    def check(self) -> None:
        """Fail with everything seen."""
        assert not self.problems, "\n".join(self.problems)


def findings(page: Page, options: dict[str, Any] = FINDINGS) -> list[str]:
    """Serious and critical findings of axe-core once nothing moves any more, one readable line each."""
    page.evaluate(SETTLED)
    violations = AXE.run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} | {' '.join(node.get('failureSummary', '').split())[:300]}"
        for rule in violations
        if rule["impact"] in WORST
        for node in rule["nodes"]
    ]


def check_accessible(page: Page, *, both_themes: bool = True) -> None:
    """No serious finding as the page stands, nor in the colours of the other theme."""
    assert not (found := findings(page)), f"{page.url}\n" + "\n".join(found)
    if not both_themes:
        return
    was = page.locator("html").get_attribute("data-bs-theme")
    other = "light" if was == "dark" else "dark"
    page.evaluate("(theme) => document.documentElement.setAttribute('data-bs-theme', theme)", other)
    found = findings(page, CONTRAST)
    page.evaluate("(theme) => document.documentElement.setAttribute('data-bs-theme', theme)", was)
    assert not found, f"{page.url} in the {other} theme\n" + "\n".join(found)


def check_fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert not (wide := page.evaluate(WIDER)), f"{page.url}\n" + "\n".join(wide)
