"""Who is kept out of a case (inhabil), and who lets him in again. The page shows the number only, so it needs no purpose."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from cases import case_file, opening, recusal_actions
from cases.errors import CaseStateError
from cases.item_forms import RecusalForm
from cases.models import Case, CaseRecusal


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
def case_recusal(request: TenantRequest, public_id: str) -> HttpResponse:
    """Keep a member out of one case: the coordinator or chair anybody, every member himself."""
    case = fetch(request.actor, Verb.WRITE_CASES, Case.objects.select_related("forum"), public_id=public_id)
    may_choose = opening.is_member(request.actor, case, Verb.GRANT_GUEST)
    people = [user for user in case_file.colleagues(case_file.holders(case)) if may_choose or user.pk == request.actor.user_id]
    form = RecusalForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST" and form.is_valid():
        return _recuse(request, case, form)
    kept_out = CaseRecusal.objects.filter(case=case).select_related("user", "noted_by").order_by("noted_at")
    context = {"case": case, "form": form, "kept_out": kept_out, "may_choose": may_choose}
    return TemplateResponse(request, "cases/case_recusal.html", context, status=422 if form.is_bound else 200)


def _recuse(request: TenantRequest, case: Case, form: RecusalForm) -> HttpResponse:
    user = form.cleaned_data["user"]
    try:
        recusal_actions.recuse(case, actor=request.actor, user=user)
    except CaseStateError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s no longer sees the case.") % {"name": user.name})
    is_self = user.pk == request.actor.user_id
    return HttpResponseRedirect(tenant_url(request, "case_list") if is_self else tenant_url(request, "case_recusal", case.public_id))


@require_POST
@opening.watched
@requires(Verb.GRANT_GUEST)
def case_admit(request: TenantRequest, public_id: str) -> HttpResponse:
    """Let somebody into the case again."""
    case = fetch(request.actor, Verb.GRANT_GUEST, Case.objects.select_related("forum"), public_id=public_id)
    recusal = CaseRecusal.objects.filter(case=case, user__public_id=request.POST.get("user", "")).select_related("case", "user").first()
    if recusal is not None:
        recusal_actions.admit(recusal, actor=request.actor)
        messages.success(request, _("%(name)s sees the case again.") % {"name": recusal.user.name})
    return HttpResponseRedirect(tenant_url(request, "case_recusal", public_id))
