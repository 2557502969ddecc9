"""The door out: whatever leaves the house as a file is made into a response here, and written down.

A document with person data is logged by the ticket that read it (action DOCUMENT); a document without is logged here.
"""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Model
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _

from access.actor import Actor
from access.gate import open_ticket
from access.models import LogEntry, Purpose
from access.pdf_tags import finish_tags
from access.request import TenantRequest

WRITTEN_OUT = str.maketrans({"–": "-", "—": "-", "/": "-", "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})  # what a file name would lose otherwise


class ForbiddenAddressError(ValueError):
    """A document asked for something outside our own static files."""


def static_bytes(url: str) -> tuple[bytes, str]:
    """Content and media type of a `static:` address below our static folders; raises ForbiddenAddressError for any other."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    found = finders.find(name) if parts.scheme == "static" and ".." not in name else None
    if not isinstance(found, str):
        raise ForbiddenAddressError(url)
    kind = "font/woff2" if name.endswith(".woff2") else mimetypes.guess_type(name)[0]
    return Path(found).read_bytes(), kind or "application/octet-stream"


def render_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """The PDF of a template."""
    return pdf_of(render_html(template, context))


def render_html(template: str, context: Mapping[str, Any]) -> str:
    """The document before its pages are laid out: whatever it reads, it reads here."""
    return render_to_string(template, {"made_at": timezone.now(), **context})


def pdf_of(html: str) -> bytes:
    """A tagged PDF (PDF/UA-1 requested) of a document. It fetches from our static files alone: no network, no other file.

    WeasyPrint is imported late: without Pango everything but PDF works.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFetcher(URLFetcher):  # type: ignore[misc]  # untyped library
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, kind = static_bytes(url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return HTML(string=html, base_url="static:/", url_fetcher=StaticFetcher()).write_pdf(pdf_variant="pdf/ua-1", finisher=finish_tags)  # type: ignore[no-any-return]  # untyped library


def named_file(name: str, ending: str) -> str:
    """A file name that every system takes: «Mandat § 115-møder» is «mandat-115-moeder.pdf», «2026–2028» keeps its dash."""
    return f"{slugify(name.translate(WRITTEN_OUT))}.{ending}"


def pdf_response(request: TenantRequest, template: str, context: Mapping[str, Any], *, name: str, row: Model) -> HttpResponse:
    """An inline PDF of what this reader may see, logged as a document. `name` becomes the file name: no person data."""
    actor: Actor = request.actor
    note_export(actor, row, LogEntry.Action.DOCUMENT, name)
    return file_response(render_pdf(template, {**context, "actor": actor, "tenant": request.tenant, "reader": request.user}), named_file(name, "pdf"), "application/pdf")


def ics_response(actor: Actor, content: bytes, *, name: str, row: Model) -> HttpResponse:
    """A calendar file: title and time, never an agenda text."""
    note_export(actor, row, LogEntry.Action.EXPORT, name)
    return file_response(content, named_file(name, "ics"), "text/calendar; charset=utf-8")


def feed_response(content: str) -> HttpResponse:
    """A calendar feed, for the one who has its address. Nobody between keeps it; what left is noted by `note_export`, a kommune at a time."""
    response = file_response(content.encode(), "ssp.ics", "text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def download_response(actor: Actor, content: bytes, *, file_name: str, content_type: str, row: Model, as_attachment: bool = False, note: str = "") -> HttpResponse:
    """A stored file, handed out through a checked view and logged. `note` stands in the log in place of a name that people have chosen."""
    note_export(actor, row, LogEntry.Action.EXPORT, note or file_name)
    return file_response(content, file_name, content_type, as_attachment=as_attachment)


def note_export(actor: Actor, row: Model, action: int, name: str) -> None:
    """The log row of something that leaves the house."""
    open_ticket(actor, type(row), [], purpose=Purpose.DOCUMENT, action=action, row=row, note=name)


def file_response(content: bytes, file_name: str, content_type: str, *, as_attachment: bool = False) -> HttpResponse:
    """A response that no browser sniffs, keeps or frames. A PDF of ours is shown; what others have made is only ever saved."""
    response = HttpResponse(content, content_type=content_type)
    saved = as_attachment or content_type != "application/pdf"
    response.headers["Content-Disposition"] = content_disposition_header(saved, file_name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def missing_libraries() -> str:
    """Why PDF is off on this machine, as a sentence for the administrator; empty when all is well."""
    import ctypes

    try:
        for library in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
            ctypes.CDLL(library)
    except OSError:
        return _("PDF export is off: an administrator must run “%(command)s”.") % {"command": settings.SSP_PDF_INSTALL}
    return ""
