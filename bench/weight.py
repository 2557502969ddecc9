"""What a browser fetches for the first page and for the next one, as it travels: compressed files, and the fonts that its letters need."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

from django.test import Client

from bench import visitors
from bench.pages import FIRST_LOAD, NAMED_LOAD, NEXT_PAGE, PAGES, Page

GOALS = {"first_bytes": 120_000, "next_bytes": 15_000}
LINKED = re.compile(r'<(?:link|script)\b[^>]*?(?:href|src)="(/static/[^"]+)"')
FONT = re.compile(r"""@font-face\{[^}]*?url\(["']?([^)"']+)["']?\)[^}]*?unicode-range:([^;}]+)""")
TAG = re.compile(r"<[^>]+>")


def measure_weight() -> list[dict[str, Any]]:
    """Bytes of the first load of Min uge, and of the page after it with the files that are not yet in the cache.

    Once for somebody with a Danish name, once for somebody whose name has letters from a file of their own.
    """
    named = {page.name: page for page in PAGES}
    return [_measured(page, named[NEXT_PAGE]) for page in (named[FIRST_LOAD], NAMED_LOAD)]


def _measured(first: Page, following: Page) -> dict[str, Any]:
    fetched: set[str] = set()
    return {"name": first.name, "first_bytes": _load(first, fetched), "next_bytes": _load(following, fetched), "next_name": following.name}


def _load(page: Page, fetched: set[str]) -> int:
    client = visitors.product_client(page.user)
    visitors.prepare(client, page)
    html = visitors.get(client, visitors.address_of(page)).content
    links = LINKED.findall(html.decode())
    fonts = [font for link in links if link.endswith(".css") for font in _fonts_for(TAG.sub("", html.decode()), link, client)]
    new = [link for link in dict.fromkeys([*links, *fonts]) if link not in fetched]
    fetched.update(new)
    return len(gzip.compress(html, 6)) + sum(len(_file(client, link, "gzip, br")) for link in new)  # the reverse proxy compresses pages


def _fonts_for(text: str, sheet: str, client: Client) -> Iterator[str]:
    """The addresses of the font files of a style sheet that hold a letter of the text, whichever family it is set in."""
    letters = {ord(letter) for letter in text}
    for address, ranges in FONT.findall(_file(client, sheet, "identity").decode()):
        bounds = [found.strip().removeprefix("U+").split("-") for found in ranges.split(",")]
        if any(int(first, 16) <= letter <= int((last or [first])[0], 16) for first, *last in bounds for letter in letters):
            yield "/static/" + address.rpartition("../")[2]


def _file(client: Client, address: str, encoding: str) -> bytes:
    response: Any = client.get(address, headers={"Accept-Encoding": encoding})
    if response.status_code != 200:
        raise visitors.PageError(f"{address} answers {response.status_code}")
    return b"".join(response.streaming_content)
