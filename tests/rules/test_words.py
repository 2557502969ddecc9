"""Words: every enum value stands in the glossary, every text in Danish."""

import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from access import models as access_models
from access import roles

ROOT = Path(__file__).parent.parent.parent
OURS = ("access", "municipalities", "meetings", "cases", "plans", "reports")


def enums():
    for module in (roles, access_models, *(apps.get_app_config(app).models_module for app in OURS)):
        for owner in [module, *(found for _, found in inspect.getmembers(module, inspect.isclass) if f"{found.__module__}.".startswith(f"{module.__name__}."))]:
            for _, enum in inspect.getmembers(owner, inspect.isclass):
                if issubclass(enum, models.Choices) and enum.__module__.split(".")[0] in OURS and list(enum):
                    yield enum


@pytest.mark.parametrize("enum", sorted({enum for enum in enums() if enum is not roles.Verb}, key=lambda enum: enum.__qualname__), ids=lambda enum: enum.__qualname__)
def test_every_value_stands_in_the_glossary(enum):
    glossary = (ROOT / "docs/glossary.md").read_text()
    missing = [value.name for value in enum if f"`{value.name}`" not in glossary]
    assert missing == [], f"Explain {enum.__qualname__} in docs/glossary.md"


def test_every_text_is_translated_and_compiled():
    from ssp import messages_catalog

    assert list(messages_catalog.problems(ROOT, messages_catalog.merge(ROOT))) == [], "Run script/messages and translate what it lists"


def test_our_texts_take_no_month_or_weekday_from_django():
    """«May» of a heading once made every date in May «1. Må»: our catalogue stands before Django's."""
    from django.utils import translation
    from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP, WEEKDAYS, WEEKDAYS_ABBR

    ours = (ROOT / "locale/da/LC_MESSAGES/django.po").read_text()
    with translation.override("da"):
        assert str(MONTHS[5]) == "maj"
    with translation.override("en"):
        names = {str(name) for names in (MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP, WEEKDAYS, WEEKDAYS_ABBR) for name in names.values()}
    assert [name for name in names if f'\nmsgid "{name}"\n' in ours] == []


def test_an_hour_is_said_in_one_way():
    """«kl. 9.30» as `access.dates.clock` says it, in a mail, on a page and in a file: no zero in front, and no colon. What a form's field takes is not said."""
    ours = (ROOT / "locale/da/LC_MESSAGES/django.po").read_text()
    assert [line for line in ours.splitlines() if re.match(r'msgstr.*(?:\bH[.:]i|G:i)', line)] == [], "write G.i, as the other texts do"
    apps = [path for app in ("access", "municipalities", "meetings", "cases", "plans", "reports") for path in (ROOT / app).rglob("*.py")]
    said = [f"{path.name}: {line.strip()}" for path in apps for line in path.read_text().splitlines() if re.search(r"""["']H[.:]i|%H\.%M""", line)]
    assert said == [], "say it with clock, clocks or a format of the catalogue"


def test_no_list_begins_with_the_stock_choice():
    """«- Vælg en valgmulighed -» says nothing: what a list is empty of is said in words of its own."""
    from importlib import import_module

    from django.forms import Form, ModelChoiceField

    modules = [import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for app in OURS for path in (ROOT / app).rglob("*forms.py")]
    forms = {found for module in modules for _, found in inspect.getmembers(module, inspect.isclass) if issubclass(found, Form)}
    stock = str(ModelChoiceField(None).empty_label)
    fields = [(form.__name__, name, field) for form in forms for name, field in form.base_fields.items() if isinstance(field, ModelChoiceField)]
    assert len(fields) > 10 and [(form, name) for form, name, field in fields if str(field.empty_label) == stock] == [], "give the field an empty_label"
