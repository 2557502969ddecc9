"""One set, two answers: the list and the single row cannot disagree."""

import pytest
from django.http import Http404

from access.policy import fetch, may, visible
from access.roles import FORUM_VERBS, DataClass, Verb
from cases.models import Case
from meetings.models import AgendaItem, Meeting
from municipalities.models import Forum, Tenant
from plans.models import Plan
from tests.conftest import acting


def test_may_is_the_same_filter_as_visible(cast, actor_for):
    for user in (cast.konsulent, cast.fnt, cast.gade, cast.chef, cast.vpi, cast.dpo, cast.it):
        actor = actor_for(user)
        with acting(actor):
            for model in (Forum, Meeting, AgendaItem, Case):
                for verb in FORUM_VERBS:
                    listed = set(visible(actor, verb, model.objects.all()).values_list("pk", flat=True))
                    assert listed == {row.pk for row in model.objects.all() if may(actor, verb, row)}, (user, model, verb)
            plans = set(visible(actor, Verb.VIEW_PLAN, Plan.objects.all()).values_list("pk", flat=True))
            assert plans == {row.pk for row in Plan.objects.all() if may(actor, Verb.VIEW_PLAN, row)}


def test_a_refusal_has_a_danish_reason(cast, as_actor):
    with as_actor(cast.chef) as actor:
        decision = may(actor, Verb.CONVENE, Forum.objects.get(key="styregruppe", tenant=actor.tenant_id))
        assert not decision
        assert "Din plads" in str(decision.reason)


def test_a_refusal_names_things_as_the_kommune_does(cast, as_actor):
    with as_actor(cast.it) as actor:
        Tenant.objects.filter(pk=actor.tenant_id).update(terms={"plan": "SSP-plan", "plan_plural": "SSP-planer"})
    with as_actor(cast.elev) as actor:
        reason = str(may(actor, Verb.EDIT_PLANS, Forum.objects.get(key="styregruppe", tenant=actor.tenant_id)).reason)
    assert "SSP-planer" in reason and "handleplaner" not in reason


def test_unseen_looks_like_missing(cast, as_actor):
    with as_actor(cast.konsulent):
        case = Case.objects.first()
    with as_actor(cast.chef) as actor:
        for public_id in (case.public_id, "findes-ikke"):
            with pytest.raises(Http404) as error:
                fetch(actor, Verb.VIEW_CASES, Case.objects.all(), public_id=public_id)
            assert "no such row" in str(error.value)


@pytest.mark.parametrize(
    ("item", "ceiling", "fits"),
    [
        ("PUBLIC", "INTERNAL", True), ("AGGREGATE", "INTERNAL", False), ("PERSON_115", "PERSON_115", True), ("PERSON_115", "AGGREGATE", False),
        ("PERSON_INFOHUS", "PERSON_115", False), ("PERSON_115", "PERSON_INFOHUS", False), ("INTERNAL", "PERSON_INFOHUS", True),
    ],
)  # fmt: skip
def test_an_item_fits_under_the_forums_ceiling(item, ceiling, fits):
    assert DataClass(item).fits_under(DataClass(ceiling)) is fits
