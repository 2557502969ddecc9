"""The form of a kommune's own names."""

from typing import Any

from django import forms

from municipalities.models import Tenant
from municipalities.seen_form import SeenForm
from municipalities.terms import LONGEST, USUAL, Form, Term


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

    @property
    def rows(self) -> list[tuple[Term, list[tuple[Form, forms.BoundField]]]]:
        """Each term with its fields."""
        return [(term, [(form, self[key_of(term, form)]) for form in Form]) for term in Term]

    @property
    def terms(self) -> dict[str, str]:
        """What was written, one space between the words."""
        return {key: " ".join(text.split()) for key, text in self.cleaned_data.items() if key != "seen"}
