"""Appointing a DPO or an IT administrator: asked for, decided by a second person, carried out by an administrator; ending one. The database refuses too."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from access.actor import Actor
from access.models import OutboxMessage, User
from access.roles import AppointmentRole, SeatRole, Verb
from municipalities.actions import appoint
from municipalities.appointment_actions import approve_appointment, ask_appointment, carry_out
from municipalities.appointment_wishes import AppointmentError, HindranceError
from municipalities.models import Appointment, AppointmentWish, Invitation, Seat, Tenant
from municipalities.people_actions import invite
from municipalities.presets import setup_actor
from tests.conftest import acting
from tests.rules.crawl import readable

ASK, LIST = "/thisted/opsaetning/personer/udpeg/", "/thisted/opsaetning/personer/"
NINA = {"role": "ADMIN", "name": "Nina Opdigtet", "email": "Nina@thisted.example", "reason": "Skal kunne tage over."}


@pytest.fixture
def thisted(db):
    return Tenant.objects.get(slug="thisted")


@pytest.fixture
def asked(cast, as_actor):
    """`asked("ADMIN", email)`: a wish of Thisted's administrator."""

    def ask(role="ADMIN", email="nina@thisted.example", name="Nina Opdigtet"):
        with as_actor(cast.it) as actor:
            return ask_appointment(role, email, name, "Skal kunne tage over.", actor=actor)

    return ask


@pytest.fixture
def second(cast, thisted):
    """A second administrator of Thisted, who has a seat in no forum with person data."""
    with acting(setup_actor(thisted)):
        appoint(thisted, cast.chef, AppointmentRole.ADMIN)
    return cast.chef


def page_of(wish):
    return f"/thisted/udpegninger/{wish.public_id}/"


def now(wish, cast, as_actor):
    with as_actor(cast.it):
        return AppointmentWish.objects.get(pk=wish.pk)


def mails(thisted, path):
    with acting(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=thisted.pk, is_system=True)):
        return set(OutboxMessage.objects.filter(path=path).values_list("recipient__email", flat=True))


def holders(thisted, role):
    with acting(setup_actor(thisted)):
        return set(Appointment.objects.current().filter(tenant=thisted, role=role).values_list("user__email", flat=True))


@pytest.fixture
def lapse():
    """`lapse(wish)`: it was asked for thirty days ago. No person can do that: see harness.sql."""

    def back(wish):
        with connection.cursor() as cursor:
            cursor.execute("select harness.age_wish(%s)", [wish.pk])

    return back


# ---- thirty days -----------------------------------------------------------------------------------------------------
def test_what_was_asked_thirty_days_ago_is_neither_approved_nor_withdrawn(cast, visit, asked, second, thisted, as_actor, lapse):
    wish = asked()
    lapse(wish)
    for answer in ("godkend", "afvis", "traek"):
        page = visit(second).post(page_of(wish), {"svar": answer})
        assert page.status_code == 409 and "for mere end 30 dage siden" in readable(page)
    assert now(wish, cast, as_actor).status == "ASKED" and "nina@thisted.example" not in holders(thisted, "ADMIN")


def test_what_was_approved_and_not_carried_out_in_time_is_not_carried_out(cast, visit, asked, thisted, as_actor, lapse):
    wish = asked()
    visit(cast.dpo).post(page_of(wish), {"svar": "godkend"})
    lapse(wish)
    assert visit(cast.it).post(page_of(wish), {"svar": "udfoer"}).status_code == 409
    assert now(wish, cast, as_actor).status == "APPROVED" and "nina@thisted.example" not in holders(thisted, "ADMIN")


def test_a_lapsed_wish_is_offered_nowhere_and_says_what_it_is(cast, visit, asked, lapse):
    wish = asked()
    lapse(wish)
    for path in ("/thisted/", LIST):
        assert page_of(wish) not in readable(visit(cast.it).get(path))
    assert page_of(wish) not in readable(visit(cast.dpo).get("/thisted/"))
    page, other = readable(visit(cast.it).get(page_of(wish))), readable(visit(cast.dpo).get(page_of(wish)))
    assert "Bortfaldet den" in page and f'href="{ASK}?igen={wish.public_id}"' in page and "Bortfaldet den" in other and ASK not in other
    assert 'name="svar"' not in page + other


def test_what_has_lapsed_or_is_refused_is_asked_for_anew_as_it_was(cast, visit, asked, lapse):
    for end in (lapse, lambda wish: visit(cast.dpo).post(page_of(wish), {"svar": "afvis"})):
        wish = asked()
        end(wish)
        assert f'href="{ASK}?igen={wish.public_id}"' in readable(visit(cast.it).get(page_of(wish))) and ASK not in readable(visit(cast.dpo).get(page_of(wish)))
        form = visit(cast.it).get(f"{ASK}?igen={wish.public_id}").context["form"]
        assert form.initial == {"role": "ADMIN", "name": "Nina Opdigtet", "email": "nina@thisted.example"}
    assert visit(cast.it).get(f"{ASK}?igen=findesikke").status_code == 404


def test_the_same_is_asked_for_anew_once_it_has_lapsed(cast, visit, asked, as_actor, thisted, lapse):
    wish = asked()
    lapse(wish)
    newer = asked()
    assert (now(wish, cast, as_actor).status, now(newer, cast, as_actor).status) == ("WITHDRAWN", "ASKED")
    assert page_of(newer) in readable(visit(cast.dpo).get("/thisted/"))


def test_the_database_knows_the_thirty_days(cast, asked, second, as_actor, lapse):
    wish = asked()
    with as_actor(cast.it):
        for moment in (Now(), Now() + timedelta(days=60)):
            with pytest.raises(IntegrityError, match="lapses"), transaction.atomic():
                AppointmentWish.objects.filter(pk=wish.pk).update(asked_at=moment)
        with pytest.raises(IntegrityError, match="lapses"), transaction.atomic():
            AppointmentWish.objects.create(tenant_id=wish.tenant_id, role="DPO", email="o@x.example", name="O", reason="r", asked_by=cast.it, asked_at=Now() + timedelta(days=1))
    lapse(wish)
    with as_actor(second), pytest.raises(IntegrityError, match="lapses"), transaction.atomic():
        AppointmentWish.objects.filter(pk=wish.pk).update(status="APPROVED", decided_by=second)


def test_a_lapsed_approval_appoints_nobody_by_raw_sql(cast, asked, thisted, as_actor, lapse):
    wish = asked(email=cast.elev.email)
    with as_actor(cast.dpo) as actor:
        approve_appointment(wish, actor=actor)
    lapse(wish)
    group = Group.objects.get(name=f"tenant:{thisted.pk}:ADMIN")
    with as_actor(cast.it):
        with pytest.raises(IntegrityError, match="lapses"), transaction.atomic():
            AppointmentWish.objects.filter(pk=wish.pk).update(status="DONE")
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Appointment.objects.create(tenant=thisted, user=cast.elev, role="ADMIN", group=group)


# ---- who may, and asking ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["konsulent", "fnt", "chef", "dpo", "vpi", "elev"])
def test_only_an_administrator_asks_and_ends(cast, visit, who):
    window = visit(getattr(cast, who))
    for path in (ASK, f"{LIST}{cast.dpo.public_id}/udpegning/"):
        assert window.get(path).status_code == 404
        assert window.post(path, {**NINA, "rolle": "DPO"}).status_code == 404


def test_asking_makes_no_account_and_gives_nothing(cast, visit, thisted, as_actor):
    window = visit(cast.it)
    assert window.get(ASK).status_code == 200
    assert window.post(ASK, NINA).status_code == 302
    with as_actor(cast.it):
        wish = AppointmentWish.objects.get(email="nina@thisted.example")
    assert (wish.status, wish.role, wish.asked_by) == ("ASKED", "ADMIN", cast.it)
    assert not User.objects.filter(email="nina@thisted.example").exists()
    assert mails(thisted, page_of(wish)) == {cast.vpi.email, cast.dpo.email}
    assert "Nina Opdigtet" in readable(window.get(LIST)) and "Udpegninger, der venter" in readable(window.get(LIST))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Skriv navnet"),
        ({"email": "ikke en adresse"}, "gyldig e-mail"),
        ({"email": "system-thisted@ssp.invalid"}, "en persons adresse"),
        ({"email": "nogen@andet.invalid"}, "en persons adresse"),
        ({"reason": ""}, "Skriv hvorfor"),
        ({"reason": "Om 010203-1234"}, "CPR"),
        ({"name": "Nina 0102031234"}, "CPR"),
        ({"role": "SYSTEM"}, "SYSTEM"),
        ({"role": ""}, "Vælg"),
    ],
)
def test_what_is_wrong_is_said_at_the_form(cast, visit, as_actor, changed, sentence):
    answer = visit(cast.it).post(ASK, {**NINA, **changed})
    assert answer.status_code == 422 and sentence in readable(answer)
    with as_actor(cast.it):
        assert not AppointmentWish.objects.filter(name__contains="Nina").exists()


def refused(cast, visit, **changed):
    answer = visit(cast.it).post(ASK, {**NINA, **changed})
    assert answer.status_code == 409
    return readable(answer)


def test_nobody_names_himself(cast, visit):
    assert "Du kan ikke udpege dig selv" in refused(cast, visit, role="DPO", email=cast.it.email.upper())


def test_nobody_is_both_administrator_and_dpo(cast, visit, second):
    assert "både" in refused(cast, visit, role="ADMIN", email=cast.dpo.email)
    assert "både" in refused(cast, visit, role="DPO", email=second.email)


def test_who_has_the_role_already_is_not_appointed_again(cast, visit):
    assert "allerede" in refused(cast, visit, role="DPO", email=cast.dpo.email)


def test_an_administrator_has_no_seat_with_person_data(cast, visit):
    said = refused(cast, visit, email=cast.konsulent.email)
    assert "ikke have en plads i et forum med personoplysninger" in said and "§ 115" in said


def test_who_has_seats_may_become_dpo(cast, asked):
    assert asked("DPO", cast.chef.email, cast.chef.name).status == "ASKED"


def test_the_same_is_asked_for_once(cast, visit, asked):
    asked()
    assert "allerede" in refused(cast, visit)


def test_where_nobody_could_decide_the_form_says_what_to_do(cast, visit, thisted):
    with acting(setup_actor(thisted)):
        for row in (*Appointment.objects.filter(role="DPO", tenant=thisted), *Seat.objects.current().filter(tenant=thisted, role=SeatRole.CHAIR)):
            row.valid_to = row.valid_from
            row.save()
    assert "Bed dem, der driver SSP" in readable(visit(cast.it).get(ASK))
    assert "Bed dem, der driver SSP" in refused(cast, visit)


def test_whom_it_is_about_is_no_second_person_even_when_there_is_no_other(cast, visit, thisted):
    with acting(setup_actor(thisted)):
        for row in (*Appointment.objects.filter(role="DPO", tenant=thisted), *Seat.objects.current().filter(tenant=thisted, role=SeatRole.CHAIR).exclude(user=cast.vpi)):
            row.valid_to = row.valid_from
            row.save()
    assert "Bed dem, der driver SSP" in refused(cast, visit, role="DPO", email=cast.vpi.email)


def test_the_form_begins_with_somebody_who_is_here(cast, visit):
    page = visit(cast.it).get(f"{ASK}?rolle=DPO&person={cast.chef.public_id}")
    assert page.context["form"].initial == {"role": "DPO", "name": cast.chef.name, "email": cast.chef.email}
    assert visit(cast.it).get(f"{ASK}?rolle=SYSTEM&person=findes-ikke").status_code == 200
    assert visit(cast.it).get(f"{ASK}?person=findesikke").status_code == 404


# ---- the second person -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["konsulent", "fnt", "chef", "elev"])
def test_others_know_nothing_of_it(cast, visit, asked, who):
    wish, client = asked(), visit(getattr(cast, who))
    assert client.get(page_of(wish)).status_code == 404
    assert client.post(page_of(wish), {"svar": "godkend"}).status_code == 404


def test_another_kommune_knows_nothing_of_it(cast, visit, asked):
    wish = asked()
    assert visit(cast.fnt).get(page_of(wish).replace("thisted", "morsoe")).status_code == 404


def test_whoever_asked_cannot_approve(cast, visit, asked, as_actor):
    wish = asked()
    assert visit(cast.it).post(page_of(wish), {"svar": "godkend"}).status_code == 403
    assert now(wish, cast, as_actor).status == "ASKED"


def test_whom_it_is_about_cannot_approve(cast, visit, asked, as_actor):
    wish = asked("DPO", cast.vpi.email, cast.vpi.name)
    assert visit(cast.vpi).get(page_of(wish)).status_code == 404
    with as_actor(cast.vpi) as actor, pytest.raises(PermissionDenied):
        approve_appointment(wish, actor=actor)


@pytest.mark.parametrize("who", ["dpo", "vpi"])
def test_the_dpo_or_a_chair_approves_and_an_administrator_carries_it_out(cast, visit, asked, thisted, who):
    wish, decider, admin = asked(), visit(getattr(cast, who)), visit(cast.it)
    assert "Godkend" in readable(decider.get(page_of(wish)))
    assert admin.post(page_of(wish), {"svar": "udfoer"}).status_code == 409  # nobody has approved it
    assert decider.post(page_of(wish), {"svar": "godkend"}).status_code == 302
    assert not User.objects.filter(email="nina@thisted.example").exists()
    assert cast.it.email in mails(thisted, page_of(wish))
    assert decider.post(page_of(wish), {"svar": "udfoer"}).status_code == 403
    assert admin.post(page_of(wish), {"svar": "udfoer"}).status_code == 302
    assert "nina@thisted.example" in holders(thisted, "ADMIN")
    assert admin.post(page_of(wish), {"svar": "udfoer"}).status_code == 409


def test_a_second_administrator_approves_and_it_is_carried_out(cast, visit, asked, second, thisted, actor_for):
    wish = asked()
    assert visit(second).post(page_of(wish), {"svar": "godkend"}).status_code == 302
    nina = User.objects.get(email="nina@thisted.example")
    assert actor_for(nina).tenant_verbs == {Verb.MANAGE_TENANT}
    with acting(setup_actor(thisted)):
        invitation = Invitation.objects.get(user=nina)
        assert (invitation.name, invitation.invited_by) == ("Nina Opdigtet", second)
        assert AppointmentWish.objects.get(pk=wish.pk).status == "DONE"
    with acting(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=thisted.pk, is_system=True)):
        sent = OutboxMessage.objects.get(recipient=nina, kind="mail")
        assert sent.payload["template"] == "mail/invitation.txt" and sent.payload["facts"]["role"] == "IT-administrator"  # what he becomes


def test_who_is_invited_already_gets_no_second_link(cast, as_actor, asked, second, visit, thisted):
    with as_actor(cast.it) as actor:
        nina = invite(thisted, "nina@thisted.example", "Nina Opdigtet", [], actor=actor, is_reader=True)
        first = Invitation.objects.get(user=nina)
    assert visit(second).post(page_of(asked()), {"svar": "godkend"}).status_code == 302
    with acting(setup_actor(thisted)):
        assert list(Invitation.objects.filter(user=nina)) == [first] and Invitation.objects.get(user=nina).revoked_at is None
    with acting(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=thisted.pk, is_system=True)):
        templates = sorted(row.payload["template"] for row in OutboxMessage.objects.filter(recipient=nina, kind="mail"))
        assert templates == ["mail/appointed.txt", "mail/invitation.txt"]


def test_the_page_says_what_the_last_step_does(cast, visit, asked):
    wish = asked()
    visit(cast.dpo).post(page_of(wish), {"svar": "godkend"})
    said = readable(visit(cast.it).get(page_of(wish)))
    assert "Udpeg IT-administrator" in said and "Udfør det" not in said and "Skal Nina Opdigtet være" in said
    visit(cast.it).post(page_of(wish), {"svar": "udfoer"})
    assert "Skal Nina Opdigtet være" not in readable(visit(cast.it).get(page_of(wish)))


def test_who_is_here_already_is_told_what_he_is(cast, visit, asked, second, thisted):
    wish = asked("DPO", cast.sektion.email, cast.sektion.name)
    assert visit(second).post(page_of(wish), {"svar": "godkend"}).status_code == 302
    with acting(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=thisted.pk, is_system=True)):
        assert OutboxMessage.objects.filter(recipient=cast.sektion, subject="Du er udpeget: Databeskyttelsesrådgiver, Thisted Kommune").count() == 1


def test_it_is_decided_once(cast, visit, asked, thisted):
    wish = asked()
    assert visit(cast.vpi).post(page_of(wish), {"svar": "afvis"}).status_code == 302
    for who, answer in ((cast.dpo, "godkend"), (cast.dpo, "afvis"), (cast.it, "traek"), (cast.it, "udfoer")):
        said = visit(who).post(page_of(wish), {"svar": answer})
        assert said.status_code == 409 and 'role="alert"' in said.content.decode(), answer
    assert cast.it.email in mails(thisted, page_of(wish))
    assert visit(cast.it).post(page_of(wish), {"svar": "hvad"}).status_code == 422


def test_it_is_withdrawn(cast, visit, asked, as_actor):
    wish = asked()
    assert visit(cast.dpo).post(page_of(wish), {"svar": "traek"}).status_code == 403
    assert visit(cast.it).post(page_of(wish), {"svar": "traek"}).status_code == 302
    assert now(wish, cast, as_actor).status == "WITHDRAWN"


def test_what_has_come_in_the_way_meanwhile_stops_it_whole(cast, visit, asked, second, as_actor, thisted):
    wish = asked("DPO", cast.sektion.email)
    with acting(setup_actor(thisted)):
        appoint(thisted, cast.sektion, AppointmentRole.ADMIN)
    assert visit(second).post(page_of(wish), {"svar": "godkend"}).status_code == 409
    assert now(wish, cast, as_actor).status == "ASKED"  # nothing half done
    assert cast.sektion.email not in holders(thisted, "DPO")


def test_two_wishes_for_one_person_make_one_appointment(cast, asked, second, as_actor):
    first, other = asked("ADMIN"), asked("DPO")
    with as_actor(second) as actor:
        approve_appointment(first, actor=actor)
        with pytest.raises(HindranceError):
            approve_appointment(other, actor=actor)


def test_too_many_invitations_stop_it_whole(cast, visit, asked, second, as_actor, monkeypatch):
    monkeypatch.setattr("municipalities.people_actions.MOST_AN_HOUR", 0)
    wish = asked()
    assert visit(second).post(page_of(wish), {"svar": "godkend"}).status_code == 429
    assert now(wish, cast, as_actor).status == "ASKED"
    assert not User.objects.filter(email="nina@thisted.example").exists()


# ---- Min uge -------------------------------------------------------------------------------------------------------------
def test_it_stands_on_the_min_uge_of_who_may_decide_and_then_of_who_may_carry_it_out(cast, visit, asked):
    wish = asked()
    week, path = "/thisted/", page_of(wish)
    assert path in readable_links(visit(cast.dpo).get(week)) and path in readable_links(visit(cast.vpi).get(week))
    for other in (cast.it, cast.konsulent, cast.chef, cast.fnt):
        assert path not in readable_links(visit(other).get(week))
    visit(cast.dpo).post(path, {"svar": "godkend"})
    assert path in readable_links(visit(cast.it).get(week)) and path not in readable_links(visit(cast.vpi).get(week))


def test_it_does_not_stand_on_the_min_uge_of_whom_it_is_about(cast, visit, asked):
    assert page_of(asked("DPO", cast.vpi.email)) not in readable_links(visit(cast.vpi).get("/thisted/"))


def readable_links(response):
    return response.content.decode()


def test_one_query_and_none_for_who_decides_nothing(cast, asked, as_actor):
    from types import SimpleNamespace

    from django.db import connection

    from municipalities.appointment_wishes import waiting_part

    asked()
    for who, most in ((cast.dpo, 1), (cast.vpi, 1), (cast.fnt, 0)):
        with as_actor(who) as actor, CaptureQueriesContext(connection) as found:
            waiting_part(SimpleNamespace(actor=actor, tenant=None))
        assert len(found) == most, who


# ---- ending ----------------------------------------------------------------------------------------------------------
def test_an_appointment_is_ended_by_itself_at_once(cast, visit, thisted, actor_for):
    window, page = visit(cast.it), f"{LIST}{cast.dpo.public_id}/udpegning/"
    assert "Afslut udpegningen" in readable(window.get(f"{LIST}{cast.dpo.public_id}/"))
    assert window.get(page + "?rolle=DPO").status_code == 200
    assert window.post(page, {"rolle": "DPO"}).status_code == 302
    assert cast.dpo.email not in holders(thisted, "DPO")
    assert visit(cast.dpo).get("/thisted/adgangslog/").status_code == 404
    assert window.post(page, {"rolle": "DPO"}).status_code == 302  # somebody else was faster: said, and nothing broken


def test_seats_stay_when_an_appointment_ends(cast, visit, thisted, second, as_actor):
    assert visit(cast.it).post(f"{LIST}{second.public_id}/udpegning/", {"rolle": "ADMIN"}).status_code == 302
    with as_actor(cast.it):
        assert Seat.objects.current().filter(user=second, tenant=thisted).exists()
    assert second.email not in holders(thisted, "ADMIN")
    assert not second.groups.filter(name=f"tenant:{thisted.pk}:ADMIN").exists()


def test_the_last_administrator_stays_and_is_shown_the_way(cast, visit, thisted, second):
    page = f"{LIST}{cast.it.public_id}/udpegning/"
    assert visit(second).post(page, {"rolle": "ADMIN"}).status_code == 302
    for path in (f"{LIST}{second.public_id}/udpegning/", f"{LIST}{second.public_id}/afslut/"):
        answer = visit(second).post(path, {"rolle": "ADMIN"})
        assert answer.status_code == 409 and ASK + "?rolle=ADMIN" in answer.content.decode()
    assert holders(thisted, "ADMIN") == {second.email}


def test_who_ends_his_own_appointment_is_led_out(cast, visit, second):
    assert visit(cast.it).post(f"{LIST}{cast.it.public_id}/udpegning/", {"rolle": "ADMIN"})["Location"] == "/"


def test_the_log_names_whom_an_appointment_is_about_as_he_is_called_here(cast, visit, asked, second, log):
    """Also when his account has another name: that is his own business until he has come."""
    User.objects.create(username="nina@thisted.example", email="nina@thisted.example", first_name="Et", last_name="Andetnavn", is_demo=True)
    visit(second).post(page_of(asked()), {"svar": "godkend"})
    nina = User.objects.get(email="nina@thisted.example")
    visit(cast.it).post(f"{LIST}{nina.public_id}/udpegning/", {"rolle": "ADMIN"})
    said = [row.object_repr for row in log() if row.content_type.model in ("appointment", "appointmentwish")]
    assert said[-2:] == ["IT-administrator: Nina Opdigtet"] * 2 and not any("Andetnavn" in text for text in said)
    reasons = [row.changes["reason"] for row in log() if row.content_type.model == "appointmentwish" and "reason" in (row.changes or {})]
    assert reasons and all("tage over" not in str(text) for text in reasons)


def test_an_invitation_ends_with_the_only_thing_it_was_for(cast, visit, asked, second, thisted):
    visit(second).post(page_of(asked()), {"svar": "godkend"})
    nina = User.objects.get(email="nina@thisted.example")
    assert visit(cast.it).post(f"{LIST}{nina.public_id}/udpegning/", {"rolle": "ADMIN"}).status_code == 302
    with acting(setup_actor(thisted)):
        assert not Invitation.objects.filter(user=nina, revoked_at=None).exists()


def test_the_system_user_is_not_ended(cast, visit, thisted):
    system = User.objects.get(username="system:thisted")
    assert visit(cast.it).post(f"{LIST}{system.public_id}/udpegning/", {"rolle": "SYSTEM"}).status_code == 404


def test_an_export_without_a_dpo_leads_to_appointing_one(cast, visit):
    visit(cast.it).post(f"{LIST}{cast.dpo.public_id}/udpegning/", {"rolle": "DPO"})
    answer = visit(cast.it).post("/thisted/eksport/", {"reason": "Aftalen slutter"})
    assert answer.status_code == 409 and ASK + "?rolle=DPO" in answer.content.decode()


# ---- the database itself ---------------------------------------------------------------------------------------------
def test_the_database_appoints_nobody_without_an_approved_wish_for_this_role_and_person(cast, as_actor, asked, thisted):
    wish = asked()
    with as_actor(cast.dpo) as actor:
        approve_appointment(wish, actor=actor)
    with as_actor(cast.it):
        groups = {row.role: row.group for row in Appointment.objects.filter(tenant=thisted)}
        for user, role in ((cast.chef, "ADMIN"), (cast.chef, "DPO"), (cast.it, "DPO")):
            with pytest.raises(IntegrityError, match=r"second person|both"), transaction.atomic():
                Appointment.objects.create(tenant=thisted, user=user, role=role, group=groups[role])
        nina = User.objects.create(username="nina@thisted.example", email="nina@thisted.example", is_demo=True)
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Appointment.objects.create(tenant=thisted, user=nina, role="DPO", group=groups["DPO"])
        Appointment.objects.create(tenant=thisted, user=nina, role="ADMIN", group=groups["ADMIN"])


def test_the_database_gives_no_role_the_group_of_another(cast, as_actor, thisted):
    with as_actor(cast.it):
        group = Appointment.objects.get(tenant=thisted, user=cast.it).group
        with pytest.raises(IntegrityError, match="group"), transaction.atomic():
            Appointment.objects.create(tenant=thisted, user=cast.chef, role="SYSTEM", group=group)
        own = Appointment.objects.get(tenant=thisted, user=cast.it)
        for change in ({"role": "DPO"}, {"user": cast.chef}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Appointment.objects.filter(pk=own.pk).update(**change)


def test_the_database_lets_no_ended_appointment_rise_again(cast, as_actor, visit, thisted, second):
    visit(cast.it).post(f"{LIST}{second.public_id}/udpegning/", {"rolle": "ADMIN"})
    with as_actor(cast.it):
        ended = Appointment.objects.get(tenant=thisted, user=second)
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Appointment.objects.filter(pk=ended.pk).update(valid_to=None)


def test_the_database_keeps_administrators_from_person_seats_and_the_two_roles_apart(cast, as_actor, thisted):
    wish = {"tenant": thisted, "role": "ADMIN", "name": "x", "reason": "x", "asked_by": cast.it}
    with as_actor(cast.it):
        groups = {row.role: row.group for row in Appointment.objects.filter(tenant=thisted)}
        made = [AppointmentWish.objects.create(**wish, email=user.email) for user in (cast.konsulent, cast.dpo)]
    with as_actor(cast.vpi):
        for row in made:
            row.status, row.decided_by = "APPROVED", cast.vpi
            row.save()
    with as_actor(cast.it):
        for user, said in ((cast.konsulent, "person data"), (cast.dpo, "both")):
            with pytest.raises(IntegrityError, match=said), transaction.atomic():
                Appointment.objects.create(tenant=thisted, user=user, role="ADMIN", group=groups["ADMIN"])


def test_the_database_lets_nobody_write_anothers_name_under_a_wish(cast, as_actor, asked, thisted):
    wish = asked()
    facts = {"tenant": thisted, "role": "DPO", "email": "bo@thisted.example", "name": "Bo", "reason": "x"}
    with as_actor(cast.it):
        for change in (
            {"status": "APPROVED", "decided_by": cast.dpo}, {"status": "APPROVED", "decided_by": cast.it}, {"status": "DONE", "decided_by": cast.dpo},
            {"asked_by": cast.chef}, {"role": "DPO"}, {"email": "bo@thisted.example"}, {"name": "Bo"},
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                AppointmentWish.objects.filter(pk=wish.pk).update(**change)
        for start in ({"asked_by": cast.chef}, {"asked_by": cast.it, "status": "APPROVED", "decided_by": cast.dpo}, {"asked_by": cast.it, "email": "Bo@thisted.example"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                AppointmentWish.objects.create(**{**facts, **start})
    with as_actor(cast.konsulent), pytest.raises(DatabaseError, match="second person"), transaction.atomic():  # signs for a forum, and chairs no Lokalråd or styregruppe
        AppointmentWish.objects.filter(pk=wish.pk).update(status="APPROVED", decided_by=cast.konsulent)
    with as_actor(cast.dpo) as actor:
        approve_appointment(wish, actor=actor)
    with as_actor(cast.it), pytest.raises(DatabaseError), transaction.atomic():
        AppointmentWish.objects.filter(pk=wish.pk).update(status="DONE", decided_by=cast.vpi)


@pytest.mark.parametrize("who", ["fnt", "chef", "elev"])
def test_the_database_shows_wishes_to_nobody_else(cast, as_actor, asked, who):
    wish = asked()
    with as_actor(getattr(cast, who)):
        assert not AppointmentWish.objects.exists()
        assert AppointmentWish.objects.filter(pk=wish.pk).update(status="REFUSED") == 0


def test_the_database_shows_wishes_to_no_other_kommune(cast, as_actor, asked):
    wish = asked()
    with as_actor(cast.fnt, "morsoe"):
        assert not AppointmentWish.objects.filter(pk=wish.pk).exists()


def test_who_only_decides_does_not_carry_out(cast, as_actor, asked):
    wish = asked()
    with as_actor(cast.dpo) as actor:
        approve_appointment(wish, actor=actor)
        with pytest.raises(PermissionDenied):
            carry_out(wish, actor=actor)


def test_a_wish_needs_a_person(cast, as_actor):
    with as_actor(cast.it) as actor, pytest.raises(AppointmentError):
        ask_appointment("DPO", "system-thisted@ssp.invalid", "System", "x", actor=actor)
