"""Rows written together stand in the log as they would one by one."""

import pytest

from access.logged import change_together, create_together
from municipalities.models import Organisation

pytestmark = pytest.mark.django_db


def lines(log, name):
    """(kind, what it was called, the changes without what only the row itself knows)."""
    found = [entry for entry in log() if entry.content_type.model == "organisation" and entry.object_repr == name]
    return [(entry.action, {key: value for key, value in entry.changes.items() if key not in ("id", "public_id")}, entry.object_id is not None) for entry in found]


def test_the_lines_are_those_of_saving_one_by_one(cast, as_actor, log):
    with as_actor(cast.it) as actor:
        alone, *others = (Organisation(tenant_id=actor.tenant_id, name=f"Sted {n}", kind="municipal_other") for n in range(3))
        alone.save()
        create_together(others)
        alone.kind = "police"
        alone.save(update_fields=["kind"])
        change_together(others, kind=["police", "police"])
        expected = lines(log, "Sted 0")
        assert [action for action, *_rest in expected] == [0, 1] and expected[1][1] == {"kind": ["municipal_other", "police"]}
        for other in others:
            found = lines(log, other.name)
            assert str(found).replace(other.name, "Sted 0") == str(expected)
            assert Organisation.objects.get(pk=other.pk).kind == "police"


def test_what_is_unchanged_has_no_line_and_nothing_is_nothing(cast, as_actor, log):
    with as_actor(cast.it) as actor:
        found = list(Organisation.objects.filter(tenant=actor.tenant_id)[:2])
        before = len(log())
        change_together(found, name=[row.name for row in found])
        create_together([])
        assert len(log()) == before
