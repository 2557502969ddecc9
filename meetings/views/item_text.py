"""The text of an item of minutes: saved while one writes or by a button, with the agreement in the line beside it, and what two who write the same item see of each other."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access.dates import clock
from access.policy import require
from access.request import TenantRequest
from access.roles import Verb
from access.web import requires
from meetings import actions, clock_actions
from meetings.agenda import Line, fetch_item
from meetings.differences import differences, merged
from meetings.errors import StaleTextError
from meetings.last_saved import last_saved
from meetings.minutes import Minutes
from meetings.minutes_forms import TextForm
from meetings.views.minutes import at_item, beside, desk, to_item
from meetings.views.refusals import answers_refusals, render_part
from meetings.views.typed_agreement import add_typed


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def item_text(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Save the text of an item: by itself while one writes, or by a button. The rest of the minutes is read when a page is shown."""
    item = fetch_item(request.actor, public_id, item_id)
    require(request.actor, Verb.WRITE_MINUTES, item.meeting)
    asked = {} if request.headers.get("X-Autosave") else add_typed(request, item)
    if "theirs" in request.POST:  # after a conflict: keep what is saved
        return _stay(request, public_id, item_id, asked) if asked else to_item(request, public_id, item_id)
    form = TextForm(_with_kept_version(request), auto_id="punkt-%s")
    if not form.is_valid():
        return _stay(request, public_id, item_id, {**asked, "text_form": form})
    try:
        saved = actions.save_item_text(item, actor=request.actor, **form.cleaned_data)
    except StaleTextError as stale:
        _meeting, minutes, line = at_item(request, public_id, item_id)
        return (_merge if "merge" in request.POST else _conflict)(request, minutes, line, form, stale, **asked)
    if request.headers.get("X-Autosave"):
        answer = JsonResponse({"version": saved.text_version, "saved": _("Saved at %(clock)s") % {"clock": clock(timezone.now())}})
        answer.headers["X-Version"] = str(saved.text_version)
        return answer
    return _stay(request, public_id, item_id, asked) if asked else _after_saving(request, public_id, item_id)


def _stay(request: TenantRequest, public_id: str, item_id: str, forms: dict[str, Any]) -> HttpResponse:
    """The item again, with the forms that say what is wrong; whatever else was sent is saved."""
    return _item_page(request, at_item(request, public_id, item_id)[1], item_id, status=422, **forms)


def _with_kept_version(request: TenantRequest) -> dict[str, Any]:
    """After a conflict «keep mine» names the version that was shown as theirs."""
    data = request.POST.dict()
    return {**data, "version": data["mine"]} if data.get("mine") else data


def _after_saving(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    if "done" not in request.POST:
        messages.success(request, _("Saved at %(clock)s") % {"clock": clock(timezone.now())})
        return to_item(request, public_id, item_id, "aftaler" if {"add", "take_away"} & request.POST.keys() else "")
    _meeting, minutes, line = at_item(request, public_id, item_id)
    following = beside(minutes, line, 1)
    actions.finish_item(line.item, actor=request.actor)
    _go_on(request, line, following)
    return to_item(request, public_id, (following or line).item.public_id)


def _go_on(request: TenantRequest, line: Line, following: Line | None) -> None:
    """The clock goes on with the meeting: whoever lets it run has it moved to the next item."""
    if not line.item.is_running:
        return
    if following is None:
        clock_actions.stop_item(line.item, actor=request.actor)
    else:
        clock_actions.start_item(following.item, actor=request.actor)


def _conflict(request: TenantRequest, minutes: Minutes, line: Line, form: TextForm, stale: StaleTextError, **asked: Any) -> HttpResponse:
    mine = form.cleaned_data
    conflict = {"text": differences(stale.text, mine["text"]), "decision": differences(stale.decision, mine["decision"]), "version": stale.version}
    return _item_page(request, minutes, line.item.public_id, status=409, text_form=form, conflict=conflict, who=_who(request, stale), **asked)


def _merge(request: TenantRequest, minutes: Minutes, line: Line, form: TextForm, stale: StaleTextError, **asked: Any) -> HttpResponse:
    """Both texts in one field, to be put right and saved. Nothing is saved by it."""
    mine = form.cleaned_data
    both = {"text": merged(stale.text, mine["text"]), "decision": merged(stale.decision, mine["decision"]), "version": stale.version}
    return _item_page(request, minutes, line.item.public_id, status=200, text_form=TextForm(initial=both, auto_id="punkt-%s"), merging=True, who=_who(request, stale), **asked)


def _who(request: TenantRequest, stale: StaleTextError) -> str:
    return last_saved(stale.saved_by, stale.saved_at, request.actor)


def _item_page(request: TenantRequest, minutes: Minutes, item_id: str, *, status: int, **forms: Any) -> HttpResponse:
    context = desk(request, minutes, item_id, **forms)
    if request.headers.get("X-Autosave"):
        return render_part(request, "meetings/_conflict.html", context, status=status)
    return TemplateResponse(request, "meetings/meeting_minutes.html", context, status=status)
