"""Ways round the two persons of an appointment, and rows that were read for somebody else: tried, and refused."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from access.actor import Actor
from access.context import write_context
from access.kept import ahead, kept
from access.models import OutboxMessage, User
from access.notify import empty_outbox
from access.roles import APPOINTMENT_TABLE, AppointmentRole, Verb
from meetings.models import Meeting
from municipalities.actions import appoint
from municipalities.appointment_actions import approve_appointment, ask_appointment
from municipalities.models import Appointment, Seat, Tenant, TenantGroupPermission
from municipalities.presets import setup_actor
from municipalities.term_uses import replaced
from tests.conftest import acting
from tests.rules.crawl import readable


@pytest.fixture
def thisted(db):
    return Tenant.objects.get(slug="thisted")


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


# ---- the verbs of a role -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["ADMIN", "DPO", "READER"])
def test_no_role_gets_the_verb_of_another(cast, as_actor, thisted, actor_for, role):
    right = "insert into municipalities_tenantgrouppermission (group_id, permission_id, content_object_id) values (%s, %s, %s)"
    before = actor_for(cast.it).tenant_verbs
    with as_actor(cast.it):
        group = Group.objects.get_or_create(name=f"tenant:{thisted.pk}:{role}")[0]
        for verb in set(Verb) & {Verb.MANAGE_TENANT, Verb.VIEW_AUDIT} - APPOINTMENT_TABLE[AppointmentRole(role)]:
            verb_id = Permission.objects.get(codename=verb, content_type__model="tenant").pk
            with pytest.raises(DatabaseError, match="own verbs"):
                sql(right, group.pk, verb_id, thisted.pk)
        with pytest.raises(DatabaseError, match="own verbs"):
            sql("update municipalities_tenantgrouppermission set group_id = %s where content_object_id = %s and group_id <> %s", group.pk, thisted.pk, group.pk)
    assert actor_for(cast.it).tenant_verbs == before


def test_a_role_of_one_kommune_has_no_verb_in_another(cast, as_actor, thisted):
    other = Tenant.objects.exclude(pk=thisted.pk).first()
    with as_actor(cast.it):
        right = TenantGroupPermission.objects.get(content_object=thisted, permission__codename="manage_tenant")
        with pytest.raises(DatabaseError, match="own verbs"), transaction.atomic():
            TenantGroupPermission.objects.create(group=right.group, permission=right.permission, content_object=other)


def test_a_group_keeps_its_name_and_a_verb_its(cast, as_actor, thisted):
    with as_actor(cast.it):
        group = Appointment.objects.get(tenant=thisted, role="DPO").group
        with pytest.raises(DatabaseError, match="keeps its name"):
            sql("update auth_group set name = %s where id = %s", f"tenant:{thisted.pk}:READER", group.pk)
        with pytest.raises(DatabaseError, match="permission denied"):
            sql("update auth_permission set codename = 'x' where codename = 'view_audit'")


@pytest.mark.parametrize("who", ["elev", "dpo", "chef"])
def test_nobody_gives_the_group_of_a_seat_another_verb(cast, as_actor, who):
    with as_actor(cast.it):
        seat = Seat.objects.current().filter(user=cast.elev).get()
    verb_id = Permission.objects.get(codename=Verb.SIGN_ACCESS, content_type__model="forum").pk
    right = "insert into municipalities_forumgrouppermission (group_id, permission_id, content_object_id) values (%s, %s, %s)"
    with as_actor(getattr(cast, who)) as actor:
        assert seat.forum_id not in actor.forums_with(Verb.WRITE_MINUTES)
        with pytest.raises(DatabaseError, match="rights of a forum"):
            sql(right, seat.group_id, verb_id, seat.forum_id)
        with pytest.raises(DatabaseError, match="rights of a forum"):
            sql("update municipalities_forumgrouppermission set permission_id = %s where group_id = %s", verb_id, seat.group_id)
    with as_actor(cast.fnt, "morsoe"), pytest.raises(DatabaseError, match="rights of a forum"):
        sql(right, seat.group_id, verb_id, seat.forum_id)


# ---- ending ------------------------------------------------------------------------------------------------------------
def test_an_appointment_is_ended_and_never_deleted(cast, as_actor, thisted):
    with as_actor(cast.it):
        assert sql("delete from municipalities_appointment where tenant_id = %s", thisted.pk) == 0
        assert Appointment.objects.current().filter(tenant=thisted, role="DPO").exists()


@pytest.mark.parametrize("way", ["udpegning", "afslut"])
def test_no_dpo_is_put_aside_without_a_word(cast, visit, thisted, way):
    answer = visit(cast.it).post(f"/thisted/opsaetning/personer/{cast.dpo.public_id}/{way}/", {"rolle": "DPO"})
    assert answer.status_code == 302
    with acting(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=thisted.pk, is_system=True)):
        rows = OutboxMessage.objects.filter(payload__template="mail/appointment_ended.txt")
        assert set(rows.values_list("recipient__email", flat=True)) == {cast.dpo.email, cast.vpi.email}
    empty_outbox(thisted.pk)
    told = {sent.to[0]: sent.body for sent in mail.outbox if "afsluttet en udpegning" in sent.body}
    assert told.keys() == {cast.dpo.email, cast.vpi.email}  # also to whom it was, who is nobody here now
    assert all(cast.it.name in body and cast.dpo.name in body for body in told.values())


def test_the_end_of_an_employee_without_a_seat_is_told_to_nobody(cast, visit, thisted):
    from municipalities.readers import let_read

    with acting(setup_actor(thisted)):
        someone = User.objects.create(username="r@thisted.example", email="r@thisted.example", is_demo=True)
        let_read(thisted, [someone], actor=setup_actor(thisted))
    assert visit(cast.it).post(f"/thisted/opsaetning/personer/{someone.public_id}/afslut/").status_code == 302
    with acting(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=thisted.pk, is_system=True)):
        assert not OutboxMessage.objects.filter(payload__template="mail/appointment_ended.txt").exists()


# ---- read ahead ----------------------------------------------------------------------------------------------------------
def test_what_was_read_ahead_for_one_is_not_handed_to_another(cast, as_actor, actor_for):
    @kept
    def every(tenant):
        return Meeting.objects.filter(tenant_id=tenant).order_by("pk")

    @kept
    def places(tenant):
        return Meeting.objects.filter(tenant_id=tenant).order_by("place")

    pupil = actor_for(cast.elev)
    with as_actor(cast.konsulent) as actor, ahead(every.of(actor.tenant_id), places.of(actor.tenant_id)):
        write_context(pupil)
        seen = every(actor.tenant_id)
        assert seen == list(Meeting.objects.filter(tenant_id=actor.tenant_id).order_by("pk"))
        write_context(actor)
        assert set(every(actor.tenant_id)) > set(seen)


# ---- two at once ---------------------------------------------------------------------------------------------------------
def test_approving_and_carrying_out_lock_in_one_order(cast, as_actor, thisted):
    """Else the two of them at once wait for each other, and one gets an error page."""
    with acting(setup_actor(thisted)):
        appoint(thisted, cast.chef, AppointmentRole.ADMIN)
    with as_actor(cast.it) as actor:
        wish = ask_appointment("ADMIN", "nina@thisted.example", "Nina Opdigtet", "Skal kunne tage over.", actor=actor)
    with as_actor(cast.chef) as actor, CaptureQueriesContext(connection) as found:
        approve_appointment(wish, actor=actor)
    locks = [query["sql"] for query in found if "FOR UPDATE" in query["sql"]]
    assert "municipalities_tenant" in locks[0] and "municipalities_appointmentwish" in locks[1]


def test_a_word_that_only_the_pattern_takes_for_a_former_one_stays():
    assert replaced("Skole\u0131n og skolein", [("skolein", "skolen")]) == "Skole\u0131n og skolen"


# ---- whose account it is -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["invited", "appointed"])
def test_who_never_came_keeps_the_name_that_was_written_when_it_ends(cast, visit, as_actor, thisted, way):
    """Or an administrator invites addresses and ends them again, to learn who has an account in another kommune, and his name."""
    window, people = visit(cast.it), "/thisted/opsaetning/personer/"
    elsewhere = User.objects.create(username="kv@morsoe.example", email="kv@morsoe.example", first_name="Karla", last_name="Virkelig", is_demo=True)
    written = {"name": "Nina Opdigtet", "email": elsewhere.email}
    if way == "invited":
        assert window.post(people + "inviter/", {**written, "is_reader": "on"}).status_code == 302
    else:
        wish = window.post(people + "udpeg/", {**written, "role": "ADMIN", "reason": "x"})["Location"]
        assert visit(cast.dpo).post(wish, {"svar": "godkend"}).status_code == window.post(wish, {"svar": "udfoer"}).status_code == 302
    assert window.post(f"{people}{elsewhere.public_id}/afslut/").status_code == 302
    for page in (f"{people}{elsewhere.public_id}/", f"{people}?ophoert=1&q={elsewhere.email}", f"{people}?ophoert=1&q={elsewhere.last_name}"):
        shown = readable(window.get(page))
        assert elsewhere.name not in shown, page
        assert ("Nina Opdigtet" in shown) == ("q=" not in page or elsewhere.email in page), page


def test_no_page_tells_an_administrator_whose_account_an_invited_address_is(cast, visit, as_actor):
    """Every list that has the invited among others: of seats, of mails, of who may lead or answer."""
    elsewhere = User.objects.create(username="kv@morsoe.example", email="kv@morsoe.example", first_name="Karla", last_name="Virkelig", is_demo=True)
    with as_actor(cast.it):
        rows = Seat.objects.current().filter(tenant__slug="thisted", user=None).select_related("forum")
        seat = next(row for row in rows if not row.forum.is_person_forum)
    window = visit(cast.it)
    invited = {"name": "Nina Opdigtet", "email": elsewhere.email, "seats": [seat.pk]}
    assert window.post("/thisted/opsaetning/personer/inviter/", invited).status_code == 302
    door = {"title": "Døren", "phone": "12345678", "holder": elsewhere.public_id}
    assert window.post("/thisted/sparring/opsaet/", door).status_code == 302
    for page in (f"fora/{seat.forum.public_id}/adgang/", "sparring/opsaet/", "sparring/", "funktionsbeskrivelser/ledere/", "mails/alle/"):
        shown = readable(window.get(f"/thisted/{page}"))
        assert "Virkelig" not in shown, page
        assert "Nina Opdigtet" in shown or page == "sparring/", page
