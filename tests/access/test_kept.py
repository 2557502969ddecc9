"""Statements that are compiled once: the same rows as the queryset, read anew with each call's values."""

from contextlib import contextmanager

import pytest
from django.db import DataError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access import kept as kept_module
from access.kept import BakedMomentError, ahead, kept, together
from access.models import LogEntry, Purpose
from access.policy import among, visible
from access.roles import Verb
from meetings import fillers
from meetings.models import Meeting
from meetings.views import agenda as agenda_page
from meetings.views import week as week_page
from municipalities import organisation as organisation_rows
from municipalities.models import Forum
from municipalities.views import organisation as organisation_page
from plans import views as plan_pages
from plans.models import Plan
from tests.conftest import make_client


def test_each_call_reads_with_its_own_values(cast, as_actor):
    @kept
    def in_forum(tenant, forum):
        return Meeting.objects.filter(tenant_id=tenant, forum_id=forum).select_related("forum").order_by("pk")

    with as_actor(cast.konsulent) as actor:
        forums = list(Forum.objects.filter(tenant_id=actor.tenant_id, meetings__isnull=False).distinct())
        assert len(forums) > 1
        for forum in forums:
            rows = in_forum(actor.tenant_id, forum.pk)
            assert rows == list(Meeting.objects.filter(forum=forum).order_by("pk"))
            assert {row.forum.name for row in rows} == {forum.name}
        assert in_forum(actor.tenant_id, 0) == []


def test_what_changed_between_two_calls_is_seen(cast, as_actor):
    @kept
    def called(tenant, status):
        return Meeting.objects.filter(tenant_id=tenant, status=status).order_by("pk")

    with as_actor(cast.konsulent) as actor:
        meeting = called(actor.tenant_id, "CALLED")[0]
        assert Meeting.objects.filter(pk=meeting.pk).update(place="Et helt nyt sted") == 1
        assert called(actor.tenant_id, "CALLED")[0].place == "Et helt nyt sted"


def test_row_security_still_decides(cast, as_actor):
    @kept
    def every():
        return Meeting.objects.order_by("pk")

    with as_actor(cast.konsulent) as actor:
        own = [row for row in every() if row.tenant_id == actor.tenant_id]
    with as_actor(cast.fnt, "morsoe"):
        assert own
        assert every() == list(Meeting.objects.order_by("pk"))
        assert not set(every()) & set(own)


def test_a_moment_is_given_and_never_compiled_in(cast, as_actor):
    @kept
    def coming(tenant):
        return Meeting.objects.filter(tenant_id=tenant, starts_at__gt=timezone.now())

    @kept
    def on_these(tenant):
        return Meeting.objects.filter(tenant_id=tenant, starts_at__in=[timezone.now(), timezone.now()])

    with as_actor(cast.konsulent) as actor:
        for statement in (coming, on_these):
            with pytest.raises(BakedMomentError, match=statement.build.__name__):
                statement(actor.tenant_id)


def test_a_label_is_the_readers_own():
    from django.utils.translation import override

    entry = LogEntry(action=3, purpose=Purpose.MEETING)
    with override("da"):
        danish = entry.get_purpose_display()
    with override("en"):
        assert (entry.get_action_display(), entry.get_purpose_display()) == ("opened", "The coming meeting")
    assert danish != "The coming meeting"
    assert LogEntry(action=77).get_action_display() == 77  # as Django answers: the value itself


def test_a_parameter_may_be_a_list(cast, as_actor):
    @kept
    def of_forums(forums):
        return Meeting.objects.filter(forum__any=forums).order_by("pk")

    with as_actor(cast.konsulent):
        forums = list(Forum.objects.filter(meetings__isnull=False).distinct().order_by("pk").values_list("pk", flat=True))
        for chosen in ([], forums[:1], forums):
            assert of_forums(chosen) == list(Meeting.objects.filter(forum_id__in=chosen).order_by("pk"))


def test_among_answers_as_visible_does(cast, as_actor):
    for user in (cast.konsulent, cast.fnt, cast.dpo, cast.chef):
        with as_actor(user) as actor:
            for verb in (Verb.VIEW_ORGANISATION, Verb.VIEW_AGENDA, Verb.APPROVE_MINUTES, Verb.VIEW_CASES):
                rows = Meeting.objects.order_by("pk")
                assert among(actor, verb, rows) == list(visible(actor, verb, rows))


def test_a_value_of_every_call_stands_in_the_statement_as_it_is(cast, as_actor):
    odd = "100 %s 'rå' \\ %% \"?\""

    @kept
    def there(tenant):
        return Meeting.objects.filter(tenant_id=tenant, place=odd, sequence__gte=0, status__in=["CALLED", "DRAFT"], approved_at=None).order_by("pk")

    with as_actor(cast.konsulent) as actor:
        meeting = Meeting.objects.filter(tenant_id=actor.tenant_id, status="CALLED", approved_at=None)[0]
        assert there(actor.tenant_id) == []
        assert Meeting.objects.filter(pk=meeting.pk).update(place=odd) == 1
        assert there(actor.tenant_id) == [meeting]


def test_several_are_read_in_one_journey_and_each_gives_its_own_rows(cast, as_actor, django_assert_num_queries):
    @kept
    def meetings_of(tenant, forum):
        return Meeting.objects.filter(tenant_id=tenant, forum_id=forum).select_related("forum").order_by("pk")

    @kept
    def names_of(tenant):
        return Forum.objects.filter(tenant_id=tenant).order_by("pk").values_list("name", "target_ages")

    with as_actor(cast.konsulent) as actor:
        forums = list(Forum.objects.filter(tenant_id=actor.tenant_id, meetings__isnull=False).distinct().order_by("pk"))
        reads = [meetings_of.of(actor.tenant_id, forum.pk) for forum in forums]
        with django_assert_num_queries(len(forums) + 1):
            *found, names = together(*reads, names_of.of(actor.tenant_id))
        assert found == [meetings_of(actor.tenant_id, forum.pk) for forum in forums]
        assert all(rows for rows in found)
        assert names == names_of(actor.tenant_id)


def test_one_that_fails_in_the_journey_fails_as_a_query_does(cast, as_actor):
    @kept
    def divided(tenant, by):
        return Forum.objects.filter(tenant_id=tenant).annotate(part=F("pk") / by).order_by("pk")

    @kept
    def every(tenant):
        return Forum.objects.filter(tenant_id=tenant).order_by("pk")

    with as_actor(cast.konsulent) as actor:
        with pytest.raises(DataError), transaction.atomic():
            together(every.of(actor.tenant_id), divided.of(actor.tenant_id, 0), every.of(actor.tenant_id))
        assert every(actor.tenant_id)  # the connection is as good as before


def test_what_is_read_ahead_is_taken_once_by_the_same_statement_with_the_same_values(cast, as_actor, django_assert_num_queries):
    @kept
    def meetings_of(tenant, forums):
        return Meeting.objects.filter(tenant_id=tenant, forum__any=forums).order_by("pk")

    @kept
    def every_forum(tenant):
        return Forum.objects.filter(tenant_id=tenant).order_by("pk")

    with as_actor(cast.konsulent) as actor:
        forums = [forum.pk for forum in every_forum(actor.tenant_id)]
        told = meetings_of(actor.tenant_id, forums)
        assert told
        with django_assert_num_queries(5):
            with ahead(meetings_of.of(actor.tenant_id, forums), every_forum.of(actor.tenant_id)):  # 2
                assert meetings_of(actor.tenant_id, list(forums)) == told
                assert meetings_of(actor.tenant_id, forums[:1]) == [row for row in told if row.forum_id == forums[0]]  # other values
                assert meetings_of(actor.tenant_id, forums) == told  # once more: read anew
            assert [forum.pk for forum in every_forum(actor.tenant_id)] == forums  # the block is over


def test_one_alone_is_not_read_ahead(cast, as_actor, django_assert_num_queries):
    @kept
    def every_forum(tenant):
        return Forum.objects.filter(tenant_id=tenant).order_by("pk")

    with as_actor(cast.konsulent) as actor, django_assert_num_queries(1), ahead(every_forum.of(actor.tenant_id)):
        assert every_forum(actor.tenant_id)


PAGES_OF_PARTS = [
    ("meeting_detail", lambda: Meeting.objects.filter(tenant__slug="thisted", forum__key="styregruppe", status="CALLED").first().public_id),
    ("plan_detail", lambda: Plan.objects.filter(tenant__slug="thisted", status="APPROVED").first().public_id),
    ("organisation", None),
    ("week", None),
]


@pytest.mark.parametrize(("route", "row"), PAGES_OF_PARTS, ids=[route for route, _row in PAGES_OF_PARTS])
def test_a_page_asks_for_nothing_twice_and_leaves_nothing_that_was_read_ahead(cast, as_actor, monkeypatch, route, row):
    args = ["thisted"]
    if row:
        with as_actor(cast.konsulent):
            args.append(row())
    left, taken = [], kept_module.ahead

    @contextmanager
    def watched(*reads):
        with taken(*reads):
            yield
            left.extend(read.statement for read, _rows in kept_module._ahead.get())

    for module in (agenda_page, plan_pages, organisation_page, organisation_rows, fillers, week_page):
        monkeypatch.setattr(module, "ahead", watched)
    with CaptureQueriesContext(connection) as asked:
        assert make_client(cast.konsulent).get(reverse(route, args=args)).status_code == 200
    assert left == []
    said = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert len(set(said)) == len(said)
