"""Who is kept out of an item (inhabil), and who lets him in again. For who writes the forum's minutes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.policy import fetch, require
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from meetings import recusal_actions
from meetings.agenda import fetch_meeting, general_items
from meetings.forms import RecusalForm
from meetings.models import AgendaItem, ItemRecusal, Meeting
from meetings.views.refusals import answers_gone, answers_refusals


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.WRITE_MINUTES)
@answers_refusals
@answers_gone
def item_recusal(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Keep a member out of one item of the general part."""
    meeting, item = _item(request, public_id, item_id)
    form = RecusalForm(request.POST if request.method == "POST" else None, item=item)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        recusal_actions.recuse(item, actor=request.actor, user=user)
        messages.success(request, _("%(name)s no longer sees the item.") % {"name": user.name})
        return redirect(_after(request, meeting, item, is_self=user.pk == request.actor.user_id))
    kept_out = ItemRecusal.objects.filter(item=item).select_related("user", "noted_by").order_by("noted_at")
    context = {"meeting": meeting, "item": item, "form": form, "kept_out": kept_out}
    return TemplateResponse(request, "meetings/item_recusal.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
@answers_gone
def item_admit(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Let somebody see the item again."""
    meeting, item = _item(request, public_id, item_id)
    recusal = ItemRecusal.objects.filter(item=item, user__public_id=request.POST.get("user", "")).select_related("item", "user").first()
    if recusal is not None:
        recusal_actions.admit(recusal, actor=request.actor)
        messages.success(request, _("%(name)s sees the item again.") % {"name": recusal.user.name})
    return redirect(_after(request, meeting, item))


def _after(request: TenantRequest, meeting: Meeting, item: AgendaItem, *, is_self: bool = False) -> str:
    if is_self:  # to himself the item is gone
        return tenant_url(request, "meeting_detail", meeting.public_id)
    return tenant_url(request, "item_recusal", meeting.public_id, item.public_id)


def _item(request: TenantRequest, public_id: str, item_id: str) -> tuple[Meeting, AgendaItem]:
    """A general item as who writes the minutes gets it; one who only reads it gets a sentence (403), anybody else 404."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.WRITE_MINUTES, meeting)
    return meeting, fetch(request.actor, Verb.VIEW_AGENDA, general_items(meeting), public_id=item_id)
