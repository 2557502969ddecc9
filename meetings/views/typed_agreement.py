"""The agreement that stands in the line of an item when its text is sent: who presses another button than «Add» loses nothing."""

from django.contrib import messages
from django.utils.translation import gettext as _

from access.request import TenantRequest
from meetings import actions
from meetings.agreement_forms import AgreementForm
from meetings.errors import MeetingStateError
from meetings.models import AgendaItem

LINE = ("who", "what", "due")


def add_typed(request: TenantRequest, item: AgendaItem) -> dict[str, AgreementForm]:
    """Add what is typed in the line, as «Add» does. Empty when it is added or nothing was typed, else the form that says what is wrong."""
    if "add" not in request.POST and not any(request.POST.get(name, "").strip() for name in LINE):
        return {}
    form = AgreementForm(request.POST, meeting=item.meeting)
    if not form.is_valid():
        return {"agreement_form": form}
    data = form.cleaned_data
    try:
        actions.add_agreement(item, actor=request.actor, who=data["parties"], what=data["what"], due_on=data["due_on"])
    except MeetingStateError as error:  # a seat has ended meanwhile: the text is saved all the same
        form.add_error("who", str(error))
        return {"agreement_form": form}
    messages.success(request, _("The agreement is added."))
    return {}
