"""Widgets written by a function say the same as Django's templates."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from access.form_renderer import PLAIN, FormRenderer

HOSTILE = '"><script>alert("å")</script>&amp;'
GROUPED = [("", "–"), ("Indskoling", [("1", "Første & anden"), ("2", HOSTILE)]), (3, "Tre")]
WIDGETS = [
    forms.TextInput(attrs={"class": "in-t", "list": HOSTILE, "required": True, "disabled": False}),
    forms.HiddenInput(), forms.NumberInput(attrs={"min": 0, "max": 600}), forms.EmailInput(), forms.PasswordInput(render_value=True),
    forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), forms.CheckboxInput(), forms.Textarea(attrs={"rows": 6}),
    forms.Select(choices=GROUPED), forms.SelectMultiple(choices=GROUPED),
]  # fmt: skip


@pytest.mark.parametrize("value", [None, "", "1", 3, 0, True, HOSTILE, "Æble & øl"])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_widget_is_the_same_as_djangos(widget, value):
    shown = [widget.render("felt", value, attrs={"id": "id_felt"}, renderer=renderer) for renderer in (FormRenderer(), DjangoTemplates())]
    assert shown[0] == shown[1]
    assert "<script>" not in shown[0]


@pytest.mark.parametrize("values", [None, [], ["1"], ["1", HOSTILE, 3]])
def test_hidden_fields_of_one_name_are_the_same_as_djangos(values):
    shown = [forms.MultipleHiddenInput().render("felt", values, attrs={"id": "id_felt"}, renderer=renderer) for renderer in (FormRenderer(), DjangoTemplates())]
    assert shown[0] == shown[1]
    assert shown[0].count("<input") == len(values or [])


def test_each_plain_template_is_one_of_djangos():
    for name in PLAIN:
        assert DjangoTemplates().get_template(name)
