"""Takes the picture of the README: the Edges page of the running demo, dark, 1440 x 900.

foreshock demo --no-browser --port 0 &
python scripts/screenshot.py
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from foreshock.app.client import mint_link, require_running
from foreshock.app.config import home_folder
from foreshock.core.domain.errors import ForeshockError

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "edges.png"
WIDTH, HEIGHT = 1440, 900
PATIENCE_MS = 60_000
SETTLE_MS = 1_500


def main() -> int:
    """Exit code; what is missing is said on stderr."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("error: no chromium on PATH: install your system's chromium package\n")
        return 1
    try:
        link = mint_link(require_running(home_folder()))
    except ForeshockError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    take(chromium, link)
    print(TARGET)
    return 0


def take(chromium: str, link: str) -> None:
    """Log in with the link, wait for a package that can be traded, and save the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="dark",
            reduced_motion="reduce",
        )
        page.goto(link)
        page.goto(f"{link.partition('/login')[0]}/edges")
        row = page.locator("main tr", has_text="open").first
        row.wait_for(timeout=PATIENCE_MS)
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
