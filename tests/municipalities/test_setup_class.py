"""A forum's class: raised only by two persons, lowered by one; nobody private or a pupil near person data. The database refuses too."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from access.actor import Actor
from access.context import context_of
from access.models import OutboxMessage, User
from access.roles import AppointmentRole, DataClass, SeatRole, Verb
from municipalities.actions import add_seat, appoint
from municipalities.class_change_actions import approve_class_change, ask_class_change, carry_out, lower_class
from municipalities.class_changes import effects
from municipalities.errors import SetupError
from municipalities.models import ClassChange, Forum, ForumGroupPermission, Organisation, Seat, Tenant
from municipalities.presets import setup_actor
from tests.conftest import acting


def text_of(response):
    html = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.replace("\u00a0", " ").replace("\u2060", "").split())


def mails_of(change):
    """Who got a mail about the wish."""
    with context_of(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=change.tenant_id, is_system=True)):
        return list(OutboxMessage.objects.filter(path=f"/thisted/klasser/{change.public_id}/").values_list("recipient__email", flat=True))


@pytest.fixture
def forum(cast, as_actor):
    """`forum("ssp-plus")`: a forum of Thisted."""

    def find(key):
        with as_actor(cast.it):
            return Forum.objects.get(key=key, tenant__slug="thisted")

    return find


@pytest.fixture
def waiting(cast, as_actor):
    """The wish of the demo: SSP Grundskole may see aggregated figures."""
    with as_actor(cast.it):
        return ClassChange.objects.get(forum__key="grundskole", tenant__slug="thisted")


def second_administrator(cast, as_actor):
    tenant = Tenant.objects.get(slug="thisted")
    with acting(setup_actor(tenant)):
        appoint(tenant, cast.chef, AppointmentRole.ADMIN)
    return cast.chef


def test_the_page_shows_who_would_gain_access_to_what(visit, cast, forum):
    client = visit(cast.it)
    page = f"/thisted/opsaetning/fora/{forum('trygt-natteliv').public_id}/klasse/"
    shown = client.post(page, {"kind": "NETVAERK", "ceiling": "AGGREGATE", "seen": re.search(r'name="seen" value="(\w+)"', client.get(page).content.decode())[1]})
    assert shown.status_code == 200
    assert "Punkter i den højere klasse" in text_of(shown)
    assert forum("trygt-natteliv").ceiling == "INTERNAL"


def test_a_role_that_opens_no_case_is_not_said_to_gain_the_closed_items(cast, as_actor, forum):
    target = forum("grundskole")
    with as_actor(cast.it):
        found = {(SeatRole(line.seat.role), line.reads_more) for line in effects(target, "NETVAERK", "PERSON_115")}
        assert found == {(SeatRole.COORDINATOR, True), (SeatRole.MEMBER, True), (SeatRole.CONTACT, False)}
        assert all(line.reads_more for line in effects(Forum(tenant_id=target.tenant_id, pk=target.pk, kind="NETVAERK", ceiling="PUBLIC"), "NETVAERK", "INTERNAL"))


def test_raising_is_asked_for_with_a_reason_and_changes_nothing(visit, cast, forum, as_actor):
    client = visit(cast.it)
    page = f"/thisted/opsaetning/fora/{forum('trygt-natteliv').public_id}/klasse/"
    form = {"kind": "NETVAERK", "ceiling": "AGGREGATE", "gem": "1", "seen": re.search(r'name="seen" value="(\w+)"', client.get(page).content.decode())[1]}
    assert client.post(page, form).status_code == 422
    assert client.post(page, {**form, "reason": "Tal fra natteravnene"}).status_code == 302
    with as_actor(cast.it):
        change = ClassChange.objects.get(forum__key="trygt-natteliv")
    assert (change.status, change.to_class, change.asked_by) == ("ASKED", "AGGREGATE", cast.it)
    assert forum("trygt-natteliv").ceiling == "INTERNAL"
    assert mails_of(change) == [cast.vpi.email]
    assert client.post(page, {**form, "reason": "Igen"}).status_code == 409


def test_whoever_asked_is_told_what_the_second_person_said(visit, cast, waiting):
    assert visit(cast.vpi).post(f"/thisted/klasser/{waiting.public_id}/", {"svar": "afvis"}).status_code == 302
    assert cast.it.email in mails_of(waiting)


def test_whoever_asked_cannot_approve(visit, cast, waiting, forum):
    answer = visit(cast.it).post(f"/thisted/klasser/{waiting.public_id}/", {"svar": "godkend"})
    assert answer.status_code == 403
    assert forum("grundskole").ceiling == "INTERNAL"


def test_a_second_administrator_approves_and_it_is_carried_out(visit, cast, waiting, forum, as_actor):
    chef = second_administrator(cast, as_actor)
    assert visit(chef).post(f"/thisted/klasser/{waiting.public_id}/", {"svar": "godkend"}).status_code == 302
    assert forum("grundskole").ceiling == "AGGREGATE"
    with as_actor(cast.it):
        waiting.refresh_from_db()
    assert (waiting.status, waiting.decided_by) == ("DONE", chef)


def test_the_chair_of_the_lokalraad_approves_and_an_administrator_carries_it_out(visit, cast, waiting, forum):
    page = f"/thisted/klasser/{waiting.public_id}/"
    chair, admin = visit(cast.vpi), visit(cast.it)
    assert "Godkend" in text_of(chair.get(page))
    assert admin.post(page, {"svar": "udfoer"}).status_code == 409  # nobody has approved it
    assert chair.post(page, {"svar": "godkend"}).status_code == 302
    assert forum("grundskole").ceiling == "INTERNAL"
    assert admin.post(page, {"svar": "udfoer"}).status_code == 302
    assert forum("grundskole").ceiling == "AGGREGATE"


@pytest.mark.parametrize("who", ["konsulent", "chef", "fnt", "dpo", "elev"])
def test_others_know_nothing_of_it(visit, cast, waiting, who):
    client, page = visit(getattr(cast, who)), f"/thisted/klasser/{waiting.public_id}/"
    assert client.get(page).status_code == 404
    assert client.post(page, {"svar": "godkend"}).status_code == 404


def test_it_is_refused_or_withdrawn_only_once(visit, cast, waiting, forum):
    page = f"/thisted/klasser/{waiting.public_id}/"
    assert visit(cast.vpi).post(page, {"svar": "afvis"}).status_code == 302
    assert visit(cast.vpi).post(page, {"svar": "godkend"}).status_code == 409
    assert visit(cast.it).post(page, {"svar": "traek"}).status_code == 409
    assert visit(cast.it).post(page, {"svar": "hvad"}).status_code == 422
    assert forum("grundskole").ceiling == "INTERNAL"


def test_a_forum_with_a_pupil_or_a_private_member_is_never_raised_to_person_data(cast, as_actor, forum):
    for key, named in (("ssp-plus", "»Elevrepræsentant, Ungdomsuddannelserne«"), ("trygt-natteliv", "»Restaurationsbranchen«, »Taxa«")):
        target = forum(key)
        with as_actor(cast.it) as actor, pytest.raises(SetupError, match=named):
            ask_class_change(target, actor=actor, kind="NETVAERK", ceiling="PERSON_115", reason="Sager")


def test_an_administrator_with_a_seat_in_the_forum_keeps_it_from_person_data(cast, as_actor, forum):
    target = forum("grundskole")
    with as_actor(cast.it) as actor:
        ClassChange.objects.filter(forum=target).update(status="WITHDRAWN")
        organisation = Seat.objects.filter(forum=target).first().organisation
        add_seat(target, actor=actor, role=SeatRole.OBSERVER, title="Teknik", organisation=organisation, user=cast.it)
        with pytest.raises(SetupError, match=cast.it.name):
            ask_class_change(target, actor=actor, kind="NETVAERK", ceiling="PERSON_115", reason="Sager")


def test_raised_to_person_data_its_members_get_the_verbs_and_lowering_takes_them_at_once(cast, as_actor, forum):
    chef, target = second_administrator(cast, as_actor), forum("grundskole")
    with as_actor(cast.it) as actor:
        ClassChange.objects.filter(forum=target).update(status="WITHDRAWN")
        change = ask_class_change(target, actor=actor, kind="NETVAERK", ceiling="PERSON_115", reason="Sager")
        with pytest.raises(PermissionDenied):
            approve_class_change(change, actor=actor)
    with as_actor(chef) as second:
        approve_class_change(change, actor=second)

    def rows():
        with as_actor(cast.it):
            return set(ForumGroupPermission.objects.filter(content_object=target, permission__codename=Verb.VIEW_CASES).values_list("group__name", flat=True))

    assert rows() == {f"forum:{target.pk}:{role}" for role in ("COORDINATOR", "CHAIR", "MEMBER")}
    with as_actor(cast.it) as actor:
        lower_class(Forum.objects.get(pk=target.pk), actor=actor, kind="NETVAERK", ceiling="INTERNAL")
    assert rows() == set()


def test_lowering_is_no_way_to_raise(cast, as_actor, forum):
    target = forum("trygt-natteliv")
    with as_actor(cast.it) as actor, pytest.raises(SetupError):
        lower_class(target, actor=actor, kind="NETVAERK", ceiling="AGGREGATE")


def test_a_forum_that_was_changed_meanwhile_is_not_raised(cast, as_actor, waiting, forum):
    chef, target = second_administrator(cast, as_actor), forum("grundskole")
    with as_actor(cast.it) as actor:
        lower_class(target, actor=actor, kind="NETVAERK", ceiling="PUBLIC")
    with as_actor(chef) as second, pytest.raises(SetupError), transaction.atomic():
        approve_class_change(waiting, actor=second)
    assert forum("grundskole").ceiling == "PUBLIC"
    with as_actor(cast.it) as actor, pytest.raises(SetupError):
        carry_out(waiting, actor=actor)


# ---- the database itself ---------------------------------------------------------------------------------------------
def test_the_database_raises_no_forum_without_two_persons(cast, as_actor, forum):
    target = forum("trygt-natteliv")
    with as_actor(cast.it):
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Forum.objects.filter(pk=target.pk).update(ceiling=DataClass.AGGREGATE)
        asked = ClassChange.objects.create(
            tenant_id=target.tenant_id, forum=target, from_kind="NETVAERK", to_kind="NETVAERK", from_class="INTERNAL", to_class="AGGREGATE", reason="x", asked_by=cast.it
        )
        with pytest.raises(IntegrityError, match="classchange_two_persons"), transaction.atomic():
            ClassChange.objects.filter(pk=asked.pk).update(status="APPROVED", decided_by=cast.it)


def test_the_database_keeps_pupils_and_private_members_out_of_person_forums(cast, as_actor, forum):
    target = forum("p115")
    with as_actor(cast.it):
        seat = Seat.objects.filter(forum=target).select_related("organisation").first()
        with pytest.raises(IntegrityError, match="cannot sit"), transaction.atomic():
            Seat.objects.filter(pk=seat.pk).update(role=SeatRole.PUPIL)
        with pytest.raises(IntegrityError, match="sits in a forum"), transaction.atomic():
            Organisation.objects.filter(pk=seat.organisation_id).update(kind="private")


# ---- whoever may decide is told ----------------------------------------------------------------------------------------
def test_min_uge_tells_the_second_person_and_nobody_else(visit, cast, waiting, as_actor):
    address = f"/thisted/klasser/{waiting.public_id}/"
    assert address in visit(cast.vpi).get("/thisted/").content.decode()
    for other in (cast.it, cast.konsulent, cast.chef, cast.fnt):
        assert address not in visit(other).get("/thisted/").content.decode()
    chef = second_administrator(cast, as_actor)
    assert address in visit(chef).get("/thisted/").content.decode()


def test_lowering_from_aggregated_takes_the_figures_away(cast, as_actor, actor_for, forum):
    group = forum("styregruppe")
    assert group.pk in actor_for(cast.fnt).forums_with(Verb.VIEW_AGGREGATE)
    with as_actor(cast.it) as admin:
        lower_class(group, actor=admin, kind=group.kind, ceiling="INTERNAL")
    rights = actor_for(cast.fnt)
    assert group.pk not in rights.forums_with(Verb.VIEW_AGGREGATE)
    assert group.pk in rights.forums_with(Verb.VIEW_AGENDA)


def test_an_administrator_with_a_seat_of_the_police_leaves_the_rule_of_convening_to_another(cast, as_actor, visit, forum):
    group = forum("p115")
    tenant = Tenant.objects.get(slug="thisted")
    with acting(setup_actor(tenant)):
        appoint(tenant, cast.fnt, AppointmentRole.ADMIN)
    client = visit(cast.fnt)
    page = f"/thisted/opsaetning/fora/{group.public_id}/ret/"
    form = client.get(page).context["form"]
    data = {name: value for name, value in ((name, form[name].value()) for name in form.fields) if value not in (None, False)}
    answer = client.post(page, {**data, "convening": "POLICE"})
    assert answer.status_code in (409, 422)
    assert "du sidder selv i dette forum for politiet" in text_of(answer).lower()
    assert forum("p115").convening == group.convening
