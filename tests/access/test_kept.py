"""Statements that are compiled once: the same rows as the queryset, read anew with each call's values."""

import pytest
from django.db import DataError, transaction
from django.db.models import F
from django.utils import timezone

from access.kept import BakedMomentError, kept, together
from access.models import LogEntry, Purpose
from access.policy import among, visible
from access.roles import Verb
from meetings.models import Meeting
from municipalities.models import Forum


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
