"""The aftale that stands in the line of a case: a new one, or one that is corrected. Who presses another button than its own loses nothing."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from access.request import TenantRequest
from cases import agreement_actions, correcting, discussion_actions
from cases.agreement_forms import AgreementForm
from cases.errors import CaseStateError
from cases.models import Case, CaseItem
from cases.views.writing import warn
from municipalities.models import Seat

ALONG = "droeftelse"  # the id of the form of the discussion


def add_typed(request: TenantRequest, link: CaseItem, holders: Iterable[Seat]) -> tuple[dict[str, AgreementForm], int]:
    """Save what is typed in the line, as its button does. Empty when it is saved or nothing was typed, else the form that says what is wrong, and its status."""
    if "take_away" not in request.POST and not AgreementForm(request.POST, seats=holders).is_typed:
        return {}, 0
    form, status = save_line(request, link.case, link, holders)
    return ({"agreement_form": form} if status else {}), status


def save_line(request: TenantRequest, case: Case, link: CaseItem | None, holders: Iterable[Seat]) -> tuple[AgreementForm, int]:
    """Do with the line what its button says. 0 when it is saved; else 422 with what is wrong, or 409 when the case or somebody else is in the way."""
    line: dict[str, Any] = {"seats": holders, "along": ALONG if link else ""}
    form = AgreementForm(request.POST, **line)
    try:
        if link and "take_away" in request.POST:
            correcting.take_away_agreement(link, form.corrected, actor=request.actor, seen=form.was_seen)
            messages.success(request, _("The agreement is taken away."))
            return form, 0
        if link and form.corrected:
            form = AgreementForm(request.POST, **line, agreed=correcting.find_to_correct(link, form.corrected))
        if not form.is_valid():
            return form, 422
        _save(request, case, link, form)
    except CaseStateError as refusal:  # a seat has ended meanwhile, or somebody was first: what was typed comes back
        form.add_error(None if form.corrected else "who", str(refusal))
        return form, 409
    if not form.corrected or form.is_another:
        messages.success(request, _("The agreement is corrected.") if form.corrected else _("The agreement is added."))
    warn(request, form)
    return form, 0


def _save(request: TenantRequest, case: Case, link: CaseItem | None, form: AgreementForm) -> None:
    data = form.cleaned_data
    said = {"who": data["parties"], "what": data["what"], "due_on": data["due_on"]}
    if link is None:
        agreement_actions.add_agreement(case, actor=request.actor, **said)
    elif form.corrected:
        correcting.correct_agreement(link, form.corrected, actor=request.actor, seen=data["seen"], **said)
    else:
        discussion_actions.agree_at_meeting(link, actor=request.actor, **said)
