"""Words: every enum value stands in the glossary, every text in Danish."""

import inspect
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
