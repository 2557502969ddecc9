"""A kommune is set up by an operator: choose a preset, fill in, look at what will be made, make it. Outside every kommune."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from access.operators import OperatorRequest, operators_only
from access.tenants import own_tenants
from municipalities.models import Tenant
from municipalities.set_up import EMPTY, FirstPeople, SetUpError, choices, fresh_preset, kommune_presets, ordered_preset, set_up_kommune
from municipalities.set_up_forms import SetUpForm
from municipalities.set_up_preview import preview_of


@require_safe
@operators_only
def choose_preset(request: OperatorRequest) -> HttpResponse:
    """The presets to begin from, and the names of the kommuner that are there already."""
    tenants = Tenant.objects.select_related("parent").order_by("kind", "name")
    own = {tenant.slug for tenant in own_tenants(request.user)}  # where he is somebody, another operator appoints
    return TemplateResponse(request, "municipalities/set_up_choose.html", {"choices": choices(), "empty": EMPTY, "tenants": tenants, "own": own})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def set_up(request: OperatorRequest, preset: str) -> HttpResponse:
    """The form; then the preview, with the form's answers in it; then the kommune is made, with its first administrator."""
    if preset != EMPTY and preset not in kommune_presets():
        raise Http404("no such preset")
    content = fresh_preset(preset)
    form = SetUpForm(request.POST or None, key=preset, preset=content)
    title = content["tenant"]["name"] or _("An empty kommune")
    step = request.POST.get("trin", "")
    if not form.is_valid() or step == "ret":
        is_wrong = form.is_bound and step != "ret"
        return TemplateResponse(request, "municipalities/set_up_form.html", {"form": form, "title": title}, status=422 if is_wrong else 200)
    order = form.cleaned_data["order"]
    if step == "opret":
        try:
            tenant = set_up_kommune(order, by=request.user, first=form.cleaned_data["first"])
        except SetUpError as error:
            form.add_error(None, str(error))
            return TemplateResponse(request, "municipalities/set_up_form.html", {"form": form, "title": title}, status=409)
        messages.success(request, _said(tenant, form.cleaned_data["first"]))
        return redirect("set_up_choose")
    return TemplateResponse(request, "municipalities/set_up_preview.html", {"form": form, "order": order, "preview": preview_of(ordered_preset(order))})


def _said(tenant: Tenant, first: FirstPeople) -> str:
    """Who gets a mail: of a politikreds that is made with the kommune its administrator too, who may be the same."""
    people = (first.administrator, first.dpo, first.kreds_administrator)
    mails = list(dict.fromkeys(person[0] for person in people if person))
    said = ngettext("%(kommune)s is made. %(email)s gets a mail with a link for choosing a password.",
                    "%(kommune)s is made. A mail with a link for choosing a password goes to each of %(email)s.", len(mails))  # fmt: skip
    return said % {"kommune": tenant.name, "email": ", ".join(mails)}
