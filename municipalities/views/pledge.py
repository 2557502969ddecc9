"""The page of the pledge of confidentiality."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from access.request import TenantRequest
from access.web import open_to_members, tenant_url
from municipalities.models import PLEDGE_VERSION
from municipalities.people_forms import PledgeForm
from municipalities.pledges import accept_pledge, pledge_of


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_members
def pledge(request: TenantRequest) -> HttpResponse:
    """The text, one checkbox, one button, and back to where he wanted to go. Who has accepted sees when."""
    owes = request.actor.owes_pledge
    form = PledgeForm(request.POST if request.method == "POST" and owes else None)
    target = _target(request)
    if form.is_bound and form.is_valid():
        accept_pledge(request.actor)
        return redirect(target)
    context = {"form": form, "owes": owes, "given": None if owes else pledge_of(request.actor), "target": target, "text": f"municipalities/pledges/{PLEDGE_VERSION}.html"}
    return TemplateResponse(request, "municipalities/pledge.html", context, status=422 if form.is_bound else 200)


def _target(request: TenantRequest) -> str:
    """Where he wanted to go, if that is a page of this kommune; else Min uge."""
    asked, home = request.POST.get("next") or request.GET.get("next", ""), tenant_url(request, "week")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()) and asked.startswith(home)
    return asked if is_ours else home
