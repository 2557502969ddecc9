"""Fields of a form that only some answers need: neither «optional» nor «required» would be true, so their label says when."""

from django.forms import BaseForm
from django.utils.functional import Promise


def say_when_needed(form: BaseForm, **words: str | Promise) -> None:
    """Give fields their words, by name: «needed when it is moved». The form itself still asks for them; `components/field.html` shows the words."""
    for name, said in words.items():
        form.fields[name].needed_when = said  # type: ignore[attr-defined]  # read by the template
