"""The eyes of the walk find what they are there to find: a check that sees nothing would let every page pass."""

import pytest

from tests.browser.eyes import SCREENSHOTS, Eyes


@pytest.fixture
def looked_at(browser):
    """`looked_at(html)`: the faults of such a page, as one text."""

    def look(body):
        page, found = browser.new_page(), Eyes()
        found.follow(page)
        page.set_content(f"<!doctype html><html lang=da><title>Prøve</title><main><h1>Prøve</h1>{body}</main></html>")
        found.look(page, "proeve")
        page.close()
        for picture in SCREENSHOTS.glob("proeve-*.png"):
            picture.unlink()
        return "\n".join(found.faults)

    return look


def test_a_page_without_faults_has_none(looked_at):
    assert looked_at("<p>Alt er godt.</p>") == ""


def test_what_axe_finds_is_told_at_both_widths(looked_at):
    faults = looked_at("<input>")
    assert "proeve at 360 px: label" in faults and "proeve at 1440 px: label" in faults


def test_a_page_wider_than_a_telephone_is_told(looked_at):
    faults = looked_at("<div style='width:700px'>bred</div>")
    assert "at 360 px: " in faults and "wider than the screen" in faults and "at 1440 px" not in faults


def test_a_failing_script_and_what_the_content_policy_stops_are_told(looked_at):
    policy = "<meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\">"
    faults = looked_at(f"{policy}<p style='color:red'>rød</p><script>missing()</script>")
    assert "missing is not defined" in faults and "Content Security Policy" in faults
