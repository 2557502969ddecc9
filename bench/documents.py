"""Documents: the product's PDF, and WeasyPrint alone on the same HTML."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

from access import exports
from access.context import context_of
from access.policy import visible
from access.roles import Verb
from bench import visitors
from bench.pages import DOCUMENTS, Page
from municipalities.models import Forum
from reports.making import make_report
from reports.models import Report
from reports.periods import ended_half_years

GOAL = 1.2


def measure_documents(rounds: int) -> Iterator[dict[str, Any]]:
    """A row for each document."""
    for page in DOCUMENTS:
        yield _compare(page.name, _request_of(page), rounds)
    yield _compare("report", _report_maker(), min(rounds, len(ended_half_years()) - 1))


def _compare(name: str, make: Callable[[], None], rounds: int) -> dict[str, Any]:
    """Make it, then lay out the very same HTML without us, in turns."""
    with _watched_html() as pages:
        make()  # warm: fonts, templates
        times, bare_times = [], []
        for _round in range(rounds):
            times.append(_seconds(make))
            bare_times.append(_seconds(lambda: _bare(pages[-1])))
    seconds, bare = median(times), median(bare_times)
    return {"name": name, "s": round(seconds, 3), "bare_s": round(bare, 3), "ratio": round(seconds / bare, 2)}


def _request_of(page: Page) -> Callable[[], None]:
    client, address = visitors.product_client(page.user), visitors.address_of(page)
    return lambda: visitors.get(client, address) and None


def _report_maker() -> Callable[[], None]:
    """What the worker does for one order; each time another half-year, for a report is made once."""
    user, actor, half_years = visitors.user_of("konsulent"), visitors.actor("konsulent"), iter(ended_half_years())

    def make() -> None:
        half_year = next(half_years)
        with context_of(actor):
            audience = visible(actor, Verb.VIEW_ORGANISATION, Forum.objects.filter(kind="LOKALRAAD")).get()
            period = {"period_from": half_year.first_day, "period_to": half_year.last_day}
            report = Report.objects.create(tenant_id=audience.tenant_id, forum=audience, audience=audience, ordered_by=user, **period)
        make_report(report.tenant_id, report.ordered_by_id, report.pk)
        with context_of(actor):
            if Report.objects.get(pk=report.pk).status != Report.Status.DONE:
                raise visitors.PageError(f"the report about {half_year.key} was not made")

    return make


@contextmanager
def _watched_html() -> Iterator[list[str]]:
    """Keep what the product hands to WeasyPrint."""
    seen: list[str] = []
    door: Any = exports
    original = door.render_to_string

    def watch(*args: Any, **kwargs: Any) -> str:
        seen.append(str(original(*args, **kwargs)))
        return seen[-1]

    door.render_to_string = watch  # for the length of this block
    try:
        yield seen
    finally:
        door.render_to_string = original


def _bare(html: str) -> None:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFetcher(URLFetcher):  # type: ignore[misc]  # untyped library
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, kind = exports.static_bytes(url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    HTML(string=html, base_url="static:/", url_fetcher=StaticFetcher()).write_pdf(pdf_variant="pdf/ua-1")


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
