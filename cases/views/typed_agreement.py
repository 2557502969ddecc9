"""The aftale that stands in the line of a case when its discussion is sent: who presses another button than «Add» loses nothing."""

from collections.abc import Iterable

from django.contrib import messages
from django.utils.translation import gettext as _

from access.request import TenantRequest
from cases import discussion_actions
from cases.agreement_forms import AgreementForm
from cases.errors import CaseStateError
from cases.models import CaseItem
from cases.views.writing import warn
from municipalities.models import Seat

ALONG = "droeftelse"  # the id of the form of the discussion


def add_typed(request: TenantRequest, link: CaseItem, holders: Iterable[Seat]) -> dict[str, AgreementForm]:
    """Add what is typed in the line, as «Add» does. Empty when it is added or nothing was typed, else the form that says what is wrong."""
    form = AgreementForm(request.POST, seats=holders, along=ALONG)
    if not form.is_typed:
        return {}
    if not form.is_valid():
        return {"agreement_form": form}
    try:
        data = form.cleaned_data
        discussion_actions.agree_at_meeting(link, actor=request.actor, who=data["parties"], what=data["what"], due_on=data["due_on"])
    except CaseStateError as refusal:  # a seat has ended meanwhile: the text is saved all the same
        form.add_error("who", str(refusal))
        return {"agreement_form": form}
    messages.success(request, _("The agreement is added."))
    warn(request, form)
    return {}
