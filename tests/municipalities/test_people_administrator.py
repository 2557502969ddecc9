"""Administrator without content: he sets everything up, and sees no person, no agenda, and no way into a person forum."""

import pytest

from access.roles import Verb
from cases.models import Case, CaseItem, Person
from meetings.models import AgendaItem
from municipalities.actions import OwnSeatError, add_seat, hold_seat
from municipalities.models import Forum, Organisation
from tests import harness
from tests.conftest import make_client
from tests.rules.crawl import canaries, readable, tenant_routes
from tests.rules.test_two_worlds import visits


def agenda_texts():
    """How the texts and decisions of every agenda item begin, where they are long enough to be nobody else's words."""
    query = """select distinct left(t, 30) from (
      select text as t from meetings_agendaitem union all select decision from meetings_agendaitem) s where length(t) > 30"""
    with harness.admin(harness.DATABASE) as conn:
        return [" ".join(row[0].split()) for row in conn.execute(query).fetchall()]


def test_no_page_shows_him_a_person_or_an_agenda(cast):
    """The walk over every address, as IT administrator."""
    watched, items = canaries(), agenda_texts()
    window = make_client(cast.it, raise_request_exception=False)
    seen, shown = 0, []
    for url, response in visits(window, "thisted"):
        text = readable(response)
        seen += response.status_code == 200
        shown += [(url, canary.text) for canary in watched if canary.text in text] + [(url, item) for item in items if item in text]
    assert shown == []
    assert seen > 10 and len(items) > 10


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
