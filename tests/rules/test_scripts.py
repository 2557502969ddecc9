"""Each page loads the scripts that what stands on it needs, and no page loads one for nothing."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
NEEDED = {
    "js/writing.js": re.compile(r"data-autosave|data-done|data-save\b"),
    "js/meeting.js": re.compile(r"data-clock|data-drop|data-keys|data-narrow"),
}
INCLUDED = re.compile(r"""{%\s*include\s+["']([^"']+)["']""")
MOST_ON_EVERY_PAGE = 8_000  # bytes of the script that every page loads


def whole(name):
    """A template with what it includes."""
    text = (TEMPLATES / name).read_text()
    return text + "".join(whole(part) for part in INCLUDED.findall(text))


PAGES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if "{% extends" in path.read_text())


@pytest.mark.parametrize("script", NEEDED)
def test_a_page_loads_a_script_when_and_only_when_something_on_it_needs_it(script):
    loads = {page for page in PAGES if script in (TEMPLATES / page).read_text()}
    needs = {page for page in PAGES if NEEDED[script].search(whole(page))}
    assert loads == needs and loads, f"{loads ^ needs}: put {script} into the block more_scripts, or take it out"


def test_what_every_page_loads_is_small():
    size = (TEMPLATES.parent / "static/js/ssp.js").stat().st_size
    assert size <= MOST_ON_EVERY_PAGE, f"ssp.js has {size} bytes: what only some pages use has a file of its own"


@pytest.mark.parametrize("script", sorted(path.name for path in (TEMPLATES.parent / "static/js").glob("*.js")))
def test_no_script_waits_for_what_is_nowhere(script):
    """Every data attribute that a script looks for stands in some template or form."""
    text = (TEMPLATES.parent / "static/js" / script).read_text()
    root = TEMPLATES.parent
    places = [*TEMPLATES.rglob("*.html"), *(path for app in ("access", "meetings", "cases", "plans", "municipalities") for path in (root / app).rglob("*.py"))]
    written = "\n".join(path.read_text() for path in places)
    wanted = set(re.findall(r"\[(data-[a-z-]+)", text))
    assert [name for name in wanted if name not in written] == []
