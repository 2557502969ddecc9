"""Real Chromium in front of the real server: people who log in by one click, and eyes on every page."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.eyes import WIDE, Eyes

expect.set_options(timeout=20_000)


@pytest.fixture
def eyes() -> Iterator[Eyes]:
    """Looks at pages; after the test, every fault it found is told at once."""
    found = Eyes()
    yield found
    assert not found.faults, "\n".join(found.faults)


@pytest.fixture
def visitor(browser: Browser, live_server, eyes: Eyes) -> Iterator[Callable[..., Page]]:
    """`visitor()`: a page of somebody who is not logged in, in a browser profile of his own."""
    opened = []

    def come(**options) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="da-DK", viewport=WIDE, **{"timezone_id": "Europe/Copenhagen", **options})
        context.set_default_timeout(20_000)
        opened.append(context)
        page = context.new_page()
        eyes.follow(page)
        return page

    yield come
    for context in opened:
        context.close()


@pytest.fixture
def enter(visitor: Callable[..., Page]) -> Callable[..., Page]:
    """`enter("Ditte Havmark")`: the page that this invented person comes to after one click on the login page."""

    def log_in(name: str, **options) -> Page:
        page = visitor(**options)
        page.goto("/konto/login/")
        page.get_by_role("button", name=name).click()
        return page

    return log_in
