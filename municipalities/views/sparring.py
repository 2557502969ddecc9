"""The sparring door: the page every member sees, the request to be called back, and its set-up."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from access.cpr import refuse_cpr
from access.models import User
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities import sparring
from municipalities.models import SparringDoor
from municipalities.people import as_invited, invited_names
from municipalities.rights import people_of

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
FIELDS = ("title", "phone", "mail", "hours", "text", "steps", "holder")


class CallForm(forms.Form):
    """How and when to reach the asker. Nothing about anybody else."""

    how = forms.CharField(label=gettext_lazy("How can you be reached?"), max_length=80, validators=[refuse_cpr], help_text=gettext_lazy("Your telephone number or e-mail address."))
    when = forms.CharField(label=gettext_lazy("When does it suit you?"), max_length=80, validators=[refuse_cpr], help_text=gettext_lazy("For example: tomorrow between 10 and 12."))


class DoorForm(forms.Form):
    """What the door says."""

    title = forms.CharField(label=gettext_lazy("Name of the door"), max_length=100)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False)
    mail = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    hours = forms.CharField(label=gettext_lazy("Open"), max_length=120, required=False)
    text = forms.CharField(label=gettext_lazy("What it is for"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}), validators=[refuse_cpr])
    steps = forms.CharField(
        label=gettext_lazy("What to do with a concern"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One line for each step."),
        validators=[refuse_cpr],
    )
    holder = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who answers requests"), required=False, to_field_name="public_id", empty_label=gettext_lazy("nobody"),
        help_text=gettext_lazy("Gets a mail when somebody asks to be called back."),
    )  # fmt: skip

    def __init__(self, data: Any, *, tenant_id: int, door: SparringDoor | None) -> None:
        initial: dict[str, Any] = {name: getattr(door, name) for name in FIELDS} if door else {}
        if door and door.holder:
            initial["holder"] = door.holder.public_id
        super().__init__(data, initial=initial)
        field: Any = self.fields["holder"]
        field.queryset = people_of(tenant_id).filter(is_active=True, is_system=False).order_by("first_name", "last_name")
        names = invited_names(tenant_id)
        field.label_from_instance = lambda user: names.get(user.pk) or user.name

    def clean(self) -> dict[str, Any]:
        """A door needs a way in."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not (data.get("phone") or data.get("mail") or data.get("holder")):
            self.add_error("phone", _("Write a telephone number or an e-mail address, or choose who answers."))
        return data


@GET_AND_POST
@in_menu("sparring")
@requires(Verb.VIEW_ORGANISATION)
def sparring_page(request: TenantRequest) -> HttpResponse:
    """Whom to go to with a concern, what to do with it, and «Bed om at blive ringet op»."""
    door = sparring.door_of(request.actor)
    if door is None:
        if request.actor.holds(Verb.MANAGE_TENANT):
            return redirect(tenant_url(request, "sparring_edit"))
        raise Http404("the kommune has no door")
    form = CallForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            sparring.ask_for_call(actor=request.actor, **form.cleaned_data)
        except sparring.NobodyAnswersError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("Your request is sent. You see below when it has been answered."))
            return redirect(tenant_url(request, "sparring"))
    may_edit = request.actor.holds(Verb.MANAGE_TENANT)
    if may_edit and door.holder:
        as_invited(request.tenant.id, [door.holder])
    context = {
        "door": door, "form": form, "own": sparring.own_requests(request.actor), "to_answer": sparring.to_answer(request.actor),
        "may_edit": may_edit,
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/sparring.html", context, status=status)


@require_POST
@in_menu("sparring")
@requires(Verb.VIEW_ORGANISATION)
def sparring_answered(request: TenantRequest, call_id: str) -> HttpResponse:
    """Whoever answers has called back."""
    sparring.mark_answered(call_id, actor=request.actor)
    messages.success(request, _("Marked as answered."))
    return redirect(tenant_url(request, "sparring"))


@GET_AND_POST
@in_menu("sparring")
@requires(Verb.MANAGE_TENANT)
def sparring_edit(request: TenantRequest) -> HttpResponse:
    """Set the door up."""
    door = sparring.door_of(request.actor)
    form = DoorForm(request.POST if request.method == "POST" else None, tenant_id=request.tenant.id, door=door)
    if form.is_valid():
        sparring.save_door(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The sparring door is saved. It stands in the menu of every member."))
        return redirect(tenant_url(request, "sparring"))
    return TemplateResponse(request, "municipalities/sparring_edit.html", {"form": form, "door": door}, status=422 if form.is_bound else 200)
