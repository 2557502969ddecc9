"""The form of a kommune's own names."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import Tenant
from municipalities.seen_form import SeenForm
from municipalities.terms import LONGEST, USUAL, Form, Term

MISSING = {
    Form.DEFINITE: _("Write the definite form too, as in “%(usual)s”."),
    Form.PLURAL: _("Write the plural too, as in “%(usual)s”."),
}  # fmt: skip


def key_of(term: Term, form: Form) -> str:
    """Where the word is stored."""
    return f"{term.value}_{form.value}" if form.value else str(term.value)


class TermForm(SeenForm):
    """Each term in each form; empty means the usual name. Cleaned: `terms`."""

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for term in Term:
            for form, usual in zip(Form, USUAL[term], strict=True):
                label = f"{term.label}: {form.label}"
                self.fields[key_of(term, form)] = forms.CharField(
                    label=label, max_length=LONGEST, required=False, initial=tenant.terms.get(key_of(term, form), ""), widget=forms.TextInput(attrs={"placeholder": usual})
                )
        self.open_on(tenant)

    def clean(self) -> dict[str, Any]:
        """A word of one's own needs its other forms too: «SSP-koordinator indkalder» is what a sentence would say without."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        for term in Term:
            word = " ".join(clean.get(term.value, "").split())
            if not word or word.casefold() == str(USUAL[term][0]).casefold():
                continue
            for form, usual in list(zip(Form, USUAL[term], strict=True))[1:]:
                key = key_of(term, form)
                if key not in self.errors and not clean.get(key):
                    self.add_error(key, MISSING[form] % {"usual": usual})
        return clean

    @property
    def rows(self) -> list[tuple[Term, list[tuple[Form, forms.BoundField]]]]:
        """Each term with its fields."""
        return [(term, [(form, self[key_of(term, form)]) for form in Form]) for term in Term]

    @property
    def terms(self) -> dict[str, str]:
        """What was written, one space between the words."""
        return {key: " ".join(text.split()) for key, text in self.cleaned_data.items() if key != "seen"}
