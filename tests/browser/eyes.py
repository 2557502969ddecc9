"""What every page that the walk meets is looked at for: accessibility, width, the console, and how it looks."""

import io
import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import ConsoleMessage, JSHandle, Page

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"  # all of them, at both widths; thrown away
SHOWN = ROOT / "docs" / "screenshots"  # the few that README shows: written only with SSP_DOCS_SCREENSHOTS=1
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, "resultTypes": ["violations"]}
COLOURS, HEAVIEST = 128, 150_000
LET_GO = ("htmx:afterRequest,", "htmx:sendAbort,")  # a request whose page was left meanwhile: htmx notes it so; what fails is noted by other names
REFUSED = re.compile(r"Failed to load resource.* status of (\d+)")


class Eyes:
    """Collects every fault of a test, so that one run tells all of them. `faults` must be empty in the end."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.expected: set[int] = set()  # statuses of pages that the test asks for on purpose
        self._axe = Axe()

    def follow(self, page: Page) -> None:
        """Note whatever the page complains about: scripts that fail, and what the content security policy stops."""
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        refused = REFUSED.search(message.text)
        if message.type == "error" and not message.text.startswith(LET_GO) and not (refused and int(refused[1]) in self.expected):
            what = " ".join(self._shown(part) for part in message.args)
            self.faults.append(f"console of {message.location.get('url')} on {message.page and message.page.url}: {what or message.text}")

    def _shown(self, part: JSHandle) -> str:
        """An element by its beginning: of two forms of a page, the name of their class tells nothing."""
        element = part.as_element()
        return element.evaluate("element => element.outerHTML.slice(0, 120)") if element else str(part)

    def look(self, page: Page, name: str, *, show: str = "") -> None:
        """Check the page at both widths and keep its picture; `show`: its name among the pictures of the documentation."""
        page.wait_for_load_state()
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            page.evaluate("scrollTo(0, 0)")  # or the bar on top stands in the middle of the picture
            place = f"{name} at {size['width']} px"
            self._check_width(page, place)
            self._check_axe(page, place)
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}-{size['width']}.png", full_page=True)
        if show and os.environ.get("SSP_DOCS_SCREENSHOTS") == "1":
            self._keep(page.screenshot(), show)

    def _check_width(self, page: Page, place: str) -> None:
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if too_wide > 0:
            self.faults.append(f"{place}: {too_wide} px wider than the screen")

    def _check_axe(self, page: Page, place: str) -> None:
        for found in self._axe.run(page, options=RULES).response["violations"]:
            where = "; ".join(" ".join(node["target"]) for node in found["nodes"][:4])
            self.faults.append(f"{place}: {found['id']} ({found['help']}) in {where}: {found['nodes'][0]['html'][:200]}")

    def _keep(self, picture: bytes, name: str) -> None:
        """A small file: few colours are enough for a page of text."""
        SHOWN.mkdir(parents=True, exist_ok=True)
        small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(SHOWN / f"{name}.png", optimize=True)
        assert (SHOWN / f"{name}.png").stat().st_size <= HEAVIEST, f"the picture of {name} is too heavy"
