"""What people do again and again in the walk: go somewhere, plan a meeting, make an aftale, open a case, read a PDF."""

import io
from datetime import datetime
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from pypdf import PdfReader


def path_of(page: Page) -> str:
    """The address without its host."""
    return urlsplit(page.url).path


def go(page: Page, entry: str) -> None:
    """Choose an entry of the main menu."""
    with page.expect_navigation():
        page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name=entry).click()


def heading(page: Page, text: str) -> None:
    """The page has come when its title stands there."""
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible()


def plan_meeting(page: Page, forum: str, template: str, starts_at: datetime) -> str:
    """Plan a meeting from its standing agenda. Returns its path."""
    go(page, "Møder")
    page.get_by_role("link", name="Nyt møde").click()
    page.get_by_label("Forum").select_option(label=forum)
    page.get_by_label("Fast dagsorden").select_option(label=template)
    page.get_by_label("Dato").fill(f"{starts_at:%Y-%m-%d}")
    page.get_by_label("Tid").fill(f"{starts_at:%H.%M}")
    page.get_by_label("Varighed i minutter").fill("120")
    page.get_by_label("Sted").fill("Rådhuset, mødelokale 2")
    page.get_by_role("button", name="Planlæg mødet").click()
    heading(page, forum)
    return path_of(page)


def move_meeting(page: Page, starts_at: datetime) -> None:
    """Change when a meeting begins, from the page for its time and place."""
    page.get_by_label("Dato").fill(f"{starts_at:%Y-%m-%d}")
    page.get_by_label("Tid").fill(f"{starts_at:%H.%M}")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator("#dagsorden")).to_be_visible()


def call_participants(page: Page) -> int:
    """Call everybody from the meeting's page. Returns how many are chosen."""
    page.get_by_role("link", name="Indkald deltagerne").click()
    number = page.get_by_role("checkbox", checked=True).count()
    page.get_by_role("button", name="Indkald de valgte").click()
    expect(page.get_by_role("button", name="Jeg kommer", exact=True)).to_be_visible()
    return number


def agree(page: Page, who: str, what: str, due: str) -> None:
    """An aftale in one line at the meeting; a day that can be misread is shown and accepted."""
    page.locator("#aftale-who").fill(who)
    page.locator("#aftale-what").fill(what)
    page.locator("#aftale-due").fill(due)
    added, asked = page.locator("#aftaler li", has_text=what), page.get_by_text("Forstået som")
    page.locator("#aftaler").get_by_role("button", name="Tilføj").click()
    expect(added.or_(asked)).to_be_visible()
    if asked.is_visible():
        page.locator("#aftaler").get_by_role("button", name="Tilføj").click()
    expect(added).to_be_visible()


def agree_in_case(page: Page, who: str, what: str, due: str) -> None:
    """The same inside a case."""
    line = page.locator("#aftaler form.line")
    line.get_by_label("Hvem").fill(who)
    line.get_by_label("Gør hvad").fill(what)
    line.get_by_label("Frist").fill(due)
    line.get_by_role("button", name="Tilføj").click()
    added, asked = page.locator("#aftaler li", has_text=what), page.get_by_text("Forstået som")
    expect(added.or_(asked).first).to_be_visible()
    if not added.is_visible():
        page.locator("#aftaler form.line").get_by_role("button", name="Tilføj").click()
    expect(added).to_be_visible()


def give_purpose(page: Page, purpose: str, note: str = "") -> None:
    """Answer the gate in front of a case."""
    heading(page, "Hvorfor åbner du sagen?")
    page.get_by_role("radio", name=purpose).check()
    page.get_by_label("Uddyb").fill(note)
    page.get_by_role("button", name="Åbn sagen").click()


def pdf(page: Page, link: str) -> PdfReader:
    """Fetch the document behind a link of the page, as the one who is logged in."""
    answer = page.request.get(page.get_by_role("link", name=link).first.get_attribute("href") or "")
    assert answer.status == 200 and answer.headers["content-type"] == "application/pdf", answer.status
    assert answer.headers["cache-control"].find("no-store") >= 0
    return PdfReader(io.BytesIO(answer.body()))


def text_of(document: PdfReader) -> str:
    """All its words, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def is_tagged(document: PdfReader) -> bool:
    """Marked content, a structure tree, a language and a title: what a screen reader needs."""
    root = document.root_object
    return bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root and root.get("/Lang", "").startswith("da") and bool(document.metadata and document.metadata.title)


NAME = "(it => (it.getAttribute('aria-label') || it.labels?.[0]?.innerText || it.innerText || '').trim())(document.activeElement)"


def tab_to(page: Page, name: str, most: int = 120, *, is_start: bool = False) -> None:
    """Press Tab until the focus is on what has this name (`is_start`: its first words), with a focus ring that can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(NAME)
        if f"{focused} ".startswith((f"{name} ", f"{name}\n")) if is_start else name in focused:
            ring = page.evaluate("(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none')(getComputedStyle(document.activeElement))")
            assert ring, f"{name} has no visible focus"
            return
    raise AssertionError(f"Tab never reached {name}")
