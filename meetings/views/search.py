"""Search over agendas, minutes, decisions and agreements. The search itself stands in the log, with what was looked for."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from access.gate import open_ticket
from access.models import LogEntry, Purpose
from access.request import TenantRequest
from access.roles import Verb
from access.web import requires
from meetings.forms import SearchForm
from meetings.models import AgendaItem
from meetings.search import PER_PAGE, Found, search


@require_safe
@requires(Verb.VIEW_AGENDA)
def search_minutes(request: TenantRequest) -> HttpResponse:
    """What this reader may read of what he looks for, the newest first."""
    form = SearchForm(request.GET or None, actor=request.actor)
    found, is_valid = Found(), form.is_valid()
    if is_valid and form.wanted.words:
        open_ticket(request.actor, AgendaItem, [], purpose=Purpose.SEARCH, action=LogEntry.Action.SEARCH, note=form.wanted.words, route="search_minutes")
        found = search(request.actor, form.wanted, _page_number(request))
    page = Paginator(range(found.total), PER_PAGE).get_page(_page_number(request))  # the numbers alone: the hits are one page already
    query = "&" + urlencode({key: value for key, value in request.GET.items() if key != "page"})
    context = {"form": form, "found": found, "page_obj": page, "query": query, "words": form.wanted.words if is_valid else ""}
    return TemplateResponse(request, "meetings/search.html", context, status=422 if form.is_bound and not is_valid else 200)


def _page_number(request: TenantRequest) -> int:
    asked = request.GET.get("page", "1")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 5
    return max(1, min(int(asked), 1000)) if is_number else 1
