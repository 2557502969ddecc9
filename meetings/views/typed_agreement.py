"""The agreement that stands in the line of an item: a new one, or one that is corrected. Who presses another button than its own loses nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access.request import TenantRequest
from access.roles import Verb
from access.web import render_page_or_part, requires
from meetings import actions, correcting
from meetings.agreement_forms import AgreementForm
from meetings.errors import MeetingStateError
from meetings.minutes import read_minutes
from meetings.models import AgendaItem
from meetings.views.minutes import at_item, desk, to_item
from meetings.views.refusals import answers_refusals

LINE = ("who", "what", "due")


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def agreement_add(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Agree in one line, or correct what was agreed: who, what, by when. An ambiguous day is asked back before it is saved."""
    meeting, minutes, line = at_item(request, public_id, item_id)
    form = _form(request, line.item)
    if not form.is_valid():
        context = desk(request, minutes, item_id, agreement_form=form)
        return render_page_or_part(request, "meetings/meeting_minutes.html", "meetings/_agreements.html", context, status=422)
    _save(request, line.item, form)
    there = to_item(request, public_id, item_id, "aftaler")
    if not request.headers.get("HX-Request"):
        return there
    context = desk(request, read_minutes(request.actor, meeting), item_id)
    answer = TemplateResponse(request, "meetings/_agreements.html", {**context, "added": True})
    if form.corrected:
        answer.headers["HX-Replace-Url"] = there["Location"].partition("#")[0]  # read anew, the page would open what is closed
    return answer


def add_typed(request: TenantRequest, item: AgendaItem) -> dict[str, AgreementForm]:
    """Save what stands in the line, as its button does. Empty when it is saved or nothing was typed, else the form that says what is wrong."""
    if not {"add", "take_away"} & request.POST.keys() and not any(request.POST.get(name, "").strip() for name in LINE):
        return {}
    form = AgreementForm(request.POST, meeting=item.meeting)
    try:
        if "take_away" in request.POST:
            correcting.take_away_agreement(item, form.corrected, actor=request.actor, seen=form.was_seen)
            messages.success(request, _("The agreement is taken away."))
            return {}
        form = _form(request, item)
        if not form.is_valid():
            return {"agreement_form": form}
        _save(request, item, form)
    except MeetingStateError as error:  # a seat has ended meanwhile, or somebody was first: the text is saved all the same
        form.add_error(None if form.corrected else "who", str(error))
        return {"agreement_form": form}
    if not form.corrected or form.is_another:
        messages.success(request, _("The agreement is corrected.") if form.corrected else _("The agreement is added."))
    return {}


def _form(request: TenantRequest, item: AgendaItem) -> AgreementForm:
    key = request.POST.get("corrects", "")
    return AgreementForm(request.POST, meeting=item.meeting, agreed=correcting.find_to_correct(item, key) if key else None)


def _save(request: TenantRequest, item: AgendaItem, form: AgreementForm) -> None:
    data = form.cleaned_data
    said = {"who": data["parties"], "what": data["what"], "due_on": data["due_on"]}
    if form.corrected:
        correcting.correct_agreement(item, form.corrected, actor=request.actor, seen=data["seen"], **said)
    else:
        actions.add_agreement(item, actor=request.actor, **said)
