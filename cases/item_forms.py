"""What is chosen for one case of a meeting: the case itself, a guest who is called in, who is disqualified. Nothing is written here."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.models import User
from access.needed import says_what_is_needed
from cases import cpr
from cases.models import Case
from meetings.presenters import OFFERED


@says_what_is_needed(case=_("Choose the case."), minutes=_("Write how many minutes the case takes."))
class AgendaCaseForm(forms.Form):
    """Which open case goes on the agenda, who presents it, and for how long."""

    case = forms.ModelChoiceField(
        label=_("Case"), queryset=Case.objects.none(), to_field_name="public_id", empty_label=None,
        error_messages={"invalid_choice": _("The case is on the agenda already, or no longer open. Choose another.")},
    )  # fmt: skip
    presenter = forms.CharField(label=_("Presenter"), required=False, max_length=120, widget=forms.TextInput(attrs=OFFERED), validators=[refuse_cpr])
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=240, initial=15)

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "sag"})
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]


@says_what_is_needed(email=_("Write the e-mail address."), reason=_("Write why this person is needed."), is_party=_("Only such a guest may be called in. Tick it if it is so."))
class GuestForm(forms.Form):
    """Who is called in to one item, and why. Nobody is listed: the address must be known."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("The person must be a user of the system already."))
    reason = forms.CharField(label=_("Why this person is needed"), max_length=200, help_text=_("Without names. The guest sees it."))
    is_party = forms.BooleanField(label=_("The guest works for an authority, or for a self-governing institution that carries out public tasks (§ 115, stk. 3)"))

    def clean_reason(self) -> str:
        """Without a CPR number: the reason is read by the guest and kept in the log."""
        reason: str = self.cleaned_data["reason"]
        if cpr.is_in(reason):
            raise forms.ValidationError(_("Do not write a CPR number here."))
        return reason

    def clean(self) -> dict[str, Any]:
        """The user behind the address."""
        data: dict[str, Any] = super().clean() or {}
        if email := data.get("email"):
            data["user"] = User.objects.filter(email__iexact=email, is_active=True, is_system=False).first()
            if data["user"] is None:
                self.add_error("email", _("Nobody with this address uses the system. Ask the administrator to create the user first."))
        return data


@says_what_is_needed(user=_("Choose who is disqualified."))
class RecusalForm(forms.Form):
    """Who is kept out of a case. Cleaned: `user`, a User."""

    user = forms.ChoiceField(label=_("Who is disqualified"))

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.public_id: user for user in people}
        self.fields["user"].choices = [("", _("Choose a person")), *((key, user.name) for key, user in self.people.items())]  # type: ignore[attr-defined]  # nobody by a slip

    def clean_user(self) -> User:
        """The person behind the choice."""
        return self.people[self.cleaned_data["user"]]
