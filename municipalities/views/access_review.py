"""Pages of the access review: of one forum, of the kommune, and a list that was signed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.access_review import access_list, fingerprint, may_read, nobody_signs, state_of, states, to_sign
from municipalities.access_review_actions import ReviewRefusedError, ask_for_ending, settle_ending, sign_review
from municipalities.models import AccessReview, Forum, Seat, SeatEnding
from municipalities.people import call_by_invited_name
from municipalities.people_forms import EndingForm, SignForm


@require_safe
@in_menu("access_reviews")
@requires(Verb.MANAGE_TENANT, Verb.VIEW_AUDIT)
def access_reviews(request: TenantRequest) -> HttpResponse:
    """Every forum and where its review stands, overdue first; for the administrator also the seats that chairs want ended."""
    found = states(Forum.objects.filter(tenant_id=request.tenant.id).in_order())
    readable = {state.forum.pk for state in found if may_read(request.actor, state.forum)}
    own = set(to_sign(request.actor).values_list("pk", flat=True))
    context = {"own": own, "late": [state for state in found if state.is_overdue], "others": [state for state in found if not state.is_overdue], "readable": readable}
    return TemplateResponse(request, "municipalities/access_reviews.html", {**context, "endings": _endings(request)})


def _endings(request: TenantRequest) -> list[SeatEnding]:
    if not request.actor.holds(Verb.MANAGE_TENANT):
        return []
    rows = SeatEnding.objects.filter(tenant_id=request.tenant.id, settled_at=None)
    found = list(rows.select_related("forum", "asked_by", "seat__user", "seat__organisation").order_by("asked_at"))
    call_by_invited_name(request.tenant.id, [ending.seat for ending in found])
    return found


@require_POST
@requires(Verb.MANAGE_TENANT)
def seat_ending_settle(request: TenantRequest, ending_id: str) -> HttpResponse:
    """End the marked seat, or let it stand."""
    ending = fetch(request.actor, Verb.MANAGE_TENANT, SeatEnding.objects.all(), public_id=ending_id)
    end = request.POST.get("end") == "1"
    try:
        settle_ending(ending, actor=request.actor, end=end)
    except ReviewRefusedError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The seat has ended. Access ended with it.") if end else _("The seat stands."))
    return redirect(tenant_url(request, "access_reviews"))


def _forum(request: TenantRequest, public_id: str) -> Forum:
    forum = Forum.objects.filter(tenant_id=request.tenant.id, public_id=public_id).select_related("level").first()
    if forum is None or not may_read(request.actor, forum):
        raise Http404("no such list for this actor")
    return forum


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def forum_access(request: TenantRequest, public_id: str) -> HttpResponse:
    """Who may see what in the forum now; the chair signs it here."""
    forum = _forum(request, public_id)
    if request.method != "POST":
        return _page(request, forum, SignForm())
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, forum, form, status=422)
    try:
        sign_review(forum, actor=request.actor, seen=form.cleaned_data["seen"], remark=form.cleaned_data["remark"])
    except ReviewRefusedError as error:
        form.add_error(None, str(error))
        return _page(request, forum, form, status=409)
    messages.success(request, _("The review is signed. The list is kept as it was."))
    return redirect(tenant_url(request, "forum_access", public_id))


def _page(request: TenantRequest, forum: Forum, form: SignForm, *, status: int = 200, refused: str = "") -> TemplateResponse:
    lines, signs = access_list(forum), to_sign(request.actor).filter(pk=forum.pk).exists()
    marks = signs and forum.pk in request.actor.forums_with(Verb.SIGN_ACCESS)  # the data protection officer signs, and asks for nothing
    marked = set(SeatEnding.objects.filter(forum=forum, settled_at=None).values_list("seat_id", flat=True)) if marks else set()
    context: dict[str, Any] = {
        "forum": forum, "lines": lines, "seen": fingerprint(lines), "form": form, "signs": signs, "marks": marks, "marked": marked, "state": state_of(forum), "refused": refused,
        "nobody_signs": not signs and nobody_signs(forum), "appoints": request.actor.holds(Verb.MANAGE_TENANT),
        "earlier": AccessReview.objects.filter(forum=forum).select_related("signed_by").defer("content").order_by("-half_year"),
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/forum_access.html", context, status=status)


@require_POST
@requires(Verb.SIGN_ACCESS)
def forum_access_mark(request: TenantRequest, public_id: str) -> HttpResponse:
    """The chair marks a member for ending."""
    forum, form = _forum(request, public_id), EndingForm(request.POST)
    if not form.is_valid():
        return _page(request, forum, SignForm(), status=422, refused=" ".join(str(error) for errors in form.errors.values() for error in errors))
    rows = Seat.objects.current().filter(forum=forum, user__isnull=False).select_related("forum", "tenant", "user")
    seat = get_object_or_404(rows, pk=form.cleaned_data["seat"])
    ask_for_ending(seat, actor=request.actor, reason=form.cleaned_data["reason"])
    messages.success(request, _("The administrator is asked to end the seat of %(name)s. Until then access is as it was.") % {"name": seat.user})
    return redirect(tenant_url(request, "forum_access", public_id))


@require_safe
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def forum_access_signed(request: TenantRequest, public_id: str, review_id: str) -> HttpResponse:
    """A list as it was when it was signed."""
    forum = _forum(request, public_id)
    review = get_object_or_404(AccessReview.objects.select_related("signed_by"), forum=forum, public_id=review_id)
    return TemplateResponse(request, "municipalities/forum_access_signed.html", {"forum": forum, "review": review})
