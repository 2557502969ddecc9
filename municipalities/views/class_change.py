"""What a forum may handle: choosing another class, seeing who gains or loses, and the second person's answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.actor import Actor
from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import door, in_menu, requires, tenant_url
from municipalities.class_change_actions import (
    approve_class_change,
    ask_class_change,
    carry_out,
    lower_class,
    refuse_class_change,
    refuse_impossible,
    withdraw_class_change,
)
from municipalities.class_changes import effects, is_raise, may_decide
from municipalities.errors import SetupError, StaleError
from municipalities.forum_forms import ClassForm
from municipalities.models import ClassChange, Forum
from municipalities.versions import fingerprint

DEEDS: dict[str, Callable[..., ClassChange]] = {"godkend": approve_class_change, "afvis": refuse_class_change, "traek": withdraw_class_change, "udfoer": carry_out}


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def forum_class(request: TenantRequest, forum_id: str) -> HttpResponse:
    """Choose; see who would gain and who would lose; then lower it, or ask for it to be raised."""
    forum = fetch(request.actor, Verb.MANAGE_TENANT, Forum.objects.select_related("level"), public_id=forum_id)
    form = ClassForm(request.POST if request.method == "POST" else None, forum=forum, terms=request.tenant.terms)
    context: dict[str, Any] = {"form": form, "forum": forum, "waiting": forum.class_changes.filter(status__in=("ASKED", "APPROVED")).first()}
    if not form.is_bound:
        return TemplateResponse(request, "municipalities/forum_class.html", context)
    if not form.is_valid():
        return TemplateResponse(request, "municipalities/forum_class.html", context, status=422)
    try:
        done = _choose(request, forum, form, context)
    except SetupError as error:
        form.add_error(None, str(error))
        if isinstance(error, StaleError):
            form.stand_on(fingerprint(Forum.objects.get(pk=forum.pk)))
        return TemplateResponse(request, "municipalities/forum_class.html", context, status=409)
    return done or TemplateResponse(request, "municipalities/forum_class.html", context, status=422 if form.errors else 200)


def _choose(request: TenantRequest, forum: Forum, form: ClassForm, context: dict[str, Any]) -> HttpResponse | None:
    """The answer to the button; None to show what would happen. Raises SetupError."""
    kind, ceiling, reason = (form.cleaned_data[name] for name in ("kind", "ceiling", "reason"))
    refuse_impossible(forum, kind, ceiling)
    raises = is_raise(forum, kind, ceiling)
    context |= {"raises": raises, "effects": effects(forum, kind, ceiling), "shown": True}
    if request.POST.get("gem") is None:
        return None
    if not raises:
        lower_class(forum, actor=request.actor, kind=kind, ceiling=ceiling, seen=form.version)
        messages.success(request, _("%(forum)s is changed. Who has lost access sees no more of it from the next click on.") % {"forum": forum})
        return redirect(tenant_url(request, "forum_setup", forum.public_id))
    if not reason:
        form.add_error("reason", _("Write why. Whoever approves it reads this."))
        return None
    change = ask_class_change(forum, actor=request.actor, kind=kind, ceiling=ceiling, reason=reason, seen=form.version)
    messages.success(request, _("It is asked for. Nothing changes until a second person has approved it."))
    return redirect(tenant_url(request, "class_change", change.public_id))


def _change(actor: Actor, change_id: str) -> Any:
    """The wish, for an administrator or a second person; Http404 for others."""
    rows = ClassChange.objects.select_related("forum", "asked_by", "decided_by").filter(tenant_id=actor.tenant_id)
    change = rows.filter(public_id=change_id).first()
    manages = Verb.MANAGE_TENANT in actor.tenant_verbs
    if change is None or not (manages or may_decide(actor, change.asked_by_id)):
        raise Http404("no such row for this actor")
    return change


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT, Verb.SIGN_ACCESS)
@door(_change)
def class_change(request: TenantRequest, change_id: str) -> HttpResponse:
    """One wish: who asked, why, who would gain access to what; and the buttons of whoever may decide."""
    change = _change(request.actor, change_id)
    status, refused = 200, ""
    deed = DEEDS.get(request.POST.get("svar", "")) if request.method == "POST" else None
    if deed is not None:
        try:
            done = deed(change, actor=request.actor)
        except SetupError as error:
            status, refused = 409, str(error)
        else:
            messages.success(request, _said(done))
            return redirect(tenant_url(request, "class_change", change_id))
    elif request.method == "POST":
        status, refused = 422, _("Choose one of the buttons.")
    manages = Verb.MANAGE_TENANT in request.actor.tenant_verbs
    context = {
        "change": change, "refused": refused, "manages": manages, "may_decide": change.status == "ASKED" and may_decide(request.actor, change.asked_by_id),
        "effects": effects(change.forum, change.to_kind, change.to_class) if change.is_open else [],
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/class_change.html", context, status=status)


def _said(change: ClassChange) -> str:
    match change.status:
        case ClassChange.Status.APPROVED:
            return _("You have approved it. It holds as soon as an administrator has carried it out.")
        case ClassChange.Status.DONE:
            return _("%(forum)s is changed. Who has got more access has it from the next click on.") % {"forum": change.forum}
        case ClassChange.Status.REFUSED:
            return _("You have refused it. %(forum)s is as it was.") % {"forum": change.forum}
    return _("The wish is withdrawn. %(forum)s is as it was.") % {"forum": change.forum}
