"""The front page of the set-up: where each thing of the organisation is changed, and what waits for somebody."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.policy import visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.models import ClassChange
from municipalities.nouns import NOUNS


@require_safe
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def setup(request: TenantRequest) -> HttpResponse:
    """One line for each page of the set-up."""
    pages = [
        {"url": tenant_url(request, "forum_setup_list"), "name": _("Forums and seats"), "said": _("Create and change forums, and decide who sits where.")},
        *({"url": tenant_url(request, f"{noun.key}_list"), "name": noun.title, "said": noun.lead} for noun in NOUNS),
        {"url": tenant_url(request, "matrix_edit"), "name": _("Levels and prevention"), "said": _("What happens on each level, on each band of the prevention model.")},
        {"url": tenant_url(request, "term_list"), "name": _("Names"), "said": _("What this kommune calls its roles and plans, on every page and document.")},
        {"url": tenant_url(request, "holiday_list"), "name": _("School holidays"), "said": _("Days on which no meeting is proposed.")},
        {"url": tenant_url(request, "person_list"), "name": _("People"), "said": _("Invite people, and end what they have here.")},
    ]  # fmt: skip
    waiting = visible(request.actor, Verb.MANAGE_TENANT, ClassChange.objects.filter(status__in=("ASKED", "APPROVED")).select_related("forum", "asked_by"))
    return TemplateResponse(request, "municipalities/setup.html", {"pages": pages, "waiting": waiting})
