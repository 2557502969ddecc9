"""guardian's rows, the role table, and what the database shows: three answers that must be one."""

from guardian.shortcuts import get_perms

from access.models import User
from access.roles import FORUM_VERBS, PERSON_VERBS, ROLE_TABLE, Convening, DataClass, Duty, ForumKind, SeatRole, Verb, verbs_of
from meetings.models import AgendaItem
from municipalities.actions import forum_group_name
from municipalities.models import Forum, ForumGroupPermission, ForumUserPermission, Seat, TenantUserPermission
from plans.models import PlanUserPermission
from tests.conftest import acting


def test_group_rows_equal_the_role_table(cast, as_actor):
    for slug, user in (("thisted", cast.it), ("morsoe", cast.fnt)):
        with as_actor(user, slug):
            for forum in Forum.objects.filter(tenant__slug=slug):
                rows = ForumGroupPermission.objects.filter(content_object=forum).values_list("group__name", "permission__codename")
                seats = {(SeatRole(seat.role), seat.duties) for seat in Seat.objects.filter(forum=forum)} | {(role, frozenset()) for role in SeatRole}
                wanted = {
                    (forum_group_name(forum.pk, role, duties), verb.value)
                    for role, duties in seats
                    for verb in verbs_of(ForumKind(forum.kind), role, DataClass(forum.ceiling), Convening(forum.convening), duties)
                }
                assert set(rows) == wanted, forum


def test_a_duty_gives_a_pupil_or_an_observer_nothing():
    for role in (SeatRole.PUPIL, SeatRole.CIVIL, SeatRole.OBSERVER):
        for kind in ForumKind:
            assert verbs_of(kind, role, DataClass.INTERNAL, duties=list(Duty)) == verbs_of(kind, role, DataClass.INTERNAL)


def test_only_who_the_rule_names_may_convene():
    rights = {rule: {role for role in SeatRole if Verb.CONVENE in verbs_of(ForumKind.NETVAERK, role, DataClass.PERSON_115, rule)} for rule in Convening}
    assert rights == {
        Convening.ROLE: {SeatRole.COORDINATOR, SeatRole.CHAIR}, Convening.ELECTED: {SeatRole.CHAIR}, Convening.POLICE: set(),
        Convening.ANY_MEMBER: {SeatRole.COORDINATOR, SeatRole.CHAIR, SeatRole.MEMBER, SeatRole.CONTACT}, Convening.TWO: {SeatRole.COORDINATOR, SeatRole.CHAIR},
    }  # fmt: skip
    assert Verb.CONVENE in verbs_of(ForumKind.LOKALRAAD, SeatRole.MEMBER, DataClass.AGGREGATE, Convening.POLICE, [Duty.CONVENE])


def test_no_right_is_given_to_a_person_directly(db):
    assert [model.objects.count() for model in (ForumUserPermission, TenantUserPermission, PlanUserPermission)] == [0, 0, 0]
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.filter(user_permissions__isnull=False).exists()


def test_guardian_answers_what_row_security_shows(cast, actor_for):
    """For every person with a seat in Thisted: guardian's get_perms on a forum = the resolved set = the rows in sight."""
    for key, user in cast.users.items():
        try:
            actor = actor_for(user, "thisted")
        except AssertionError:
            continue
        with acting(actor):
            for forum in Forum.objects.filter(tenant=actor.tenant_id):
                by_guardian = {Verb(name) for name in get_perms(user, forum)} & set(FORUM_VERBS)
                resolved = {verb for verb in FORUM_VERBS if forum.pk in actor.forums_with(verb)}
                withheld = {verb for verb, forums in actor.withheld.items() if forum.pk in forums}  # until he accepts the duty of confidentiality
                assert by_guardian == resolved | withheld, (key, forum)
                assert not resolved & withheld
            seen = set(AgendaItem.objects.values_list("forum_id", "data_class").distinct())
            for forum_id, data_class in seen:
                wall = {"AGGREGATE": Verb.VIEW_AGGREGATE, "PERSON_115": Verb.VIEW_CASES}.get(data_class, Verb.VIEW_AGENDA)
                assert forum_id in actor.forums_with(wall) or actor.guests, (key, forum_id, data_class)


def test_rank_gives_nothing(cast, actor_for):
    """A director sees less than the coordinator; a mayor sees no case."""
    assert not actor_for(cast.chef).holds(Verb.VIEW_CASES)
    assert not actor_for(cast.vpi).holds(Verb.VIEW_CASES)
    assert not actor_for(cast.it).holds(Verb.VIEW_AGENDA)


def test_no_table_row_gives_case_verbs_to_councils_pupils_or_private_members():
    for kind in (ForumKind.KREDSRAAD, ForumKind.LOKALRAAD, ForumKind.STYREGRUPPE, ForumKind.ARBEJDSGRUPPE, ForumKind.EKSTERN, ForumKind.INFOHUS):
        assert all(not verbs & PERSON_VERBS for verbs in ROLE_TABLE[kind].values()), kind
    for kind in ForumKind:
        for role in (SeatRole.PUPIL, SeatRole.CIVIL, SeatRole.OBSERVER, SeatRole.CONTACT):
            assert not verbs_of(kind, role, DataClass.PERSON_115) & PERSON_VERBS, (kind, role)


def test_a_seat_that_ends_ends_access_at_the_next_click(cast, as_actor, visit):
    from municipalities.actions import end_seat

    browser = visit(cast.gade)
    assert browser.get("/thisted/sager/").status_code == 200
    with as_actor(cast.it) as admin:
        for seat in Seat.objects.filter(user=cast.gade):
            end_seat(seat, actor=admin)
    assert browser.get("/thisted/sager/").status_code == 404


def test_appointments_give_no_seat(cast, actor_for):
    dpo = actor_for(cast.dpo)
    assert dpo.tenant_verbs == {Verb.VIEW_AUDIT}
    assert dpo.forums == {}
