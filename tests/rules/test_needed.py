"""A field that is left empty is answered with what to do («Skriv titlen.»), never with Django's terse «Dette felt er påkrævet.»"""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest
from django import forms

ROOT = Path(__file__).resolve().parents[2]
APPS = ("access", "cases", "meetings", "municipalities", "plans", "reports")
TERSE = forms.Field.default_error_messages["required"]
MODULES = sorted(str(path.relative_to(ROOT).with_suffix("")).replace("/", ".") for app in APPS for path in (ROOT / app).glob("*forms.py"))


def forms_of(name):
    """The form classes that a module defines itself."""
    module = importlib.import_module(name)
    return [found for found in vars(module).values() if inspect.isclass(found) and issubclass(found, forms.BaseForm) and found.__module__ == name]


def terse(form):
    """The fields of a form class that a person fills in, and that say nothing of their own."""
    shown = ((name, field) for name, field in form.base_fields.items() if field.required and not field.widget.is_hidden)
    return [f"{form.__name__}.{name}" for name, field in shown if field.error_messages.get("required", TERSE) == TERSE]


def test_the_modules_are_found():
    assert {"meetings.forms", "cases.forms", "plans.forms", "municipalities.seat_forms"} <= set(MODULES) and sum(len(forms_of(name)) for name in MODULES) > 60


def test_a_form_without_a_sentence_would_be_found():
    class Bare(forms.Form):
        title = forms.CharField()
        seen = forms.CharField(widget=forms.HiddenInput)

    assert terse(Bare) == ["Bare.title"]


@pytest.mark.parametrize("name", MODULES)
def test_each_needed_field_says_what_to_do(name):
    assert [found for form in forms_of(name) for found in terse(form)] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_field_that_is_made_for_one_reader_is_not_needed_or_says_what_to_do(name):
    """Those made inside a function, which no class tells of."""
    tree = ast.parse((ROOT / (name.replace(".", "/") + ".py")).read_text())
    inside = (call for part in ast.walk(tree) if isinstance(part, ast.FunctionDef) for call in ast.walk(part) if isinstance(call, ast.Call))
    made = [call for call in inside if ast.unparse(call.func).startswith("forms.") and ast.unparse(call.func).endswith("Field")]
    assert [ast.unparse(call) for call in made if not {"required", "error_messages"} & {given.arg for given in call.keywords}] == []


def test_the_sentences_are_seen_and_not_the_browsers_own():
    """A form that shows our errors leaves the checking to the server: a browser would speak its own language, and say only «fill out this field»."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if not {"account", "mfa"} & set(path.parts):  # pages of allauth
            forms_on = re.findall(r"(<form\b[^>]*>)(.*?)</form>", path.read_text(), re.DOTALL)
            found += [f"{path.name}: {tag}" for tag, body in forms_on if 'method="post"' in tag and "components/fields.html" in body and "novalidate" not in tag]
    assert found == []
