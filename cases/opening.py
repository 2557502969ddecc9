"""How a case is opened: a purpose is asked for once, lasts for that case until 20 idle minutes, and each page writes one log row.

The session holds {case's public id: [purpose, note, opened, last used]}: no person data. Logging out clears it.
A page is shown only while the purpose is fresh. A form that was opened in time may still be saved afterwards: what was
typed is not thrown away, and the next page asks again. After a new login the session knows no answer, and where the form
cannot be saved the case would be shown with it: then it is asked for together with what was typed, and the saving writes
the row of the new answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from access import gate
from access.actor import Actor
from access.cpr import NUMBER
from access.kept import kept
from access.models import LogEntry, Purpose
from access.policy import among
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from cases.forms import PurposeForm
from cases.models import Case

IDLE = timedelta(minutes=20)
SESSION_LIFE = timedelta(hours=8)
RENEWED = timedelta(seconds=30)  # not one write of the session for every click
SESSION_KEY = "case_purposes"
ALONG = "formaal"  # before the names of the gate's own fields, where they come with a form
PURPOSE_HEADER = "X-Purpose"  # read by static/js: nothing is saved, and here the purpose can be given
NOT_SAVED = (409, 422)  # what a page answers that shows the form again, with the case round it
Action = LogEntry.Action


@dataclass(frozen=True)
class Asked:
    """The answer somebody gave to why he opens a case."""

    purpose: Purpose
    note: str
    opened_at: datetime
    used_at: datetime

    @property
    def is_fresh(self) -> bool:
        """True while the case may be shown without asking again."""
        return timezone.now() - self.used_at < IDLE


def asked(request: TenantRequest, public_id: str) -> Asked | None:
    """What was answered for this case in this session, fresh or not."""
    found = request.session.get(SESSION_KEY, {}).get(public_id)
    if found is None:
        return None
    purpose, note, opened, used = found
    return Asked(Purpose(purpose), note, datetime.fromtimestamp(opened, UTC), datetime.fromtimestamp(used, UTC))


def remember(request: TenantRequest, public_id: str, purpose: Purpose, note: str = "") -> Asked:
    """Keep the answer for this case from now on; answers of cases left hours ago are dropped."""
    now = timezone.now()
    kept = {key: value for key, value in request.session.get(SESSION_KEY, {}).items() if now.timestamp() - value[3] < SESSION_LIFE.total_seconds()}
    request.session[SESSION_KEY] = {**kept, public_id: [purpose.value, note, now.timestamp(), now.timestamp()]}
    return Asked(purpose, note, now, now)


def forget(request: TenantRequest, public_id: str) -> None:
    """Leave the case: the next look asks for a purpose again."""
    kept = dict(request.session.get(SESSION_KEY, {}))
    if kept.pop(public_id, None) is not None:
        request.session[SESSION_KEY] = kept


def _renew(request: TenantRequest, public_id: str) -> None:
    request.session[SESSION_KEY][public_id][3] = timezone.now().timestamp()
    request.session.modified = True


type Plain = Callable[..., HttpResponse]
type CaseView[**P] = Callable[Concatenate[TenantRequest, Case, P], HttpResponse]


@kept  # every page of a case begins with it
def _asked_for(tenant: Any, public_id: Any) -> QuerySet[Case]:
    return Case.objects.filter(tenant_id=tenant, public_id=public_id).select_related("forum", "opened_by").order_by()


def behind_gate[**P](*, verb: Verb = Verb.VIEW_CASES, action: int = Action.VIEW, guests: bool = False) -> Callable[[CaseView[P]], Plain]:
    """Decorator: give the view an opened case (its ticket stands in the log), or lead to the purpose gate first.

    Without `guests` only seats in the case's forum count, never an ad hoc grant. Unseen is 404.
    """

    def mark(view: CaseView[P]) -> Plain:
        @wraps(view)
        def checked(request: TenantRequest, public_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            rows = _asked_for(request.actor.tenant_id, public_id) if "\x00" not in public_id else []
            if not guests:
                rows = [case for case in rows if case.forum_id in request.actor.forums_with(verb)]
            answer = asked(request, public_id)
            is_plain_write = request.method == "POST" and action == Action.VIEW
            if is_plain_write and not (answer and answer.is_fresh) and among(request.actor, verb, rows):
                answer = _given_with_it(request, public_id) or answer
            if answer is None or not (answer.is_fresh or is_plain_write):
                if not among(request.actor, verb, rows):
                    raise Http404("no such case for this actor")
                return _to_gate(request, public_id, rows if is_plain_write else ())
            cases = gate.reveal(request.actor, verb, rows, purpose=answer.purpose, action=action, note=answer.note, route=_route(request))
            if not cases:
                raise Http404("no such case for this actor")
            if answer.is_fresh and timezone.now() - answer.used_at > RENEWED:
                _renew(request, public_id)
            response = view(request, cases[0], *args, **kwargs)
            if not answer.is_fresh and response.status_code in NOT_SAVED:  # it would show the case
                return _to_gate(request, public_id, rows)
            return response

        return checked

    return mark


def watched[**P](view: Callable[Concatenate[TenantRequest, P], HttpResponse]) -> Callable[Concatenate[TenantRequest, P], HttpResponse]:
    """Decorator, outside `@requires`: who asks for what he may not see gets a plain 404, and it is written down."""

    @wraps(view)
    def checked(request: TenantRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            gate.note_denied(request.actor, Case, str(kwargs.get("public_id", "")), route=_route(request))
            raise

    return checked  # type: ignore[return-value]  # functools.wraps loses what P is


def is_member(actor: Actor, row: Any, verb: Verb = Verb.VIEW_CASES) -> bool:
    """True when a seat gives the verb in the row's forum; a guest's grant does not count."""
    return row.tenant_id == actor.tenant_id and row.forum_id in actor.forums_with(verb)


def _to_gate(request: TenantRequest, public_id: str, rows: Any) -> HttpResponse:
    """The question first. `rows`: the case, when something is written in it."""
    url = tenant_url(request, "case_purpose", public_id)
    if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):  # a redirect would look like a save: the page says where to answer
        return HttpResponse(status=422, headers={PURPOSE_HEADER: url})
    if rows and not request.FILES:  # after a new login: nothing of what was written is thrown away
        return _ask_with_it(request, rows)
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    return HttpResponseRedirect(f"{url}?{urlencode(back)}" if back else url)


def _ask_with_it(request: TenantRequest, rows: Any) -> HttpResponse:
    """The question of the gate, with what was written in the form's hidden fields: the answer and the writing come together. A CPR number is asked for again."""
    form = PurposeForm(request.POST if f"{ALONG}-purpose" in request.POST else None, prefix=ALONG)
    names = [name for name in request.POST if name not in ("csrfmiddlewaretoken", NUMBER) and not name.startswith(f"{ALONG}-")]
    context: dict[str, Any] = {
        "case": next(iter(rows)), "form": form, "here": request.get_full_path(), "number": NUMBER if request.POST.get(NUMBER) else "",
        "kept": [(name, value) for name in names for value in request.POST.getlist(name)],
    }  # fmt: skip
    return TemplateResponse(request, "cases/case_purpose_along.html", context, status=409)


def _given_with_it(request: TenantRequest, public_id: str) -> Asked | None:
    """The answer that came together with what was written, kept for this session."""
    form = PurposeForm(request.POST, prefix=ALONG)
    return remember(request, public_id, Purpose(form.cleaned_data["purpose"]), form.cleaned_data["note"]) if form.is_valid() else None


def _route(request: TenantRequest) -> str:
    return (request.resolver_match.url_name or "") if request.resolver_match else ""
