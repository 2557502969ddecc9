"""Whom a change concerned: each table about a person says so in the log, and so does each table to come."""

import pytest
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey

from access.models import LogEntry, Purpose
from cases.models import Case, Person, PersonText

# model -> why its changes have no line in the log
SILENT = {"cases.CaseAgreementReminder": "that a reminder was sent: the outbox has it"}
CASES = list(apps.get_app_config("cases").get_models())


def about_a_person():
    """The models of the app from which a foreign key leads, in any number of steps, to a case or a person."""
    found = {Case, Person}
    while True:
        more = {model for model in CASES if any(isinstance(field, ForeignKey) and field.related_model in found for field in model._meta.concrete_fields)} - found
        if not more:
            return sorted(found, key=lambda model: model._meta.label)
        found |= more


@pytest.mark.parametrize("model", about_a_person(), ids=lambda model: model._meta.label)
def test_a_model_about_a_person_says_whom_and_why(model):
    if model._meta.label in SILENT:
        assert not auditlog.contains(model)
        return
    assert auditlog.contains(model), "Register it in cases/apps.py: what is changed about a person stands in the log"
    concerns = getattr(model, "concerns", None)
    assert concerns is not None, "Declare `concerns` (access/concerned.py): the log says of each change whom it concerned"
    teller = model._meta.get_field(concerns.through).related_model if concerns.through else model
    assert hasattr(teller, "person_id") and hasattr(teller, "forum_id"), f"{teller._meta.label} does not say whom and of which forum"
    if issubclass(model, PersonText):
        assert hasattr(model, "person_id"), "Its person stands on the row: the ticket's policy asks for it"
    else:
        assert concerns.why in Purpose, "A shell is changed without anybody having been opened: say why"


def test_every_model_of_cases_is_about_a_person():
    assert set(CASES) == set(about_a_person())


def test_each_change_in_the_demo_says_whom_and_why(cast, log):
    """The demo is made by the product's own actions: no line about a case is without."""
    kinds = set(ContentType.objects.get_for_models(*CASES).values())
    changes = [entry for entry in log() if entry.action < LogEntry.Action.VIEW and entry.content_type_id in {kind.pk for kind in kinds}]
    lacking = {entry.content_type.model for entry in changes if len(entry.subjects) != 1 or not entry.purpose or not entry.forum_id}
    assert len(changes) > 100 and lacking == set()
