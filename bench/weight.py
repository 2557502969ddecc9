"""What a browser fetches for the first page and for the next one, as it travels: compressed files, latin fonts."""

import gzip
import re
from typing import Any

from django.test import Client

from bench import visitors
from bench.pages import FIRST_LOAD, NEXT_PAGE, PAGES, Page

GOALS = {"first_bytes": 120_000, "next_bytes": 15_000}
LINKED = re.compile(r'<(?:link|script)\b[^>]*?(?:href|src)="(/static/[^"]+)"')


def measure_weight() -> dict[str, Any]:
    """Bytes of the first load of Min uge, and of the page after it with the files that are not yet in the cache."""
    named = {page.name: page for page in PAGES}
    fetched: set[str] = set()
    first, following = named[FIRST_LOAD], named[NEXT_PAGE]
    return {"name": first.name, "first_bytes": _load(first, fetched), "next_bytes": _load(following, fetched), "next_name": following.name}


def _load(page: Page, fetched: set[str]) -> int:
    client = visitors.product_client(page.user)
    visitors.prepare(client, page)
    html = visitors.get(client, visitors.address_of(page)).content
    links = [link for link in LINKED.findall(html.decode()) if link not in fetched]
    fetched.update(links)
    return len(gzip.compress(html, 6)) + sum(_file(client, link) for link in dict.fromkeys(links))  # the reverse proxy compresses pages


def _file(client: Client, address: str) -> int:
    response: Any = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    if response.status_code != 200:
        raise visitors.PageError(f"{address} answers {response.status_code}")
    return sum(len(part) for part in response.streaming_content)
