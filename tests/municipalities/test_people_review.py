"""The half-yearly review of access: who signs, what is frozen, who is told that it is late, and what a mark leads to."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from access.context import actor_of, context_of
from access.models import OutboxMessage
from access.roles import Verb
from municipalities import access_review
from municipalities.access_review import due_day, half_year, state_of, states
from municipalities.actions import add_seat, seat_group
from municipalities.models import AccessReview, Appointment, Forum, Organisation, Seat, SeatEnding, Tenant
from municipalities.presets import setup_actor
from tests.conftest import acting
from tests.rules.crawl import readable


@pytest.fixture
def forum(cast, as_actor):
    """`forum("p115")`: a forum of Thisted."""

    def find(key):
        with as_actor(cast.it) as actor:
            return Forum.objects.select_related("tenant").get(tenant=actor.tenant_id, key=key)

    return find


def url(forum):
    return f"/thisted/fora/{forum.public_id}/adgang/"


def seen_in(page):
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def sign(window, forum, **data):
    return window.post(url(forum), {"seen": seen_in(window.get(url(forum))), "remark": "", **data})


def test_half_years_and_their_days():
    assert [half_year(date(2026, month, 1)) for month in (1, 6, 7, 12)] == ["2026-1", "2026-1", "2026-2", "2026-2"]
    assert (due_day(date(2027, 2, 1)), due_day(date(2027, 12, 31))) == (date(2027, 4, 30), date(2027, 10, 31))


def test_a_forum_that_has_just_begun_has_a_month(cast, as_actor, monkeypatch):
    monkeypatch.setattr(access_review, "due_day", lambda day: day - timedelta(days=100))
    with as_actor(cast.it) as actor:
        for state in states(Forum.objects.filter(tenant=actor.tenant_id)):
            first = min(seat.valid_from for seat in Seat.objects.filter(forum=state.forum, user__isnull=False))
            assert state.review or state.due_on >= first.astimezone(ZoneInfo("Europe/Copenhagen")).date() + timedelta(days=30)


def test_the_list_says_in_plain_words_who_may_what(cast, visit, forum):
    text = readable(visit(cast.konsulent).get(url(forum("p115"))))
    for part in ("Ditte Havmark", "Sidsel Vangsaa", "Åbne § 115-sager", "Tavshedspligten accepteret", "Tavshedspligten ikke accepteret"):
        assert part in text, part


def test_holders_of_a_person_forum_are_for_its_members_and_the_dpo(cast, visit, forum):
    closed, general = forum("p115"), forum("styregruppe")
    assert {visit(user).get(url(closed)).status_code for user in (cast.konsulent, cast.fnt, cast.dpo)} == {200}
    assert {visit(user).get(url(closed)).status_code for user in (cast.it, cast.chef, cast.vpi, cast.users["mors-dpo"])} == {404}
    assert {visit(user).get(url(general)).status_code for user in (cast.it, cast.chef)} == {200}


def test_the_coordinator_signs_where_there_is_no_chair_and_it_is_frozen(cast, visit, forum, as_actor):
    window, closed = visit(cast.konsulent), forum("p115")
    assert sign(window, closed, remark="Alle bruger den.").status_code == 302
    with as_actor(cast.konsulent):
        review = AccessReview.objects.get(forum=closed, half_year=half_year(date.today()))
        assert review.remark == "Alle bruger den." and {line["name"] for line in review.content} >= {"Ditte Havmark", "Sidsel Vangsaa"}
        assert AccessReview.objects.filter(pk=review.pk).update(remark="ændret") == 0
        assert AccessReview.objects.filter(pk=review.pk).delete()[0] == 0
    with acting(setup_actor(closed.tenant)):
        Seat.objects.filter(forum=closed, user=cast.ny).update(title="Omdøbt")
    page = readable(window.get(f"{url(closed)}{review.public_id}/"))
    assert "Familierådgiver" in page and "Omdøbt" not in page
    again = window.post(url(closed), {"seen": seen_in(window.get(url(closed))) if b'name="seen"' in window.get(url(closed)).content else "x"})
    assert again.status_code == 409 and "allerede underskrevet" in readable(again)


def test_a_chair_signs_before_the_coordinator(cast, visit, forum):
    network = forum("p115")
    with acting(setup_actor(network.tenant)):
        organisation = Organisation.objects.filter(tenant=network.tenant).first()
        add_seat(network, actor=setup_actor(network.tenant), role="CHAIR", title="Formand", organisation=organisation, user=cast.myndighed)
    coordinator = visit(cast.konsulent)
    assert b'name="seen"' not in coordinator.get(url(network)).content
    refused = coordinator.post(url(network), {"seen": "x"})
    assert refused.status_code == 403 and "formand" in readable(refused)
    assert sign(visit(cast.myndighed), network).status_code == 302


def test_a_list_that_changed_while_it_was_read_is_not_signed(cast, visit, forum):
    window, closed = visit(cast.konsulent), forum("p115")
    seen = seen_in(window.get(url(closed)))
    with acting(setup_actor(closed.tenant)):
        Seat.objects.filter(forum=closed, user=cast.ny).update(title="Ny titel")
    answer = window.post(url(closed), {"seen": seen})
    assert answer.status_code == 409 and "Listen er ændret" in readable(answer)
    assert sign(window, closed).status_code == 302


@pytest.mark.parametrize("role", ["fnt", "dpo", "it"])
def test_nobody_else_signs(cast, visit, forum, role):
    general = forum("styregruppe")
    assert visit(cast.users[role]).post(url(general), {"seen": "x"}).status_code in (403, 404)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_signature_of_another(cast):
    tenant = Tenant.objects.get(slug="thisted")
    for signer, owner in ((cast.it, cast.it), (cast.konsulent, cast.chef)):
        with context_of(actor_of(signer, "thisted")):
            forum = Forum.objects.get(tenant=tenant, key="p115")
        row = AccessReview(tenant=tenant, forum=forum, half_year="2099-1", due_on=date(2099, 4, 30), signed_by=owner, content=[])
        with pytest.raises(DatabaseError, match="row-level security"), context_of(actor_of(signer, "thisted")):
            row.save(force_insert=True)


def test_late_is_told_to_the_signer_on_the_forum_and_on_the_list(cast, visit, forum, monkeypatch):
    closed = forum("p115")
    monkeypatch.setattr(access_review, "due_day", lambda day: day - timedelta(days=9))
    monkeypatch.setattr(access_review, "SETTLING_IN", timedelta(0))
    coordinator = visit(cast.konsulent)
    assert f"Skriv under på listen for {closed.name}" in readable(coordinator.get("/thisted/"))
    assert "Skriv under på listen" not in readable(visit(cast.fnt).get("/thisted/"))
    assert "skulle være underskrevet" in readable(coordinator.get(f"/thisted/fora/{closed.public_id}/"))
    for user in (cast.it, cast.dpo):
        text = readable(visit(user).get("/thisted/opsaetning/adgang/"))
        assert "Over frist" in text
        assert closed.name in text and "Sidsel Vangsaa" not in text
    assert visit(cast.konsulent).get("/thisted/opsaetning/adgang/").status_code == 404
    sign(coordinator, closed)
    assert f"Skriv under på listen for {closed.name}" not in readable(coordinator.get("/thisted/"))


def test_a_mark_becomes_a_task_and_the_administrator_ends_the_seat(cast, visit, forum, as_actor):
    closed, window = forum("p115"), visit(cast.konsulent)
    with as_actor(cast.konsulent):
        seat = Seat.objects.current().get(forum=closed, user=cast.gade)
    for _ in range(2):  # twice is once
        assert window.post(url(closed) + "marker/", {"seat": seat.pk, "reason": "Skifter job."}).status_code == 302
    assert "Markeret" in readable(window.get(url(closed)))
    with acting(setup_actor(closed.tenant)):
        assert OutboxMessage.objects.filter(recipient=cast.it, subject="En plads bør ophøre").count() == 1
        ending = SeatEnding.objects.get(seat=seat)
    administrator = visit(cast.it)
    assert "Skifter job." in readable(administrator.get("/thisted/opsaetning/adgang/"))
    assert visit(cast.gade).get("/thisted/sager/").status_code == 200
    assert administrator.post(f"/thisted/opsaetning/adgang/{ending.public_id}/", {"end": "1"}).status_code == 302
    with as_actor(cast.it):
        assert not Seat.objects.current().filter(pk=seat.pk).exists()
        ending.refresh_from_db()
        assert ending.was_ended and ending.settled_by == cast.it
    assert "allerede afgjort" in readable(administrator.post(f"/thisted/opsaetning/adgang/{ending.public_id}/", {"end": "0"}, follow=True))


def test_a_mark_can_be_let_stand(cast, visit, forum, as_actor):
    with as_actor(cast.it):
        ending = SeatEnding.objects.filter(settled_at=None).select_related("seat").first()
    visit(cast.it).post(f"/thisted/opsaetning/adgang/{ending.public_id}/", {"end": "0"})
    with as_actor(cast.it):
        assert Seat.objects.current().filter(pk=ending.seat_id).exists()
        ending.refresh_from_db()
        assert ending.was_ended is False


def test_only_the_signer_marks_and_only_in_his_forum(cast, visit, forum, as_actor):
    closed, general = forum("p115"), forum("styregruppe")
    with as_actor(cast.konsulent):
        elsewhere = Seat.objects.current().filter(forum=general, user__isnull=False).first()
        inside = Seat.objects.current().get(forum=closed, user=cast.gade)
    assert visit(cast.konsulent).post(url(closed) + "marker/", {"seat": elsewhere.pk}).status_code == 404
    assert visit(cast.fnt).post(url(closed) + "marker/", {"seat": inside.pk}).status_code in (403, 404)
    assert visit(cast.dpo).post(url(closed) + "marker/", {"seat": inside.pk}).status_code == 404
    for bad in ({}, {"seat": "x"}, {"seat": inside.pk, "reason": "Om 010112-1234"}):
        answer = visit(cast.konsulent).post(url(closed) + "marker/", bad)
        assert answer.status_code == 422, bad


def test_the_verb_hangs_on_chair_and_coordinator(cast, actor_for):
    assert actor_for(cast.konsulent).forums_with(Verb.SIGN_ACCESS)
    assert not actor_for(cast.chef).holds(Verb.SIGN_ACCESS) and not actor_for(cast.fnt, "morsoe").holds(Verb.MANAGE_TENANT)


def test_the_state_of_an_empty_forum_is_none(cast, as_actor):
    with as_actor(cast.it) as actor:
        empty = [forum for forum in Forum.objects.filter(tenant=actor.tenant_id) if not Seat.objects.filter(forum=forum, user__isnull=False).exists()]
        assert [state_of(forum) for forum in empty] == [None] * len(empty)


# ---- nobody signs for himself alone ----------------------------------------------------------------------------------
@pytest.fixture
def alone(cast, forum):
    """A forum in which one person sits, as its chair."""
    found = forum("samraad")
    with acting(setup_actor(found.tenant)):
        Seat.objects.filter(forum=found).update(role="CHAIR", group=seat_group(found, "CHAIR"))
    return found


def test_a_forum_without_a_chair_or_a_coordinator_is_signed_by_the_dpo(cast, visit, forum):
    found = forum("samraad")  # its one seat is a member's
    page = readable(visit(cast.konsulent).get(url(found)))
    assert "underskriver databeskyttelsesrådgiveren" in page and 'name="remark"' not in page
    assert visit(cast.konsulent).post(url(found), {"seen": "x"}).status_code == 403
    window = visit(cast.dpo)
    assert "du underskriver" in readable(window.get("/thisted/opsaetning/adgang/"))
    assert sign(window, found).status_code == 302
    assert "Underskrevet af" in readable(window.get(url(found)))


def test_a_chair_who_sits_alone_does_not_sign_for_himself(cast, visit, alone, as_actor):
    refused = visit(cast.konsulent).post(url(alone), {"seen": "x"})
    assert refused.status_code == 403 and "for sig selv alene" in readable(refused)
    with as_actor(cast.konsulent) as actor, pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        AccessReview.objects.create(tenant=alone.tenant, forum=alone, half_year="2099-1", due_on=date(2099, 4, 30), signed_by_id=actor.user_id, content=[])
    assert sign(visit(cast.dpo), alone).status_code == 302


def test_with_a_second_member_the_chair_signs_and_the_dpo_no_longer(cast, visit, alone, as_actor):
    with acting(setup_actor(alone.tenant)):
        add_seat(alone, actor=setup_actor(alone.tenant), role="MEMBER", title="Ny", organisation=Organisation.objects.filter(tenant=alone.tenant).first(), user=cast.kui)
    assert b'name="seen"' not in visit(cast.dpo).get(url(alone)).content
    assert visit(cast.dpo).post(url(alone), {"seen": "x"}).status_code == 403
    with as_actor(cast.dpo) as actor, pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        AccessReview.objects.create(tenant=alone.tenant, forum=alone, half_year="2099-1", due_on=date(2099, 4, 30), signed_by_id=actor.user_id, content=[])
    assert sign(visit(cast.konsulent), alone).status_code == 302


def test_a_dpo_who_sits_alone_in_the_forum_does_not_sign_it(cast, visit, alone, as_actor):
    with acting(setup_actor(alone.tenant)):
        Seat.objects.filter(forum=alone).update(user=cast.dpo)
    assert visit(cast.dpo).post(url(alone), {"seen": "x"}).status_code == 403
    with as_actor(cast.dpo) as actor, pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        AccessReview.objects.create(tenant=alone.tenant, forum=alone, half_year="2099-1", due_on=date(2099, 4, 30), signed_by_id=actor.user_id, content=[])


def end_dpo(forum):
    with acting(setup_actor(forum.tenant)):
        Appointment.objects.filter(tenant=forum.tenant, role="DPO").update(valid_to=Now())


def test_without_a_dpo_the_page_says_that_nobody_can_sign_and_whom_to_tell(cast, visit, alone):
    assert "Ingen kan skrive under endnu" not in readable(visit(cast.konsulent).get(url(alone)))
    end_dpo(alone)
    page = visit(cast.konsulent).get(url(alone))
    assert "Ingen kan skrive under endnu" in readable(page) and "Sig det til jeres IT-administrator" in readable(page)
    assert b"rolle=DPO" not in page.content and b'name="seen"' not in page.content


def test_without_a_dpo_who_manages_is_led_to_appoint_one(cast, visit, forum, monkeypatch):
    general = forum("styregruppe")
    monkeypatch.setattr(access_review, "half_year", lambda day: "2099-1")  # one that nobody has signed
    with acting(setup_actor(general.tenant)):
        kept = Seat.objects.current().filter(forum=general, user__isnull=False).first()
        Seat.objects.filter(forum=general).exclude(pk=kept.pk).update(valid_to=Now())
    assert b"rolle=DPO" not in visit(cast.it).get(url(general)).content
    end_dpo(general)
    page = visit(cast.it).get(url(general))
    assert "Udpeg en DPO først" in readable(page) and "Sig det til" not in readable(page)
    assert b'href="/thisted/opsaetning/personer/udpeg/?rolle=DPO"' in page.content


def test_a_dpo_who_sits_there_himself_is_none_who_could_sign(cast, visit, alone):
    with acting(setup_actor(alone.tenant)):
        Seat.objects.filter(forum=alone).update(user=cast.dpo)
    assert "Ingen kan skrive under endnu" in readable(visit(cast.dpo).get(url(alone)))


def test_where_somebody_can_sign_nobody_is_asked_to_appoint(cast, visit, forum):
    closed = forum("p115")
    end_dpo(closed)
    assert "Ingen kan skrive under endnu" not in readable(visit(cast.fnt).get(url(closed)))


def test_the_dpo_is_told_in_his_week_and_asks_for_no_ending(cast, visit, alone, monkeypatch):
    monkeypatch.setattr(access_review, "due_day", lambda day: day - timedelta(days=9))
    monkeypatch.setattr(access_review, "SETTLING_IN", timedelta(0))
    window = visit(cast.dpo)
    assert f"Skriv under på listen for {alone.name}" in readable(window.get("/thisted/"))
    assert f"Skriv under på listen for {alone.name}" not in readable(visit(cast.konsulent).get("/thisted/"))
    assert "Bed om at afslutte" not in readable(window.get(url(alone)))
    assert sign(window, alone).status_code == 302
    assert f"Skriv under på listen for {alone.name}" not in readable(window.get("/thisted/"))
