"""Administrator without content: he sets everything up, and sees no agenda and no way into a person forum.

What every page shows him: tests/rules/test_two_worlds.py.
"""

import pytest
from django.db import DatabaseError, transaction

from access.roles import AppointmentRole, Verb
from cases.models import Case, CaseItem, Person
from meetings.models import AgendaItem
from municipalities.actions import AdministratorSeatError, OwnSeatError, add_seat, appoint, hold_seat
from municipalities.models import Forum, Organisation, Seat, Tenant
from municipalities.presets import setup_actor
from tests.conftest import acting, make_client
from tests.rules.crawl import readable, tenant_routes


def test_minutes_that_others_read_are_closed_to_him(cast, as_actor):
    """Every page of one held meeting: the coordinator finds its words, the administrator does not."""
    with as_actor(cast.konsulent):
        item = next(row for row in AgendaItem.objects.filter(meeting__status="APPROVED", data_class="INTERNAL").select_related("meeting") if len(row.text) > 30)
    routes = [route for route in tenant_routes() if route.parameters == ["slug", "public_id"] and "/moeder/" in route.pattern]
    found = {
        user: [route.name for route in routes if item.text[:30] in readable(window.get(route.url("thisted", {"public_id": item.meeting.public_id})))]
        for user in (cast.konsulent, cast.it)
        for window in [make_client(user, raise_request_exception=False)]
    }
    assert found[cast.konsulent] and not found[cast.it]


def test_the_database_gives_him_none_either(cast, as_actor):
    with as_actor(cast.it) as actor:
        assert [model.objects.count() for model in (Case, CaseItem, Person, AgendaItem)] == [0, 0, 0, 0]
        assert actor.forums == {} and actor.tenant_verbs == {Verb.MANAGE_TENANT}


def test_he_takes_no_seat_in_a_person_forum(cast, as_actor):
    """Neither a new seat nor a vacant one, in none of them; and what he may take shows no agenda of a person forum."""
    with as_actor(cast.it) as actor:
        organisation = Organisation.objects.filter(tenant=actor.tenant_id, kind="municipal_other").first()
        forums = [forum for forum in Forum.objects.filter(tenant=actor.tenant_id) if forum.is_person_forum]
        assert forums
        for forum in forums:
            vacant = add_seat(forum, actor=actor, role="MEMBER", title="Ledig", organisation=organisation)
            with pytest.raises(OwnSeatError):
                hold_seat(vacant, cast.it, actor=actor)
            with pytest.raises(OwnSeatError):
                add_seat(forum, actor=actor, role="MEMBER", title="Mig", organisation=organisation, user=cast.it)
    with as_actor(cast.it) as actor:
        assert not actor.forums and not actor.owes_pledge


def test_another_administrator_gives_him_none_either(cast, visit, as_actor):
    """Neither by inviting him to it, nor as the next holder, nor by raw SQL."""
    with acting(setup_actor(Tenant.objects.get(slug="thisted"))):
        appoint(Tenant.objects.get(slug="thisted"), cast.chef, AppointmentRole.ADMIN)
    with as_actor(cast.chef) as actor:
        forum = Forum.objects.get(tenant=actor.tenant_id, key="p115")
        seat = add_seat(forum, actor=actor, role="MEMBER", title="Ledig", organisation=Organisation.objects.filter(tenant=actor.tenant_id, kind="municipal_other").first())
        with pytest.raises(AdministratorSeatError):
            hold_seat(seat, cast.it, actor=actor)
        with pytest.raises(DatabaseError, match="an administrator has no seat"), transaction.atomic():
            Seat.objects.filter(pk=seat.pk).update(user=cast.it)
        seat = Seat.objects.get(pk=seat.pk)
    page = visit(cast.chef).post(f"/thisted/opsaetning/pladser/{seat.public_id}/indehaver/", {"user": cast.it.public_id, "valid_from": "", "valid_to": "", "seen": seat.seen})
    assert page.status_code == 409 and "IT-administrator kan ikke have en plads" in readable(page)
    with as_actor(cast.it) as actor:
        assert not actor.forums
