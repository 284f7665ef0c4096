"""Can a person use it? The dashboard in a real browser: log in, look, halt, see it, resume."""

import os
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from foreshock.app.client import ask
from foreshock.dashboard.pair_views import PairDetailView, RelationView
from tests.e2e.program import Program, run, until

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
PATIENCE_MS = 20_000
DESKTOP = (1440, 900)
PHONE = (360, 740)
TELL_VIOLATIONS = """
    document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Watched:
    """A page and everything it complained about."""

    def __init__(self, browser: Browser, size: tuple[int, int]) -> None:
        width, height = size
        self.complaints: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.page.add_init_script(TELL_VIOLATIONS)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _on_error(self, error: Error) -> None:
        self.complaints.append(f"uncaught: {error}")


def require_built_pages() -> None:
    """Skips where the dashboard was not built, unless FORESHOCK_REQUIRE_BROWSER demands it."""
    if (Path(str(files("foreshock"))) / "webui" / "index.html").is_file():
        return
    hint = "src/foreshock/webui/index.html is missing: run `make ui`"
    if os.environ.get("FORESHOCK_REQUIRE_BROWSER"):
        pytest.fail(f"the dashboard is not built, and this run requires it: {hint}")
    pytest.skip(f"the dashboard is not built, the browser was NOT tested: {hint}")


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    require_built_pages()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    assert browser.is_connected(), "a demo is worth its start only with a browser"
    home = tmp_path_factory.mktemp("browser") / "home"
    with Program(home, "demo", "--no-browser", "--port", "0") as program:
        program.first_line()
        yield program


def test_a_person_logs_in_looks_into_a_sum_halts_and_resumes(
    demo: Program, browser: Browser, tmp_path: Path
) -> None:
    watched = Watched(browser, DESKTOP)
    page = watched.page
    page.goto(demo.first_line())
    assert page.url == f"{demo.instance.url}/", "the token does not stay in the address"
    expect(page.get_by_role("note", name="Mode")).to_contain_text("SIMULATED")
    expect(page.get_by_test_id("value")).to_contain_text("$", timeout=PATIENCE_MS)

    page.get_by_role("link", name="Edges", exact=False).first.click()
    row = page.locator("main [data-row]").first
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    page.screenshot(path=tmp_path / "edges.png")
    row.click()
    expect(page).to_have_url(re.compile(r"/edges/.+"))
    expect(page.get_by_role("main")).to_contain_text("From payout to net")
    expect(page.get_by_role("main")).to_contain_text(re.compile("fee", re.IGNORECASE))
    expect(page.get_by_role("main")).to_contain_text(
        re.compile("Polymarket.*Kalshi|Kalshi.*Polymarket", re.S)
    )

    halt(page, "halt-open")
    page.get_by_role("link", name="See it in the audit").click()
    expect(page.get_by_test_id("audit-search")).to_have_value("halt")
    expect(page.locator("main [data-row]").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("halt", ignore_case=True)
    page.screenshot(path=tmp_path / "audit.png")
    assert demo.state().halts

    resume(page)
    assert until(lambda: not demo.state().halts, demo.alive)
    assert watched.complaints == []
    watched.context.close()


def settles_within(page: Page, width: int) -> bool:
    """Whether the page, once drawn, needs no more than this width."""
    for _ in range(30):
        if page.evaluate("document.documentElement.scrollWidth") <= width:
            return True
        page.wait_for_timeout(100)
    return False


TOO_WIDE = """() => [...document.querySelectorAll('*')]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(-3).map((e) => e.tagName + ' ' + e.textContent.slice(0, 80))"""
"""The innermost elements that reach beyond the page."""


def test_it_works_on_a_phone(demo: Program, browser: Browser, tmp_path: Path) -> None:
    watched = Watched(browser, PHONE)
    page = watched.page
    page.goto(run(demo.home, "login").stdout.strip())
    reviewed = ask(demo.instance, "/api/pairs/review", list[RelationView])[0]
    pairs = ("/pairs", "/pairs?show=review", f"/pairs/{reviewed.id}")
    for number, path in enumerate((
        "/",
        "/signals",
        "/markets",
        "/edges",
        *pairs,
        "/packages",
        "/oracles",
        "/risk",
        "/alerts",
        "/health",
        "/audit",
    )):
        page.goto(f"{demo.instance.url}{path}")
        expect(page.get_by_role("note", name="Mode")).to_contain_text("SIMULATED")
        expect(page.get_by_role("main")).not_to_be_empty()
        assert settles_within(page, PHONE[0]), f"{path} is too wide: {page.evaluate(TOO_WIDE)}"
        page.screenshot(path=tmp_path / f"phone-{number}.png")
    page.get_by_role("button", name="Halt").last.click()
    page.get_by_test_id("halt-confirm").fill("stop")
    expect(page.get_by_test_id("halt-send")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert demo.state().halts == []
    assert watched.complaints == []
    watched.context.close()


def test_a_person_reads_both_texts_and_decides_a_pair(demo: Program, browser: Browser) -> None:
    watched = Watched(browser, DESKTOP)
    page = watched.page
    page.goto(run(demo.home, "login").stdout.strip())
    page.goto(f"{demo.instance.url}/pairs?show=review")
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("heading", name="Rules").first).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    pair_id = unquote(page.url.rpartition("/")[2])
    form = page.get_by_test_id("verdict")
    form.get_by_role("radio", name="Block").check()
    expect(page.get_by_test_id("verdict-send")).to_be_disabled()
    form.get_by_role("textbox").fill("the stations differ")
    page.get_by_test_id("verdict-send").click()
    expect(form).to_contain_text("On record", timeout=PATIENCE_MS)
    found = ask(demo.instance, f"/api/pairs/{pair_id}", PairDetailView)
    assert (found.standing, found.history[0].note) == ("blocked", "the stations differ")
    assert watched.complaints == []
    watched.context.close()


def test_without_a_session_there_is_only_the_door(demo: Program, browser: Browser) -> None:
    watched = Watched(browser, DESKTOP)
    watched.page.goto(f"{demo.instance.url}/edges")
    expect(watched.page.get_by_role("textbox")).to_be_visible()
    expect(watched.page.locator("[data-row]")).to_have_count(0)
    watched.context.close()


def halt(page: Page, opener: str) -> None:
    """Halt everything by the typed word, and wait for the proof."""
    page.get_by_test_id(opener).click()
    expect(page.get_by_test_id("halt-send")).to_be_disabled()
    page.get_by_test_id("halt-confirm").fill("halt")
    page.get_by_test_id("halt-send").click()
    proof = page.get_by_test_id("halt-proof")
    expect(proof).to_contain_text("In force since")
    expect(proof).to_contain_text("no order is open", timeout=PATIENCE_MS)
    expect(page.get_by_test_id("halt-band")).to_contain_text("HALTED")


def resume(page: Page) -> None:
    """Lift the halt from the band that shows it."""
    page.get_by_test_id("halt-band").get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("resume")
    dialog.get_by_role("button", name="Resume").click()
    expect(page.get_by_test_id("halt-band")).to_have_count(0)
