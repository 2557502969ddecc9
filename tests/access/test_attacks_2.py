"""What somebody with bad intentions would try with what came later: seats in the browser, recusals, shares, the export, search, public pages."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from access.actor import Actor
from access.roles import Verb
from meetings.actions import add_item, carry_item, create_meeting
from meetings.models import AgendaItem, ItemRecusal, Meeting
from municipalities.actions import add_seat
from municipalities.models import Forum, Organisation, Seat
from municipalities.presets import setup_actor
from tests.conftest import acting, make_client
from tests.rules.crawl import readable


# ---- an administrator's own seat ----------------------------------------------------------------------------------------
@pytest.fixture
def own_seat(cast, as_actor):
    """A seat as observer in a forum with person data, which another has given the IT administrator."""
    with as_actor(cast.it) as actor:
        forum = Forum.objects.select_related("tenant").get(tenant=actor.tenant_id, key="p115")
        organisation = Organisation.objects.filter(tenant=actor.tenant_id, kind="municipal_other").first()
    with acting(setup_actor(forum.tenant)):
        seat = add_seat(forum, actor=setup_actor(forum.tenant), role="OBSERVER", title="Iagttager", organisation=organisation, user=cast.it)
        return Seat.objects.get(pk=seat.pk)


def seat_form(seat, **changes):
    return {"title": seat.title, "organisation": seat.organisation_id, "role": seat.role, "kind": seat.kind, "deputy_for": "", "has_vote": "on", "seen": seat.seen, **changes}


@pytest.mark.parametrize("role", ["MEMBER", "COORDINATOR", "CHAIR"])
def test_an_administrator_does_not_raise_his_own_seat_among_persons(cast, visit, actor_for, own_seat, role):
    answer = visit(cast.it).post(f"/thisted/opsaetning/pladser/{own_seat.public_id}/", seat_form(own_seat, role=role))
    assert answer.status_code == 409 and "Bed en anden administrator" in readable(answer)
    rights = actor_for(cast.it)
    assert not rights.forums_with(Verb.VIEW_CASES) and not rights.withheld


@pytest.mark.parametrize(
    "change",
    [{"role": "MEMBER"}, {"valid_from": "2001-01-01T00:00Z"}, {"group": "MEMBER"}],
    ids=["role", "begins earlier", "the group of another role"],
)
def test_the_database_refuses_it_as_well(cast, as_actor, own_seat, change):
    with as_actor(cast.it):
        if "group" in change:
            change = {"group": Seat.objects.filter(forum_id=own_seat.forum_id, role="MEMBER").first().group}
        with pytest.raises(DatabaseError), transaction.atomic():
            Seat.objects.filter(pk=own_seat.pk).update(**change)
        assert Seat.objects.filter(pk=own_seat.pk).update(title="Kun et navn") == 1


def test_the_database_lets_no_administrator_seat_himself_among_persons(cast, as_actor, own_seat):
    with as_actor(cast.it) as actor:
        other = Seat.objects.current().filter(forum_id=own_seat.forum_id, role="MEMBER").exclude(user=cast.it).first()
        with pytest.raises(DatabaseError), transaction.atomic():
            Seat.objects.filter(pk=other.pk).update(user=cast.it)
        with pytest.raises(DatabaseError), transaction.atomic():
            Seat.objects.create(tenant_id=actor.tenant_id, forum_id=own_seat.forum_id, role="MEMBER", title="x", organisation=other.organisation, group=other.group, user=cast.it)


def test_an_administrator_may_leave(cast, visit, own_seat, as_actor):
    assert visit(cast.it).post(f"/thisted/opsaetning/pladser/{own_seat.public_id}/nedlaeg/", {"seen": own_seat.seen}).status_code == 302
    with as_actor(cast.it):
        assert Seat.objects.get(pk=own_seat.pk).valid_to is not None


# ---- what takes two persons ----------------------------------------------------------------------------------------------
def test_an_administrator_writes_nobody_elses_name_under_a_higher_class(cast, as_actor):
    from municipalities.models import ClassChange

    with as_actor(cast.it) as actor:
        forum = Forum.objects.get(tenant=actor.tenant_id, key="trygt-natteliv")
        what = {"tenant_id": actor.tenant_id, "forum": forum, "from_kind": forum.kind, "to_kind": forum.kind, "from_class": forum.ceiling, "to_class": "AGGREGATE"}
        ClassChange.objects.filter(forum=forum).update(status="WITHDRAWN")
        with pytest.raises(DatabaseError), transaction.atomic():
            ClassChange.objects.create(**what, reason="x", asked_by=cast.it, status="APPROVED", decided_by=cast.chef)
        asked = ClassChange.objects.create(**what, reason="x", asked_by=cast.it)
        for change in ({"status": "APPROVED", "decided_by": cast.chef}, {"asked_by": cast.chef}, {"to_class": "PERSON_115"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                ClassChange.objects.filter(pk=asked.pk).update(**change)


def test_an_administrator_writes_nobody_elses_name_under_an_export(cast, as_actor):
    from municipalities.models import ExportOrder

    with as_actor(cast.it) as actor:
        order = ExportOrder.objects.create(tenant_id=actor.tenant_id, reason="x", ordered_by=cast.it)
        for change in ({"status": "QUEUED", "confirmed_by": cast.dpo}, {"ordered_by": cast.dpo}):
            with pytest.raises(DatabaseError), transaction.atomic():
                ExportOrder.objects.filter(pk=order.pk).update(**change)


# ---- inhabil ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def kept_out(cast, as_actor):
    """A draft of the styregruppe with one item, and a member who is kept out of it."""
    from datetime import timedelta

    from django.utils import timezone

    with as_actor(cast.konsulent) as actor:
        forum = Forum.objects.get(tenant=actor.tenant_id, key="styregruppe")
        member = Seat.objects.current().filter(forum=forum, role="MEMBER", user__isnull=False).select_related("user").first().user
        begins = timezone.now() + timedelta(days=200)
        first, second = (create_meeting(forum, actor=actor, starts_at=begins + n * timedelta(days=7), ends_at=begins + n * timedelta(days=7, hours=1)) for n in (1, 2))
        item = add_item(first, actor=actor, title="Min brors tilbud", kind="DROEFTELSE")
        ItemRecusal.objects.create(tenant_id=actor.tenant_id, item=item, meeting=first, forum=forum, user=member, noted_by=cast.konsulent)
    return first, second, item, member


def test_what_is_put_under_an_item_later_is_hidden_from_him_as_well(cast, as_actor, visit, kept_out):
    first, _second, item, member = kept_out
    with as_actor(cast.konsulent) as actor:
        below = add_item(first, actor=actor, title="Brors pris", kind="DROEFTELSE", parent=item)
    with as_actor(member) as actor:
        assert not AgendaItem.objects.filter(pk__in=[item.pk, below.pk]).exists()
        assert below.pk in actor.recused_from("meetings.AgendaItem")
    assert "Brors pris" not in visit(member).get(f"/thisted/moeder/{first.public_id}/").content.decode()


def test_what_is_carried_to_the_next_meeting_is_hidden_from_him_as_well(cast, as_actor, visit, kept_out):
    _first, second, item, member = kept_out
    with as_actor(cast.konsulent) as actor:
        copy = carry_item(item, second, actor=actor)
        assert ItemRecusal.objects.filter(item=copy).count() == 1
    with as_actor(member):
        assert not AgendaItem.objects.filter(pk=copy.pk).exists()
    assert "Min brors tilbud" not in visit(member).get(f"/thisted/moeder/{second.public_id}/").content.decode()


# ---- shares -----------------------------------------------------------------------------------------------------------
def test_a_draft_is_not_among_the_dates_that_the_politikreds_gets(cast, as_actor):
    from meetings.sharing import SHAREABLE

    with as_actor(cast.konsulent) as actor:
        meeting = Meeting.objects.filter(forum__kind="LOKALRAAD", tenant=actor.tenant_id).first()
        Meeting.objects.filter(pk=meeting.pk).update(status="DRAFT")
        shared = {row["at"] for row in SHAREABLE.snapshot(actor, str(meeting.starts_at.year)).summary["dates"]}
        assert shared and meeting.starts_at.isoformat() not in shared


# ---- search -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", ["page=" + "9" * 5000, "page=²", "page=-1", "q=%00", "q=a&forum=%00", "q=a&ansvarlig=%27", "q=%27%3A%2A%20%26%20%21%28", "q=a&fra=0001-01-01"])
def test_a_strange_search_is_no_server_error(cast, visit, query):
    assert visit(cast.konsulent).get(f"/thisted/soeg/?q=skole&{query}").status_code in (200, 422)


def test_what_was_found_is_escaped(cast, as_actor, visit):
    with as_actor(cast.konsulent) as actor:
        meeting = Meeting.objects.filter(forum__key="styregruppe", tenant=actor.tenant_id, status="CALLED").first()
        AgendaItem.objects.create(
            tenant_id=actor.tenant_id, forum_id=meeting.forum_id, meeting=meeting, order=99, title="Kanarieskrift", text="<script>alert(1)</script> \ue000<b>\ue001 kanarieskrift"
        )
    page = visit(cast.konsulent).get("/thisted/soeg/?q=kanarieskrift").content.decode()
    assert "<mark>" in page and "<script>alert" not in page and "<b>" not in page.partition("</form>")[2]


# ---- who is nobody ------------------------------------------------------------------------------------------------------
def said(answer):
    """The words of a page, without its marks: they hold the address and a fresh token."""
    return re.sub(r"<[^>]*>", "", answer.content.decode())


def tables_with_rows():
    """Every table of a tenant that shows a row in the context that is set."""
    from municipalities.exporting import tables

    return sorted(model._meta.label for model in tables() if model._default_manager.exists())


def test_a_public_page_reads_what_is_published_and_nothing_else(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        kommune, kreds = actor.tenant_id, actor.parent_tenant_id
    with acting(Actor(public_tenant_id=kommune)):
        assert tables_with_rows() == []
    with acting(Actor(public_tenant_id=kreds)):
        assert tables_with_rows() == ["plans.CooperationVersion"]


def test_the_flag_of_an_export_without_its_rights_opens_nothing_about_persons(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        user, tenant = actor.user_id, actor.tenant_id
    with acting(Actor(user_id=user, tenant_id=tenant, is_export=True)):
        seen = tables_with_rows()
    assert not [label for label in seen if label.startswith(("cases.", "meetings.", "reports."))]


@pytest.mark.parametrize("path", ["", "organisation/", "moeder/", "soeg/?q=skole", "deling/", "eksport/", "opsaetning/", "sager/", "adgangslog/", "sparring/"])
def test_an_operator_is_nobody_in_a_kommune(cast, path):
    operator = make_client(cast.users["operatoer"])
    missing, found = operator.get(f"/findes-ikke/{path}"), operator.get(f"/thisted/{path}")
    assert (found.status_code, said(found)) == (404, said(missing))


@pytest.mark.parametrize("path", ["thisted/samarbejdsplan/2026/", "findes-ikke/samarbejdsplan/2026/", "midt-og-vestjylland/samarbejdsplan/1999/"])
def test_a_public_page_that_is_not_there_looks_the_same_for_all(client, path):
    one, other = client.get(f"/offentlig/{path}"), client.get("/offentlig/ingen/samarbejdsplan/2000/")
    assert (one.status_code, said(one)) == (404, said(other))


# ---- statements that are kept -------------------------------------------------------------------------------------------
def test_a_plan_that_postgresql_keeps_holds_nobodys_settings(cast, as_actor):
    """Prepared and forced to one generic plan: each execution still reads the settings of its own context."""
    counted = {}
    with connection.cursor() as cursor:
        cursor.execute("set local plan_cache_mode = force_generic_plan")
        cursor.execute("prepare everything as select count(*) from meetings_agendaitem")
    for user, slug in [(cast.konsulent, "thisted"), (cast.it, "thisted"), (cast.konsulent, "thisted")] * 3:
        with as_actor(user, slug), connection.cursor() as cursor:
            cursor.execute("execute everything")
            counted.setdefault(user.pk, set()).add((cursor.fetchone()[0], AgendaItem.objects.count()))
    with acting(Actor()), connection.cursor() as cursor:
        cursor.execute("execute everything")
        assert cursor.fetchone()[0] == 0
        cursor.execute("deallocate everything")
    [(own, asked)], [nothing] = counted[cast.konsulent.pk], counted[cast.it.pk]
    assert own == asked > 0 and nothing == (0, 0)
